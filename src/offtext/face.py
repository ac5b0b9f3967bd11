"""The functions most users need; each keeps one pipeline for the settings it is called with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from offtext.analysis import Analysis
from offtext.document import Document
from offtext.pipeline import BATCH_SIZE, DEFAULT_MODEL, Item, Pipeline, default_pipeline
from offtext.tables import columns_of

if TYPE_CHECKING:
    import pyarrow as pa
    from spacy.language import Language

    Batch = TypeVar("Batch", Mapping[str, Sequence[Any]], pa.Table)


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

    Sentences of several documents are encoded side by side, which keeps all cores busy; no result depends on it.

    Example:
        >>> [found.error is None for found in analyze_all(["Hej!", "finns_inte.pdf"], model=None)]
        [True, False]
    """
    return _pipeline(model, layers).analyze_all(items, batch_size=batch_size)


def annotate(batch: Batch, *, text: str = "text", id: str | None = None, model: str | None = DEFAULT_MODEL) -> Batch:
    """Add the layers to a batch of rows: for `Dataset.map(offtext.annotate, batched=True)` of `datasets`.

    With `dataset.with_format("arrow").map(...)` the new columns have their declared types even where the first rows
    have nothing to show; with plain Python batches `datasets` guesses the types from the rows it writes first.

    Args:
        batch: Columns of equal length: a dictionary of lists, or an Arrow table.
        text: The column with the texts; a missing text is read as empty.
        id: The column with the documents' names; without it they are named by their text.
        model: Name or folder of a model; None works by rules and registers alone.

    Returns:
        For a dictionary the new columns, for a table the table with them, one value a row: `doc_type`,
        `doc_type_score`, `title`, `date`, `diary_number`, and for each layer of `offtext.tables.SCHEMAS` (`actors`,
        `mentions`, `quotes` …) a list of its rows.

    Example:
        >>> columns = annotate({"text": ["Karin Ek är rektor."]}, model=None)
        >>> columns["actors"][0][0]["name"]
        'Karin Ek'
    """
    texts, names = _values(batch, text), _values(batch, id) if id else None
    documents = [
        Document.from_text(value or "", id=None if names is None else str(names[n])) for n, value in enumerate(texts)
    ]
    columns = columns_of([found.to_dict() for found in analyze_all(documents, model=model)])
    if isinstance(batch, Mapping):
        return {name: column.to_pylist() for name, column in columns.items()}
    for name, column in columns.items():
        batch = batch.append_column(name, column)
    return batch


def load(model: str | None = DEFAULT_MODEL, *, layers: Collection[str] | None = None) -> Language:
    """Return a Swedish spaCy pipeline with the offtext component.

    `doc._.offtext` is the `Analysis`; `doc.ents` holds PER, ORG and LOC; `doc.spans` holds 'actors' (labelled by kind),
    'quotes', 'goals' and 'theme_sentences' for spaCy's own tools. Spans are widened to whole tokens where a name ends
    inside one; the exact characters are in the analysis.

    Args:
        model: Name or folder of a model; None works by rules and registers alone.
        layers: The layers wanted; all by default.

    Raises:
        MissingExtra: spaCy is not installed.
        UnknownName: There is no such layer.

    Example:
        >>> nlp = load(model=None)
        >>> doc = nlp("Det säger Karin Ek, rektor i Tranås kommun.")
        >>> [(ent.text, ent.label_) for ent in doc.ents]
        [('Karin Ek', 'PER'), ('Tranås kommun', 'ORG')]
    """
    from offtext.language import make_language

    return make_language(model, (layers,) if isinstance(layers, str) else layers)


def _values(batch: Batch, column: str) -> Sequence[Any]:
    values: Any = batch[column]
    found: Sequence[Any] = values.to_pylist() if hasattr(values, "to_pylist") else values
    return found


def _pipeline(model: str | None, layers: Collection[str] | None) -> Pipeline:
    wanted = (layers,) if isinstance(layers, str) else layers
    return default_pipeline(model, None if wanted is None else tuple(wanted))
