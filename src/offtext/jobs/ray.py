"""Many machines: the same shards, tables and resume as on one, with the batches done by the nodes of a Ray cluster.

::

    this process: work list, shards, tables ──batches─▶ actor on some node ──▶ its worker process, with the model
                                            ◀──rows────

An actor keeps its model in a process of its own, as the workers of one machine do: a document that hangs or crashes
ends that process and becomes a row of 'errors'. When an actor or its whole node is lost, what it was on is given to
another one. The nodes must see the documents, and this working folder, under the same paths.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import signal
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from offtext.errors import MissingExtra, RunStopped
from offtext.jobs.batch import Batch, Rows, Shape
from offtext.jobs.worker import Factory
from offtext.jobs.workers import Workers

IN_FLIGHT = 2  # batches an actor is given at a time, so that it does not wait for the next
TICK_S = 1.0
START_S = 600.0  # that the first actor may take: a node may have to be started, and its libraries installed
LOSSES = 10  # actors lost in a row without a result of any


class RayEngine:
    """The engine of a Ray cluster: give it to `analyze_archive` as `engine`.

    Args:
        address: The cluster ('auto', 'host:6379', 'ray://…'); by default the one that RAY_ADDRESS names, or a cluster
            of this machine alone that ends with the run.
        gpus: Graphics processors a worker, or a part of one.
        memory_mb: Megabytes that a worker may take before its document fails; None for any.
    """

    def __init__(self, address: str | None = None, *, gpus: float = 0.0, memory_mb: int | None = None) -> None:
        self.address, self.gpus, self.memory_mb = address, gpus, memory_mb
        self._ours = False

    def cores(self) -> int:
        """Return how many workers the cluster has room for."""
        resources = self.connect().cluster_resources()
        by_cores = int(resources.get("CPU", 1))
        return max(1, min(by_cores, int(resources.get("GPU", 0) / self.gpus)) if self.gpus else by_cores)

    def __call__(self, factory: Factory, shape: Shape, *, workers: int, timeout_s: float | None) -> Cluster:
        """Return the cluster, to be entered."""
        return Cluster(self, factory, shape, count=max(1, workers), timeout_s=timeout_s)

    def connect(self) -> Any:
        """Return the library, connected to the cluster.

        Raises:
            MissingExtra: Ray is not installed.
            RunStopped: There is no such cluster.
        """
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing is told to anybody
        try:
            ray: Any = importlib.import_module("ray")
        except ImportError as error:
            raise MissingExtra("ray", "ray", "--engine ray") from error
        if ray.is_initialized():
            return ray
        before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
        try:
            ray.init(self.address, **quiet, **({} if self.address else {"include_dashboard": False}))
        except (ConnectionError, ValueError, RuntimeError) as error:
            reason = f"no Ray cluster at {self.address or 'RAY_ADDRESS'} ({error})"
            raise RunStopped(reason, "Start one with: ray start --head") from error
        self._ours = True
        for number, handler in before.items():  # Ray takes SIGTERM for itself; ours ends the run in good order
            with contextlib.suppress(ValueError):  # not in the main thread
                signal.signal(number, handler)
        return ray

    def disconnect(self) -> None:
        """Let go of the cluster, if it was not in use before."""
        if self._ours:
            self.connect().shutdown()
        self._ours = False


class Cluster:
    """Actors that analyse batches; a context manager that ends them.

    Args:
        engine: Which cluster.
        factory: Makes the analyst of a worker; it must be picklable, and importable on the nodes.
        shape: Which tables a failure is a row of.
        count: How many actors.
        timeout_s: Seconds that a document may take; None for any.

    Attributes:
        lost: How many actors were lost.
    """

    def __init__(
        self, engine: RayEngine, factory: Factory, shape: Shape, *, count: int, timeout_s: float | None
    ) -> None:
        self._engine, self._count = engine, count
        self._arguments = (factory, shape, timeout_s, engine.memory_mb, str(Path.cwd()))
        self._hands: list[_Hand] = []
        self._again: deque[Batch] = deque()
        self.lost = self._in_a_row = 0

    def __enter__(self) -> Self:
        self._ray = self._engine.connect()
        self._actor = self._ray.remote(_Keeper)
        self._since = time.monotonic()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for hand in self._hands:
            with contextlib.suppress(Exception):  # it may be gone, and its node with it
                self._ray.kill(hand.actor)
        self._engine.disconnect()

    def run(self, batches: Iterator[Batch]) -> Iterator[Rows]:
        """Yield the rows of all batches, as they are ready; batches are taken as there is room for them.

        Raises:
            RunStopped: No actor starts, or they are lost again and again.
        """
        while self._feed(batches):
            waited = [ref for hand in self._hands for ref in (*hand.batches, *hand.starting)]
            done, _ = self._ray.wait(waited, num_returns=1, timeout=TICK_S)
            for ref in done:
                yield from self._take(ref)
            if not any(hand.ready for hand in self._hands) and time.monotonic() - self._since > START_S:
                raise RunStopped(f"no worker has started in {START_S:.0f} s", "Is there room in the Ray cluster?")

    def _feed(self, batches: Iterator[Batch]) -> bool:
        """Give batches to the actors that have started; tell whether there is anything to wait for."""
        while True:
            able = [hand for hand in self._hands if hand.ready and len(hand.batches) < IN_FLIGHT]
            if self._hands and not able:
                return True
            batch = self._again.popleft() if self._again else next(batches, None)
            if batch is None:
                return any(hand.batches for hand in self._hands)
            if able:
                hand = min(able, key=lambda hand: len(hand.batches))
                hand.batches[hand.actor.do.remote(batch)] = batch
            else:
                self._again.appendleft(batch)
                self._hands = [self._start() for _ in range(self._count)]

    def _start(self) -> _Hand:
        # An actor outlives no node: what it had to do is done by another, and a new one takes its place when it can.
        options = {"num_cpus": 1, "num_gpus": self._engine.gpus, "max_restarts": 0, "scheduling_strategy": "SPREAD"}
        actor = self._actor.options(**options).remote(*self._arguments)
        return _Hand(actor, [actor.ready.remote()])

    def _take(self, ref: Any) -> Iterator[Rows]:
        hand = next((hand for hand in self._hands if ref in hand.batches or ref in hand.starting), None)
        if hand is None:  # lost together with its actor, a moment ago
            return
        try:
            answer = self._ray.get(ref)
        except self._ray.exceptions.RayTaskError:  # the code itself, not the cluster
            raise
        except self._ray.exceptions.RayError as error:
            self._lose(hand, error)
            return
        if isinstance(answer, str):
            raise RunStopped(answer)
        if ref in hand.starting:
            hand.starting.remove(ref)
            hand.ready = True
            return
        del hand.batches[ref]
        self._in_a_row = 0
        yield from answer

    def _lose(self, hand: _Hand, error: Exception) -> None:
        """Take an actor off the list; its batches are done again, from their beginning, by others."""
        self.lost += 1
        self._in_a_row += 1
        if self._in_a_row >= LOSSES:
            raise RunStopped(f"{LOSSES} workers in a row were lost ({type(error).__name__})", "Is there memory?")
        self._hands.remove(hand)
        self._again.extend(hand.batches.values())
        self._hands.append(self._start())
        self._since = time.monotonic()
        with contextlib.suppress(Exception):
            self._ray.kill(hand.actor)


@dataclass(eq=False)
class _Hand:
    """An actor, from here: what it was given, and whether it has started."""

    actor: Any
    starting: list[Any]
    ready: bool = False
    batches: dict[Any, Batch] = field(default_factory=dict)


class _Keeper:
    """An actor, over there: the keeper of one worker process."""

    def __init__(
        self, factory: Factory, shape: Shape, timeout_s: float | None, memory_mb: int | None, folder: str
    ) -> None:
        self._workers = Workers(factory, shape, count=1, timeout_s=timeout_s, memory_mb=memory_mb)
        self._folder = folder

    def ready(self) -> str | None:
        """Go to the working folder; return what is wrong if that cannot be."""
        try:
            os.chdir(self._folder)
        except OSError as error:
            return f"a node of the cluster does not see the working folder {self._folder} ({error.strerror})"
        return None

    def do(self, batch: Batch) -> list[Rows] | str:
        """Return the rows of a batch; or why no worker can begin."""
        try:
            return list(self._workers.run(iter((batch,))))
        except RunStopped as error:  # as words, since not every error survives the way back
            return str(error)
