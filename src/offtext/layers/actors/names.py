"""Every name of a text, in two passes: names in full, then what they license elsewhere (parts, abbreviations)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from offtext.layers.actors.aliases import alias_claims, key_of, spelled_claims
from offtext.layers.actors.claims import NOTHING, ORGANISATION, PERSON, PLACE, Claim, choose
from offtext.layers.actors.gazetteer import known_names
from offtext.layers.actors.heads import context, head_of
from offtext.layers.actors.known_names import known_claims
from offtext.layers.actors.organisations import head_claims
from offtext.layers.actors.persons import part_claims, person_claims
from offtext.layers.actors.titles import is_role_word
from offtext.layers.actors.typed_names import kind_word_claims, not_actor_claims
from offtext.layers.actors.words import CAPITALS, LOWER, Words, read_words
from offtext.layout import Layout


def find_names(layout: Layout) -> tuple[Words, list[Claim]]:
    """Return the words of a text and its names (persons, organisations, places) in reading order.

    The names of the text last asked for are kept: entities and actors of one document read it once.
    """
    words, claims = _names(layout)
    return words, list(claims)


@lru_cache(maxsize=1)
def _names(layout: Layout) -> tuple[Words, tuple[Claim, ...]]:
    words = read_words(layout)
    known = list(known_claims(words))
    organisations = [*known, *head_claims(words, known), *kind_word_claims(words), *not_actor_claims(words)]
    organisations += spelled_claims(words)
    blocked = frozenset(
        j
        for c in organisations
        if c.kind == ORGANISATION and (c.last > c.first or c.family in ("head", "opener")) and c.family != "kind_word"
        for j in range(c.first, c.last + 1)
    )
    first = choose([*organisations, *person_claims(words, blocked)])
    first = choose([*first, *workplace_claims(words, first), *located_claims(words, first)])
    first = _same_genitives(words, first)
    taken = {j for c in first for j in range(c.first, c.last + 1) if c.kind != PLACE or c.last > c.first}
    persons = [claim for claim in first if claim.kind == PERSON]
    licensed = [
        *governed_claims(words, first),
        *again_claims(words, first),
        *alias_claims(words, first),
        *part_claims(words, persons, taken),
    ]
    chosen = choose([*(replace(c, rank=0 if c.kind == PLACE else c.rank + 2) for c in first), *licensed])
    return words, tuple(claim for claim in chosen if claim.kind != NOTHING)


_LICENSING = frozenset(("kind_word", "workplace", "tail", "opener", "owned", "bracketed"))


def _same_genitives(words: Words, claims: list[Claim]) -> list[Claim]:
    """Take back a genitive -s from a person's name that ends in s where no genitive can be: `Denise Özdes från`."""
    whole = {
        " ".join(words.form[c.first : c.last + 1]) for c in claims if c.kind == PERSON and c.end == words.end[c.last]
    }
    settled = []
    for claim in claims:
        written = " ".join(words.form[claim.first : claim.last + 1])
        if (
            claim.kind == PERSON
            and claim.end < words.end[claim.last]
            and written in whole
            and written[:-1] not in whole
        ):
            end = words.end[claim.last]
            claim = replace(claim, end=end, name=words.text[claim.start : end])
        settled.append(claim)
    return settled


def again_claims(words: Words, found: list[Claim]) -> Iterator[Claim]:
    """Yield further places where a name that was found once stands again, with or without genitive -s."""
    names: dict[str, dict[tuple[str, ...], Claim]] = {}
    for claim in found:
        if claim.kind == PERSON or claim.family in _LICENSING:
            forms = _forms(words, claim)
            if claim.last == claim.first and (
                len(forms[0]) < 3 or forms[0].islower() or forms[0].lower() in context("sentence_openers")
            ):
                continue
            names.setdefault(forms[0], {}).setdefault(forms, claim)
            if claim.last == claim.first:
                names.setdefault(forms[0] + "s", {}).setdefault(forms, claim)
    units = _units(words, found)
    for i, form in enumerate(words.form):
        if form.lower() in units:
            claim = units[form.lower()]
            yield replace(
                claim, first=i, last=i, start=words.start[i], end=words.end[i], name=form, key=key_of(claim), rank=2
            )
        for forms, claim in names.get(form, {}).items():
            last = i + len(forms) - 1
            if last >= len(words) or not all(words.joined[j] for j in range(i + 1, last + 1)):
                continue
            if any(words.form[j] != forms[j - i] for j in range(i, last)):
                continue
            cut = 0 if words.form[last] == forms[-1] else 1
            if cut and words.form[last] != forms[-1] + "s":
                continue
            end = words.end[last] - cut
            name = words.text[words.start[i] : end]
            yield replace(
                claim, first=i, last=last, start=words.start[i], end=end, name=name, rank=claim.rank + 3 + cut
            )


def located_claims(words: Words, found: list[Claim]) -> Iterator[Claim]:
    """Yield unknown names after `i` as places: `i Kolartorp`; they are named entities, never actors."""
    taken = {j for claim in found for j in range(claim.first, claim.last + 1)}
    for i in range(1, len(words)):
        if (
            words.shape[i] == LOWER
            or i in taken
            or words.low[i - 1] != "i"
            or not words.joined[i]
            or len(words.low[i]) < 4
        ):
            continue
        if words.form[i][0].isalpha() and words.shape[i] != CAPITALS and words.form[i].isalpha():
            cut = (
                1
                if words.low[i].endswith("s")
                and i + 1 < len(words)
                and words.joined[i + 1]
                and words.shape[i + 1] == LOWER
                else 0
            )
            end = words.end[i] - cut
            yield Claim(i, i, words.start[i], end, PLACE, "located", words.text[words.start[i] : end], None, 0)


def governed_claims(words: Words, found: list[Claim]) -> Iterator[Claim]:
    """Yield the place names of municipalities that the text names in full and no register knows: `Ulvsjö`."""
    places: dict[str, Claim] = {}
    for claim in found:
        if claim.family == "tail" and claim.org_type == "municipality" and claim.last == claim.first + 1:
            owner = words.form[claim.first]
            places.setdefault(owner, claim)
            if owner.endswith("s") and len(owner) > 4:
                places.setdefault(owner[:-1], claim)
    for i, form in enumerate(words.form) if places else ():
        named = places.get(form)
        cut = 0
        if named is None and form.endswith("s"):
            named, cut = places.get(form[:-1]), 1
        if named is not None:
            end = words.end[i] - cut
            name = words.text[words.start[i] : end]
            yield Claim(i, i, words.start[i], end, PLACE, "known", name, "municipality", 0, key_of(named))


def _units(words: Words, found: list[Claim]) -> dict[str, Claim]:
    """Return the definite forms of units named with their owner: `Ekfors kommuns resursteam` … `resursteamet`."""
    units: dict[str, Claim] = {}
    for claim in found:
        if claim.family == "owned" and claim.last > claim.first:
            head = _forms(words, claim)[-1].lower()
            for definite in (head + "et", head + "en"):
                if len(head) > 8 and head_of(definite) is not None:
                    units.setdefault(definite, claim)
    return units


def _forms(words: Words, claim: Claim) -> tuple[str, ...]:
    """Return the words of a claim as written, the last without the genitive -s that the claim leaves out."""
    forms = words.form[claim.first : claim.last + 1]
    if claim.end < words.end[claim.last]:
        forms[-1] = forms[-1][:-1]
    return tuple(forms)


def workplace_claims(words: Words, found: list[Claim]) -> Iterator[Claim]:
    """Yield unknown names that a person's role leads to: `utvecklare på Ekdal Norden`, `Karin Ek, Almfonden`."""
    taken = {
        j
        for c in found
        if c.kind in (PERSON, ORGANISATION) or (c.kind == PLACE and c.last > c.first)
        for j in range(c.first, c.last + 1)
    }
    for person in found:
        if person.kind != PERSON:
            continue
        j = _workplace(words, person, taken)
        if j is None:
            continue
        last = j
        while (
            last + 1 < len(words)
            and words.joined[last + 1]
            and words.shape[last + 1] != LOWER
            and last + 1 not in taken
            and "\n" not in words.gap(last + 1)
        ):
            last += 1
        name = words.text[words.start[j] : words.end[last]]
        if last == j and (
            len(name) < 3
            or words.low[j] in known_names()
            or words.low[j].endswith("ska")
            or name in context("acronyms_not_actors")
            or is_role_word(words.low[j])
        ):
            continue
        yield Claim(j, last, words.start[j], words.end[last], ORGANISATION, "workplace", name, "company", 1)


def _workplace(words: Words, person: Claim, taken: set[int]) -> int | None:
    """Return the first word of the unknown name that stands after `role på` or `Name,` — None where there is none."""
    role = False
    for j in range(person.last + 1, min(person.last + 10, len(words))):
        gap = words.gap(j)
        if "\n" in gap or (gap.strip(" *_)") not in ("", ",", "(") and not gap.startswith((" (", ")"))):
            return None
        if j in taken:
            return None
        if words.shape[j] != LOWER:
            leads = words.low[j - 1] in ("på", "vid", "hos", "från", "för") or is_role_word(words.low[j - 1])
            follows = role and leads and words.joined[j]
            return j if follows else None
        if gap.strip() == "," and role:
            return None
        role = role or is_role_word(words.low[j])
        if words.low[j] in ("som", "att", "och", "säger", "när") and words.low[j] != "och":
            return None
    return None


__all__ = ["ORGANISATION", "PERSON", "PLACE", "context", "find_names"]
