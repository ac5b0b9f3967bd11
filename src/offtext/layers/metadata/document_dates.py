"""The document's own date and diary number: what its head, its by-line or its signature says, never an event's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any

from offtext.layers.metadata.dates import Dated, find_dates
from offtext.layout.structure import Block, Layout
from offtext.lexicon import load_toml

_HEAD, _TAIL = 1500, 700  # characters in which a document tells of itself
_OWN_TITLE_DATE = {"minutes", "statute", "speech", "decision", "consultation", "other", "information", None}


def own_date(layout: Layout, doc_type: str | None, properties: Mapping[str, str]) -> tuple[str | None, float]:
    r"""Return the ISO date that the document gives itself and how sure it is, or (None, 0.0).

    >>> from offtext.layout import parse
    >>> own_date(parse("PROTOKOLL 2024-03-05\n\n§ 1 Mötet öppnas. Nästa möte är den 4 april 2024."), None, {})[0]
    '2024-03-05'
    """
    year = _year_of_head(layout.text)
    for name, family in (
        ("field", _field_dates(layout, year)),
        ("kind", _lines_with_cue(layout, "kind", year, blocks=6)),
        ("byline", _byline_dates(layout, doc_type)),
        ("place", _lines_with_cue(layout, "place", year, blocks=12)),
        ("alone", _lines_with_cue(layout, "alone", year, blocks=12)),
        ("decided", _decided_dates(layout)),
        ("adopted", _lines_with_cue(layout, "adopted", None, blocks=10)),
        ("meeting", _meeting_dates(layout, doc_type, year)),
        ("imprint", _imprint_dates(layout)),
        ("title", _title_dates(layout, doc_type)),
        ("issue", _issue_dates(layout)),
    ):
        if found := next(family, None):
            return found.iso, float(_rules()[name]["score"])
    iso = _property_date(properties.get("date", ""))
    return (iso, 0.7) if iso else (None, 0.0)


def _property_date(written: str) -> str | None:
    """Return the day of a file's own date: ISO, Swedish, or as mail writes it (`Tue, 2 Apr 2019 10:00:00 +0200`)."""
    if found := next(find_dates(written[:10]), None) or next(find_dates(written[:60]), None):
        return found.iso
    try:
        return parsedate_to_datetime(written[:60]).date().isoformat()
    except (TypeError, ValueError, IndexError):
        return None


def own_diary_number(layout: Layout) -> tuple[str | None, float]:
    r"""Return the diary number of the document's own case as written, and how sure it is, or (None, 0.0).

    >>> from offtext.layout import parse
    >>> own_diary_number(parse("Ulvsjö kommun\nDnr KS19/203-710\n\nSvar på er fråga."))[0]
    'KS19/203-710'
    """
    rules = load_toml("metadata")["diary_number"]
    head = layout.text[:_HEAD]
    score = float(rules["score"])
    for cue in re.finditer(rules["cue"], head):
        if re.search(rules["foreign"], head[max(0, cue.start() - 20) : cue.start()]):
            continue
        line = _cell_before(head, cue.start())
        if "§" in head[: cue.start()].rsplit("\n", 1)[-1] and len(re.findall(rules["cue"], layout.text[:20_000])) > 1:
            continue  # the number of one item among several
        block = layout.block_at(cue.start())
        if "(" in line or (len(line) > 60 and not (block and block.kind in ("title", "heading"))):
            continue  # in running text: the number of another case
        for number in _number_pattern().finditer(head, cue.end(), min(len(head), cue.end() + 90)):
            if _is_number(head, number) and "#" not in head[cue.end() : number.start()]:
                return number[0], score
    for number in re.finditer(rf"(?<![\w/-]){rules['bare']}(?![\w/-])", head[:600]):
        line = _cell_before(head, number.start())
        if len(line) <= 40 and "(" not in line:
            return number[0], score
    return None, 0.0


def _cell_before(head: str, offset: int) -> str:
    """Return what stands before `offset` in its line, or in its column where the line has columns."""
    return re.split(r"[ ]{3,}|\t", head[:offset].rsplit("\n", 1)[-1])[-1]


@cache
def _rules() -> dict[str, Any]:
    return {rule["name"]: rule for rule in load_toml("metadata")["date"]}


@cache
def _number_pattern() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w/.-]){load_toml('metadata')['diary_number']['number']}(?![\w/])")


def _is_number(text: str, found: re.Match[str]) -> bool:
    is_date = next(find_dates(text, found.start(), found.end()), None)
    digits = sum(c.isdigit() for c in found[0])
    years = re.fullmatch(r"(?:19|20)\d\d ?[–-] ?(?:19|20)\d\d", found[0])
    return digits >= 4 and not years and not (is_date and is_date.end - is_date.start == len(found[0]))


def _year_of_head(text: str) -> int | None:
    years = set(re.findall(r"(?<![\d/.-])(?:19|20)\d\d(?![\d/-])", text[:800]))
    return int(years.pop()) if len(years) == 1 else None


def _field_dates(layout: Layout, year: int | None) -> Iterator[Dated]:
    """Yield dates after a word such as `Datum:`; a later revision before the first decision."""
    text = layout.text
    cue = re.compile(rf"(?<!\w){_rules()['field']['cue']}$")
    found = []
    for start, end in ((0, _HEAD), (max(_HEAD, len(text) - _TAIL), len(text))):
        for dated in find_dates(text, start, min(end, len(text)), year=year):
            before = text[max(0, dated.start - 60) : dated.start]
            if match := cue.search(before):
                at = dated.start - len(before) + match.start()
                if not text[:at].rsplit("\n", 1)[-1].strip(" *_|-–#\t[(\\"):  # the field begins its line
                    found.append((0 if re.search("(?i)uppdaterat|reviderad", match[0]) else 1, dated))
    yield from (dated for _, dated in sorted(found, key=lambda pair: pair[0]))
    blocks = layout.blocks[:25]
    for index, block in enumerate(blocks):
        if block.kind != "header_field":
            continue
        near = [b for b in blocks[index : index + 3] if b.end - b.start <= 160]
        if block.field == "date" or re.search(r"\bDatum\b", layout.content(block)):
            for other in near:
                yield from find_dates(text, other.start, other.end, year=year)
                for short in re.finditer(
                    r"(?<![\d-])(\d\d)-([01]\d)-([0-3]\d)(?![\d-])", text[other.start : other.end]
                ):
                    iso = f"20{short[1]}-{short[2]}-{short[3]}"
                    yield from find_dates(iso)


def _near_blocks(layout: Layout, head: int, tail: int) -> list[Block]:
    blocks = layout.blocks
    return [*blocks[:head], *blocks[max(head, len(blocks) - tail) :]]


def _lines_with_cue(layout: Layout, name: str, year: int | None, blocks: int) -> Iterator[Dated]:
    """Yield the dates of short lines that hold a cue and a date and nothing else."""
    cue = _rules()[name]["cue"]
    # `Ulvsjö kommun Protokoll …`, `Nyheter | …`
    prefix = {"kind": r"(?:[\w&åäöÅÄÖ ]{0,50} )?", "alone": r"(?:[^|·•\n]{2,40}[|·•][ ]?){0,2}"}.get(name, "")
    whole = re.compile(rf"[ \t*_#>(\[]{{0,6}}{prefix}{cue}$")
    rest = re.compile(
        r"(?:[ \t.,)\]}*_]{0,6}"
        r"|[ \t,*_]{1,5}(?:(?:uppdaterad|reviderad|rev\.|kl\.?|klockan|§)[^\n]{0,30}|[|·•][^\n]{0,60}))$",
        re.IGNORECASE,
    )
    for block in _near_blocks(layout, blocks, 8):
        if block.field == "diary_number" or (block.kind in ("table_row", "list_item") and name != "kind"):
            continue
        for start, end in _short_lines(layout.text, block):
            words = layout.text[start:end].strip()
            if start > block.start and words[:1].islower() and len(words.split()) > 2:
                continue  # a sentence that a line break cuts: `senast` / `den 29 januari 2018`
            for dated in find_dates(layout.text, start, end, year=year):
                if rest.match(layout.text[dated.end : end]) and whole.match(layout.text[start : dated.start]):
                    yield dated


def _decided_dates(layout: Layout) -> Iterator[Dated]:
    """Yield the first date of a head block that opens with its adoption: `Antaget av fullmäktige den …, § 118`."""
    opening = re.compile(_rules()["decided"]["cue"])
    for block in layout.blocks[:10]:
        if opened := opening.match(layout.text, block.content_start, min(block.end, block.content_start + 200)):
            yield from list(find_dates(layout.text, opened.end(), min(block.end, opened.end() + 60)))[:1]


def _meeting_dates(layout: Layout, doc_type: str | None, year: int | None) -> Iterator[Dated]:
    """Yield the day of the meeting that minutes are of: `Tid: tisdag den 23 april 2024 kl. 13`."""
    if doc_type != "minutes":
        return
    cue = re.compile(_rules()["meeting"]["cue"])
    for block in layout.blocks[:20]:
        if block.end - block.start <= 300 and (opened := cue.match(layout.text, block.start, block.end)):
            yield from find_dates(layout.text, opened.end(), min(block.end, opened.end() + 120), year=year)


def _imprint_dates(layout: Layout) -> Iterator[Dated]:
    """Yield the date that ends a line just below the title: `Faktablad till hushåll, mars 2024`."""
    kinds = re.compile(_rules()["imprint"]["cue"])
    for index, block in enumerate(layout.blocks[:4]):
        if block.kind not in ("title", "paragraph", "heading", "header_field") or block.end - block.start > 300:
            continue
        for number, (start, end) in enumerate(_short_lines(layout.text, block)):
            if number == 0 and (block.kind == "title" or (block.kind == "heading" and index == 0)):
                continue
            for dated in find_dates(layout.text, start, end):
                lead = layout.text[start : dated.start].rstrip(" ,|–")
                ends = not layout.text[dated.end : end].strip(" .*_)")
                month = len(dated.iso) == 7 and len(lead) <= 70 and (not lead or layout.text[dated.start - 2] in ",|–")
                if ends and (month or kinds.match(layout.text, start, dated.start)):
                    yield dated


def _issue_dates(layout: Layout) -> Iterator[Dated]:
    """Yield the year of the issue that a magazine's head line names: `Förbundsnytt nr 4/2025`."""
    cue = re.compile(_rules()["issue"]["cue"])
    for block in layout.blocks[:2]:
        if found := cue.match(layout.text, block.content_start, min(block.end, block.content_start + 120)):
            yield Dated(found.start(1), found.end(1), found[1])


def _short_lines(text: str, block: Block) -> Iterator[tuple[int, int]]:
    """Yield start and end of the lines of a block that are short enough to be a head line, and of columns in them."""
    start = block.start
    for line in text[block.start : min(block.end, block.start + 600)].splitlines(keepends=True):
        bare = line.strip()
        if 4 <= len(bare) <= 130:
            yield start + len(line) - len(line.lstrip()), start + len(line.rstrip())
        if "   " in bare or "\t" in bare:
            for cell in re.finditer(r"\S+(?:[ ]{1,2}\S+)*", line):
                if len(cell[0]) >= 4:
                    yield start + cell.start(), start + cell.end()
        start += len(line)


def _byline_dates(layout: Layout, doc_type: str | None) -> Iterator[Dated]:
    """Yield the date of the line under the title of a speech, a statement or an article of opinion."""
    opening = re.compile(load_toml("metadata")["byline_openings"]["words"])
    for block in layout.blocks[:6]:
        content = layout.content(block)
        spoken = doc_type in ("speech", "opinion")
        if block.kind in ("title", "heading") or len(content) > (450 if spoken else 260):
            continue
        dates = list(find_dates(layout.text, block.content_start, block.content_end))
        if not dates:
            continue
        last = dates[-1]
        after = layout.text[last.end : block.content_end]
        opened = opening.match(content.lstrip("*_ ")) is not None and len(after) <= 60
        if opened or (spoken and len(content) <= 220 and len(after) <= 60):
            yield last


def _title_dates(layout: Layout, doc_type: str | None) -> Iterator[Dated]:
    if doc_type not in _OWN_TITLE_DATE:
        return
    cue = re.compile(_rules()["title"]["cue"] + "?$")
    for block in layout.of_kind("title"):
        for dated in find_dates(layout.text, block.content_start, min(block.content_end, block.content_start + 300)):
            after = layout.text[dated.end : block.content_end].strip(" .)*_")
            if not after and cue.match(layout.text[block.content_start : dated.start] + " "):
                yield dated
        break
