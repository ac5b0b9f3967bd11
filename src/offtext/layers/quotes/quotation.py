"""Speech that is set off as speech: which paragraphs are, and how their words are cut from the attribution."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from offtext.document import Span
from offtext.layers.quotes.attribution import (
    Attribution,
    Subject,
    attribution_in,
    knowledge,
    resume_after,
    subject_before,
)
from offtext.layers.quotes.interview import has_own_voice, is_question
from offtext.layers.quotes.passages import OPENING, Passage, ends_sentence, trim
from offtext.layers.quotes.speakers import Cast
from offtext.record import Actor

_LONGEST_INNER = 2000  # characters of a quotation inside somebody's words
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


_LABEL = re.compile(r"(?:[^\s:]{1,40} ){0,4}[^\s:]{1,40}:\s")  # an item of a list: `Trygg vård: …`


def speech_of(cast: Cast, passages: Sequence[Passage], doc_type: str | None) -> list[bool]:
    """Tell for each paragraph whether its dash (or hyphen, or bullet) opens speech and not an item of a list."""
    text = cast.text
    speech = [False] * len(passages)
    named = [False] * len(passages)
    for i, p in enumerate(passages):
        if p.kind in ("dash", "hyphen", "bullet"):
            named[i] = (
                attribution_in(cast, p.content.start, p.content.end, p.content.end, bare=p.kind != "bullet")
                or (_gesture(cast, p.content.start, p.content.end) if p.kind != "bullet" else None)
            ) is not None
    replies = sum(
        p.kind == "hyphen" and i > 0 and passages[i - 1].style != "" and is_question(text, passages[i - 1])
        for i, p in enumerate(passages)
    )
    hyphens_speak = replies >= 2 or any(named[i] and p.kind == "hyphen" for i, p in enumerate(passages))
    bullets = [i for i, p in enumerate(passages) if p.kind == "bullet"]
    bullets_speak = sum(named[i] for i in bullets) >= max(2, 0.5 * len(bullets))
    i = 0
    while i < len(passages):
        if passages[i].kind not in ("dash", "hyphen", "bullet"):
            i += 1
            continue
        j = i
        while j < len(passages) and passages[j].kind == passages[i].kind:
            j += 1
        run = range(i, j)
        labelled = sum(bool(_LABEL.match(text, passages[k].content.start, passages[k].content.end)) for k in run)
        if labelled * 2 > len(run) > 1 and not any(named[k] for k in run):
            i = j
            continue
        before = passages[i - 1] if i else None
        asked = before is not None and is_question(text, before)
        told = any(named[k] for k in run)
        for k in run:
            p = passages[k]
            if named[k]:
                speech[k] = True
            elif _inside_line(text, p):
                speech[k] = False
            elif p.kind == "bullet":
                speech[k] = bullets_speak and p.alone and ends_sentence(text, p.content)
            elif p.kind == "dash":
                speech[k] = _speaks(text, p, len(run), told, asked, doc_type)
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


def _inside_line(text: str, p: Passage) -> bool:
    """Tell whether other words stand before the dash on its line (`- Trygghet – att våga`), and no colon."""
    line = max(text.rfind("\n", max(0, p.start - 400), p.start) + 1, p.start - 400)
    lead = re.sub(r"!?\[[^\]]*\]\([^)]*\)|<[^>]*>", "", text[line : p.start]).rstrip(" _*\xa0")
    return bool(re.search(r"\w", lead)) and not lead.endswith((":", ".", "!", "?", "”"))


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
        if (
            text[end - 1] in ",;"
            or (joined and text[end - 1] == "." and text[end - 2 : end - 1] != ".")
            or (text[end - 1] in OPENING and not _opened_inside(text, start, end))
        ):
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


def body_of(text: str, start: int, end: int) -> Span:
    """Return the reported words: without the full stop and a linking word at the head."""
    head = re.compile(r"(?:Men|Och|Samtidigt|Dessutom|Ja,)\s+").match(text, start, end)
    return tidy(text, head.end() if head else start, end, joined=True)


def count_words(text: str, span: Span) -> int:
    """Return how many words, parted by white space, the span has."""
    return len(span.of(text).split())


def make_draft(form: str, spans: Sequence[Span], index: int, subject: Subject, cue: Span) -> Draft:
    """Return an indirect quote of `subject`; empty spans are left out."""
    kept = [s for s in spans if s.end > s.start]
    return Draft("indirect", form, kept, index, subject.actor, cue, told=True)


@cache
def _turn_label() -> re.Pattern[str]:
    words = "|".join(knowledge()["labels"]["words"])
    return re.compile(rf"(?:{words})\s?:[\s_*]*(?:[–—−-]\s+)?")


def cut(cast: Cast, passage: Passage) -> tuple[list[Span], Attribution | None]:
    """Return the spoken parts of a paragraph that opens with speech, and its first attribution."""
    text, content = cast.text, passage.content
    start, end = content.start, content.end
    if text[start] in OPENING and text[end - 1] in OPENING and _opened_by(text[start], text, start + 1, end - 1) == 0:
        start, end = start + 1, end - 1
    label = _turn_label().match(text, start, end)
    if label and label.end() < end:
        start = label.end()
    spans: list[Span] = []
    first: Attribution | None = None
    gesture = _gesture(cast, start, end) if passage.kind in ("dash", "hyphen") else None
    if gesture is not None:
        end = gesture.start
    at = start
    while at < end:
        found = _own_attribution(cast, at, end, answer=passage.kind == "answer", bare=at == start)
        if found is None:
            spans.append(tidy(text, at, end))
            first = first or gesture
            break
        spans.append(tidy(text, at, found.start + (text[found.start] in "!?…"), joined=True))
        first = first or found
        stop = sentence_end(cast, found.subject.end, end)
        resumed = resume_after(cast, found, stop)
        if resumed is None:
            if not _goes_on(cast, stop, end):
                break
            resumed = stop
        at = resumed
    return [s for s in spans if s.end > s.start], first


@cache
def _gestures() -> re.Pattern[str]:
    verbs = "|".join(knowledge()["gestures"]["verbs"])
    return re.compile(rf"[.!?…]\s+(?:(?:Hon|Han)|[A-ZÅÄÖ][\w-]+(?: [A-ZÅÄÖ][\w-]+){{0,3}})\s+(?P<verb>{verbs})\b")


def _gesture(cast: Cast, start: int, end: int) -> Attribution | None:
    """Return the speaker whom the writer is seen to watch behind the words: `Vi hann. Karin Ek ler lite`."""
    for found in _gestures().finditer(cast.text, start, end):
        at = found.start() + 1
        while cast.text[at].isspace():
            at += 1
        subject = subject_before(cast, at, found.start("verb"))
        if subject is not None and subject.actor is not None and subject.actor.kind == "person":
            return Attribution(at, Span(*found.span("verb")), subject)
    return None


def _own_attribution(cast: Cast, start: int, end: int, *, answer: bool, bare: bool) -> Attribution | None:
    """Return the first attribution that is the writer's, not one inside the words: `Han log. ”Kör!”, sa han. Jag …`."""
    at = start
    while at < end:
        found = attribution_in(cast, at, end, end, bare=bare)
        if found is None:
            return None
        others = answer and found.subject.kind in ("unnamed", "noun") and found.subject.actor is None
        if not others and not _closes_inner(cast.text, start, found.start):
            return found
        at = max(found.subject.end, found.cue.end)
    return None


def _closes_inner(text: str, start: int, at: int) -> bool:
    """Tell whether a quotation that opened at the head of a sentence inside the words ends before `at`."""
    closing = at + 1 if text[at] in OPENING else at
    if closing <= start or text[closing - 1] not in OPENING:
        return False
    floor = max(start, closing - _LONGEST_INNER)
    opening = max(text.rfind(sign, floor, closing - 1) for sign in '”"“»«„')
    lead = text[max(start, opening - 5) : max(start, opening)].rstrip()
    return opening > start and lead.endswith((".", "!", "?", "…", ":")) and text[opening + 1].isupper()


def sentence_end(cast: Cast, offset: int, end: int) -> int:
    """Return where the sentence that holds the character before `offset` ends, at `end` at the latest."""
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
