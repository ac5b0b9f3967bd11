"""Fits the words of document types, and how much cues, words and model count."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from offtext.encoder.decoding import softmax
from offtext.labels import DOC_TYPES
from offtext.layers.document_type import combine, masked, weigh_cues
from offtext.layers.linear import count_ngrams, weigh
from offtext.layout.structure import Layout
from offtext.train.weak import Typed

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

C_NGRAMS = 10.0
FOLDS = 5
# Logits lie in this range, so that a head that never saw a type cannot overrule its cues.
FLOOR = -4.0
# How strongly the bias of a type is held at nought: some types have two examples.
PULL = 0.02


def fit_document_type(
    documents: Sequence[Typed], layouts: Sequence[Layout], meaning: Sequence[Floats | None], seed: int
) -> tuple[dict[str, Floats], dict[str, float]]:
    """Return the arrays of the document type and the cross-validated figures.

    Figures and mix come from the annotated documents (weight 3) alone, each predicted twice: by words that had not seen
    it, and by words that had seen nothing of its publisher.

    Args:
        documents: Every text whose type is known.
        layouts: Of each.
        meaning: What a network that had not seen the text said of it, ``(types,)`` in log odds; None where none did.
        seed: Of the folds.
    """
    labels = np.array([DOC_TYPES.index(d.label) for d in documents])
    weights = np.array([d.weight for d in documents])
    publishers = np.array([d.publisher for d in documents])
    checked = np.array([n for n, d in enumerate(documents) if d.weight >= 3 and meaning[n] is not None])
    counts = count_ngrams([masked(d.text) for d in documents])

    seen, new = np.zeros((2, len(documents), len(DOC_TYPES)), dtype=np.float32)
    for _, test in KFold(FOLDS, shuffle=True, random_state=seed).split(checked):
        train = np.setdiff1d(np.arange(len(documents)), checked[test])
        seen[checked[test]] = _words(_fit_words(counts[train], labels[train], weights[train]), counts[checked[test]])
    for publisher in sorted(set(publishers[checked])):
        test = checked[publishers[checked] == publisher]
        train = np.flatnonzero(publishers != publisher)
        new[test] = _words(_fit_words(counts[train], labels[train], weights[train]), counts[test])

    gold = labels[checked]
    cues = np.stack([weigh_cues(layouts[n]) for n in checked])
    said = np.stack([m for n in checked if (m := meaning[n]) is not None])
    opinions = np.stack([np.tile(cues, (2, 1)), np.concatenate([seen[checked], new[checked]]), np.tile(said, (2, 1))])
    mix, bias = _fit_mix(opinions, np.tile(gold, 2))
    figures = {
        "document type accuracy, rules": float((cues.argmax(1) == gold).mean()),
        "document type accuracy, model": float((said.argmax(1) == gold).mean()),
    }
    for name, words in (("", seen[checked]), (", new publisher", new[checked])):
        logits = combine(cues, words, said, mix, bias)
        figures[f"document type accuracy{name}"] = float((logits.argmax(1) == gold).mean())
        figures[f"document type accuracy, words{name}"] = float((words.argmax(1) == gold).mean())
        figures[f"document type mean score{name}"] = float(softmax(logits).max(1).mean())
    arrays = {
        **_fit_words(counts, labels, weights),
        "document_type.mix": mix,
        "document_type.bias": bias,
    }
    return arrays, figures


def _fit_words(counts: csr_matrix, labels: Ints, weights: npt.NDArray[np.float64]) -> dict[str, Floats]:
    held = np.asarray((counts > 0).sum(axis=0)).ravel()
    idf = np.where(held > 1, np.log((1 + counts.shape[0]) / (1 + held)) + 1, 0).astype(np.float32)
    sparse = weigh(counts, idf)
    # a hundred times as many n-grams as documents: fitting in the space the documents span gives the same head
    values, vectors = np.linalg.eigh((sparse @ sparse.T).toarray().astype(np.float64))
    values, vectors = values[values > 1e-6], vectors[:, values > 1e-6]
    words = LogisticRegression(C=C_NGRAMS, max_iter=300)
    words.fit(vectors * np.sqrt(values), labels, sample_weight=weights)
    of_words = sparse.T @ ((vectors / np.sqrt(values)) @ words.coef_.T)
    parts = {
        "idf": idf,
        "ngrams": _spread(of_words.T, words.classes_, 0.0),
        "ngrams_intercept": _spread(words.intercept_[:, None], words.classes_, FLOOR)[0],
    }
    return {f"document_type.{name}": array.astype(np.float32) for name, array in parts.items()}


def _words(parts: dict[str, Floats], counts: csr_matrix) -> Floats:
    p = {name.removeprefix("document_type."): array for name, array in parts.items()}
    return np.asarray(weigh(counts, p["idf"]) @ p["ngrams"] + p["ngrams_intercept"], dtype=np.float32)


def _spread(values: npt.NDArray[np.float64], classes: Ints, rest: float) -> npt.NDArray[np.float64]:
    """Put the classes' rows into the columns of all labels; a label without examples gets `rest`."""
    out = np.full((values.shape[1], len(DOC_TYPES)), rest)
    out[:, classes] = values.T
    return out


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
