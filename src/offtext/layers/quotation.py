"""Speech that is set off as speech: which paragraphs are, and how their words are cut from the attribution."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from offtext.document import Span
from offtext.layers.attribution import (
    Attribution,
    attribution_in,
    knowledge,
    resume_after,
    subject_after,
    subject_before,
    verb_pattern,
)
from offtext.layers.interview import has_own_voice, is_question
from offtext.layers.passages import OPENING, Passage, ends_sentence, trim
from offtext.layers.speakers import Cast
from offtext.record import Actor

_BINDING = {"minutes", "decision", "plan", "statute", "instruction", "agreement", "report", "consultation", "proposal"}


@dataclass(slots=True)
class Draft:
    """A quote under way: `form` names the rule that found it, `told` says that the text itself names the speaker."""

    kind: str
    form: str
    spans: list[Span]
    passage: int
    speaker: Actor | None = None
    cue: Span | None = None
    question: Span | None = None
    told: bool = False
    score: float = field(default=0.0)


def speech_of(cast: Cast, passages: Sequence[Passage], doc_type: str | None) -> list[bool]:
    """Tell for each paragraph whether its dash (or hyphen, or bullet) opens speech and not an item of a list."""
    text = cast.text
    speech = [False] * len(passages)
    named = [False] * len(passages)
    for i, p in enumerate(passages):
        if p.kind in ("dash", "hyphen", "bullet"):
            named[i] = (
                attribution_in(cast, p.content.start, p.content.end, p.content.end, bare=p.kind != "bullet") is not None
            )
    hyphens_speak = any(named[i] and p.kind == "hyphen" for i, p in enumerate(passages))
    i = 0
    while i < len(passages):
        if passages[i].kind not in ("dash", "hyphen", "bullet"):
            i += 1
            continue
        j = i
        while j < len(passages) and passages[j].kind == passages[i].kind:
            j += 1
        run = range(i, j)
        before = passages[i - 1] if i else None
        asked = before is not None and is_question(text, before)
        for k in run:
            p = passages[k]
            if named[k]:
                speech[k] = True
            elif p.kind == "dash":
                speech[k] = _speaks(text, p, len(run), any(named[n] for n in run), asked, doc_type)
            elif p.kind == "hyphen":
                full = p.alone and ends_sentence(text, p.content) and p.content.end - p.content.start >= 25
                upper = text[p.content.start].isupper() or text[p.content.start] in OPENING
                speech[k] = (
                    full
                    and upper
                    and (asked or hyphens_speak or _follows(speech, passages, k))
                    and (doc_type not in _BINDING)
                )
        i = j
    return speech


def _follows(speech: Sequence[bool], passages: Sequence[Passage], k: int) -> bool:
    return k > 0 and speech[k - 1] and passages[k - 1].kind == "hyphen"


def _speaks(text: str, p: Passage, length: int, named: bool, asked: bool, doc_type: str | None) -> bool:
    first = text[p.content.start]
    full = ends_sentence(text, p.content)
    upper = first.isupper() or first in OPENING or first in "…."
    if first.isdigit() and not full:
        return False
    if named or asked:
        return full or upper
    if doc_type in _BINDING:
        return upper and full and p.alone and has_own_voice(text, p.content)
    if p.alone:
        return (upper and (full or p.content.end - p.content.start > 60)) or (full and length == 1)
    return upper and full and (length == 1 or has_own_voice(text, p.content))


def tidy(text: str, start: int, end: int, *, joined: bool = False) -> Span:
    """Return the words alone: no marks or emphasis around them; `joined` drops the full stop before an attribution."""
    span = trim(text, start, end)
    start, end = span.start, span.end
    changed = True
    while changed and start < end:
        changed = False
        if text[end - 1] in ",;" or (joined and text[end - 1] == "." and text[end - 2 : end - 1] != "."):
            end, changed = end - 1, True
        elif text[end - 1] in OPENING and not _opened_inside(text, start, end):
            end, changed = end - 1, True
        elif text[start] in OPENING and (_opened_by(text[start], text, start + 1, end) == 0):
            start, changed = start + 1, True
        span = trim(text, start, end)
        changed = changed or (span.start, span.end) != (start, end)
        start, end = span.start, span.end
    return Span(start, end)


def _opened_inside(text: str, start: int, end: int) -> bool:
    """Tell whether the mark that closes at `end` was opened after `start`."""
    inside = [c for c in text[start : end - 1] if c in '”"“»«„']
    return (
        len(inside) % 2 == 1 and text[start] not in OPENING
        if text[end - 1] in '”"“»«„'
        else "’" in text[start : end - 1]
    )


def _opened_by(mark: str, text: str, start: int, end: int) -> int:
    """Return how many marks of the kind stand in `start` … `end`; 0 when an opening one is alone."""
    return sum(text.count(c, start, end) for c in ('”"“»«„' if mark in '”"“»«„' else "’‘'"))


def cut(cast: Cast, passage: Passage) -> tuple[list[Span], Attribution | None]:
    """Return the spoken parts of a paragraph that opens with speech, and its first attribution."""
    text, content = cast.text, passage.content
    start, end = content.start, content.end
    if text[start] in OPENING and text[end - 1] in OPENING and _opened_by(text[start], text, start + 1, end - 1) == 0:
        start, end = start + 1, end - 1
    spans: list[Span] = []
    first: Attribution | None = None
    at = start
    while at < end:
        found = attribution_in(cast, at, end, end, bare=at == start)
        if found is None:
            spans.append(tidy(text, at, end))
            break
        spans.append(tidy(text, at, found.start + (text[found.start] in "!?…"), joined=True))
        first = first or found
        stop = _sentence_end(cast, found.subject.end, end)
        resumed = resume_after(cast, found, stop)
        if resumed is None:
            if not _goes_on(cast, stop, end):
                break
            resumed = stop
        at = resumed
    return [s for s in spans if s.end > s.start], first


def _sentence_end(cast: Cast, offset: int, end: int) -> int:
    sentence = cast.layout.sentence_at(max(0, offset - 1))
    stop = min(sentence.end, end) if sentence else end
    glued = re.compile(r"[.!?](?=<)").search(cast.text, offset, stop)
    return glued.end() if glued else stop


def _goes_on(cast: Cast, start: int, end: int) -> bool:
    """Tell whether what follows the sentence of the attribution is speech again, not narration."""
    text = cast.text
    rest = trim(text, start, end)
    if rest.end - rest.start < 3 or re.match(
        r"(?:Läs|Se|Foto|Bild|Fakta|För mer|Tidigare)\b", text[rest.start : rest.end]
    ):
        return False
    sentence = cast.layout.sentence_at(rest.start)
    opening = Span(rest.start, min(sentence.end, end) if sentence else end)
    if has_own_voice(text, opening):
        return True
    if re.match(r"(?:Hon|Han|Hen|De|Kollegan)\b(?! måste)", text[rest.start : rest.end]):
        return False
    return not cast.between(opening.start, opening.end, "person")


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


def marked_quotes(cast: Cast, passage: Passage, index: int, *, nested: bool) -> list[Draft]:
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
        if passage.kind == "heading":
            if sole and words >= 4 and not nested:
                drafts.append(Draft("direct", "marks_heading", [inner], index))
            continue
        after = None if nested else _after_marks(cast, marked, content.end)
        if after and words >= 2:
            inner = tidy(text, inner.start, inner.end, joined=not text[inner.end - 1] in "!?")
            draft = Draft("direct", "marks_attributed", [inner], index, after.subject.actor, after.cue, told=True)
            drafts.append(draft)
            previous = (draft, _sentence_end(cast, after.subject.end, content.end))
            continue
        before = _before_marks(cast, marked, content.start, nested)
        if before and words >= 2:
            drafts.append(replace(before, spans=[inner], passage=index))
            previous = (drafts[-1], marked.outer.end)
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
        if sole and words >= 5 and not nested and passage.kind in ("plain", "answer"):
            spans, found = cut(cast, passage)
            actor = found.subject.actor if found else None
            drafts.append(
                Draft("direct", "marks_paragraph", spans, index, actor, found.cue if found else None, told=bool(found))
            )
    return drafts


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
    if nested and not gap.strip().endswith((":", "att", ",")):
        return None
    subject = subject_after(cast, verb.end(), marked.outer.start) or subject_before(cast, lead_start, verb.start())
    if subject is None and not gap.strip():
        return None
    form = "marks_listed" if gap.rstrip().endswith("som") else "marks_attributed"
    actor = subject.actor if subject else None
    return Draft("direct", form, [], 0, actor, Span(verb.start(), verb.end()), told=subject is not None)
