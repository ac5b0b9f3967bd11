"""Whether scores are what they claim to be: of what is given with 0.8, eight in ten should be right.

What counts as right is what `offtext.metrics` counts as found. The figure is the expected calibration error (Guo et
al. 2017, "On Calibration of Modern Neural Networks"): scores are sorted into ranges of equal width, and the distance
between mean score and share of right is averaged over the ranges, each with the weight of its count.

====================  ==================================================================================
doc_type              the label chosen; right when annotated
actor, quote, goal    everything found; right when it has an annotated partner
theme sentence        every label given to a sentence; right when a sentence annotated with it is the partner
theme document        every theme of every document, found or not; right when annotated with 1 or 2
====================  ==================================================================================
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from offtext.labels import THEMES
from offtext.metrics import DocumentScore, Record, match

Outcome = tuple[float, bool]
LAYERS = ("doc_type", "actor", "quote", "goal", "theme sentence", "theme document")
_LISTS = {"actor": "actors", "quote": "quotes", "goal": "goals"}


@dataclass(frozen=True)
class Bin:
    """What was given with a score in one range.

    Attributes:
        low, high: The range, its upper end outside of it (but the last one holds 1).
        count: How many.
        score: Their mean score.
        right: The share of them that is right.
    """

    low: float
    high: float
    count: int
    score: float
    right: float


def outcomes(gold: Record, found: Record) -> dict[str, list[Outcome]]:
    """Return for each of `LAYERS` what an analysis gave: its score, and whether the annotation agrees.

    Args:
        gold: Annotation of a document in stand-off form.
        found: The analysis of the same text, as `Analysis.to_dict` has it.
    """
    doc_type = found["doc_type"]
    out: dict[str, list[Outcome]] = {"doc_type": [(doc_type["score"], doc_type["label"] == gold["doc_type"])]}
    for layer, key in _LISTS.items():
        partners = {id(item) for _, item in match(key, gold[key], found[key])}
        out[layer] = [(item["score"], id(item) in partners) for item in found[key]]
    out["theme sentence"] = []
    for theme in THEMES:
        here, there = ([s for s in side["theme_sentences"] if theme in s["labels"]] for side in (gold, found))
        partners = {id(sentence) for _, sentence in match("theme_sentences", here, there)}
        out["theme sentence"] += [(sentence["scores"][theme], id(sentence) in partners) for sentence in there]
    out["theme document"] = [(score, gold["themes"].get(theme, 0) > 0) for theme, score in found["themes"].items()]
    return out


def gather(documents: Iterable[Mapping[str, Sequence[Outcome]]]) -> dict[str, list[Outcome]]:
    """Join the outcomes of several documents layer by layer."""
    every: dict[str, list[Outcome]] = {layer: [] for layer in LAYERS}
    for document in documents:
        for layer, pairs in document.items():
            every[layer] += pairs
    return every


def reliability(pairs: Iterable[Outcome], bins: int = 10) -> list[Bin]:
    """Return the reliability diagram as rows: ranges of equal width, those that hold anything, lowest first.

    >>> reliability([(0.25, False), (0.75, True), (1.0, True)], bins=2)
    [Bin(low=0.0, high=0.5, count=1, score=0.25, right=0.0), Bin(low=0.5, high=1.0, count=2, score=0.875, right=1.0)]
    """
    held: dict[int, list[Outcome]] = {}
    for score, right in pairs:
        held.setdefault(min(max(int(score * bins), 0), bins - 1), []).append((score, right))
    return [
        Bin(
            n / bins, (n + 1) / bins, len(own), statistics.fmean(s for s, _ in own), statistics.fmean(r for _, r in own)
        )
        for n, own in sorted(held.items())
    ]


def expected_calibration_error(pairs: Iterable[Outcome], bins: int = 10) -> float | None:
    """Return the mean distance between score and share of right over `bins` ranges; None when nothing was given.

    >>> expected_calibration_error([(0.75, True), (0.75, True), (0.75, False), (0.75, True)])
    0.0
    >>> expected_calibration_error([(1.0, True), (1.0, False)])
    0.5
    """
    rows = reliability(pairs, bins)
    total = sum(row.count for row in rows)
    return sum(row.count * abs(row.score - row.right) for row in rows) / total if total else None


def theme_levels(scores: Iterable[DocumentScore]) -> dict[int, tuple[int, float]]:
    """Return how many themes of documents are annotated with 0, 1 and 2, and the mean score they were given.

    A document that is about a theme (2) should be given it more surely than one that touches it (1).
    """
    given: dict[int, list[float]] = {}
    for document in scores:
        for score, level in document.themes.values():
            given.setdefault(level, []).append(score)
    return {level: (len(own), statistics.fmean(own)) for level, own in sorted(given.items())}
