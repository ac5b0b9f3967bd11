"""Annotations written with verbatim spans, turned into character offsets.

A person who annotates copies words out of the text (`"korta vårdköerna"`, or `{"text": "Ulvsjö", "n": 3}` for the third
place where they stand); programs want `{"start", "end"}`. The rules are those of docs/guidelines.md, "File format":

- white space in a span stands for any white space in the text, line breaks too;
- a mention given as a plain string is every whole-word occurrence of it, a genitive -s after it allowed;
- a mention inside a longer mention, of any actor, is dropped;
- every other span is its first occurrence, or its n-th.

>>> note = {"id": "x", "doc_type": "news", "actors": [{"id": "a1", "name": "Ulvsjö", "kind": "organisation",
...         "mentions": ["Ulvsjö"]}]}
>>> standoff("Ulvsjö frågar; Ulvsjös nej består.", note)["actors"][0]["mentions"]
[{'start': 0, 'end': 6}, {'start': 15, 'end': 21}]
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from offtext.document import Span

Written = str | dict[str, Any]
Offsets = dict[str, int]


class NotInText(ValueError):
    """An annotation names words, or an actor, that the document does not have."""


def standoff(text: str, note: dict[str, Any]) -> dict[str, Any]:
    """Return the annotation of one document with every span as character offsets into `text`.

    Raises:
        NotInText: A span does not occur in the text, or an id names no actor of the annotation.
    """
    return _Resolver(text, note).resolved()


def read_annotations(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the annotations of a JSON Lines file, in its order."""
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


class _Resolver:
    def __init__(self, text: str, note: dict[str, Any]) -> None:
        self.text = text
        self.note = note
        self.ids = {actor["id"] for actor in note.get("actors", [])}

    def resolved(self) -> dict[str, Any]:
        note = self.note
        return {
            "id": note["id"],
            "doc_type": note["doc_type"],
            "meta": note.get("meta", {}),
            "themes": note.get("themes", {}),
            "actors": self._actors(),
            "quotes": [self._quote(quote) for quote in note.get("quotes", [])],
            "goals": [self._goal(goal) for goal in note.get("goals", [])],
            "theme_sentences": [
                {**self._span(sentence["span"], "theme sentence"), "labels": sentence["labels"]}
                for sentence in note.get("theme_sentences", [])
            ],
            "collaborations": [self._tie(tie) for tie in note.get("collaborations", [])],
        }

    def _actors(self) -> list[dict[str, Any]]:
        actors = self.note.get("actors", [])
        found = [{span for written in a.get("mentions", []) for span in self._mentions(written)} for a in actors]
        every = sorted(set().union(*found), key=lambda span: (span.start, -span.end))
        outermost: set[Span] = set()
        reach = -1
        for span in every:
            if span.end > reach:
                outermost.add(span)
                reach = span.end
        kept = ("id", "name", "kind", "org_type", "role", "party", "affiliation")
        return [
            {
                **{key: actor.get(key) for key in kept},
                "affiliation": self._actor(actor.get("affiliation")),
                "mentions": [_offsets(span) for span in sorted(spans & outermost)],
            }
            for actor, spans in zip(actors, found, strict=True)
        ]

    def _mentions(self, written: Written) -> list[Span]:
        if not isinstance(written, str) and "n" in written:
            return [self._locate(written, "mention")]
        words = written if isinstance(written, str) else written["text"]
        pattern = rf"(?<!\w){_any_space(words)}(?=s?(?!\w))"
        spans = [Span(match.start(), match.end()) for match in re.finditer(pattern, self.text)]
        if not spans:
            raise self._missing(words, "mention")
        return spans

    def _quote(self, quote: dict[str, Any]) -> dict[str, Any]:
        return {
            "kind": quote["kind"],
            "spans": [self._span(written, "quote") for written in quote["spans"]],
            "speaker": self._actor(quote.get("speaker")),
            "cue": quote.get("cue"),
            "question": self._optional(quote.get("question"), "question"),
        }

    def _goal(self, goal: dict[str, Any]) -> dict[str, Any]:
        return {
            "kind": goal["kind"],
            **self._span(goal["span"], "goal"),
            "holder": self._actor(goal.get("holder")),
            "beneficiary": self._optional(goal.get("beneficiary"), "beneficiary"),
            "deadline": self._optional(goal.get("deadline"), "deadline"),
        }

    def _tie(self, tie: dict[str, Any]) -> dict[str, Any]:
        return {
            "parties": [self._actor(party) for party in tie["parties"]],
            "evidence": self._optional(tie.get("evidence"), "evidence"),
            "topic": self._optional(tie.get("topic"), "topic"),
        }

    def _actor(self, id: str | None) -> str | None:
        if id is not None and id not in self.ids:
            raise NotInText(f"{self.note['id']}: no actor has the id {id!r}")
        return id

    def _optional(self, written: Written | None, what: str) -> Offsets | None:
        return self._span(written, what) if written else None

    def _span(self, written: Written, what: str) -> Offsets:
        return _offsets(self._locate(written, what))

    def _locate(self, written: Written, what: str) -> Span:
        words, wanted = (written, 1) if isinstance(written, str) else (written["text"], int(written.get("n", 1)))
        matches = re.finditer(_any_space(words), self.text)
        for count, match in enumerate(matches, 1):
            if count == wanted:
                return Span(match.start(), match.end())
        raise self._missing(f"{words} ({wanted})" if wanted > 1 else words, what)

    def _missing(self, words: str, what: str) -> NotInText:
        return NotInText(f"{self.note['id']}: {what} is not in the text: {words!r}")


def _any_space(words: str) -> str:
    if not words.strip():
        raise NotInText("an empty span")
    return r"\s+".join(map(re.escape, words.split()))


def _offsets(span: Span) -> Offsets:
    return {"start": span.start, "end": span.end}
