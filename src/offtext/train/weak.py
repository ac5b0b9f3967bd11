"""Documents whose type is known from where they were published: weak labels for the document type.

`corpora/doctypes/sources.toml` says which files, which part of them, and how far their label is to be believed.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from offtext.errors import UnknownName
from offtext.labels import DOC_TYPES

LONGEST = 2_500


@dataclass(frozen=True)
class Typed:
    """A text with its document type, how much it weighs in training, and its publisher."""

    text: str
    label: str
    weight: float
    publisher: str


def weak_documents(table: Path, corpora: Path, held_out: set[str], seed: int) -> Iterator[Typed]:
    """Yield the documents that `table` names from the files under `corpora`.

    Args:
        table: A TOML file with `[[sources]]`: file, label, most, weight, and `id`, a pattern for the documents' ids.
        corpora: Folder of the files; one that is missing is passed over.
        held_out: Beginnings (`beginning`) of texts that must not be used: the annotated ones.
        seed: Of the draw when a file holds more than `most`.
    """
    for source in tomllib.loads(table.read_text(encoding="utf-8"))["sources"]:
        if source["label"] not in DOC_TYPES:
            raise UnknownName("document type", source["label"], DOC_TYPES)
        file = corpora / source["file"]
        if not file.is_file():
            continue
        wanted = re.compile(source.get("id", ""), re.IGNORECASE)
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            rows = [row for row in map(json.loads, lines) if len(row["text"]) > 250 and wanted.search(row["id"])]
        texts = [row["text"] for row in rows if beginning(row["text"]) not in held_out]
        random.Random(seed).shuffle(texts)
        publisher = file.parent.name if file.parent.name == "regeringen" else file.name.split(".")[0]
        for text in texts[: source["most"]]:
            yield Typed(text[:LONGEST], source["label"], float(source["weight"]), publisher)


def own_documents(folder: Path) -> Iterator[Typed]:
    """Yield our own texts: `folder/LABEL/*.md`, one document a file."""
    for file in sorted(folder.glob("*/*.md")):
        if file.parent.name not in DOC_TYPES:
            raise UnknownName("document type", file.parent.name, DOC_TYPES)
        yield Typed(file.read_text(encoding="utf-8"), file.parent.name, 2.0, "own")


def beginning(text: str) -> str:
    """Return what two copies of a document share even when one is cut."""
    return " ".join(text[:400].split())[:200]
