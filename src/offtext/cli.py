"""The command line: `offtext analyze` and `offtext show`; those of `offtext.train.commands` make models."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from offtext import __version__
from offtext.errors import ConfigError, OfftextError, RunStopped
from offtext.train.commands import add_commands

if TYPE_CHECKING:
    from rich.console import Console

    from offtext.jobs.run import EngineOf
    from offtext.jobs.summary import Summary
    from offtext.pipeline import Pipeline

FINE, SOME_FAILED, USAGE, ALL_FAILED = range(4)
ERRORS_SHOWN = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    0 fine, 1 some documents failed or were not reached, 2 usage, 3 all failed; after a signal 128 and its number, as is
    the custom (130 for Ctrl-C).
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options) or FINE)
    except OfftextError as error:
        if options.verbose:
            raise
        print(f"offtext: {error}", file=sys.stderr)
        if isinstance(error, RunStopped):
            return SOME_FAILED
        return USAGE if isinstance(error, ConfigError) else ALL_FAILED
    except KeyboardInterrupt as signal:
        return _interrupted(options, getattr(signal, "number", 2))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="offtext",
        description="Read Swedish public-sector texts: who says, wants and does what, together with whom.",
    )
    parser.add_argument("--version", action="version", version=f"offtext {__version__}")
    parser.add_argument("-v", "--verbose", action="store_true", help="show tracebacks")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    _add_analyze(commands.add_parser("analyze", help="files, folders, archives -> tables; goes on where it stopped"))

    show = commands.add_parser("show", help="one document in the terminal, or as a page")
    show.add_argument("path", type=Path, metavar="FILE")
    show.add_argument("--html", type=Path, metavar="PAGE", help="write the page instead")
    _add_pipeline_options(show)
    show.set_defaults(run=_show)

    add_commands(commands)
    return parser


def _add_analyze(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("paths", nargs="+", metavar="PATH", help="files, folders, quoted globs, zip, tar, jsonl, csv, parquet")
    add("-o", "--output", type=Path, required=True, metavar="FOLDER", help="where the tables go")
    add("--format", choices=("parquet", "jsonl"), default="parquet", help="default: parquet")
    add("--text", default="text", metavar="COLUMN", help="text column of jsonl, csv and parquet")
    add("--id", metavar="COLUMN", help="column that names their rows")
    add("--html", action="store_true", help="also write one HTML page a document, in FOLDER/html")
    _add_pipeline_options(parser)
    run = parser.add_argument_group("how it runs").add_argument
    run("--workers", type=_count, metavar="N", help="processes; default: one a core. 0: none, and no protection")
    run("--timeout-s", type=_seconds, default=600.0, metavar="S", help="for one document; default: 600; 0: none")
    run("--memory-mb", type=_count, metavar="N", help="what a worker may take before its document fails; default: any")
    run("--shard-size", type=_count, default=256, metavar="N", help="documents in a part of a table; default: 256")
    run("--engine", choices=("local", "ray"), default="local", help="who does the work; ray: a cluster (extra: ray)")
    run("--ray-address", metavar="ADDRESS", help="of the cluster; default: RAY_ADDRESS, or this machine alone")
    run("--restart", action="store_true", help="throw away what earlier runs left in FOLDER")
    run("--retry-errors", action="store_true", help="do again the parts in which documents failed")
    run("--allow-vanished", action="store_true", help="go on though more than half of the documents are gone")
    run("--quiet", action="store_true", help="no progress and no summary")
    run("--json-log", action="store_true", help="progress as JSON lines on standard error")
    parser.set_defaults(run=_analyze)


def _engine(options: argparse.Namespace) -> EngineOf:
    if options.engine == "ray":
        from offtext.jobs.ray import RayEngine

        return RayEngine(options.ray_address, memory_mb=options.memory_mb or None)
    from offtext.jobs.local import local_engine

    return local_engine


def _count(value: str) -> int:
    if not value.isdecimal():
        raise argparse.ArgumentTypeError(f"{value!r} is not a whole number")
    return int(value)


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{value!r} is not a number of seconds")
    return seconds


def _add_pipeline_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default=None, metavar="NAME", help="a model's name or folder")
    parser.add_argument("--rules-only", action="store_true", help="no model: rules and registers alone")
    parser.add_argument("--layers", nargs="+", metavar="LAYER", help="only these layers; all by default")


def _pipeline(options: argparse.Namespace) -> Pipeline:
    from offtext.pipeline import DEFAULT_MODEL, Pipeline

    return Pipeline(model=None if options.rules_only else options.model or DEFAULT_MODEL, layers=options.layers)


def _analyze(options: argparse.Namespace) -> int:
    from rich.console import Console

    from offtext.jobs.progress import progress_on
    from offtext.jobs.run import analyze_archive
    from offtext.pipeline import DEFAULT_MODEL

    quiet = options.quiet or options.json_log
    with progress_on(Console(stderr=True, quiet=options.quiet), json_log=options.json_log) as watcher:
        summary = analyze_archive(
            options.paths,
            options.output,
            model=None if options.rules_only else options.model or DEFAULT_MODEL,
            layers=options.layers,
            format=options.format,
            text=options.text,
            id=options.id,
            html=options.html,
            workers=options.workers,
            timeout_s=options.timeout_s or None,
            memory_mb=options.memory_mb or None,
            shard_size=max(1, options.shard_size),
            restart=options.restart,
            retry_errors=options.retry_errors,
            allow_vanished=options.allow_vanished,
            watcher=watcher,
            engine=_engine(options),
        )
    _print_summary(Console(quiet=quiet), summary)
    if summary.failed:
        return SOME_FAILED if summary.documents else ALL_FAILED
    return FINE


def _interrupted(options: argparse.Namespace, number: int) -> int:
    if getattr(options, "output", None) is not None:
        print(
            f"offtext: interrupted. What is finished in {options.output} is kept; the same command goes on from there.",
            file=sys.stderr,
        )
    return 128 + int(number)


def _print_summary(console: Console, summary: Summary) -> None:
    from rich.table import Table
    from rich.text import Text

    from offtext.labels import name_of

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    rate = summary.fresh / summary.seconds if summary.seconds else 0.0
    before = summary.documents + summary.duplicates + summary.failed - summary.fresh
    told = f"{summary.seconds:.1f} s, {rate:.1f} a second" + (f"; {before:,} were done before" if before else "")
    table.add_row("documents", f"{summary.documents:,}", told)
    types = ", ".join(f"{count} {name_of(label, 'en')}" for label, count in summary.doc_types.most_common())
    table.add_row("types", f"{len(summary.doc_types)}", types)
    for layer, count in summary.counts.items():
        table.add_row(layer.replace("_", " "), f"{count:,}")
    table.add_row("with warnings", f"{summary.warnings:,}")
    table.add_row("duplicates", f"{summary.duplicates:,}")
    table.add_row("failed", f"{summary.failed:,}")
    for name in ("new", "changed", "vanished"):
        if count := getattr(summary.changes, name):
            some = summary.changes.names[name]
            table.add_row(name, f"{count:,}", ", ".join(some) + (" …" if count > len(some) else ""))
    console.print(table)
    for _, message in summary.errors[:ERRORS_SHOWN]:
        console.print(Text(f"failed: {message}", style="red"), soft_wrap=True)
    if summary.failed > ERRORS_SHOWN:
        console.print(f"… and {summary.failed - ERRORS_SHOWN} more, in the table of errors")
    for name, path in summary.paths.items():
        console.print(Text(f"{name:16} {path}"), soft_wrap=True)


def _show(options: argparse.Namespace) -> int:
    from rich.console import Console

    from offtext.plot.highlight import to_page
    from offtext.plot.terminal import to_terminal

    record = _pipeline(options).analyze(options.path).to_dict()
    if options.html:
        options.html.write_text(to_page(record), encoding="utf-8", errors="replace")
        Console().print(f"written: {options.html}", soft_wrap=True)
    else:
        Console().print(to_terminal(record))
    return FINE


if __name__ == "__main__":
    sys.exit(main())
