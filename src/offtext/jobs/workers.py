"""A pool of worker processes that outlives its workers.

The parent knows which document each worker is on. When a worker dies or a document takes too long, that document
becomes a failure, the worker is replaced, and the rest of its batch is done by another one. `multiprocessing.Pool`
hangs when a worker dies and `ProcessPoolExecutor` gives all work up, which is why there is one here.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

from offtext.errors import RunStopped
from offtext.jobs.batch import Batch, Rows, Shape
from offtext.jobs.worker import AT, BROKEN, DONE, Factory, work

TICK_S = 0.25  # between two looks at the clock
STARTS = 3  # workers that may die in a row before any is ready
LIVES = 2  # workers that a document may take with it: the first may have been killed for its neighbours' sake


@dataclass
class _Worker:
    process: SpawnProcess
    connection: Connection
    batch: Batch | None = None
    ready: bool = False
    position: int | None = None
    stage: str = "read"
    since: float | None = None  # when this stage began; None before the first word of a batch
    spent: Counter[int | None] = field(default_factory=Counter)  # seconds in earlier stages, by position

    def at(self, position: int | None, stage: str) -> None:
        now = time.monotonic()
        if self.since is not None:
            self.spent[self.position] += now - self.since  # type: ignore[assignment]
        self.position, self.stage, self.since = position, stage, now

    def give(self, batch: Batch) -> None:
        self.batch, self.position, self.stage, self.since = batch, None, "read", None
        self.spent.clear()
        self.connection.send(batch)

    def seconds(self) -> float:
        """How long the document at hand has taken so far."""
        return 0.0 if self.since is None else self.spent[self.position] + time.monotonic() - self.since


class Workers:
    """Analyses batches in processes of their own; a context manager that ends them.

    Args:
        factory: Makes the analyst of a worker; it must be picklable.
        shape: Which tables a failure is a row of.
        count: How many processes, started as there is work for them.
        timeout_s: Seconds that a document may take; None for any.
        memory_mb: Megabytes that a worker may take; None for any.
    """

    def __init__(
        self,
        factory: Factory,
        shape: Shape,
        *,
        count: int,
        timeout_s: float | None = None,
        memory_mb: int | None = None,
    ) -> None:
        self._factory, self._shape, self._count = factory, shape, count
        self._timeout_s, self._memory_mb = timeout_s, memory_mb
        self._context = multiprocessing.get_context("spawn")  # a fork would copy the threads' locks, not the threads
        self._workers: list[_Worker] = []
        self._again: deque[Batch] = deque()
        self._lives: Counter[tuple[int, int]] = Counter()
        self._failed_starts = 0

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.connection.close()
        self._workers.clear()

    def run(self, batches: Iterator[Batch]) -> Iterator[Rows]:
        """Yield the rows of all batches, as they are ready; batches are taken as workers become free.

        Raises:
            RunStopped: Workers do not start.
        """
        while True:
            yield from self._feed(batches)
            busy = [worker for worker in self._workers if worker.batch is not None]
            if not busy and not self._again:
                return
            yield from self._listen()
            yield from self._look_at_clock()

    def _feed(self, batches: Iterator[Batch]) -> Iterator[Rows]:
        """Give every free worker a batch; start another worker while there are fewer than there may be."""
        while True:
            free = next((worker for worker in self._workers if worker.batch is None), None)
            if free is None and len(self._workers) >= self._count:
                return
            batch = self._again.popleft() if self._again else next(batches, None)
            if batch is None:
                return
            worker = free or self._start()
            try:
                worker.give(batch)
            except OSError:  # it died while it was idle
                worker.batch = batch
                yield from self._bury(worker)

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        given = (theirs, self._factory, self._memory_mb)
        process = self._context.Process(target=work, args=given, daemon=True, name="offtext-worker")
        with _deaf_to_interrupts():
            process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _listen(self) -> Iterator[Rows]:
        """Take what the workers have to say; wait a moment for the first word."""
        by_connection: dict[Any, _Worker] = {worker.connection: worker for worker in self._workers}
        for connection in wait(list(by_connection), TICK_S):
            worker = by_connection[connection]
            try:
                while worker.connection.poll():
                    kind, *rest = worker.connection.recv()
                    if kind == AT:
                        worker.at(*rest)
                    elif kind == DONE:
                        worker.batch = None
                        yield rest[0]
                    elif kind == BROKEN:
                        raise RunStopped(f"a worker cannot begin: {rest[0]}")
                    else:
                        worker.ready, self._failed_starts = True, 0
            except (EOFError, OSError):
                yield from self._bury(worker)

    def _look_at_clock(self) -> Iterator[Rows]:
        """End the workers whose document has taken too long and has not said a word that we did not hear."""
        if self._timeout_s is None:
            return
        for worker in list(self._workers):
            late = worker.batch is not None and worker.seconds() > self._timeout_s
            if late and not worker.connection.poll():
                worker.process.kill()
                yield from self._bury(worker, late=True)

    def _bury(self, worker: _Worker, *, late: bool = False) -> Iterator[Rows]:
        """Take a dead worker off the list; its batch is done again without the document that ended it."""
        self._workers.remove(worker)
        worker.process.join()
        worker.connection.close()
        batch, code = worker.batch, worker.process.exitcode
        if not worker.ready:
            self._failed_starts += 1
            if self._failed_starts >= STARTS:
                raise RunStopped(
                    f"{STARTS} workers in a row did not begin; the last {_end_of(code)}",
                    'Is there memory for them? Is the call in your script under `if __name__ == "__main__":`?',
                )
        if batch is None:
            return
        if worker.since is None:  # it had not begun
            self._again.append(batch)
        elif worker.position is None:  # all of the batch together: who it was comes out alone
            self._again.extend(replace(batch, items=(item,)) for item in batch.items)
        else:
            yield from self._part(batch, worker, late=late, code=code)

    def _part(self, batch: Batch, worker: _Worker, *, late: bool, code: int | None) -> Iterator[Rows]:
        """Part the document that a worker died of from its batch."""
        position, stage = worker.position or 0, worker.stage
        rest = tuple(item for item in batch.items if item[0] != position)
        if rest:
            self._again.append(replace(batch, items=rest))
        origin = dict(batch.items)[position]
        self._lives[batch.shard, position] += 1
        if late:
            result = self._shape.failure(origin, stage, "Timeout", f"took longer than {self._timeout_s:g} s")
        elif self._lives[batch.shard, position] < LIVES:
            self._again.append(replace(batch, items=((position, origin),)))
            return
        else:
            result = self._shape.failure(origin, stage, "WorkerDied", f"the worker process {_end_of(code)} over it")
        yield self._shape.pack(batch.shard, {position: result})


def _end_of(code: int | None) -> str:
    """Say how a process ended.

    >>> _end_of(-11), _end_of(3)
    ('was ended by SIGSEGV', 'exited with code 3')
    """
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"was ended by {signal.Signals(-code).name}"
    return f"exited with code {code}"


@contextlib.contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let a process that is started in here be deaf to Ctrl-C from its first instruction; ours is only put off."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows, where the worker itself turns it off
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
