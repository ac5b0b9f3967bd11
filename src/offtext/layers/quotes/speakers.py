"""Who is meant: a name, a surname, `hon`, `ministern`, or nobody at all, where something is said."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from functools import cache
from typing import Any

from offtext.document import Span
from offtext.errors import LexiconError
from offtext.layout.structure import Layout
from offtext.lexicon import load_csv, load_toml
from offtext.record import Actor

_WOMAN, _MAN = {"hon", "henne"}, {"han", "honom"}
_FAR = 4000  # characters back in which a pronoun's person is looked for


class Cast:
    """The actors of one text, found by place, by pronoun and by role.

    Speakers named so far are remembered in reading order (`spoke`), and so is speech (`mute`): a name inside
    somebody's words is not the one that `hon` after them refers to.
    """

    def __init__(self, layout: Layout, actors: Sequence[Actor]) -> None:
        self.layout, self.text = layout, layout.text
        self.actors = tuple(actors)
        self.mentions: list[tuple[int, int, Actor]] = sorted(
            ((m.start, m.end, actor) for actor in actors for m in actor.mentions), key=lambda m: (m[0], -m[1])
        )
        self._starts = [start for start, _, _ in self.mentions]
        self.persons = tuple(actor for actor in actors if actor.kind == "person")
        self._muted: list[tuple[int, int]] = []
        self._spoken: list[tuple[int, Actor]] = []
        self.voices: dict[str, int] = {}
        self.body: Actor | None = None  # who says `vi` in the text itself, where that is a body's statement

    def writes(self) -> None:
        """Take the text for a body's own statement: `vi` is the first organisation named outside the addressee."""
        addressed = [(b.start, b.end) for b in self.layout.of_kind("header_field") if b.field == "recipient"]
        for start, _, actor in self.mentions:
            if actor.kind == "organisation" and not any(a <= start < b for a, b in addressed):
                self.body = actor
                return

    def mute(self, spans: Sequence[Span]) -> None:
        """Remember that these characters are speech."""
        for span in spans:
            insort(self._muted, (span.start, span.end))

    def is_muted(self, offset: int) -> bool:
        """Tell whether the character is inside speech."""
        at = bisect_right(self._muted, (offset, len(self.text) + 1)) - 1
        return at >= 0 and self._muted[at][0] <= offset < self._muted[at][1]

    def spoke(self, offset: int, actor: Actor | None) -> None:
        """Remember that `actor` was named as the speaker at `offset`."""
        if actor is not None:
            self._spoken.insert(bisect_left(self._spoken, offset, key=lambda s: s[0]), (offset, actor))
            self.voices[actor.id] = self.voices.get(actor.id, 0) + 1

    def last_speaker(self, offset: int) -> Actor | None:
        """Return who spoke last before `offset`: a person, if the text has any."""
        at = bisect_left(self._spoken, offset, key=lambda s: s[0])
        for _, actor in reversed(self._spoken[max(0, at - 20) : at]):
            if actor.kind == "person" or not self.persons:
                return actor
        return None

    def between(self, start: int, end: int, kind: str | None = None) -> list[tuple[int, int, Actor]]:
        """Return the mentions that begin in `start` … `end`."""
        found = self.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]
        return [m for m in found if kind in (None, m[2].kind)]

    def fits(self, actor: Actor, pronoun: str) -> bool:
        """Tell whether `hon` or `han` may mean this person, as far as the first name tells."""
        share = share_of_women(actor.name.split()[0]) if actor.name.split() else None
        if share is None:
            return True
        return share >= 0.2 if pronoun.lower() in _WOMAN else share <= 0.8 if pronoun.lower() in _MAN else True

    def pronoun(self, word: str, offset: int) -> Actor | None:
        """Return whom `hon`, `han` or `hen` at `offset` refers to: the subject of the nearest sentence that fits."""
        if word.lower() not in _WOMAN | _MAN | {"hen"}:
            return None
        spoken = bisect_left(self._spoken, offset, key=lambda s: s[0])
        voices = (s for s in reversed(self._spoken[max(0, spoken - 20) : spoken]) if s[1].kind == "person")
        last = next(voices, None)
        at = bisect_left(self._starts, offset)
        best: tuple[int, int, Actor] | None = None
        sentence: tuple[int, int] | None = None
        while at > 0:
            at -= 1
            start, end, actor = self.mentions[at]
            if start < offset - _FAR:
                break
            if sentence and start < sentence[0]:
                break
            if actor.kind != "person" or self.is_muted(start) or not self.fits(actor, word):
                continue
            if sentence is None and self._after_pronoun(start, word):
                continue  # `Hon arbetar med Karin Ek`: the next `hon` is the first one again
            if sentence is None:
                found = self.layout.sentence_at(start)
                sentence = (found.start, found.end) if found else (start, end)
            best = (start, end, actor)  # the first of its sentence, its subject as a rule
        if last and self.fits(last[1], word) and (best is None or best[0] < last[0]):
            return last[1]
        if best:
            return best[2]
        fitting = [p for p in self.persons if self.fits(p, word)]
        return fitting[0] if len(fitting) == 1 else None

    def _after_pronoun(self, offset: int, word: str) -> bool:
        """Tell whether the sentence of a mention has the same pronoun as its subject before it."""
        sentence = self.layout.sentence_at(offset)
        if sentence is None:
            return False
        return any(w.lower() == word.lower() for w in re.findall(r"\w+", self.text[sentence.start : offset][:60])[:3])

    def noun(self, word: str, offset: int) -> Actor | None:
        """Return whom a bare noun such as `ministern`, `projektledaren` or `myndigheten` refers to."""
        lowered = word.lower()
        if lowered in ("de", "dom", "båda", "bägge", "de båda", "duon"):
            return self._pair(offset)
        deeds: dict[str, Any] = load_toml("quotes")["deeds"]
        if lowered in deeds:
            return self._doer(deeds[lowered], offset)
        matches = [p for p in self.persons if p.role and _same_office(lowered, p.role)]
        if matches:
            return self._nearest(matches, offset)
        types: dict[str, Any] = load_toml("quotes")["generic"]
        if lowered in types:
            return self._nearest([a for a in self.actors if a.org_type in types[lowered]], offset)
        return None

    def _pair(self, offset: int) -> Actor | None:
        """Return the first of the last two persons that were named together (`Karin Ek och Bo Alm`)."""
        people = [m for m in self.between(max(0, offset - 1500), offset, "person") if not self.is_muted(m[0])]
        for first, second in zip(people[-2::-1], people[:0:-1], strict=False):
            if second[0] - first[1] < 80 and re.search(r"\boch\b", self.text[first[1] : second[0]]):
                return first[2]
        return None

    def _doer(self, deeds: Sequence[str], offset: int) -> Actor | None:
        """Return the person in the nearest sentence before `offset` that has a word of the deed."""
        at = bisect_left(self._starts, offset)
        while at > 0 and self.mentions[at - 1][0] > offset - _FAR:
            at -= 1
            start, _, actor = self.mentions[at]
            sentence = self.layout.sentence_at(start)
            if actor.kind == "person" and sentence is not None:
                words = self.text[sentence.start : min(sentence.end, sentence.start + 600)].lower()
                if any(deed in words for deed in deeds):
                    return actor
        return None

    def _nearest(self, candidates: Sequence[Actor], offset: int) -> Actor | None:
        """Return the candidate that was named last before `offset`, or else first after it."""
        best: tuple[bool, int, Actor] | None = None
        for actor in candidates:
            for mention in actor.mentions:
                key = (mention.start < offset, -abs(offset - mention.start), actor)
                if best is None or key[:2] > best[:2]:
                    best = key
        return best[2] if best else None


def _same_office(noun: str, role: str) -> bool:
    """Tell whether a bare noun in its definite form names this role (`ministern`, `utrikesminister för …`)."""
    heads = [word.lower() for word in re.findall(r"[^\W\d_]+", role[:200])]
    for ending in ("en", "et", "n", "t", ""):
        stem = noun.removesuffix(ending) if ending else noun
        if len(stem) < 4 or (ending and stem == noun):
            continue
        if any(head == stem or head.endswith(stem) or (len(head) > 4 and stem.endswith(head)) for head in heads):
            return True
    return False


@cache
def _women() -> dict[str, float]:
    try:
        rows = load_csv("first_names")
    except LexiconError:
        return {}
    shares: dict[str, float] = {}
    for row in rows:
        name = (row.get("name") or "").casefold()
        if row.get("share_women"):
            shares[name] = float(row["share_women"])
        elif row.get("women") and row.get("men"):
            women, men = float(row["women"]), float(row["men"])
            shares[name] = women / (women + men) if women + men else 0.5
    return shares


@cache
def share_of_women(first_name: str) -> float | None:
    """Return the share of women among the bearers of a first name, or None when the name is not in the register."""
    name = first_name.casefold()
    if name in _women():
        return _women()[name]
    parts = [_women()[part] for part in name.split("-") if part in _women()]
    return parts[-1] if parts else None
