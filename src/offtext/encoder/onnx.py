"""The encoder on ONNX Runtime: texts in, one vector a sentence and one a document out.

Every sentence is read alone and unpadded, in windows when it is longer than one. Alone, because that made the better
states: with its neighbours in the window a sentence's theme was found worse (micro F1 0.45 against 0.53, twelve layers
of the base encoder). Unpadded and never in a batch, because with 8-bit activations the scale of a tensor depends on
everything in it, and the same text must give the same result in any company. On a CPU nothing is lost by it: the
sentences of all texts are spread over the threads, longest first.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from offtext.encoder.store import Store
from offtext.encoder.windows import Floats, Ints, Window, plan
from offtext.layout.structure import Layout

if TYPE_CHECKING:
    import onnxruntime
    import tokenizers

# Tokens read together of a sentence that is longer (a table, a text without stops); attention is quadratic in it.
WINDOW = 256
OVERLAP = 48
# One piece for the tokenizer: it holds its whole lattice in memory, and a line can be 5 MB long.
PIECE = 10_000

Work = tuple[int, Window]
Summed = tuple[int, "npt.NDArray[np.float64]"]

_LINUX = hasattr(os, "sched_getaffinity")
_SURROGATES = re.compile("[\ud800-\udfff]")
_SPACE = re.compile(r"\s")


@dataclass(frozen=True)
class States:
    """What the encoder made of one text.

    *Shape:* `sentences` ``(sentences, width)``, in the layout's order; `document` ``(width,)``, the mean over tokens.
    `store` is the model that made them; its heads read them.
    """

    sentences: Floats
    document: Floats
    store: Store


class Encoder:
    """A loaded encoder; safe to use from several threads.

    Attributes:
        store: The model it was loaded from.
        width: Numbers in a state.
    """

    def __init__(self, store: Store, threads: int | None = None) -> None:
        """Open the model's encoder; nothing is read before the first text.

        Args:
            store: A verified model.
            threads: How many windows are run at the same time; as many as there are cores when None. The result is
                the same for any number.
        """
        self.store = store
        self.width = int(store.manifest["width"])
        self.threads = (
            threads if threads is not None else len(os.sched_getaffinity(0)) if _LINUX else os.cpu_count() or 1
        )
        self._window = min(WINDOW, int(store.manifest["max_tokens"])) - 2 - 8  # special tokens, prefix

    @property
    def name(self) -> str:
        """The model's name, as it stands in every record."""
        return self.store.name

    @property
    def version(self) -> str:
        """The model's version; a change of any file comes with a new one."""
        return self.store.version

    def encode(self, layouts: Sequence[Layout]) -> list[States]:
        """Read texts once and return the states of each, in order."""
        texts = [[layout.text[s.start : s.end] for s in layout.sentences] for layout in layouts]
        return self._encode(texts)

    def embed(self, sentences: Sequence[str]) -> Floats:
        """Return one vector a sentence, each read alone: for comparing sentences and descriptions with each other.

        *Shape:* ``(len(sentences), width)``, not normalised.
        """
        if not sentences:
            return np.zeros((0, self.width), dtype=np.float32)
        return np.stack([states.document for states in self._encode([[sentence] for sentence in sentences])])

    def __reduce__(self) -> tuple[Any, ...]:
        # a worker process opens its own session
        return (type(self), (self.store, self.threads))

    def _encode(self, texts: Sequence[Sequence[str]]) -> list[States]:
        # the same sentence (a heading, a footer) is read once, whatever text it stands in
        unique = list(dict.fromkeys(sentence for sentences in texts for sentence in sentences))
        tokens = self._tokens(unique)
        work = [(n, window) for n, ids in enumerate(tokens) for window in self._plan(len(ids))]
        work.sort(key=lambda item: item[1].start - item[1].end)
        sums = np.zeros((len(unique), self.width), dtype=np.float64)
        for n, total in self._map(lambda item: (item[0], self._sum(tokens[item[0]], item[1])), work):
            sums[n] += total
        row_of = {sentence: n for n, sentence in enumerate(unique)}
        counts = np.array([len(ids) for ids in tokens], dtype=np.float64)
        return [self._pool(np.array([row_of[s] for s in sentences], dtype=int), sums, counts) for sentences in texts]

    def _plan(self, count: int) -> list[Window]:
        return plan([0, count], self._window, min(OVERLAP, self._window // 4))

    def _pool(self, rows: Ints, sums: npt.NDArray[np.float64], counts: npt.NDArray[np.float64]) -> States:
        of_sentence = sums[rows] / np.maximum(counts[rows], 1)[:, None]
        of_document = sums[rows].sum(axis=0) / max(counts[rows].sum(), 1.0)
        return States(of_sentence.astype(np.float32), of_document.astype(np.float32), self.store)

    def _map(self, run: Callable[[Work], Summed], work: list[Work]) -> Iterator[Summed]:
        """Run in order, in slices: on a very long text the results would pile up otherwise."""
        if self.threads <= 1 or len(work) <= 1:
            yield from map(run, work)
            return
        with ThreadPoolExecutor(self.threads) as pool:
            for start in range(0, len(work), 1024):
                yield from pool.map(run, work[start : start + 1024])

    def _sum(self, ids: Ints, window: Window) -> npt.NDArray[np.float64]:
        """Run one window and return the sum of the states it keeps."""
        opening, prefix, closing = self._frame
        row = np.concatenate([opening, prefix, ids[window.start : window.end], closing])[None]
        states: Floats = self._session.run(None, {"input_ids": row})[0][0]
        first = len(opening) + len(prefix) - window.start
        kept = states[first + window.keep_start : first + window.keep_end]
        total: npt.NDArray[np.float64] = kept.sum(axis=0, dtype=np.float64)
        return total

    def _tokens(self, sentences: Sequence[str]) -> list[Ints]:
        """Return the token ids of every sentence, without special tokens."""
        pieces, owner = [], []
        for n, sentence in enumerate(sentences):
            for piece in _pieces(_SURROGATES.sub("\ufffd", sentence)):
                pieces.append(piece)
                owner.append(n)
        ids: list[list[int]] = [[] for _ in sentences]
        for n, encoding in zip(owner, self._tokenizer.encode_batch_fast(pieces, add_special_tokens=False), strict=True):
            ids[n] += encoding.ids
        return [np.array(row, dtype=np.int64) for row in ids]

    @cached_property
    def _tokenizer(self) -> tokenizers.Tokenizer:
        import tokenizers

        return tokenizers.Tokenizer.from_file(str(self.store.path("tokenizer.json")))

    @cached_property
    def _frame(self) -> tuple[Ints, Ints, Ints]:
        """What stands around the tokens of a window: special token, the model's prefix, special token."""
        first, last = (self._tokenizer.encode("").ids[n] for n in (0, -1))
        prefix = self._tokenizer.encode(str(self.store.manifest.get("prefix", "")), add_special_tokens=False).ids
        return tuple(np.array(part, dtype=np.int64) for part in ([first], prefix, [last]))  # type: ignore[return-value]

    @cached_property
    def _session(self) -> onnxruntime.InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        # one thread a window and windows side by side scale better than many threads in one small window
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # on processors without VNNI, 8-bit products would saturate and give other numbers than elsewhere
        options.add_session_config_entry("session.x64quantprecision", "1")
        path = str(self.store.path("encoder.onnx"))
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _pieces(sentence: str) -> Iterator[str]:
    """Cut a very long sentence at white space where there is some; one of ordinary length comes back as it is."""
    start = 0
    while len(sentence) - start > PIECE:
        space = _SPACE.search(sentence, start + PIECE - 200, start + PIECE)
        end = space.start() if space else start + PIECE
        yield sentence[start:end]
        start = end
    yield sentence[start:]
