"""Nouns that stand for a named organisation: `nämnden`, `rådet`, `kommunen`, `parterna`.

A reference is no mention of the actor layer; the goals layer needs it to say whose goal a sentence states.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from offtext.lexicon import load_toml
from offtext.record import Actor

_WORD = re.compile(r"\w{1,60}")
_JUST_BEFORE = 250  # characters: who was named this near is still the one spoken of
_MOST = 40  # actors that one noun may stand for; more are only in lists, where it stands for none
_TITLE = re.compile(r"\b\w{3,40}(?:n)\b")
_ENDINGS = ("", "s", "en", "ens", "et", "ets", "n", "ns")


@dataclass(frozen=True)
class Noun:
    """A noun that stands for organisations: by a root that their name holds, else by their type."""

    roots: tuple[str, ...]
    types: frozenset[str]
    plural: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """One word that stands for an actor."""

    start: int
    end: int
    actor: Actor


@cache
def _nouns() -> dict[str, Noun]:
    nouns: dict[str, Noun] = {}
    for row in load_toml("references")["noun"]:
        roots = tuple(sorted(row["roots"].split(), key=len, reverse=True))
        for key in ("forms", "plural"):
            noun = Noun(roots, frozenset(row["types"]), key == "plural")
            nouns |= dict.fromkeys(row.get(key, "").split(), noun)
    return nouns


@cache
def _lengths() -> tuple[int, ...]:
    return tuple(sorted({len(form) for form in _nouns()}, reverse=True))


@cache
def _tails() -> frozenset[str]:
    return frozenset(form[-3:] for form in _nouns())


def _noun_in(word: str) -> str | None:
    """Return the longest listed noun that the word ends with, or None."""
    if word[-3:] not in _tails():
        return None
    return next((word[-size:] for size in _lengths() if word[-size:] in _nouns()), None)


def find_references(text: str, actors: Sequence[Actor]) -> list[Reference]:
    """Return the nouns that stand for one of the actors, in reading order.

    The actor is one whose name holds the noun's root (`rådet`: `Bolmåns vattenråd`), else one of its type: who was
    named just before, else who is named most. A plural (`kommunerna`, `parterna`) stands for the first named.
    """
    marks = sorted((m.start, m.end, a) for a in actors if a.kind == "organisation" for m in a.mentions)
    if not marks:
        return []
    starts = [start for start, _, _ in marks]
    ends = [end for _, end, _ in marks]
    places = {a.id: sorted(m.start for m in a.mentions) for a in actors}
    eligible: dict[tuple[str, str], list[Actor]] = {}
    found: list[Reference] = []
    for match in _WORD.finditer(text):
        word = match.group().lower()
        form = _noun_in(word)
        if not form:
            continue
        front = word[: -len(form)]
        place = bisect_left(starts, match.end()) - 1
        if place >= 0 and ends[place] > match.start():
            continue  # part of a name
        noun = _nouns()[form]
        if (front, form) not in eligible:
            choices = _eligible(front, form, noun, actors)
            eligible[front, form] = sorted(choices, key=lambda a: -len(a.mentions))[:_MOST]
        choices = eligible[front, form]
        if not choices:
            continue
        if noun.plural:
            actor = min(choices, key=lambda a: places[a.id][:1] or [len(text)])
        else:
            actor = max(choices, key=lambda a: _fitness(places[a.id], match.start()))
        found.append(Reference(match.start(), match.end(), actor))
    return found


def find_role_references(text: str, actors: Sequence[Actor]) -> list[Reference]:
    """Return the definite titles that stand for a person of the text: `ordföranden`, `rektorn`, `förvaltningschefen`.

    A title that two persons of the text bear stands for none.
    """
    bearers: dict[str, Actor | None] = {}
    for actor in actors:
        if actor.kind == "person" and actor.role:
            title = actor.role.lower().split()[0]
            bearers[title] = actor if bearers.get(title, actor) == actor else None
    found: list[Reference] = []
    if not bearers:
        return found
    for match in _TITLE.finditer(text):
        form = match.group().lower()
        bearer = next((bearers[base] for base in (form[:-1], form[:-2]) if base in bearers), None)
        if bearer:
            found.append(Reference(match.start(), match.end(), bearer))
    return found


def _fitness(places: list[int], start: int) -> tuple[bool, int, int]:
    """Rank the actors: one named just before, then the one named most, then the one named last."""
    index = bisect_left(places, start)
    if index and start - places[index - 1] < _JUST_BEFORE:
        return True, places[index - 1], 0
    return False, len(places), places[index - 1] if index else -(places or [0])[0]


def _eligible(front: str, form: str, noun: Noun, actors: Sequence[Actor]) -> list[Actor]:
    organisations = [a for a in actors if a.kind == "organisation"]
    roots = [root for root in noun.roots if form.startswith(root)] or list(noun.roots)
    by_name = [a for a in organisations if any(_holds(word, front, roots) for word in _WORD.findall(a.name.lower()))]
    if by_name:
        return by_name
    return [] if front else [a for a in organisations if a.org_type in noun.types]


def _holds(word: str, front: str, roots: Sequence[str]) -> bool:
    return any(word.endswith(front + root + ending) for root in roots for ending in _ENDINGS)
