"""Whose goal it is: every actor of the document is weighed by where it stands, and the likeliest is the holder.

What is weighed is grammar and discourse, not names: the subject of the clause, the speaker of the quote and the body
the speaker stands for, who was assigned, who was named last, who sends the document. The weights are plain
JSON (`lexicon/holder_weights.json`, made by `offtext.train.holders`).
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from offtext.layers.goal_cues import Candidate
from offtext.layout import Layout
from offtext.record import Actor, Metadata, Quote

_NEAR = 1000  # characters of the sentence on either side that may name the holder
_GENERIC = {
    "municipality": ("kommunen", "kommun", "staden"),
    "region": ("regionen", "landstinget"),
    "agency": ("myndigheten", "verket", "styrelsen", "myndighetens"),
    "government": ("regeringen", "departementet", "staten"),
    "political_body": ("nämnden", "styrelsen", "utskottet", "fullmäktige"),
    "department": ("förvaltningen", "enheten", "avdelningen", "kontoret"),
    "company": ("bolaget", "företaget"),
    "network": ("utredningen", "utredaren", "rådet", "nätverket", "kommittén"),
    "association": ("förbundet", "föreningen", "organisationen"),
    "education": ("universitetet", "högskolan", "lärosätet"),
    "public_service": ("skolan", "sjukhuset", "verksamheten"),
    "civil_society": ("föreningen", "organisationen"),
    "party": ("partiet",),
}
_ASSIGNED = re.compile(r"^.{0,60}?\bi uppdrag\b", re.DOTALL)
_GIVES = re.compile(r"\b(?:ger|gav|uppdrar åt|uppdrog åt|har gett|gett|ge)\s+(?:\w+\s+){0,2}$")


@dataclass(frozen=True)
class HolderWeights:
    """A linear model over named features of a goal and an actor."""

    features: Mapping[str, float]

    def total(self, features: Sequence[str]) -> float:
        """Return how much speaks for a choice with these features; only differences between choices mean anything."""
        return sum(self.features.get(name, 0.0) for name in features)


@cache
def load_holder_weights() -> HolderWeights:
    """Return the packaged weights."""
    data = json.loads((files("offtext.lexicon") / "holder_weights.json").read_text(encoding="utf-8"))
    return HolderWeights(data["features"])


class Holders:
    """Finds the holder of goals in one document."""

    def __init__(
        self, layout: Layout, actors: Sequence[Actor], quotes: Sequence[Quote], meta: Metadata, doc_type: str
    ) -> None:
        self.layout, self.actors, self.doc_type = layout, actors, doc_type
        self._marks = sorted(((m.start, m.end, a) for a in actors for m in a.mentions), key=lambda item: item[:2])
        self._mark_starts = [start for start, _, _ in self._marks]
        self._quotes = sorted(((s.start, s.end, q) for q in quotes for s in q.spans), key=lambda item: item[:2])
        self._quote_starts = [start for start, _, _ in self._quotes]
        self._senders = {a.id for a in meta.sender}
        self._recipients = {a.id for a in meta.recipient}
        self._speakers = {q.speaker.id for q in quotes if q.speaker}
        self._starts = {a.id: sorted(m.start for m in a.mentions) for a in actors}
        organisations = [a for a in actors if a.kind == "organisation"]
        self._main = max(organisations, key=lambda a: len(a.mentions), default=None)
        self._first = min(organisations, key=lambda a: self._starts[a.id][:1] or [1 << 40], default=None)
        # far-off actors cannot win in a long document; weighing only the frequent and the near keeps this linear
        self._frequent = sorted(actors, key=lambda a: -len(a.mentions))[:12]

    def of(self, candidate: Candidate, kind: str) -> Actor | None:
        """Return the holder of a goal, or None when nobody is told."""
        weights = load_holder_weights()
        weighed = [(weights.total(names), actor) for actor, names in self.weigh(candidate, kind)]
        return max(weighed, key=lambda item: item[0])[1]

    def weigh(self, c: Candidate, kind: str) -> Iterator[tuple[Actor | None, list[str]]]:
        """Yield the actors that may hold a goal and None for nobody, each with the names of its features."""
        sentence = self.layout.sentences[c.sentence]
        quote = self._quote_at(c.start)
        speaker = quote.speaker if quote else None
        body = speaker.affiliation if speaker else None
        subject = self.layout.text[c.subject.start : c.subject.end].lower() if c.subject else ""
        in_subject = self._actors_in(c.subject.start, c.subject.end) if c.subject else []
        floor, ceiling = max(sentence.start, c.start - _NEAR), min(sentence.end, c.end + _NEAR)
        before = self._actors_in(floor, c.start)
        inside = self._actors_in(c.start, c.end)
        after = self._actors_in(c.end, ceiling)
        recent = self._recent(c.start)
        recent_organisation = next((a for a in recent if a.kind == "organisation"), None)
        assigned = self._assigned(floor, c.start)
        manner = self._manner(c, subject, quote is not None, speaker is not None)
        near = [a for a in (speaker, body, *before, *inside, *after, *recent, *self._frequent) if a]
        for actor in {a.id: a for a in near}.values():
            names = [
                actor.kind,
                f"{actor.org_type or 'person'}&{kind}",
                f"{actor.org_type or 'person'}&{self.doc_type}",
            ]
            marks: list[str] = []
            if in_subject and actor == in_subject[0]:
                marks.append("subject")
            elif actor in in_subject:
                marks.append("subject too")
            if speaker and actor.id == speaker.id:
                marks.append("speaker")
            if body and actor.id == body.id:
                marks.append("speaker's body")
            if actor.id in {a.id for a in assigned}:
                marks.append("assigned" if actor.id == assigned[0].id else "assigned too")
            if actor in before:
                marks.append(
                    "first before" if actor == before[0] else "last before" if actor == before[-1] else "before"
                )
            if actor in inside:
                marks.append("opens" if self._opens(actor, c.start) else "inside")
            if actor in after:
                marks.append("after")
            if recent and actor == recent[0]:
                marks.append("most recent")
            if recent_organisation and actor == recent_organisation:
                marks.append("most recent organisation")
            if actor.id in self._senders:
                marks.append("sender")
            if actor.id in self._recipients:
                marks.append("recipient")
            if self._main and actor.id == self._main.id:
                marks.append("main")
            if self._first and actor.id == self._first.id:
                marks.append("first")
            if actor.id in self._speakers:
                marks.append("speaks")
            if self._is_generic(actor, subject):
                marks.append("generic subject")
            marks.append(f"far={self._distance(actor, c)}")
            marks.append(f"share={min(4, 8 * len(actor.mentions) // max(1, len(self._marks)))}")
            for mark in marks:
                names += [mark, f"{mark}&{actor.kind}", f"{mark}&{kind}", f"{mark}&{manner}", f"{mark}&{self.doc_type}"]
                names.append(f"{mark}&{kind}&{manner}")
            yield actor, list(dict.fromkeys(names))
        told = [
            f"nobody&{mark}" for mark, holds in (("before", before), ("inside", inside), ("main", self._main)) if holds
        ]
        head = subject.split()[-1] if subject else "-"
        sides = (kind, manner, self.doc_type, f"{kind}&{manner}", f"{self.doc_type}&{kind}", f"head={head}", c.family)
        yield None, ["nobody", *told, *(f"nobody&{side}" for side in sides)]

    def _manner(self, c: Candidate, subject: str, quoted: bool, spoken: bool) -> str:
        """Sum up how the clause names its actor: by pronoun, noun, not at all; in a quote or not."""
        if not subject:
            opening = self.layout.text[c.start : c.start + 12].lower().split()
            subject = opening[0] if opening else ""
        head = subject.split()[0] if subject else ""
        way = (
            head
            if head in ("vi", "jag", "de", "den", "det", "man", "du", "ni", "han", "hon")
            else "noun"
            if c.subject
            else "none"
        )
        return f"{way}&{'said' if spoken else 'quoted' if quoted else 'told'}"

    def _is_generic(self, actor: Actor, subject: str) -> bool:
        head = subject.split()[-1] if subject else ""
        return bool(head) and (head in _GENERIC.get(actor.org_type or "", ()) or head == actor.name.lower())

    def _opens(self, actor: Actor, start: int) -> bool:
        starts = self._starts.get(actor.id, [])
        index = bisect_left(starts, start)
        return index < len(starts) and starts[index] - start < 3

    def _distance(self, actor: Actor, c: Candidate) -> str:
        starts = self._starts.get(actor.id, [])
        index = bisect_left(starts, c.start) - 1
        if index < 0:
            return "later"
        place = self.layout.sentence_index_at(starts[index])
        gap = c.sentence - place if place is not None else 9
        return "0" if gap <= 0 else "1" if gap == 1 else "2" if gap == 2 else "5" if gap <= 5 else "9"

    def _recent(self, start: int) -> list[Actor]:
        high = bisect_left(self._mark_starts, start)
        return list({a.id: a for _, _, a in reversed(self._marks[max(0, high - 8) : high])}.values())

    def _assigned(self, start: int, end: int) -> list[Actor]:
        """Return the actors that are given a task between `start` and `end`: `ger X i uppdrag`, `X får i uppdrag`."""
        text = self.layout.text
        low, high = bisect_left(self._mark_starts, start), bisect_left(self._mark_starts, end)
        found = []
        for first, last, actor in self._marks[low:high]:
            gives = _GIVES.search(text[max(start, first - 40) : first])
            if gives or (_ASSIGNED.search(text[last : min(end, last + 80)]) and actor.org_type != "government"):
                found.append(actor)
        return found

    def _actors_in(self, start: int, end: int) -> list[Actor]:
        low, high = bisect_left(self._mark_starts, start), bisect_left(self._mark_starts, end)
        return [actor for _, stop, actor in self._marks[low:high] if stop <= end]

    def _quote_at(self, start: int) -> Quote | None:
        index = bisect_right(self._quote_starts, start) - 1
        return self._quotes[index][2] if index >= 0 and start < self._quotes[index][1] else None
