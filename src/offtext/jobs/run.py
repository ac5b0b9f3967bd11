"""One run over an archive: work list, shards, workers, tables; and the same again from where it was cut off."""

from __future__ import annotations

import errno
import os
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from typing import Any

from offtext.errors import RunRefused, RunStopped
from offtext.jobs.batch import Batch, Engine, Rows, Shape
from offtext.jobs.folder import ResultFolder, clear
from offtext.jobs.local import MakeAnalyst, cores, local_engine
from offtext.jobs.lock import locked
from offtext.jobs.manifest import Manifest, Settings, sum_of
from offtext.jobs.pages import page_name
from offtext.jobs.progress import Watcher
from offtext.jobs.shards import BATCH_DOCUMENTS, SHARD_SIZE, OpenShard, Shard, plan
from offtext.jobs.signals import interruptible
from offtext.jobs.sources import Origin, expand
from offtext.jobs.summary import Summary, first_errors
from offtext.jobs.worker import Factory
from offtext.jobs.worklist import Changes, Worklist
from offtext.pipeline import DEFAULT_MODEL

TIMEOUT_S = 600.0
VANISHED_FEW = 20  # so many documents may always vanish, and any number up to half of them
EngineOf = Callable[..., AbstractContextManager[Engine]]
Path_ = str | os.PathLike[str]


def analyze_archive(
    arguments: Sequence[Path_],
    output: Path_,
    *,
    model: str | None = DEFAULT_MODEL,
    layers: Sequence[str] | None = None,
    format: str = "parquet",
    text: str = "text",
    id: str | None = None,
    html: bool = False,
    workers: int | None = None,
    timeout_s: float | None = TIMEOUT_S,
    memory_mb: int | None = None,
    shard_size: int = SHARD_SIZE,
    restart: bool = False,
    retry_errors: bool = False,
    allow_vanished: bool = False,
    watcher: Watcher | None = None,
    engine: EngineOf = local_engine,
    factory: Factory | None = None,
) -> Summary:
    """Analyse files, folders, archives and tables into a folder of tables; called again, go on where it stopped.

    A document that fails, hangs or takes its worker down is a row in `errors`. The tables depend on the documents and
    on what `run.json` calls settings and versions, not on the number of workers, nor on how often the run was cut off.

    Args:
        arguments: Files, folders, globs.
        output: The folder for the tables.
        model: Name or folder of a model; None works by rules and registers alone.
        layers: The layers wanted; all by default.
        format: 'parquet' or 'jsonl'.
        text: The column of jsonl, csv and parquet files that holds the text.
        id: The column that names their rows.
        html: Also write one page a document, in `output`/html.
        workers: Processes; as many as the engine has cores, and not more than there is work for. 0 works in this
            process, without timeouts and without protection from crashes.
        timeout_s: Seconds that a document may take; None for any.
        memory_mb: Megabytes that a worker may take before its document fails; None for any. For the local engine.
        shard_size: Documents in a part of the tables, on average; a kill costs at most the parts that are open.
        restart: Throw away what earlier runs left in `output`.
        retry_errors: Do again the shards in which documents failed.
        allow_vanished: Go on though more than half of the documents of the session before are gone.
        watcher: Is told how it goes.
        engine: Who does the work; called with `factory`, `shape`, `workers`, `timeout_s`.
        factory: Makes the analyst of a worker; by default from `model` and `layers`.

    Raises:
        UnreadableFile: One of `arguments` names nothing; nothing is written then.
        ConfigError: Another format, an unknown layer, a model that is not whole.
        RunRefused: Another run is at work in `output`, it was made with other settings, or of other documents.
        RunStopped: No room on disk, or workers do not start.
        KeyboardInterrupt: At Ctrl-C or SIGTERM, after everything was put in order.
    """
    shape, output = Shape(format, html), Path(output)
    named = tuple(Path(argument).as_posix() for argument in arguments)
    chosen = None if layers is None else tuple(layers)
    settings = Settings(named, model, chosen, format, text, id, html, shard_size).told()
    expand(arguments)  # raises where one names nothing

    if engine is local_engine:
        engine = partial(local_engine, memory_mb=memory_mb)

    def analyst(threads: int) -> Factory:
        return factory or MakeAnalyst(model, chosen, threads, shape, text, id)

    with ExitStack() as stack:
        stack.enter_context(interruptible())
        try:
            _make(output)
            stack.enter_context(locked(output))
            if restart:
                clear(output)
            run = Run(output, shape, Manifest.begin(output, settings), watcher or Watcher(), shard_size)
            run.prepare(arguments, text=text, id=id, forget=retry_errors, let_go=allow_vanished)
            return run.work(engine, analyst, workers, timeout_s)
        except OSError as error:
            raise _stopped(output, error) from error


class Run:
    """One session of a run in a result folder that is locked."""

    def __init__(self, output: Path, shape: Shape, manifest: Manifest, watcher: Watcher, shard_size: int) -> None:
        self.folder, self.shape, self.manifest, self.watcher = ResultFolder(output, shape), shape, manifest, watcher
        self._shard_size = shard_size
        self.changes = Changes(0, 0, 0, {})
        self._open: dict[int, OpenShard] = {}
        self._markers: dict[int, dict[str, Any]] = {}
        self._fresh = 0
        self._started = time.monotonic()

    def prepare(self, arguments: Sequence[Path_], *, text: str, id: str | None, forget: bool, let_go: bool) -> None:
        """Make the work list, compare it with the one before, and fit the folder to it."""
        self.folder.make()
        listed, unfinished = (self.folder.folder / name for name in ("worklist.parquet", ".worklist.new.parquet"))
        earlier = _earlier(listed)
        skipped: Counter[str] = Counter()
        known = _known(self.folder.folder, earlier)
        found = expand(arguments, text=text, id=id, skipped=skipped, known=known)
        worklist = Worklist.make(self._counted(found), unfinished, skipped=skipped)
        if earlier is not None:
            self.changes = worklist.changes_from(earlier)
            if not let_go:
                self._check_vanished(len(earlier), unfinished)
        unfinished.replace(listed)
        self._worklist = Worklist(listed)
        self._shards = list(plan(self._worklist, self._shard_size))
        self.folder.align(self._shards, forget=forget)
        for shard in self._shards:
            marker = self.folder.marker(shard)
            if marker is not None:
                self._markers[shard.number] = marker
        if self.shape.html:
            self.folder.keep_pages({page_name(origin.id) for origin in self._worklist})
        self.manifest.inputs = {
            "documents": len(self._worklist),
            "passed_over": dict(skipped.most_common()),
            "since_last_session": asdict(self.changes),
        }

    def _check_vanished(self, before: int, unfinished: Path) -> None:
        """Refuse to throw away most of the results because a disk is not mounted or another folder was named."""
        gone = self.changes.vanished
        if gone > VANISHED_FEW and gone > before / 2:
            unfinished.unlink()
            raise RunRefused(
                self.folder.folder,
                f"{gone} of the {before} documents it is made of are not among those named now",
                "Is the source there? Choose another folder for other documents; if they are gone for good, say "
                "--allow-vanished (allow_vanished=True) to take them out of the tables.",
            )

    def _counted(self, origins: Iterator[Origin]) -> Iterator[Origin]:
        for number, origin in enumerate(origins, 1):
            self.watcher.listed(number)
            yield origin

    def work(
        self,
        engine: EngineOf,
        analyst: Callable[[int], Factory],
        workers: int | None,
        timeout_s: float | None,
    ) -> Summary:
        """Do the shards that are not done, and tell what came of it."""
        todo = [shard for shard in self._shards if shard.number not in self._markers]
        count = self._workers_for(todo, getattr(engine, "cores", cores)()) if workers is None else workers
        threads = max(1, cores() // max(1, count))  # the encoders of all workers keep the cores busy, and no busier
        self._count()
        self.manifest.open_session(count, threads, timeout_s)
        done = sum(shard.stop - shard.start for shard in self._shards if shard.number in self._markers)
        self.watcher.begin(len(self._worklist), done)
        status = "stopped"
        try:
            with engine(analyst(threads), self.shape, workers=count, timeout_s=timeout_s) as hands:
                for rows in hands.run(self._batches(todo)):
                    self._take(rows)
                    self._finish_complete()
            self._finish_complete()
            if self._open:
                raise RunStopped(f"{len(self._open)} shards were not completed", "Run the same command again.")
            status = "finished"
        except KeyboardInterrupt:
            status = "interrupted"
            raise
        finally:
            self._count()
            self.watcher.end(status)
            self.manifest.close_session(status, self._fresh, time.monotonic() - self._started)
        return self._summary()

    def _count(self) -> None:
        self.manifest.counts = sum_of(list(self._markers.values()))
        self.manifest.shards = {"planned": len(self._shards), "finished": len(self._markers)}

    def _workers_for(self, todo: Sequence[Shard], most: int) -> int:
        documents = sum(shard.stop - shard.start for shard in todo)
        return max(1, min(most, -(-documents // BATCH_DOCUMENTS)))

    def _batches(self, todo: Sequence[Shard]) -> Iterator[Batch]:
        """Open shard after shard as there is room for their batches."""
        for shard in todo:
            origins = self._worklist.slice(shard.start, shard.stop)
            held = self._open[shard.number] = OpenShard(shard, origins, self.shape)
            self._take(held.without_work())
            yield from held.batches()

    def _take(self, rows: Rows) -> None:
        self._open[rows.shard].add(rows)
        self._fresh += len(rows.positions)
        self.watcher.advance(len(rows.positions), rows.errors)

    def _finish_complete(self) -> None:
        for number in [number for number, held in self._open.items() if held.complete]:
            held = self._open[number]
            self._markers[number] = self.folder.finish(held.shard, held.tables(), held.tally())
            del self._open[number]
            self.watcher.shard()

    def _summary(self) -> Summary:
        summary = Summary(fresh=self._fresh, seconds=time.monotonic() - self._started, changes=self.changes)
        summary.take(self.manifest.counts)
        summary.paths = {name: self.folder.folder / name for name in self.shape.schemas}
        for shard in self._shards:
            if self._markers[shard.number]["failed"] and len(summary.errors) < 10:
                summary.errors += first_errors(self.folder.part("errors", shard))
        return summary


def _earlier(listed: Path) -> Worklist | None:
    """Return the work list of the session before; None where there is none that can be read."""
    try:
        return Worklist(listed)
    except (OSError, ValueError):  # pyarrow's errors are of these kinds
        return None


def _known(output: Path, earlier: Worklist | None) -> Callable[[Origin], Sequence[Origin] | None]:
    """Return what tells `expand` of files that it need not read: those of before, and the results themselves."""
    before = None if earlier is None else earlier.known()
    results = output.resolve()

    @cache
    def own(folder: Path) -> bool:
        return folder.resolve().is_relative_to(results)

    def known(file: Origin) -> Sequence[Origin] | None:
        if own(Path(file.path).parent):
            return []
        return None if before is None else before(file)

    return known


def _stopped(output: Path, error: OSError) -> RunStopped:
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    return RunStopped(
        f"the disk is full, the results in {output} cannot be written" if full else str(error),
        "What was finished is kept: make room, and the same command goes on."
        if full
        else "What was finished is kept, and the same command goes on.",
    )


def _make(output: Path) -> None:
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunRefused(output, f"the folder cannot be made ({error.strerror})", "Choose another place.") from error
