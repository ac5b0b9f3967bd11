"""What runs inside a worker process: batches in, rows out, and word of every document before it is begun."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from offtext.errors import OfftextError
from offtext.jobs.batch import Analyst

Factory = Callable[[], Analyst]
READY, AT, DONE, BROKEN = "ready", "at", "done", "broken"


def work(connection: Connection, factory: Factory, memory_mb: int | None = None) -> None:
    """Serve batches until the other end closes; the main function of a worker process.

    Args:
        connection: Gives batches; takes `(READY,)`, then for each batch several `(AT, position, stage)` and one
            `(DONE, rows)`; or `(BROKEN, message)` when there is no way to begin.
        factory: Makes the analyst, once.
        memory_mb: What this process may take, where the system can be told so.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    _die_with_parent()
    _be_first_to_go()
    _limit_memory(memory_mb)
    try:
        analyst = factory()
        analyst.warm_up()
    except Exception as error:
        message = str(error) if isinstance(error, OfftextError) else f"{type(error).__name__}: {error}"
        connection.send((BROKEN, message))
        return
    with contextlib.suppress(EOFError, OSError):  # the parent is gone, or wants no more
        connection.send((READY,))
        while True:
            batch = connection.recv()
            connection.send(
                (DONE, analyst.analyze(batch, lambda position, stage: connection.send((AT, position, stage))))
            )


def _die_with_parent() -> None:
    """End this process when the parent is killed, whatever document it is on."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="watch-parent").start()


def _be_first_to_go() -> None:
    """Where memory runs out, Linux shall end this process and not the one that keeps the books."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")


def _limit_memory(megabytes: int | None) -> None:
    """Let a document that takes more fail with `MemoryError`, before the system ends somebody."""
    if megabytes is not None and os.name == "posix":
        import resource

        # data: what is allocated; the address space would count the model's file and every library as well
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        wanted = megabytes << 20
        resource.setrlimit(
            resource.RLIMIT_DATA, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most)
        )
