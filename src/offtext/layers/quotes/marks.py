"""Words in quotation marks: which are speech, which are titles, terms and irony."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from offtext.document import Span
from offtext.layers.quotes.attribution import Attribution, knowledge, subject_after, subject_before, verb_pattern
from offtext.layers.quotes.passages import Passage
from offtext.layers.quotes.quotation import Draft, cut, sentence_end, tidy
from offtext.layers.quotes.speakers import Cast

_FAR = 600  # characters before marks in which a verb's subject is looked for
_WRITERS_OWN = {"opinion", "speech", "letter"}  # their headline in marks is the writer's, not a quoted voice


@dataclass(frozen=True, slots=True)
class Marked:
    """Words in quotation marks: `outer` with the marks, `inner` without."""

    outer: Span
    inner: Span


def find_marked(text: str, start: int, end: int) -> list[Marked]:
    """Return what stands in quotation marks in `start` … `end`; an unclosed mark runs to the end when it opens it."""
    found: list[Marked] = []
    opened: int | None = None
    for match in re.compile(r"[”\"“„»«]|(?<!\w)[’‘'](?=\w)|(?<=[\w.!?,…])[’'](?!\w)").finditer(text, start, end):
        at = match.start()
        single = match.group() in "’‘'"
        if opened is None:
            if at + 1 < end and not text[at + 1].isspace() and (at == start or not text[at - 1].isalnum()):
                opened = at
        elif single == (text[opened] in "’‘'") and at > opened + 1 and not text[at - 1].isspace():
            found.append(Marked(Span(opened, at + 1), Span(opened + 1, at)))
            opened = None
    if opened == start and not found and text[start] not in "’‘'":
        found.append(Marked(Span(start, end), Span(start + 1, end)))
    return found


def marked_quotes(
    cast: Cast, passage: Passage, index: int, *, nested: bool, doc_type: str | None = None
) -> list[Draft]:
    """Return the quotes in quotation marks of a paragraph; inside speech (`nested`) only what a verb introduces."""
    text, content = cast.text, passage.content
    drafts: list[Draft] = []
    previous: tuple[Draft, int] | None = None
    for marked in find_marked(text, content.start, content.end):
        words = len(marked.inner.of(text)[:400].split())
        inner = tidy(text, marked.inner.start, marked.inner.end, joined=False)
        if inner.end <= inner.start:
            continue
        sole = marked.outer.start <= content.start and content.end - marked.outer.end <= 2
        own = (
            text[max(content.start, marked.outer.start - 5) : marked.outer.start]
            .rstrip()
            .endswith((".", "!", "?", ":"))
        )
        after = _after_marks(cast, marked, content.end) if own or not nested else None
        if after and words >= 2:
            inner = tidy(text, inner.start, inner.end, joined=text[inner.end - 1] not in "!?")
            draft = Draft("direct", "marks_attributed", [inner], index, after.subject.actor, after.cue, told=True)
            drafts.append(draft)
            previous = (draft, sentence_end(cast, after.subject.end, content.end))
            continue
        before = _before_marks(cast, marked, content.start, nested)
        if before and words >= 2:
            drafts.append(replace(before, spans=[inner], passage=index))
            previous = (drafts[-1], marked.outer.end)
            continue
        if words >= 3 and not nested and passage.kind != "heading" and (told := _closing(cast, marked, content)):
            drafts.append(replace(told, spans=[inner], passage=index))
            previous = (drafts[-1], marked.outer.end)
            continue
        if passage.kind == "heading" and previous is None:
            if sole and words >= 4 and doc_type not in _WRITERS_OWN:
                drafts.append(Draft("direct", "marks_heading", [inner], index))
            continue
        gap = text[previous[1] : marked.outer.start].strip() if previous else "x"
        if previous and not gap and words >= 2:
            if previous[0].form == "marks_listed":
                drafts.append(replace(previous[0], spans=[inner]))
                previous = (drafts[-1], marked.outer.end)
            else:
                previous[0].spans.append(inner)
                previous = (previous[0], marked.outer.end)
            continue
        if words >= 2 and _introduced(text, content.start, marked, inner):
            drafts.append(Draft("direct", "marks_listed", [inner], index, told=nested))
            previous = (drafts[-1], marked.outer.end)
            continue
        if sole and words >= 5 and not nested and passage.kind in ("plain", "answer"):
            spans, found = cut(cast, passage)
            actor = found.subject.actor if found else None
            drafts.append(
                Draft("direct", "marks_paragraph", spans, index, actor, found.cue if found else None, told=bool(found))
            )
    return drafts


_OWN_OR_LOUD = re.compile(r"(?i)\b(?:jag|vi|mig|oss|du|ni)\b|[!?]$")


def _closing(cast: Cast, marked: Marked, content: Span) -> Draft | None:
    """Return the draft of words in marks that close a report: `Karin Ek betonar att …, ”inte för syns skull”`."""
    text = cast.text
    sentence = cast.layout.sentence_at(marked.outer.start)
    last = min(sentence.end, content.end) if sentence else 0
    if sentence is None or last > marked.outer.end + 8 or text[marked.outer.end : last].strip(" .!?)\n*_"):
        return None
    start = max(content.start, sentence.start, marked.outer.start - _FAR)
    if _entitled().search(text, max(start, marked.outer.start - 60), marked.outer.start):
        return None
    verbs = [*verb_pattern("that").finditer(text, max(start, marked.outer.start - 300), marked.outer.start)]
    verbs = [v for v in verbs if re.search(r"\batt\b", text[v.end() : marked.outer.start])]
    verbs += [*_naming().finditer(text, max(start, marked.outer.start - 60), marked.outer.start)]
    for verb in reversed(verbs):
        subject = subject_before(cast, start, verb.start()) or subject_after(cast, verb.end(), marked.outer.start)
        if subject is not None and subject.actor is not None and subject.actor.kind == "person":
            return Draft("direct", "marks_closing", [], 0, subject.actor, Span(*verb.span()), told=True)
    return None


@cache
def _entitled() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(knowledge()['naming']['titles'])})\s*:?\s*$")


@cache
def _naming() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(knowledge()['naming']['verbs'])})\b")


_GOES_ON = re.compile(r"\s+(?:har|är|var|ska|kan|blir|hade|måste|behöver|gick|går|inte)\b")


@cache
def _introduction() -> re.Pattern[str]:
    nouns = "|".join(knowledge()["introduces"]["nouns"])
    return re.compile(rf"\b(?:{nouns})(?:\s+(?:som|är|var|blev|lyder|löd))?\s*:?\s*$", re.IGNORECASE)


def _introduced(text: str, start: int, marked: Marked, inner: Span) -> bool:
    """Tell whether a full sentence in marks follows `repliker som`, `svaret:` or a bare colon."""
    lead = max(start, marked.outer.start - 60)
    full = text[inner.start].isupper() and text[inner.end - 1] in ".!?…"
    if not full:
        return False
    return bool(_introduction().search(text, lead, marked.outer.start)) or (
        text[lead : marked.outer.start].rstrip().endswith(":") and _OWN_OR_LOUD.search(inner.of(text)) is not None
    )


def _after_marks(cast: Cast, marked: Marked, end: int) -> Attribution | None:
    """Return the attribution right after closing quotation marks: `”, säger Karin Ek`, `”. Det säger Karin Ek`."""
    text = cast.text
    pronouns = "|".join(knowledge()["backward"]["pronouns"])
    joint = re.compile(rf"[,.]?[\s_*]*(?:–\s*)?(?:(?:{pronouns})\s+)?(?:som\s+)?").match(text, marked.outer.end, end)
    at = joint.end() if joint else marked.outer.end
    verb = verb_pattern("after").match(text, at, end) or re.compile(r"(?i)enligt\b").match(text, at, end)
    if not verb:
        return None
    subject = subject_after(cast, verb.end(), end)
    return Attribution(marked.outer.end, Span(verb.start(), verb.end()), subject) if subject else None


def _before_marks(cast: Cast, marked: Marked, start: int, nested: bool) -> Draft | None:
    """Return the draft of words introduced by a verb: `Karin Ek säger: ”…”`, `hon sa att ”…”`."""
    text = cast.text
    lead_start = max(start, marked.outer.start - 160)
    for stop in re.compile(r"[.!?]\s").finditer(text, lead_start, marked.outer.start):
        lead_start = stop.end()
    verbs = list(verb_pattern("after").finditer(text, lead_start, marked.outer.start))
    if not verbs:
        return None
    verb = verbs[-1]
    gap = text[verb.end() : marked.outer.start]
    if not re.fullmatch(r"(?:[^.!?”\"]{0,100}(?::|\batt|\bsom)|,)?\s*", gap):
        return None
    if gap.strip().endswith("att") and _GOES_ON.match(text, marked.outer.end):
        return None  # `anser att ”det stora bygget” har gått för fort`: a phrase inside the report
    if nested and not gap.strip().endswith((":", "att", ",")):
        return None
    subject = subject_after(cast, verb.end(), marked.outer.start) or subject_before(cast, lead_start, verb.start())
    if subject is None and not gap.strip():
        return None
    form = "marks_listed" if gap.rstrip().endswith("som") else "marks_attributed"
    actor = subject.actor if subject else None
    return Draft("direct", form, [], 0, actor, Span(verb.start(), verb.end()), told=subject is not None)
