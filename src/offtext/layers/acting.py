"""Whether a name is an actor where it stands: a place may be meant as a place, or as the body that governs it."""

from __future__ import annotations

from collections.abc import Sequence

from offtext.layers.claims import ORGANISATION, PERSON, PLACE, Claim
from offtext.layers.organisations import context
from offtext.layers.words import Words


def acts(words: Words, claim: Claim, claims: Sequence[Claim]) -> bool:
    """Tell whether a claim counts as a mention of an actor."""
    if claim.kind == PERSON:
        return True
    if claim.kind == ORGANISATION and claim.name.lower() not in _PLACE_LIKE:
        return True
    if claim.org_type is None:
        return False
    before = words.low[claim.first - 1] if claim.first and words.joined[claim.first] else ""
    after = words.low[claim.last + 1] if claim.last + 1 < len(words) and words.joined[claim.last + 1] else ""
    if before in context("place_prepositions"):
        return False
    if claim.org_type in ("government", "international"):
        return True
    return after in context("acting_verbs") and claim.end == words.end[claim.last]


_PLACE_LIKE = frozenset(("eu", "staten", "polisen"))
