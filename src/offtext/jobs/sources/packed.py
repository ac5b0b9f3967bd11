"""Any place of a packed file: read on forwards, with the latest bytes held for a step back."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import IO, cast

HELD = 64 << 20  # bytes: more than the documents of a shard span, since workers take those in any order
_CHUNK = 1 << 20


def unpacked(path: Path) -> IO[bytes]:
    """Open a file as the stream it is inside its packing (gzip, bzip2, xz or none), told by the first bytes."""
    with path.open("rb") as stream:
        head = stream.read(6)
    openers: dict[bytes, Callable[[Path], object]] = {
        b"\x1f\x8b": gzip.open,
        b"BZh": bz2.open,
        b"\xfd7zXZ\0": lzma.open,
    }
    opener = next((opener for magic, opener in openers.items() if head.startswith(magic)), None)
    return path.open("rb") if opener is None else cast(IO[bytes], opener(path))


class Unpacked:
    """A packed file whose pieces are asked for more or less in order.

    A piece before the held bytes costs going through the file from its beginning again, any other one only what lies
    between.

    Args:
        path: The file.
        held: How many bytes to hold.
    """

    def __init__(self, path: Path, held: int = HELD) -> None:
        self._path, self._held = path, held
        self._stream: IO[bytes] | None = None
        self._forget()

    def read(self, place: int, size: int) -> bytes:
        """Return `size` bytes from this place on, or fewer at the end of the file."""
        if self._stream is None or place < self._first:
            self.close()
            self._stream = unpacked(self._path)
        while self._end < place + size and (chunk := self._stream.read(_CHUNK)):
            self._chunks.append(chunk)
            self._end += len(chunk)
            while self._first + len(self._chunks[0]) <= min(place, self._end - self._held):
                self._first += len(self._chunks.popleft())
        pieces, start = [], self._first
        for chunk in self._chunks:
            if start < place + size and place < start + len(chunk):
                pieces.append(chunk[max(0, place - start) : place + size - start])
            start += len(chunk)
        return b"".join(pieces)

    def close(self) -> None:
        """Close the file and let go of what is held."""
        if self._stream is not None:
            self._stream.close()
        self._stream = None
        self._forget()

    def _forget(self) -> None:
        self._chunks: deque[bytes] = deque()
        self._first = self._end = 0
