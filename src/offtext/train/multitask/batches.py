"""From examples to tensors: tokens made as at run time, windows at sentence borders, one label a token and task."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from offtext.encoder.tokens import Tokens, tokenise
from offtext.encoder.windows import Ints
from offtext.train.multitask.corpus import Example, Labelled
from offtext.train.multitask.tasks import TASKS, TOKEN_TASKS, Task

if TYPE_CHECKING:
    import tokenizers
    import torch

STEP = 32  # lengths of windows are multiples of it
UNKNOWN = -100  # torch's cross entropy passes over it


@dataclass(frozen=True)
class Encoded:
    """An example as tokens with their labels.

    *Shape:* `tags` per task ``(tokens,)``.
    """

    example: Example
    tokens: Tokens
    tags: dict[str, Ints]


def encode(example: Example, tokenizer: tokenizers.Tokenizer) -> Encoded:
    """Make the tokens of an example, as at run time, and their labels."""
    tokens = tokenise(example.text, [(s.start, s.end) for s in example.sentences], tokenizer)
    tags = {
        name: _tags(TASKS[name], spans, tokens.starts, tokens.ends)
        for name, spans in example.spans.items()
        if name in TOKEN_TASKS
    }
    return Encoded(example, tokens, tags)


def _tags(task: Task, spans: Sequence[Labelled], starts: Ints, ends: Ints) -> Ints:
    out = np.full(len(starts), 0 if task.form == "spans" else UNKNOWN, dtype=np.int64)
    for span in sorted(spans, key=lambda s: s.start - s.end):  # where two overlap the shorter is written last
        low = int(np.searchsorted(ends, span.start, side="right"))
        high = int(np.searchsorted(starts, span.end, side="left"))
        if high <= low:
            continue
        label = task.labels.index(span.label)
        if task.form == "tokens":
            out[low:high] = label
        else:
            out[low:high] = 2 + 2 * label
            out[low] = 1 + 2 * label
    return out


@dataclass(frozen=True)
class Piece:
    """Tokens `start` to `end` of an encoded example: what one row of a batch holds."""

    encoded: Encoded
    start: int
    end: int


def pieces(encoded: Encoded, length: int, chance: random.Random) -> Iterator[Piece]:
    """Cut an example into windows that start at sentence borders, at other borders every time."""
    borders = np.flatnonzero(np.diff(encoded.tokens.sentence, prepend=-1))
    total = len(encoded.tokens.ids)
    start = 0
    end = chance.randint(length // 2, length)
    while start < total:
        if start + (end - start) < total:
            inner = borders[(borders > start) & (borders <= end)]
            end = int(inner[-1]) if len(inner) else end
        end = min(end, total)
        yield Piece(encoded, start, end)
        start, end = end, end + length


@dataclass
class Batch:
    """Tensors of several windows.

    *Shape:* `ids`, `mask`, `sentence` and each of `tags` ``(rows, tokens)``; `themes` ``(sentences, labels)``, with
    `theme_rows` saying which (row, local sentence) each is; `doc_type` ``(rows,)``; `weight` ``(rows,)``.
    """

    ids: torch.Tensor
    mask: torch.Tensor
    sentence: torch.Tensor
    tags: dict[str, torch.Tensor]
    themes: torch.Tensor
    theme_rows: torch.Tensor
    doc_type: torch.Tensor
    weight: torch.Tensor
    tokens: int


def collate(rows: Sequence[Piece], special: tuple[int, int], pad: int) -> Batch:
    """Pad windows to one length and put the special tokens around them."""
    import torch

    shape = (len(rows), max(padded(row.end - row.start) for row in rows))
    ids = np.full(shape, pad, dtype=np.int64)
    mask, sentence = np.zeros(shape, dtype=np.int64), np.full(shape, -1, dtype=np.int64)
    tags = {name: np.full(shape, UNKNOWN, dtype=np.int64) for name in TOKEN_TASKS}
    themes, theme_rows = [], []
    for n, row in enumerate(rows):
        size, encoded = row.end - row.start, row.encoded
        ids[n, 0], ids[n, size + 1] = special
        ids[n, 1 : size + 1] = encoded.tokens.ids[row.start : row.end]
        mask[n, : size + 2] = 1
        owners = encoded.tokens.sentence[row.start : row.end]
        sentence[n, 1 : size + 1] = owners - owners[0]
        for name, values in encoded.tags.items():
            tags[name][n, 1 : size + 1] = values[row.start : row.end]
        if encoded.example.themes is not None:
            for s in range(int(owners[0]), int(owners[-1]) + 1):
                themes.append([float(label in encoded.example.themes.get(s, ())) for label in TASKS["themes"].labels])
                theme_rows.append((n, s - int(owners[0])))
    types = [
        TASKS["doc_type"].labels.index(r.encoded.example.doc_type) if r.encoded.example.doc_type else UNKNOWN
        for r in rows
    ]
    return Batch(
        ids=torch.from_numpy(ids),
        mask=torch.from_numpy(mask),
        sentence=torch.from_numpy(sentence),
        tags={name: torch.from_numpy(values) for name, values in tags.items()},
        themes=torch.tensor(themes, dtype=torch.float32).reshape(len(themes), len(TASKS["themes"].labels)),
        theme_rows=torch.tensor(theme_rows, dtype=torch.int64).reshape(len(theme_rows), 2),
        doc_type=torch.tensor(types),
        weight=torch.tensor([row.encoded.example.weight for row in rows]),
        tokens=int(mask.sum()),
    )


def groups(examples: Sequence[Encoded], *, length: int, tokens: int, seed: int) -> list[list[Piece]]:
    """Cut examples into windows and put those of like length together, shuffled: an epoch of batches.

    Batches come in few shapes, since a processor's matrix library prepares itself anew for every one.

    Args:
        examples: What to learn from.
        length: Most tokens in a window, without special ones.
        tokens: About how many in a batch.
        seed: Of the cuts and the order.
    """
    chance = random.Random(seed)
    rows = [piece for encoded in examples for piece in pieces(encoded, length, chance)]
    chance.shuffle(rows)
    full: list[list[Piece]] = []
    filling: dict[int, list[Piece]] = {}
    for row in rows:
        long = padded(row.end - row.start)
        group = filling.setdefault(long, [])
        group.append(row)
        if len(group) >= max(1, tokens // long):
            full.append(filling.pop(long))
    full += filling.values()
    chance.shuffle(full)
    return full


def padded(tokens: int) -> int:
    """Return the length that a window of so many tokens is padded to, its special tokens included.

    >>> padded(20), padded(30), padded(31)
    (32, 32, 64)
    """
    return -(-(tokens + 2) // STEP) * STEP
