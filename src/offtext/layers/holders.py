"""Whose goal it is and whom it is for."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache

from offtext.document import Span
from offtext.layers.goal_cues import Candidate
from offtext.layout import Layout
from offtext.lexicon import load_toml
from offtext.record import Actor, Metadata, Quote

_GIVER_FORMS = frozenset({"government", "parliament"})


@cache
def _receiver() -> re.Pattern[str]:
    data = load_toml("beneficiaries")["groups"]
    heads = "|".join(sorted(data["heads"].split(), key=len, reverse=True))
    noun = rf"(?:{data['modifiers']}\s){{0,3}}(?:\w{{1,25}}(?:a|e|nde|ade)\s)?\w{{0,20}}?(?:{heads})\b"
    tail = rf"(?:\s(?:och|eller|samt)\s{noun}|\s(?:som|med|i|på|inom)\s[^,.;:–]{{2,70}}?(?=\s(?:och|samt|genom|för\satt|så\satt|ska)\b|[,.;:–]|$))?"
    return re.compile(rf"\b(?:{data['receivers']}|{data['givers']})\s(?P<who>{noun}{tail})", re.IGNORECASE)


def find_beneficiary(text: str, start: int, end: int) -> Span | None:
    """Return whom a goal is for: the people or bodies after `för`, `till`, `åt`, `ge`, `hjälpa` … inside it.

    >>> text = "skapa trygghet för barn i förskolan"
    >>> find_beneficiary(text, 0, len(text)).of(text)
    'barn i förskolan'
    """
    match = _receiver().search(text, start, end)
    return Span(match.start("who"), match.end("who")) if match else None


class Holders:
    """Finds the holder of goals in one document."""

    def __init__(
        self, layout: Layout, actors: Sequence[Actor], quotes: Sequence[Quote], meta: Metadata, doc_type: str
    ) -> None:
        self.layout = layout
        self.doc_type = doc_type
        marks = sorted(((m.start, m.end, a) for a in actors for m in a.mentions), key=lambda item: item[:2])
        self._marks = marks
        self._mark_starts = [start for start, _, _ in marks]
        spans = sorted(((s.start, s.end, q) for q in quotes for s in q.spans), key=lambda item: item[:2])
        self._quotes = spans
        self._quote_starts = [start for start, _, _ in spans]
        organisations = [a for a in actors if a.kind == "organisation"]
        self._main = max(organisations, key=lambda a: len(a.mentions), default=None)
        if meta.sender and doc_type in ("agreement", "letter", "consultation", "press_release"):
            self._main = meta.sender[0]
        self._last: tuple[int, Actor | None] = (-9, None)

    def of(self, candidate: Candidate, kind: str) -> Actor | None:
        """Return the holder of a goal, or None when nobody is told."""
        holder = self._choose(candidate, kind)
        self._last = (candidate.sentence, holder)
        return holder

    def _choose(self, c: Candidate, kind: str) -> Actor | None:
        quote = self._quote_at(c.start)
        if c.subject:
            named = self._actors_in(c.subject.start, c.subject.end)
            if named:
                return named[0]
        subject = self.layout.text[c.subject.start : c.subject.end].lower() if c.subject else ""
        if quote is not None:
            speaker = quote.speaker
            if speaker is None:
                return None
            if kind in ("need",) or speaker.kind == "organisation":
                return speaker
            return speaker.affiliation or speaker
        sentence = self.layout.sentences[c.sentence]
        before = self._actors_in(sentence.start, c.start)
        if kind == "assignment" and before:
            assigned = [a for a in before if a.org_type not in _GIVER_FORMS]
            return assigned[0] if assigned else before[-1]
        if before:
            return before[0]
        if subject in ("de", "den", "det", "myndigheten", "myndigheterna", "vi", "man") and c.sentence - self._last[0] <= 2:
            return self._last[1]
        if c.sentence - self._last[0] <= 1 and self._last[1]:
            return self._last[1]
        return self._main

    def _actors_in(self, start: int, end: int) -> list[Actor]:
        low, high = bisect_left(self._mark_starts, start), bisect_left(self._mark_starts, end)
        return [actor for _, stop, actor in self._marks[low:high] if stop <= end]

    def _quote_at(self, start: int) -> Quote | None:
        index = bisect_right(self._quote_starts, start) - 1
        return self._quotes[index][2] if index >= 0 and start < self._quotes[index][1] else None
