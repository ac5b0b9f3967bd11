"""Themes: which of the thirteen themes of collaboration a sentence speaks of, and the document as a whole.

Three things that know different matters are weighed together: the lexicon's cues, the words (hashed n-grams), and the
model's own opinion of the sentence; then the neighbouring sentences and the document's mean. Without the model the
cues decide alone, each with the precision measured for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from offtext.encoder import States, Store
from offtext.labels import THEMES
from offtext.layers.linear import FILE, load_arrays, load_head
from offtext.layout.structure import Layout
from offtext.lexicon import load_toml
from offtext.record import ThemeSentence

Floats = npt.NDArray[np.float32]

# Rules alone: a cue speaks for its theme when this share of its matches did in training (best micro F1 there).
RULE_THRESHOLD = 0.38
# Nothing is certain, and a logit must stay finite.
_LEAST, _MOST = 0.002, 0.998
# No cue lies deep in a "sentence" of more characters than this (a table, a text without stops).
_READ = 4_000


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue phrase of a theme and the share of its matches in the training annotations that carry the theme."""

    theme: str
    id: str
    pattern: re.Pattern[str]
    precision: float


def find_themes(layout: Layout, states: States | None) -> tuple[tuple[ThemeSentence, ...], dict[str, float]]:
    """Return the sentences that speak of a theme, and for each of the thirteen how likely the document does.

    Args:
        layout: The text with its sentences.
        states: The encoder's states of the same sentences; None, or a model without heads, uses the lexicon's
            cues alone.

    Returns:
        The sentences with their labels, each label with its probability; and the document's probability per theme.

    >>> from offtext.layout import parse
    >>> sentences, scores = find_themes(parse("Kommunen samverkar med regionen. Solen skiner."), None)
    >>> [(s.text, s.labels) for s in sentences], scores["collaboration"] > scores["trust"]
    ([('Kommunen samverkar med regionen.', ('collaboration',))], True)
    """
    if not layout.sentences:
        return (), dict.fromkeys(THEMES, 0.0)
    matched = match_cues([layout.text[s.start : s.end] for s in layout.sentences])
    if states is None or not states.store.has(FILE):
        scores = _by_cues(matched)
        thresholds = np.full(len(THEMES), RULE_THRESHOLD, dtype=np.float32)
        document = 1 - np.prod(1 - scores, axis=0)
    else:
        arrays = load_arrays(states.store)
        texts = [layout.text[s.start : s.end] for s in layout.sentences]
        words, meaning = by_words(texts, matched, states.store), states.of_sentences["themes"]
        scores = _sigmoid(_weighed(in_context(words, meaning), arrays["themes.mix"], arrays["themes.mix_intercept"]))
        thresholds = arrays["themes.thresholds"]
        features = of_document(scores)
        document = _sigmoid(_weighed(features[None], arrays["themes.document"], arrays["themes.document_intercept"])[0])
    found = []
    for sentence, row in zip(layout.sentences, scores, strict=True):
        chosen = {label: float(p) for label, p, least in zip(THEMES, row, thresholds, strict=True) if p >= least}
        if chosen:
            text = layout.text[sentence.start : sentence.end]
            found.append(ThemeSentence(sentence.start, sentence.end, text, tuple(chosen), chosen))
    return tuple(found), {label: float(p) for label, p in zip(THEMES, document, strict=True)}


def match_cues(texts: Sequence[str]) -> Floats:
    """Return 1 where a cue matches a text. *Shape:* ``(texts, cues)``, in the order of `cues()`."""
    hits = [[cue.pattern.search(text[:_READ]) is not None for cue in cues()] for text in texts]
    return np.array(hits, dtype=np.float32).reshape(len(texts), len(cues()))


@cache
def cues() -> tuple[Cue, ...]:
    """Return the lexicon's cues, theme by theme in the order of the labels."""
    themes = load_toml("themes")["themes"]
    return tuple(
        Cue(theme, entry["id"], re.compile(entry["pattern"], re.IGNORECASE), float(entry["precision"]))
        for theme in THEMES
        for entry in themes[theme]["cues"]
    )


def by_words(texts: Sequence[str], matched: Floats, store: Store) -> Floats:
    """Return what the words and cues of each sentence speak for, in log odds. *Shape:* ``(sentences, themes)``."""
    words = load_head(store, "themes").of_texts(texts)
    return np.asarray(words + matched @ load_arrays(store)["themes.cues_with_ngrams"], dtype=np.float32)


def beside(values: npt.NDArray[Any]) -> Floats:
    """Return for each sentence the mean of the one before and the one after; at the ends itself stands for the missing.

    *Shape:* ``(sentences, any)``, as given.
    """
    padded = np.concatenate([values[:1], values, values[-1:]])
    return np.asarray((padded[:-2] + padded[2:]) / 2, dtype=np.float32)


def in_context(words: Floats, meaning: Floats) -> Floats:
    """Return what the last step weighs: both opinions, the neighbours' mean opinion, and the document's.

    *Shape:* ``(sentences, themes, 4)``
    """
    own = (words + meaning) / 2
    whole = np.log(_sigmoid(own).mean(axis=0, keepdims=True) + 1e-3).repeat(len(own), axis=0)
    return np.stack([words, meaning, beside(own), whole], axis=2).astype(np.float32)


def of_document(scores: Floats) -> Floats:
    """Return what the document's score is made of: any sentence at all, the best three, the expected number.

    *Shape:* ``(themes, 3)`` from ``(sentences, themes)``.
    """
    safe = np.clip(scores, _LEAST, _MOST)
    nowhere = np.log1p(-safe).sum(axis=0)
    any_at_all = np.log(-np.expm1(nowhere)) - np.clip(nowhere, -6, None)
    best = np.sort(np.concatenate([np.full((3, scores.shape[1]), _LEAST), safe]), axis=0)[-3:].mean(axis=0)
    return np.stack([any_at_all, np.log(best / (1 - best)), np.log1p(safe.sum(axis=0))], axis=1).astype(np.float32)


def _by_cues(matched: Floats) -> Floats:
    """Return the precision of the best cue that matched, raised a little by each further one."""
    scores = np.full((len(matched), len(THEMES)), _LEAST, dtype=np.float32)
    for column, cue in enumerate(cues()):
        theme = THEMES.index(cue.theme)
        hit = matched[:, column] > 0
        high = np.maximum(scores[hit, theme], cue.precision)
        low = np.minimum(scores[hit, theme], cue.precision)
        scores[hit, theme] = np.minimum(high + 0.3 * low * (1 - high), _MOST)
    return scores


def _weighed(features: Floats, weights: Floats, intercept: Floats) -> Floats:
    return np.asarray(np.einsum("ntf,tf->nt", features, weights) + intercept, dtype=np.float32)


def _sigmoid(logits: npt.NDArray[Any]) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)
