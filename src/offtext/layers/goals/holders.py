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

from offtext.layers.goals.cues import Candidate
from offtext.layers.goals.references import find_references, find_role_references
from offtext.layout import Layout
from offtext.record import Actor, Metadata, Quote

_NEAR = 1000  # characters of the sentence on either side that may name the holder
_OPENING = 25  # characters: a name this near the start of its sentence is what the sentence is about
_HEAD, _HEAD_BLOCKS = 8, 4  # names and blocks that can belong to the head of a document
_LEAD_BLOCKS = 60  # items of one list that share a lead-in line
_DECIDES = re.compile(
    r"\b(?:besluta[rt]?|beslutade|beslut|föreslår|föreslås|yrkar|kräver|hemställer|enats|överens)\b", re.IGNORECASE
)
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
        nouns = (*find_references(layout.text, actors), *find_role_references(layout.text, actors))
        references = [(r.start, r.end, r.actor) for r in nouns]
        self._named = sorted((*self._marks, *references), key=lambda item: item[:2])  # by name or noun
        self._named_starts = [start for start, _, _ in self._named]
        self._head = {a.id for _, _, a in self._marks[:_HEAD] if self._in_head(a)}
        self._leads = _leads(layout)
        self._topics, self._topic_starts = self._find_topics()
        # far-off actors cannot win in a long document; weighing only the frequent and the near keeps this linear
        self._frequent = sorted(actors, key=lambda a: -len(a.mentions))[:12]
        always = self._senders | self._head
        self._always = [a for a in actors if a.id in always][:12]

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
        meant = self._named_in(c.subject.start, c.subject.end) if c.subject else []
        told_before, told_inside = self._named_in(floor, c.start), self._named_in(c.start, c.end)
        topic = self._topic(c.start)
        lead = self._lead_actors(sentence.block)
        decided = self._decided(sentence.block, floor, c.start)
        manner = self._manner(c, subject, quote is not None, speaker is not None)
        near = [speaker, body, *before, *inside, *after, *recent, *meant, *told_before, *lead, topic, *self._frequent]
        for actor in {a.id: a for a in (*filter(None, near), *self._always)}.values():
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
            if meant and actor.id == meant[0].id:
                marks.append("meant")
            if told_before and actor.id == told_before[-1].id:
                marks.append("told last")
            if told_before and actor.id == told_before[0].id:
                marks.append("told first")
            if told_inside and actor.id == told_inside[0].id:
                marks.append("told inside")
            if topic and actor.id == topic.id:
                marks.append("topic")
            if lead and actor.id == lead[0].id:
                marks += ["lead", "lead decides"] if decided else ["lead"]
            if told_before and decided and actor.id == told_before[0].id:
                marks.append("decides")
            if actor.id in self._head:
                marks.append("head")
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
        told += [f"nobody&{mark}" for mark, holds in (("meant", meant), ("lead", lead), ("topic", topic)) if holds]
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

    def _in_head(self, actor: Actor) -> bool:
        block = self.layout.block_index_at(self._starts[actor.id][0]) if self._starts[actor.id] else None
        if block is None or actor.kind != "organisation":
            return False
        return self.layout.blocks[block].kind in ("title", "header_field", "table_row") or block < _HEAD_BLOCKS

    def _find_topics(self) -> tuple[list[Actor], list[int]]:
        """Return the organisations that sentences open with, and where: who is spoken of from there on."""
        topics: list[Actor] = []
        starts: list[int] = []
        for start, _, actor in self._named:
            index = self.layout.sentence_index_at(start)
            opens = index is not None and start - self.layout.sentences[index].start < _OPENING
            if actor.kind == "organisation" and opens:
                topics.append(actor)
                starts.append(start)
        return topics, starts

    def _topic(self, start: int) -> Actor | None:
        index = bisect_left(self._topic_starts, start) - 1
        return self._topics[index] if index >= 0 else None

    def _lead_actors(self, block: int) -> list[Actor]:
        lead = self._leads.get(block)
        if lead is None:
            return []
        end = self.layout.blocks[lead].end
        return self._named_in(max(self.layout.blocks[lead].start, end - _NEAR), end)

    def _decided(self, block: int, floor: int, start: int) -> bool:
        """Tell whether a body decides, proposes or demands just before: on the lead-in line or in the sentence."""
        lead = self._leads.get(block)
        before = self.layout.text[max(floor, start - 80) : start]
        if lead is not None:
            end = self.layout.blocks[lead].end
            before = self.layout.text[max(self.layout.blocks[lead].start, end - 80) : end] + " " + before
        return bool(_DECIDES.search(before))

    def _named_in(self, start: int, end: int) -> list[Actor]:
        low, high = bisect_left(self._named_starts, start), bisect_left(self._named_starts, end)
        return [actor for _, stop, actor in self._named[low:high] if stop <= end]

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
        low, high = bisect_left(self._named_starts, start), bisect_left(self._named_starts, end)
        found = []
        for first, last, actor in self._named[low:high]:
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


def _leads(layout: Layout) -> dict[int, int]:
    """Return, for list items and points that begin with `att`, the block of the line that leads them in."""
    leads: dict[int, int] = {}
    last, count = None, 0
    for index, block in enumerate(layout.blocks):
        opening = layout.text[block.content_start : block.content_start + 4].lower()
        if block.kind in ("list_item", "table_row") or opening == "att ":
            count += 1
            if last is not None and count <= _LEAD_BLOCKS:
                leads[index] = last
        else:
            last, count = index, 0
    return leads
