"""The encoder on ONNX Runtime: texts in, states of sentences and scores of tokens out.

A text is read in windows that overlap, each alone and unpadded: with 8-bit activations the scale of a tensor depends
on everything in it, and the same text must give the same result in any company. On a CPU nothing is lost by it: the
windows of all texts are spread over the threads, longest first.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from offtext.encoder.states import Read, States, put_together
from offtext.encoder.store import Store
from offtext.encoder.tokens import Tokens, tokenise, tokenise_layout
from offtext.encoder.windows import Floats, Ints, Window, plan
from offtext.layout.structure import Layout

if TYPE_CHECKING:
    import onnxruntime
    import tokenizers

# Tokens read together, special ones included, and how many two neighbours share; attention is quadratic in a window.
WINDOW = 256
OVERLAP = 48
# Windows whose results are held at once: of a very long text they would pile up otherwise.
SLICE = 256

_In = TypeVar("_In")
_Out = TypeVar("_Out")
_LINUX = hasattr(os, "sched_getaffinity")


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
        self._window = min(WINDOW, int(store.manifest["max_tokens"])) - 2  # special tokens

    @property
    def name(self) -> str:
        """The model's name, as it stands in every record."""
        return self.store.name

    @property
    def version(self) -> str:
        """The model's version; a change of any file comes with a new one."""
        return self.store.version

    def encode(self, layouts: Sequence[Layout]) -> list[States]:
        """Read texts once and return what the model made of each, in order."""
        return self.read([tokenise_layout(layout, self._tokenizer) for layout in layouts])

    def embed(self, sentences: Sequence[str]) -> Floats:
        """Return one vector a sentence, each read alone: for comparing sentences and descriptions with each other.

        *Shape:* ``(len(sentences), width)``, not normalised.
        """
        if not sentences:
            return np.zeros((0, self.width), dtype=np.float32)
        read = self.read([tokenise(text, [(0, len(text))], self._tokenizer) for text in sentences])
        return np.stack([states.document for states in read])

    def read(self, texts: Sequence[Tokens]) -> list[States]:
        """Read texts that are tokens already and return what the model made of each, in order."""
        planned = [plan(tokens.edges, self._window, min(OVERLAP, self._window // 4)) for tokens in texts]
        if sum(map(len, planned)) <= SLICE:
            every = [(n, window) for n, windows in enumerate(planned) for window in windows]
            every.sort(key=lambda item: item[1].start - item[1].end)  # the longest first: no thread is left waiting
            made = dict(zip(every, self._map(lambda item: self._read(texts[item[0]], item[1]), every), strict=True))
            found: list[Iterable[Read]] = [[made[n, w] for w in windows] for n, windows in enumerate(planned)]
        else:
            found = [self._lazily(tokens, windows) for tokens, windows in zip(texts, planned, strict=True)]
        return [put_together(tokens, reads, self.width, self.store) for tokens, reads in zip(texts, found, strict=True)]

    def __reduce__(self) -> tuple[Any, ...]:
        # a worker process opens its own session
        return (type(self), (self.store, self.threads))

    def _lazily(self, tokens: Tokens, windows: Sequence[Window]) -> Iterator[Read]:
        for start in range(0, len(windows), SLICE):
            yield from self._map(lambda window: self._read(tokens, window), windows[start : start + SLICE])

    def _map(self, run: Callable[[_In], _Out], work: Sequence[_In]) -> list[_Out]:
        if self.threads <= 1 or len(work) <= 1:
            return list(map(run, work))
        with ThreadPoolExecutor(self.threads) as pool:
            return list(pool.map(run, work))

    def _read(self, tokens: Tokens, window: Window) -> Read:
        opening, closing = self._frame
        row = np.concatenate([opening, tokens.ids[window.start : window.end], closing])[None]
        inside = slice(len(opening), len(opening) + window.end - window.start)
        if not self.store.manifest.get("heads"):  # a bare encoder
            [states] = self._session.run(["states"], {"input_ids": row})
            return window, np.zeros((window.end - window.start, 0), dtype=np.float32), states[0, inside]
        scores, states = self._session.run(["scores", "states"], {"input_ids": row})
        return window, scores[0, inside], states[0, inside]

    @cached_property
    def _tokenizer(self) -> tokenizers.Tokenizer:
        import tokenizers

        return tokenizers.Tokenizer.from_file(str(self.store.path("tokenizer.json")))

    @cached_property
    def _frame(self) -> tuple[Ints, Ints]:
        """The special tokens that open and close a window."""
        ids = self._tokenizer.encode("").ids
        return np.array(ids[:1], dtype=np.int64), np.array(ids[-1:], dtype=np.int64)

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
