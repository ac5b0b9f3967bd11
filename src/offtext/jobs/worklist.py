"""The work list of a run: every document once, in order, with its content's identity, on disk.

It is made in two passes over a file, so that a run over ten million documents holds neither them nor their names:
in memory are two numbers of eight bytes for each origin (160 MB for ten million, and as much again while they are
sorted), the origins of one row group, and what occurs more than once.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from offtext.jobs.sources import Origin

if TYPE_CHECKING:
    import numpy as np

GROUP = 4096  # origins in memory
_TEXT, _WHOLE = pa.string(), pa.int64()
SCHEMA = pa.schema(
    [
        ("id", _TEXT),
        ("path", pa.binary()),  # as the file system has it, which need not be text
        ("kind", _TEXT),
        ("member", pa.binary()),
        ("row", _WHOLE),
        ("place", _WHOLE),
        ("size", _WHOLE),
        ("packed", _WHOLE),
        ("modified", _WHOLE),
        ("fingerprint", _TEXT),
        ("columns", _TEXT),
        ("error", _TEXT),
        ("duplicate_of", _TEXT),
    ]
)
_NAMED_ANEW = "named_anew"  # positions of origins whose id was taken, in the file's own notes
_RECENT_NS = 2_000_000_000  # a file changed so shortly before it was read may have changed once more unseen


@dataclass(frozen=True)
class Changes:
    """How a work list differs from an earlier one.

    Attributes:
        new: Origins that were not there.
        changed: Origins of the same id with another content.
        vanished: Origins that are no more.
        names: Some ids of each, by these names.
    """

    new: int
    changed: int
    vanished: int
    names: Mapping[str, tuple[str, ...]]


class Worklist:
    """The ordered origins of a run, read from their file as they are asked for.

    Args:
        path: A file that `Worklist.make` wrote.

    Attributes:
        skipped: How many files no reader knows, by suffix.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with pq.ParquetFile(path) as file:
            self._length = int(file.metadata.num_rows)
            notes = json.loads((file.metadata.metadata or {}).get(b"offtext", b"{}"))
        self.skipped: dict[str, int] = notes.get("skipped", {})
        self._made: int = notes.get("made", 0)
        self._named_anew = frozenset(notes.get(_NAMED_ANEW, ()))
        self._group: tuple[int, list[Origin]] = (-1, [])

    @classmethod
    def make(cls, origins: Iterable[Origin], path: Path, *, skipped: Mapping[str, int] | None = None) -> Worklist:
        """Write the origins to a file, each under an id of its own, duplicates pointing to the first of their content.

        Args:
            origins: What `offtext.jobs.sources.expand` gives, in its order.
            path: The file; it is there whole or not at all.
            skipped: What `expand` counts while the origins are taken from it.
        """
        made = time.time_ns()
        first, unfinished = (path.with_name(f".{path.name}.{part}.unfinished") for part in ("1", "2"))
        try:
            repeated_ids, repeated_contents = _first_pass(origins, first)
            final = _Named(_read(first), repeated_ids, repeated_contents)
            notes = {"made": made, "skipped": skipped if skipped is not None else {}}
            _write(final.origins(), unfinished, lambda: {**notes, _NAMED_ANEW: final.named_anew})
            with unfinished.open("rb+") as stream:
                os.fsync(stream.fileno())
            unfinished.replace(path)
        finally:
            first.unlink(missing_ok=True)
            unfinished.unlink(missing_ok=True)
        return cls(path)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Origin]:
        return _read(self.path)

    def slice(self, start: int, stop: int) -> list[Origin]:
        """Return the origins of these positions; cheap when asked for in order."""
        found: list[Origin] = []
        for group in range(start // GROUP, -(-min(stop, self._length) // GROUP)):
            if self._group[0] != group:
                with pq.ParquetFile(self.path) as file:
                    self._group = group, _origins(file.read_row_group(group))
            offset = group * GROUP
            found += self._group[1][max(0, start - offset) : max(0, stop - offset)]
        return found

    def changes_from(self, earlier: Worklist, *, names: int = 10) -> Changes:
        """Compare with an earlier list, by id and content.

        Args:
            earlier: The list of a former run.
            names: How many ids of each kind to tell.
        """
        import numpy as np

        before, after = earlier._identities(), self._identities()
        ids_before, ids_after = np.sort(before["id"]), np.sort(after["id"])
        whole_before = np.sort(before["content"])
        counts = {"new": 0, "changed": 0, "vanished": 0}
        told: dict[str, list[str]] = {name: [] for name in counts}

        def count(kind: str, worklist: Worklist, chosen: np.ndarray[Any, Any]) -> None:
            counts[kind] = int(chosen.sum())
            for position in np.flatnonzero(chosen)[:names]:
                told[kind] += [origin.id for origin in worklist.slice(int(position), int(position) + 1)]

        known = _in(after["id"], ids_before)
        count("new", self, ~known)
        count("changed", self, known & ~_in(after["content"], whole_before))
        count("vanished", earlier, ~_in(before["id"], ids_after))
        return Changes(**counts, names={name: tuple(ids) for name, ids in told.items()})

    def known(self) -> Callable[[Origin], Sequence[Origin] | None]:
        """Return what `expand` takes as `known`: files with the path and time of this list are not read again.

        Sixteen bytes a file in memory. A file changed within two seconds before the list was made is read anew, and so
        is one that could not be read, or whose documents had to be named anew.
        """
        import numpy as np

        numbers, positions = array("Q"), array("Q")
        latest = (b"", 0)
        for position, (path, modified) in enumerate(self._files()):
            if (path, modified) != latest:
                latest = path, modified
                numbers.append(_number(path, modified))
                positions.append(position)
        keys, places = np.array(numbers, np.uint64), np.array(positions, np.uint64)
        order = np.argsort(keys, kind="stable")
        keys, places = keys[order], places[order]

        def ask(file: Origin) -> Sequence[Origin] | None:
            if file.modified > self._made - _RECENT_NS:
                return None
            key = _number(_bytes(file.path), file.modified)
            at = int(np.searchsorted(keys, np.uint64(key)))
            if at == len(keys) or int(keys[at]) != key:
                return None
            found = self._of_file(int(places[at]), file)
            return found if found and all(origin.id.startswith(file.id) for origin in found) else None

        return ask

    def _of_file(self, start: int, file: Origin) -> list[Origin]:
        found: list[Origin] = []
        for position in range(start, self._length):
            [origin] = self.slice(position, position + 1)
            if (origin.path, origin.modified) != (file.path, file.modified):
                break
            whole = not origin.member and origin.row is None
            if position in self._named_anew or (whole and (origin.error or origin.size != file.size)):
                return []
            found.append(replace(origin, duplicate_of=""))
        return found

    def _files(self) -> Iterator[tuple[bytes, int]]:
        for columns in _columns(self.path, ["path", "modified"]):
            yield from zip(columns["path"], columns["modified"], strict=True)

    def _identities(self) -> dict[str, np.ndarray[Any, Any]]:
        import numpy as np

        ids, contents = array("Q"), array("Q")
        names = ["id", "fingerprint", "columns", "error"]
        for columns in _columns(self.path, names):
            for told in zip(*(columns[name] for name in names), strict=True):
                ids.append(_number(told[0]))
                contents.append(_number(*told))
        return {"id": np.frombuffer(ids, np.uint64), "content": np.frombuffer(contents, np.uint64)}


@dataclass
class _Named:
    """The second pass: ids made unique, duplicates pointed to."""

    first_pass: Iterator[Origin]
    repeated_ids: frozenset[int]
    repeated_contents: frozenset[int]

    def __post_init__(self) -> None:
        self.named_anew: list[int] = []

    def origins(self) -> Iterator[Origin]:
        taken: dict[str, int] = {}
        firsts: dict[tuple[str, str], str] = {}
        for position, origin in enumerate(self.first_pass):
            if _number(origin.id) in self.repeated_ids:
                number = taken[origin.id] = taken.get(origin.id, 0) + 1
                if number > 1:
                    origin = replace(origin, id=f"{origin.id}~{number}")
                    self.named_anew.append(position)
            content = (origin.kind, origin.fingerprint)
            if origin.fingerprint and origin.size and _number(*content) in self.repeated_contents:
                first = firsts.setdefault(content, origin.id)
                if first != origin.id:
                    origin = replace(origin, duplicate_of=first)
            yield origin


def _first_pass(origins: Iterable[Origin], path: Path) -> tuple[frozenset[int], frozenset[int]]:
    """Write the origins as they come; return the numbers of ids and contents that occur more than once."""
    ids, contents = array("Q"), array("Q")

    def counted() -> Iterator[Origin]:
        for origin in origins:
            ids.append(_number(origin.id))
            if origin.fingerprint and origin.size:
                contents.append(_number(origin.kind, origin.fingerprint))
            yield origin

    _write(counted(), path, dict)
    return _repeated(ids), _repeated(contents)


def _repeated(numbers: array[int]) -> frozenset[int]:
    import numpy as np

    ordered = np.sort(np.frombuffer(numbers, np.uint64)) if numbers else np.empty(0, np.uint64)
    return frozenset(np.unique(ordered[1:][ordered[1:] == ordered[:-1]]).tolist())


def _in(values: np.ndarray[Any, Any], ordered: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    at = np.searchsorted(ordered, values)
    found: np.ndarray[Any, Any] = np.zeros(len(values), bool)
    inside = at < len(ordered)
    found[inside] = ordered[at[inside]] == values[inside]
    return found


def _number(*told: str | bytes | int) -> int:
    """Return 64 bits that stand for this; two different things share them once in a few million runs of ten million."""
    line = "\0".join(map(repr, told)).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(line, digest_size=8).digest(), "little")


def _write(origins: Iterable[Origin], path: Path, notes: Callable[[], Mapping[str, object]]) -> None:
    dictionary = ["kind", "path", "error"]
    with pq.ParquetWriter(path, SCHEMA, compression="zstd", use_dictionary=dictionary) as writer:
        held: list[Origin] = []
        for origin in origins:
            held.append(origin)
            if len(held) == GROUP:
                writer.write_table(_table(held), row_group_size=GROUP)
                held.clear()
        if held:
            writer.write_table(_table(held), row_group_size=GROUP)
        writer.add_key_value_metadata({"offtext": json.dumps(notes())})


def _table(origins: Sequence[Origin]) -> pa.Table:
    columns: dict[str, list[Any]] = {name: [getattr(origin, name) for origin in origins] for name in SCHEMA.names}
    for name in ("path", "member"):
        columns[name] = [_bytes(value) for value in columns[name]]
    for name in ("id", "error", "duplicate_of"):  # half a surrogate pair has no place in a file
        columns[name] = [value.encode("utf-8", "replace").decode() for value in columns[name]]
    return pa.table(columns, schema=SCHEMA)


def _origins(table: pa.Table) -> list[Origin]:
    columns = [table.column(field.name).to_pylist() for field in fields(Origin)]
    at = {field.name: n for n, field in enumerate(fields(Origin))}
    for name in ("path", "member"):
        columns[at[name]] = [value.decode("utf-8", "surrogateescape") for value in columns[at[name]]]
    return [Origin(*values) for values in zip(*columns, strict=True)]


def _read(path: Path) -> Iterator[Origin]:
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            yield from _origins(file.read_row_group(group))


def _columns(path: Path, names: list[str]) -> Iterator[dict[str, list[Any]]]:
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            yield file.read_row_group(group, columns=names).to_pydict()


def _bytes(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
