"""Annotated documents as they lie on disk: `SET.texts.jsonl` beside the stand-off form in `SET.gold.jsonl`.

The training scripts name the sets that they read, and how much a document of each weighs, in one way:

    python -m offtext.train.goals ANNOTATIONS OUT --sets train formal=2 informal=2 mixed=2 public=0

A set of weight 0 is scored like the others in cross-validation, but nothing is learned from it.
`benchmarks/practice.py OUT` writes formal, informal and mixed, `benchmarks/public.py OUT --corpora CORPORA` public.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from offtext.errors import UnknownName

SETS = ("train", "formal", "informal", "mixed", "public")  # doubled weight for our own documents was no better

Row = dict[str, Any]


@dataclass(frozen=True)
class Sample:
    """One annotated document of a set, and how much it weighs when something is fitted."""

    text: str
    gold: Row
    set: str
    source: str = ""
    weight: float = 1.0

    @property
    def group(self) -> str:
        """What near-duplicates share (the same routine for several units): they stay in one fold."""
        return self.text.strip()[:30]


def read_split(folder: Path, split: str) -> list[tuple[Row, Row]]:
    """Return each document's text row ('id', 'text', perhaps 'source') with its annotation, in their order."""
    by_id = {row["id"]: row for row in _rows(folder / f"{split}.texts.jsonl")}
    return [(by_id[gold["id"]], gold) for gold in _rows(folder / f"{split}.gold.jsonl")]


def read_sets(folders: Sequence[Path], weights: Mapping[str, float]) -> list[Sample]:
    """Return the documents of every set that `weights` names, each set from the first folder that has it.

    Raises:
        UnknownName: No folder has a set of that name.
    """
    samples = []
    for name, weight in weights.items():
        folder = next((folder for folder in folders if (folder / f"{name}.gold.jsonl").is_file()), None)
        if folder is None:
            known = sorted({path.name.split(".")[0] for f in folders for path in f.glob("*.gold.jsonl")})
            raise UnknownName("set of annotations", name, known)
        rows = read_split(folder, name)
        samples += [Sample(row["text"], gold, name, row.get("source", ""), weight) for row, gold in rows]
    return samples


@cache
def fold_of(group: str, folds: int = 5) -> int:
    """Return the fold that a group of documents is held out in, whichever others are read."""
    return int(hashlib.sha256(group.encode("utf-8", "surrogatepass")).hexdigest(), 16) % folds


def weighed(words: Sequence[str]) -> dict[str, float]:
    """Return the weight of each set named on a command line.

    >>> weighed(["train", "formal=2"])
    {'train': 1.0, 'formal': 2.0}
    """
    pairs = (word.partition("=") for word in words)
    return {name: float(weight or 1) for name, _, weight in pairs}


def add_sets(parser: argparse.ArgumentParser) -> None:
    """Let a script be told its `folders` and `sets`, for `read_sets(arguments.folders, weighed(arguments.sets))`."""
    parser.add_argument("folders", type=Path, nargs="+", help="where SET.texts.jsonl and SET.gold.jsonl lie")
    parser.add_argument(
        "--sets", nargs="+", default=SETS, metavar="SET[=WEIGHT]", help="sets to learn from (%(default)s)"
    )


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as lines:  # not splitlines(), which cuts at signs that a text may hold
        return [json.loads(line) for line in lines]
