"""What kind of block each one is, by its marker and its neighbours."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from offtext.layout.blocks import Draft, is_sentence_like, reports
from offtext.layout.cues import SPACES, pattern

_SHORT = 120  # a longer line is no heading
_BULLETS = frozenset("•*·●+")  # bullets that stand for dashes in some texts
_PRIOR = {"–": 2.0, "—": 2.0, "―": 2.0, "‒": 1.0, "−": 0.5, "-": -0.5, "‐": -0.5, "‑": -0.5}


def decide_marked(text: str, drafts: list[Draft]) -> None:
    """Give the blocks with a marker their kind."""
    for draft in drafts:
        if draft.mark == "heading":
            draft.kind = "heading"
        elif draft.mark == "quote":
            draft.kind = "block_quote"
        elif draft.mark == "table":
            draft.kind = "table_row"
        elif draft.mark == "image":
            draft.kind = "caption"
        elif draft.mark == "number":
            draft.kind = "list_item"
    _speech_or_list(text, drafts)
    _numbered_headings(text, drafts)


def _speech_or_list(text: str, drafts: list[Draft]) -> None:
    """Tell speech after a dash or bullet from items of a list: by itself, by its run, by the sign's use in the text."""
    marked = [i for i, d in enumerate(drafts) if d.mark == "dash" or (d.mark == "bullet" and d.sign in _BULLETS)]
    told = {i: _tells(text, drafts, i) for i in marked}
    spoken = {drafts[i].sign[:1] for i in marked if told[i]}
    alone: dict[int, float] = {i: _speech_score(text, drafts, i) + 2.5 * told[i] for i in marked}
    by_sign: dict[str, list[float]] = defaultdict(list)
    for i in marked:
        by_sign[drafts[i].sign[:1]].append(alone[i])
    # runs of items with the same sign that follow each other without an empty line share their lot
    run: list[int] = []
    for position, i in enumerate(marked):
        run.append(i)
        following = marked[position + 1] if position + 1 < len(marked) else -1
        if following == i + 1 and drafts[following].sign == drafts[i].sign and not drafts[following].gap:
            continue
        _decide_run(text, drafts, run, alone, by_sign)
        for j in run:
            # a hyphen or bullet is speech only where something says so: an attribution, a question, the others
            weak = drafts[j].sign[:1] not in "–—―" and not told[j] and not _asked(text, drafts, j)
            if weak and not (drafts[j].sign[:1] in spoken and len(run) == 1) and not _tells_of_self(text, drafts, run):
                drafts[j].kind = "list_item"
        run = []
    for draft in drafts:
        if draft.mark in ("dash", "bullet") and not draft.kind:
            draft.kind = "list_item"


def _decide_run(
    text: str, drafts: list[Draft], run: list[int], alone: dict[int, float], by_sign: dict[str, list[float]]
) -> None:
    shared = sum(alone[i] for i in run) / len(run)
    sign = drafts[run[0]].sign[:1]
    others = by_sign[sign]
    habit = (sum(others) - sum(alone[i] for i in run)) / (len(others) - len(run)) if len(others) > len(run) else 0.0
    lead = drafts[run[0] - 1] if run[0] else None
    listed = len(run) >= 2 and lead is not None and text[lead.content_end - 1] == ":"
    for i in run:
        score = 0.5 * alone[i] + 0.5 * shared + 0.4 * max(-3.0, min(3.0, habit)) + _PRIOR.get(sign, -2.5)
        score -= 2.0 if listed else 0.0
        score -= 0.5 * min(len(run) - 1, 4)
        drafts[i].kind = "quotation_line" if score > 0 else "list_item"
        if drafts[i].kind == "quotation_line":
            drafts[i].level = 0


def _speech_score(text: str, drafts: list[Draft], i: int) -> float:
    draft = drafts[i]
    start, end = draft.content_start, draft.content_end
    first = text[start]
    score = 0.0
    score += 1.0 if first.isupper() or first in '”"…*_' else -2.0 if first.islower() else 0.0
    score += 1.0 if is_sentence_like(text, draft) else -1.5
    score += 0.5 if end - start > 80 else -0.5 if end - start < 25 else 0.0
    score += 0.7 if pattern("speech").search(text, start, min(end, start + 1000)) else 0.0
    return score


def _tells(text: str, drafts: list[Draft], i: int) -> bool:
    """Tell whether a reporting verb in or after an item ties it to a speaker."""
    start, end = drafts[i].content_start, drafts[i].content_end
    if _attribution().search(text, start, min(end, start + 3000)):
        return True
    if i + 1 < len(drafts) and not drafts[i + 1].mark:
        opening = text[drafts[i + 1].content_start : drafts[i + 1].content_start + 60]
        return bool(re.match(r"(?:Det|Så|Orden)\b", opening)) and reports(opening, 0, len(opening))
    return False


def _asked(text: str, drafts: list[Draft], i: int) -> bool:
    return i > 0 and "?" in text[drafts[i - 1].content_end - 2 : drafts[i - 1].end] and drafts[i].gap


def _tells_of_self(text: str, drafts: list[Draft], run: list[int]) -> bool:
    """Tell whether one long item by itself speaks in the first person, in more than one sentence."""
    draft = drafts[run[0]]
    size = draft.content_end - draft.content_start
    alone = len(run) == 1 and draft.sign[:1] in "-−‒‐‑" and draft.gap and size > 80
    if run[0] and drafts[run[0] - 1].sign == draft.sign:
        return False
    return alone and bool(_self().search(text, draft.content_start, draft.content_start + min(size, 600)))


@cache
def _self() -> re.Pattern[str]:
    return re.compile(r"\b(?i:jag|vi|oss|mig)\b")


@cache
def _attribution() -> re.Pattern[str]:
    # `, säger Karin Ek`, `? undrar hon`, `. Det berättar Bo Lind`: the verb after a sign or `Det`
    verbs = pattern("reporting_verbs").pattern
    return re.compile(rf"(?:[,.!?…”\"][\s*_]{{1,3}}(?:Det\s|så\s)?|^\W{{0,3}}[A-ZÅÄÖ][\w ,-]{{2,60}}\s){verbs}\s")


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
                if not draft.sign.startswith("§"):
                    draft.content_start = found.end()


@cache
def _section_number() -> re.Pattern[str]:
    return re.compile(
        r"(?:§{1,2}\s?\d{1,4}(?:[-–]\d{1,4})?|\d{1,2}(?:\.\d{1,2}){1,4}\.?)\s{1,30}(?=[A-ZÅÄÖ])|§\s?\d{1,4}$"
    )


def is_capitals(content: str) -> bool:
    """Tell whether a line is written in capitals."""
    letters = [c for c in content[:300] if c.isalpha()]
    return len(letters) >= 4 and sum(c.isupper() for c in letters) >= 0.85 * len(letters)


def decide_headings(text: str, drafts: list[Draft]) -> None:
    """Find headings without a sign: a bold line, capitals, a known heading, a short line between empty ones."""
    for i, draft in enumerate(drafts):
        if draft.mark or draft.kind or draft.end - draft.start > 2 * _SHORT or draft.lines > 3:
            continue
        content = text[draft.content_start : draft.content_end]
        following = drafts[i + 1] if i + 1 < len(drafts) else None
        ends = content[-1:]
        if len(content) > 2 * _SHORT or following is None:
            continue
        if draft.style == "bold" and len(content) <= _SHORT and ends not in ".,;":
            draft.kind = "heading"
        elif pattern("headings.common").match(content):
            draft.kind = "heading"
        elif is_capitals(content) and len(content) >= 4 and ends not in ".,;" and content[0].isalpha():
            draft.kind = "heading"
        elif (
            draft.gap
            and draft.lines <= 2
            and len(content) <= 90
            and ends not in ".,;:…"
            and content[0].isupper()
            and not draft.style
            and following.kind != "table_row"
            and _opens_text(text, following)
        ):
            draft.kind = "heading"
        if draft.kind == "heading":
            draft.level = max(draft.level, 2)


def _opens_text(text: str, following: Draft) -> bool:
    """Tell whether running text or a list follows: something a heading can stand over."""
    if following.kind in ("quotation_line", "list_item", "block_quote"):
        return True
    return following.kind in ("", "paragraph") and following.content_end - following.content_start > 60


def decide_title(text: str, drafts: list[Draft]) -> None:
    """Find the document's own title: its first heading, or a plain first line that looks like one."""
    for position, draft in enumerate(drafts[:30]):
        if draft.kind == "heading" and draft.mark == "heading" and draft.level <= 2:
            plain = [
                d for d in drafts[:position] if d.kind in ("", "paragraph") and d.content_end - d.content_start > 150
            ]
            if len(plain) <= 1:
                draft.kind = "title"
                return
    for draft in drafts[:12]:
        size = draft.content_end - draft.content_start
        if draft.kind == "heading" or (
            not draft.kind
            and not draft.mark
            and size <= 200
            and draft.lines <= 3
            and text[draft.content_end - 1] not in ".,;:"
            and text[draft.content_start].isupper()
        ):
            if size >= 4 and not pattern("type_labels").match(text[draft.content_start : draft.content_end]):
                draft.kind, draft.level = "title", 1
                return
        elif not draft.kind and size > 150:
            return
