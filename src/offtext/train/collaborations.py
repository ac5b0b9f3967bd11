"""Train the weights that tell which bodies of a sentence work together: a logistic regression over pairs.

    python -m offtext.train.collaborations ANNOTATIONS_FOLDER --out src/offtext/lexicon/collaboration_weights.json

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
from offtext.train.annotated import read_split
from offtext.train.holders import records_of

LEAST_COUNT = 5
STRENGTH = 0.1
# what is known beforehand to matter is held back less, what may follow from the few documents more
SCALES = {"rule": 3.0, "theme": 2.0, "types ": 0.5, "type ": 0.5}
SEEN, ADDED = 0.65, 0.06  # a model finds this share of the sentences on collaboration, and adds this share of others


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


def read_examples(folder: Path, split: str = "train") -> tuple[list[Example], dict[str, set[tuple[str, str]]]]:
    """Return the examples of an annotated split, and per document the annotated pairs."""
    examples: list[Example] = []
    gold: dict[str, set[tuple[str, str]]] = {}
    chance = random.Random(7)
    for row, note in read_split(folder, split):
        text = row["text"]
        layout, (actors, _, _) = parse(text), records_of(note)
        partners = Partners(layout, actors)
        pairs_at: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for tie in note["collaborations"]:
            for one, other in combinations(sorted(set(tie["parties"])), 2):
                pairs_at.setdefault((one, other), []).append((tie["evidence"]["start"], tie["evidence"]["end"]))
        gold[note["id"]] = set(pairs_at)
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
                    weight = len(pairs) ** -0.5
                    examples.append(
                        Example(
                            note["id"],
                            text.strip()[:30],
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
    usable = [e for e in examples if e.known]
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


def cross_validate(
    examples: Sequence[Example], gold: dict[str, set[tuple[str, str]]], strength: float
) -> dict[str, list[tuple[float, float, float, float]]]:
    """Return per view the threshold, precision, recall and F of pairs found in documents not trained on."""
    groups = sorted({e.group for e in examples})
    fold = {group: n % 5 for n, group in enumerate(np.random.default_rng(0).permutation(groups))}
    best: dict[str, dict[tuple[str, tuple[str, str]], float]] = {}
    for held in range(5):
        weights = fit([e for e in examples if fold[e.group] != held], strength)
        for e in (e for e in examples if fold[e.group] == held):
            found = best.setdefault(e.view, {})
            key = (e.document, e.ids)
            found[key] = max(found.get(key, 0.0), weights.probability(e.features))
    total = sum(map(len, gold.values()))
    out: dict[str, list[tuple[float, float, float, float]]] = {}
    for view, found in best.items():
        for threshold in np.arange(0.2, 0.8, 0.05):
            chosen = [key for key, p in found.items() if p >= threshold]
            hits = sum(ids in gold[document] for document, ids in chosen)
            p, r = hits / max(1, len(chosen)), hits / max(1, total)
            out.setdefault(view, []).append((round(float(threshold), 2), p, r, 2 * p * r / max(1e-9, p + r)))
    return out


def main() -> None:
    """Print cross-validated figures, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--strength", type=float, default=STRENGTH)
    arguments = parser.parse_args()
    examples, gold = read_examples(arguments.folder)
    figures = cross_validate(examples, gold, arguments.strength)
    for view, rows in figures.items():
        for row in rows:
            print(view.ljust(6), "threshold {:.2f}  P {:.3f} R {:.3f} F {:.3f}".format(*row))
    # one threshold for all three views: the best mean F, or a lower one that is as good (other texts say it otherwise)
    means = [float(np.mean([rows[n][3] for rows in figures.values()])) for n in range(len(figures["none"]))]
    threshold = next(row[0] for row, f in zip(figures["none"], means, strict=True) if f >= max(means) - 0.005)
    weights = fit(examples, arguments.strength)
    print(f"best mean F {max(means):.3f} at {threshold}; {len(weights.features)} features of {len(examples)} pairs")
    if arguments.out:
        data = {"threshold": threshold, "intercept": weights.intercept, "features": weights.features}
        arguments.out.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
