"""Texts to learn from, whatever they came as: labelled spans, sentences and documents in one form.

Every source says which tasks it is annotated for; the loss passes over the others, so that a named-entity corpus does
not teach that its sentences speak of no theme.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from offtext.document import Span
from offtext.errors import UnreadableFile
from offtext.layout import parse
from offtext.train.weak import Typed

# How many of a corpus of single sentences are read together, in turn: users give one sentence as well as many.
SENTENCES_TOGETHER = (12, 3, 8, 1)
PLAIN_LABELS = {"entities": {"PER": "PER", "ORG": "ORG", "LOC": "LOC"}}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A span with its label."""

    start: int
    end: int
    label: str


@dataclass(frozen=True)
class Example:
    """One text with what is known of it.

    Attributes:
        id: Its name, with the source in front.
        text: The text.
        sentences: Spans to read, in order.
        spans: Per task of form 'spans' or 'tokens' the labelled spans; a task that is missing is not annotated.
        themes: Labels per sentence (index into `sentences`); None when not annotated.
        doc_type: The label; None when not annotated.
        weight: How much it counts: under 1 for labels that nobody read.
        folded: Whether it is dealt into folds, so that a network that did not see it may speak of it.
    """

    id: str
    text: str
    sentences: tuple[Span, ...]
    spans: Mapping[str, tuple[Labelled, ...]] = field(default_factory=dict)
    themes: Mapping[int, tuple[str, ...]] | None = None
    doc_type: str | None = None
    weight: float = 1.0
    folded: bool = False


def annotated(texts: Path, gold: Path) -> Iterator[Example]:
    """Yield documents annotated for every task, from a file of texts and one of stand-off annotations."""
    texts_by_id = {row["id"]: row["text"] for row in _json_lines(texts)}
    for note in _json_lines(gold):
        text = texts_by_id[note["id"]]
        layout = parse(text)
        sentences = tuple(Span(s.start, s.end) for s in layout.sentences)
        yield Example(
            note["id"],
            text,
            sentences,
            _spans_of(note, text),
            _themes_of(note, sentences),
            doc_type=note["doc_type"],
            folded=True,
        )


def _spans_of(note: Mapping[str, Any], text: str) -> dict[str, tuple[Labelled, ...]]:
    mentions = [(a, m) for a in note["actors"] for m in a["mentions"]]
    goals = note["goals"]
    found: dict[str, list[Labelled]] = {
        "actors": [Labelled(m["start"], m["end"], a["kind"]) for a, m in mentions],
        "org_type": [Labelled(m["start"], m["end"], a["org_type"]) for a, m in mentions if a["org_type"]],
        "roles": [role for a in note["actors"] if (role := _role_span(a, text))],
        "quotes": [Labelled(s["start"], s["end"], q["kind"]) for q in note["quotes"] for s in q["spans"]],
        "goals": [Labelled(g["start"], g["end"], "goal") for g in goals],
        "goal_kind": [Labelled(g["start"], g["end"], g["kind"]) for g in goals],
        "goal_parts": [
            Labelled(g[part]["start"], g[part]["end"], part)
            for g in goals
            for part in ("beneficiary", "deadline")
            if g[part]
        ],
    }
    return {task: tuple(sorted(spans, key=lambda s: (s.start, -s.end))) for task, spans in found.items()}


def _role_span(actor: Mapping[str, Any], text: str) -> Labelled | None:
    """Find the words of a role next to the first mention of its person; roles are annotated without a place."""
    if not actor["role"] or not actor["mentions"]:
        return None
    pattern = r"\s+".join(map(re.escape, actor["role"].split()))
    at = actor["mentions"][0]["start"]
    places = [m.span() for m in re.finditer(pattern, text, re.IGNORECASE)]
    near = min(places, key=lambda place: abs(place[0] - at), default=None)
    return None if near is None else Labelled(*near, "role")


def _themes_of(note: Mapping[str, Any], sentences: tuple[Span, ...]) -> dict[int, tuple[str, ...]]:
    """Give the annotated labels to the sentences that share most of the annotated span."""
    out: dict[int, set[str]] = {}
    for labelled in note["theme_sentences"]:
        for n, s in enumerate(sentences):
            shared = min(s.end, labelled["end"]) - max(s.start, labelled["start"])
            if shared > 0 and shared >= 0.5 * min(s.end - s.start, labelled["end"] - labelled["start"]):
                out.setdefault(n, set()).update(labelled["labels"])
    return {n: tuple(sorted(labels)) for n, labels in out.items()}


def typed(documents: Iterable[Typed]) -> Iterator[Example]:
    """Yield documents of which the type alone is known."""
    for number, document in enumerate(documents):
        layout = parse(document.text)
        sentences = tuple(Span(s.start, s.end) for s in layout.sentences)
        name = f"{document.publisher}/{number}"
        yield Example(name, document.text, sentences, doc_type=document.label, weight=document.weight, folded=True)


def iob(
    path: Path,
    *,
    source: str,
    token: int = 0,
    tag: int = 1,
    labels: Mapping[str, Mapping[str, str]] = PLAIN_LABELS,
) -> Iterator[Example]:
    """Yield a named-entity corpus of one token a line, several sentences together.

    Args:
        path: Lines of columns parted by tabs, an empty line after each sentence, `#` lines passed over; may be gzip.
        source: Put in front of the ids.
        token: Column of the token.
        tag: Column of the tag: 'O' or '0' outside, else a label with or without 'B-' and 'I-'.
        labels: A task, and the corpus' labels as labels of that task; those left out are outside. By default PER, ORG
            and LOC as they are for the task 'entities'.
    """
    sentences = _sentences(path, token, tag)
    for number, size in enumerate(cycle(SENTENCES_TOGETHER)):
        together = list(islice(sentences, size))
        if not together:
            return
        yield _joined(f"{source}/{number}", together, labels)


def _sentences(path: Path, token: int, tag: int) -> Iterator[list[tuple[str, str]]]:
    rows: list[tuple[str, str]] = []
    for line in _lines(path):
        if line.startswith("#"):
            continue
        if line.strip():
            cells = line.split("\t")
            rows.append((cells[token].strip(), cells[tag].strip() if len(cells) > tag else "O"))
        elif rows:
            yield rows
            rows = []
    if rows:
        yield rows


def _joined(id: str, sentences: list[list[tuple[str, str]]], labels: Mapping[str, Mapping[str, str]]) -> Example:
    text = ""
    bounds: list[Span] = []
    named: list[Labelled] = []  # with the corpus' own labels
    for rows in sentences:
        start, previous = len(text), "O"
        for n, (word, tag) in enumerate(rows):
            text += word if n == 0 or word in ".,:;!?)" or rows[n - 1][0] in "(" else f" {word}"
            label = tag.removeprefix("B-").removeprefix("I-")
            if label not in ("O", "0"):
                if label == previous and not tag.startswith("B-"):
                    named[-1] = Labelled(named[-1].start, len(text), label)
                else:
                    named.append(Labelled(len(text) - len(word), len(text), label))
            previous = label
        bounds.append(Span(start, len(text)))
        text += "\n"
    spans = {
        task: tuple(Labelled(s.start, s.end, ours[s.label]) for s in named if s.label in ours)
        for task, ours in labels.items()
    }
    return Example(id, text, tuple(bounds), spans)


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in _lines(path) if line.strip())


def _lines(path: Path) -> Iterable[str]:
    if not path.exists():
        raise UnreadableFile(path, "there is no such training file", "Check the paths in the recipe.")
    if path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from (line.rstrip("\n") for line in lines)
    else:
        with path.open(encoding="utf-8") as lines:
            yield from (line.rstrip("\n") for line in lines)
