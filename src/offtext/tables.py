"""Records as tables: one Arrow schema a table, declared once; keys join them.

`documents.id` joins every `document_id`; (`document_id`, `id`) of `actors` joins `mentions.actor`, `quotes.speaker`,
`goals.holder` and the items of `collaborations.parties`. `documents.duplicate_of` is filled by archive jobs alone: the
id of an earlier document with the same content, which was analysed in its place. So are `errors.stage` ('list', 'read',
'layout', 'encode', 'layers') and `errors.error`, the kind of failure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from offtext.errors import MissingExtra, UnknownName

if TYPE_CHECKING:
    import pandas

Record = Mapping[str, Any]
Row = dict[str, Any]

_TEXT, _WHOLE, _SHARE = pa.string(), pa.int64(), pa.float64()
_TEXTS = pa.list_(_TEXT)
_SPAN = [("start", _WHOLE), ("end", _WHOLE), ("text", _TEXT)]

SCHEMAS: dict[str, pa.Schema] = {
    name: pa.schema(columns)
    for name, columns in {
        "documents": [
            ("id", _TEXT),
            ("path", _TEXT),
            ("format", _TEXT),
            ("row", _WHOLE),
            ("sha256", _TEXT),
            ("characters", _WHOLE),
            ("doc_type", _TEXT),
            ("doc_type_score", _SHARE),
            ("title", _TEXT),
            ("date", _TEXT),
            ("diary_number", _TEXT),
            ("sender", _TEXTS),
            ("recipient", _TEXTS),
            ("signatory", _TEXTS),
            ("warnings", _TEXTS),
            ("model", _TEXT),
            ("model_version", _TEXT),
            ("duplicate_of", _TEXT),
        ],
        "actors": [
            ("document_id", _TEXT),
            ("id", _TEXT),
            ("name", _TEXT),
            ("kind", _TEXT),
            ("org_type", _TEXT),
            ("role", _TEXT),
            ("party", _TEXT),
            ("affiliation", _TEXT),
            ("register_scheme", _TEXT),
            ("register_code", _TEXT),
            ("mentions", _WHOLE),
            ("score", _SHARE),
        ],
        "mentions": [("document_id", _TEXT), ("actor", _TEXT), *_SPAN],
        "entities": [("document_id", _TEXT), ("label", _TEXT), *_SPAN, ("score", _SHARE)],
        "quotes": [
            ("document_id", _TEXT),
            ("id", _TEXT),
            ("kind", _TEXT),
            *_SPAN,
            ("spans", pa.list_(pa.struct([("start", _WHOLE), ("end", _WHOLE)]))),
            ("speaker", _TEXT),
            ("speaker_name", _TEXT),
            ("cue", _TEXT),
            ("question", _TEXT),
            ("score", _SHARE),
        ],
        "goals": [
            ("document_id", _TEXT),
            ("id", _TEXT),
            ("kind", _TEXT),
            *_SPAN,
            ("holder", _TEXT),
            ("holder_name", _TEXT),
            ("beneficiary", _TEXT),
            ("deadline", _TEXT),
            ("score", _SHARE),
        ],
        "themes": [("document_id", _TEXT), ("theme", _TEXT), ("score", _SHARE)],
        "theme_sentences": [("document_id", _TEXT), ("theme", _TEXT), *_SPAN, ("score", _SHARE)],
        "collaborations": [
            ("document_id", _TEXT),
            ("parties", _TEXTS),
            ("party_names", _TEXTS),
            *_SPAN,
            ("topic", _TEXT),
            ("score", _SHARE),
        ],
        "errors": [
            ("document_id", _TEXT),
            ("path", _TEXT),
            ("stage", _TEXT),
            ("error", _TEXT),
            ("message", _TEXT),
        ],
    }.items()
}


def rows_of(record: Record, table: str) -> list[Row]:
    """Return one record's rows of a table, as plain Python types.

    Args:
        record: What `Analysis.to_dict` returns, with its text.
        table: One of `SCHEMAS`.

    Raises:
        UnknownName: There is no such table.
    """
    if table not in SCHEMAS:
        raise UnknownName("table", table, SCHEMAS)
    if record["error"] is not None and table != "errors":
        return []
    rows = [storable(row) for row in _ROWS[table](record)]
    return rows if table == "documents" else [{"document_id": record["id"], **row} for row in rows]


def table_of(records: Iterable[Record], table: str) -> pa.Table:
    """Return one Arrow table of many records; an error is a row of 'errors' and nowhere else.

    Raises:
        UnknownName: There is no such table.
    """
    rows = [row for record in records for row in rows_of(record, table)]
    if table not in SCHEMAS:  # no record asked for it
        raise UnknownName("table", table, SCHEMAS)
    return pa.Table.from_pylist(rows, schema=SCHEMAS[table])


def columns_of(records: Iterable[Record]) -> dict[str, pa.Array]:
    """Return columns with one value a record: the document's own fields, and each table as a list of its rows."""
    records = list(records)
    heads = [next(iter(rows_of(record, "documents")), {}) for record in records]
    own = ("doc_type", "doc_type_score", "title", "date", "diary_number")
    columns = {
        name: pa.array([head.get(name) for head in heads], SCHEMAS["documents"].field(name).type) for name in own
    }
    for table, schema in SCHEMAS.items():
        if table != "documents":
            kind = pa.list_(pa.struct([field for field in schema if field.name != "document_id"]))
            columns[table] = pa.array([rows_of(record, table) for record in records], kind)
    return columns


def frame_of(records: Iterable[Record], table: str) -> pandas.DataFrame:
    """Return one pandas data frame of many records.

    Raises:
        UnknownName: There is no such table.
        MissingExtra: pandas is not installed.
    """
    try:
        frame: pandas.DataFrame = table_of(records, table).to_pandas()
    except ImportError as error:  # pyarrow asks for pandas
        raise MissingExtra("pandas", "pandas", "a data frame") from error
    return frame


def _documents(record: Record) -> list[Row]:
    source, doc_type, model = record["source"], record["doc_type"], record["model"]
    row = {
        "id": record["id"],
        **source,
        "characters": len(record["text"]),
        "doc_type": doc_type["label"],
        "doc_type_score": doc_type["score"],
        **record["meta"],
        "warnings": record["warnings"],
        "model": model["name"],
        "model_version": model["version"],
    }
    return [row]


def _actors(record: Record) -> list[Row]:
    return [
        {
            **actor,
            "mentions": len(actor["mentions"]),
            "register_scheme": (actor["register"] or {}).get("scheme"),
            "register_code": (actor["register"] or {}).get("code"),
        }
        for actor in record["actors"]
    ]


def _mentions(record: Record) -> list[Row]:
    return [
        {"actor": actor["id"], **mention, "text": _piece(record, mention)}
        for actor in record["actors"]
        for mention in actor["mentions"]
    ]


def _entities(record: Record) -> list[Row]:
    return [{**entity, "text": _piece(record, entity)} for entity in record["entities"]]


def _quotes(record: Record) -> list[Row]:
    names = _names(record)
    return [
        {
            **quote,
            "start": quote["spans"][0]["start"],
            "end": quote["spans"][-1]["end"],
            "speaker_name": names.get(quote["speaker"]),
            "cue": _piece(record, quote["cue"]),
            "question": _piece(record, quote["question"]),
        }
        for quote in record["quotes"]
    ]


def _goals(record: Record) -> list[Row]:
    names = _names(record)
    return [
        {
            **goal,
            "holder_name": names.get(goal["holder"]),
            "beneficiary": _piece(record, goal["beneficiary"]),
            "deadline": _piece(record, goal["deadline"]),
        }
        for goal in record["goals"]
    ]


def _themes(record: Record) -> list[Row]:
    return [{"theme": theme, "score": score} for theme, score in record["themes"].items()]


def _theme_sentences(record: Record) -> list[Row]:
    return [
        {**{key: sentence[key] for key in ("start", "end", "text")}, "theme": label, "score": sentence["scores"][label]}
        for sentence in record["theme_sentences"]
        for label in sentence["labels"]
    ]


def _collaborations(record: Record) -> list[Row]:
    names = _names(record)
    return [
        {
            **tie["evidence"],
            "text": _piece(record, tie["evidence"]),
            "parties": tie["parties"],
            "party_names": [names.get(party) for party in tie["parties"]],
            "topic": _piece(record, tie["topic"]),
            "score": tie["score"],
        }
        for tie in record["collaborations"]
    ]


def _errors(record: Record) -> list[Row]:
    return [] if record["error"] is None else [{"path": record["source"]["path"], "message": record["error"]}]


def _piece(record: Record, span: Mapping[str, int] | None) -> str | None:
    return None if span is None else str(record["text"][span["start"] : span["end"]])


def storable(value: Any) -> Any:
    """Return the value with half surrogate pairs shown as question marks, since Arrow cannot hold them."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, dict):
        return {key: storable(item) for key, item in value.items()}
    return [storable(item) for item in value] if isinstance(value, list) else value


def _names(record: Record) -> dict[str | None, str]:
    return {actor["id"]: actor["name"] for actor in record["actors"]}


_ROWS: dict[str, Callable[[Record], list[Row]]] = {
    "documents": _documents,
    "actors": _actors,
    "mentions": _mentions,
    "entities": _entities,
    "quotes": _quotes,
    "goals": _goals,
    "themes": _themes,
    "theme_sentences": _theme_sentences,
    "collaborations": _collaborations,
    "errors": _errors,
}
