"""Roles that stand apart from the names: a heading over a list of members, or titles under a line of names."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache

from offtext.layers.claims import PERSON, Claim
from offtext.layers.titles import is_role_word
from offtext.layers.words import Words
from offtext.lexicon import load_toml

_MAX_HEADING_WORDS = 4
_MAX_BLANK_LINES = 2


@cache
def _columns() -> re.Pattern[str]:
    return re.compile(r"\s{3,}|\t+|\s*\|\s*")


@cache
def _singular() -> dict[str, str]:
    forms: dict[str, str] = load_toml("actor_roles")["singular"]["forms"]
    return forms


def listed_roles(words: Words, claims: list[Claim]) -> dict[int, str]:
    """Return the roles of persons in lists, by the first word of the person's name; one pass over the lines.

    Two forms: `Ledamöter` above lines of names, and signature columns, `Karin Ek      Ove Alm` over `Rektor   Kurator`.
    """
    roles: dict[int, str] = {}
    persons = [claim for claim in claims if claim.kind == PERSON]
    if not persons:
        return roles
    starts = [claim.start for claim in persons]
    heading: str | None = None
    waiting: list[Claim] = []  # names of the last line of names, whose titles may stand on the next line
    blank = 0
    for line in re.finditer(r"[^\n]+", words.text):
        here = persons[bisect_left(starts, line.start()) : bisect_left(starts, line.end())]
        if not line.group().strip():
            continue
        blank = words.text.count("\n", line.start() - 4, line.start()) if line.start() > 4 else 0
        if here:
            if heading is not None and _opens_line(words.text, line.start(), here[0].start):
                roles[here[0].first] = heading
            waiting = here if _only_names(line.group(), here) else []
            continue
        content = line.group().strip(" \t#*_:|-•–").rstrip(":")
        if len(waiting) > 1 and blank <= _MAX_BLANK_LINES:
            parts = [part for part in _columns().split(content) if part]
            if len(parts) == len(waiting) and all(_is_title(part) for part in parts):
                roles.update({claim.first: part for claim, part in zip(waiting, parts, strict=True)})
        waiting = []
        # of several columns the first one that heads a list: a name at the start of a line stands under it
        heading = next(filter(None, map(_heading, _columns().split(content))), None)
    return roles


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
    first, *rest = part.lower().split()
    return len(rest) < 4 and any(is_role_word(word) for word in (first, *rest))


def _opens_line(text: str, line_start: int, name_start: int) -> bool:
    return name_start - line_start < 12 and not text[line_start:name_start].strip(" \t#*_:|-•–[.0123456789)")


def _only_names(line: str, here: list[Claim]) -> bool:
    return sum(len(claim.name) for claim in here) >= len("".join(line.split())) and len(here) > 1
