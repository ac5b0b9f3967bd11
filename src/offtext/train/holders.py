"""Train the weights that choose the holder of a goal: a binary linear model over (goal, actor) pairs.

Run: `python -m offtext.train.holders FOLDER ... --out src/offtext/lexicon/holder_weights.json`.
The folders hold the sets of annotations (`offtext.train.annotated` says which).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from offtext.document import Span
from offtext.layers.actors import find_actors
from offtext.layers.document_type import find_document_type
from offtext.layers.goals.cues import Candidate, find_candidates
from offtext.layers.goals.holders import Holders, HolderWeights
from offtext.layers.metadata import find_metadata
from offtext.layers.quotes import find_quotes
from offtext.layout import Layout, parse
from offtext.record import Actor, Metadata, Quote
from offtext.train.annotated import Sample, add_sets, fold_of, read_sets, weighed
from offtext.train.goals import likeness

LEAST_COUNT = 4
STRENGTH = 0.07  # inverse strength of the quadratic penalty, chosen by cross-validation


@dataclass(frozen=True)
class Choice:
    """One goal: the actors that may hold it with their features, and the id of the one that does."""

    group: str
    names: list[list[str]]
    ids: list[str | None]
    holder: str | None
    set: str = ""
    weight: float = 1.0


def records_of(gold: dict[str, Any]) -> tuple[list[Actor], list[Quote], Metadata]:
    """Return an annotation's actors, quotes and metadata as records."""
    actors: dict[str, Actor] = {}
    for a in sorted(gold["actors"], key=lambda a: a["affiliation"] is not None):
        spans = tuple(Span(m["start"], m["end"]) for m in a["mentions"])
        actors[a["id"]] = Actor(
            a["id"], a["name"], a["kind"], spans, a["org_type"], a["role"], a["party"], actors.get(a["affiliation"])
        )
    quotes = [
        Quote(
            f"q{n}",
            q["kind"],
            tuple(Span(s["start"], s["end"]) for s in q["spans"]),
            "",
            actors.get(q["speaker"] or ""),
        )
        for n, q in enumerate(gold["quotes"])
    ]
    meta = gold["meta"]
    sender, recipient, signatory = (
        tuple(actors[i] for i in meta.get(key) or () if i in actors) for key in ("sender", "recipient", "signatory")
    )
    return list(actors.values()), quotes, Metadata(sender=sender, recipient=recipient, signatory=signatory)


def choices_of(sample: Sample) -> list[Choice]:
    """Return the goals of a document, each with the candidate that matches it best and the actors that may hold it.

    Every goal comes twice: with the annotated actors, and with those that the rules find.
    """
    gold, layout = sample.gold, parse(sample.text)
    candidates = find_candidates(layout)
    actors, quotes, meta = records_of(gold)
    choices = _among(sample, layout, candidates, Holders(layout, actors, quotes, meta, gold["doc_type"]), None)
    found = find_actors(layout)
    doc_type = find_document_type(layout, None)
    meta = find_metadata(layout, found, doc_type, {})
    holders = Holders(layout, found, find_quotes(layout, found, doc_type), meta, doc_type.label)
    return choices + _among(sample, layout, candidates, holders, _twins(gold, found))


def _twins(gold: dict[str, Any], found: Sequence[Actor]) -> dict[str, str]:
    """Return the id of the found actor that shares most mentions with each annotated one."""
    places = {actor.id: {(m.start, m.end) for m in actor.mentions} for actor in found}
    twins: dict[str, str] = {}
    for actor in gold["actors"]:
        own = {(m["start"], m["end"]) for m in actor["mentions"]}
        best = max(places, key=lambda name: len(own & places[name]), default=None)
        if best and own & places[best]:
            twins[actor["id"]] = best
    return twins


def _among(
    sample: Sample,
    layout: Layout,
    candidates: Sequence[Candidate],
    holders: Holders,
    twins: Mapping[str, str] | None,
) -> list[Choice]:
    choices = []
    for goal in sample.gold["goals"]:
        span = (goal["start"], goal["end"])
        near = [c for c in candidates if c.start < span[1] and c.end > span[0]]
        best = max(near, key=lambda c: likeness(span, (c.start, c.end)), default=None)
        holder = goal["holder"] if twins is None else twins.get(goal["holder"])
        lost = goal["holder"] and not holder  # nobody could choose an actor that was not found
        if best and not lost and likeness(span, (best.start, best.end)) >= 0.5:
            weighed = list(holders.weigh(best, goal["kind"]))
            names, ids = [names for _, names in weighed], [actor.id if actor else None for actor, _ in weighed]
            choices.append(Choice(sample.group, names, ids, holder, sample.set, sample.weight))
    return choices


def fit(choices: Sequence[Choice], strength: float) -> HolderWeights:
    """Fit a conditional logit: the holder of each goal against the other choices, nobody among them."""
    choices = [c for c in choices if c.weight]
    counts = Counter(name for c in choices for row in c.names for name in row)
    index = {name: n for n, name in enumerate(sorted(n for n, count in counts.items() if count >= LEAST_COUNT))}
    usable = [c for c in choices if c.holder in c.ids]
    rows: list[int] = []
    columns: list[int] = []
    right: list[bool] = []
    goals: list[int] = []
    for number, c in enumerate(usable):
        for row, actor in zip(c.names, c.ids, strict=True):
            known = [index[name] for name in row if name in index]
            rows += [len(right)] * len(known)
            columns += known
            right.append(actor == c.holder)
            goals.append(number)
    matrix = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(right), len(index)))
    goal, truth = np.array(goals), np.array(right, dtype=float)
    heavy = np.array([c.weight for c in usable])[goal]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        totals = matrix @ weights
        top = np.full(len(usable), -np.inf)
        np.maximum.at(top, goal, totals)
        powers = np.exp(totals - top[goal])
        shares = powers / np.bincount(goal, powers)[goal]
        lost = -np.log(np.maximum(shares, 1e-12)) * heavy * truth
        value = lost.sum() + (weights @ weights) / (2 * strength)
        return float(value), matrix.T @ (heavy * (shares - truth)) + weights / strength

    fitted = minimize(loss, np.zeros(len(index)), jac=True, method="L-BFGS-B", options={"maxiter": 150}).x
    return HolderWeights({name: round(float(fitted[n]), 3) for name, n in index.items() if abs(fitted[n]) >= 0.02})


def accuracy(weights: HolderWeights, choices: Sequence[Choice]) -> tuple[int, int]:
    """Return how many holders are right, of those that are annotated or found."""
    right = total = 0
    for c in choices:
        found = max((weights.total(n), number, i) for number, (n, i) in enumerate(zip(c.names, c.ids, strict=True)))[2]
        if found or c.holder:
            total += 1
            right += found == c.holder
    return right, total


def report(choices: Sequence[Choice], strength: float, out: Path | None) -> None:
    """Print the cross-validated accuracy of each set; fit on all choices and write the weights to `out`."""
    counts = {c.set: np.zeros(2, dtype=int) for c in choices}
    for held in range(5):
        weights = fit([c for c in choices if fold_of(c.group) != held], strength)
        for name, count in counts.items():
            count += accuracy(weights, [c for c in choices if c.set == name and fold_of(c.group) == held])
    counts["together"] = sum(counts.values(), np.zeros(2, dtype=int))
    for name, (right, total) in counts.items():
        print(f"{name:10} cross-validated {right / max(1, total):.3f} of {total}")
    if out:
        weights = fit(choices, strength)
        print(f"{len(weights.features)} features")
        data = {"features": weights.features}
        out.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def main() -> None:
    """Print the cross-validated accuracy, write the weights."""
    parser = argparse.ArgumentParser(description="Train the weights that choose the holder of a goal.")
    add_sets(parser)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--strength", type=float, default=STRENGTH)
    arguments = parser.parse_args()
    samples = read_sets(arguments.folders, weighed(arguments.sets))
    report([choice for sample in samples for choice in choices_of(sample)], arguments.strength, arguments.out)


if __name__ == "__main__":
    main()
