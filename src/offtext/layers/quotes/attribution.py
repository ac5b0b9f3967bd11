"""The words that say who speaks: a reporting verb and its subject, and how far the two reach."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from offtext.document import Span
from offtext.layers.quotes.passages import DASHES, OPENING
from offtext.layers.quotes.speakers import Cast
from offtext.lexicon import load_toml
from offtext.record import Actor

_PRONOUNS = {"hon", "han", "hen"}
_REACH = 160  # characters after a verb in which its subject's name is looked for


@dataclass(frozen=True, slots=True)
class Subject:
    """The one who speaks, as the text names them.

    `kind` is 'actor' (named), 'pronoun', 'noun' (`ministern`), 'unnamed' (`en åhörare`, `deltagarna`).
    """

    kind: str
    start: int
    end: int
    actor: Actor | None


@dataclass(frozen=True, slots=True)
class Attribution:
    """A reporting verb with its subject: the speech lies before `start`, the narration after the subject."""

    start: int
    cue: Span
    subject: Subject


@cache
def knowledge() -> dict[str, Any]:
    """Return the lexicon of quotations."""
    return load_toml("quotes")


@cache
def verb_pattern(use: str) -> re.Pattern[str]:
    """Return a pattern of every verb form with this use ('after', 'that')."""
    forms = {form for verb in knowledge()["verbs"] if use in verb["uses"] for form in verb["forms"]}
    return re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, forms), key=len, reverse=True))})\b", re.IGNORECASE)


@cache
def _adverbs() -> re.Pattern[str]:
    between = knowledge()["between"]
    words = [*between["adverbs"], *between["particles"]]
    return re.compile(rf"(?:\s+(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})\b){{0,3}}\s*")


_WORD = re.compile(r"[^\W\d_][\w:’'-]*")
_STOP = re.compile(r"(?<!-),|[;!?”\"»()]|:(?!s\b)|\.\s|\n\s*\n")
_DEFINITE = re.compile(r"^[a-zåäö][\wåäöé-]{2,40}(?:en|et|n|na|erna|arna|orna)s?$")


def subject_after(cast: Cast, start: int, end: int) -> Subject | None:
    """Return the subject that follows a verb ending at `start` (`säger utrikesminister Karin Ek`), if one does."""
    text = cast.text
    skipped = _adverbs().match(text, start, end)
    at = skipped.end() if skipped else start
    tag = re.compile(r"(?:\s|<[^<>]{1,200}>|&nbsp;|[_*])*").match(text, at, end)
    at = tag.end() if tag else at
    word = _WORD.match(text, at, min(end, at + 80))
    if word and word.group() == "både":
        at = min(end, word.end() + 1)
        word = _WORD.match(text, at, min(end, at + 80))
    if not word:
        return None
    lowered = word.group().lower()
    if lowered in _PRONOUNS:
        return Subject("pronoun", at, word.end(), cast.pronoun(lowered, at))
    if lowered == "vi" and cast.body is not None:
        return Subject("pronoun", at, word.end(), cast.body)
    if lowered in ("vi", "jag", "man", "du", "ni", "att"):
        return None
    # a quotation mark around a nickname may stand inside a name, so names win over the stop
    stop = _STOP.search(text, at, min(end, at + _REACH))
    limit = stop.start() if stop else min(end, at + _REACH)
    named = cast.between(at, limit)
    people = [m for m in named if m[2].kind == "person"]
    if people and (people[0][0] - at < 100):
        first = people[0]
        return Subject("actor", at, first[1], first[2])
    unnamed = knowledge()["unnamed"]
    if named and named[0][0] == at:
        rest = _WORD.match(text, named[0][1] + 1, limit)
        if rest and text[named[0][0] : named[0][1] + 1].endswith("s") and _DEFINITE.match(rest.group()):
            return Subject("noun", at, rest.end(), cast.noun(rest.group(), at))
        return Subject("actor", at, named[0][1], named[0][2])
    if lowered in unnamed["starts"] or lowered in unnamed["nouns"]:
        return Subject("unnamed", at, word.end(), cast.noun(lowered, at))
    if lowered in ("både", "läraren", "forskaren"):
        return Subject("unnamed", at, word.end(), None)
    if _DEFINITE.match(word.group()):
        return Subject("noun", at, word.end(), cast.noun(lowered, at))
    if word.group()[0].isupper() and lowered not in knowledge()["not_reported"]["subjects"]:
        full = re.compile(r"[A-ZÅÄÖ][\w’'-]+(?:\s+[A-ZÅÄÖ][\w’'-]+){0,3}").match(text, at, limit)
        if full:
            return Subject("unnamed", at, full.end(), None)
    if limit - at < 80 and named:
        return Subject("actor", at, named[0][1], named[0][2])
    return None


@cache
def _joint() -> re.Pattern[str]:
    """What joins speech and attribution: a comma, a mark, closing quotation marks, emphasis, a dash."""
    return re.compile(rf"[,.!?…:;{DASHES}{OPENING}](?:[\s_*\\]|<[^<>]{{1,300}}>|&nbsp;)*$")


def attribution_in(cast: Cast, start: int, end: int, limit: int, *, bare: bool = True) -> Attribution | None:
    """Return the first attribution whose verb stands in `start` … `end`, after some speech.

    Args:
        cast: The actors, to know subjects by.
        start: Where the speech begins.
        end: Where to stop looking for the verb.
        limit: Where the subject must end.
        bare: Accept one that is not set off by a comma, when a name follows the verb.
    """
    fallback: Attribution | None = None
    backward = re.compile(rf"(?:{'|'.join(knowledge()['backward']['pronouns'])})\s+$")
    for verb in verb_pattern("after").finditer(cast.text, start, end):
        if verb.start() - start < 2:
            continue
        if cast.text[verb.end() : verb.end() + 1] in "-:" and cast.text[verb.end() : verb.end() + 1]:
            continue
        said = backward.search(cast.text, max(start, verb.start() - 12), verb.start())
        if verb.group()[0].isupper():
            continue
        joint = _joint().search(cast.text, max(start, verb.start() - 40), verb.start())
        relative = re.compile(r",\s+som\s*$").search(cast.text, max(start, verb.start() - 8), verb.start())
        if relative or (not joint and not bare):
            continue
        subject = subject_after(cast, verb.end(), limit)
        if subject is None:
            continue
        if re.match(r"\s*(?:också\s+|då\s+)?att\b", cast.text[subject.end : subject.end + 16]):
            continue
        if subject.kind == "noun" and subject.actor is None and not is_voice(cast.text, subject):
            continue
        if said and said.start() > start + 2 and subject.actor is not None:
            return Attribution(said.start(), Span(verb.start(), verb.end()), subject)
        first = joint.start() if joint else verb.start()
        found = Attribution(first, Span(verb.start(), verb.end()), subject)
        if joint:
            return found
        if fallback is None and subject.kind == "actor" and verb.group().lower() in ("säger", "sa", "sade", "berättar"):
            fallback = found
    if fallback is None:
        for cue in re.compile(r",\s+(enligt)\s").finditer(cast.text, start, end):
            subject = subject_after(cast, cue.end(1), limit)
            if subject is not None and subject.kind == "actor" and subject.actor and subject.actor.kind == "person":
                return Attribution(cue.start(), Span(*cue.span(1)), subject)
    return fallback


def is_voice(text: str, subject: Subject) -> bool:
    """Tell whether a bare noun can speak: `projektledaren`, `deltagarna`, not `huset`."""
    word = text[subject.start : subject.end].lower().split()[-1]
    listed = word in knowledge()["unnamed"]["nouns"] or word in knowledge()["generic"]
    return listed or word.endswith(tuple(knowledge()["unnamed"]["endings"]))


@cache
def _resumers() -> re.Pattern[str]:
    words = "|".join(knowledge()["own_voice"]["resumers"])
    return re.compile(
        rf"(?:,|\s[{DASHES}])[”\"]?\s+(?=(?:och\s+)?(?:(?:{words})\b"
        r"|(?:när|om|trots att)\s+(?:man|vi|jag|du|ni|det|alla)\b)(?!\s+(?:hon|han|hen|de)\b))"
    )


def resume_after(cast: Cast, attribution: Attribution, sentence_end: int) -> int | None:
    """Return where speech goes on inside the attribution's own sentence, or None.

    `…, säger hon, men det blir dyrt` goes on; `…, säger hon, som är rektor` does not; `… och tillägger: X` does.
    """
    text = cast.text
    at = attribution.subject.end
    colon = re.compile(r"[^.!?:\n]{0,200}:\s+(?=\S)").match(text, at, sentence_end)
    if colon and verb_pattern("after").search(text, at, colon.end()):
        return colon.end()
    found = _resumers().search(text, at, sentence_end)
    return found.end() if found else None


def subject_before(cast: Cast, start: int, verb: int) -> Subject | None:
    """Return the subject that stands before a verb in the clause that begins at `start`, if it can speak."""
    text = cast.text
    words = list(_WORD.finditer(text, start, verb))
    if not words:
        return None
    never = knowledge()["not_reported"]
    last = words[-1].group().lower()
    if last in never["negations"] or last in never["auxiliaries"]:
        return None
    if re.search(r"\b(?:en|ett|någon|några|flera|många) av\b", text[start:verb]):
        return Subject("unnamed", words[0].start(), words[-1].end(), None)
    for word in words[:3]:
        if word.group().lower() in _PRONOUNS:
            return Subject("pronoun", word.start(), word.end(), cast.pronoun(word.group(), word.start()))
    named = cast.between(start, verb)
    for word in reversed(words[-8:]):
        lowered = word.group().lower()
        if lowered in _PRONOUNS:
            return Subject("pronoun", word.start(), word.end(), cast.pronoun(lowered, word.start()))
        if named and named[-1][0] <= word.start() < named[-1][1]:
            break
        if lowered == "vi" and cast.body is not None:
            return Subject("pronoun", word.start(), word.end(), cast.body)
        if lowered in never["subjects"] and lowered != "som":
            return None
        if lowered in never["auxiliaries"] and lowered != "vill":
            return None
        if named and named[0][0] - start <= 12:
            continue
        if lowered in knowledge()["unnamed"]["nouns"]:
            return Subject("unnamed", word.start(), word.end(), cast.noun(lowered, word.start()))
        if (_DEFINITE.match(lowered) and cast.noun(lowered, word.start())) or lowered in knowledge()["generic"]:
            return Subject("noun", word.start(), word.end(), cast.noun(lowered, word.start()))
    many = words[0].group().lower() in ("många", "flera", "några", "nästan", "drygt", "hälften")
    relative = re.search(r"\bsom\s+(?:\S+\s+){0,3}$", text[start:verb])
    if named and relative:
        gap = text[named[-1][1] : start + relative.start()]
        if gap.strip() and not re.match(r"\s*[,(]", gap):
            return None  # `regeringens strategi som betonar …`: a thing, not the actor
    if named and not many:
        people = [m for m in named if m[2].kind == "person"]
        chosen = people[0] if people else named[0]
        office = re.match(r"s?\s+([^\W\d_]+)", text[chosen[1] : verb])
        if not people and office and office.group(1).endswith(tuple(knowledge()["offices"]["endings"])):
            return Subject("noun", chosen[0], chosen[1] + office.end(), cast.noun(office.group(1), chosen[0]))
        return Subject("actor", chosen[0], chosen[1], chosen[2])
    if len(words) > 1 and all(word.group()[0].isupper() for word in words[-2:]) and not words[-1].group().isupper():
        return Subject("unnamed", words[-2].start(), words[-1].end(), None)
    for word in words[:3]:
        if word.group().lower() in knowledge()["unnamed"]["starts"]:
            return Subject("unnamed", word.start(), word.end(), None)
    return None
