"""From tag scores to spans: the best row of tags in which every inside follows its beginning. numpy only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from offtext.encoder.windows import Floats


@dataclass(frozen=True, slots=True)
class TokenSpan:
    """A found span: tokens `start` to `end`, its label, and the mean probability of its tags."""

    start: int
    end: int
    label: str
    score: float


def softmax(logits: Floats) -> Floats:
    """Return probabilities over the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True), dtype=np.float32)


def decode(logits: Floats, labels: Sequence[str]) -> list[TokenSpan]:
    """Find the spans of the most probable valid row of tags (Viterbi 1967, with BIO's one rule as transitions).

    Args:
        logits: Shape ``(tokens, 1 + 2 * len(labels))``: outside, then beginning and inside of each label.
        labels: The labels, in the head's order.

    >>> scores = np.float32([[0, 3, 0], [0, 0, 2], [1, 0, 5], [4, 0, 0]])
    >>> [(span.start, span.end, span.label) for span in decode(scores, ["PER"])]
    [(0, 3, 'PER')]
    """
    if not len(logits):
        return []
    probabilities = softmax(logits)
    path = _best_path(np.log(probabilities + 1e-9))
    spans: list[TokenSpan] = []
    start = 0
    for n, tag in enumerate([*path, 0]):
        inside = tag > 0 and tag % 2 == 0
        if n and not inside and path[n - 1] > 0:
            tags = path[start:n]
            score = float(probabilities[np.arange(start, n), tags].mean())
            spans.append(TokenSpan(start, n, labels[(tags[0] - 1) // 2], score))
        if not inside:
            start = n
    return spans


def _best_path(scores: Floats) -> list[int]:
    tags = scores.shape[1]
    beginnings, insides = np.arange(1, tags, 2), np.arange(2, tags, 2)
    best = scores[0].copy()
    best[insides] = -np.inf
    back = np.zeros(scores.shape, dtype=np.int32)
    for n in range(1, len(scores)):
        top = int(best.argmax())
        # outside and beginnings may follow anything; an inside only its own beginning or inside
        back[n] = top
        step = np.full(tags, best[top])
        stay = best[insides] > best[beginnings]
        back[n, insides] = np.where(stay, insides, beginnings)
        step[insides] = np.where(stay, best[insides], best[beginnings])
        best = step + scores[n]
    path = [int(best.argmax())]
    for n in range(len(scores) - 1, 0, -1):
        path.append(int(back[n, path[-1]]))
    return path[::-1]
