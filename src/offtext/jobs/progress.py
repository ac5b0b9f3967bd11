"""Where a long run stands: a bar with rate and time left, or plain lines when nobody watches a terminal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from offtext.analysis import Analysis

Report = Callable[[int, int, Analysis], None]
LINE_EVERY_S = 30.0


@contextmanager
def progress_on(console: Console) -> Iterator[Report]:
    """Yield a function that takes (files done, files in all, latest result) and shows it."""
    if not console.is_terminal:
        yield _lines(console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(
            "files · {task.fields[documents]} documents, {task.fields[rate]:.1f}/s · {task.fields[errors]} failed ·"
        ),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("analyze", total=None, documents=0, rate=0.0, errors=0)
        started, documents, errors = time.monotonic(), 0, 0

        def report(done: int, total: int, latest: Analysis) -> None:
            nonlocal documents, errors
            documents, errors = documents + 1, errors + (latest.error is not None)
            rate = documents / max(time.monotonic() - started, 1e-9)
            bar.update(task, completed=done, total=total, documents=documents, rate=rate, errors=errors)

        yield report


def _lines(console: Console) -> Report:
    started = last = time.monotonic()
    documents = 0

    def report(done: int, total: int, latest: Analysis) -> None:
        nonlocal documents, last
        documents, now = documents + 1, time.monotonic()
        if now - last >= LINE_EVERY_S:
            last = now
            left = (now - started) / done * (total - done)
            rate = documents / (now - started)
            console.print(
                f"{done} of {total} files, {documents} documents, {rate:.1f} a second, about {left:.0f} s left"
            )

    return report
