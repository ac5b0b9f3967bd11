"""Front matter: `key: value` lines between two `---` at the head of a Markdown file."""

from __future__ import annotations

import re
from functools import cache

from offtext.layout.blocks import Draft
from offtext.layout.cues import SPACES

_LIMIT = 20_000  # characters looked at for the closing line
_FIELDS = {"date": "date", "datum": "date", "author": "sender", "published": "date", "publishdate": "date"}


@cache
def _frame() -> re.Pattern[str]:
    return re.compile(r"\ufeff?\s{0,10}---[ \t]*\r?\n(?=[\w-]{1,40}:)")


@cache
def _entry() -> re.Pattern[str]:
    return re.compile(r"^(?P<key>[\w-]{1,40}):[ \t]*(?P<value>[^\r\n]{0,2000})", re.MULTILINE)


def front_matter(text: str) -> tuple[list[Draft], int]:
    """Return the blocks of the front matter and the offset where the text goes on; ([], 0) without any."""
    opening = _frame().match(text)
    closing = (
        re.compile(r"^---[ \t]*$", re.MULTILINE).search(text, opening.end(), opening.end() + _LIMIT)
        if opening
        else None
    )
    if not opening or not closing:
        return [], 0
    drafts: list[Draft] = []
    at = opening.end()
    for line in text[at : closing.start()].splitlines(keepends=True):
        bare = line.strip(SPACES)
        if bare:
            start = at + line.index(bare)
            drafts.append(_draft(text, start, start + len(bare), line[:1] in " \t-"))
        at += len(line)
    return drafts, closing.end()


def _draft(text: str, start: int, end: int, nested: bool) -> Draft:
    found = _entry().match(text[start:end])
    if nested or not found:
        return Draft(start, end, start, end, kind="boilerplate", mark="meta")
    value = found.group("value").strip(SPACES + "\"'")
    key = found.group("key").lower()
    if not value:
        return Draft(start, end, start, end, kind="boilerplate", mark="meta")
    begin = text.index(value, start + found.start("value"))
    if key == "title":
        return Draft(start, end, begin, begin + len(value), kind="title", mark="meta", level=1)
    kind = "header_field" if key in _FIELDS else "boilerplate"
    return Draft(
        start,
        end,
        begin if kind == "header_field" else start,
        begin + len(value),
        kind=kind,
        mark="meta",
        field=_FIELDS.get(key),
    )
