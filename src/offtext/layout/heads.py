"""Header fields: date, diary number, sender, recipient …, one or several on a line, in tables, under their labels."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from offtext.layout.blocks import Draft
from offtext.layout.cues import SPACES, field_labels, pattern

_PLAIN = ("date", "diary_number", "attendance")  # labels that need no colon on a line of their own
_LABEL = 45  # longest label


@cache
def _any_label() -> re.Pattern[str]:
    every = "|".join(re.escape(label) for label in sorted(field_labels(), key=len, reverse=True))
    # only where a label can stand: first, in bold, after a wide space, a sign or a figure
    place = r"(?:\A[\s*_-]{0,6}|\*\*|\s\s|\t|[|,;·]\s?|\d\s)"
    return re.compile(rf"{place}(?P<label>{every})(?![\w-])", re.IGNORECASE)


@cache
def _hint() -> re.Pattern[str]:
    return re.compile(r"[:*\t\d]|  ")


@cache
def _date() -> re.Pattern[str]:
    month = "januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december"
    day = r"(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en)?"
    figures = r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./-]\d{4}|\d{8}"
    return re.compile(rf"(?i:(?:{day}\s)?(?:den\s)?(?:{figures}|\d{{1,2}}\s(?:{month})\s\d{{4}}))")


@cache
def _diary() -> re.Pattern[str]:
    return re.compile(
        r"[A-ZÅÄÖ][A-Za-zÅÄÖåäö]{0,7}[\s/-]{0,2}(?:\d{2,4}[/:-]\d{1,6}|\d{4}[-/ ]\d{2,6})(?:[-/:]\d{1,6})?"
        r"|\d{2,4}[/-]\d{2,6}|[A-ZÅÄÖ]{2,8}\d{5,8}"
    )


def label_of(piece: str) -> str | None:
    """Return the field that a label names, or None: `Datum:` → 'date'."""
    bare = piece.strip(SPACES + "*_:").lower()
    return field_labels().get(bare) if len(bare) <= _LABEL else None


def decide_header_fields(text: str, drafts: list[Draft]) -> list[Draft]:
    """Find header fields; a line with several becomes several blocks."""
    found: list[Draft] = []
    waiting: list[str] = []  # fields of labels that stand alone, their values follow
    for draft in drafts:
        if found and _is_present(text, draft, found[-1]):
            waiting = []
            found += _present(text, draft)
            continue
        able = draft.kind in ("", "table_row", "paragraph", "heading", "list_item")
        pieces = _fields_of(text, draft, waiting) if able else None
        if pieces is None:
            waiting = []
            found.append(draft)
        else:
            found += pieces
    return found


def _is_present(text: str, draft: Draft, before: Draft) -> bool:
    """Tell whether a line is one more name below `Närvarande:`."""
    if before.field != "attendance" or draft.kind not in ("", "list_item", "paragraph"):
        return False
    if (draft.gap and not draft.mark) or draft.content_end - draft.content_start > 200:
        return False
    content = text[draft.content_start : draft.content_end]
    return bool(_name().match(content)) and content[-1] not in ".!?:"


def _present(text: str, draft: Draft) -> list[Draft]:
    """Return the names on a line below `Närvarande:`, one or, in columns, several."""
    cells = [found.span() for found in _cell().finditer(text, draft.content_start, draft.content_end)]
    if draft.mark or len(cells) < 2 or not all(_name().match(text[a:b]) for a, b in cells):
        return [replace(draft, kind="header_field", field="attendance")]
    return [Draft(a, b, a, b, kind="header_field", field="attendance", gap=draft.gap) for a, b in cells]


@cache
def _name() -> re.Pattern[str]:
    last = r"(?: (?:[A-ZÅÄÖ][\w.-]{0,30}|von|af|de)){1,3}"
    return re.compile(rf"[A-ZÅÄÖ][\w-]{{1,30}}{last}(?: \([A-ZÅÄÖ]{{1,5}}\))?(?:$|[,;:–-]|  |\t| [a-zåäö(])")


def _fields_of(text: str, draft: Draft, waiting: list[str]) -> list[Draft] | None:
    size = draft.content_end - draft.content_start
    if size > 400 or draft.mark in ("heading", "number") or draft.lines > 4:
        return None
    if draft.kind == "table_row":
        return _table_fields(text, draft, waiting)
    content = text[draft.content_start : draft.content_end]
    columns = _column_fields(text, draft, waiting) if "  " in content or "\t" in content else None
    if columns:
        return columns
    alone = label_of(content)
    if alone:
        if content.rstrip("* ").endswith(":") or draft.style == "bold" or alone in _PLAIN or content == "Till":
            waiting.append(alone)
            return [replace(draft, kind="header_field", field=alone, mark="label")]
        return None
    if waiting:
        value = _value_field(content, waiting)
        if value:
            return [replace(draft, kind="header_field", field=value)]
        waiting.clear()
    return _inline_fields(text, draft)


def _column_fields(text: str, draft: Draft, waiting: list[str]) -> list[Draft] | None:
    """`Till      Datum` and under it their values, in columns set with spaces."""
    cells = [found.span() for found in _cell().finditer(text, draft.content_start, draft.content_end)]
    if not 2 <= len(cells) <= 6 or draft.lines > 1:
        return None
    fields = [label_of(text[a:b]) for a, b in cells]
    labels = all(fields)
    if not labels and len(waiting) != len(cells):
        return None
    named = [f or "other" for f in fields] if labels else list(waiting)
    waiting[:] = named if labels else []
    mark = "label" if labels else ""
    return [
        Draft(a, b, a, b, kind="header_field", field=f, mark=mark, gap=draft.gap)
        for (a, b), f in zip(cells, named, strict=True)
    ]


@cache
def _cell() -> re.Pattern[str]:
    return re.compile(r"\S+(?: \S+)*")


def _value_field(content: str, waiting: list[str]) -> str | None:
    if _date().match(content) and len(content) < 40:
        field = "date"
    elif _diary().match(content) and len(content) < 40:
        field = "diary_number"
    else:
        field = next((f for f in waiting if f not in ("date", "diary_number")), "")
        if not field or len(content) > 100 or content[-1] in ".!?":
            return None
    if field in waiting:
        waiting.remove(field)
        return field
    return None


def _inline_fields(text: str, draft: Draft) -> list[Draft] | None:
    """Find `Label: value` and `**Label** value`, one or more on a line."""
    start, end = draft.start, draft.end
    spots: list[tuple[int, int, str]] = []
    line = text[start:end]
    for found in _any_label().finditer(line) if _hint().search(line) else ():
        begin, stop = found.span("label")
        before, after = line[max(0, begin - 3) : begin], line[stop : stop + 16]
        bold = before.endswith("**") and re.match(r"\.?:?\*\*:?", after)
        colon = re.match(r"(?:\*\*|__)?\.?\s?:(?:\*\*|__)?", after)
        wide = re.match(r"\s{2,}|\t", after)
        field = field_labels()[found.group("label").lower()]
        exact = None
        if field in ("date", "diary_number"):
            exact = re.match(r"[.\s:]{1,6}(?=(?:[\dA-ZÅÄÖ]{1,8}|[A-ZÅÄÖ][a-zåäö]{1,4})[\s/-]?\d)", after)
        elif field == "attendance" and begin < 3 and _name().match(line, stop + 1):
            exact = re.match(r"\s", after)  # `Justerare Bo Lind`
        # `Ulvsjö 2024-03-05 Dnr KS 2024/12`: after a figure only a diary number's label needs no sign of its own
        after_figure = before[-2:-1].isdigit()
        sign = (
            (exact if field == "diary_number" and end - start <= 120 else None)
            if after_figure
            else bold or colon or wide or exact
        )
        if sign:
            spots.append((start + begin - (2 if bold else 0), start + stop + sign.end(), field))
    if not spots:
        return _bare_value(text, draft)
    lead = text[start : spots[0][0]].strip(SPACES + "*_|")
    if len(lead) > 80 or (lead and lead[-1] in ".!?"):
        return None
    pieces: list[Draft] = []
    if not any(c.isalnum() for c in lead):
        spots[0] = (start, *spots[0][1:])
    elif draft.kind == "list_item":
        return None
    else:
        stop = start + len(text[start : spots[0][0]].rstrip(SPACES + "*_|"))
        stop -= text[stop - 1] in ",;"
        piece = replace(draft, end=stop, content_end=min(draft.content_end, stop), lines=1)
        matter = (
            pattern("matter").match(text, draft.content_start, stop) if not draft.mark and draft.kind == "" else None
        )
        if matter:  # `Angående vägen till skolan, dnr KS 2024/12`
            piece = replace(piece, kind="header_field", field="subject", content_start=matter.end())
        pieces += _bare_value(text, piece) or [piece]
    for (a, value, field), following in zip(spots, [*spots[1:], (end, end, "")], strict=True):
        stop = following[0]
        stop -= len(text[a:stop]) - len(text[a:stop].rstrip(SPACES + "*_|·;,\\"))
        value = min(value, stop)
        value += len(text[value:stop]) - len(text[value:stop].lstrip(SPACES + "*_"))
        if value >= stop and field == "other" and len(spots) == 1 and not lead:
            return None
        sentence = stop - value > 40 and text[stop - 1] in ".!?"
        if (sentence or stop - value > 250) and field != "attendance":
            return None  # `Kontaktperson: En medarbetare har ansvaret för …`
        pieces.append(
            Draft(
                a,
                stop,
                value if value < stop else a,
                stop,
                kind="header_field",
                field=field,
                gap=draft.gap,
                mark="" if value < stop else "label",
            )
        )
    return pieces


def _bare_value(text: str, draft: Draft) -> list[Draft] | None:
    """A line that is a date or a diary number and nothing else, or the kind of document with them."""
    content = text[draft.content_start : draft.content_end]
    if len(content) > 80 or draft.mark:
        return None
    found = _date().search(content)
    if found and len(content) - (found.end() - found.start()) <= 25 and draft.lines == 1:
        lead = content[: found.start()].strip(SPACES + ",")
        rest = content[found.end() :].strip(SPACES + ",.")
        if not rest and (
            not lead or pattern("type_labels").match(lead) or re.match(r"^[A-ZÅÄÖ][a-zåäö]+(?: den)?$", lead)
        ):
            return [replace(draft, kind="header_field", field="date")]
    return None


def _table_fields(text: str, draft: Draft, waiting: list[str]) -> list[Draft] | None:
    cells = cells_of(text, draft)
    if not cells:
        return None
    fields = [label_of(text[a:b]) for a, b in cells]
    if all(fields):
        waiting[:] = [f for f in fields if f]
        return [
            Draft(a, b, a, b, kind="header_field", field=f, mark="label", gap=draft.gap)
            for (a, b), f in zip(cells, fields, strict=True)
        ]
    if len(cells) % 2 == 0 and all(fields[0::2]):
        return [
            Draft(
                cells[n][0],
                cells[n + 1][1],
                cells[n + 1][0],
                cells[n + 1][1],
                kind="header_field",
                field=fields[n],
                gap=draft.gap,
            )
            for n in range(0, len(cells), 2)
        ]
    if waiting and len(cells) == len(waiting):
        values = [
            Draft(a, b, a, b, kind="header_field", field=f, gap=draft.gap)
            for (a, b), f in zip(cells, waiting, strict=True)
        ]
        waiting.clear()
        return values
    return None


def cells_of(text: str, draft: Draft) -> list[tuple[int, int]]:
    """Return the cells of a table row that hold something, as (start, end)."""
    cells: list[tuple[int, int]] = []
    at = draft.start
    while at < draft.end:
        stop = text.find("|", at, draft.end)
        stop = draft.end if stop < 0 else stop
        piece = text[at:stop]
        inner = piece.strip(SPACES)
        if inner:
            begin = at + len(piece) - len(piece.lstrip(SPACES))
            cells.append((begin, begin + len(inner)))
        at = stop + 1
    return cells
