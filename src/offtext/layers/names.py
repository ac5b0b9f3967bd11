"""Every name of a text, in two passes: names in full first, then what they license elsewhere (family names, abbreviations)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from offtext.layers.claims import NOTHING, ORGANISATION, PERSON, PLACE, Claim, choose
from offtext.layers.organisations import context, head_claims, kind_word_claims, known_claims, not_actor_claims
from offtext.layers.persons import part_claims, person_claims
from offtext.layers.words import LOWER, Words, read_words
from offtext.layout import Layout


def find_names(layout: Layout) -> tuple[Words, list[Claim]]:
    """Return the words of a text and its names (persons, organisations, places) in reading order."""
    words = read_words(layout)
    known = list(known_claims(words))
    organisations = [*known, *head_claims(words, known), *kind_word_claims(words), *not_actor_claims(words)]
    blocked = frozenset(
        j for c in organisations if c.kind == ORGANISATION and (c.last > c.first or c.family in ("head", "opener"))
        and c.family != "kind_word" for j in range(c.first, c.last + 1)
    )
    chosen = choose([*organisations, *person_claims(words, blocked)])
    taken = {j for claim in chosen for j in range(claim.first, claim.last + 1) if claim.kind != PLACE or claim.last > claim.first}
    persons = [claim for claim in chosen if claim.kind == PERSON]
    extra = [*part_claims(words, persons, taken), *abbreviation_claims(words, chosen)]
    chosen = choose([*(replace(c, rank=c.rank + 2) if c.kind != PLACE else replace(c, rank=0) for c in chosen), *extra])
    return words, [claim for claim in chosen if claim.kind != NOTHING]


@cache
def _bracket() -> re.Pattern[str]:
    return re.compile(r"s?[*_]{0,2}[ \xa0]?\([*_\"”]{0,2}([A-ZÅÄÖ][\w&/-]{0,14}[A-ZÅÄÖa-zåäö])[*_\"”]{0,2}[),]")


def abbreviation_claims(words: Words, chosen: list[Claim]) -> Iterator[Claim]:
    """Yield the abbreviations that a text defines in brackets after a name, wherever they stand."""
    short: dict[str, Claim] = {}
    for claim in chosen:
        if claim.kind == ORGANISATION:
            match = _bracket().match(words.text, claim.end)
            if match and sum(c.isupper() for c in match[1]) > 1:
                short.setdefault(match[1], claim)
    if not short:
        return
    for i, form in enumerate(words.form):
        if words.shape[i] == LOWER:
            continue
        claim = short.get(form)
        if claim is not None:
            yield Claim(i, i, words.start[i], words.end[i], ORGANISATION, "abbreviation", form, claim.org_type, 5, claim.key or claim.name.lower())


__all__ = ["ORGANISATION", "PERSON", "PLACE", "context", "find_names"]
