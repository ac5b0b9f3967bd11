"""One document as a picture: its text with the layers marked, as HTML.

Works on the plain record (`Analysis.to_dict`), so that results read back from disk are drawn alike. Everything that
comes from a document is escaped; the page needs no network and runs no script.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from itertools import pairwise
from typing import Any

from offtext.labels import name_of

Record = Mapping[str, Any]

THEME_SHOWN_FROM = 0.5  # below even odds a theme is not worth a bar


@dataclass(frozen=True)
class Mark:
    """A span to mark: its characters, the CSS classes of its layer, what to say on hovering, a label after it."""

    start: int
    end: int
    classes: str
    title: str
    chips: tuple[str, ...] = field(default=())


def to_html(record: Record) -> str:
    """Return the document as an HTML fragment with its own style: what a notebook shows."""
    if record["error"] is not None:
        return f'<div class="offtext"><p class="error">{escape(record["error"])}</p></div>'
    parts = (_head(record), _legend(), _text(record), _actors(record))
    return f'<style>{_style()}</style><div class="offtext" lang="sv">{"".join(parts)}</div>'


def to_page(record: Record) -> str:
    """Return the document as a complete HTML page."""
    title = escape(record["meta"]["title"] or record["id"])
    return (
        '<!doctype html><html lang="sv"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title></head><body>{to_html(record)}</body></html>"
    )


def marks_of(record: Record) -> list[Mark]:
    """Return every span of the record that the picture marks."""
    names = {actor["id"]: actor["name"] for actor in record["actors"]}
    marks = [
        Mark(m["start"], m["end"], f"mention {a['kind']}", _actor_title(a))
        for a in record["actors"]
        for m in a["mentions"]
    ]
    for quote in record["quotes"]:
        said = f"{name_of(quote['kind'])} citat: {names.get(quote['speaker'], 'okänd talare')}"
        marks += [Mark(s["start"], s["end"], f"quote {quote['kind']}", said) for s in quote["spans"]]
    for goal in record["goals"]:
        whose = f": {names[goal['holder']]}" if goal["holder"] else ""
        marks.append(Mark(goal["start"], goal["end"], "goal", f"{name_of(goal['kind'])}{whose}"))
    for sentence in record["theme_sentences"]:
        chips = tuple(name_of(label) for label in sentence["labels"])
        marks.append(Mark(sentence["start"], sentence["end"], "sentence", ", ".join(chips), chips))
    return marks


def segments(text: str, marks: Iterable[Mark]) -> Iterator[tuple[str, list[Mark], list[Mark]]]:
    """Cut a text where a mark begins or ends.

    Marks of different layers may cross each other, which HTML elements cannot; so each piece carries all its marks.

    Yields:
        A piece of text, the marks that cover it, and those that end with it.
    """
    starts: dict[int, list[Mark]] = {}
    ends: dict[int, list[Mark]] = {}
    for mark in marks:
        starts.setdefault(mark.start, []).append(mark)
        ends.setdefault(mark.end, []).append(mark)
    cuts = sorted({0, len(text), *starts, *ends})
    open_marks: list[Mark] = []
    for start, end in pairwise(cuts):
        open_marks = [mark for mark in open_marks if mark.end > start] + starts.get(start, [])
        yield text[start:end], list(open_marks), ends.get(end, [])


def _text(record: Record) -> str:
    out = []
    for piece, covering, ending in segments(record["text"], marks_of(record)):
        shown = escape(piece)
        if covering:
            classes = " ".join(dict.fromkeys(mark.classes for mark in covering))
            title = escape(" · ".join(dict.fromkeys(mark.title for mark in covering)), quote=True)
            shown = f'<span class="{classes}" title="{title}">{shown}</span>'
        chips = "".join(f"<i>{escape(chip)}</i>" for mark in ending for chip in mark.chips)
        out.append(shown + (f'<span class="chips">{chips}</span>' if chips else ""))
    return f'<div class="text">{"".join(out)}</div>'


def _head(record: Record) -> str:
    meta, doc_type = record["meta"], record["doc_type"]
    names = {actor["id"]: actor["name"] for actor in record["actors"]}
    facts = [(name_of(doc_type["label"]), f"{doc_type['score']:.0%}")]
    facts += [(label, meta[key]) for key, label in (("date", "datum"), ("diary_number", "diarienummer")) if meta[key]]
    for key, label in (("sender", "avsändare"), ("recipient", "mottagare"), ("signatory", "undertecknare")):
        if meta[key]:
            facts.append((label, ", ".join(names[id] for id in meta[key])))
    shown = "".join(f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>" for label, value in facts)
    ranked = sorted(record["themes"].items(), key=lambda theme: -theme[1])
    bars = "".join(
        f'<li><b style="width:{score:.0%}"></b><span>{escape(name_of(theme))} {score:.0%}</span></li>'
        for theme, score in ranked
        if score >= THEME_SHOWN_FROM
    )
    warnings = "".join(f'<p class="warning">{escape(warning)}</p>' for warning in record["warnings"])
    title = escape(meta["title"] or record["id"])
    return f'<header><h2>{title}</h2><dl>{shown}</dl><ul class="themes">{bars}</ul>{warnings}</header>'


def _legend() -> str:
    kinds = [
        ("mention person", "person"),
        ("mention organisation", "organisation"),
        ("quote direct", "direkt citat"),
        ("quote indirect", "indirekt citat"),
        ("goal", "mål"),
    ]
    return '<p class="legend">' + " ".join(f'<span class="{css}">{label}</span>' for css, label in kinds) + "</p>"


def _actors(record: Record) -> str:
    if not record["actors"]:
        return ""
    names = {actor["id"]: actor["name"] for actor in record["actors"]}
    rows = "".join(
        "<tr>"
        + "".join(
            f"<td>{escape(str(cell))}</td>"
            for cell in (
                actor["name"],
                name_of(actor["org_type"]) if actor["org_type"] else actor["role"] or "",
                actor["party"] or "",
                names.get(actor["affiliation"], ""),
                len(actor["mentions"]),
            )
        )
        + "</tr>"
        for actor in record["actors"]
    )
    head = "".join(f"<th>{label}</th>" for label in ("aktör", "roll eller slag", "parti", "företräder", "gånger"))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _actor_title(actor: Record) -> str:
    about = name_of(actor["org_type"]) if actor["org_type"] else actor["role"]
    return f"{actor['name']}, {about}" if about else str(actor["name"])


def _style() -> str:
    return (files("offtext.plot") / "highlight.css").read_text(encoding="utf-8")
