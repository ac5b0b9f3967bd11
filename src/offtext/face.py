"""The three functions most users need; each keeps one pipeline for the settings it is called with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from offtext.analysis import Analysis
from offtext.document import Document
from offtext.pipeline import BATCH_SIZE, DEFAULT_MODEL, Item, Pipeline, default_pipeline
from offtext.tables import SCHEMAS, rows_of


def analyze(item: Item, *, model: str | None = DEFAULT_MODEL, layers: Collection[str] | None = None) -> Analysis:
    """Tell what a document is, who acts and speaks in it, what they want, and how they work together.

    Args:
        item: A path, a `Document`, or the text itself. A string is a path when it names an existing file, or has a
            known suffix and no blank; say `Document.from_text(...)` or `Path(...)` to leave no doubt.
        model: Name or folder of a model; None works by rules and registers alone.
        layers: The layers wanted (`offtext.pipeline.LAYERS`); all by default.

    Raises:
        InputError: The file cannot be read. A text never raises: what is odd is in `Analysis.warnings`.
        ModelError: The model is missing, incomplete or altered.

    Example:
        >>> found = analyze("Enligt Karin Ek, rektor, börjar skolan i höst.", model=None)
        >>> [(quote.kind, quote.text, quote.speaker.name) for quote in found.quotes]
        [('indirect', 'börjar skolan i höst', 'Karin Ek')]
    """
    return _pipeline(model, layers).analyze(item)


def analyze_all(
    items: Iterable[Item],
    *,
    model: str | None = DEFAULT_MODEL,
    layers: Collection[str] | None = None,
    batch_size: int = BATCH_SIZE,
) -> Iterator[Analysis]:
    """Analyse many documents lazily and in order; a failure is an analysis with `error` set, never an exception.

    Documents share encoder batches, which is two to three times as fast as one by one and gives the same results.

    Example:
        >>> [found.error is None for found in analyze_all(["Hej!", "finns_inte.pdf"], model=None)]
        [True, False]
    """
    return _pipeline(model, layers).analyze_all(items, batch_size=batch_size)


def annotate(
    batch: Mapping[str, Sequence[Any]], *, text: str = "text", id: str | None = None, model: str | None = DEFAULT_MODEL
) -> dict[str, Any]:
    """Add the layers to a batch of rows: for `datasets.Dataset.map(offtext.annotate, batched=True)`.

    Args:
        batch: Columns of equal length, as `datasets` gives them with `batched=True`.
        text: The column with the texts; a missing text (None) is read as empty.
        id: The column with the documents' names; without it they are named by their text.
        model: Name or folder of a model; None works by rules and registers alone.

    Returns:
        New columns of declared Arrow types, one value a row: `doc_type`, `doc_type_score`, `title`, `date`,
        `diary_number`, and per table of `offtext.tables.SCHEMAS` (`actors`, `mentions`, `quotes` …) a list of its rows.

    Example:
        >>> columns = annotate({"text": ["Karin Ek är rektor."]}, model=None)
        >>> columns["actors"].to_pylist()[0][0]["name"]
        'Karin Ek'
    """
    import pyarrow as pa

    names = batch[id] if id else [None] * len(batch[text])
    documents = [
        Document.from_text(value or "", id=None if name is None else str(name))
        for value, name in zip(batch[text], names, strict=True)
    ]
    records = [found.to_dict() for found in analyze_all(documents, model=model)]
    columns: dict[str, Any] = {}
    heads = [next(iter(rows_of(record, "documents")), {}) for record in records]
    for field in ("doc_type", "doc_type_score", "title", "date", "diary_number"):
        columns[field] = pa.array([head.get(field) for head in heads], SCHEMAS["documents"].field(field).type)
    for table, schema in SCHEMAS.items():
        if table != "documents":
            kind = pa.list_(pa.struct([field for field in schema if field.name != "document_id"]))
            columns[table] = pa.array([rows_of(record, table) for record in records], kind)
    return columns


def _pipeline(model: str | None, layers: Collection[str] | None) -> Pipeline:
    wanted = (layers,) if isinstance(layers, str) else layers
    return default_pipeline(model, None if wanted is None else tuple(wanted))
