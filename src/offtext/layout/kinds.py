"""What kind of block each one is: by its marker, and headings and the title without one."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from offtext.layout.blocks import Draft, is_sentence_like
from offtext.layout.cues import SPACES, hits

_SHORT = 120  # a longer line is no heading
_PLAIN_ENOUGH = 1.6  # a line above the text that scores so is taken for the title without looking further
_BY_MARK = {
    "heading": "heading",
    "quote": "block_quote",
    "table": "table_row",
    "image": "caption",
    "number": "list_item",
}


def decide_marked(text: str, drafts: list[Draft]) -> None:
    """Give the blocks with a marker their kind, dashes and bullets apart."""
    for i, draft in enumerate(drafts):
        draft.kind = _BY_MARK.get(draft.mark, "")
        if not draft.mark and _is_point(text, drafts, i):
            draft.kind = "list_item"
    _numbered_headings(text, drafts)


def _is_point(text: str, drafts: list[Draft], i: int) -> bool:
    """`att godkänna planen,` below `Nämnden beslutar`: a point of a decision."""
    before = text[drafts[i - 1].content_end - 1] if i else "."
    points = i > 0 and drafts[i - 1].kind == "list_item" and not drafts[i - 1].mark
    return text.startswith("att ", drafts[i].content_start) and (points or before not in ".!?")


def _numbered_headings(text: str, drafts: list[Draft]) -> None:
    """`1.2 Bakgrund` and `3. MÅL` alone between empty lines are headings, items that follow each other are not."""
    for i, draft in enumerate(drafts):
        if draft.mark == "number" and draft.lines <= 2 and draft.sign[:1].isdigit():
            content = text[draft.content_start : draft.content_end]
            following = drafts[i + 1] if i + 1 < len(drafts) else None
            previous = drafts[i - 1] if i else None
            if len(content) > _SHORT or is_sentence_like(text, draft) or not content[:1].isupper():
                continue
            neighbours = [n for n in (previous, following) if n is not None and n.mark == "number"]
            if is_capitals(content) or (
                draft.gap and following is not None and not neighbours and following.mark == ""
            ):
                draft.kind, draft.level = "heading", 1
        elif not draft.mark and not draft.kind and draft.lines <= 2 and draft.end - draft.start <= 2 * _SHORT:
            found = _section_number().match(text, draft.content_start, draft.content_end)
            if found and not is_sentence_like(text, draft):
                draft.kind, draft.level = "heading", found.group().count(".") + 1
                draft.sign = found.group().strip(SPACES)
                if not draft.sign.startswith("§") and "kap" not in draft.sign:
                    draft.content_start = found.end()


@cache
def _section_number() -> re.Pattern[str]:
    return re.compile(
        r"(?:§{1,2}\s?\d{1,4}(?:[-–]\d{1,4})?|\d{1,2}(?:\.\d{1,2}){1,4}\.?)\s{1,30}(?=[A-ZÅÄÖ])|§\s?\d{1,4}$|\d{1,2}\s?kap\.?\s{1,3}(?=[A-ZÅÄÖ])"
    )


def is_capitals(content: str) -> bool:
    """Tell whether a line is written in capitals."""
    letters = [c for c in content[:300] if c.isalpha()]
    return len(letters) >= 4 and sum(c.isupper() for c in letters) >= 0.85 * len(letters)


def decide_headings(text: str, drafts: list[Draft]) -> None:
    """Find headings without a sign: a bold line, capitals, a known heading, a short line between empty ones."""
    _item_headings(text, drafts)
    for draft, following in pairwise(drafts):
        if draft.mark or draft.kind or draft.lines > 3 or draft.end - draft.start > 2 * _SHORT:
            continue
        content = text[draft.content_start : draft.content_end]
        if hits(content, "salutations") or content[-1] in ".,;":
            continue
        bold = draft.style == "bold" and len(content) <= _SHORT
        if bold and following.kind == "quotation_line" and not following.gap:
            draft.kind = "paragraph"  # a name before its speech, on one line
        elif bold or _looks_so(content) or _stands_over(text, draft, following, content):
            draft.kind = "heading"
        if draft.kind == "heading":
            draft.level = max(draft.level, 2)


def _looks_so(content: str) -> bool:
    return hits(content, "headings.common") or (is_capitals(content) and content[0].isalpha())


def _item_headings(text: str, drafts: list[Draft]) -> None:
    """`§ 12`, perhaps with a diary number, and under it the item's heading."""
    item = False
    for draft in drafts:
        plain = item and not draft.kind and not draft.mark and not draft.gap and draft.lines <= 4
        if plain and draft.content_end - draft.content_start <= 2 * _SHORT and not is_sentence_like(text, draft):
            draft.kind, draft.level, draft.sign = "heading", 2, "§"
        bare = draft.sign[1:] and draft.sign.startswith("§") and draft.content_end - draft.content_start <= 9
        item = bare or (item and draft.kind == "header_field")


def _stands_over(text: str, draft: Draft, following: Draft, content: str) -> bool:
    """Tell whether a short plain line after an empty one stands over running text or a list."""
    if not draft.gap or draft.lines > 2 or draft.style or len(content) > 90 or not content[0].isupper():
        return False
    if content[-1] in ":…" or hits(content, "headings.lead_ins"):
        return False
    if following.kind in ("quotation_line", "list_item", "block_quote"):
        return True
    return following.kind in ("", "paragraph") and following.content_end - following.content_start > 60


def decide_title(text: str, drafts: list[Draft]) -> None:
    """Find the document's own title: its first heading, or the line above the text that looks most like one."""
    running = begin = 0
    for i, draft in enumerate(drafts[:30]):
        if draft.kind == "heading" and draft.mark == "heading" and (draft.level <= 2 or i == 0):
            if i and drafts[i - 1].kind in ("", "paragraph") and text[draft.content_end - 1] == "?":
                break  # the first question of an interview without a title
            if hits(text[draft.content_start : draft.content_end], "type_labels"):
                begin = i  # `# RUTIN`: the title stands below
                break
            draft.kind = "title"
            return
        running += draft.kind in ("", "paragraph") and draft.content_end - draft.content_start > 150
        if running > 1:
            break
    best, found, first = 0.0, None, 0.3
    labelled = False  # the kind of document stands directly above
    for draft in drafts[begin : begin + 25]:
        size = draft.content_end - draft.content_start
        opening = text[draft.content_start : min(draft.content_end, draft.content_start + 80)]
        if draft.kind in ("quotation_line", "question", "answer", "list_item") or hits(opening, "salutations"):
            break
        if draft.kind in ("", "heading") and draft.mark in ("", "heading") and 4 <= size <= 250:
            score = _title_score(text, draft)
            if score > 0.1:
                score, first = score + first + 0.6 * labelled, 0.0
            if score > best:
                best, found = score, draft
            if best >= _PLAIN_ENOUGH:
                break
        labelled = hits(opening, "type_labels") or (labelled and draft.kind in ("header_field", "boilerplate"))
        if draft.kind in ("", "paragraph") and size > 80 and is_sentence_like(text, draft):
            break
    if found is not None:
        found.kind, found.level = "title", 1
        if found.sign[:1].isdigit():
            found.content_start = found.start  # `7.23 Höstmöte`: the number is part of a title


def _title_score(text: str, draft: Draft) -> float:
    content = text[draft.content_start : draft.content_end]
    if content[-1] in ".,;:" or not _opens_title().match(content) or _item_sign().fullmatch(content):
        return 0.0
    if hits(content, "headings.lead_ins") or (content[-1] == "?" and draft.mark == "heading"):
        return 0.0
    if hits(content, "type_labels"):
        return 0.1
    score = 1.0 if draft.kind == "heading" or draft.style else 0.6
    score += 0.5 if draft.gap else 0.0
    score -= 1.0 if "   " in content or "\t" in content else 0.0  # columns of a letterhead
    score += 0.6 if len(content.split()) >= 3 else 0.0
    score -= 1.0 if content[-1] == "?" else 0.0
    score -= 0.3 if len(content.split()) == 1 and not draft.mark else 0.0
    score -= 1.5 if hits(content, "headings.bodies") or hits(content, "headings.common") else 0.0
    return score + (0.5 if draft.sign == "§" else -0.6 if draft.sign.startswith("§") else 0.0)


@cache
def _opens_title() -> re.Pattern[str]:
    return re.compile(r"[”\"“]?[A-ZÅÄÖ]|\d{1,3} [^\W\d_]")


@cache
def _item_sign() -> re.Pattern[str]:
    return re.compile(r"§{1,2}\s?\d{1,4}(?:[-–]\d{1,4})?")
