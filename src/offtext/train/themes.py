"""Fits what the themes need beside the model: words, the mix of words and model in context, thresholds, documents."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import KFold

from offtext.calibration import expected_calibration_error
from offtext.labels import THEMES
from offtext.layers.linear import count_ngrams, weigh
from offtext.layers.themes import cues, in_context, match_cues, of_document
from offtext.layout.structure import Layout
from offtext.train.logistic import fit_label

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

Rows = npt.NDArray[np.intp]
# Training and test documents, by number.
Split = tuple[Rows, Rows]

# Chosen by cross-validation on the training annotations.
C_NGRAMS, CUE_SCALE = 4.0, 0.5
FOLDS = 3


@dataclass(frozen=True)
class Annotated:
    """A text with its states and the annotated themes of its sentences and of the whole.

    Attributes:
        layout: The text with its sentences.
        meaning: What a network that had not seen the text said of its sentences, ``(sentences, themes)`` in log odds;
            None for a text that every network has seen: it only teaches words.
        sentences: Annotated sentences: `start`, `end`, `labels`.
        themes: 0, 1 or 2 for each theme of the whole text; None for a passage that only teaches wordings and is in no
            figure.
        source: Whose hand it is by; figures for new sources leave all of one out.
        weight: How much each of its sentences counts in training.
    """

    layout: Layout
    meaning: Floats | None
    sentences: Sequence[dict[str, Any]]
    themes: dict[str, int] | None
    source: str = ""
    weight: float = 1.0


@dataclass(frozen=True)
class _Table:
    """The sentences of all documents, row by row."""

    document: Rows
    gold: Bools
    matched: Floats
    counts: csr_matrix
    meaning: Floats
    weight: npt.NDArray[np.float64]

    @classmethod
    def of(cls, documents: Sequence[Annotated]) -> _Table:
        sizes = [len(d.layout.sentences) for d in documents]
        texts = [d.layout.text[s.start : s.end] for d in documents for s in d.layout.sentences]
        return cls(
            np.repeat(np.arange(len(documents)), sizes),
            np.concatenate([gold_of(d) for d in documents]),
            match_cues(texts),
            count_ngrams(texts),
            np.concatenate([_meaning_of(d) for d in documents]),
            np.repeat([d.weight for d in documents], sizes),
        )

    def rows(self, documents: Rows) -> Rows:
        return np.flatnonzero(np.isin(self.document, documents))


def fit_themes(documents: Sequence[Annotated], seed: int) -> tuple[dict[str, Floats], dict[str, float]]:
    """Return the arrays of the theme heads and the cross-validated figures.

    Each annotated document is predicted twice: by parts that had not seen it, and by parts that had seen nothing of its
    source. The mix and the thresholds serve both, so that words known from one publisher are not believed everywhere.
    """
    table = _Table.of(documents)
    checked = np.array([n for n, d in enumerate(documents) if d.themes is not None and d.meaning is not None])
    sources = np.array([d.source for d in documents])
    every = np.arange(len(documents))
    folds = [checked[test] for _, test in KFold(FOLDS, shuffle=True, random_state=seed).split(checked)]
    same = _opinions(table, [(np.setdiff1d(every, test), test) for test in folds])
    wholes = [checked[sources[checked] == source] for source in sorted(set(sources[checked]))]
    new = same
    if len(wholes) > 1:
        new = _opinions(table, [(every[sources != sources[test[0]]], test) for test in wholes])

    both = (same, new)
    scores = [np.zeros(table.gold.shape, dtype=np.float32) for _ in both]
    honest = [np.zeros(table.gold.shape, dtype=bool) for _ in both]
    for test in folds:
        train_rows, rows = table.rows(np.setdiff1d(checked, test)), table.rows(test)
        mix, intercept = _fit_mix(
            np.concatenate([f[train_rows] for f in both]), np.tile(table.gold[train_rows], (2, 1))
        )
        for score, features in zip(scores, both, strict=True):
            score[rows] = _mixed(features[rows], mix, intercept)
    known = table.rows(checked)
    for test in folds:
        train_rows, rows = table.rows(np.setdiff1d(checked, test)), table.rows(test)
        least = best_thresholds(
            np.concatenate([s[train_rows] for s in scores]),
            np.tile(table.gold[train_rows], (2, 1)),
            np.tile(table.weight[train_rows], 2),
        )
        for chosen, score in zip(honest, scores, strict=True):
            chosen[rows] = score[rows] >= least

    present = np.array([[(documents[n].themes or {}).get(theme, 0) > 0 for theme in THEMES] for n in checked])
    whole = [np.stack([of_document(score[table.document == n]) for n in checked]) for score in scores]
    document_scores = [np.zeros(present.shape, dtype=np.float32) for _ in both]
    for train, test in KFold(FOLDS, shuffle=True, random_state=seed).split(checked):
        weights, bias = _fit_mix(np.concatenate([w[train] for w in whole]), np.tile(present[train], (2, 1)))
        for found, features in zip(document_scores, whole, strict=True):
            found[test] = _mixed(features[test], weights, bias)

    gold = table.gold[known]
    twice = np.tile(gold, (2, 1))
    mix, intercept = _fit_mix(np.concatenate([f[known] for f in both]), twice)
    weights, bias = _fit_mix(np.concatenate(whole), np.tile(present, (2, 1)))
    arrays = {
        **_fit_parts(table, np.arange(len(table.gold))),
        "themes.mix": mix,
        "themes.mix_intercept": intercept,
        "themes.thresholds": best_thresholds(
            np.concatenate([s[known] for s in scores]), twice, np.tile(table.weight[known], 2)
        ),
        "themes.document": weights,
        "themes.document_intercept": bias,
    }
    figures: dict[str, float] = {}
    for suffix, score, chosen, found in zip(("", ", new source"), scores, honest, document_scores, strict=True):
        by_theme = [_f1(chosen[known][:, k], gold[:, k]) for k in range(len(THEMES))]
        figures |= {
            f"theme sentence micro F1{suffix}": _f1(chosen[known], gold),
            f"theme sentence macro F1{suffix}": float(np.mean(by_theme)),
            f"theme sentence calibration error{suffix}": calibration_error(score[known], gold),
            f"theme document mean AP{suffix}": _mean_ap(found, present),
            f"theme document calibration error{suffix}": calibration_error(found, present),
        }
        if not suffix:
            figures |= {f"theme {theme} F1": f for theme, f in zip(THEMES, by_theme, strict=True)}
    for source in sorted(set(sources[checked])):
        rows = table.rows(checked[sources[checked] == source])
        figures[f"theme sentence micro F1, {source}"] = _f1(honest[0][rows], table.gold[rows])
        figures[f"theme sentence micro F1, {source}, new source"] = _f1(honest[1][rows], table.gold[rows])
    return arrays, figures


def gold_of(document: Annotated) -> Bools:
    """Return which themes each sentence of the layout carries; an annotated one goes to the likest, if half of it."""
    found = np.zeros((len(document.layout.sentences), len(THEMES)), dtype=bool)
    for wanted in document.sentences:
        ratios = [
            _overlap(wanted["start"], wanted["end"], sentence.start, sentence.end)
            for sentence in document.layout.sentences
        ]
        if ratios and max(ratios) >= 0.5:
            found[int(np.argmax(ratios)), [THEMES.index(label) for label in wanted["labels"]]] = True
    return found


def cue_precision(documents: Sequence[Annotated]) -> dict[str, tuple[float, int]]:
    """Return for each cue of the lexicon ('theme/id') the share of its matches that carry the theme, and how many.

    The share is shrunk towards the theme's own frequency by the weight of two sentences.
    """
    gold = np.concatenate([gold_of(d) for d in documents])
    matched = match_cues([d.layout.text[s.start : s.end] for d in documents for s in d.layout.sentences])
    found = {}
    for column, cue in enumerate(cues()):
        carries = gold[:, THEMES.index(cue.theme)]
        count, right = matched[:, column].sum(), (matched[:, column] * carries).sum()
        found[f"{cue.theme}/{cue.id}"] = (float((right + 2 * carries.mean()) / (count + 2)), int(count))
    return found


def best_thresholds(scores: Floats, gold: Bools, weight: npt.NDArray[np.float64] | None = None) -> Floats:
    """Return for each label the threshold with the best F1, pulled half way to the best one for all labels together.

    Rare labels have too few examples to choose by themselves. `weight` says how much each sentence counts.
    """
    weighted = gold * (np.ones(len(gold)) if weight is None else weight)[:, None]
    wrong = (~gold) * (np.ones(len(gold)) if weight is None else weight)[:, None]
    grid = np.arange(0.1, 0.6, 0.01)
    # true, missed and false ones at each threshold, label by label
    right = np.stack([(weighted * (scores >= t)).sum(axis=0) for t in grid])
    false = np.stack([(wrong * (scores >= t)).sum(axis=0) for t in grid])
    every = weighted.sum(axis=0)
    common = (2 * right.sum(axis=1) / np.maximum(right.sum(axis=1) + false.sum(axis=1) + every.sum(), 1e-9)).argmax()
    own = (2 * right / np.maximum(right + false + every, 1e-9)).argmax(axis=0)
    return np.array((grid[common] + grid[own]) / 2, dtype=np.float32)


def calibration_error(scores: Floats, gold: Bools, bins: int = 10) -> float:
    """Return the expected calibration error over all labels together, see `offtext.calibration`."""
    return expected_calibration_error(zip(scores.ravel().tolist(), gold.ravel().tolist(), strict=True), bins) or 0.0


def _opinions(table: _Table, splits: Sequence[Split]) -> Floats:
    """Return what the last step weighs, each document's part predicted by its split's training documents."""
    features = np.zeros((*table.gold.shape, 4), dtype=np.float32)
    for train, test in splits:
        parts = _fit_parts(table, table.rows(train))
        for n in test:
            rows = table.rows(np.array([n]))
            if len(rows):
                features[rows] = in_context(_words(parts, table, rows), table.meaning[rows])
    return features


def _fit_parts(table: _Table, rows: Rows) -> dict[str, Floats]:
    counts, gold, weight = table.counts[rows], table.gold[rows], table.weight[rows]
    held = np.asarray((counts > 0).sum(axis=0)).ravel()
    idf = np.where(held > 0, np.log((1 + counts.shape[0]) / (1 + held)) + 1, 0).astype(np.float32)
    matched = table.matched[rows]
    sparse = csr_matrix(hstack([weigh(counts, idf), csr_matrix(matched * CUE_SCALE)]))

    def fitted(column: Bools) -> tuple[npt.NDArray[Any], float]:
        return fit_label(LogisticRegression(C=C_NGRAMS, solver="liblinear"), sparse, column, weight)

    with ThreadPoolExecutor() as pool:  # liblinear works outside of the interpreter's lock
        models = list(pool.map(fitted, gold.T))
    w = np.stack([coefficients for coefficients, _ in models], axis=1)
    parts = {
        "idf": idf,
        "ngrams": w[: len(idf)],
        "ngrams_intercept": np.array([intercept for _, intercept in models]),
        "cues_with_ngrams": w[len(idf) :] * CUE_SCALE,
    }
    return {f"themes.{name}": array.astype(np.float32) for name, array in parts.items()}


def _words(parts: dict[str, Floats], table: _Table, rows: Rows) -> Floats:
    p = {name.removeprefix("themes."): array for name, array in parts.items()}
    words = weigh(table.counts[rows], p["idf"]) @ p["ngrams"] + p["ngrams_intercept"]
    return np.asarray(words + table.matched[rows] @ p["cues_with_ngrams"], dtype=np.float32)


def _meaning_of(document: Annotated) -> Floats:
    nothing = np.zeros((len(document.layout.sentences), len(THEMES)), dtype=np.float32)
    return nothing if document.meaning is None else document.meaning


def _mixed(features: Floats, weights: Floats, intercept: Floats) -> Floats:
    return _sigmoid(np.einsum("ntf,tf->nt", features, weights) + intercept)


def _fit_mix(features: Floats, gold: Bools) -> tuple[Floats, Floats]:
    """Fit one small logistic regression a label. *Shape:* features ``(rows, labels, parts)``."""
    how = LogisticRegression(C=1.0, max_iter=500)
    models = [fit_label(how, features[:, k], gold[:, k]) for k in range(gold.shape[1])]
    weights = np.stack([coefficients for coefficients, _ in models]).astype(np.float32)
    return weights, np.array([intercept for _, intercept in models], dtype=np.float32)


def _overlap(a: int, b: int, c: int, d: int) -> float:
    shared = max(0, min(b, d) - max(a, c))
    return shared / max((b - a) + (d - c) - shared, 1)


def _f1(found: Bools, gold: Bools) -> float:
    return float(2 * (found & gold).sum() / max(found.sum() + gold.sum(), 1))


def _mean_ap(scores: Floats, gold: Bools) -> float:
    return float(
        np.mean([average_precision_score(gold[:, k], scores[:, k]) for k in range(gold.shape[1]) if gold[:, k].any()])
    )


def _sigmoid(logits: npt.NDArray[Any]) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)
