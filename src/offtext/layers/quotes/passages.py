"""The paragraphs of a text as quotations see them: what opens each, and which words of it may be speech.

A layout's blocks are cut further where speech starts inside them: at a dash on a new line, at `<br>`, and after the
colon of `Anna Berg, rektor: – …`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from offtext.document import Span
from offtext.layout.structure import Block, Layout

DASHES = "–—−―‒"
HYPHENS = "-‐‑\u2010"
BULLETS = "•*·▪◦"
OPENING = "”\"“»«’'‘„"

_LONGEST_PARAGRAPH = 20_000
_SKIPPED = {"boilerplate", "table_row", "header_field", "signature"}


@dataclass(frozen=True, slots=True)
class Passage:
    """One paragraph.

    Attributes:
        kind: 'dash', 'hyphen', 'bullet', 'block_quote', 'heading', 'question', 'answer', 'caption', 'plain',
            or 'skipped' for what holds no speech.
        start: First character of the paragraph.
        end: End of the paragraph.
        content: The words inside: without dash, heading sign, emphasis marks and images around them.
        style: Emphasis that surrounds the whole paragraph: '**', '_', '#', … or ''.
        alone: An empty line (or nothing) stands before and after it.
    """

    kind: str
    start: int
    end: int
    content: Span
    style: str = ""
    alone: bool = True


@cache
def _junk() -> re.Pattern[str]:
    """Images, links' targets, tags and emphasis that may stand before the first word."""
    return re.compile(
        r"(?:!?\[[^\]\n]{0,300}\]\([^)\n]{0,600}\)|<[a-zA-Z/!][^<>]{0,400}>|&nbsp;|[_*]+(?=[^\s_*])|\\|[\s\u200b\ufeff\u00ad])*"
    )


@cache
def _breaks() -> re.Pattern[str]:
    """Where a block holds several paragraphs: a tag that breaks, a dash on a new line, a dash after a colon."""
    return re.compile(
        rf"(?:<br\s{{0,3}}/?>|</p>)+|\n(?=[ \t]{{0,8}}[_*\\]{{0,4}}[{DASHES}][ \t\u00a0]{{0,4}}\S)"
        rf"|(?<=:)[ \t]{{1,4}}(?=[{DASHES}][ \t\u00a0]{{0,4}}\w)"
    )


@cache
def _speaks_again() -> re.Pattern[str]:
    """A dash after a finished sentence of narration: one that names nobody's words is left out by its verb."""
    return re.compile(rf"(?<=[.!?…])\s{{1,2}}(?=[{DASHES}][ \t\u00a0][A-ZÅÄÖ])")


def read_passages(layout: Layout) -> list[Passage]:
    """Return the paragraphs of `layout` in reading order."""
    passages: list[Passage] = []
    for block in layout.blocks:
        passages.extend(_of_block(layout.text, block))
    return passages


def _of_block(text: str, block: Block) -> Iterator[Passage]:
    start = block.start
    if text[start] in DASHES + HYPHENS:  # `– Vi hann. Karin Ek ler. – Till slut.`
        for match in _speaks_again().finditer(text, start + 1, min(block.end, start + _LONGEST_PARAGRAPH)):
            yield from _passage(text, block, start, match.start())
            start = match.end()
    for match in _breaks().finditer(text, start, block.end):
        yield from _passage(text, block, start, match.start())
        start = match.end()
    yield from _passage(text, block, start, block.end)


def _passage(text: str, block: Block, start: int, end: int) -> Iterator[Passage]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start >= end:
        return
    kind, style = _kind_of(block), ""
    at = start
    if start == block.start and block.kind in ("title", "heading", "block_quote"):
        sign = re.compile(r"[#>\s]{0,12}").match(text, start, end)
        at = sign.end() if sign else start
        style = "#" if block.kind != "block_quote" else ""
    junk = _junk().match(text, at, end)
    first = junk.end() if junk else at
    opened = "".join(sign for sign in text[at:first] if sign in "_*")
    while first < end and text[first] in "_*" and kind != "heading":  # emphasis before a space
        first += 1
    opener = text[first] if first < end else ""
    after = text[first + 1] if first + 1 < end else ""
    spaced = after.isspace() or text.startswith("&nbsp;", first + 1)
    if kind not in ("heading", "block_quote", "skipped", "caption") or (kind == "heading" and opener in DASHES):
        if opener and opener in DASHES and (spaced or after.isalpha() or after in OPENING):
            kind = "dash"
        elif opener and opener in HYPHENS and after and (spaced or (after.isalpha() and after.isupper())):
            kind = "hyphen"
        elif opener and opener in BULLETS and spaced:
            kind = "bullet"
        elif start == block.start and text[start] in BULLETS and text[start + 1 : start + 2].isspace():
            kind, first = "bullet", start
        if kind in ("dash", "hyphen", "bullet"):
            second = _junk().match(text, first + 1, end)
            first = second.end() if second else first + 1
    content = trim(text, first, end)
    if not style:
        closing = text[content.end : end].strip()
        style = opened if opened and (closing.startswith(("_", "*")) or kind == "question") else ""
    if content.start < content.end:
        before = start == 0 or text[max(0, start - 40) : start].count("\n") != 1
        behind = text[end : end + 40]
        tail = behind[: len(behind) - len(behind.lstrip())]
        yield Passage(kind, start, end, content, style, before and (not behind.strip() or tail.count("\n") != 1))


def _kind_of(block: Block) -> str:
    if block.kind in _SKIPPED:
        return "skipped"
    if block.kind in ("title", "heading"):
        return "heading"
    if block.kind in ("block_quote", "question", "answer", "caption"):
        return block.kind
    return "plain"


def trim(text: str, start: int, end: int) -> Span:
    """Return the span without white space, emphasis marks and tags at its ends."""
    while start < end and (text[start].isspace() or text[start] in "_*\\\u200b"):
        start += 1
    while end > start:
        if text[end - 1].isspace() or text[end - 1] in "_*\\\u200b":
            end -= 1
        elif text[end - 1] == ">" and (tag := text.rfind("<", max(start, end - 300), end)) >= 0:
            end = tag
        elif text.endswith("&nbsp;", start, end):
            end -= 6
        else:
            break
    return Span(start, end)


def ends_sentence(text: str, span: Span) -> bool:
    """Tell whether the words end as a sentence does."""
    tail = text[max(span.start, span.end - 4) : span.end].rstrip("”\"“’'»«)_* ")
    return tail.endswith((".", "!", "?", "…", ":"))
