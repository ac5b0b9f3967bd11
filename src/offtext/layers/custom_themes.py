"""Themes of your own, from a description and example sentences: no training, the same encoder.

    themes = describe(encoder, {"cold": ["Vinter, is och kyla.", "Sjön har frusit."]})
    score(themes, states.sentences)

Cosines of raw states lie in a narrow band (everything is alike). Taking away the mean state of public-sector sentences
first spreads them out: unrelated sentences lie around 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from offtext.encoder import Encoder
from offtext.layers.linear import FILE, load_arrays

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Described:
    """Themes as directions: `names` in order, `directions` of length 1, and the mean state they are seen from.

    *Shape:* `directions` ``(themes, width)`` · `centre` ``(width,)``.
    """

    names: tuple[str, ...]
    directions: Floats
    centre: Floats


def describe(encoder: Encoder, themes: Mapping[str, Sequence[str]]) -> Described:
    """Turn each theme's description and example sentences into one direction: the mean of theirs.

    Args:
        encoder: The encoder that will read the texts.
        themes: For each name its sentences, one or more; a dozen examples are better than one description.
    """
    store = encoder.store
    centre = load_arrays(store)["themes.centre"] if store.has(FILE) else np.zeros(encoder.width, dtype=np.float32)
    means = [_unit(encoder.embed(list(sentences)) - centre).mean(axis=0) for sentences in themes.values()]
    directions = _unit(np.stack(means)) if means else np.zeros((0, encoder.width), dtype=np.float32)
    return Described(tuple(themes), directions, centre)


def score(themes: Described, sentences: Floats) -> Floats:
    """Return how near each sentence's state is to each theme, -1 to 1; not a probability.

    *Shape:* ``(sentences, themes)`` from ``(sentences, width)``.
    """
    return np.asarray(_unit(sentences - themes.centre) @ themes.directions.T, dtype=np.float32)


def _unit(states: Floats) -> Floats:
    return np.asarray(states / np.maximum(np.linalg.norm(states, axis=-1, keepdims=True), 1e-9), dtype=np.float32)
