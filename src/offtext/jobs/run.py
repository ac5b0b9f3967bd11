"""One run over an archive on this machine: work list, pipeline, tables, summary."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from offtext.analysis import Analysis
from offtext.document import Source
from offtext.errors import OfftextError
from offtext.jobs.worklist import files_under, work_of
from offtext.jobs.writer import TableWriter
from offtext.pipeline import BATCH_SIZE, NO_TYPE, Item, Pipeline
from offtext.plot.highlight import to_page


@dataclass
class Summary:
    """What a run did.

    Attributes:
        documents: Analysed documents.
        errors: Path and message of each that could not be.
        counts: Rows a table.
        doc_types: Documents a label.
        warnings: Documents with at least one warning.
        seconds: From the first file to the last table.
        paths: The tables, by name.
    """

    documents: int = 0
    errors: list[tuple[str, str]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    doc_types: Counter[str] = field(default_factory=Counter)
    warnings: int = 0
    seconds: float = 0.0
    paths: dict[str, Path] = field(default_factory=dict)

    def add(self, found: Analysis) -> None:
        """Count one result."""
        if found.error is not None:
            self.errors.append((found.source.path or found.id, found.error))
            return
        self.documents += 1
        self.doc_types[found.doc_type.label] += 1
        self.warnings += bool(found.warnings)
        for layer in ("actors", "quotes", "goals", "theme_sentences", "collaborations"):
            self.counts[layer] += len(getattr(found, layer))


def analyze_archive(
    paths: Sequence[Path],
    output: Path,
    *,
    pipeline: Pipeline,
    format: str = "parquet",
    text: str = "text",
    id: str | None = None,
    html: bool = False,
    progress: Callable[[int, int, Analysis], None] | None = None,
) -> Summary:
    """Analyse files and folders into a folder of tables; a document that fails is a row in `errors`.

    Args:
        paths: Files and folders.
        output: The folder for the tables.
        pipeline: What to analyse with.
        format: 'parquet' or 'jsonl'.
        text: The column of jsonl, csv and parquet files that holds the text.
        id: The column that names their rows.
        html: Also write one page a document, in `output`/html.
        progress: Called after every document with the number of files done, of files in all, and the result.

    Raises:
        UnreadableFile: One of `paths` does not exist; nothing is written then.
        UnknownName: Another format.
    """
    started, summary = time.monotonic(), Summary()
    files = files_under(paths)
    places = {file: number for number, file in enumerate(files, 1)}
    with TableWriter(output, format=format) as writer:
        for file, found in _results(files, pipeline, text, id):
            record = found.to_dict()
            writer.write(record)
            summary.add(found)
            if html:
                _write_page(output / "html", record)
            if progress is not None:
                progress(places[file], len(files), found)
    summary.paths, summary.seconds = writer.paths, time.monotonic() - started
    if html:
        summary.paths["html"] = output / "html"
    return summary


def _write_page(folder: Path, record: Mapping[str, Any]) -> None:
    # The id decides the name, since two folders may hold files of one name; its hash keeps it short and legal.
    stem = "".join(c if c.isalnum() or c in "-_" else "_" for c in Path(record["id"]).name)[:80]
    name = f"{stem}-{hashlib.sha256(record['id'].encode('utf-8', 'surrogatepass')).hexdigest()[:8]}.html"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(to_page(record), encoding="utf-8", errors="replace")


def _results(files: Sequence[Path], pipeline: Pipeline, text: str, id: str | None) -> Iterator[tuple[Path, Analysis]]:
    """Yield results in the order of the work list; items are read one batch ahead of the results."""
    waiting: list[tuple[Path, Any]] = []

    def done() -> Iterator[tuple[Path, Analysis]]:
        items: list[Item] = [item for _, item in waiting if not isinstance(item, OfftextError)]
        found = pipeline.analyze_all(items, batch_size=BATCH_SIZE)
        for file, item in waiting:
            yield file, _failure(file, item) if isinstance(item, OfftextError) else next(found)
        waiting.clear()

    for work in work_of(files, text=text, id=id):
        waiting.append(work)
        if len(waiting) == BATCH_SIZE:
            yield from done()
    yield from done()


def _failure(file: Path, error: OfftextError) -> Analysis:
    return Analysis(id=file.as_posix(), text="", source=Source(path=str(file)), doc_type=NO_TYPE, error=str(error))
