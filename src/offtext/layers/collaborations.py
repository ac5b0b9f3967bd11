"""Which organisations a text says work together, in which sentence and on what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from offtext.document import Span
from offtext.layout.structure import Layout, Sentence
from offtext.lexicon import load_toml
from offtext.record import Actor, Collaboration, ThemeSentence

_AFTER, _BEFORE, _BOTH = ("between", "by", "members"), ("joint", "commission"), ("with", "inverted", "support")
_OBLIQUE = re.compile(r"(?i)\b(?:av|från|till|hos|med|enligt|via|i|på) $")  # not what the sentence speaks of
_LONGEST = 1200  # characters of a sentence that are read; longer ones are tables or lists run together


@dataclass(frozen=True, slots=True)
class _Named:
    """An organisation named in a sentence, itself or by one of its people."""

    start: int
    end: int
    actor: Actor
    person: bool


def find_collaborations(
    layout: Layout, actors: Sequence[Actor], theme_sentences: Sequence[ThemeSentence] = ()
) -> tuple[Collaboration, ...]:
    """Return the ties that the text states: two or more organisations, and the sentence that says so.

    A tie needs a phrase that says it (`i samverkan med`, `avtal mellan`, `har enats om`); organisations listed side by
    side are none. A party that the sentence leaves out (`Uppdraget ska ske i samråd med …`) is taken from just before.

    Args:
        layout: The text with its sentences.
        actors: The text's actors.
        theme_sentences: The sentences with their themes; one labelled `collaboration` makes a tie surer.

    Returns:
        Ties in reading order; each set of parties once, with the sentence that says it best.
    """
    mentions = _mentions(actors)
    if not mentions:
        return ()
    labelled = [(t.start, t.end) for t in theme_sentences if "collaboration" in t.labels]
    found: list[Collaboration] = []
    at = 0
    for index, sentence in enumerate(layout.sentences):
        while at < len(mentions) and mentions[at].start < sentence.start:
            at += 1
        inside: list[_Named] = []
        here = at
        while here < len(mentions) and mentions[here].start < sentence.end:
            inside.append(mentions[here])
            here += 1
        if not inside or sentence.end - sentence.start > _LONGEST:
            continue
        sure = any(start < sentence.end and sentence.start < end for start, end in labelled)
        if tie := _tie(layout, index, sentence, inside, mentions, at, sure, bool(theme_sentences)):
            found.append(tie)
    return tuple(_once([*found, *_agreement_head(layout, mentions)]))


def _agreement_head(layout: Layout, mentions: list[_Named]) -> Iterator[Collaboration]:
    """Yield the tie of an agreement that names its parties in the head, each perhaps on a line of its own."""
    rule = load_toml("collaborations")["agreement_head"]
    opening = re.match(rule["pattern"], layout.text[:600], re.DOTALL)
    if not opening:
        return
    end = opening.end()
    for block in layout.blocks[:12]:
        if block.start > opening.end():
            if block.end - block.start > 200 or _names_two(mentions, opening.end(), end):
                break
            end = block.end
    named = [n for n in mentions if opening.end() <= n.start < end and not n.person]
    parties = _distinct(named)
    if not 2 <= len(parties) <= 12:
        return
    first = layout.sentence_at(named[0].start)
    if first:
        yield Collaboration(tuple(parties), Span(first.start, first.end), None, float(rule["score"]))


def _names_two(mentions: list[_Named], start: int, end: int) -> bool:
    return len({n.actor.id for n in mentions if start <= n.start < end}) >= 2


def _mentions(actors: Sequence[Actor]) -> list[_Named]:
    """Return the mentions of organisations and of people who stand for one, in reading order."""
    named = []
    for actor in actors:
        body = actor if actor.kind == "organisation" else actor.affiliation
        if body is not None:
            named += [_Named(m.start, m.end, body, actor.kind == "person") for m in actor.mentions]
    return sorted(named, key=lambda n: (n.start, -n.end))


def _tie(
    layout: Layout,
    index: int,
    sentence: Sentence,
    inside: list[_Named],
    mentions: list[_Named],
    at: int,
    sure: bool,
    themed: bool,
) -> Collaboration | None:
    text = layout.text[sentence.start : sentence.end]
    if _compiled("not_ties").search(text):
        return None
    weighing = load_toml("collaborations")["weighing"]
    factor = weighing["labelled"] if sure else weighing["unlabelled"] if themed else weighing["no_themes"]
    best: tuple[float, list[Actor], int] | None = None
    for family, pattern, score in _cues():
        for cue in pattern.finditer(text):
            start, end = sentence.start + cue.start(), sentence.start + cue.end()
            parties, implied = _parties(layout, family, index, start, end, inside, mentions, at)
            if len(parties) < 2:
                continue
            value = score * factor * (load_toml("collaborations")["implicit"]["score"] if implied else 1.0)
            if best is None or (value, len(parties)) > (best[0], len(best[1])):
                ids = {party.id for party in parties}
                best = (value, parties, max([end, *(n.end for n in inside if n.actor.id in ids)]))
    if best is None or best[0] < weighing["least"]:
        return None
    value, parties, last = best
    topic = _topic(layout.text, last, sentence)
    return Collaboration(tuple(parties), Span(sentence.start, sentence.end), topic, min(0.98, round(value, 3)))


@cache
def _cues() -> tuple[tuple[str, re.Pattern[str], float], ...]:
    rules = load_toml("collaborations")
    return tuple(
        (family, re.compile(rule["pattern"]), float(rule["score"]))
        for family in (*_AFTER, *_BEFORE, *_BOTH)
        for rule in rules[family]
    )


@cache
def _compiled(name: str) -> re.Pattern[str]:
    rule = load_toml("collaborations")[name]
    return re.compile(rule.get("pattern") or rule.get("opening") or rule["subjects"])


def _parties(
    layout: Layout, family: str, index: int, start: int, end: int, inside: list[_Named], mentions: list[_Named], at: int
) -> tuple[list[Actor], bool]:
    """Return the parties that a cue at `start` to `end` joins, and whether one was taken from an earlier sentence."""
    before = [n for n in inside if n.end <= start + 1]
    after = [n for n in inside if n.start >= end - 1]
    if family in _AFTER:
        row = _row_after(layout.text, end, after)
        if len(_distinct(row)) < 2 and family == "members" and before:
            return _distinct([*_row_before(layout.text, start, before), *row]), False
        return _distinct(row), False
    if family in _BEFORE:
        return _distinct(_row_before(layout.text, start, before)), False
    row = _row_after(layout.text, end, after, reach=90 if family == "with" else 25)
    if not row:
        return [], False
    if family == "inverted":
        rest = re.match(r"s?(?:\s[\wåäö]{1,14}){0,4}?\smed\s", layout.text[row[-1].end : row[-1].end + 70])
        others = [n for n in after if n.start > row[-1].end]
        return (
            (_distinct([*row, *_row_after(layout.text, row[-1].end + rest.end(), others)]), False)
            if rest
            else ([], False)
        )
    subject = _row_before(layout.text, start, before, reach=260) or [n for n in inside if n.start > row[-1].end][:1]
    if subject:
        return _distinct([*subject, *row]), False
    if family == "with" and (implied := _implied(layout, index, mentions, at, row)):
        return _distinct([*implied, *row]), True
    return [], False


def _distinct(row: Sequence[_Named]) -> list[Actor]:
    chosen: dict[str, Actor] = {}
    for named in row:
        chosen.setdefault(named.actor.id, named.actor)
    return list(chosen.values())


def _row_after(text: str, end: int, after: list[_Named], reach: int = 70) -> list[_Named]:
    """Return the organisations of the enumeration that begins at most `reach` characters after `end`."""
    row: list[_Named] = []
    for named in after:
        if not row:
            gap = text[end : named.start]
            if len(gap) > reach or re.search(r"[.;:!?]\s", gap):
                break
        elif not _coordinated(text[row[-1].end : named.start]):
            break
        row.append(named)
    return row


def _row_before(text: str, start: int, before: list[_Named], reach: int = 70) -> list[_Named]:
    """Return the organisations of the enumeration that ends at most `reach` characters before `start`."""
    row: list[_Named] = []
    for named in reversed(before):
        if not row:
            if start - named.end > reach:
                break
        elif not _coordinated(text[named.end : row[0].start]):
            break
        row.insert(0, named)
    return row


def _coordinated(gap: str) -> bool:
    """Tell whether what stands between two names makes them members of one enumeration."""
    if len(gap) > 70:
        return False
    plain = re.sub(r"\([^()]{0,60}\)", "", gap)
    words = re.findall(r"[\wåäö]+", plain)
    joined = re.search(r",|\b(?:och|samt|eller|tillsammans med|and)\b|[&/(]", gap) is not None
    # a finite verb or a preposition of place opens another clause
    other = re.search(
        r"(?i)\b(?:som|att|ska|har|är|var|för|från|om|därför|men|enligt|hos|[a-zåäö]{2,}era[rs]?)\b", plain
    )
    return joined and len(words) <= 7 and not other


def _implied(layout: Layout, index: int, mentions: list[_Named], at: int, row: list[_Named]) -> list[_Named]:
    """Return the organisations that the sentences just before speak of, for a sentence that leaves its subject out."""
    sentence = layout.sentences[index]
    if not _compiled("implicit").search(layout.text, sentence.start, sentence.end):
        return []
    taken = {n.actor.id for n in row}
    weak: list[_Named] = []
    for earlier in reversed(layout.sentences[max(0, index - 12) : index]):
        named = [n for n in mentions[max(0, at - 40) : at] if earlier.start <= n.start < earlier.end]
        bodies = [n for n in named if n.actor.id not in taken]
        # the one that is told to act comes before the one that tells it
        told = [n for n in bodies if n.actor.org_type not in ("government", "parliament", "international")]
        told = [n for n in told if not _OBLIQUE.search(layout.text[max(0, n.start - 12) : n.start])]
        if told:
            return [
                told[0],
                *_row_after(layout.text, told[0].end, [n for n in told[1:] if n.start >= told[0].end], reach=8),
            ]
        weak = weak or bodies[:1]
    return weak


def _topic(text: str, last: int, sentence: Sentence) -> Span | None:
    """Return what the collaboration is about: a short phrase after the parties, verbatim."""
    opening = _compiled("topic").search(text, last, min(sentence.end, last + 120))
    if not opening:
        return None
    stop = re.compile(r"[,.;:!?()]|\s(?:som|och att|samt att|eftersom|där|vilket|under 20|från och med|[–-]\s)\b|\n\n")
    close = stop.search(text, opening.end(), sentence.end)
    start, end = opening.end(), close.start() if close else sentence.end
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if 2 < end - start <= 160 else None


def _once(found: list[Collaboration]) -> Iterator[Collaboration]:
    """Yield each set of parties once, with its surest sentence, in reading order."""
    best: dict[frozenset[str], Collaboration] = {}
    for tie in found:
        key = frozenset(a.id for a in tie.parties)
        if key not in best or tie.score > best[key].score:
            best[key] = tie
    yield from sorted(best.values(), key=lambda tie: tie.evidence.start)
