"""Roles that stand apart from the names: a heading over a list of members, or titles under a line of names."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from offtext.layers.actors.claims import PERSON, Claim
from offtext.layers.actors.titles import is_role_word
from offtext.layers.actors.words import Words
from offtext.lexicon import load_toml

_MAX_HEADING_WORDS = 4
_MAX_BLANK_LINES = 2
_MAX_TITLE_WORDS = 8


@dataclass(frozen=True, slots=True)
class Listed:
    """A role that a list or a signature gives.

    Attributes:
        role: The role as written, or the singular of the heading.
        end: Where a title under a name ends in the text, before `, Ulvsjö kommun`; -1 for a heading.
    """

    role: str
    end: int = -1


@cache
def _columns() -> re.Pattern[str]:
    return re.compile(r"\s{3,}|\t+|\s*\|\s*")


@cache
def _bracketed() -> re.Pattern[str]:
    return re.compile(r"\([^()]{1,20}\)|\.{4,}|_{4,}")


@cache
def _singular() -> dict[str, str]:
    forms: dict[str, str] = load_toml("actor_roles")["singular"]["forms"]
    return forms


def listed_roles(words: Words, claims: list[Claim]) -> dict[int, Listed]:
    """Return the roles of persons in lists, by the first word of the person's name; one pass over the lines.

    Two forms: `Ledamöter` above lines of names, and signatures, `Karin Ek (S)    Ove Alm` over `Rektor   Kurator`.
    """
    roles: dict[int, Listed] = {}
    persons = [claim for claim in claims if claim.kind == PERSON]
    if not persons:
        return roles
    starts = [claim.start for claim in persons]
    heading: str | None = None
    waiting: list[Claim] = []  # names of the last line of names, whose titles may stand on the next line
    last_end = 0
    for line in re.finditer(r"[^\n]+", words.text):
        if not line.group().strip():
            continue
        here = persons[bisect_left(starts, line.start()) : bisect_left(starts, line.end())]
        blank = words.text.count("\n", last_end, line.start()) - 1
        last_end = line.end()
        if here:
            if heading is not None and _opens_line(words.text, line.start(), here[0].start):
                roles[here[0].first] = Listed(heading)
            waiting = here if _only_names(line.group(), here) else []
            continue
        content = line.group().strip(" \t#*_:|-•–").rstrip(":")
        opened = next(filter(None, map(_heading, _columns().split(content))), None)
        if waiting and blank <= _MAX_BLANK_LINES and not (heading and opened):
            parts = list(_parts(line.group(), line.start()))
            if len(parts) == len(waiting) and all(_is_title(part) for part, _ in parts):
                roles.update({c.first: Listed(part, end) for c, (part, end) in zip(waiting, parts, strict=True)})
        waiting = []
        # of several columns the first one that heads a list: a name at the start of a line stands under it
        heading = opened
    return roles


def _parts(line: str, at: int) -> Iterator[tuple[str, int]]:
    """Yield the titles in the columns of a line, each with its end in the text; `rektor, Ulvsjö kommun` ends early."""
    start = 0
    for column in (*_columns().finditer(line), None):
        piece = line[start : column.start() if column else len(line)]
        title = piece.split(",", 1)[0].strip(" \t*_#")
        if title:
            yield title, at + start + piece.index(title) + len(title)
        start = column.end() if column else start


def _heading(content: str) -> str | None:
    """Return the role that a line announces for the names below it (`Tjänstgörande ersättare`), or None."""
    parts = content.split()
    if not 0 < len(parts) <= _MAX_HEADING_WORDS or not content[0].isupper():
        return None
    last = parts[-1].lower()
    singular = _singular().get(last)
    if not singular:
        return None
    kept = [
        part for part in parts[:-1] if part.lower() not in ("närvarande", "övriga", "beslutande", "icke", "ej", "och")
    ]
    words = [*kept, singular]
    return " ".join([words[0][0].upper() + words[0][1:], *words[1:]])


def is_list_heading(low: str) -> bool:
    """Tell whether a word in the plural heads a list of names: `ledamöter`, `deltagare`."""
    return low in _singular() and low not in ("ordförande", "sekreterare", "ledamot", "justerare", "föredragande")


def _is_title(part: str) -> bool:
    parts = part.lower().split()
    return 0 < len(parts) <= _MAX_TITLE_WORDS and part[-1] != "." and any(map(is_role_word, parts[:5]))


def _opens_line(text: str, line_start: int, name_start: int) -> bool:
    return name_start - line_start < 12 and not text[line_start:name_start].strip(" \t#*_:|-•–[.0123456789)")


def _only_names(line: str, here: list[Claim]) -> bool:
    bare = _bracketed().sub("", line)
    return sum(len(claim.name) for claim in here) >= len("".join(bare.split()).strip("*_.:-–"))
