"""Actors of a text: its names merged into persons and organisations that act, speak, are addressed or take part."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from offtext.document import Span
from offtext.encoder import States
from offtext.layers.actors.claims import ORGANISATION, PERSON, PLACE, Claim
from offtext.layers.actors.employers import Employers
from offtext.layers.actors.groups import Group, gather
from offtext.layers.registers import link
from offtext.layout import Layout
from offtext.lexicon import load_toml
from offtext.record import Actor, Register


def find_actors(layout: Layout, states: States | None = None) -> tuple[Actor, ...]:
    """Return the persons and organisations of a text in the order of first mention, with ids a1, a2 and so on.

    Args:
        layout: The text with its blocks and sentences.
        states: What the model says of the same text: its tags are weighed against the names that the rules see.

    >>> from offtext.layout import parse
    >>> found = find_actors(parse("Karin Ek, rektor i Tranås kommun, slutar. Ek har ledt skolan i tio år."))
    >>> [(actor.name, actor.kind, actor.role, len(actor.mentions)) for actor in found]
    [('Karin Ek', 'person', 'rektor i Tranås kommun', 2), ('Tranås kommun', 'organisation', None, 1)]
    >>> found[0].affiliation.name
    'Tranås kommun'
    """
    return _records(gather(layout, states), layout.text)


def _records(groups: list[Group], text: str) -> tuple[Actor, ...]:
    actors: list[Actor] = []
    for number, group in enumerate(groups):
        name = group.name
        linked = link(name, group.org_type) if group.kind == ORGANISATION else None
        actors.append(
            Actor(
                id=f"a{number + 1}",
                name=name,
                kind=group.kind,
                mentions=tuple(Span(claim.start, claim.end) for claim in group.claims),
                org_type=group.org_type,
                role=group.role,
                party=group.party,
                register=linked.register if linked is not None else None,
                score=max(_score(claim) for claim in group.claims),
            )
        )
    for number, employer in Employers(text, groups).all():
        actors[number] = replace(actors[number], affiliation=actors[employer])
    return tuple(_with_party(actor, actors) for actor in actors)


def _with_party(person: Actor, actors: list[Actor]) -> Actor:
    """Let a person who speaks for a party have its abbreviation, and one with a bare abbreviation the party."""
    if person.kind != PERSON:
        return person
    party = person.affiliation
    if party is not None and party.org_type == "party" and party.register is not None and person.party is None:
        return replace(person, party=party.register.code)
    if person.party is not None and party is None:
        own = next((a for a in actors if a.register == Register("party", person.party)), None)
        return replace(person, affiliation=own)
    return person


def _score(claim: Claim) -> float:
    if claim.sure is not None:
        return claim.sure
    return score_of(PLACE if claim.kind == PLACE else claim.family)


@cache
def score_of(family: str) -> float:
    """Return the share of actors found by this sort of evidence that were right in the annotated documents."""
    scores: dict[str, float] = load_toml("actors")["scores"]
    return scores.get(family, scores["other"])
