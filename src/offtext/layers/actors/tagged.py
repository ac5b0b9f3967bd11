"""Names by rules and names by the model's tags, weighed against each other: which of them are mentions of actors."""

from __future__ import annotations

import json
import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from offtext.encoder import Scores, States, Store, scores_for
from offtext.layers.actors.claims import ORGANISATION, PERSON, Claim
from offtext.layers.actors.extents import in_genitive
from offtext.layers.actors.words import LOWER, Words

FILE = "actors.json"  # the weights, in the model's folder: they are fitted to what the model says
TASK = "actors"
FEWEST = 0.5  # a name is an actor when that is likelier than not


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name that may be a mention of an actor: `meant` tells whether the rules take it for one."""

    claim: Claim
    meant: bool

    @property
    def kind(self) -> str:
        """'person' or 'organisation'; a place can only be meant as the body that governs it."""
        return PERSON if self.claim.kind == PERSON else ORGANISATION


@dataclass(frozen=True)
class Weights:
    """A logistic model a kind of actor, over named features."""

    bias: Mapping[str, float]
    features: Mapping[str, Mapping[str, float]]

    def probability(self, kind: str, features: Mapping[str, float]) -> float:
        """Return how likely a name with these features is a mention of an actor."""
        own = self.features[kind]
        total = self.bias[kind] + sum(own.get(name, 0.0) * value for name, value in features.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def load_weights(store: Store) -> Weights:
    """Return the weights of a model."""
    said = json.loads(store.path(FILE).read_text(encoding="utf-8"))
    return Weights(said["bias"], said["features"])


def weighed(words: Words, claims: Sequence[Claim], meant: Sequence[Claim], states: States | None) -> list[Claim]:
    """Return the mentions of actors in reading order, each with its probability.

    Args:
        words: The text's words.
        claims: Every name that the rules see, places too.
        meant: Those of them that the rules take for actors.
        states: What the model says; a model without actor tags or weights changes nothing.
    """
    scores = scores_for(states, FILE)
    if states is None or scores is None:
        return list(meant)
    weights = load_weights(states.store)
    found = candidates(words, claims, meant, scores)
    rows = features_of(words, found, scores)
    chances = [weights.probability(c.kind, row) for c, row in zip(found, rows, strict=True)]
    return _apart(replace(c.claim, sure=p) for c, p in zip(found, chances, strict=True) if p >= FEWEST)


def candidates(words: Words, claims: Sequence[Claim], meant: Sequence[Claim], scores: Scores) -> list[Candidate]:
    """Return the names of the rules, and those that only the model sees."""
    taken = {(claim.start, claim.end) for claim in meant}
    found = [Candidate(claim, True) for claim in meant]
    found += [Candidate(claim, False) for claim in claims if (claim.start, claim.end) not in taken]
    known = {(c.claim.start, c.claim.end) for c in found}
    for claim in _of_tags(words, scores):
        if (claim.start, claim.end) not in known:
            found.append(Candidate(claim, False))
    return sorted(found, key=lambda c: (c.claim.start, c.claim.end))


def _of_tags(words: Words, scores: Scores) -> Iterator[Claim]:
    """Yield what the model tags as an actor, from word to word, without a genitive -s."""
    for span in scores.spans(TASK):
        first = bisect_right(words.start, span.start) - 1
        if first < 0 or words.end[first] <= span.start:
            first += 1
        last = bisect_left(words.start, span.end) - 1
        if last < first or first >= len(words):
            continue
        end = words.end[last]
        if span.end < end and words.low[last].endswith("s"):
            end -= 1  # the model itself leaves the -s out
        elif in_genitive(words, last):
            end -= 1
        org_type = None
        if span.label == ORGANISATION:
            shares = scores.share("org_type", [(span.start, span.end)])[0]
            org_type = scores.labels["org_type"][int(shares.argmax())]
        start = words.start[first]
        yield Claim(first, last, start, end, span.label, "model", words.text[start:end], org_type)


def features_of(words: Words, found: Sequence[Candidate], scores: Scores) -> list[dict[str, float]]:
    """Return the features of each candidate: what the rules say, what the model says here and of the same name."""
    spans = [(c.claim.start, c.claim.end) for c in found]
    tags = scores.share(TASK, spans)
    entities = scores.share("entities", spans)
    own = {(span.start, span.end): span.label for span in scores.spans(TASK)}
    people, bodies = (scores.labels[TASK].index(kind) for kind in (PERSON, ORGANISATION))
    elsewhere: dict[tuple[str, str], list[float]] = defaultdict(list)
    for c, row in zip(found, tags, strict=True):
        elsewhere[c.kind, c.claim.name.lower()].append(float(row[people if c.kind == PERSON else bodies]))
    rows = []
    for c, tag, entity in zip(found, tags, entities, strict=True):
        claim = c.claim
        chance = float(tag[people if c.kind == PERSON else bodies])
        same = elsewhere[c.kind, claim.name.lower()]
        exact = own.get((claim.start, claim.end)) == c.kind or (
            claim.end < words.end[claim.last] and own.get((claim.start, words.end[claim.last])) == c.kind
        )
        row = {
            f"family={claim.family}": 1.0,
            f"family={claim.family}&meant": float(c.meant),
            f"kind={claim.kind}&meant": float(c.meant),
            f"type={claim.org_type}": 1.0,
            "tag": _log_odds(chance),
            f"tag&{'meant' if c.meant else claim.kind}": _log_odds(chance),
            "tag of the name": _log_odds(sum(same) / len(same)),
            "best tag of the name": _log_odds(max(same)),
            "exact": float(exact),
            f"exact&{'meant' if c.meant else claim.kind}": float(exact),
            "lower": float(words.shape[claim.first] == LOWER),
            "words": min(claim.last - claim.first, 4) / 2,
        }
        row |= {f"entity={label}": float(p) for label, p in zip(scores.labels["entities"], entity, strict=True)}
        rows.append(row)
    return rows


def _apart(claims: Iterable[Claim]) -> list[Claim]:
    """Keep the likeliest of overlapping claims, in reading order."""
    taken: set[int] = set()
    kept = []
    for claim in sorted(claims, key=lambda c: (-(c.sure or 0.0), c.first)):
        inside = range(claim.first, claim.last + 1)
        if taken.isdisjoint(inside):
            taken.update(inside)
            kept.append(claim)
    return sorted(kept, key=lambda c: c.start)


def _log_odds(chance: float) -> float:
    safe = min(max(chance, 0.002), 0.998)
    return math.log(safe / (1 - safe))
