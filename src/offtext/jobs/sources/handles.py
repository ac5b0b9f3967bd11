"""What a worker keeps open between documents, so that a packed file is gone through once and not once a document."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Protocol, TypeVar, cast


class Closable(Protocol):
    """Anything that holds a file open."""

    def close(self) -> object:
        """Let go of it."""


_Kept = TypeVar("_Kept", bound=Closable)
_MOST = 4
_kept: dict[tuple[int, str], Closable] = {}  # the process is in the key: a fork must not share a file's position


def kept(path: str, make: Callable[[], _Kept]) -> _Kept:
    """Return what `make` opened for this path before, or let it open it now; the least used is closed.

    Args:
        path: The file; one path is always opened by one kind of `make`.
        make: Opens it.
    """
    key = (os.getpid(), path)
    found = _kept.pop(key, None)
    if found is None:
        if len(_kept) >= _MOST:
            _kept.pop(next(iter(_kept))).close()
        found = make()
    _kept[key] = found
    return cast(_Kept, found)


def close_all() -> None:
    """Close what is kept: before the files are moved, and between tests."""
    while _kept:
        _kept.popitem()[1].close()
