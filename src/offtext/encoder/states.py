"""What the model makes of a text: states of its sentences, scores of its tokens, put together from windows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from offtext.encoder.decoding import decode, softmax
from offtext.encoder.store import Store
from offtext.encoder.tokens import Tokens
from offtext.encoder.windows import Floats, Ints, Window

# What one window gives: scores of its tokens for every class of every task, and their states.
Read = tuple[Window, Floats, Floats]


@dataclass(frozen=True, slots=True)
class Tagged:
    """A span that the model tagged: characters `start` to `end`, its label, and the mean probability of its tags."""

    start: int
    end: int
    label: str
    score: float


@dataclass(frozen=True)
class Scores:
    """Scores of the tokens of one text, for every task that tags tokens.

    *Shape:* `starts`, `ends` ``(tokens,)``, in characters of the text; `logits` ``(tokens, classes)``, the classes of
    all tasks side by side. `labels` holds the labels of each task, `columns` where its classes begin and end.
    """

    starts: Ints
    ends: Ints
    logits: Floats
    labels: Mapping[str, tuple[str, ...]]
    columns: Mapping[str, tuple[int, int]]
    _spans: dict[str, list[Tagged]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def spans(self, task: str) -> list[Tagged]:
        """Return the spans of the most probable valid tags of a task, in order; they do not overlap.

        Sub-word pieces become whole words' characters: a span begins where its first token does and ends where its
        last does.
        """
        if task not in self._spans:  # a layer asks more than once, and the search goes token by token
            found = decode(self.of(task), self.labels[task])
            self._spans[task] = [
                Tagged(int(self.starts[t.start]), int(self.ends[t.end - 1]), t.label, t.score) for t in found
            ]
        return self._spans[task]

    def of(self, task: str) -> Floats:
        """Return the scores of a task. *Shape:* ``(tokens, classes)``."""
        first, last = self.columns[task]
        return self.logits[:, first:last]

    def share(self, task: str, spans: Sequence[tuple[int, int]]) -> Floats:
        """Return how probable it is, on average over the tokens of each span, that they belong to each label.

        Args:
            task: One of BIO tags, or one that labels tokens.
            spans: Start and end in characters; a span without a token gets nought.

        *Shape:* ``(spans, labels)``.
        """
        labels = len(self.labels[task])
        out = np.zeros((len(spans), labels), dtype=np.float32)
        scores = self.of(task)
        for n, (start, end) in enumerate(spans):
            low, high = self.between(start, end)
            if high > low:
                tags = softmax(scores[low:high]).mean(axis=0)
                out[n] = tags if len(tags) == labels else tags[1::2] + tags[2::2]
        return out

    def between(self, start: int, end: int) -> tuple[int, int]:
        """Return the tokens, first and one past the last, that share characters with a span."""
        low = int(np.searchsorted(self.ends, start, side="right"))
        return low, max(low, int(np.searchsorted(self.starts, end, side="left")))


@dataclass(frozen=True)
class States:
    """What the model made of one text.

    Attributes:
        sentences: ``(sentences, width)``, in the layout's order.
        document: ``(width,)``, the mean over tokens.
        store: The model that made them.
        scores: What the heads of tokens said; None when the model has none.
        of_sentences: For each task that labels sentences, ``(sentences, labels)``, in log odds.
        of_document: For each task that labels the text, ``(labels,)``, in log odds.
    """

    sentences: Floats
    document: Floats
    store: Store
    scores: Scores | None = None
    of_sentences: Mapping[str, Floats] = field(default_factory=dict)
    of_document: Mapping[str, Floats] = field(default_factory=dict)


def scores_for(states: States | None, file: str) -> Scores | None:
    """Return the scores of tokens for a layer whose weights are `file` in the model; None where it must do without."""
    return states.scores if states is not None and states.store.has(file) else None


@dataclass(frozen=True)
class Head:
    """A head of a model: its task, its form (see `offtext.train.multitask.tasks`), its labels, its columns."""

    task: str
    form: str
    labels: tuple[str, ...]
    first: int
    last: int


def heads_of(store: Store) -> list[Head]:
    """Return the heads of a model in the order in which their classes stand side by side."""
    found: list[Head] = []
    for said in store.manifest.get("heads", ()):
        labels, at = tuple(said["labels"]), found[-1].last if found else 0
        classes = 1 + 2 * len(labels) if said["form"] == "spans" else len(labels)
        found.append(Head(said["task"], said["form"], labels, at, at + classes))
    return found


def put_together(tokens: Tokens, reads: Iterable[Read], width: int, store: Store) -> States:
    """Put the windows of a text together: of each token what the window said that read most around it.

    Heads of sentences and documents are linear, so that their score is the mean of what they say of the tokens.

    Args:
        tokens: The text's.
        reads: Of every window, in order, the scores and the states of its tokens; special tokens taken off.
        width: Numbers in a state.
        store: The model.
    """
    heads = heads_of(store)
    tags = heads[-1].last if heads else 0
    wide = [head for head in heads if head.form in ("sentences", "document")]
    narrow = wide[0].first if wide else tags  # the heads of tokens come first
    sums = np.zeros((tokens.sentences, width + tags - narrow), dtype=np.float64)
    kept = []
    for window, scores, states in reads:
        inside = slice(window.keep_start - window.start, window.keep_end - window.start)
        kept.append(scores[inside, :narrow])
        summed = np.concatenate([states[inside], scores[inside, narrow:]], axis=1)
        np.add.at(sums, tokens.sentence[window.keep_start : window.keep_end], summed)
    counts = np.bincount(tokens.sentence, minlength=tokens.sentences)
    means = (sums / np.maximum(counts, 1)[:, None]).astype(np.float32)
    whole = (sums.sum(axis=0) / max(counts.sum(), 1)).astype(np.float32)
    logits = np.concatenate(kept) if kept else np.zeros((0, narrow), dtype=np.float32)
    place = {head.task: slice(width + head.first - narrow, width + head.last - narrow) for head in wide}
    return States(
        sentences=means[:, :width],
        document=whole[:width],
        store=store,
        scores=Scores(
            tokens.starts,
            tokens.ends,
            logits,
            labels={head.task: head.labels for head in heads if head not in wide},
            columns={head.task: (head.first, head.last) for head in heads if head not in wide},
        )
        if narrow
        else None,
        of_sentences={head.task: means[:, place[head.task]] for head in wide if head.form == "sentences"},
        of_document={head.task: whole[place[head.task]] for head in wide if head.form == "document"},
    )
