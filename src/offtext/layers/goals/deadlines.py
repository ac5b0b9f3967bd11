"""Time expressions of goals: `senast den 1 juni 2031`, `under våren 2031`, `före utgången av 2030`, `till 2030`."""

from __future__ import annotations

import re
from functools import cache

from offtext.document import Span
from offtext.layout import Layout
from offtext.lexicon import load_toml

_OPENING = 80  # a time that opens the sentence belongs to a goal that begins this near
_YEAR = re.compile(r"\b20\d\d\b")


@cache
def _pattern() -> re.Pattern[str]:
    data = load_toml("deadlines")
    parts: dict[str, str] = {}
    for name, regex in data["parts"].items():
        parts[name] = regex.format(**parts)
    regexes = sorted((row["regex"].format(**parts) for row in data["pattern"]), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(f"(?:{regex})" for regex in regexes) + r")(?!\w)", re.IGNORECASE)


def times_in(text: str, start: int, end: int) -> list[Span]:
    """Return the time expressions in `text[start:end]`, the longest at each place.

    >>> text = "Uppdraget ska redovisas senast den 1 juni 2031."
    >>> [span.of(text) for span in times_in(text, 0, len(text))]
    ['senast den 1 juni 2031']
    """
    return [Span(match.start(), match.end()) for match in _pattern().finditer(text, start, end)]


def find_deadline(layout: Layout, start: int, end: int, sentence: int) -> Span | None:
    """Return the time expression that a goal carries: the strongest inside it, or one that opens its sentence."""
    inside = times_in(layout.text, start, end)
    if inside:
        return max(inside, key=lambda span: (_strength(layout.text, span), -span.start))
    opening = layout.sentences[sentence].start
    near = start if start - opening < _OPENING else opening
    before = [span for span in times_in(layout.text, opening, near) if span.start == opening and start - span.end < 25]
    if before:
        return before[0]
    after = times_in(layout.text, end, min(end + 60, layout.sentences[sentence].end))
    return after[0] if after and after[0].start - end < 3 else None


def _strength(text: str, span: Span) -> int:
    found = span.of(text).lower()
    return 2 * found.startswith(("senast", "före", "innan")) + bool(_YEAR.search(found))
