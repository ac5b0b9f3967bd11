"""The result folder on disk: parts of tables, markers of finished shards, and nothing that looks finished and is not.

::

    resultat/
      run.json                                  what was run
      worklist.parquet                          on what
      shards.json                               which shards make the tables, in order
      shards/3f0a9c….json                       marker: this shard is finished; its counts, sizes and sha256
      documents/part-00000-3f0a9c….parquet      a part of a table
      quotes/part-00000-3f0a9c….parquet

A part is written under a hidden name, forced to disk and renamed; the marker comes last. A kill at any moment leaves
finished shards and leftovers that the next run clears away.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from offtext.jobs.batch import FORMATS, Shape
from offtext.jobs.shards import Shard

ROW_GROUP = 65_536
_PART = re.compile(rf"part-\d{{5,}}-([0-9a-f]{{16}})\.(?:{'|'.join(FORMATS)})")
_PAGE = re.compile(r".*-[0-9a-f]{8}\.html")
_UNFINISHED = re.compile(r"\..*\.unfinished")


class ResultFolder:
    """What a run keeps in its folder.

    Args:
        folder: The result folder.
        shape: The tables in it.
    """

    def __init__(self, folder: Path, shape: Shape) -> None:
        self.folder, self.shape = folder, shape
        self.tables = [name for name in shape.schemas if name != "html"]

    def make(self) -> None:
        """Make the folder and those in it."""
        for name in ("", "shards", *self.shape.schemas):
            (self.folder / name).mkdir(parents=True, exist_ok=True)

    def part(self, table: str, shard: Shard) -> Path:
        """Return the path of a shard's part of a table."""
        return self.folder / table / f"{shard.name}.{self.shape.format}"

    def marker(self, shard: Shard) -> dict[str, Any] | None:
        """Return the marker of a shard that is finished and whose files are whole, else None."""
        try:
            marker: dict[str, Any] = json.loads(self._marker(shard).read_text(encoding="utf-8"))
            sizes = {table: self.part(table, shard).stat().st_size for table in self.tables}
            return marker if sizes == {table: marker["files"][table]["bytes"] for table in self.tables} else None
        except (OSError, ValueError, KeyError, TypeError):  # whatever is odd about it: the shard is done again
            return None

    def align(self, shards: Sequence[Shard], *, forget: bool = False) -> None:
        """Make the folder fit a plan: parts of other shards go, parts of these get the number they have now.

        A part is known by the digest in its name, so that this can be cut off anywhere and done again.

        Args:
            shards: The plan.
            forget: Also let go of finished shards with errors, so that they are done again.
        """
        planned = {shard.digest: shard for shard in shards}
        for path in _files(self.folder / "shards"):
            if path.suffix == ".json" and (path.stem not in planned or (forget and _has_errors(path))):
                path.unlink()
        write_file(self.folder / "shards.json", to_json({"shards": [shard.name for shard in shards]}))
        for table in self.tables:
            for path in _files(self.folder / table):
                known = _PART.fullmatch(path.name)
                shard = planned.get(known[1]) if known else None
                if shard is not None and path.suffix == f".{self.shape.format}":
                    if path != self.part(table, shard):
                        path.replace(self.part(table, shard))
                elif known or _UNFINISHED.fullmatch(path.name):
                    path.unlink()

    def keep_pages(self, names: set[str]) -> None:
        """Remove the pages of documents that are no more."""
        for path in _files(self.folder / "html"):
            if _PAGE.fullmatch(path.name) and path.name not in names:
                path.unlink()

    def finish(self, shard: Shard, tables: Mapping[str, pa.Table], tally: Mapping[str, Any]) -> dict[str, Any]:
        """Write a shard's parts and then its marker; return the marker.

        Raises:
            OSError: There is no room, or the folder cannot be written to; the shard is not finished then.
        """
        files = {}
        for name, table in tables.items():
            if name == "html":
                for row in table.to_pylist():
                    write_file(self.folder / "html" / row["name"], row["page"].encode("utf-8"), durable=False)
                continue
            content = to_file(table, self.shape.format)
            write_file(self.part(name, shard), content, durable=False)
            files[name] = {
                "rows": table.num_rows,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        for name in tables:
            sync_folder(self.folder / name)
        marker = {"shard": shard.name, **tally, "files": files}
        write_file(self._marker(shard), to_json(marker))
        return marker

    def _marker(self, shard: Shard) -> Path:
        return self.folder / "shards" / f"{shard.digest}.json"


def clear(folder: Path) -> None:
    """Remove what runs have made in a folder, and nothing else."""
    for path in _files(folder / "shards"):
        if re.fullmatch(r"[0-9a-f]{16}\.json", path.name) or _UNFINISHED.fullmatch(path.name):
            path.unlink()
    for format in FORMATS:
        for table in Shape(format, html=True).schemas:
            for path in _files(folder / table):
                if any(pattern.fullmatch(path.name) for pattern in (_PART, _PAGE, _UNFINISHED)):
                    path.unlink()
            _remove_if_empty(folder / table)
    for name in ("shards.json", "worklist.parquet", "run.json"):
        (folder / name).unlink(missing_ok=True)


def to_file(table: pa.Table, format: str) -> bytes:
    """Return the bytes of a file that holds the table."""
    if format == "jsonl":
        return b"".join(table.column("line").to_pylist())
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", row_group_size=ROW_GROUP)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def to_json(value: Mapping[str, Any]) -> bytes:
    """Return JSON for people to read."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n"


def write_file(path: Path, content: bytes, *, durable: bool = True) -> None:
    """Write a file so that it is there whole or not at all, even after a power cut.

    Args:
        path: The file; its folder is there.
        content: All of it.
        durable: False leaves it to the caller to force the folder's new entry to disk (`sync_folder`).
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with unfinished.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise
    unfinished.replace(path)
    if durable:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to disk, where the system can."""
    if os.name != "posix":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def _files(folder: Path) -> Iterator[Path]:
    return iter(sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else ())


def _has_errors(marker: Path) -> bool:
    try:
        return bool(json.loads(marker.read_text(encoding="utf-8"))["failed"])
    except (OSError, ValueError, KeyError):
        return True


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return
