"""Whether a name is an actor where it stands: a place may be meant as a place, or as the body that governs it."""

from __future__ import annotations

from offtext.layers.claims import ORGANISATION, PERSON, PLACE, Claim
from offtext.layers.heads import context
from offtext.layers.titles import is_role_word
from offtext.layers.words import Words

_PLACE_LIKE = frozenset(("eu", "staten", "polisen", "länsstyrelserna"))


def acting(words: Words, claims: list[Claim]) -> list[Claim]:
    """Return the claims that are mentions of actors, in reading order.

    Persons always are, and organisations unless their name is also used for a territory. A place is one where the
    body that governs it acts, is addressed or takes part; in a list the first place decides.
    """
    kept: list[Claim] = []
    previous: Claim | None = None
    decided = False
    for claim in claims:
        if claim.kind == PERSON or (claim.kind == ORGANISATION and claim.name.lower() not in _PLACE_LIKE):
            if not _is_party_of(words, claim, previous):
                kept.append(claim)
        elif claim.kind in (PLACE, ORGANISATION):
            if previous is not None and previous.kind == PLACE and _listed(words, previous, claim):
                decided = decided and claim.org_type is not None
            else:
                decided = claim.org_type is not None and _acts(words, claim)
            if decided:
                kept.append(claim)
        previous = claim
    return kept


def _is_party_of(words: Words, claim: Claim, previous: Claim | None) -> bool:
    """Tell whether a name is the bracketed party of the person before it: `Karin Ek (KB)`."""
    if previous is None or previous.kind != PERSON or claim.kind == PERSON:
        return False
    return words.text[previous.end : claim.start].strip(" *_") == "(" and words.text[claim.end : claim.end + 1] == ")"


def _listed(words: Words, previous: Claim, claim: Claim) -> bool:
    """Tell whether only a comma or `och` stands between two names."""
    between = words.text[words.end[previous.last] : claim.start]
    return len(between) < 9 and between.strip() in (",", "och", "samt", "eller", "and", "/", "&", ", och")


def _acts(words: Words, claim: Claim) -> bool:
    genitive = claim.end != words.end[claim.last] or words.text[claim.end : claim.end + 2] == ":s"
    before = words.low[claim.first - 1] if claim.first and words.joined[claim.first] else ""
    following = claim.last + (2 if words.text[claim.end : claim.end + 2] == ":s" else 1)
    after = words.low[following] if following < len(words) and words.joined[following] else ""
    if claim.name == "EU" and genitive:
        return words.text[claim.start - 1 : claim.start] not in ("(", "[", "/")
    if claim.name == "EU" and (after == "nr" or after.isdigit()):
        return False
    if before in context("place_prepositions") or before in context("place_verbs"):
        return False
    if words.text[claim.start - 1 : claim.start] in ("(", "[", "/", "#") and claim.start:
        return False
    if claim.name == "Polisen" and not words.opens[claim.first]:
        return True
    if claim.name.lower() == "polisen":
        return after in context("acting_verbs")
    if genitive and is_role_word(after):
        return True
    if claim.org_type in ("government", "international", "agency"):
        return not genitive or after in context("acting_nouns")
    return not genitive and (after in context("acting_verbs") or before in context("acting_verbs"))


def without_credits(words: Words, claims: list[Claim]) -> list[Claim]:
    """Leave out persons who are named only in photo credits: `Foto: Karin Ek`."""
    credited: dict[str, list[bool]] = {}
    for claim in claims:
        if claim.kind == PERSON:
            before = words.low[claim.first - 1] if claim.first else ""
            close = claim.first > 0 and words.gap(claim.first).strip(" *_[") in (":", "", "/", ",")
            credited.setdefault(claim.name, []).append(close and before in context("credits"))
    return [claim for claim in claims if claim.kind != PERSON or not all(credited[claim.name])]
