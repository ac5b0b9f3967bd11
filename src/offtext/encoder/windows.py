"""Token windows over a text of any length: overlapping, nothing cut off. numpy only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Window:
    """Tokens `start` to `end` are read together; of what comes out, `keep_start` to `keep_end` is kept."""

    start: int
    end: int
    keep_start: int
    keep_end: int


def plan(boundaries: Sequence[int] | Ints, length: int, overlap: int) -> list[Window]:
    """Cut a row of tokens into windows of at most `length`, every token kept where it has most context.

    Two neighbours change hands at the sentence start nearest to the middle of what they share, so that a sentence is
    kept whole from one window; a sentence longer than that is kept in parts.

    Args:
        boundaries: Where sentences start, and at the end the number of tokens: `[0, 7, 12]` for 7 and 5 tokens.
        length: Most tokens in a window.
        overlap: Fewest tokens that two neighbours share; less than `length`.

    >>> plan([0, 7], length=8, overlap=4)
    [Window(start=0, end=7, keep_start=0, keep_end=7)]
    >>> plan([0, 5, 12], length=8, overlap=4)
    [Window(start=0, end=8, keep_start=0, keep_end=5), Window(start=4, end=12, keep_start=5, keep_end=12)]
    """
    edges = np.asarray(boundaries, dtype=np.int64)
    count = int(edges[-1]) if len(edges) else 0
    if count <= length:
        return [Window(0, count, 0, count)] if count else []
    windows = -(-(count - overlap) // (length - overlap))
    # as few windows as possible, their starts spread evenly from 0 to the last one that fits
    starts = [n * (count - length) // (windows - 1) for n in range(windows)]
    hands = [0, *(_change(edges, starts[n + 1], starts[n] + length) for n in range(windows - 1)), count]
    return [Window(start, start + length, hands[n], hands[n + 1]) for n, start in enumerate(starts)]


def _change(edges: Ints, low: int, high: int) -> int:
    """Return the sentence start between two tokens that lies nearest to their middle, else the middle itself."""
    middle = (low + high) // 2
    at = int(np.searchsorted(edges, middle))
    near = [int(edges[n]) for n in (at - 1, at) if 0 <= n < len(edges) and low <= edges[n] <= high]
    return min(near, key=lambda edge: abs(edge - middle), default=middle)
