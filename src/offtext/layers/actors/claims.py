"""A claim says that some words are a name, of what kind, and on what evidence; of those that overlap the best stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

PERSON, ORGANISATION, PLACE, NOTHING = "person", "organisation", "place", "nothing"


@dataclass(frozen=True, slots=True)
class Claim:
    """Words `first` to `last` (both included) are a name.

    Attributes:
        first: Index of the first word.
        last: Index of the last word.
        start: First character.
        end: End of the name; before a genitive -s.
        kind: 'person', 'organisation', 'place', or 'nothing' for what only looks like a name (a law, a project).
        org_type: For organisations and for places that are governed.
        family: The sort of evidence; `lexicon/actor_scores` has the precision of each.
        name: The name in its base form.
        sure: The probability that a model gives; None for rules, whose families have a measured one.
        key: The official name where a register has one: claims with the same key are the same actor.
        rank: Which claim stands when two of the same length overlap: the higher.
    """

    first: int
    last: int
    start: int
    end: int
    kind: str
    family: str
    name: str
    org_type: str | None = None
    rank: int = 0
    key: str = ""
    sure: float | None = None


def choose(claims: Iterable[Claim]) -> list[Claim]:
    """Keep the longest of overlapping claims, in reading order; linear but for the sorting.

    A name inside a longer name is no mention of its own.
    """
    taken: set[int] = set()
    kept = []
    for claim in sorted(claims, key=lambda c: (-(c.last - c.first), -c.rank, c.first)):
        words = range(claim.first, claim.last + 1)
        if taken.isdisjoint(words):
            taken.update(words)
            kept.append(claim)
    return sorted(kept, key=lambda c: c.start)
