"""Rows of tables as documents of a run: listed once, then read from the place where each begins."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

from offtext.document import Document
from offtext.errors import OfftextError, UnreadableFile
from offtext.jobs.sources.handles import kept
from offtext.jobs.sources.origin import Origin, readable, reason_of
from offtext.readers.row_files import Row, RowFile, open_rows
from offtext.readers.rows import document_of, guarded, missing_text, name_of, properties_of, text_of

ROW = "row"
_HELD = 32 << 20  # characters
_NEAR = 4096  # rows: farther ahead it is quicker to jump
_BEFORE = 512  # rows to begin before the one asked for, in a file where any beginning costs much: the rest of a shard


def row_origins(origin: Origin, *, text: str, id: str | None) -> Iterator[Origin]:
    """Yield the rows of a table; a table that breaks off is an error after the rows before the break.

    Args:
        origin: The table's own: its id, path and time.
        text: The column of the texts.
        id: The column of the names; rows are numbered without it, and where it holds nothing.
    """
    file = open_rows(Path(origin.path), readable(origin.path), text=text, id=id)
    found = replace(origin, kind=ROW)
    try:
        for row in guarded(file):
            named = readable(name_of(row, file) or str(row.number))
            found = replace(origin, id=f"{origin.id}#{named}", kind=ROW, row=row.number, place=row.place, size=0)
            content = text_of(row, file)
            if row.columns is None or content is None:
                yield replace(found, error=row.wrong if row.columns is None else missing_text(row, file))
                continue
            yield replace(found, size=len(content), fingerprint=_digest(content), columns=_told(row, file))
    except OfftextError as error:
        yield replace(origin, error=reason_of(error))


def read_row(origin: Origin, *, text: str, id: str | None) -> Document:
    """Return the document that a row is; rows asked for one after the other are read in one go.

    Raises:
        UnreadableFile: The row is not there any more, or not what it was.
    """
    rows = kept(origin.path, lambda: _Rows(origin.path))
    row, document = rows.read(origin, text, id)
    content = text_of(row, rows.file)
    if content is None or (_digest(content), _told(row, rows.file)) != (origin.fingerprint, origin.columns):
        raise changed(origin)
    return document


def changed(origin: Origin) -> UnreadableFile:
    """Return the error for a content that is not what the work list saw."""
    return UnreadableFile(origin.shown_path, "changed since the work list was made", "Run again to take it in.")


class _Rows:
    """A table that is being read: rows near the latest are held, since a shard's rows are not asked for in order."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._columns: tuple[str, str | None] | None = None
        self._rows: Generator[Row, None, None] | None = None
        self._next = 0
        self._held: dict[int, Row] = {}
        self._size = 0

    def read(self, origin: Origin, text: str, id: str | None) -> tuple[Row, Document]:
        """Return the row and its document."""
        if self._columns != (text, id):
            self.close()
            self._columns = text, id
            self.file = open_rows(Path(self._path), readable(self._path), text=text, id=id)
        number = origin.row or 0
        if number not in self._held:
            self._read_up_to(number, origin)
        row = self._held[number]
        return row, replace(document_of(row, self.file, origin.fingerprint), id=origin.id)

    def close(self) -> None:
        """Close the file under the rows and let go of them."""
        if self._rows is not None:
            self._rows.close()
        self._rows = None
        self._held.clear()
        self._size = 0

    def _read_up_to(self, number: int, origin: Origin) -> None:
        if self._rows is None or not self._next <= number <= self._next + _NEAR:
            self.close()
            counted = self.file.counted
            start = max(0, number - _BEFORE) if counted else number
            self._next = start
            self._rows = _generator(guarded(self.file, place=start if counted else origin.place, number=start))
        while self._next <= number:
            row = next(self._rows, None)
            if row is None:
                self.close()
                raise changed(origin)
            self._next += 1
            self._hold(row, wanted=number)

    def _hold(self, row: Row, wanted: int) -> None:
        self._held[row.number] = row
        self._size += _size(row)
        while self._size > _HELD and (oldest := next(iter(self._held))) != wanted:
            self._size -= _size(self._held.pop(oldest))


def _size(row: Row) -> int:
    return sum(len(value) for value in (row.columns or {}).values() if isinstance(value, (str, bytes)))


def _generator(rows: Iterator[Row]) -> Generator[Row, None, None]:
    yield from rows


def _told(row: Row, file: RowFile) -> str:
    told = properties_of(row.columns or {}, file)
    return _digest(json.dumps(told, sort_keys=True)) if told else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
