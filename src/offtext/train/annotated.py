"""Annotated documents as they lie on disk: `SPLIT.texts.jsonl` beside the stand-off form in `SPLIT.gold.jsonl`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def read_split(folder: Path, split: str) -> list[tuple[Row, Row]]:
    """Return each document's text row ('id', 'text', perhaps 'source') with its annotation, in their order."""
    by_id = {row["id"]: row for row in _rows(folder / f"{split}.texts.jsonl")}
    return [(by_id[gold["id"]], gold) for gold in _rows(folder / f"{split}.gold.jsonl")]


def _rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as lines:  # not splitlines(), which cuts at signs that a text may hold
        return [json.loads(line) for line in lines]
