"""Speech after a dash told from the items of a list."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache

from offtext.layout.blocks import Draft, is_sentence_like, reports
from offtext.layout.cues import pattern

_BULLETS = frozenset("•*·●+")  # bullets that stand for dashes in some texts
_PRIOR = {"–": 2.0, "—": 2.0, "―": 2.0, "‒": 1.0, "−": 0.5, "-": -0.5, "‐": -0.5, "‑": -0.5}


def decide_speech(text: str, drafts: list[Draft]) -> None:
    """Tell speech after a dash or bullet from items of a list: by itself, by its run, by the sign's use in the text."""
    marked = [i for i, d in enumerate(drafts) if d.mark == "dash" or (d.mark == "bullet" and d.sign in _BULLETS)]
    told = {i: _tells(text, drafts, i) for i in marked}
    spoken = {drafts[i].sign[:1] for i in marked if told[i]}
    alone: dict[int, float] = {i: _speech_score(text, drafts, i) + 2.5 * told[i] for i in marked}
    by_sign: dict[str, tuple[float, int]] = defaultdict(lambda: (0.0, 0))  # sum of the scores, and how many
    for i in marked:
        total, count = by_sign[drafts[i].sign[:1]]
        by_sign[drafts[i].sign[:1]] = total + alone[i], count + 1
    # runs of items with the same sign that follow each other without an empty line share their lot
    run: list[int] = []
    for position, i in enumerate(marked):
        run.append(i)
        following = marked[position + 1] if position + 1 < len(marked) else -1
        if following == i + 1 and drafts[following].sign == drafts[i].sign and not drafts[following].gap:
            continue
        _decide_run(text, drafts, run, alone, told, by_sign)
        for j in run:
            # a hyphen or bullet is speech only where something says so: an attribution, a question, the others
            weak = drafts[j].sign[:1] not in "–—―" and not told[j]
            alike = len(run) == 1 and (drafts[j].sign[:1] in spoken or _asked(text, drafts, j))
            if weak and not alike and not _tells_of_self(text, drafts, run):
                drafts[j].kind = "list_item"
        run = []
    for draft in drafts:
        if draft.mark in ("dash", "bullet") and not draft.kind:
            draft.kind = "list_item"


def _decide_run(
    text: str,
    drafts: list[Draft],
    run: list[int],
    alone: dict[int, float],
    told: dict[int, bool],
    by_sign: Mapping[str, tuple[float, int]],
) -> None:
    shared = sum(alone[i] for i in run) / len(run)
    sign = drafts[run[0]].sign[:1]
    total, count = by_sign[sign]
    habit = (total - sum(alone[i] for i in run)) / (count - len(run)) if count > len(run) else 0.0
    lead = drafts[run[0] - 1] if run[0] else None
    listed = len(run) >= 2 and lead is not None and text[lead.content_end - 1] == ":"
    for i in run:
        score = 0.5 * alone[i] + 0.5 * shared + 0.4 * max(-3.0, min(3.0, habit)) + _PRIOR.get(sign, -2.5)
        score -= 2.0 if listed else 0.0
        score -= 0.5 * min(len(run) - 1, 4)
        unfinished = not told[i] and not is_sentence_like(text, drafts[i])
        score -= (1.0 + 1.5 * (len(run) >= 2)) if unfinished else 0.0
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
    lead = drafts[i - 1] if i else None
    if lead is not None and lead.mark in ("", "dash") and text[lead.content_end - 1] == ":":
        return reports(text, max(lead.content_start, lead.content_end - 100), lead.content_end)
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
    # `, säger Karin Ek`, `? undrar hon`, `. Det berättar Bo Lind`, `så säger Bo Lind`
    verbs = pattern("reporting_verbs").pattern
    return re.compile(rf"[,.!?…”\"][\s*_]{{1,3}}(?:Det\s|så\s)?{verbs}\s|\s{verbs}\s(?=[A-ZÅÄÖ][a-zåäö])")
