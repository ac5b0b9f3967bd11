"""Fits the theme heads: two opinions on a sentence, their mix in context, thresholds, and the document's score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold

from offtext.labels import THEMES
from offtext.layers.linear import count_ngrams, weigh
from offtext.layers.themes import cues, in_context, match_cues, of_document
from offtext.layout.structure import Layout

Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]

# Chosen by cross-validation on the training annotations.
C_NGRAMS, C_STATES, CUE_SCALE = 4.0, 0.003, 0.5
FOLDS = 5


@dataclass(frozen=True)
class Annotated:
    """A text with its states and the annotated themes of its sentences and of the whole."""

    layout: Layout
    states: Floats
    sentences: Sequence[dict[str, Any]]
    themes: dict[str, int]


def fit_themes(documents: Sequence[Annotated], seed: int) -> tuple[dict[str, Floats], dict[str, float]]:
    """Return the arrays of the theme heads and the cross-validated figures."""
    gold = np.concatenate([gold_of(d) for d in documents])
    group = np.repeat(np.arange(len(documents)), [len(d.layout.sentences) for d in documents])
    texts = [d.layout.text[s.start : s.end] for d in documents for s in d.layout.sentences]
    states = np.concatenate([d.states for d in documents])
    matched = match_cues(texts)
    counts = count_ngrams(texts)
    folds = list(GroupKFold(FOLDS, shuffle=True, random_state=seed).split(texts, groups=group))

    words, meaning = np.zeros(gold.shape, dtype=np.float32), np.zeros(gold.shape, dtype=np.float32)
    for train, test in folds:
        parts = _fit_parts(counts[train], matched[train], states[train], gold[train])
        words[test], meaning[test] = _apply(parts, counts[test], matched[test], states[test])
    features = np.concatenate([in_context(words[group == n], meaning[group == n]) for n in range(len(documents))])

    scores = np.zeros(gold.shape, dtype=np.float32)
    for train, test in folds:
        mix, intercept = _fit_mix(features[train], gold[train])
        scores[test] = _sigmoid(np.einsum("ntf,tf->nt", features[test], mix) + intercept)
    honest = np.zeros(gold.shape, dtype=bool)
    for train, test in folds:
        honest[test] = scores[test] >= best_thresholds(scores[train], gold[train])

    whole = np.stack([of_document(scores[group == n]) for n in range(len(documents))])
    present = np.array([[d.themes.get(theme, 0) > 0 for theme in THEMES] for d in documents])
    document_scores = np.zeros(present.shape, dtype=np.float32)
    for train, test in GroupKFold(FOLDS, shuffle=True, random_state=seed).split(whole, groups=np.arange(len(whole))):
        weights, bias = _fit_mix(whole[train], present[train])
        document_scores[test] = _sigmoid(np.einsum("ntf,tf->nt", whole[test], weights) + bias)

    mix, intercept = _fit_mix(features, gold)
    weights, bias = _fit_mix(whole, present)
    arrays = {
        **_fit_parts(counts, matched, states, gold),
        "themes.centre": states.mean(axis=0),
        "themes.mix": mix,
        "themes.mix_intercept": intercept,
        "themes.thresholds": best_thresholds(scores, gold),
        "themes.document": weights,
        "themes.document_intercept": bias,
    }
    by_theme = [_f1(honest[:, k], gold[:, k]) for k in range(len(THEMES))]
    figures = {
        "theme sentence micro F1": _f1(honest, gold),
        "theme sentence macro F1": float(np.mean(by_theme)),
        "theme sentence calibration error": calibration_error(scores, gold),
        "theme document mean AP": _mean_ap(document_scores, present),
        "theme document calibration error": calibration_error(document_scores, present),
        **{f"theme {theme} F1": f for theme, f in zip(THEMES, by_theme, strict=True)},
    }
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


def best_thresholds(scores: Floats, gold: Bools) -> Floats:
    """Return for each label the threshold with the best F1, pulled half way to the best one for all labels together.

    Rare labels have too few examples to choose by themselves.
    """
    grid = np.arange(0.1, 0.6, 0.01)
    common = max(grid, key=lambda t: _f1(scores >= t, gold))
    own = [max(grid, key=lambda t: _f1(scores[:, k] >= t, gold[:, k])) for k in range(gold.shape[1])]
    return np.array([(common + t) / 2 for t in own], dtype=np.float32)


def calibration_error(scores: Floats, gold: Bools, bins: int = 10) -> float:
    """Return the mean distance between score and share of right, over ten equal ranges of the score."""
    flat, right = scores.ravel(), gold.ravel()
    place = np.minimum((flat * bins).astype(int), bins - 1)
    gaps = [abs(flat[place == b].sum() - right[place == b].sum()) for b in range(bins)]
    return float(sum(gaps) / len(flat))


def _fit_parts(counts: csr_matrix, matched: Floats, states: Floats, gold: Bools) -> dict[str, Floats]:
    held = np.asarray((counts > 0).sum(axis=0)).ravel()
    idf = np.where(held > 0, np.log((1 + counts.shape[0]) / (1 + held)) + 1, 0).astype(np.float32)
    sparse = csr_matrix(hstack([weigh(counts, idf), csr_matrix(matched * CUE_SCALE)]))
    mean, scale = states.mean(axis=0), states.std(axis=0) + 1e-6
    cue_mean, cue_scale = matched.mean(axis=0), matched.std(axis=0) + 1e-3
    dense = np.hstack([(states - mean) / scale, (matched - cue_mean) / cue_scale])
    by_words = [LogisticRegression(C=C_NGRAMS, solver="liblinear").fit(sparse, column) for column in gold.T]
    by_states = [LogisticRegression(C=C_STATES, max_iter=300).fit(dense, column) for column in gold.T]
    w = np.stack([m.coef_[0] for m in by_words], axis=1)
    s = np.stack([m.coef_[0] for m in by_states], axis=1)
    width = states.shape[1]
    of_states, of_cues = s[:width] / scale[:, None], s[width:] / cue_scale[:, None]
    parts = {
        "idf": idf,
        "ngrams": w[: len(idf)],
        "ngrams_intercept": np.array([m.intercept_[0] for m in by_words]),
        "cues_with_ngrams": w[len(idf) :] * CUE_SCALE,
        "states": of_states,
        "cues_with_states": of_cues,
        "states_intercept": np.array([m.intercept_[0] for m in by_states]) - mean @ of_states - cue_mean @ of_cues,
    }
    return {f"themes.{name}": array.astype(np.float32) for name, array in parts.items()}


def _apply(parts: dict[str, Floats], counts: csr_matrix, matched: Floats, states: Floats) -> tuple[Floats, Floats]:
    p = {name.removeprefix("themes."): array for name, array in parts.items()}
    words = weigh(counts, p["idf"]) @ p["ngrams"] + p["ngrams_intercept"] + matched @ p["cues_with_ngrams"]
    return words, states @ p["states"] + p["states_intercept"] + matched @ p["cues_with_states"]


def _fit_mix(features: Floats, gold: Bools) -> tuple[Floats, Floats]:
    """Fit one small logistic regression a label. *Shape:* features ``(rows, labels, parts)``."""
    models = [LogisticRegression(C=1.0, max_iter=500).fit(features[:, k], gold[:, k]) for k in range(gold.shape[1])]
    weights = np.stack([m.coef_[0] for m in models]).astype(np.float32)
    return weights, np.array([m.intercept_[0] for m in models], dtype=np.float32)


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
