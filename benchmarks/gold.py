"""Annotated documents as the library's own records, to score and to develop one layer with the others given.

A folder of annotations holds `SPLIT.texts.jsonl` ({"id", "text"}) and `SPLIT.gold.jsonl` (the stand-off form of
docs/guidelines.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from offtext.document import Span
from offtext.record import Actor, Quote
from offtext.train.annotated import read_split


@dataclass(frozen=True)
class Annotated:
    """A text with its gold annotation as written in the file, and where it came from."""

    id: str
    text: str
    gold: dict[str, Any]
    source: str

    def actors(self) -> tuple[Actor, ...]:
        """Return the annotated actors as records."""
        built: dict[str, Actor] = {}
        for a in sorted(self.gold["actors"], key=lambda a: a["affiliation"] is not None):
            spans = tuple(Span(m["start"], m["end"]) for m in a["mentions"])
            built[a["id"]] = Actor(
                a["id"], a["name"], a["kind"], spans, a["org_type"], a["role"], a["party"], built.get(a["affiliation"])
            )
        return tuple(built[a["id"]] for a in self.gold["actors"])

    def quotes(self) -> tuple[Quote, ...]:
        """Return the annotated quotes as records."""
        actors = {a.id: a for a in self.actors()}
        return tuple(
            Quote(f"q{n}", q["kind"], spans, " ".join(s.of(self.text) for s in spans), actors.get(q["speaker"] or ""))
            for n, q in enumerate(self.gold["quotes"], 1)
            if (spans := tuple(Span(s["start"], s["end"]) for s in q["spans"]))
        )


def load(folder: Path, split: str) -> list[Annotated]:
    """Return the annotated documents of one split, in the file's order."""
    rows = read_split(folder, split)
    return [Annotated(gold["id"], row["text"], gold, str(row.get("source", ""))) for row, gold in rows]
