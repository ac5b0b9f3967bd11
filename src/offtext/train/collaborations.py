"""Train the weights that tell which bodies of a sentence work together: a logistic regression over pairs.

    python -m offtext.train.collaborations FOLDER ... --sets train --out src/offtext/lexicon/collaboration_weights.json

The folders hold the sets of annotations (`offtext.train.annotated` says which). The weights in use are of the train set
alone: fitted on all five it finds more, but a mere list of addressees became ties.

Every pair of bodies in a sentence is an example, a tie where the annotation has it with that sentence as evidence.
Each example is seen three times: with no themes known, with the themes of the rules, and with the annotated themes made
as fallible as a model's, so that the weights serve all three.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from offtext.layers.collaborations.find import themes_of_sentences
from offtext.layers.collaborations.partners import Partners
from offtext.layers.collaborations.scorer import TieWeights, find_pairs
from offtext.layers.themes import find_themes
from offtext.layout import parse
from offtext.record import ThemeSentence
from offtext.train.annotated import Sample, add_sets, fold_of, read_sets, weighed
from offtext.train.holders import records_of

LEAST_COUNT = 5
STRENGTH = 0.1
# what is known beforehand to matter is held back less, what may follow from the few documents more
SCALES = {"rule": 3.0, "theme": 2.0, "types ": 0.5, "type ": 0.5}
SEEN, ADDED = 0.65, 0.06  # a model finds this share of the sentences on collaboration, and adds this share of others

THRESHOLDS = tuple(round(0.05 * n, 2) for n in range(4, 16))

Pair = tuple[str, tuple[str, str]]  # a document, and the ids of two bodies in order


@dataclass(frozen=True)
class Example:
    """One pair of bodies in one sentence."""

    document: str
    group: str
    ids: tuple[str, str]
    features: tuple[str, ...]
    tie: bool
    known: bool  # a pair that the document ties elsewhere teaches nothing here
    weight: float
    view: str


def read_examples(samples: Sequence[Sample]) -> tuple[list[Example], set[Pair]]:
    """Return the examples of annotated documents, and the annotated pairs."""
    examples: list[Example] = []
    gold: set[Pair] = set()
    chance = random.Random(7)
    for sample in samples:
        note, document = sample.gold, f"{sample.set} {sample.gold['id']}"
        layout, (actors, _, _) = parse(sample.text), records_of(note)
        partners = Partners(layout, actors)
        pairs_at: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for tie in note["collaborations"]:
            for one, other in combinations(sorted(set(tie["parties"])), 2):
                pairs_at.setdefault((one, other), []).append((tie["evidence"]["start"], tie["evidence"]["end"]))
        gold |= {(document, pair) for pair in pairs_at}
        true = [ThemeSentence(t["start"], t["end"], "", tuple(t["labels"])) for t in note["theme_sentences"]]
        views: dict[str, list[float | None]] = {
            "none": [None] * len(layout.sentences),
            "rules": list(themes_of_sentences(layout, find_themes(layout, None)[0])),
            "model": [_fallible(theme, chance) for theme in themes_of_sentences(layout, true)],
        }
        for index, sentence in enumerate(layout.sentences):
            if sentence.end - sentence.start > 1200:
                continue
            for view, themes in views.items():
                pairs = find_pairs(partners, index, themes[index])
                for pair in pairs:
                    one, other = sorted((pair.first.actor.id, pair.second.actor.id))
                    places = pairs_at.get((one, other), [])
                    here = any(start < sentence.end and sentence.start < end for start, end in places)
                    weight = sample.weight * len(pairs) ** -0.5
                    examples.append(
                        Example(
                            document,
                            sample.group,
                            (one, other),
                            pair.features,
                            here,
                            here or not places,
                            weight,
                            view,
                        )
                    )
    return examples, gold


def _fallible(theme: float | None, chance: random.Random) -> float:
    right = chance.random()
    if theme:
        return round(chance.uniform(0.45, 0.98), 2) if right < SEEN else 0.0
    return round(chance.uniform(0.4, 0.75), 2) if right < ADDED else 0.0


def fit(examples: Sequence[Example], strength: float) -> TieWeights:
    """Fit the weights; the threshold is set afterwards."""
    usable = [e for e in examples if e.known and e.weight]
    counts = Counter(name for e in usable for name in set(e.features))
    index = {name: n for n, name in enumerate(sorted(n for n, count in counts.items() if count >= 3 * LEAST_COUNT))}
    rows, columns = [], []
    for number, e in enumerate(usable):
        known = [index[name] for name in set(e.features) if name in index]
        rows += [number] * len(known)
        columns += known
    scale = np.array([next((s for start, s in SCALES.items() if name.startswith(start)), 1.0) for name in index])
    matrix = csr_matrix((scale[columns], (rows, columns)), shape=(len(usable), len(index)))
    model = LogisticRegression(C=strength, max_iter=1000)
    model.fit(matrix, [e.tie for e in usable], sample_weight=[e.weight / 3 for e in usable])
    fitted = model.coef_[0] * scale
    weights = {name: round(float(fitted[n]), 3) for name, n in index.items() if abs(fitted[n]) >= 0.01}
    return TieWeights(weights, round(float(model.intercept_[0]), 3), 0.5)


def cross_validate(examples: Sequence[Example], strength: float) -> dict[str, dict[Pair, float]]:
    """Return per view the probability of every pair, by weights that have not seen its document."""
    best: dict[str, dict[Pair, float]] = {}
    for held in range(5):
        weights = fit([e for e in examples if fold_of(e.group) != held], strength)
        for e in (e for e in examples if fold_of(e.group) == held):
            found = best.setdefault(e.view, {})
            pair = (e.document, e.ids)
            found[pair] = max(found.get(pair, 0.0), weights.probability(e.features))
    return best


def figures(found: dict[Pair, float], gold: set[Pair], threshold: float) -> tuple[float, float, float]:
    """Return precision, recall and F of the pairs found at a threshold."""
    chosen = {pair for pair, p in found.items() if p >= threshold}
    hits = len(chosen & gold)
    return hits / max(1, len(chosen)), hits / max(1, len(gold)), 2 * hits / max(1, len(chosen) + len(gold))


def main() -> None:
    """Print cross-validated figures, write the weights."""
    parser = argparse.ArgumentParser(description="Train the weights that tell which bodies work together.")
    add_sets(parser)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--strength", type=float, default=STRENGTH)
    arguments = parser.parse_args()
    sets = weighed(arguments.sets)
    examples, gold = read_examples(read_sets(arguments.folders, sets))
    views = cross_validate(examples, arguments.strength)
    means = {t: float(np.mean([figures(found, gold, t)[2] for found in views.values()])) for t in THRESHOLDS}
    # one threshold for all three views: the best mean F, or a lower one that is as good (other texts say it otherwise)
    threshold = min(t for t in THRESHOLDS if means[t] >= max(means.values()) - 0.005)
    for view, found in views.items():
        for t in THRESHOLDS:
            print(f"{view:8} threshold {t:.2f}  P {{:.3f}} R {{:.3f}} F {{:.3f}}".format(*figures(found, gold, t)))
        for name in sets:
            own = {pair: p for pair, p in found.items() if pair[0].split()[0] == name}
            row = figures(own, {pair for pair in gold if pair[0].split()[0] == name}, threshold)
            print(f"{view:8} {name:10} {threshold:.2f}  P {{:.3f}} R {{:.3f}} F {{:.3f}}".format(*row))
    print(f"best mean F {max(means.values()):.3f}, threshold {threshold}")
    if arguments.out:
        weights = fit(examples, arguments.strength)
        print(f"{len(weights.features)} features of {len(examples)} pairs")
        data = {"threshold": threshold, "intercept": weights.intercept, "features": weights.features}
        arguments.out.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
