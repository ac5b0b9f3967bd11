"""Rows of jsonl, csv and parquet: a document each, read one at a time so that the file may be of any size."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from offtext.document import Document, Source
from offtext.errors import OfftextError, UnknownFormat, UnreadableFile
from offtext.readers.decoding import mojibake
from offtext.readers.formats import ROW_SUFFIXES, suffix_of
from offtext.readers.row_files import Row, RowFile, open_rows

_LONGEST_PROPERTY = 1000


def documents_of(path: str | os.PathLike[str], *, text: str, id: str | None) -> Iterator[Document]:
    """Check the file, then return an iterator over its documents; see `read_rows`."""
    name = Path(path).as_posix()
    kind = ROW_SUFFIXES.get(suffix_of(name))
    if kind is None and Path(path).is_file():
        raise UnknownFormat(name, suffix_of(name), ROW_SUFFIXES)
    digest = _digest(Path(path), name)
    return _documents(open_rows(Path(path), name, text=text, id=id), digest)


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


def _documents(file: RowFile, digest: str) -> Iterator[Document]:
    for row in guarded(file):
        yield document_of(row, file, digest)


def guarded(file: RowFile, *, place: int = 0, number: int = 0) -> Iterator[Row]:
    """Yield the rows from a place on; whatever a library raises on a broken file becomes `UnreadableFile`."""
    try:
        yield from file.rows(place, number)
    except OfftextError:
        raise
    except Exception as error:
        reason = f"broken ({type(error).__name__}: {str(error)[:200]})"
        raise UnreadableFile(file.name, reason, "Fetch it again.") from error


def document_of(row: Row, file: RowFile, sha256: str) -> Document:
    """Return the document that a row is.

    Args:
        row: One of `file.rows`.
        file: The file it stands in.
        sha256: What to say of the content's identity in `Document.source`.
    """
    warnings = [row.wrong] if row.wrong and row.columns is not None else []
    columns, content = row.columns or {}, text_of(row, file)
    if row.columns is not None and content is None:
        warnings.append(f"row {row.number}: {missing_text(row, file)}; read as an empty text")
    content = (content or "").replace("\r\n", "\n").replace("\r", "\n")
    if places := mojibake(content):
        warnings.append(f"mojibake in {places} places ('Ã¥' for 'å')")
    return Document(
        text=content,
        id=name_of(row, file) or f"{file.name}#{row.number}",
        source=Source(path=file.name, format=file.kind, row=row.number, sha256=sha256),
        properties=properties_of(columns, file),
        warnings=tuple(warnings),
        error=row.wrong if row.columns is None else None,
    )


def text_of(row: Row, file: RowFile) -> str | None:
    """Return the row's text as it stands, or None where it has none."""
    content = (row.columns or {}).get(file.text)
    return content if isinstance(content, str) else None


def missing_text(row: Row, file: RowFile) -> str:
    """Say in words why a row has no text."""
    content = (row.columns or {}).get(file.text)
    found = "missing" if content is None else f"of type {type(content).__name__}"
    return f"the column '{file.text}' is {found}"


def name_of(row: Row, file: RowFile) -> str | None:
    """Return what the id column calls the row, or None where there is no such column or nothing in it."""
    named = None if file.id is None else (row.columns or {}).get(file.id)
    return None if named in (None, "") else str(named)


def properties_of(columns: dict[str, object], file: RowFile) -> dict[str, str]:
    """Return the other columns that hold something short: what the row says of its document."""
    return {
        key: str(value)
        for key, value in columns.items()
        if key not in (file.text, file.id)
        and isinstance(value, (str, int, float))
        and 0 < len(str(value)) <= _LONGEST_PROPERTY
    }
