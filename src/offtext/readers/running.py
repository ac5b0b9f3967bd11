"""Running headers, footers and page numbers: lines that come back at the same place on page after page."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from functools import cache

from offtext.lexicon import load_toml
from offtext.readers.printed import Line

_MARGIN = 0.14  # of the page's height, above and below
_AT_EACH_EDGE = 6  # lines looked at
_TELLING = re.compile(
    r"\d{4}-\d{2}-\d{2}|\b\d{1,2} \w{3,9} \d{4}\b|\b(?:dnr|diarienr|diarienummer|datum)\b", re.IGNORECASE
)


def without_running_lines(pages: list[list[Line]], heights: list[float]) -> tuple[list[list[Line]], dict[str, str]]:
    """Return the pages without what runs along them, and what that said as properties 'header' and 'footer'.

    A line runs when it stands in the upper or lower margin of at least two pages and two fifths of all, with the same
    words; numbers may differ. A header with a date or a diary number is kept once, on the first page: it is the
    letterhead. A line that only numbers the page goes wherever it stands in a margin.
    """
    places: dict[tuple[str, str], set[int]] = defaultdict(set)
    edges = [_edges(lines, height) for lines, height in zip(pages, heights, strict=True)]
    for number, edge in enumerate(edges):
        for index, place in edge.items():
            places[place, _key(pages[number][index].text)].add(number)
    needed = max(2, round(0.4 * len(pages)))
    said: dict[str, dict[str, None]] = {"header": {}, "footer": {}}
    kept: list[list[Line]] = []
    for number, (lines, edge) in enumerate(zip(pages, edges, strict=True)):
        rest: list[Line] = []
        at_edge: list[str | None] = []  # of the lines in `rest`
        for index, line in enumerate(lines):
            spot = edge.get(index)
            if spot is None:
                rest.append(line)
                at_edge.append(None)
                continue
            if _is_page_number(line.text):
                continue
            if "\t" in line.text:  # the number stands beside other words
                cells = [cell for cell in line.text.split("\t") if not _is_page_number(cell)]
                line = replace(line, text="\t".join(cells))
            on = places[spot, _key(lines[index].text)]
            letterhead = spot == "header" and number == min(on) == 0 and _TELLING.search(line.text)
            if len(on) < needed or letterhead:
                rest.append(line)
                at_edge.append(spot)
            if len(on) < needed:
                continue
            said[spot][" ".join(line.text.split())] = None
        kept.append(_in_order(rest, at_edge))
    return kept, {place: " | ".join(list(lines)[:6]) for place, lines in said.items() if lines}


def _in_order(lines: list[Line], places: list[str | None]) -> list[Line]:
    """Put a footer that the file draws first after the page's text, and a header that it draws last before it."""
    first, end = 0, len(lines)
    while first < end and places[first] is not None:
        first += 1
    if first == end:
        return lines
    while places[end - 1] is not None:
        end -= 1
    edge = [*range(first), *range(end, len(lines))]
    above = [lines[index] for index in edge if places[index] == "header"]
    below = [lines[index] for index in edge if places[index] == "footer"]
    return above + lines[first:end] + below


def _edges(lines: list[Line], height: float) -> dict[int, str]:
    """Return 'header' or 'footer' for the outermost lines in the margins, by index."""
    if height <= 0:
        return {}
    upper = sorted(
        (i for i, line in enumerate(lines) if line.bottom > height * (1 - _MARGIN)), key=lambda i: -lines[i].top
    )
    lower = sorted(
        (i for i, line in enumerate(lines) if 0 < line.top < height * _MARGIN), key=lambda i: lines[i].bottom
    )
    found = dict.fromkeys(upper[:_AT_EACH_EDGE], "header")
    return found | {index: "footer" for index in lower[:_AT_EACH_EDGE] if index not in found}


def _key(text: str) -> str:
    return re.sub(r"\d+", "0", "".join(text.lower().split()))


@cache
def _page_number() -> re.Pattern[str]:
    return re.compile(
        "|".join(f"(?:{entry['pattern']})" for entry in load_toml("readers")["page_number"]), re.IGNORECASE
    )


def _is_page_number(text: str) -> bool:
    return len(text) < 40 and _page_number().fullmatch(text.strip()) is not None
