"""The engine of one machine: as many worker processes as there are cores, or this process itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from offtext.document import Document
from offtext.jobs.batch import Analyst, Batch, Engine, Rows, Shape
from offtext.jobs.sources import Origin, load
from offtext.jobs.worker import Factory
from offtext.jobs.workers import Workers
from offtext.pipeline import Pipeline


@dataclass(frozen=True)
class MakeAnalyst:
    """Makes the analyst of a worker; what it holds is small and can be sent to another process or machine."""

    model: str | None
    layers: tuple[str, ...] | None
    threads: int
    shape: Shape
    text: str = "text"
    id: str | None = None

    def __call__(self) -> Analyst:
        """Load the pipeline."""
        pipeline = Pipeline(model=self.model, layers=self.layers, threads=self.threads)
        return Analyst(pipeline, self.load, self.shape)

    def load(self, origin: Origin) -> Document:
        """Read a document."""
        return load(origin, text=self.text, id=self.id)


class Here:
    """Analyses batches in this process: nothing is started, and nothing guards against a crash or a hang."""

    def __init__(self, factory: Factory) -> None:
        self._factory = factory

    def run(self, batches: Iterator[Batch]) -> Iterator[Rows]:
        """Yield the rows of each batch."""
        analyst: Analyst | None = None
        for batch in batches:
            analyst = analyst or self._factory()
            yield analyst.analyze(batch)


def local_engine(
    factory: Factory, shape: Shape, *, workers: int, timeout_s: float | None, memory_mb: int | None = None
) -> AbstractContextManager[Engine]:
    """Return the engine for this number of worker processes; 0 is this process."""
    if workers == 0:
        return nullcontext(Here(factory))
    return Workers(factory, shape, count=workers, timeout_s=timeout_s, memory_mb=memory_mb)


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
