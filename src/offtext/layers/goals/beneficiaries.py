"""Whom a goal is for: `för barn i förskolan`, `till äldre`, `hjälpa föräldrar`, `barn och unga ska få …`."""

from __future__ import annotations

import re
from functools import cache

from offtext.document import Span
from offtext.lexicon import load_toml


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of who receives: after a preposition or verb, opening the goal, and people anywhere."""
    data = load_toml("beneficiaries")["groups"]

    def phrase(heads: str) -> str:
        words = "|".join(sorted(heads.split(), key=len, reverse=True))
        noun = (
            rf"(?:{data['modifiers']}\s){{0,3}}(?:\w{{1,25}}(?:nde|ade|iga|ska)\s)?(?:\w{{1,20}})?(?:{words})(?=s?\b)"
        )
        stop = r"(?=\s(?:och|samt|genom|för\satt|så\satt|ska|får|kan)\b|[,.;:–]|$)"
        # `barn i förskolan` is one phrase, `kommunerna i omställningen` is not: the definite form is complete
        place = rf"(?<!na)(?<!en)\s(?:med|i|på|inom)\s[^,.;:–]{{2,60}}?{stop}"
        noun = rf"{noun}(?:\s(?:mellan\s\d+\soch|över|under|från)\s\d+\sår)?"
        tail = rf"(?:(?:,\s{noun}){{0,3}}\s(?:och|eller|samt)\s{noun})?(?:\ssom\s[^,.;:–]{{2,70}}?{stop}|{place})?"
        return f"(?P<who>{noun}{tail})"

    either = phrase(data["people"] + data["bodies"])
    return (
        re.compile(rf"\b(?:{data['receivers']}|{data['givers']})\s{either}", re.IGNORECASE),
        re.compile(rf"{either}\s(?:\w{{1,20}}\s){{0,2}}{data['gets']}\b", re.IGNORECASE),
        re.compile(rf"\b{phrase(data['people'])}", re.IGNORECASE),
    )


def find_beneficiary(text: str, start: int, end: int) -> Span | None:
    """Return whom a goal is for: the people or bodies after `för`, `till`, `ge`, `hjälpa` …, else people it names.

    >>> text = "skapa trygghet för barn i förskolan"
    >>> find_beneficiary(text, 0, len(text)).of(text)
    'barn i förskolan'
    """
    after, opening, anywhere = _patterns()
    match = after.search(text, start, end) or opening.match(text, start, end) or anywhere.search(text, start, end)
    return Span(match.start("who"), match.end("who")) if match else None
