"""Named entities as the field counts them: persons, organisations and places with a capital letter."""

from __future__ import annotations

from offtext.encoder import States
from offtext.layers.actors.claims import ORGANISATION, PERSON, PLACE, Claim
from offtext.layers.actors.names import find_names
from offtext.layout import Layout
from offtext.record import Entity

_LABELS = {PERSON: "PER", ORGANISATION: "ORG", PLACE: "LOC"}


def find_entities(layout: Layout, states: States | None = None) -> tuple[Entity, ...]:
    """Return persons (PER), organisations (ORG) and places (LOC) in reading order, without overlap.

    Only names written with a capital count, in the manner of Universal NER; `find_actors` also takes `regeringen`.

    >>> from offtext.layout import parse
    >>> text = "Karin Ek i Borås skrev till Socialstyrelsen."
    >>> [(text[e.start : e.end], e.label) for e in find_entities(parse(text))]
    [('Karin Ek', 'PER'), ('Borås', 'LOC'), ('Socialstyrelsen', 'ORG')]
    """
    words, claims = find_names(layout)
    return tuple(
        _entity(claim) for claim in claims if words.text[claim.start].isupper() and not claim.family.endswith("_lower")
    )


def _entity(claim: Claim) -> Entity:
    return Entity(claim.start, claim.end, _LABELS[claim.kind])
