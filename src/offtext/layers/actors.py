"""Actors of a text: its names merged into persons and organisations that act, speak, are addressed or take part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from offtext.document import Span
from offtext.layers.acting import acts
from offtext.layers.claims import ORGANISATION, PERSON, PLACE, Claim
from offtext.layers.names import find_names
from offtext.layers.words import Words
from offtext.layout import Layout
from offtext.record import Actor, Entity


@dataclass
class _Group:
    """Claims that mean the same actor, while they are being gathered."""

    kind: str
    claims: list[Claim] = field(default_factory=list)
    org_type: str | None = None


def find_actors(layout: Layout, entities: Sequence[Entity] = ()) -> tuple[Actor, ...]:
    """Return the persons and organisations of a text in the order of first mention, with ids a1, a2 …

    Args:
        layout: The text with its blocks and sentences.
        entities: Named entities of another finder (a model): persons among them that the rules missed are added.

    >>> from offtext.layout import parse
    >>> found = find_actors(parse("Karin Ek, rektor i Tranås kommun, slutar. Ek har ledt skolan i tio år."))
    >>> [(actor.name, actor.kind, len(actor.mentions)) for actor in found]
    [('Karin Ek', 'person', 2), ('Tranås kommun', 'organisation', 1)]
    """
    words, claims = find_names(layout)
    groups = _merge(words, [claim for claim in claims if acts(words, claim, claims)])
    actors = []
    for number, group in enumerate(groups, 1):
        name = max(group.claims, key=lambda c: (len(c.name.split()), len(c.name))).name
        spans = tuple(Span(c.start, c.end) for c in group.claims)
        actors.append(Actor(f"a{number}", " ".join(name.split()), group.kind, spans, group.org_type))
    return tuple(actors)


def _merge(words: Words, claims: list[Claim]) -> list[_Group]:
    groups: dict[str, _Group] = {}
    part_of: dict[str, str] = {}
    for claim in claims:
        if claim.kind == PERSON and not claim.family.endswith("_part"):
            key = "p " + _plain(claim.name)
            for part in _plain(claim.name).split():
                part_of[part] = key
    for claim in claims:
        if claim.kind == PERSON:
            key = "p " + _plain(claim.name)
            if claim.family.endswith("_part"):
                key = part_of.get(_plain(claim.name), key)
        else:
            key = "o " + (claim.key or _plain(claim.name))
        group = groups.setdefault(key, _Group(PERSON if claim.kind == PERSON else ORGANISATION))
        group.claims.append(claim)
        if group.kind == ORGANISATION and group.org_type is None:
            group.org_type = claim.org_type or "other"
    return sorted(groups.values(), key=lambda g: g.claims[0].start)


def _plain(name: str) -> str:
    return " ".join(name.replace("\xad", "").lower().split())


__all__ = ["PLACE", "find_actors"]
