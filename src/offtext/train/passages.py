"""Our own passages whose every sentence is labelled with its themes: wordings that the annotated documents lack.

A file is readable as it is: `## letter` begins a passage, a line is `themes | sentence`, `-` stands for no theme.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from offtext.errors import UnknownName
from offtext.labels import THEMES


@dataclass(frozen=True)
class Passage:
    """A text of one sentence a paragraph, and its sentences that carry themes: `start`, `end`, `labels`."""

    kind: str
    text: str
    sentences: tuple[dict[str, Any], ...]


def read_passages(path: Path) -> list[Passage]:
    """Return the passages of a file, none when there is no such file.

    Raises:
        UnknownName: A line names a theme that does not exist.
    """
    if not path.is_file():
        return []
    blocks = path.read_text(encoding="utf-8").split("\n## ")[1:]
    return [_passage(*block.strip().split("\n")) for block in blocks]


def _passage(kind: str, *lines: str) -> Passage:
    text, sentences = "", []
    for line in lines:
        themes, sentence = line.split(" | ", 1)
        labels = themes.replace("-", "").split()
        for label in labels:
            if label not in THEMES:
                raise UnknownName("theme", label, THEMES)
        if labels:
            sentences.append({"start": len(text), "end": len(text) + len(sentence), "labels": labels})
        text += sentence + "\n\n"
    return Passage(kind, text, tuple(sentences))
