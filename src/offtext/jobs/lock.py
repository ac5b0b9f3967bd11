"""One run at a time in a result folder; the lock goes with the process, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from offtext.errors import RunRefused


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock.

    Raises:
        RunRefused: Another run holds it.
    """
    with (folder / ".lock").open("a+", encoding="utf-8") as file:
        if not _take(file):
            file.seek(0)
            holder = file.read(200).strip() or "another process"
            raise RunRefused(folder, f"a run is at work in it ({holder})", "Wait for it, or choose another folder.")
        file.truncate(0)
        file.write(f"process {os.getpid()}")
        file.flush()
        yield


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[str]) -> bool:
        file.seek(1 << 30)  # a byte that is never written, so that others can read who holds it
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        file.seek(0)
        return True

else:
    import fcntl

    def _take(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
