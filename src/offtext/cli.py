"""The command line: `offtext analyze`, `offtext show` and `offtext train`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from offtext import __version__
from offtext.errors import ConfigError, OfftextError

if TYPE_CHECKING:
    from rich.console import Console

    from offtext.jobs.run import Summary
    from offtext.pipeline import Pipeline

FINE, SOME_FAILED, USAGE, ALL_FAILED = range(4)
ERRORS_SHOWN = 10


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 fine, 1 some documents failed, 2 usage, 3 all failed."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return int(options.run(options))
    except OfftextError as error:
        if options.verbose:
            raise
        print(f"offtext: {error}", file=sys.stderr)
        return USAGE if isinstance(error, ConfigError) else ALL_FAILED
    except KeyboardInterrupt:
        print("offtext: interrupted; complete tables keep their names, unfinished ones end in .part", file=sys.stderr)
        return SOME_FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="offtext",
        description="Read Swedish public-sector texts: who says, wants and does what, together with whom.",
    )
    parser.add_argument("--version", action="version", version=f"offtext {__version__}")
    parser.add_argument("-v", "--verbose", action="store_true", help="show tracebacks")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    analyze = commands.add_parser("analyze", help="files and folders -> tables")
    analyze.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, folders, jsonl, csv or parquet")
    analyze.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER", help="where the tables go")
    analyze.add_argument("--format", choices=("parquet", "jsonl"), default="parquet", help="default: parquet")
    analyze.add_argument("--text", default="text", metavar="COLUMN", help="text column of jsonl, csv and parquet")
    analyze.add_argument("--id", metavar="COLUMN", help="column that names their rows")
    analyze.add_argument("--html", action="store_true", help="also write one HTML page a document, in FOLDER/html")
    analyze.add_argument("--quiet", action="store_true", help="no progress bar and no summary")
    _add_pipeline_options(analyze)
    analyze.set_defaults(run=_analyze)

    show = commands.add_parser("show", help="one document in the terminal, or as a page")
    show.add_argument("path", type=Path, metavar="FILE")
    show.add_argument("--html", type=Path, metavar="PAGE", help="write the page instead")
    _add_pipeline_options(show)
    show.set_defaults(run=_show)

    train = commands.add_parser("train", help="fine-tune an encoder by a recipe (extra: train)")
    train.add_argument("recipe", type=Path, metavar="RECIPE.toml")
    train.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER", help="where the checkpoint goes")
    train.set_defaults(run=_train)
    return parser


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

    console = Console(stderr=True, quiet=options.quiet)
    with progress_on(console) as progress:
        summary = analyze_archive(
            options.paths,
            options.output,
            pipeline=_pipeline(options),
            format=options.format,
            text=options.text,
            id=options.id,
            html=options.html,
            progress=progress,
        )
    _print_summary(Console(quiet=options.quiet), summary)
    if summary.errors:
        return SOME_FAILED if summary.documents else ALL_FAILED
    return FINE


def _print_summary(console: Console, summary: Summary) -> None:
    from rich.table import Table
    from rich.text import Text

    from offtext.labels import name_of

    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    rate = summary.documents / summary.seconds if summary.seconds else 0.0
    table.add_row("documents", f"{summary.documents:,}", f"{summary.seconds:.1f} s, {rate:.1f} a second")
    types = ", ".join(f"{count} {name_of(label, 'en')}" for label, count in summary.doc_types.most_common())
    table.add_row("types", f"{len(summary.doc_types)}", types)
    for layer, count in summary.counts.items():
        table.add_row(layer.replace("_", " "), f"{count:,}")
    table.add_row("with warnings", f"{summary.warnings:,}")
    table.add_row("failed", f"{len(summary.errors):,}")
    console.print(table)
    for _, message in summary.errors[:ERRORS_SHOWN]:
        console.print(Text(f"failed: {message}", style="red"), soft_wrap=True)
    if len(summary.errors) > ERRORS_SHOWN:
        console.print(f"… and {len(summary.errors) - ERRORS_SHOWN} more, in the table of errors")
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


def _train(options: argparse.Namespace) -> int:
    from offtext.errors import MissingExtra

    try:
        from offtext.train.multitask.recipe import load_recipe
        from offtext.train.multitask.run import train_recipe
    except ModuleNotFoundError as error:
        raise MissingExtra(error.name or "torch", "train", "offtext train") from error
    figures = train_recipe(load_recipe(options.recipe), options.output)
    print(f"best epoch: {' '.join(f'{name} {value:.3f}' for name, value in figures.items())}")
    return FINE


if __name__ == "__main__":
    sys.exit(main())
