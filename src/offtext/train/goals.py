"""Train the goal candidate scorer: cross-validated, written as JSON that the layer reads without scikit-learn.

Run: `python -m offtext.train.goals FOLDER ... --out src/offtext/lexicon/goal_weights.json`.
The folders hold the sets of annotations (`offtext.train.annotated` says which).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from offtext.document import Span
from offtext.encoder import States
from offtext.layers.goals.cues import Candidate
from offtext.layers.goals.find import candidates_of, select
from offtext.layers.goals.scorer import NONE, Context, Weights, features_of, prior_of
from offtext.layers.goals.tagged import Tags
from offtext.layout import parse
from offtext.record import DocumentType, Quote
from offtext.train.annotated import Sample, add_sets, fold_of, read_sets, weighed

LEAST_COUNT = 4  # a feature seen fewer times than this is not learned
STRENGTH = 0.05  # inverse strength of the quadratic penalty, chosen by cross-validation
NEARLY = 0.8  # a candidate is right when its likeness to the goal is this share of the best candidate's
THRESHOLDS = (0.15, 0.2, 0.225, 0.25, 0.3)


@dataclass(frozen=True)
class Example:
    """One annotated document, made ready: its candidates with their features and gold kinds."""

    group: str
    candidates: list[Candidate]
    features: list[list[str]]
    priors: list[float]
    labels: list[str]
    gold: list[tuple[int, int, str]]
    set: str = ""
    weight: float = 1.0


def likeness(a: tuple[int, int], b: tuple[int, int]) -> float:
    """Return the Jaccard likeness of two character spans."""
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return shared / (max(a[1], b[1]) - min(a[0], b[0])) if shared > 0 else 0.0


def example_of(sample: Sample, states: States | None = None) -> Example:
    """Make an annotated document ready, with the tags of a model that had not seen it if there is one."""
    gold, layout = sample.gold, parse(sample.text)
    quotes = [
        Quote(f"q{n}", q["kind"], tuple(Span(s["start"], s["end"]) for s in q["spans"]), "")
        for n, q in enumerate(gold["quotes"])
    ]
    tags = Tags(states.scores) if states is not None and states.scores is not None else None
    context = Context(layout, quotes, DocumentType(gold["doc_type"], 1.0), tags)
    candidates = candidates_of(layout, tags)
    goals = [(g["start"], g["end"], g["kind"]) for g in gold["goals"]]
    labels = _labels([(c.start, c.end) for c in candidates], goals)
    return Example(
        sample.group,
        candidates,
        [features_of(c, context) for c in candidates],
        [prior_of(c) for c in candidates],
        labels,
        goals,
        sample.set,
        sample.weight,
    )


def _labels(spans: Sequence[tuple[int, int]], goals: Sequence[tuple[int, int, str]]) -> list[str]:
    """Label a span by the goal that it is most like, if it is nearly as good a span for it as any other candidate."""
    nearest = [max(((likeness(s, g[:2]), n) for n, g in enumerate(goals)), default=(0.0, 0)) for s in spans]
    best: dict[int, float] = defaultdict(float)
    for score, goal in nearest:
        best[goal] = max(best[goal], score)
    return [goals[n][2] if score >= 0.5 and score >= NEARLY * best[n] else NONE for score, n in nearest]


def fit(examples: Sequence[Example], strength: float = STRENGTH, threshold: float = 0.2) -> Weights:
    """Fit the multinomial model on the candidates of `examples`."""
    examples = [e for e in examples if e.weight]
    counts = Counter(name for e in examples for row in e.features for name in row)
    names = sorted(name for name, count in counts.items() if count >= LEAST_COUNT)
    index = {name: n + 1 for n, name in enumerate(names)}
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    labels: list[str] = []
    heavy: list[float] = []
    for e in examples:
        heavy += [e.weight] * len(e.labels)
        for features, prior, label in zip(e.features, e.priors, e.labels, strict=True):
            row = len(labels)
            labels.append(label)
            known = [0, *(index[name] for name in features if name in index)]
            rows += [row] * len(known)
            columns += known
            values += [prior, *([1.0] * (len(known) - 1))]
    matrix = csr_matrix((values, (rows, columns)), shape=(len(labels), len(names) + 1))
    model = LogisticRegression(C=strength, max_iter=150, tol=1e-3)
    model.fit(matrix, labels, sample_weight=heavy)
    table = {name: tuple(round(float(w), 2) for w in model.coef_[:, n]) for name, n in [("prior", 0), *index.items()]}
    table = {name: row for name, row in table.items() if max(map(abs, row)) >= 0.03}
    return Weights(tuple(model.classes_), tuple(round(float(b), 3) for b in model.intercept_), table, threshold)


@dataclass
class Figures:
    """Counts of a comparison with the gold goals."""

    hit: int = 0
    found: int = 0
    gold: int = 0
    kind: int = 0

    @property
    def f(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.hit / max(1, self.found + self.gold)

    def __str__(self) -> str:
        p, r = self.hit / max(1, self.found), self.hit / max(1, self.gold)
        return f"P {p:.3f} R {r:.3f} F {self.f:.3f} kind {self.kind / max(1, self.hit):.3f}"


def compare(example: Example, chosen: Sequence[tuple[Candidate, str, float]], figures: Figures) -> None:
    """Count the goals found one-to-one."""
    pairs = sorted(
        (
            (likeness(g[:2], (c.start, c.end)), i, j)
            for i, g in enumerate(example.gold)
            for j, (c, _, _) in enumerate(chosen)
        ),
        reverse=True,
    )
    used_gold: set[int] = set()
    used: set[int] = set()
    for score, i, j in pairs:
        if score >= 0.5 and i not in used_gold and j not in used:
            used_gold.add(i)
            used.add(j)
            figures.kind += example.gold[i][2] == chosen[j][1]
    figures.hit += len(used)
    figures.found += len(chosen)
    figures.gold += len(example.gold)


def cross_validate(
    examples: Sequence[Example], strength: float, thresholds: Sequence[float], fold: Sequence[int] | None = None
) -> tuple[dict[str, dict[float, Figures]], list[tuple[float, bool]]]:
    """Score every document by a model that has not seen its fold.

    Returns:
        The figures of each set for each threshold, and for the candidates kept at the lowest threshold their
        probability and whether they are goals, to calibrate the score.
    """
    fold = fold or [fold_of(e.group) for e in examples]
    result: dict[str, dict[float, Figures]] = {e.set: {t: Figures() for t in thresholds} for e in examples}
    outcomes: list[tuple[float, bool]] = []
    for held in sorted(set(fold)):
        weights = fit([e for e, f in zip(examples, fold, strict=True) if f != held], strength)
        for e in (e for e, f in zip(examples, fold, strict=True) if f == held):
            scored = [weights.probabilities(f, p) for f, p in zip(e.features, e.priors, strict=True)]
            for threshold in thresholds:
                compare(e, select(e.candidates, scored, threshold), result[e.set][threshold])
            for c, _, score in select(e.candidates, scored, min(thresholds)):
                outcomes.append((score, any(likeness((c.start, c.end), g[:2]) >= 0.5 for g in e.gold)))
    return result, outcomes


def together(figures: Mapping[str, Mapping[float, Figures]], threshold: float) -> Figures:
    """Return the figures of all sets as one."""
    rows = [row[threshold] for row in figures.values()]
    return Figures(
        sum(r.hit for r in rows), sum(r.found for r in rows), sum(r.gold for r in rows), sum(r.kind for r in rows)
    )


def calibrate(outcomes: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Return slope and offset that turn the log-odds of kept candidates into calibrated ones (Platt's method)."""
    odds = np.array([[np.log(p / (1 - p))] for p, _ in outcomes])
    model = LogisticRegression(C=1e6).fit(odds, [right for _, right in outcomes])
    return round(float(model.coef_[0, 0]), 3), round(float(model.intercept_[0]), 3)


def family_precision(examples: Sequence[Example]) -> dict[str, tuple[float, int]]:
    """Return for each cue family the share of its candidates that are goals, and their number."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for e in examples:
        for c in e.candidates:
            if not c.variant:
                near = any(likeness((c.start, c.end), g[:2]) >= 0.5 for g in e.gold)
                total[c.family.rstrip("+")] += 1
                right[c.family.rstrip("+")] += near
    return {name: (right[name] / total[name], total[name]) for name in sorted(total)}


def main() -> None:
    """Read the arguments, print the cross-validated figures, write the weights."""
    parser = argparse.ArgumentParser(description="Train the goal candidate scorer.")
    add_sets(parser)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--strength", type=float, default=STRENGTH)
    parser.add_argument("--families", action="store_true", help="print the measured precision of every family")
    parser.add_argument("--publishers", action="store_true", help="hold out whole publishers")
    arguments = parser.parse_args()
    samples = read_sets(arguments.folders, weighed(arguments.sets))
    examples = [example_of(sample) for sample in samples]
    if arguments.families:
        for name, (share, count) in family_precision(examples).items():
            print(f"{name:22} {share:.2f} of {count}")
    places = [sample.source.split("/")[0] for sample in samples]
    fold = [sorted(set(places)).index(place) for place in places] if arguments.publishers else None
    figures, outcomes = cross_validate(examples, arguments.strength, THRESHOLDS, fold)
    for threshold in THRESHOLDS:
        print(threshold, together(figures, threshold))
        for name, row in figures.items():
            print("    ", name.ljust(10), row[threshold])
    # a lower threshold that is as good: a missed goal is harder to see than a wrong one
    top = max(together(figures, t).f for t in THRESHOLDS)
    best = min(t for t in THRESHOLDS if together(figures, t).f >= top - 0.002)
    if arguments.out:
        weights = replace(fit(examples, arguments.strength, best), calibration=calibrate(outcomes))
        print(f"{len(weights.features)} features, threshold {best}")
        arguments.out.write_text(
            json.dumps(asdict(weights), ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
