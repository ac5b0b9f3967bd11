"""What the model's tags say of a candidate for a goal, as features; and the goals that no cue introduces."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property

from offtext.encoder import Scores
from offtext.encoder.decoding import softmax
from offtext.encoder.windows import Floats
from offtext.layers import grammar
from offtext.layers.goals.cues import Candidate
from offtext.layout import Layout

TASK, KINDS = "goals", "goal_kind"
OUTSIDE, BEGINS, INSIDE = range(3)
SHORTEST = 8  # characters of a goal that only the model sees
_STEPS = 4  # log odds are told apart from -4 to 4


class Tags:
    """The tags of one text.

    Args:
        scores: What the model says of the text's tokens.
    """

    def __init__(self, scores: Scores) -> None:
        self.scores = scores

    @cached_property
    def _chances(self) -> Floats:
        return softmax(self.scores.of(TASK))

    def features(self, candidate: Candidate) -> Iterator[str]:
        """Yield how far the model agrees that a goal stands there, begins and ends there, and of what kind it is."""
        low, high = self.scores.between(candidate.start, candidate.end)
        if high <= low:
            return
        chances = self._chances
        inside = _step(float(1 - chances[low:high, OUTSIDE].mean()))
        begins = _step(float(chances[low, BEGINS]))
        runs_on = _step(float(chances[high, INSIDE])) if high < len(chances) else -_STEPS
        earlier = _step(float(chances[low, INSIDE]))
        yield f"tag={inside}"
        yield f"tag={inside}&{candidate.family.rstrip('+')}"
        yield f"tag begins={begins}"
        yield f"tag goes on={runs_on}"
        yield f"tag began before={earlier}"
        yield f"tag={max(inside, -1) if inside < 1 else 1}&begins={begins > 0}&goes on={runs_on > 0}"
        kinds = self.scores.share(KINDS, [(candidate.start, candidate.end)])[0]
        for kind, chance in zip(self.scores.labels[KINDS], kinds, strict=True):
            yield f"tag kind={kind}&{_step(float(chance))}"

    def without_cue(self, layout: Layout, known: Sequence[Candidate]) -> Iterator[Candidate]:
        """Yield what the model tags as a goal and is none of the candidates."""
        ends: dict[int, set[int]] = {}
        for c in known:
            ends.setdefault(c.start, set()).add(c.end)
        starts = [s.start for s in layout.sentences]
        for span in self.scores.spans(TASK):
            if span.end - span.start < SHORTEST or span.end in ends.get(span.start, ()):
                continue
            candidate = _candidate(layout, starts, span.start, span.end)
            if candidate is not None:
                yield candidate


def _candidate(layout: Layout, starts: Sequence[int], start: int, end: int) -> Candidate | None:
    index = bisect_right(starts, start) - 1
    if index < 0 or end > layout.sentences[index].end:
        return None
    sentence = layout.sentences[index]
    words = grammar.words_of(layout.text, sentence.start, sentence.end)
    first = next((n for n, word in enumerate(words) if word.end > start), None)
    last = next((n for n, word in enumerate(words) if word.start >= end), len(words))
    if first is None or last <= first:
        return None
    verb = next((n for n in range(first, last) if grammar.is_finite(words[n].form)), -1)
    return Candidate(start, end, "tagged", first, last, verb, None, tuple(words), index)


def _step(chance: float) -> int:
    safe = min(max(chance, 1e-4), 1 - 1e-4)
    return max(-_STEPS, min(_STEPS, round(math.log(safe / (1 - safe)))))
