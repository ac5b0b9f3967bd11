"""Shards: which documents make one, and how their rows become its part of every table.

A shard ends where the hash of a document's id says so, not after a fixed number of documents. A file that is added or
taken away therefore changes the shard it lies in and its neighbour, and all others stay as they are; and the same work
list always makes the same shards, whatever was there before.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from offtext.errors import UnreadableFile
from offtext.jobs.batch import LAYERS_COUNTED, Batch, Rows, Shape
from offtext.jobs.sources import LIST_STAGE, Origin

SHARD_SIZE = 256
BATCH_DOCUMENTS = 16  # encoded side by side
BATCH_BYTES = 1 << 20  # of files: a large one is a batch of its own


@dataclass(frozen=True, slots=True)
class Shard:
    """Documents `start` to `stop` of the work list.

    Attributes:
        number: Its place among the shards.
        digest: Of all that its rows depend on: which documents, with what content, and which are duplicates.
    """

    number: int
    start: int
    stop: int
    digest: str

    @property
    def name(self) -> str:
        """The name of its files, without suffix; in the order of the work list when sorted."""
        return f"part-{self.number:05d}-{self.digest}"


def plan(origins: Iterable[Origin], size: int = SHARD_SIZE) -> Iterator[Shard]:
    """Yield the shards of a work list: half to double `size` documents each, `size` on average."""
    least, most = max(1, size // 2), 2 * size
    start, count, digest = 0, 0, hashlib.sha256()
    number = 0
    for position, origin in enumerate(origins, 1):
        digest.update(_line(origin))
        count += 1
        ends = zlib.crc32(origin.id.encode("utf-8", "surrogatepass")) % max(1, size - least) == 0
        if (count >= least and ends) or count == most:
            yield Shard(number, start, position, digest.hexdigest()[:16])
            number, start, count, digest = number + 1, position, 0, hashlib.sha256()
    if count:
        yield Shard(number, start, start + count, digest.hexdigest()[:16])


def _line(origin: Origin) -> bytes:
    told = (
        origin.id,
        origin.shown_path,
        origin.kind,
        origin.member,
        origin.row,
        origin.fingerprint,
        origin.columns,
        origin.error,
        origin.duplicate_of,
    )
    return json.dumps(told).encode("ascii") + b"\n"


class OpenShard:
    """A shard whose documents come in, in any order.

    Args:
        shard: Which.
        origins: Its documents.
        shape: The tables to make.
    """

    def __init__(self, shard: Shard, origins: Sequence[Origin], shape: Shape) -> None:
        self.shard, self._origins, self._shape = shard, origins, shape
        self._pieces: dict[str, dict[int, pa.Table]] = {name: {} for name in shape.schemas}
        self._here: set[int] = set()
        self._tally: dict[str, Counter[str]] = {"doc_types": Counter(), "errors": Counter(), "found": Counter()}
        self._warned = 0

    @property
    def complete(self) -> bool:
        """Whether the rows of all documents are here."""
        return len(self._here) == len(self._origins)

    def without_work(self) -> Rows:
        """Return the rows that need no analysis: duplicates, and what could not even be listed."""
        results = {}
        for position, origin in enumerate(self._origins):
            if origin.error:
                error = UnreadableFile(origin.shown_path, origin.error)
                results[position] = self._shape.failure(origin, LIST_STAGE, type(error).__name__, str(error))
            elif origin.duplicate_of:
                results[position] = self._shape.duplicate(origin)
        return self._shape.pack(self.shard.number, results)

    def batches(self) -> Iterator[Batch]:
        """Yield what is to be analysed: files of like size side by side, the largest first.

        Rows and members stay in their order, since a packed table or archive is read forwards.
        """
        todo = [(n, origin) for n, origin in enumerate(self._origins) if not origin.error and not origin.duplicate_of]
        todo.sort(key=lambda item: (item[1].place >= 0, -item[1].size if item[1].place < 0 else 0, item[0]))
        held: list[tuple[int, Origin]] = []
        size = 0
        for item in todo:
            if held and (len(held) == BATCH_DOCUMENTS or size + item[1].size > BATCH_BYTES):
                yield Batch(self.shard.number, tuple(held))
                held, size = [], 0
            held.append(item)
            size += item[1].size
        if held:
            yield Batch(self.shard.number, tuple(held))

    def add(self, rows: Rows) -> None:
        """Take the rows of some documents."""
        for name, table in rows.tables.items():
            start = 0
            for position, count in zip(rows.positions, rows.counts[name], strict=True):
                if count:
                    self._pieces[name][position] = table.slice(start, count)
                start += count
        self._here.update(rows.positions)
        for note in rows.notes:
            if note.failed is not None:
                self._tally["errors"][note.failed] += 1
            elif note.doc_type is not None:
                self._tally["doc_types"][note.doc_type] += 1
                self._tally["found"].update(dict(zip(LAYERS_COUNTED, note.layers, strict=True)))
                self._warned += note.warned

    def tables(self) -> dict[str, pa.Table]:
        """Return the shard's part of every table, in the order of the work list."""
        merged = {}
        for name, schema in self._shape.schemas.items():
            pieces = [self._pieces[name][position] for position in sorted(self._pieces[name])]
            # one chunk: how the rows came must not be seen in the file
            merged[name] = pa.concat_tables([schema.empty_table(), *pieces]).combine_chunks()
        return merged

    def tally(self) -> dict[str, Any]:
        """Return what the summary counts."""
        analysed, failed = self._tally["doc_types"].total(), self._tally["errors"].total()
        return {
            "origins": len(self._origins),
            "documents": analysed,
            "duplicates": len(self._origins) - analysed - failed,
            "failed": failed,
            "with_warnings": self._warned,
            **{name: dict(sorted(counter.items())) for name, counter in self._tally.items()},
        }
