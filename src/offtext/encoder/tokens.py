"""Texts as tokens: sub-word pieces with the characters they stand for, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from offtext.encoder.windows import Ints
from offtext.layout.structure import Layout

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# One piece for the tokenizer: it holds its whole lattice in memory, and a line can be 5 MB long.
PIECE = 10_000

_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACE = re.compile(r"\s")


@dataclass(frozen=True)
class Tokens:
    """The tokens of one text, without special ones; only what stands in a sentence is read.

    *Shape:* `ids`, `starts`, `ends`, `sentence` ``(tokens,)``. Token n is the characters ``starts[n]`` to ``ends[n]``
    of the text, without white space before them, in sentence number ``sentence[n]`` of `sentences`.
    """

    ids: Ints
    starts: Ints
    ends: Ints
    sentence: Ints
    sentences: int

    @property
    def edges(self) -> Ints:
        """Where each sentence begins among the tokens, and at the end the number of tokens."""
        return np.searchsorted(self.sentence, np.arange(self.sentences + 1)).astype(np.int64)


def tokenise(text: str, sentences: Sequence[tuple[int, int]], tokenizer: Tokenizer) -> Tokens:
    """Return the tokens of the given sentences of a text.

    Args:
        text: The text.
        sentences: Start and end of each, in characters, in order.
        tokenizer: Without truncation and padding.
    """
    pieces, offsets, owners = [], [], []
    for number, (start, end) in enumerate(sentences):
        for at, piece in _pieces(_SURROGATES.sub("\ufffd", text[start:end])):
            pieces.append(piece)
            offsets.append(start + at)
            owners.append(number)
    made = tokenizer.encode_batch(pieces, add_special_tokens=False)
    sizes = [len(encoding.ids) for encoding in made]
    shift = np.repeat(np.array(offsets, dtype=np.int64), sizes)
    places = [np.array(encoding.offsets, dtype=np.int64).reshape(-1, 2) for encoding in made]
    spans = np.concatenate(places) if places else np.zeros((0, 2), dtype=np.int64)
    starts, ends = spans[:, 0] + shift, spans[:, 1] + shift
    return Tokens(
        ids=np.array([id for encoding in made for id in encoding.ids], dtype=np.int64),
        starts=_after_space(text, starts, ends),
        ends=ends,
        sentence=np.repeat(np.array(owners, dtype=np.int64), sizes),
        sentences=len(sentences),
    )


def tokenise_layout(layout: Layout, tokenizer: Tokenizer) -> Tokens:
    """Return the tokens of a laid-out text."""
    return tokenise(layout.text, [(s.start, s.end) for s in layout.sentences], tokenizer)


def _after_space(text: str, starts: Ints, ends: Ints) -> Ints:
    """Move starts past white space: some tokenizers count the blank before a word to it; a blank alone stays."""
    moved = starts.copy()
    late = np.flatnonzero(starts < ends)
    while len(late):
        late = np.array([n for n in late if moved[n] < ends[n] and text[moved[n]].isspace()], dtype=np.int64)
        moved[late] += 1
    return np.where(moved < ends, moved, starts)


def _pieces(sentence: str) -> Iterator[tuple[int, str]]:
    """Cut a very long sentence at white space where there is some; one of ordinary length comes back as it is."""
    start = 0
    while len(sentence) - start > PIECE:
        space = _SPACE.search(sentence, start + PIECE - 200, start + PIECE)
        end = space.start() if space else start + PIECE
        yield start, sentence[start:end]
        start = end
    yield start, sentence[start:]
