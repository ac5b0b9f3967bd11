"""`Enligt X …`: words reported by naming their source."""

from __future__ import annotations

import re
from functools import cache

from offtext.document import Span
from offtext.layers.quotes.attribution import Subject, knowledge
from offtext.layers.quotes.clauses import content_end
from offtext.layers.quotes.passages import OPENING
from offtext.layers.quotes.quotation import Draft, body_of, count_words, make_draft, tidy
from offtext.layers.quotes.speakers import Cast


@cache
def _source_lead() -> re.Pattern[str]:
    """`enligt`, and what may stand before the source: `en ny rapport från`."""
    nouns = "|".join(knowledge()["enligt"]["nouns"])
    return re.compile(
        rf"(?i)\benligt\s+(?:(?:en|ett|den|det|de)\s+(?:\w+\s+){{0,2}}(?:{nouns})\w*\s+(?:från|av)\s+"
        rf"|(?:{nouns})\w*\s+från\s+|både\s+|bland annat\s+)?"
    )


@cache
def _own_report() -> re.Pattern[str]:
    """What follows the source's genitive when its report is meant: `s senaste rapport 2024`."""
    nouns = "|".join(knowledge()["enligt"]["nouns"])
    kind = r"(?:egen|egna|eget|senaste|första|årliga|nya|preliminära|skriftliga|gemensamma|interna|tidigare)"
    return re.compile(
        rf"s?(?:\s+[\w-]+){{0,3}}?\s+[\w-]*(?:{nouns})\w*(?:\s+\d{{4}})?|s?(?:\s+{kind}){{0,2}}\s+(?!{kind}\b)[a-zåäö][\w-]+"
    )


def according_to(cast: Cast, sentence: Span, index: int) -> list[Draft]:
    """Return what the sentence reports with `enligt` and a source that can speak."""
    text = cast.text
    for match in _source_lead().finditer(text, sentence.start, sentence.end):
        cue = Span(match.start(), match.start() + len("enligt"))
        subject = _source(cast, match.end(), sentence.end)
        if subject is None:
            continue
        before, after = text[sentence.start : cue.start].strip(), subject.end
        if not before:
            rest = re.compile(r"(?:,[^,.]{2,80},|,)?\s*(?:så\s+)?").match(text, after, sentence.end)
            begin = rest.end() if rest else after
            body = body_of(text, begin, content_end(text, begin, sentence.end))
            spans = [body]
        else:
            tail = re.compile(r"(?:\s*\([^)]{1,80}\)|\s+som\s+[^,.]{3,60}(?=,))?\s*[,)]?\s*").match(
                text, after, sentence.end
            )
            rest_start = tail.end() if tail else after
            head = tidy(text, sentence.start, cue.start)
            rest_words = text[rest_start : sentence.end].strip(" .!?)\n")
            first = text[rest_start : rest_start + 1]
            comma = "," in text[after:rest_start]
            set_off = before.endswith((",", "("))
            if (
                not rest_words
                or (comma and set_off and count_words(text, head) > 3 and says_who(text, rest_start, sentence.end))
                or (set_off and not comma)
            ):
                spans = [body_of(text, sentence.start, cue.start)]
            elif first and (first.islower() or first.isdigit() or first in OPENING):
                spans = [body_of(text, head.start, head.end), tidy(text, rest_start, sentence.end, joined=True)]
            else:
                spans = [body_of(text, sentence.start, cue.start)]
        if sum(count_words(text, s) for s in spans) >= 3:
            return [make_draft("reported_according", spans, index, subject, cue)]
    return []


def says_who(text: str, start: int, end: int) -> bool:
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
        if len(lead) <= 4 and not any(n in w.lower() for w in lead for n in entry["norms"]):
            people = [m for m in named if m[2].kind == "person" and m[0] - named[0][1] < 40]
            chosen = people[0] if people else named[0]
            tail = text[chosen[1] : limit]
            owned = re.match(r"s?(?:\s+\([^)]{1,40}\)s?)?\s+(?:\w+\s+){0,1}?([^\W\d_]\w+)", tail)
            genitive = tail.startswith("s") or text[chosen[1] - 1] == "s"
            if genitive and owned:
                noun = owned.group(1).lower()
                if any(norm in noun for norm in entry["norms"]):
                    return None
                report = _own_report().match(tail)
                return Subject("actor", chosen[0], chosen[1] + (report.end() if report else 0), chosen[2])
            bracket = re.match(r"\s*\([^)]{1,60}\)|\]\([^)]{1,300}\)", tail)
            return Subject("actor", chosen[0], chosen[1] + (bracket.end() if bracket else 0), chosen[2])
    if word:
        lowered = word.group().lower()
        stem = lowered.removesuffix("s")
        office = lowered.endswith(tuple(knowledge()["unnamed"]["endings"])) and cast.noun(lowered, start)
        if office:
            return Subject("noun", start, word.end(), office)
        if lowered in entry["holders"] or stem in entry["holders"]:
            actor = cast.noun(stem if lowered not in entry["holders"] else lowered, start)
            actor = actor or cast.pronoun({"henne": "hon", "honom": "han"}.get(lowered, lowered), start)
            owned = re.compile(r"\s+bedömning(?:ar)?\b").match(text, word.end(), end) if lowered != stem else None
            if lowered != stem and lowered not in entry["holders"] and not owned:
                return None
            at = owned.end() if owned else word.end()
            return Subject("noun", start, at, actor)
    return None
