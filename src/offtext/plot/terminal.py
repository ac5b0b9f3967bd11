"""One document in the terminal: its text in colours, then what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from offtext.labels import name_of
from offtext.plot.highlight import marks_of

Record = Mapping[str, Any]

# Later entries lie on top of earlier ones where marks cross.
_STYLES = {
    "quote direct": "on grey23",
    "quote indirect": "italic on grey15",
    "goal": "underline",
    "mention person": "bold cyan",
    "mention organisation": "bold green",
}


def to_terminal(record: Record) -> RenderableType:
    """Return the document as a rich renderable: marked text, and a table a layer.

    Control characters of the text are shown as marks, never sent to the terminal.
    """
    if record["error"] is not None:
        return Panel(_plain(record["error"]), title=_plain(record["id"]), border_style="red")
    return Group(_head(record), Panel(_text(record), border_style="grey50"), *_tables(record))


def _text(record: Record) -> Text:
    text = _plain(record["text"])  # one character for one: the offsets hold
    marks = marks_of(record)
    for classes, style in _STYLES.items():
        for mark in marks:
            if mark.classes == classes:
                text.stylize(style, mark.start, mark.end)
    return text


def _head(record: Record) -> Text:
    meta, doc_type = record["meta"], record["doc_type"]
    facts = [f"{name_of(doc_type['label'])} {doc_type['score']:.0%}", meta["date"], meta["diary_number"]]
    head = _plain(meta["title"] or record["id"])
    head.stylize("bold")
    head.append_text(_plain("\n" + " · ".join(fact for fact in facts if fact)))
    for warning in record["warnings"]:
        head.append("\n").append_text(_plain(warning)).stylize("yellow", len(head) - len(warning))
    return head


def _tables(record: Record) -> list[RenderableType]:
    names = {actor["id"]: actor["name"] for actor in record["actors"]} | {None: ""}
    actors = [
        (a["name"], name_of(a["org_type"]) if a["org_type"] else a["role"], a["party"], names[a["affiliation"]])
        for a in record["actors"]
    ]
    quotes = [(names[q["speaker"]], name_of(q["kind"]), q["text"]) for q in record["quotes"]]
    goals = [(names[g["holder"]], name_of(g["kind"]), g["text"]) for g in record["goals"]]
    ranked = sorted(record["themes"].items(), key=lambda theme: -theme[1])
    themes = [(name_of(theme), f"{score:.0%}") for theme, score in ranked if score >= 0.5]
    ties = [(" – ".join(names[p] for p in tie["parties"]), f"{tie['score']:.0%}") for tie in record["collaborations"]]
    layers: list[tuple[str, tuple[str, ...], Sequence[tuple[Any, ...]]]] = [
        ("Aktörer", ("namn", "roll eller slag", "parti", "företräder"), actors),
        ("Citat", ("talare", "slag", "ord"), quotes),
        ("Mål", ("vem", "slag", "ord"), goals),
        ("Teman", ("tema", "sannolikhet"), themes),
        ("Samverkan", ("parter", "sannolikhet"), ties),
    ]
    return [_table(title, columns, rows) for title, columns, rows in layers if rows]


def _table(title: str, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> Table:
    table = Table(title=f"{title} ({len(rows)})", title_justify="left", box=None, padding=(0, 2, 0, 0))
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(_plain(str(cell or "")) for cell in row))
    return table


def _plain(value: str) -> Text:
    """Make a rich text without reading markup, every control or lone surrogate as one visible mark."""
    safe = (c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in value)
    return Text("".join(safe))
