"""Dates as Swedish texts write them, and what they are in ISO form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from offtext.lexicon import load_toml


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a text: characters `start` to `end`, and its ISO form as far as the text tells ('2021-10')."""

    start: int
    end: int
    iso: str


def find_dates(text: str, start: int = 0, end: int | None = None, *, year: int | None = None) -> Iterator[Dated]:
    r"""Yield the dates between `start` and `end`, in reading order.

    A season (`våren 2024`), a bare year, a range of years and a personal number are no dates.

    Args:
        text: The text; offsets count its characters.
        start: Where to begin.
        end: Where to stop; None for the end of the text.
        year: The year of dates written without one (`måndag 2 april`); None leaves those out.

    >>> [found.iso for found in find_dates("Tisdagen den 2 april 2019, 20190402, 2/4 2019 och 2.4.2019")]
    ['2019-04-02', '2019-04-02', '2019-04-02', '2019-04-02']
    >>> [found.iso for found in find_dates("oktober 2021, våren 2024, 2019-2020")], list(find_dates("2 april"))
    (['2021-10'], [])
    >>> list(find_dates("senast den 25\noktober 2019", start=14))
    []
    """
    for match in _date_pattern().finditer(text, start, len(text) if end is None else end):
        iso = _iso(match, year)
        if iso:
            yield Dated(match.start(), match.end(), iso)


@cache
def _date_pattern() -> re.Pattern[str]:
    months = "|".join(sorted(load_toml("metadata")["months"], key=len, reverse=True))
    weekday = r"(?:(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en)?,?[ \t]{1,2})?"
    return re.compile(
        rf"""
        \b(?:
          {weekday}(?:den[ \t\n\xa0]{{1,2}})?(?P<d1>[0-3]?\d)(?:\s?[–-]\s?[0-3]?\d(?=\s))?(?::?e)?[ \t\n\xa0]{{1,2}}
            (?P<m1>{months})\b\.?(?:,?[ \t\n\xa0]{{1,2}}(?P<y1>(?:19|20)\d\d)\b)?
        | (?<![ \t\n\xa0]\d[ \t\n\xa0])(?<![ \t\n\xa0][0-3]\d[ \t\n\xa0])  # its day may stand on the line before
            (?P<m2>{months})\b\.?[ \t\n\xa0]{{1,2}}(?P<y2>(?:19|20)\d\d)\b
        | (?<![\d/.-])(?P<y3>(?:19|20)\d\d)(?P<sep>[-–./]|[ ]?-[ ]?)(?P<m3>[01]\d)(?P=sep)(?P<d3>[0-3]\d)(?![\d]|-\d)
        | (?<![\d/.-])(?P<y4>(?:19|20)\d\d)(?P<m4>[01]\d)(?P<d4>[0-3]\d)(?![\d]|[-+/]\d)
        | (?<![\d/.-])(?P<d5>[0-3]?\d)/(?P<m5>[01]?\d)[ -]{{1,2}}(?P<y5>(?:19|20)\d\d)(?![\d-])
        | (?<![\d/.-])(?P<d6>[0-3]?\d)\.(?P<m6>[01]?\d)\.(?P<y6>(?:19|20)\d\d)(?![\d-])
        | (?<![\d/.-])(?P<y7>(?:19|20)\d\d)-(?P<m7>[01]\d)(?![\d-])
        | datetime\(\s?year:\s?(?P<y8>\d{{4}}),\s?month:\s?(?P<m8>\d\d?),\s?day:\s?(?P<d8>\d\d?)\s?\)
        )""",
        re.VERBOSE | re.IGNORECASE,
    )


def _iso(match: re.Match[str], year: int | None) -> str | None:
    groups = match.groupdict()
    form = next(n for n in range(1, 9) if groups.get(f"m{n}"))
    month_text, day_text, year_text = groups[f"m{form}"], groups.get(f"d{form}"), groups.get(f"y{form}")
    months: dict[str, int] = load_toml("metadata")["months"]
    month = int(month_text) if month_text.isdigit() else months[month_text.lower()]
    in_year = int(year_text) if year_text else year
    if in_year is None:
        return None
    if day_text is None:
        # `2011-12` is as often the winter of two years as a December
        years = form == 7 and month == in_year % 100 + 1
        return f"{in_year:04}-{month:02}" if 1 <= month <= 12 and not years else None
    try:
        return date(in_year, month, int(day_text)).isoformat()
    except ValueError:  # 31 februari
        return None
