"""Light Markdown: how headings, lists, quotes, tables and bold lines are written in `Document.text`.

Web pages, office files and PDF all end here, so that the layout sees one notation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_SPACES = re.compile(r"[ \t\u00a0\u2009\u202f\n]+")
_BULLET = re.compile(r"^[•·▪◦●○■□➢►‣∙\uf0b7\uf0a7]\s*|^[-*o]\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Run:
    r"""A piece of a paragraph in one face; `\n` in it is a line break inside the paragraph."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(slots=True)
class Writer:
    r"""Collects blocks and writes them as light Markdown.

    >>> page = Writer()
    >>> page.heading(2, "Bakgrund")
    >>> page.paragraph([Run("Vad gör ni?", bold=True), Run("\nVi lyssnar.")])
    >>> page.item([Run("Budget")])
    >>> page.row(["Datum", "2024-05-02"])
    >>> print(page.text())
    ## Bakgrund
    <BLANKLINE>
    **Vad gör ni?**
    Vi lyssnar.
    <BLANKLINE>
    - Budget
    <BLANKLINE>
    | Datum | 2024-05-02 |
    """

    quoting: int = 0  # depth of block quotes around what is written now
    _blocks: list[tuple[str, str]] = field(default_factory=list)

    def heading(self, level: int, text: str) -> None:
        """Write a heading; levels below six are written as six."""
        if line := _SPACES.sub(" ", text).strip():
            self._add("heading", f"{'#' * min(max(level, 1), 6)} {line}")

    def paragraph(self, runs: Iterable[Run]) -> None:
        """Write a paragraph, its wholly bold or italic lines marked."""
        if text := inline(runs):
            self._add("paragraph", text)

    def item(self, runs: Iterable[Run], depth: int = 1, number: int | None = None) -> None:
        """Write a list item at a depth from 1; with a number when the list is numbered."""
        text = inline(runs)
        text = _BULLET.sub("", text, count=1)  # lists whose items carry a typed bullet too
        if text:
            indent = "  " * (depth - 1)
            marker = f"{number}." if number is not None else "-"
            kind = "bullet" if number is None or depth > 1 else "number"
            self._add(kind, f"{indent}{marker} " + text.replace("\n", f"\n{indent}  "))

    def row(self, cells: Iterable[str]) -> None:
        """Write one row of a table; a row of empty cells is left out."""
        clean = [_SPACES.sub(" ", cell).strip().replace("|", "/") for cell in cells]
        if any(clean):
            self._add("row", f"| {' | '.join(clean)} |")

    def verbatim(self, text: str) -> None:
        """Write lines as they stand (`<pre>`)."""
        if text.strip():
            self._add("paragraph", text.strip("\n").rstrip())

    def _add(self, kind: str, text: str) -> None:
        prefix = "> " * self.quoting
        if prefix:
            text = "\n".join((prefix + line).rstrip() for line in text.split("\n"))
            kind = "quote"
        self._blocks.append((kind, text))

    def first_heading(self) -> str | None:
        """Return the text of the first heading, if there is one."""
        return next((text.lstrip("# ") for kind, text in self._blocks if kind == "heading"), None)

    def text(self) -> str:
        """Return all that was written: items and rows follow each other, other blocks stand apart."""
        parts: list[str] = []
        for index, (kind, block) in enumerate(self._blocks):
            if index:
                before = self._blocks[index - 1][0]
                if kind == before and kind in ("bullet", "number", "row"):
                    parts.append("\n")
                else:
                    parts.append("\n>\n" if kind == before == "quote" else "\n\n")
            parts.append(block)
        return "".join(parts)


def inline(runs: Iterable[Run]) -> str:
    r"""Join the runs of a paragraph, white space collapsed; bold and italic kept where they tell of the layout.

    A line that is bold from end to end (an interview question, a run-in heading) is marked `**…**`, an italic one
    `_…_`; so is a bold beginning that ends in a question mark or a colon (`**Datum:** 3 maj`). Emphasis on single
    words is dropped: it would stand inside names and quotes.

    >>> inline([Run("Dnr:", bold=True), Run(" KS 2024/7"), Run("\nmycket "), Run("viktigt", bold=True)])
    '**Dnr:** KS 2024/7\nmycket viktigt'
    """
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *others = run.text.split("\n")
        lines[-1].append(Run(first, run.bold, run.italic))
        lines.extend([Run(part, run.bold, run.italic)] for part in others)
    written = [_line(line) for line in lines]
    return re.sub(r"\n{2,}", "\n", "\n".join(written)).strip("\n")


def _line(runs: list[Run]) -> str:
    inked = [run for run in runs if run.text.strip()]
    plain = _SPACES.sub(" ", "".join(run.text for run in runs)).strip()
    if not inked:
        return ""
    if not any(character.isalnum() for character in plain):
        return plain
    if all(run.bold for run in inked):
        return f"**{plain}**"
    if all(run.italic for run in inked):
        return f"_{plain}_"
    lead = 0
    while lead < len(inked) and inked[lead].bold:
        lead += 1
    if lead:
        start = _SPACES.sub(" ", "".join(run.text for run in runs[: runs.index(inked[lead - 1]) + 1])).strip()
        if start.endswith((":", "?")) and plain.startswith(start):
            return f"**{start}**{plain[len(start) :]}"
    return plain
