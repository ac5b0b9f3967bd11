"""Arrow batches in, the same batches with the layers as columns out: for engines that hold the texts themselves.

Spark calls it from `mapInArrow`; Ray Data and `datasets` take `offtext.annotate`, which does the same for one batch.
The results are those of `offtext analyze`; shards, resume and a row for each error are then the engine's affair.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyarrow as pa

from offtext.face import annotate
from offtext.pipeline import DEFAULT_MODEL
from offtext.tables import columns_of


def annotate_batches(
    batches: Iterable[pa.RecordBatch], *, text: str = "text", id: str | None = None, model: str | None = DEFAULT_MODEL
) -> Iterator[pa.RecordBatch]:
    """Yield each batch with the columns of `offtext.annotate`; the model is loaded once a process.

    Args:
        batches: Batches with a column of texts.
        text: That column; a missing text is read as empty.
        id: The column with the documents' names.
        model: Name or folder of a model; None works by rules and registers alone.

    Example:
        >>> batch = pa.RecordBatch.from_pydict({"text": ["Karin Ek är rektor."]})
        >>> [annotated] = annotate_batches([batch], model=None)
        >>> annotated.column("actors")[0][0]["name"].as_py()
        'Karin Ek'
        >>> annotated.schema == annotated_schema(batch.schema)
        True
    """
    for batch in batches:
        yield annotate(batch, text=text, id=id, model=model)


def annotated_schema(schema: pa.Schema) -> pa.Schema:
    """Return the schema of what `annotate_batches` yields for batches of this one: for engines that ask beforehand."""
    for name, column in columns_of([]).items():
        schema = schema.append(pa.field(name, column.type))
    return schema
