"""Spans from tag scores: always valid, and the most probable valid ones."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from offtext.encoder.decoding import decode, softmax

LABELS = ("PER", "ORG")
SCORES = arrays.arrays(np.float32, st.tuples(st.integers(0, 5), st.just(5)), elements=st.floats(-8, 8, width=32))


def valid(path):
    return all(tag == 0 or tag % 2 == 1 or (n and path[n - 1] in (tag, tag - 1)) for n, tag in enumerate(path))


def tags_of(spans, length):
    path = [0] * length
    for span in spans:
        path[span.start : span.end] = [2 + 2 * LABELS.index(span.label)] * (span.end - span.start)
        path[span.start] -= 1
    return path


@given(SCORES)
def test_no_valid_row_of_tags_is_more_probable(scores):
    found = tags_of(decode(scores, LABELS), len(scores))
    if not len(scores):
        return
    logs = np.log(softmax(scores) + 1e-9)
    best = max(
        sum(logs[n, tag] for n, tag in enumerate(path)) for path in product(range(5), repeat=len(scores)) if valid(path)
    )
    assert valid(found)
    assert sum(logs[n, tag] for n, tag in enumerate(found)) == pytest.approx(best, abs=1e-4)


def test_an_inside_without_a_beginning_is_no_span():
    assert decode(np.float32([[5, 0, 9, 0, 0]]), LABELS) == []


def test_two_spans_side_by_side():
    rows = np.float32([[0, 9, 0, 0, 0], [0, 0, 9, 0, 0], [0, 9, 0, 0, 0], [0, 0, 0, 9, 0]])
    assert [(s.start, s.end, s.label) for s in decode(rows, LABELS)] == [(0, 2, "PER"), (2, 3, "PER"), (3, 4, "ORG")]


def test_a_score_is_the_mean_probability_of_its_tags():
    rows = np.log(np.float32([[0.1, 0.6, 0.1, 0.1, 0.1], [0.1, 0.05, 0.8, 0.03, 0.02]]))
    assert decode(rows, LABELS)[0].score == pytest.approx(0.7, abs=1e-3)
