"""Named entities as the field counts them: persons, organisations and places with a capital letter."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from offtext.encoder import States
from offtext.encoder.states import Tagged
from offtext.layers.actors.claims import ORGANISATION, PERSON, PLACE
from offtext.layers.actors.names import find_names
from offtext.layers.actors.words import Words
from offtext.layout import Layout
from offtext.record import Entity

TASK = "entities"
_LABELS = {PERSON: "PER", ORGANISATION: "ORG", PLACE: "LOC"}


def find_entities(layout: Layout, states: States | None = None) -> tuple[Entity, ...]:
    """Return persons (PER), organisations (ORG) and places (LOC) in reading order, without overlap.

    Only names written with a capital count, in the manner of Universal NER; `find_actors` also takes `regeringen`.

    Args:
        layout: The text with its blocks and sentences.
        states: What the model says of the text. Its names come first; the rules add persons where it sees none.

    >>> from offtext.layout import parse
    >>> text = "Karin Ek i Borås skrev till Socialstyrelsen."
    >>> [(text[e.start : e.end], e.label) for e in find_entities(parse(text))]
    [('Karin Ek', 'PER'), ('Borås', 'LOC'), ('Socialstyrelsen', 'ORG')]
    """
    words, claims = find_names(layout)
    by_rule = [
        Entity(claim.start, claim.end, _LABELS[claim.kind])
        for claim in claims
        if words.text[claim.start].isupper() and not claim.family.endswith("_lower")
    ]
    if states is None or states.scores is None or TASK not in states.scores.labels:
        return tuple(by_rule)
    tagged = [Entity(*_whole_words(words, span), span.label, span.score) for span in states.scores.spans(TASK)]
    # on Universal NER's Talbanken the rules' organisations and places would cost two points of F1, their persons none
    return _joined(tagged, [entity for entity in by_rule if entity.label == "PER"])


def _whole_words(words: Words, span: Tagged) -> tuple[int, int]:
    """Return the bounds of the words that a span touches."""
    first = max(bisect_right(words.start, span.start) - 1, 0)
    last = bisect_left(words.start, span.end) - 1
    start = words.start[first] if words.start and words.end[first] > span.start else span.start
    end = max(span.end, words.end[last]) if last >= first else span.end
    return min(start, span.start), end


def _joined(tagged: list[Entity], by_rule: list[Entity]) -> tuple[Entity, ...]:
    kept: list[Entity] = []
    for entity in tagged:
        if not kept or entity.start >= kept[-1].end:
            kept.append(entity)
    starts, ends = [e.start for e in kept], [e.end for e in kept]
    free = [e for e in by_rule if bisect_right(ends, e.start) == bisect_left(starts, e.end)]
    return tuple(sorted((*kept, *free), key=lambda e: e.start))
