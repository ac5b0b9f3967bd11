"""Other names that a text gives an organisation: abbreviations in brackets, `nedan Ekdal`, parts of the name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from offtext.layers.actors.claims import ORGANISATION, PERSON, Claim
from offtext.layers.actors.gazetteer import first_names, known_names, surnames
from offtext.layers.actors.heads import bare_head, context, head_of
from offtext.layers.actors.words import CAPITAL, CAPITALS, LOWER, Words
from offtext.lexicon import load_toml

_MAX_SPELLED = 9  # words that an abbreviation may stand for


@cache
def _bracket() -> re.Pattern[str]:
    return re.compile(r"s?[*_]{0,2}[ \xa0\n]?\([*_\"”]{0,2}([A-ZÅÄÖ][\w&/-]{0,24}[A-ZÅÄÖa-zåäö])[*_\"”]{0,2}[),]")


@cache
def _below() -> re.Pattern[str]:
    # up to a line may stand between the name and what it is called below: `Ekdal AB, org.nr 556000-0000, nedan Ekdal`
    words = sorted(context("called"), key=len, reverse=True)
    called = "|".join(word.replace(" ", r"[ \n]") for word in words)
    between = r"[^\n.;:()]{0,80}?(?:\.nr[^\n;:()]{0,40}?)?"
    return re.compile(rf"{between}[ (](?:{called})[ \n][\"”“»]?([A-ZÅÄÖ][\w-]{{1,24}})")


def alias_claims(words: Words, chosen: list[Claim]) -> Iterator[Claim]:
    """Yield what a text defines as other names of its organisations, wherever they stand."""
    short: dict[str, Claim] = {}
    for claim in chosen:
        if claim.kind != ORGANISATION:
            continue
        match = _bracket().match(words.text, claim.end)
        if match and _abbreviates(match[1], claim.name):
            short.setdefault(match[1], claim)
        called = _below().match(words.text, claim.end)
        # `nedan Köparen` is a role in the agreement and stays a common noun
        if called and (called[1] in claim.name or sum(c.isupper() for c in called[1]) > 1):
            short.setdefault(called[1], claim)
    for name, claim in _parts(words, chosen).items():
        short.setdefault(name, claim)
    for i, form in enumerate(words.form) if short else ():
        if words.shape[i] == LOWER:
            continue
        cut, named = 0, short.get(form)
        if named is None and form.endswith("s"):
            cut, named = 1, short.get(form[:-1])
        if named is None or (words.low[i + 1 : i + 2] == ["den"] and words.opens[i]):
            continue  # `Ekfors den 4 maj` is where and when
        end = words.end[i] - cut
        name = words.text[words.start[i] : end]
        key = named.key or named.name.lower()
        yield Claim(i, i, words.start[i], end, ORGANISATION, "abbreviation", name, named.org_type, 5, key)


def _abbreviates(short: str, name: str) -> bool:
    """Tell whether a word in brackets after a name is short for it: `(SGU)`, `(Lst)`; a place or a person is not."""
    if sum(c.isupper() for c in short) > 1:
        return True
    if short.lower() in known_names() or short.lower() in first_names():
        return False
    return len(short) < 7 and short[0].lower() == name[0].lower() and _within(short, name)


def _within(short: str, name: str) -> bool:
    """Tell whether the letters of `short` stand in `name` in that order."""
    rest = iter(name.lower())
    return all(letter in rest for letter in short.lower() if letter.isalnum())


def _parts(words: Words, chosen: list[Claim]) -> dict[str, Claim]:
    """Return the own names within longer names: `Platen` of `Bostadsstiftelsen Platen`, `Länsstyrelsen` of its county.

    The head alone is one when it opens a name with a capital that goes on: `Företagarringen Mittpunkten`.
    """
    parts: dict[str, Claim] = {}
    names = {form.lower() for claim in chosen if claim.kind == PERSON for form in claim.name.split()}
    for claim in chosen:
        if claim.kind != ORGANISATION or claim.last == claim.first or words.shape[claim.first] != CAPITAL:
            continue
        head, tail = words.form[claim.first], claim.name.split()[-1]
        short = _without_form(claim).split()
        if short and len(short[0]) > 3 and (len(short) == 1 or not short[0].endswith("s")):
            low = short[0].lower()  # `Almtorpet` of `Almtorpet Bostads AB`
            if not (low in known_names() or low in names or low in surnames() or low in first_names()):
                parts.setdefault(short[0], claim)
        opening = head_of(head.lower()) or bare_head(head.lower())
        if (opening is not None and not opening[1]) or head in context("partial_heads"):
            if head.lower() not in context("generic_heads"):
                parts.setdefault(head, claim)
            own = claim.last == claim.first + 1 and tail[0].isupper() and len(tail) > 4
            common = tail.lower() in known_names() or tail.lower() in surnames() or tail.lower() in names
            if own and not common:
                parts.setdefault(tail, claim)
    return parts


def _without_form(claim: Claim) -> str:
    """Return a company's name without `AB`, or nothing where it has none."""
    name, _, form = claim.name.rpartition(" ")
    return name if claim.org_type == "company" and form in ("AB", "HB", "KB", "Aktiebolag", "Handelsbolag") else ""


def spelled_claims(words: Words) -> Iterator[Claim]:
    """Yield names of any form whose initials stand in brackets behind them: `Riksförbundet Barn som vårdar (RBV)`."""
    for i in range(2, len(words)):
        form = words.form[i]
        if words.shape[i] != CAPITALS or not 3 <= len(form) <= 8 or not form.isalpha():
            continue
        if words.gap(i).strip(" \xa0\n*_") != "(" or words.after(i) not in (")", ","):
            continue
        if form in context("acronyms_not_actors"):
            continue
        first = _spelled_from(words, i - 1, form.lower())
        if first is None:
            continue
        head = head_of(words.low[first]) or head_of(words.low[i - 1])
        org_type = _type(words, first, i - 1)
        if head is None and org_type is None:
            continue
        end = words.end[i - 1]
        name = words.text[words.start[first] : end]
        given = org_type or (head[0]["org_type"] if head else "other")
        yield Claim(first, i - 1, words.start[first], end, ORGANISATION, "bracketed", name, given, 2)


def _spelled_from(words: Words, last: int, letters: str) -> int | None:
    """Return the first word of the words up to `last` that spell the letters, the farthest with a capital."""
    for first in range(last - 1, max(-1, last - _MAX_SPELLED), -1):
        if not words.joined[first + 1]:
            return None
        spelled = words.shape[first] != LOWER and words.low[first][0] == letters[0]
        if spelled and _within(letters, " ".join(words.low[first : last + 1])):
            initials = sum(words.low[j][0] in letters for j in range(first, last + 1))
            if initials * 2 >= len(letters) and initials >= 2:
                return first
    return None


def _type(words: Words, first: int, last: int) -> str | None:
    """Return the type that a word of the name gives: `Nordmarks | kommunalförbund`, `rådet`."""
    for j in range(first, last + 1):
        for ending, org_type in _type_endings():
            if words.low[j].endswith(ending):
                return org_type
    return None


@cache
def _type_endings() -> tuple[tuple[str, str], ...]:
    table = load_toml("actors")["spelled"]
    return tuple((end, org_type) for org_type, ends in table.items() if isinstance(ends, list) for end in ends)


def same_actors(words: Words, claims: Iterable[Claim]) -> dict[str, str]:
    """Return keys of names that a bracket makes one, each to the key it yields to: `SKR (Sveriges Kommuner …)`."""
    same: dict[str, str] = {}
    previous: Claim | None = None
    for claim in claims:
        if _without_form(claim):
            same.setdefault(_without_form(claim).lower(), key_of(claim))
        if claim.kind != ORGANISATION:
            previous = None
            continue
        if previous is not None:
            between = words.text[words.end[previous.last] : claim.start].strip(' \xa0\n*_"”')
            closed = words.text[claim.end : claim.end + 3].strip(' *_"”')[:1] in (")", ",")
            if between == "(" and closed:
                short, full = sorted((previous, claim), key=lambda c: len(c.name))
                if short.name.isupper() and " " not in short.name and short.name[0] == full.name[0].upper():
                    same.setdefault(key_of(short), key_of(full))
        previous = claim
    return same


def key_of(claim: Claim) -> str:
    """Return what names of the same organisation share."""
    return claim.key or " ".join(claim.name.replace("\xad", "").lower().split())
