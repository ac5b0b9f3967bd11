"""What a run came to, for the command line and for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from offtext.jobs.worklist import Changes

ERRORS_READ = 10


@dataclass
class Summary:
    """What is in the result folder, and what this session added.

    Attributes:
        documents: Analysed documents in the tables.
        duplicates: Documents that point to another with the same content.
        failed: Documents that could not be analysed.
        errors: Id and message of the first of them.
        counts: What was found, by layer.
        doc_types: Documents a label.
        warnings: Documents with at least one warning.
        changes: Documents that are new, changed or vanished since the session before; none in a first one.
        fresh: Documents that this session worked on; the others were done before.
        seconds: How long it took.
        paths: The tables, by name.
    """

    documents: int = 0
    duplicates: int = 0
    failed: int = 0
    errors: list[tuple[str, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    doc_types: Counter[str] = field(default_factory=Counter)
    warnings: int = 0
    changes: Changes = field(default_factory=lambda: Changes(0, 0, 0, {}))
    fresh: int = 0
    seconds: float = 0.0
    paths: dict[str, Path] = field(default_factory=dict)

    def take(self, counts: Mapping[str, Any]) -> None:
        """Take the counts of run.json."""
        self.documents, self.duplicates, self.failed = counts["documents"], counts["duplicates"], counts["failed"]
        self.warnings = counts["with_warnings"]
        self.counts, self.doc_types = Counter(counts["found"]), Counter(counts["doc_types"])


def first_errors(path: Path, wanted: int = ERRORS_READ) -> list[tuple[str, str]]:
    """Return id and message of the first rows of a part of 'errors'."""
    if path.suffix == ".parquet":
        table = pq.read_table(path, columns=["document_id", "message"]).slice(0, wanted)
        return [(row["document_id"], row["message"]) for row in table.to_pylist()]
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line, _ in zip(lines, range(wanted), strict=False)]
    return [(row["document_id"], row["message"]) for row in rows]
