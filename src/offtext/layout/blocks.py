"""Lines joined into blocks: which line goes on with the one before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from offtext.layout.cues import SPACES, field_labels, pattern, words
from offtext.layout.lines import Line

_FINAL = ".!?:…"
_CLOSERS = "\"'”’“»)]*_ "
_SPEECH_MARKS = ("dash", "bullet", "number")


@dataclass(slots=True)
class Draft:
    """A block on its way: its lines are joined, its kind is decided step by step.

    Attributes:
        start: As in `Block`, like `end`, `content_start`, `content_end`, `kind` ('' until decided), `level`, `field`.
        mark: The marker of the first line, as in `Line`.
        sign: The marker's own sign.
        style: 'bold' or 'italic' when all of the content is.
        gap: An empty line stands before it.
        image: An image link stands directly before it.
        lines: Number of lines.
    """

    start: int
    end: int
    content_start: int
    content_end: int
    mark: str = ""
    sign: str = ""
    style: str = ""
    level: int = 0
    gap: bool = False
    image: bool = False
    lines: int = 1
    kind: str = ""
    field: str | None = None
    indent: int = 0


@cache
def _last_word() -> re.Pattern[str]:
    return re.compile(r"[^\W_]{1,30}$")


def drafts_of(text: str, lines: list[Line]) -> list[Draft]:
    """Join the lines into blocks."""
    width = wrap_width(text, lines)
    drafts: list[Draft] = []
    before: Line | None = None
    for line in lines:
        draft = drafts[-1] if drafts else None
        if line.mark == "under":
            if draft and draft.lines == 1 and not draft.mark:
                draft.mark, draft.sign, draft.level, draft.end = "heading", "under", line.level, line.end
            before = None
            continue
        if draft and before and _goes_on(text, draft, before, line, width):
            draft.end, draft.lines = line.end, draft.lines + 1
            closes = draft.style and line.style == draft.style and draft.mark != "dash"
            if draft.content_start >= draft.content_end:
                draft.content_start = line.content_start  # a bullet alone on its line
                draft.style = line.style
                draft.content_end = line.content_end
            elif draft.style and not closes:
                draft.style = ""
                draft.content_start = _unstyled(text, draft)
                draft.content_end = line.end
            else:
                draft.content_end = line.content_end if closes else line.end
        else:
            drafts.append(
                Draft(
                    line.start,
                    line.end,
                    line.content_start,
                    line.content_end,
                    line.mark,
                    line.sign,
                    line.style,
                    line.level,
                    line.gap,
                    line.image,
                    indent=line.indent,
                )
            )
        before = line
    return [draft for draft in drafts if draft.content_start < draft.content_end]


def wrap_width(text: str, lines: list[Line]) -> int:
    """Return the width at which the text is broken into lines, or 0 where a line is a paragraph.

    A line that stops without a full stop before one that begins with a small letter was surely broken.
    """
    lengths = sorted(
        a.end - a.start + a.indent
        for a, b in pairwise(lines)
        if not b.gap
        and not b.hard
        and not b.mark
        and 30 <= a.end - a.start <= 200
        and text[b.start].islower()
        and text[a.end - 1] not in _FINAL
    )
    return lengths[len(lengths) * 9 // 10] if lengths else 0


def _goes_on(text: str, draft: Draft, a: Line, b: Line, width: int) -> bool:
    """Tell whether line `b` continues the block `draft`, whose last line is `a`."""
    if b.gap or draft.mark in ("table", "image", "heading") or b.mark in ("heading", "table", "image"):
        return False
    if draft.content_start >= draft.content_end:
        return draft.mark == "bullet" and not b.mark
    open_end = text[a.end - 1] not in _FINAL and not _closed(text, a)
    if b.mark == "quote":
        if draft.mark != "quote":
            return False
        return not b.hard or open_end
    if b.mark in _SPEECH_MARKS:
        return _is_dash_inside(text, draft, a, b, open_end, width)
    if draft.mark == "quote":
        return open_end  # Markdown's lazy continuation
    first = text[b.start]
    if a.style and not b.style and a.style == "bold" and not first.islower():
        return False
    if b.style == "bold" and not a.style:
        return open_end and _is_full(text, a, b, width) and first.islower()
    if text.startswith("att ", b.start) and text.startswith("att ", draft.content_start) and text[a.end - 1] in ",;.":
        return False  # the points of a decision, a line each
    if _is_address(text, b) or (first.isupper() and ":" in text[b.start : b.start + 60] and _is_field(text, b)):
        return False
    if open_end and (
        first.islower()
        or (first.isdigit() and width and a.end - a.start >= 40)
        or text[a.end - 1] in ",-–"
        or _ends_open(text, a)
    ):
        return not (b.hard and first.isupper() and text[a.end - 1] in ",")
    if b.hard:
        return False
    if open_end and draft.mark == "dash" and a.end - a.start > 25:
        return True
    # the last line of a paragraph: shorter than the line before, and it closes what that left open
    closing = text[b.end - 1] in ".!?" and (a.end - a.start >= 100 or 60 <= a.end - a.start > b.end - b.start)
    if open_end and closing and text[a.end - 1].isalnum():
        return True
    return width > 0 and _is_full(text, a, b, width) and not (first.isupper() and _ends_in_address(text, a))


def _is_field(text: str, b: Line) -> bool:
    """Tell whether a line opens with a header field's label and a colon."""
    return text[b.start : b.start + 60].partition(":")[0].strip(SPACES + "*_").lower() in field_labels()


def _is_address(text: str, b: Line) -> bool:
    first = text[b.start : min(b.end, b.start + 80)]
    return " " not in first and ("@" in first or "://" in first or first.startswith("www."))


def _ends_in_address(text: str, a: Line) -> bool:
    last = text[max(a.start, a.end - 100) : a.end].rpartition(" ")[2]
    return "://" in last or last.startswith("www.")


def _is_dash_inside(text: str, draft: Draft, a: Line, b: Line, open_end: bool, width: int) -> bool:
    """Tell whether what looks like a marker is a dash or a number in the middle of a broken sentence."""
    if not open_end or b.content_start >= b.end or draft.sign == b.sign:
        return False
    if b.mark == "dash" and text[b.content_start].isdigit() and text[a.end - 1].isdigit():
        return True  # 2023 – 2024
    if not width:
        return False
    follows = text[b.content_start]
    if b.mark == "dash":
        return b.sign[0] not in "-‐‑" and follows.islower() and _is_full(text, a, b, width)
    return b.mark == "number" and follows.islower() and b.sign.endswith(".") and _is_full(text, a, b, width)


def _is_full(text: str, a: Line, b: Line, width: int) -> bool:
    """Tell whether the first word of `b` would not have fitted on line `a`."""
    if a.indent > 20:
        return False  # set to the right: a head's lines, not running text
    length = a.end - a.start + a.indent
    stop = b.start
    while stop < b.end and stop - b.start < 40 and text[stop] not in SPACES:
        stop += 1
    return length <= width * 1.4 and length + 1 + (stop - b.start) > width - max(4, width // 8)


def _closed(text: str, a: Line) -> bool:
    at = a.end - 1
    while at > a.start and text[at] in _CLOSERS:
        at -= 1
    return at < a.end - 1 and text[at] in _FINAL


def _ends_open(text: str, a: Line) -> bool:
    if a.end - a.start < 25:
        return False
    last = _last_word().search(text, max(a.start, a.end - 30), a.end)
    return bool(last) and last.group().lower() in words("open_ends") and last.group().islower()  # type: ignore[union-attr]


def _unstyled(text: str, draft: Draft) -> int:
    # the emphasis turned out to close in the first line: its opening sign is part of the text again
    at = draft.content_start
    while at > draft.start and text[at - 1] in "*_":
        at -= 1
    return at


def is_sentence_like(text: str, draft: Draft) -> bool:
    """Tell whether a block ends as a sentence does."""
    end = draft.content_end
    while end > draft.content_start and text[end - 1] in _CLOSERS:
        end -= 1
    return end > draft.content_start and text[end - 1] in ".!?…"


def reports(text: str, start: int, end: int) -> bool:
    """Tell whether a reporting verb stands in the piece; only its first and last 2,000 characters are looked at."""
    cue = pattern("reporting_verbs")
    return bool(cue.search(text, start, min(end, start + 2000)) or cue.search(text, max(start, end - 2000), end))
