"""Rows of jsonl, csv and parquet: a document each, read one at a time so that the file may be of any size."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from offtext.document import Document, Source
from offtext.errors import OfftextError, UnknownFormat, UnreadableFile
from offtext.readers.decoding import decode, mojibake
from offtext.readers.formats import ROW_SUFFIXES, suffix_of

_LONGEST_LINE = 200 << 20
_LONGEST_PROPERTY = 1000
_Row = tuple[dict[str, Any] | None, str]  # the row's columns, or None and what is wrong with it


def rows(path: str | os.PathLike[str], *, text: str, id: str | None) -> Iterator[Document]:
    """Check the file, then return an iterator over its documents; see `read_rows`."""
    name = Path(path).as_posix()
    kind = ROW_SUFFIXES.get(suffix_of(name))
    if kind is None and Path(path).is_file():
        raise UnknownFormat(name, suffix_of(name), ROW_SUFFIXES)
    digest = _digest(Path(path), name)
    reader = {"jsonl": _jsonl, "csv": _csv, "parquet": _parquet}[kind or "jsonl"]
    return _guarded(_documents(reader(Path(path), name, (text, id)), name, kind or "", digest, text, id), name)


def _digest(path: Path, name: str) -> str:
    try:
        if path.is_dir():
            raise UnreadableFile(name, "a folder, not a file", "Name the files in it.")
        if not path.is_file():
            raise UnreadableFile(name, "no such file", "Check the path.")
        if path.stat().st_size == 0:
            raise UnreadableFile(name, "empty (0 bytes)", "Fetch it again.")
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        raise UnreadableFile(name, f"cannot be opened ({error})", "Check the path and its permissions.") from error


def _guarded(documents: Iterator[Document], name: str) -> Iterator[Document]:
    try:
        yield from documents
    except OfftextError:
        raise
    except Exception as error:  # whatever the libraries raise on broken files
        raise UnreadableFile(name, f"broken ({type(error).__name__}: {str(error)[:200]})", "Fetch it again.") from error


def _documents(
    source: Iterator[_Row], name: str, kind: str, digest: str, text: str, id: str | None
) -> Iterator[Document]:
    for number, (row, wrong) in enumerate(source):
        warnings = [wrong] if wrong and row is not None else []
        columns = row or {}
        content = columns.get(text)
        if row is not None and not isinstance(content, str):
            found = "missing" if content is None else f"of type {type(content).__name__}"
            warnings.append(f"row {number}: the column '{text}' is {found}; read as an empty text")
            content = ""
        content = (content or "").replace("\r\n", "\n").replace("\r", "\n")
        if places := mojibake(content):
            warnings.append(f"mojibake in {places} places ('Ã¥' for 'å')")
        named = columns.get(id) if id is not None else None
        yield Document(
            text=content,
            id=str(named) if named not in (None, "") else f"{name}#{number}",
            source=Source(path=name, format=kind, row=number, sha256=digest),
            properties={
                key: str(value)
                for key, value in columns.items()
                if key not in (text, id)
                and isinstance(value, (str, int, float))
                and 0 < len(str(value)) <= _LONGEST_PROPERTY
            },
            warnings=tuple(warnings),
            error=wrong if row is None else None,
        )


def _check_columns(name: str, present: list[str], wanted: tuple[str, str | None]) -> None:
    for column in wanted:
        if column is not None and column not in present:
            raise UnreadableFile(
                name,
                f"no column '{column}'; it has {', '.join(map(repr, present[:20]))}",
                "Name them with text= and id=.",
            )


def _open(path: Path, name: str) -> IO[bytes]:
    return gzip.open(path, "rb") if name.lower().endswith(".gz") else path.open("rb")  # type: ignore[return-value]


def _jsonl(path: Path, name: str, wanted: tuple[str, str | None]) -> Iterator[_Row]:
    checked = False
    with _open(path, name) as stream:
        for line in _lines(stream, name):
            try:
                row = json.loads(decode(line).text)
            except (ValueError, RecursionError) as error:
                yield None, f"not JSON: {str(error)[:100]}"
                continue
            if not isinstance(row, dict):
                yield None, f"a JSON {type(row).__name__}, not an object"
                continue
            if not checked:  # a first row without the column is a wrong name; a later one is a gap
                _check_columns(name, list(row), wanted)
                checked = True
            yield row, ""
    if not checked:
        raise UnreadableFile(name, "no line of it is a JSON object", "Check the format.")


def _lines(stream: IO[bytes], name: str) -> Iterator[bytes]:
    while line := stream.readline(_LONGEST_LINE + 1):
        if len(line) > _LONGEST_LINE:
            raise UnreadableFile(name, f"a line of more than {_LONGEST_LINE >> 20} MB", "Is it one row a line?")
        if line.strip():
            yield line


def _csv(path: Path, name: str, wanted: tuple[str, str | None]) -> Iterator[_Row]:
    csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_LINE))  # the default stops at 128 kB a cell
    with _open(path, name) as stream:
        head = stream.read(1 << 20)
    encoding = decode(head).encoding
    first = head.decode(encoding, "replace").removeprefix("\ufeff").split("\n", 1)[0]
    delimiter = max("\t;,|", key=first.count)
    wide = (
        {"utf-8": "utf-8-sig", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}
        if head[:2] in (b"\xff\xfe", b"\xfe\xff") or encoding == "utf-8"
        else {}
    )
    with io.TextIOWrapper(
        _open(path, name), encoding=wide.get(encoding, encoding), errors="replace", newline=""
    ) as lines:
        reader = csv.DictReader((line.replace("\0", "") for line in lines), delimiter=delimiter, restkey="")
        _check_columns(name, list(reader.fieldnames or []), wanted)
        for row in reader:
            extra = row.pop("", None)
            yield row, f"line {reader.line_num}: more cells than columns" if extra else ""


def _parquet(path: Path, name: str, wanted: tuple[str, str | None]) -> Iterator[_Row]:
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(path) as file:
        _check_columns(name, file.schema_arrow.names, wanted)
        for batch in file.iter_batches(batch_size=256):
            for row in batch.to_pylist():
                yield row, ""
