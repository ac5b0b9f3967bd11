"""Scores against what is right, with figures worked out by hand."""

import pytest

from offtext.calibration import (
    LAYERS,
    Bin,
    expected_calibration_error,
    gather,
    outcomes,
    reliability,
    theme_levels,
)
from offtext.metrics import score_document


def span(start, end, **fields):
    return {"start": start, "end": end, **fields}


def actor(id, *mentions, score=1.0, kind="person"):
    return {"id": id, "kind": kind, "mentions": [span(*m) for m in mentions], "score": score}


def quote(start, end, score=1.0, speaker=None):
    return {"kind": "direct", "spans": [span(start, end)], "speaker": speaker, "score": score}


GOLD = {
    "doc_type": "letter",
    "meta": {},
    "actors": [actor("a1", (0, 8))],
    "quotes": [quote(10, 20)],
    "goals": [span(30, 40, kind="aim")],
    "theme_sentences": [span(0, 20, labels=["trust", "dialogue"])],
    "themes": {"trust": 2, "dialogue": 1},
    "collaborations": [],
}
FOUND = {
    "doc_type": {"label": "letter", "score": 0.9},
    "meta": {},
    "actors": [actor("x", (2, 8), score=0.8), actor("y", (0, 8), score=0.7, kind="organisation")],
    "quotes": [quote(10, 19, score=0.6), quote(50, 60, score=0.5)],
    "goals": [span(36, 50, kind="aim", score=0.4)],
    "theme_sentences": [
        span(0, 22, labels=["trust"], scores={"trust": 0.7}),
        span(0, 18, labels=["trust", "outcomes"], scores={"trust": 0.6, "outcomes": 0.3}),
    ],
    "themes": {"trust": 0.8, "dialogue": 0.4, "outcomes": 0.1},
    "collaborations": [],
}


def test_each_layer_tells_its_score_and_whether_the_annotation_agrees():
    assert outcomes(GOLD, FOUND) == {
        "doc_type": [(0.9, True)],
        "actor": [(0.8, True), (0.7, False)],
        "quote": [(0.6, True), (0.5, False)],
        "goal": [(0.4, False)],
        "theme sentence": [(0.7, True), (0.6, False), (0.3, False)],
        "theme document": [(0.8, True), (0.4, True), (0.1, False)],
    }


def test_what_is_right_adds_up_to_the_hits_of_the_metrics():
    hits = score_document(GOLD, FOUND).hits
    for layer in ("actor", "quote", "goal", "theme sentence"):
        assert sum(right for _, right in outcomes(GOLD, FOUND)[layer]) == hits[layer], layer


def test_documents_are_joined_layer_by_layer():
    joined = gather([outcomes(GOLD, FOUND), outcomes(GOLD, FOUND)])
    assert tuple(joined) == LAYERS
    assert joined["goal"] == [(0.4, False), (0.4, False)]
    assert gather([]) == {layer: [] for layer in LAYERS}


def test_the_error_weighs_ranges_by_what_they_hold():
    pairs = [(0.1, False)] * 6 + [(0.95, True)] * 3 + [(0.95, False)]
    assert expected_calibration_error(pairs) == pytest.approx((6 * 0.1 + 4 * 0.2) / 10)


def test_scores_on_the_edge_belong_to_the_range_above_but_one_to_the_last():
    assert [(row.low, row.count) for row in reliability([(0.0, False), (0.5, True), (1.0, True)], bins=2)] == [
        (0.0, 1),
        (0.5, 2),
    ]


def test_ranges_that_hold_nothing_are_left_out():
    assert reliability([(0.5, True)], bins=10) == [Bin(0.5, 0.6, 1, 0.5, 1.0)]
    assert reliability([]) == []
    assert expected_calibration_error([]) is None


def test_mean_score_by_annotated_level():
    levels = theme_levels([score_document(GOLD, FOUND)])
    assert levels[1] == (1, 0.4)
    assert levels[2] == (1, 0.8)
    count, mean = levels[0]
    assert (count, mean) == (11, pytest.approx(0.1 / 11))
