"""Reported speech: `Enligt X …`, `X menar att …`, `…, menar X.`, `Det menar X`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from offtext.document import Span
from offtext.layers.attribution import (
    Attribution,
    Subject,
    knowledge,
    resume_after,
    subject_after,
    subject_before,
    verb_pattern,
)
from offtext.layers.passages import OPENING, Passage
from offtext.layers.quotation import Draft, tidy
from offtext.layers.speakers import Cast

_LONGEST = 2000  # characters of a sentence that are read; a longer one is a table or a list run together


def reported_in(cast: Cast, passage: Passage, index: int) -> list[Draft]:
    """Return what a paragraph of narration reports, sentence by sentence, in reading order."""
    drafts: list[Draft] = []
    previous: Span | None = None
    for sentence in _sentences(cast, passage):
        if sentence.end - sentence.start > _LONGEST:
            previous = None
            continue
        found = (
            _backward(cast, sentence, previous, index)
            or _according(cast, sentence, index)
            or _after(cast, sentence, index)
            or _that(cast, sentence, index)
        )
        for draft in found:
            if draft.cue:
                cast.spoke(draft.cue.start, draft.speaker)
        drafts += found
        previous = sentence
    return drafts


def _sentences(cast: Cast, passage: Passage) -> list[Span]:
    layout, found = cast.layout, []
    at = passage.content.start
    while at < passage.content.end:
        i = layout.sentence_index_at(at)
        if i is None:
            at += 1
            continue
        end = min(layout.sentences[i].end, passage.content.end)
        found.append(Span(at, end))
        at = max(end, at + 1)
    return found


def _body(text: str, start: int, end: int) -> Span:
    """Return the reported words: without the full stop and a linking word at the head."""
    head = re.compile(r"(?:Men|Och|Samtidigt|Dessutom|Ja,)\s+").match(text, start, end)
    return tidy(text, head.end() if head else start, end, joined=True)


def _words(text: str, span: Span) -> int:
    return len(span.of(text).split())


def backward_subject(cast: Cast, sentence: Span) -> Attribution | None:
    """Return who a sentence like `Det säger Karin Ek, som är rektor.` names as the speaker of what comes before."""
    pronouns = "|".join(knowledge()["backward"]["pronouns"])
    lead = re.compile(rf"(?:{pronouns})\s+").match(cast.text, sentence.start, sentence.end)
    if not lead:
        return None
    verb = verb_pattern("after").match(cast.text, lead.end(), sentence.end)
    if not verb:
        phrase = re.compile(r"(?:bilden ger|är|kommer från)\s+").match(cast.text, lead.end(), sentence.end)
        if not phrase or lead.group().strip() not in ("Orden", "Citatet"):
            return None
        verb = phrase
    subject = subject_after(cast, verb.end(), sentence.end)
    if subject is None or (subject.kind == "noun" and subject.actor is None):
        return None
    tail = cast.text[subject.end : subject.end + 40]
    if re.match(r"\s*(?:också\s+)?(?:att|inte|om|emot|till)\b", tail):
        return None
    return Attribution(sentence.start, Span(verb.start(), verb.end()), subject)


def _backward(cast: Cast, sentence: Span, previous: Span | None, index: int) -> list[Draft]:
    found = backward_subject(cast, sentence)
    if not found or previous is None:
        return []
    spans = [_body(cast.text, previous.start, previous.end)]
    return [_draft("reported_backward", spans, index, found.subject, found.cue)]


def _draft(form: str, spans: Sequence[Span], index: int, subject: Subject, cue: Span) -> Draft:
    kept = [s for s in spans if s.end > s.start]
    return Draft("indirect", form, kept, index, subject.actor, cue, told=True)


@cache
def _source_lead() -> re.Pattern[str]:
    return re.compile(
        r"(?i)\benligt\s+(?:(?:en|ett|den|det|de)\s+(?:\w+\s+){0,2}(?:rapport|studie|undersökning|enkät|utredning)\w*\s+(?:från|av)\s+|rapport(?:en)?\s+från\s+|både\s+|bland annat\s+)?"
    )


def _according(cast: Cast, sentence: Span, index: int) -> list[Draft]:
    text = cast.text
    for match in _source_lead().finditer(text, sentence.start, sentence.end):
        cue = Span(match.start(), match.start() + len("enligt"))
        subject = _source(cast, match.end(), sentence.end)
        if subject is None:
            continue
        before, after = text[sentence.start : cue.start].strip(), subject.end
        if not before:
            rest = re.compile(r"(?:,[^,.]{2,80},|,)?\s*(?:så\s+)?").match(text, after, sentence.end)
            body = _body(text, rest.end() if rest else after, sentence.end)
            spans = [body]
        else:
            tail = re.compile(r"(?:\s*\([^)]{1,80}\))?\s*[,)]?\s*").match(text, after, sentence.end)
            rest_start = tail.end() if tail else after
            head = tidy(text, sentence.start, cue.start)
            rest_words = text[rest_start : sentence.end].strip(" .!?)\n")
            first = text[rest_start : rest_start + 1]
            comma = "," in text[after:rest_start]
            set_off = before.endswith((",", "("))
            if (
                not rest_words
                or (comma and set_off and _apposition(text, rest_start, sentence.end))
                or (set_off and not comma)
            ):
                spans = [_body(text, sentence.start, cue.start)]
            elif first and (first.islower() or first.isdigit() or first in OPENING):
                spans = [_body(text, head.start, head.end), tidy(text, rest_start, sentence.end, joined=True)]
            else:
                spans = [_body(text, sentence.start, cue.start)]
        if sum(_words(text, s) for s in spans) >= 3:
            return [_draft("reported_according", spans, index, subject, cue)]
    return []


def _apposition(text: str, start: int, end: int) -> bool:
    """Tell whether the words after a name and a comma say who it is, not what was said."""
    return not re.search(
        r"\b(?:är|har|kan|ska|blir|var|får|behöver|måste|finns|ligger|innebär|gör|ger)\b", text[start:end]
    )


def _source(cast: Cast, start: int, end: int) -> Subject | None:
    """Return the person or body behind `enligt`, or None where a rule or a thing is meant."""
    text = cast.text
    entry = knowledge()["enligt"]
    stop = re.compile(r"[,;:.!?]\s|\n\s*\n").search(text, start, min(end, start + 120))
    limit = stop.start() if stop else min(end, start + 120)
    word = re.compile(r"[^\W\d_][\w-]*").match(text, start, end)
    named = cast.between(start, limit)
    if named and (named[0][0] - start <= 60) and re.fullmatch(r"[^.,;:()]*", text[start : named[0][0]]):
        lead = text[start : named[0][0]].split()
        if len(lead) <= 4 and not any(w.lower().startswith(tuple(entry["norms"])) for w in lead):
            people = [m for m in named if m[2].kind == "person" and m[0] - named[0][1] < 40]
            chosen = people[0] if people else named[0]
            tail = text[chosen[1] : limit]
            owned = re.match(r"s?\s+(?:\w+\s+){0,2}?([^\W\d_]\w+)", tail)
            genitive = tail.startswith("s") or text[chosen[1] - 1] == "s"
            if genitive and owned:
                noun = owned.group(1).lower()
                if any(norm in noun for norm in entry["norms"]):
                    return None
                report = re.match(
                    r"s?(?:\s+[\w-]+){0,3}?\s+[\w-]*(?:rapport|statistik|bedömning|beräkning|uppgift|undersökning|utredning|siffr|prognos|analys|studie|enkät|kartläggning|granskning)\w*(?:\s+\d{4})?",
                    tail,
                )
                return Subject("actor", chosen[0], chosen[1] + (report.end() if report else 0), chosen[2])
            bracket = re.match(r"\s*\([^)]{1,60}\)|\]\([^)]{1,300}\)", tail)
            return Subject("actor", chosen[0], chosen[1] + (bracket.end() if bracket else 0), chosen[2])
    if word:
        lowered = word.group().lower()
        stem = lowered.removesuffix("s")
        if lowered in entry["holders"] or stem in entry["holders"]:
            actor = cast.noun(stem if lowered not in entry["holders"] else lowered, start)
            actor = actor or cast.pronoun({"henne": "hon", "honom": "han"}.get(lowered, lowered), start)
            owned = re.compile(r"\s+bedömning(?:ar)?\b").match(text, word.end(), end) if lowered != stem else None
            if lowered != stem and lowered not in entry["holders"] and not owned:
                return None
            at = owned.end() if owned else word.end()
            return Subject("noun", start, at, actor)
    return None


def _after(cast: Cast, sentence: Span, index: int) -> list[Draft]:
    """Read `Content, menar Karin Ek.` and `Content, menar hon, content.`"""
    text = cast.text
    for verb in verb_pattern("after").finditer(text, sentence.start, sentence.end):
        joint = re.compile(r"[,!?…][\s_*]*$").search(text, max(sentence.start, verb.start() - 6), verb.start())
        if not joint:
            continue
        subject = subject_after(cast, verb.end(), sentence.end)
        if subject is None or re.match(r"\s*(?:också\s+)?(?:att|hur|om)\b", text[subject.end : subject.end + 20]):
            continue
        if subject.kind == "noun" and subject.actor is None and not _speaking_noun(text, subject):
            continue
        body = _body(text, sentence.start, joint.start() + (text[joint.start()] in "!?…"))
        spans = [body]
        middle = re.compile(r"(?:,|\s–)\s+(?=[a-zåäö])").match(text, subject.end, sentence.end)
        resumed = resume_after(cast, Attribution(joint.start(), Span(*verb.span()), subject), sentence.end)
        if (
            middle
            and (_words(text, body) <= 4 or text[middle.start()] != ",")
            and not text.startswith("som ", middle.end())
        ):
            spans.append(tidy(text, middle.end(), sentence.end, joined=True))
        elif resumed:
            spans.append(tidy(text, resumed, sentence.end, joined=True))
        if sum(_words(text, s) for s in spans) >= 2:
            return [_draft("reported_after", spans, index, subject, Span(*verb.span()))]
    return []


def _speaking_noun(text: str, subject: Subject) -> bool:
    word = text[subject.start : subject.end].lower().split()[-1]
    return (
        word in knowledge()["unnamed"]["nouns"]
        or word in knowledge()["generic"]
        or word.endswith(("aren", "arna", "ombudet", "chefen", "ministern"))
    )


@cache
def _opener() -> re.Pattern[str]:
    between = knowledge()["between"]
    small = "|".join(
        sorted(map(re.escape, [*between["adverbs"], *between["particles"], *between["weights"]]), key=len, reverse=True)
    )
    return re.compile(
        rf"(?:[\s,]+(?:{small})\b){{0,4}}[\s,]+(?:{'|'.join(between['openers'])})\b(?:\s+det\s+att)?\s*", re.IGNORECASE
    )


def _that(cast: Cast, sentence: Span, index: int) -> list[Draft]:
    """Read `Karin Ek menar att content` and `Det anser Karin Ek att content`."""
    text = cast.text
    drafts: list[Draft] = []
    used = sentence.start
    for verb in verb_pattern("that").finditer(text, sentence.start, sentence.end):
        if verb.start() < used or re.match(r"\s+(?:inte|aldrig)\b", text[verb.end() : verb.end() + 9]):
            continue
        opener = _opener().match(text, verb.end(), sentence.end)
        subject: Subject | None
        if opener:
            clause = _clause_start(text, sentence.start, verb.start())
            subject = subject_before(cast, clause, verb.start())
            if subject is None and clause > sentence.start and _coordinated(text, sentence.start, verb.start()):
                subject = subject_before(cast, sentence.start, clause)
        else:
            subject = subject_after(cast, verb.end(), sentence.end)
            if subject is None or (
                subject.kind == "noun" and subject.actor is None and not _speaking_noun(text, subject)
            ):
                continue
            opener = _opener().match(text, subject.end, sentence.end)
            if not opener:
                continue
        if subject is None:
            continue
        lowered = opener.group().lower()
        keep = re.search(r"\b(?:hur|varför)\b", lowered)
        start = opener.start() + keep.start() if keep else opener.end()
        body = tidy(text, start, sentence.end, joined=True)
        if _words(text, body) < 3 or text[sentence.end - 1] == "?":
            continue
        drafts.append(_draft("reported_that", [body], index, subject, Span(*verb.span())))
        used = sentence.end
    return drafts


def _clause_start(text: str, start: int, verb: int) -> int:
    """Return where the verb's own clause begins: after the last conjunction or comma that opens one."""
    found = start
    for joint in re.compile(r"(?:,\s+|\s)(?:men|och|samt|att|eftersom|då|när|medan)\s|[;:]\s|\s–\s").finditer(
        text, start, verb
    ):
        found = joint.end()
    return found


def _coordinated(text: str, start: int, verb: int) -> bool:
    """Tell whether the verb shares the subject of the sentence: `Karin Ek … och menar`, `men anser`."""
    return bool(
        re.search(
            r"\b(?:och|men|samt)(?:\s+(?:också|även|dessutom|vill|har|dock|redan))?\s*$",
            text[max(start, verb - 30) : verb],
        )
    )
