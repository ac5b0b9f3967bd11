"""Clauses: where the one with a reporting verb begins, whose it is, and where what it reports ends."""

from __future__ import annotations

import re
from collections import deque
from functools import cache

from offtext.document import Span
from offtext.layers.quotes.attribution import Subject
from offtext.layers.quotes.speakers import Cast

SUBORDINATE = {"att", "hur", "vad", "eftersom", "när", "om", "medan", "då", "vilket"}


def is_infinitive(text: str, body: Span) -> bool:
    """Tell whether the content opens with an infinitive (`räknar med att bygga`): a plan, not a report."""
    first = re.match(r"(?:\w+t\s+)?([a-zåäö]+)", body.of(text)[:60])
    word = first.group(1) if first else ""
    noun = len(word) > 5 and word.endswith(("arna", "orna", "erna"))
    return word.endswith("a") and not noun and word not in _ADJECTIVES


_ADJECTIVES = {"alla", "andra", "denna", "detta", "dessa", "våra", "sina", "många", "flera", "några", "bra", "sådana"}


def coordination(text: str, content: Span, verb: int) -> re.Match[str] | None:
    """Return the `och` or `men` that opens the clause of a verb behind reported words: `…, och Bo Alm tror att …`."""
    joints = re.compile(r"[,;]?\s+(?:och|men|samt|medan)\s+(?:också\s+)?").finditer(text, content.start + 10, verb)
    last = next(iter(deque(joints, maxlen=1)), None)
    if last is None or re.search(r"\batt\b|[:;]", text[last.end() : verb]):
        return None
    return last


def content_end(text: str, start: int, end: int) -> int:
    """Return where the reported clause ends: before `, och köpte sedan …`, where the same subject acts again."""
    again = re.compile(r",\s+(?:och|men)\s+(?:\w+(?:ade|rde|lde|nde)|vill|ska|har|får|fick|kan)\s").search(
        text, start + 15, end
    )
    goal = _goal().search(text, start + 10, end)
    turn = _turn().search(text, start + 15, end)
    apart = re.compile(r":\s").search(text, start, end) if text.startswith(("hur ", "varför "), start) else None
    return min([m.start() for m in (again, goal, turn, apart) if m], default=end)


@cache
def _goal() -> re.Pattern[str]:
    """`bedömer att kostnaden är rimlig och föreslår …`: what follows is the subject's wish, not its report."""
    return re.compile(
        r",?\s+(?:och|men)\s+(?:\w+\s+)?(?:föreslår|föreslog|yrkar|tillstyrker|avstyrker|beslutar|uppmanar)\b"
    )


@cache
def _turn() -> re.Pattern[str]:
    """Where the writer goes on in a main clause: `, men jag är rädd`, `, och det gör vi`, `, vilket gör att`."""
    verbs = r"(?:är|har|var|gör|gjorde|ska|kan|vill|får|ligger|stämmer|måste|tror|hade|blev|\w+ar)"
    return re.compile(
        rf",\s+(?:men|och)\s+(?:det|den|vi|jag|ingen|man)\s+{verbs}\b|,\s+vilket\s|,\s+så\s(?:nu\s)?(?:måste|ska|får)\s(?:vi|jag)\b"
    )


@cache
def _condition() -> re.Pattern[str]:
    return re.compile(r"(?:Om|När|Ifall|Eftersom|I de fall|I det fall|Även om|Först när|Innan)\s")


def clause_start(cast: Cast, start: int, verb: int) -> tuple[int, str]:
    """Return where the verb's own clause begins, and the word that opens it ('' at the head of the sentence)."""
    text, found, word = cast.text, start, ""
    mentions = cast.between(start, verb)
    condition = _condition().match(text, start, verb)
    if condition and "," not in text[condition.end() : verb]:
        return condition.end(), "om"
    joints = re.compile(
        r"(?:^|,\s+|\s)(men|och|samt|att|eftersom|då|när|medan|hur|vad|om|vilket)\s|[;:]\s|\s–\s", re.IGNORECASE
    )
    for joint in joints.finditer(text, start, verb):
        if joint.group(1) and joint.group(1).lower() in ("då", "när") and joint.start() == start:
            continue
        if joint.group(1) == "om" and not text[joint.end() : verb].strip():
            continue
        if any(m[1] == joint.start() for m in mentions) and any(m[0] == joint.end() for m in mentions):
            continue  # two names joined by `och` are one subject
        found, word = joint.end(), (joint.group(1) or "").lower()
        if word in ("och", "samt") and not re.search(r"\w", text[joint.end() : verb]):
            continue
    return found, word


def coordinated(text: str, verb: int) -> bool:
    """Tell whether the verb shares the subject of the sentence: `Karin Ek … och menar`, `men anser`."""
    linked = r"\b(?:och|men|samt)(?:\s+(?:också|även|dessutom|vill|har|dock|redan))?\s*$"
    return bool(re.search(linked, text[max(0, verb - 30) : verb]))


def opening_subject(cast: Cast, sentence: Span, *, strict: bool = False) -> Subject | None:
    """Return the person or body that the sentence begins with, its subject as a rule."""
    head = cast.text[sentence.start : sentence.start + 50]
    pronoun = re.match(r"(?:Hon|Han|Hen)\b", head)
    if pronoun:
        end = sentence.start + pronoun.end()
        return Subject("pronoun", sentence.start, end, cast.pronoun(pronoun.group(), sentence.start))
    named = cast.between(sentence.start, min(sentence.end, sentence.start + 50))
    if strict:
        first = re.match(r"[^\W\d_]+", head)
        if first and first.group().lower() in ("många", "flera", "några", "flertalet"):
            return Subject("unnamed", sentence.start, sentence.start + first.end(), None)
        named = [m for m in named if m[0] == sentence.start]
    named = [m for m in named if m[2].kind == "person"] or [m for m in named if m[0] == sentence.start]
    if named:
        return Subject("actor", *named[0])
    first = re.match(r"[A-ZÅÄÖ][a-zåäö]+(?:en|et|n)\b", head)  # `Regionen instämmer och anser att …`
    actor = cast.noun(first.group(), sentence.start) if first else None
    return Subject("noun", sentence.start, sentence.start + first.end(), actor) if first and actor else None
