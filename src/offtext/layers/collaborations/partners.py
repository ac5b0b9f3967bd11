"""Who a sentence may say works together: bodies named in it, and those it means by `kommunen`, `parterna` or `vi`."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from offtext.layout.structure import Layout, Sentence
from offtext.lexicon import load_toml
from offtext.record import Actor

_MOST_BODIES = 14  # of one sentence; more stand in lists of another kind (addressees, places)
_ABOVE = ("government", "parliament", "international")
_NEARBY = 1500  # characters around `vi` in which its speaker is looked for
_ROWS_BACK = 30  # enumerations that are looked through for the one a word means
_FEW = 5  # bodies that `kommunerna` may mean when none are enumerated


@dataclass(frozen=True, slots=True)
class Named:
    """A body in a sentence, and how it is there.

    'named', 'person' (one of its people), 'generic', 'plural' or 'we' (a general word), 'implied' (it stands
    just before), 'assumed' (the document is about it).
    """

    start: int
    end: int
    actor: Actor
    how: str


class Partners:
    """The bodies of one document, sentence by sentence."""

    def __init__(self, layout: Layout, actors: Sequence[Actor]) -> None:
        self.layout = layout
        self.mentions = list(_mentions(actors))
        self._starts = [named.start for named in self.mentions]
        self._of_head: dict[str, tuple[list[Named], list[int]]] = {}
        self._bodies = distinct(self.mentions)
        self._rows: list[list[Named]] | None = None
        self._row_starts: list[int] = []

    def named(self, start: int, end: int) -> list[Named]:
        """Return the bodies named, themselves or by their people, between two offsets."""
        return self.mentions[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def meant(self, sentence: Sentence, named: Sequence[Named]) -> list[Named]:
        """Return the bodies of a sentence: those named and those meant by a general word, in reading order."""
        here = {n.actor.id for n in named}
        found = list(named)
        for general in _general().finditer(self.layout.text, sentence.start, sentence.end):
            if any(n.start <= general.start() < n.end for n in named):
                continue  # a word of a name
            word = general[0].casefold()
            for actor, how in self._of_word(word, sentence):
                if actor.id not in here:
                    here.add(actor.id)
                    found.append(Named(general.start(), general.end(), actor, how))
            if len(found) > _MOST_BODIES:
                break
        return sorted(found, key=lambda n: (n.start, -n.end))

    def _of_word(self, word: str, sentence: Sentence) -> Iterator[tuple[Actor, str]]:
        rules = load_toml("collaborations")["general"]
        if word in rules["we"]["words"]:
            if body := self._we(sentence):
                yield body, "we"
            return
        if word in rules["all"]["words"]:
            row = self._row_before(sentence.start, None)
            yield from ((n.actor, "plural") for n in row)
            return
        head = _heads()[word]
        fitting, starts = self._fitting(head["name"])
        if word in head.get("many", ()):
            row = self._row_before(sentence.start, head["name"])
            several = [n.actor for n in row] or distinct(fitting)
            if len(several) <= _FEW or row:
                yield from ((actor, "plural") for actor in several)
        elif fitting:
            yield fitting[max(0, bisect_left(starts, sentence.start) - 1)].actor, "generic"

    def _fitting(self, pattern: str) -> tuple[list[Named], list[int]]:
        """Return the mentions of bodies that a general word can mean, in reading order, and where they start."""
        if pattern not in self._of_head:
            fits = re.compile(pattern)
            ids = {a.id for a in self._bodies if fits.search(f"{a.name.casefold()}|{a.org_type}")}
            mentions = [n for n in self.mentions if n.actor.id in ids]
            self._of_head[pattern] = mentions, [n.start for n in mentions]
        return self._of_head[pattern]

    def _row_before(self, offset: int, pattern: str | None) -> list[Named]:
        """Return the last enumeration before `offset` of two or more bodies, of the kind asked for."""
        if self._rows is None:
            self._rows = list(self._enumerations())
            self._row_starts = [row[0].start for row in self._rows]
        fits = None if pattern is None else re.compile(pattern)
        last = bisect_left(self._row_starts, offset)
        for row in reversed(self._rows[max(0, last - _ROWS_BACK) : last]):
            chosen = {
                n.actor.id: n
                for n in row
                if fits is None or fits.search(f"{n.actor.name.casefold()}|{n.actor.org_type}")
            }
            if len(chosen) >= 2:
                return list(chosen.values())
        return []

    def _enumerations(self) -> Iterator[list[Named]]:
        row: list[Named] = []
        for named in (n for n in self.mentions if n.how == "named"):
            if row and not coordinated(self.layout.text[row[-1].end : named.start]):
                if len(row) > 1:
                    yield row[:_MOST_BODIES]
                row = []
            row.append(named)
        if len(row) > 1:
            yield row[:_MOST_BODIES]

    def _we(self, sentence: Sentence) -> Actor | None:
        """Return whom `vi` stands for: the body of the one who speaks nearby, else the one most named."""
        blocks = self.layout.blocks
        for near in (sentence.block, sentence.block + 1, sentence.block - 1):
            if 0 <= near < len(blocks):
                start = max(blocks[near].start, sentence.start - _NEARBY)
                end = min(blocks[near].end, sentence.end + _NEARBY)
                speakers = [n for n in self.named(start, end) if n.how == "person"]
                if speakers:
                    return speakers[-1].actor
        return self.main()

    def main(self, besides: Collection[str] = ()) -> Actor | None:
        """Return the body that the text is most about: the one most named that is not told of from above or abroad."""
        bodies = [a for a in self._bodies[:60] if a.org_type not in _ABOVE and a.id not in besides]
        return max(bodies, key=lambda a: len(a.mentions), default=None)


def _mentions(actors: Sequence[Actor]) -> Iterator[Named]:
    named = []
    for actor in actors:
        body = actor if actor.kind == "organisation" else actor.affiliation
        if body is not None:
            how = "person" if actor.kind == "person" else "named"
            named += [Named(m.start, m.end, body, how) for m in actor.mentions]
    yield from sorted(named, key=lambda n: (n.start, -n.end))


@cache
def _heads() -> dict[str, dict[str, Any]]:
    rules = load_toml("collaborations")["general"]["heads"]
    return {word: rule for rule in rules for word in (*rule["words"], *rule.get("many", ()))}


@cache
def _general() -> re.Pattern[str]:
    rules = load_toml("collaborations")["general"]
    words = [*_heads(), *rules["we"]["words"], *rules["all"]["words"]]
    return re.compile(rf"(?i)\b(?:{'|'.join(sorted(words, key=len, reverse=True))})(?=s?\b)")


def distinct(row: Sequence[Named]) -> list[Actor]:
    """Return the bodies of a row, each once."""
    chosen: dict[str, Actor] = {}  # by id: an actor's own hash runs through all its mentions
    for named in row:
        chosen.setdefault(named.actor.id, named.actor)
    return list(chosen.values())


_JOINED = re.compile(r",|\b(?:och|samt|eller|tillsammans med|and)\b|[&/(]")
# a finite verb or a preposition of place opens another clause
_OTHER = re.compile(r"(?i)\b(?:som|att|ska|har|är|var|för|från|om|därför|men|enligt|hos|[a-zåäö]{2,20}era[rs]?)\b")


def coordinated(gap: str) -> bool:
    """Tell whether what stands between two names makes them members of one enumeration.

    >>> coordinated(", "), coordinated(" samt kommunerna i länet och "), coordinated(" granskar ")
    (True, True, False)
    """
    if len(gap) > 70 or not _JOINED.search(gap):
        return False
    plain = re.sub(r"\([^()]{0,60}\)", "", gap)
    return len(re.findall(r"\w+", plain)) <= 7 and not _OTHER.search(plain)
