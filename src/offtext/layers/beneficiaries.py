"""Whom a goal is for: `för barn i förskolan`, `till äldre`, `hjälpa föräldrar`."""

from __future__ import annotations

import re
from functools import cache

from offtext.document import Span
from offtext.lexicon import load_toml


@cache
def _receiver() -> re.Pattern[str]:
    data = load_toml("beneficiaries")["groups"]
    heads = "|".join(sorted(data["heads"].split(), key=len, reverse=True))
    noun = rf"(?:{data['modifiers']}\s){{0,3}}(?:\w{{1,25}}(?:a|e|nde|ade)\s)?\w{{0,20}}?(?:{heads})\b"
    stop = r"(?=\s(?:och|samt|genom|för\satt|så\satt|ska)\b|[,.;:–]|$)"
    tail = rf"(?:\s(?:och|eller|samt)\s{noun}|\s(?:som|med|i|på|inom)\s[^,.;:–]{{2,70}}?{stop})?"
    return re.compile(rf"\b(?:{data['receivers']}|{data['givers']})\s(?P<who>{noun}{tail})", re.IGNORECASE)


def find_beneficiary(text: str, start: int, end: int) -> Span | None:
    """Return whom a goal is for: the people or bodies after `för`, `till`, `åt`, `ge`, `hjälpa` … inside it.

    >>> text = "skapa trygghet för barn i förskolan"
    >>> find_beneficiary(text, 0, len(text)).of(text)
    'barn i förskolan'
    """
    match = _receiver().search(text, start, end)
    return Span(match.start("who"), match.end("who")) if match else None
