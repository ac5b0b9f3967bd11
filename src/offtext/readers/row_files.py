"""Files of rows, and how to come back to a row of one without reading all that stands before it."""

from __future__ import annotations

import csv
import gzip
import io
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any

from offtext.errors import UnreadableFile
from offtext.readers.decoding import decode
from offtext.readers.formats import ROW_SUFFIXES, suffix_of

_LONGEST_LINE = 200 << 20
_HEAD = 1 << 20
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its columns, or what is wrong with it.

    Attributes:
        number: Which row it is, from 0.
        place: What to give `RowFile.rows` to begin at this row: a byte of the (unpacked) file, or the row's number.
        columns: None where the row cannot be read.
        wrong: Why not; or what is odd about a row that can.
    """

    number: int
    place: int
    columns: dict[str, Any] | None
    wrong: str = ""


class RowFile(ABC):
    """A file of rows, read from any place that an earlier reading told.

    Args:
        path: The file.
        name: How it is called in messages and ids.
        text: The column of the texts.
        id: The column of the names.

    Attributes:
        kind: What `Source.format` says.
        counted: Whether a place is a row's number, so that rows near each other are best read in one go.
    """

    kind: str
    counted = True

    def __init__(self, path: Path, name: str, text: str, id: str | None) -> None:
        self.path, self.name, self.text, self.id = path, name, text, id

    @abstractmethod
    def rows(self, place: int = 0, number: int = 0) -> Iterator[Row]:
        """Yield the rows from this place on, where the row of this number begins; from the first one by default.

        Raises:
            UnreadableFile: It lacks the wanted columns. A broken file raises what its library raises.
        """

    def check_columns(self, present: list[str]) -> None:
        """Raise `UnreadableFile` when a wanted column is not among those present."""
        for column in (self.text, self.id):
            if column is not None and column not in present:
                shown = ", ".join(map(repr, present[:20]))
                raise UnreadableFile(
                    self.name, f"no column '{column}'; it has {shown}", "Name them with text= and id=."
                )

    def _open(self) -> IO[bytes]:
        zipped = self.path.name.lower().endswith(".gz")
        return gzip.open(self.path, "rb") if zipped else self.path.open("rb")  # type: ignore[return-value]


def open_rows(path: Path, name: str, *, text: str, id: str | None) -> RowFile:
    """Return the rows of a jsonl, csv or parquet file, or of a folder that `datasets` saved."""
    if path.is_dir():
        return _Dataset(path, name, text, id)
    kinds: dict[str, type[RowFile]] = {"jsonl": _Jsonl, "csv": _Csv, "parquet": _Parquet}
    return kinds[ROW_SUFFIXES.get(suffix_of(path.name), "jsonl")](path, name, text, id)


def is_saved_dataset(folder: Path) -> bool:
    """Tell whether a folder was written by `Dataset.save_to_disk`."""
    return (folder / "state.json").is_file() and (folder / "dataset_info.json").is_file()


class _Jsonl(RowFile):
    kind = "jsonl"
    counted = False

    def rows(self, place: int = 0, number: int = 0) -> Iterator[Row]:
        checked = place > 0
        with self._open() as stream:
            stream.seek(place)
            while line := stream.readline(_LONGEST_LINE + 1):
                start, place = place, place + len(line)
                if len(line) > _LONGEST_LINE:
                    reason = f"a line of more than {_LONGEST_LINE >> 20} MB"
                    raise UnreadableFile(self.name, reason, "Is it one row a line?")
                if not line.strip():
                    continue
                row, wrong = _object(line)
                if row is not None and not checked:  # a first row without the column is a wrong name, a later one a gap
                    self.check_columns(list(row))
                    checked = True
                yield Row(number, start, row, wrong)
                number += 1
        if not checked:
            raise UnreadableFile(self.name, "no line of it is a JSON object", "Check the format.")


def _object(line: bytes) -> tuple[dict[str, Any] | None, str]:
    try:
        row = json.loads(decode(line).text)
    except (ValueError, RecursionError) as error:
        return None, f"not JSON: {str(error)[:100]}"
    return (row, "") if isinstance(row, dict) else (None, f"a JSON {type(row).__name__}, not an object")


class _Csv(RowFile):
    kind = "csv"

    @property
    def counted(self) -> bool:  # type: ignore[override]
        """Whether lines do not end in one byte, so that their places are not known: utf-16, and the old Mac's."""
        return self._dialect.wide

    @cached_property
    def _dialect(self) -> _Dialect:
        with self._open() as stream:
            head = stream.read(_HEAD)
        encoding = decode(head).encoding
        first = head.decode(encoding, "replace").removeprefix("\ufeff").split("\n", 1)[0]
        wide = encoding.startswith("utf-16")
        if wide and head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            encoding = "utf-16"  # which takes the mark away
        return _Dialect(encoding, max("\t;,|", key=first.count), wide or b"\n" not in head)

    def rows(self, place: int = 0, number: int = 0) -> Iterator[Row]:
        csv.field_size_limit(max(csv.field_size_limit(), _LONGEST_LINE))  # the default stops at 128 kB a cell
        wide, at = self._dialect.wide, _Place()
        reader = csv.reader(self._wide_lines() if wide else self._lines(at), delimiter=self._dialect.delimiter)
        names = next(reader, [])
        self.check_columns(names)
        counted = 0 if wide else number
        if place and not wide:
            at.jump = place
        while True:
            start = counted if wide else at.next if at.jump is None else at.jump
            cells = next(reader, None)
            if cells is None:
                return
            if not cells:
                continue
            if counted >= number:
                row: dict[str, Any] = {name: cells[n] if n < len(cells) else None for n, name in enumerate(names)}
                yield Row(counted, start, row, "more cells than columns" if len(cells) > len(names) else "")
            counted += 1

    def _lines(self, at: _Place) -> Iterator[str]:
        encoding = self._dialect.encoding
        with self._open() as stream:
            while True:
                if at.jump is not None:
                    at.next, at.jump = stream.seek(at.jump), None
                line = stream.readline(_LONGEST_LINE)
                if not line:
                    return
                at.next += len(line)
                text = line.decode(encoding, "replace").replace("\0", "")
                yield text.removeprefix("\ufeff") if at.next == len(line) else text

    def _wide_lines(self) -> Iterator[str]:
        with io.TextIOWrapper(self._open(), self._dialect.encoding, errors="replace", newline="") as lines:
            for line in lines:
                yield line.replace("\0", "")


@dataclass(frozen=True, slots=True)
class _Dialect:
    encoding: str
    delimiter: str
    wide: bool


@dataclass(slots=True)
class _Place:
    """Where the lines of a csv file are read: the byte after the latest, and the byte to go on from when told."""

    next: int = 0
    jump: int | None = None


class _Parquet(RowFile):
    kind = "parquet"

    def rows(self, place: int = 0, number: int = 0) -> Iterator[Row]:
        import pyarrow.parquet

        with pyarrow.parquet.ParquetFile(self.path) as file:
            self.check_columns(file.schema_arrow.names)
            skip, group = place, 0
            while group < file.num_row_groups and skip >= file.metadata.row_group(group).num_rows:
                skip -= file.metadata.row_group(group).num_rows
                group += 1
            groups = range(group, file.num_row_groups)
            for batch in file.iter_batches(batch_size=_BATCH, row_groups=list(groups)):
                rows = batch.slice(skip) if skip < batch.num_rows else batch.slice(0, 0)
                skip = max(0, skip - batch.num_rows)
                for row in rows.to_pylist():
                    yield Row(number, number, row)
                    number += 1


class _Dataset(RowFile):
    """A folder of `Dataset.save_to_disk`: Arrow streams, mapped into memory and read without the library."""

    kind = "dataset"

    def rows(self, place: int = 0, number: int = 0) -> Iterator[Row]:
        import pyarrow

        skip = place
        state = json.loads((self.path / "state.json").read_text(encoding="utf-8"))
        for file in state["_data_files"]:
            # Only a name: a hostile state.json must not lead out of the folder.
            with pyarrow.memory_map(str(self.path / Path(file["filename"]).name)) as mapped:
                stream = pyarrow.ipc.open_stream(mapped)
                self.check_columns(stream.schema.names)
                for batch in stream:
                    if skip >= batch.num_rows:
                        skip -= batch.num_rows
                        continue
                    for start in range(skip, batch.num_rows, _BATCH):
                        for row in batch.slice(start, _BATCH).to_pylist():
                            yield Row(number, number, row)
                            number += 1
                    skip = 0
