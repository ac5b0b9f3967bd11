"""Phrases that say that organisations work together, and which of the sentence's bodies each of them joins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from offtext.layers.collaborations.partners import Named, Partners, coordinated
from offtext.layout.structure import Sentence
from offtext.lexicon import load_toml

AFTER, BEFORE = ("between", "by", "members"), ("joint", "commission", "shared")
BOTH = ("with", "inverted", "support", "join", "aid")
_OBLIQUE = re.compile(r"(?i)\b(?:av|från|till|hos|med|enligt|via|i|på) $")  # not what the sentence speaks of
_CLAUSE = re.compile(r"(?i)\b(?:att|som|där|när|eftersom|men|säger|uppdrag)\b|[;:–]")
_MOST_CUES = 8  # of one family in one sentence


@dataclass(frozen=True, slots=True)
class Joined:
    """The bodies that one cue of a family joins; `end` is where the cue ends."""

    family: str
    row: tuple[Named, ...]
    end: int


def joined(partners: Partners, index: int, inside: Sequence[Named]) -> Iterator[Joined]:
    """Yield what every cue of the sentence with this index joins, two bodies at least.

    Args:
        partners: The document's bodies.
        index: Which sentence.
        inside: The bodies of the sentence, in reading order.
    """
    sentence = partners.layout.sentences[index]
    for family, pattern in _cues():
        for number, cue in enumerate(pattern.finditer(partners.layout.text, sentence.start, sentence.end)):
            if number == _MOST_CUES:
                break
            row = _row(partners, family, index, cue.start(), cue.end(), inside)
            if len({n.actor.id for n in row}) >= 2:
                yield Joined(family, tuple(row), cue.end())


@cache
def _cues() -> tuple[tuple[str, re.Pattern[str]], ...]:
    rules = load_toml("collaborations")
    return tuple((family, re.compile(rule["pattern"])) for family in (*AFTER, *BEFORE, *BOTH) for rule in rules[family])


def _row(partners: Partners, family: str, index: int, start: int, end: int, inside: Sequence[Named]) -> list[Named]:
    text = partners.layout.text
    # `I våras slöt X ett avtal med Y`: the subject stands inside the cue
    before = [n for n in inside if n.end <= (end if family == "with" else start + 1)]
    after = [n for n in inside if n.start >= end - 1]
    if family in AFTER:
        row = row_after(text, end, after)
        if family == "members" and before and len({n.actor.id for n in row}) < 2:
            return [*row_before(text, start, before), *row]
        return row
    if family in BEFORE:
        return row_before(text, start, before, reach=110 if family == "shared" else 70)
    row = row_after(text, end, after, reach={"with": 90, "join": 60}.get(family, 25))
    if not row:
        return []
    if family == "inverted":
        rest = re.match(r"s?(?:\s[\wåäö]{1,14}){0,4}?\smed\s", text[row[-1].end : row[-1].end + 70])
        others = [n for n in after if n.start > row[-1].end]
        return [*row, *row_after(text, row[-1].end + rest.end(), others)] if rest else []
    subject = _subject(text, start, before) or [n for n in inside if n.start > row[-1].end][:1]
    if subject:
        return [*subject, *row]
    return [*_implied(partners, index, row), *row] if family in ("with", "aid") else []


def row_after(text: str, end: int, after: Sequence[Named], reach: int = 70) -> list[Named]:
    """Return the bodies of the enumeration that begins at most `reach` characters after `end`."""
    row: list[Named] = []
    for named in after:
        if not row:
            gap = text[end : named.start]
            if len(gap) > reach or re.search(r"[.;:!?]\s", gap):
                break
        elif named.start > row[-1].start and not coordinated(text[row[-1].end : named.start]):
            break
        row.append(named)
    return row


def row_before(text: str, start: int, before: Sequence[Named], reach: int = 70) -> list[Named]:
    """Return the bodies of the enumeration that ends at most `reach` characters before `start`."""
    row: list[Named] = []
    for named in reversed(before):
        if not row:
            if start - named.end > reach:
                break
        elif named.start < row[0].start and not coordinated(text[named.end : row[0].start]):
            break
        row.insert(0, named)
    return row


def _subject(text: str, start: int, before: Sequence[Named]) -> list[Named]:
    """Return the enumeration that is the subject of the clause a cue stands in, rather than its object."""
    nearest = row_before(text, start, before, reach=260)
    row, rest = nearest, list(before)
    while row:
        oblique = _OBLIQUE.search(text[max(0, row[0].start - 12) : row[0].start])
        if _CLAUSE.search(text, row[-1].end, start):
            break  # what stands before this belongs to another clause
        if not oblique:
            nearest = row
        rest = [n for n in rest if n.end <= row[0].start]
        row = row_before(text, row[0].start, rest, reach=120)
    return nearest


@cache
def _subjects() -> re.Pattern[str]:
    return re.compile(load_toml("collaborations")["implicit"]["subjects"])


def _implied(partners: Partners, index: int, row: Sequence[Named]) -> list[Named]:
    """Return the bodies that the sentences just before speak of, for a sentence that leaves its subject out."""
    layout = partners.layout
    sentence = layout.sentences[index]
    taken = {n.actor.id for n in row}
    if not _subjects().search(layout.text, sentence.start, sentence.end):
        main = partners.main(taken)
        return [] if main is None else [Named(sentence.start, sentence.start, main, "assumed")]
    weak: list[Named] = []
    for earlier in reversed(layout.sentences[max(0, index - 12) : index]):
        bodies = [n for n in partners.named(earlier.start, earlier.end)[:40] if n.actor.id not in taken]
        # the one that is told to act comes before the one that tells it
        told = [n for n in bodies if n.actor.org_type not in ("government", "parliament", "international")]
        told = [n for n in told if not _OBLIQUE.search(layout.text[max(0, n.start - 12) : n.start])]
        if told:
            main = partners.main(taken)
            if main is not None and len(main.mentions) >= 2 * len(told[0].actor.mentions):
                return _moved(sentence, [Named(0, 0, main, "implied")])  # the one the text is about
            rest = [n for n in told[1:] if n.start >= told[0].end]
            return _moved(sentence, [told[0], *row_after(layout.text, told[0].end, rest, reach=8)])
        weak = weak or bodies[:1]
    return _moved(sentence, weak)


def _moved(sentence: Sentence, row: Sequence[Named]) -> list[Named]:
    return [Named(sentence.start, sentence.start, n.actor, "implied") for n in row]
