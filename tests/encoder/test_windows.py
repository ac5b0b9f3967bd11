"""Windows: every token kept once, where it has most context."""

import numpy as np
import pytest

from offtext.encoder.windows import plan


@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 12, 100, 1001])
@pytest.mark.parametrize("sentence", [1, 3, 50, 5000])
def test_every_token_is_kept_exactly_once(count, sentence):
    edges = [*range(0, count, sentence), count]
    windows = plan(edges, length=8, overlap=4)
    kept = [n for w in windows for n in range(w.keep_start, w.keep_end)]
    assert kept == list(range(count))
    assert all(w.end - w.start <= 8 and w.start <= w.keep_start <= w.keep_end <= w.end for w in windows)


def test_a_sentence_in_the_overlap_is_kept_whole():
    hands = {w.keep_end for w in plan(np.array([0, 5, 12]), length=8, overlap=4)}
    assert 5 in hands


def test_a_short_text_is_one_window():
    assert len(plan([0, 3, 8], length=8, overlap=4)) == 1
