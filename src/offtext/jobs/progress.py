"""Where a long run stands: a bar, plain lines when nobody watches a terminal, or JSON lines for a program."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

LINE_EVERY_S = 30.0
LIST_EVERY = 1000  # documents
Errors = Sequence[tuple[str, str]]


class Watcher:
    """Is told how a run goes, and says nothing: the base of those that do.

    Attributes:
        total: Documents of the run.
        done: Documents that are done, with those of earlier sessions.
        failed: Documents that failed in this session.
    """

    def __init__(self) -> None:
        self.total = self.done = self.failed = self._before = 0
        self._started = time.monotonic()

    @property
    def rate(self) -> float:
        """Documents a second in this session."""
        return (self.done - self._before) / max(time.monotonic() - self._started, 1e-9)

    @property
    def seconds_left(self) -> float | None:
        """Seconds to go at this rate; None before the first document."""
        return (self.total - self.done) / self.rate if self.rate else None

    def listed(self, documents: int) -> None:
        """Take note that so many documents have been listed."""
        self.total = documents
        if documents % LIST_EVERY == 0:
            self.show("list")

    def begin(self, total: int, done: int) -> None:
        """Take note that the work list is made: how many documents there are, and how many are done already."""
        self.total, self.done, self._before, self._started = total, done, done, time.monotonic()
        self.show("begin")

    def advance(self, documents: int, errors: Errors = ()) -> None:
        """Take note of documents done, and of those among them that failed."""
        self.done += documents
        self.failed += len(errors)
        self.show("documents", errors)

    def shard(self) -> None:
        """Take note that a shard is safe on disk."""
        self.show("shard")

    def end(self, status: str) -> None:
        """Take note that the run has ended: 'finished', 'interrupted' or 'stopped'."""
        self.show(status)

    def show(self, event: str, errors: Errors = ()) -> None:
        """Say it."""


class Lines(Watcher):
    """Plain lines, one every half minute."""

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console, self._last = console, time.monotonic()

    def show(self, event: str, errors: Errors = ()) -> None:
        """Print a line when it is time for one."""
        if event == "begin" and self.done:
            self._console.print(f"going on: {self.done} of {self.total} documents are done")
        now = time.monotonic()
        if event not in ("list", "documents") or now - self._last < LINE_EVERY_S:
            return
        self._last = now
        if event == "list":
            self._console.print(f"{self.total} documents listed")
        else:
            left = "" if self.seconds_left is None else f", about {_clock(self.seconds_left)} left"
            self._console.print(
                f"{self.done} of {self.total} documents, {self.rate:.1f} a second, {self.failed} failed{left}"
            )


class Bar(Watcher):
    """A bar in a terminal."""

    def __init__(self, bar: Progress) -> None:
        super().__init__()
        self._bar = bar
        self._task = bar.add_task("list", total=None, rate=0.0, failed=0)

    def show(self, event: str, errors: Errors = ()) -> None:
        """Move the bar."""
        if event == "begin":  # the time left must not be reckoned from what earlier sessions did
            self._bar.reset(self._task, completed=self.done, total=self.total)
        self._bar.update(
            self._task,
            description=event if event == "list" else "analyze",
            completed=self.total if event == "list" else self.done,
            total=None if event == "list" else self.total,
            rate=self.rate,
            failed=self.failed,
        )


class JsonLog(Watcher):
    """One JSON object a line: 'begin', 'error' for each failure, 'shard', and how it ended."""

    def __init__(self, stream: IO[str]) -> None:
        super().__init__()
        self._stream = stream

    def show(self, event: str, errors: Errors = ()) -> None:
        """Write the lines of an event."""
        for id, message in errors:
            self._write({"event": "error", "id": id, "message": message})
        if event != "documents":
            left = self.seconds_left
            self._write(
                {
                    "event": event,
                    "done": self.done,
                    "total": self.total,
                    "failed": self.failed,
                    "documents_per_second": round(self.rate, 2),
                    "seconds_left": None if left is None else round(left),
                }
            )

    def _write(self, line: dict[str, Any]) -> None:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        self._stream.write(json.dumps({"time": stamp, **line}, ensure_ascii=False) + "\n")
        self._stream.flush()


@contextmanager
def progress_on(console: Console, *, json_log: bool = False) -> Iterator[Watcher]:
    """Yield the watcher that suits where it is shown: a bar in a terminal, plain lines elsewhere, or JSON lines."""
    if json_log:
        yield JsonLog(console.file)
        return
    if not console.is_terminal:
        yield Lines(console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("documents, {task.fields[rate]:.1f}/s · {task.fields[failed]} failed ·"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        yield Bar(bar)


def _clock(seconds: float) -> str:
    """Say a time as people do.

    >>> _clock(45), _clock(5400)
    ('45 s', '1 h 30 min')
    """
    minutes = round(seconds / 60)
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
