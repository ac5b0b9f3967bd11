"""Fits the document-type heads and how much cues, words and encoder states count."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from offtext.labels import DOC_TYPES
from offtext.layers.document_type import combine, masked, softmax, weigh_cues
from offtext.layers.linear import count_ngrams, weigh
from offtext.layout.structure import Layout
from offtext.train.weak import Typed

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

C_NGRAMS, C_STATES = 10.0, 0.02
FOLDS = 5
# Logits lie in this range, so that a head that never saw a type cannot overrule its cues.
FLOOR = -4.0
# How strongly the bias of a type is held at nought: some types have two examples.
PULL = 0.02


def fit_document_type(
    documents: Sequence[Typed], layouts: Sequence[Layout], states: Floats, seed: int
) -> tuple[dict[str, Floats], dict[str, float]]:
    """Return the arrays of the document-type head and the cross-validated figures.

    Figures and mix come from the annotated documents (weight 3) alone, each predicted twice: by parts that had not seen
    it, and by parts that had seen nothing of its publisher.
    """
    labels = np.array([DOC_TYPES.index(d.label) for d in documents])
    weights = np.array([d.weight for d in documents])
    publishers = np.array([d.publisher for d in documents])
    checked = np.flatnonzero(weights >= 3)
    counts = count_ngrams([masked(d.text) for d in documents])
    evidence = np.stack([weigh_cues(layout) for layout in layouts])

    seen_words, seen_states = np.zeros((2, len(documents), len(DOC_TYPES)), dtype=np.float32)
    folds = KFold(FOLDS, shuffle=True, random_state=seed).split(checked)
    for _, test in folds:
        train = np.setdiff1d(np.arange(len(documents)), checked[test])
        parts = _fit_parts(counts[train], states[train], labels[train], weights[train])
        seen_words[checked[test]], seen_states[checked[test]] = _apply(parts, counts, states, checked[test])
    new_words, new_states = np.zeros((2, len(documents), len(DOC_TYPES)), dtype=np.float32)
    for publisher in sorted(set(publishers[checked])):
        test = checked[publishers[checked] == publisher]
        train = np.flatnonzero(publishers != publisher)
        parts = _fit_parts(counts[train], states[train], labels[train], weights[train])
        new_words[test], new_states[test] = _apply(parts, counts, states, test)

    gold, cues = labels[checked], evidence[checked]
    same, new = (seen_words[checked], seen_states[checked]), (new_words[checked], new_states[checked])
    both = np.concatenate([gold, gold])
    opinions = np.stack([np.concatenate([cues, cues]), *(np.concatenate([same[n], new[n]]) for n in (0, 1))])
    mix, bias = _fit_mix(opinions, both)
    figures = {"document type accuracy, rules": float((cues.argmax(1) == gold).mean())}
    for name, (words, meaning) in (("", same), (", new publisher", new)):
        logits = combine(cues, words, meaning, mix, bias)
        figures[f"document type accuracy{name}"] = float((logits.argmax(1) == gold).mean())
        figures[f"document type accuracy, words{name}"] = float((words.argmax(1) == gold).mean())
        figures[f"document type accuracy, states{name}"] = float((meaning.argmax(1) == gold).mean())
        score = softmax(logits)
        figures[f"document type mean score{name}"] = float(score.max(1).mean())
    arrays = {**_fit_parts(counts, states, labels, weights), "document_type.mix": mix, "document_type.bias": bias}
    return arrays, figures


def _fit_parts(counts: csr_matrix, states: Floats, labels: Ints, weights: npt.NDArray[np.float64]) -> dict[str, Floats]:
    held = np.asarray((counts > 0).sum(axis=0)).ravel()
    idf = np.where(held > 1, np.log((1 + counts.shape[0]) / (1 + held)) + 1, 0).astype(np.float32)
    sparse = weigh(counts, idf)
    # a hundred times as many n-grams as documents: fitting in the space the documents span gives the same head
    values, vectors = np.linalg.eigh((sparse @ sparse.T).toarray().astype(np.float64))
    values, vectors = values[values > 1e-6], vectors[:, values > 1e-6]
    words = LogisticRegression(C=C_NGRAMS, max_iter=300)
    words.fit(vectors * np.sqrt(values), labels, sample_weight=weights)
    of_words = sparse.T @ ((vectors / np.sqrt(values)) @ words.coef_.T)
    mean, scale = states.mean(axis=0), states.std(axis=0) + 1e-6
    meaning = LogisticRegression(C=C_STATES, max_iter=500)
    meaning.fit((states - mean) / scale, labels, sample_weight=weights)
    of_states = _spread(meaning.coef_, meaning.classes_, 0.0) / scale[:, None]
    parts = {
        "idf": idf,
        "ngrams": _spread(of_words.T, words.classes_, 0.0),
        "ngrams_intercept": _spread(words.intercept_[:, None], words.classes_, FLOOR)[0],
        "states": of_states,
        "states_intercept": _spread(meaning.intercept_[:, None], meaning.classes_, FLOOR)[0] - mean @ of_states,
    }
    return {f"document_type.{name}": array.astype(np.float32) for name, array in parts.items()}


def _spread(values: npt.NDArray[np.float64], classes: Ints, rest: float) -> npt.NDArray[np.float64]:
    """Put the classes' rows into the columns of all labels; a label without examples gets `rest`."""
    out = np.full((values.shape[1], len(DOC_TYPES)), rest)
    out[:, classes] = values.T
    return out


def _apply(parts: dict[str, Floats], counts: csr_matrix, states: Floats, rows: Ints) -> tuple[Floats, Floats]:
    p = {name.removeprefix("document_type."): array for name, array in parts.items()}
    words = weigh(counts[rows], p["idf"]) @ p["ngrams"] + p["ngrams_intercept"]
    return words, states[rows] @ p["states"] + p["states_intercept"]


def _fit_mix(opinions: Floats, labels: Ints) -> tuple[Floats, Floats]:
    """Choose the three weights and a small bias a label that make the right types most likely."""
    parts = opinions.astype(np.float64)
    wanted = np.eye(len(DOC_TYPES))[labels]

    def loss(values: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        mix, bias = values[:3], values[3:]
        logits = np.tensordot(mix, parts, 1) + bias
        logits -= logits.max(axis=1, keepdims=True)
        scores = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        likely = np.clip((scores * wanted).sum(axis=1), 1e-9, 1)
        slope = (scores - wanted) / len(labels)
        gradient = np.concatenate([(parts * slope).sum(axis=(1, 2)), slope.sum(axis=0) + 2 * PULL * bias])
        return float(-np.log(likely).mean() + PULL * (bias**2).sum()), gradient

    start = np.concatenate([[0.5, 0.5, 0.5], np.zeros(len(DOC_TYPES))])
    bounds = [(0.15, 3.0)] * 3 + [(-2.0, 2.0)] * len(DOC_TYPES)
    best = minimize(loss, start, bounds=bounds, method="L-BFGS-B", jac=True).x
    return best[:3].astype(np.float32), best[3:].astype(np.float32)
