"""Results on disk: one Parquet or JSON Lines file a table, written as they come."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import pyarrow.parquet as pq

from offtext.errors import UnknownName
from offtext.tables import SCHEMAS, rows_of, table_of

Record = Mapping[str, Any]
FORMATS = ("parquet", "jsonl")
ROWS_HELD = 2_000  # documents in memory before they become a row group


class TableWriter:
    """Writes records to a folder as tables; a context manager.

    With 'parquet' a file a table of `offtext.tables.SCHEMAS`; with 'jsonl' one file `analyses.jsonl` with whole records
    and `errors.jsonl`. Files have the suffix `.part` until they are complete.

    Args:
        folder: Made if needed; files of an earlier run in it are replaced.
        format: 'parquet' or 'jsonl'.

    Raises:
        UnknownName: Another format.
    """

    def __init__(self, folder: Path, *, format: str = "parquet") -> None:
        if format not in FORMATS:
            raise UnknownName("result format", format, FORMATS)
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self.format = folder, format
        self._held: list[Record] = []
        self._tables: dict[str, pq.ParquetWriter] = {}
        self._lines: dict[str, IO[bytes]] = {}

    @property
    def paths(self) -> dict[str, Path]:
        """The files this writer makes, by table."""
        names = SCHEMAS if self.format == "parquet" else ("analyses", "errors")
        return {name: self.folder / f"{name}.{self.format}" for name in names}

    def write(self, record: Record) -> None:
        """Add one record (`Analysis.to_dict`)."""
        self._held.append(record)
        if len(self._held) >= ROWS_HELD:
            self._flush()

    def __enter__(self) -> Self:
        """Open the files under their temporary names."""
        for name, path in self.paths.items():
            part = path.with_name(path.name + ".part")
            if self.format == "parquet":
                self._tables[name] = pq.ParquetWriter(part, SCHEMAS[name], compression="zstd")
            else:
                self._lines[name] = part.open("wb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what is held and give the files their names; after an error they keep the suffix `.part`."""
        if kind is None:
            self._flush()
        for file in (*self._tables.values(), *self._lines.values()):
            file.close()
        if kind is None:
            for path in self.paths.values():
                path.with_name(path.name + ".part").replace(path)

    def _flush(self) -> None:
        if self.format == "parquet":
            for name, writer in self._tables.items():
                writer.write_table(table_of(self._held, name))
        else:
            for record in self._held:
                failed = record["error"] is not None
                rows: Sequence[Record] = rows_of(record, "errors") if failed else [record]
                for row in rows:
                    self._lines["errors" if failed else "analyses"].write(to_json_line(row))
        self._held.clear()


def to_json_line(record: Record) -> bytes:
    r"""Return one line of JSON; half a surrogate pair is escaped, since UTF-8 cannot hold it.

    >>> to_json_line({"name": "Åsa"}).decode()
    '{"name": "Åsa"}\n'
    """
    return json.dumps(record, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
