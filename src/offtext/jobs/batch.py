"""A batch of documents in, rows of every table out: the piece of work that any engine hands to its workers.

What comes out of a batch does not depend on which documents are in it, nor on which worker did it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from offtext.analysis import Analysis
from offtext.document import Document
from offtext.errors import OfftextError, UnknownName
from offtext.jobs.pages import page_of
from offtext.jobs.sources import Origin
from offtext.layout import parse
from offtext.tables import SCHEMAS, rows_of, storable

if TYPE_CHECKING:
    from offtext.encoder import States
    from offtext.layout import Layout
    from offtext.pipeline import Pipeline

FORMATS = ("parquet", "jsonl")
LAYERS_COUNTED = ("actors", "quotes", "goals", "theme_sentences", "collaborations")
LINE = pa.schema([("line", pa.binary())])
PAGE = pa.schema([("name", pa.string()), ("page", pa.string())])

Load = Callable[[Origin], Document]
Report = Callable[[int | None, str], None]
"""Called with the position of the document at hand, None for all of the batch, and the stage that begins."""


@dataclass(frozen=True)
class Batch:
    """Documents to analyse side by side: of one shard, with their positions in it."""

    shard: int
    items: tuple[tuple[int, Origin], ...]


class Engine(Protocol):
    """Something that has batches analysed, in any order, on this machine or others."""

    def run(self, batches: Iterator[Batch]) -> Iterator[Rows]:
        """Yield the rows of every document of the batches, each once; take batches as there is room for them."""


@dataclass(frozen=True)
class Note:
    """What the summary counts of a document.

    Attributes:
        doc_type: Its label; None for a failure or a duplicate.
        failed: The stage at which it failed, if it did.
        warned: Whether the analysis has warnings.
        layers: Rows in each of `LAYERS_COUNTED`.
    """

    doc_type: str | None = None
    failed: str | None = None
    warned: bool = False
    layers: tuple[int, ...] = ()


@dataclass(frozen=True)
class Rows:
    """Results of some documents of a shard, as they travel between processes.

    Attributes:
        shard: Which.
        positions: Of the documents in it.
        tables: Rows of all of them, by table, in the order of `positions`.
        counts: By table, how many rows each document has.
        notes: One a document.
        errors: Id and message of those that failed, for whoever watches.
    """

    shard: int
    positions: tuple[int, ...]
    tables: dict[str, pa.Table]
    counts: dict[str, tuple[int, ...]]
    notes: tuple[Note, ...]
    errors: tuple[tuple[str, str], ...] = ()


@dataclass
class Result:
    """Rows of one document by table, as plain Python types."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    note: Note = Note()
    error: tuple[str, str] | None = None


@dataclass(frozen=True)
class Shape:
    """Which tables a run writes.

    Args:
        format: 'parquet': the tables of `offtext.tables.SCHEMAS`; 'jsonl': whole records, errors and duplicates.
        html: Also a page a document.

    Raises:
        UnknownName: Another format.
    """

    format: str = "parquet"
    html: bool = False

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise UnknownName("result format", self.format, FORMATS)

    @property
    def schemas(self) -> dict[str, pa.Schema]:
        """The Arrow schema of each table; 'html' holds the pages, which become files of their own."""
        lines = dict.fromkeys(("analyses", "duplicates", "errors"), LINE)
        return {**(SCHEMAS if self.format == "parquet" else lines), **({"html": PAGE} if self.html else {})}

    def result(self, found: Analysis) -> Result:
        """Return the rows of an analysis."""
        record = found.to_dict()
        layers = tuple(len(record[layer]) for layer in LAYERS_COUNTED)
        result = Result(note=Note(found.doc_type.label, warned=bool(found.warnings), layers=layers))
        if self.format == "parquet":
            result.rows = {name: rows_of(record, name) for name in SCHEMAS}
        else:
            result.rows["analyses"] = [{"line": to_json_line(record)}]
        if self.html:
            result.rows["html"] = [page_of(record)]
        return result

    def failure(self, origin: Origin, stage: str, error: str, message: str) -> Result:
        """Return the one row of a document that could not be analysed."""
        row = {"document_id": origin.id, "path": origin.shown_path, "stage": stage, "error": error, "message": message}
        rows = {"errors": [self._row(row)]}
        return Result(rows, Note(failed=stage), (str(storable(origin.id)), str(storable(message))))

    def duplicate(self, origin: Origin) -> Result:
        """Return the one row of a document whose content was met before."""
        first = origin.duplicate_of
        if self.format == "parquet":
            row = {"id": origin.id, "path": origin.shown_path, "row": origin.row, "duplicate_of": first}
            return Result({"documents": [self._row(row)]})
        row = {"document_id": origin.id, "path": origin.shown_path, "row": origin.row, "duplicate_of": first}
        return Result({"duplicates": [self._row(row)]})

    def pack(self, shard: int, results: Mapping[int, Result]) -> Rows:
        """Return the results of some documents, by position, as Arrow tables."""
        tables, counts = {}, {}
        for name, schema in self.schemas.items():
            of_each = [result.rows.get(name, []) for result in results.values()]
            tables[name] = pa.Table.from_pylist([row for rows in of_each for row in rows], schema=schema)
            counts[name] = tuple(map(len, of_each))
        notes = tuple(result.note for result in results.values())
        errors = tuple(result.error for result in results.values() if result.error is not None)
        return Rows(shard, tuple(results), tables, counts, notes, errors)

    def _row(self, row: dict[str, Any]) -> dict[str, Any]:
        plain: dict[str, Any] = storable(row)
        return plain if self.format == "parquet" else {"line": to_json_line(plain)}


class Analyst:
    """Analyses batches with one pipeline; every worker holds one.

    Args:
        pipeline: What to analyse with.
        load: How an origin becomes a document.
        shape: Which tables to fill.
    """

    def __init__(self, pipeline: Pipeline, load: Load, shape: Shape) -> None:
        self.pipeline, self.load, self.shape = pipeline, load, shape

    def warm_up(self) -> None:
        """Load what is loaded at first use, so that no document pays for it, and a broken model shows at once."""
        document = Document.from_text("Karin Ek, rektor i Tranås kommun, säger att skolan börjar i höst.")
        layout = parse(document.text)
        self.pipeline.analyze_layout(document, layout, self.pipeline.encode([layout])[0])

    def analyze(self, batch: Batch, report: Report = lambda position, stage: None) -> Rows:
        """Return the rows of a batch; a document that fails has a row of 'errors' and harms no other."""
        results: dict[int, Result] = {}
        ready: list[tuple[int, Origin, Document, Layout]] = []
        for position, origin in batch.items:
            stage = "read"
            try:
                report(position, stage)
                document = self.load(origin)
                if document.error is not None:
                    results[position] = self.shape.failure(origin, stage, "UnreadableFile", document.error)
                    continue
                stage = "layout"
                report(position, stage)
                ready.append((position, origin, document, parse(document.text)))
            except Exception as error:  # the promise of a run: a bad document harms itself alone
                results[position] = self._failure(origin, stage, error)
        states = self._states(ready, report)
        for n, (position, origin, document, layout) in enumerate(ready):
            stage = "encode"
            try:
                if states is None:
                    report(position, stage)
                    state = self.pipeline.encode([layout])[0]
                else:
                    state = states[n]
                stage = "layers"
                report(position, stage)
                results[position] = self.shape.result(self.pipeline.analyze_layout(document, layout, state))
            except Exception as error:
                results[position] = self._failure(origin, stage, error)
        return self.shape.pack(batch.shard, results)

    def _states(
        self, ready: Iterable[tuple[int, Origin, Document, Layout]], report: Report
    ) -> Sequence[States | None] | None:
        """Encode the documents side by side; None when that fails, so that each is then encoded alone."""
        layouts = [layout for *_, layout in ready]
        positions = [position for position, *_ in ready]
        if layouts and self.pipeline.encodes:
            report(positions[0] if len(positions) == 1 else None, "encode")
        try:
            return self.pipeline.encode(layouts)
        except Exception:
            return None

    def _failure(self, origin: Origin, stage: str, error: Exception) -> Result:
        message = str(error) if isinstance(error, OfftextError) else f"{type(error).__name__}: {error}"
        return self.shape.failure(origin, stage, type(error).__name__, message)


def to_json_line(record: Mapping[str, Any]) -> bytes:
    r"""Return one line of JSON; half a surrogate pair is escaped, since UTF-8 cannot hold it.

    >>> from offtext.jobs.batch import to_json_line
    >>> to_json_line({"name": "Åsa"}).decode()
    '{"name": "Åsa"}\n'
    """
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
