"""The text of a web page's main element as light Markdown."""

from __future__ import annotations

import re

from lxml import etree

from offtext.readers.light_markdown import Run, Writer
from offtext.readers.webmain import HEADINGS, NEVER, is_junk, is_junk_line, menus

_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_BOLD, _ITALIC = frozenset(("b", "strong")), frozenset(("i", "em", "cite"))


class _Walk:
    """Writes an element's text block by block; holds the paragraph being gathered."""

    def __init__(self, writer: Writer, *, keep_all: bool) -> None:
        self.writer, self.keep_all = writer, keep_all
        self.runs: list[Run] = []
        self.bold = self.italic = self.pre = 0
        self.lists: list[list[int | None]] = []  # the next number of each open list; None for bullets
        self.item_open = False
        self.heading: int | None = None

    def add(self, text: str | None) -> None:
        if text:
            text = text if self.pre else re.sub(r"\s+", " ", text)
            self.runs.append(Run(text, bool(self.bold), bool(self.italic)))

    def flush(self) -> None:
        runs, self.runs = self.runs, []
        plain = "".join(run.text for run in runs)
        if not plain.strip() or (not self.keep_all and is_junk_line(" ".join(plain.split()))):
            return
        if self.heading:
            self.writer.heading(self.heading, plain)
        elif self.pre:
            self.writer.verbatim(plain)
        elif self.item_open and self.lists:
            number = self.lists[-1][0]
            self.writer.item(runs, len(self.lists), number)
            if number is not None:
                self.lists[-1][0] = number + 1
            self.item_open = False
        else:
            self.writer.paragraph(runs)

    def line_break(self) -> None:
        """End the line; a second break in a row ends the paragraph, as in pages without `<p>`."""
        last = next((run.text for run in reversed(self.runs) if run.text.strip(" \t")), "")
        if last == "\n" and not self.pre and self.heading is None:
            self.flush()
        else:
            self.runs.append(Run("\n"))

    def open(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self.flush()
        if tag in HEADINGS:
            self.heading = HEADINGS[tag]
        elif tag == "li":
            self.item_open = True
        elif tag in ("ul", "ol"):
            start = element.get("start") or "1"
            self.lists.append(
                [int(start) if tag == "ol" and start.isdecimal() and len(start) < 6 else 1 if tag == "ol" else None]
            )
        elif tag == "blockquote":
            self.writer.quoting += 1
        elif tag == "pre":
            self.pre += 1
        elif tag in _BOLD or tag == "dt":
            self.bold += 1
        elif tag in _ITALIC:
            self.italic += 1
        elif tag == "br":
            self.line_break()
        self.add(element.text)

    def close(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self.flush()
        if tag in HEADINGS:
            self.heading = None
        elif tag == "li":
            self.item_open = False
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "blockquote":
            self.writer.quoting -= 1
        elif tag == "pre":
            self.pre -= 1
        elif tag in _BOLD or tag == "dt":
            self.bold -= 1
        elif tag in _ITALIC:
            self.italic -= 1


def write(top: etree._Element, writer: Writer, *, keep_all: bool = False) -> None:
    """Write an element's text as light Markdown; with `keep_all` menus and notices too."""
    state = _Walk(writer, keep_all=keep_all)
    left_out = set() if keep_all else menus(top)
    walk = etree.iterwalk(top, events=("start", "end"))
    skipped: etree._Element | None = None
    for event, element in walk:
        if event == "start":
            if (
                element is not top and (element in left_out or _left_out(element, keep_all=keep_all))
            ) or _written_as_table(element, state):
                skipped = element
                walk.skip_subtree()
            else:
                state.open(element)
            continue
        if element is skipped:
            skipped = None
        else:
            state.close(element)
        if element is not top:
            state.add(element.tail)
    state.flush()


def _left_out(element: etree._Element, *, keep_all: bool) -> bool:
    if keep_all:
        return not isinstance(element.tag, str) or element.tag in NEVER - {"form", "label", "button"}
    return is_junk(element, inside=True)


def _written_as_table(element: etree._Element, state: _Walk) -> bool:
    """Write a table of data row by row; a table that lays out the page is walked through like any division."""
    if element.tag != "table" or element.find(".//table") is not None:
        return False
    rows = list(element.iter("tr"))
    widest = max((len(row.findall("td") + row.findall("th")) for row in rows), default=0)
    holds_blocks = any(element.find(f".//{tag}") is not None for tag in ("h1", "h2", "h3", "ul", "ol", "blockquote"))
    if widest < 2 or holds_blocks or len(element.findall(".//p")) > 3 * widest * len(rows):
        return False
    state.flush()
    caption = element.find("caption")
    if caption is not None:
        state.add("".join(caption.itertext()))
        state.flush()
    for row in rows:
        state.writer.row(_cell_text(cell) for cell in row if cell.tag in ("td", "th"))
    return True


def _cell_text(cell: etree._Element) -> str:
    parts: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if event == "start":
            parts.append(" " if element.tag in _BLOCKS or element.tag == "br" else "")
            parts.append((element.text or "") if element.tag not in NEVER else "")
        elif element is not cell:
            parts.append(" " if element.tag in _BLOCKS else "")
            parts.append(element.tail or "")
    return "".join(parts)
