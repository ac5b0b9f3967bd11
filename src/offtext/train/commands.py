"""The commands of those who make models: `offtext train`, `offtext export` and `offtext evaluate`.

Imports stand inside of the functions: the command line shows its help without torch, numpy or rich.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from offtext import __version__
from offtext.errors import ConfigError, MissingExtra, UnreadableFile

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

LICENCE = "CC-BY-SA-4.0"  # of the weights; the share-alike comes from the entity corpora
_Commands = Any  # what argparse's `add_subparsers` returns has no public name


def add_commands(commands: _Commands) -> None:
    """Add the three commands to the parser of the command line."""
    train = commands.add_parser("train", help="fine-tune an encoder by a recipe (extra: train)")
    train.add_argument("recipe", type=Path, metavar="RECIPE.toml")
    train.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER", help="where the checkpoint goes")
    train.set_defaults(run=_train)
    _add_export(commands.add_parser("export", help="what train left -> a model folder (extra: train)"))
    _add_evaluate(commands.add_parser("evaluate", help="score a model on annotated texts, layer by layer"))


def _add_export(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("trained", type=Path, metavar="RUN", help="the folder that train wrote")
    add("--recipe", type=Path, required=True, metavar="RECIPE.toml", help="the recipe it was trained by")
    add(
        "-o",
        "--output",
        dest="model",
        type=Path,
        required=True,
        metavar="MODEL",
        help="the model's folder, filled anew",
    )
    add("--annotations", type=Path, nargs="+", required=True, metavar="FOLDER", help="folders of annotated sets")
    add("--sets", nargs="+", metavar="SET[=WEIGHT]", help="sets to learn from; default: every set there is a name for")
    add("--corpora", type=Path, required=True, metavar="FOLDER", help="public texts that the table of types names")
    types, passages = Path("corpora/doctypes"), Path("corpora/themes/passages.txt")
    add("--types", type=Path, default=types, metavar="FOLDER", help="own texts by type (%(default)s)")
    add("--passages", type=Path, default=passages, metavar="FILE", help="own sentences by theme (%(default)s)")
    add("--name", default="sv_offtext", help="of the model (%(default)s)")
    add("--version", default=__version__, help="of the model (%(default)s)")
    parser.set_defaults(run=_export)


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("texts", type=Path, metavar="TEXTS.jsonl", help='{"id", "text", "source"} a line')
    parser.add_argument("gold", type=Path, metavar="GOLD.jsonl", help="annotations in the form of docs/guidelines.md")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--model", metavar="NAME", help="a model's name or folder")
    which.add_argument("--rules-only", action="store_true", help="no model: rules and registers alone")
    parser.add_argument("-o", "--output", dest="figures", type=Path, metavar="FIGURES.json", help="write them too")
    parser.set_defaults(run=_evaluate)


@contextmanager
def _extra(purpose: str) -> Iterator[None]:
    """Turn a missing library into the message that names the extra."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] == "offtext":
            raise
        raise MissingExtra(error.name or "torch", "train", purpose) from error


def _train(options: argparse.Namespace) -> None:
    with _extra("offtext train"):
        from offtext.train.multitask.recipe import load_recipe
        from offtext.train.multitask.run import train_recipe
    figures = train_recipe(load_recipe(options.recipe), options.output)
    print(f"best epoch: {' '.join(f'{name} {value:.3f}' for name, value in figures.items())}")


def _export(options: argparse.Namespace) -> None:
    from offtext.train.annotated import SETS, weighed

    try:
        sets = weighed(options.sets or SETS)
    except ValueError as error:
        raise ConfigError(f"--sets takes SET or SET=WEIGHT, as in train formal=2 ({error})") from error
    if not (options.trained / "figures.json").is_file():
        raise UnreadableFile(options.trained, "no finished run of offtext train", "Train first, or let it finish.")
    with _extra("offtext export"):
        from offtext.train.multitask.recipe import load_recipe
        from offtext.train.release import Sources, release
    recipe = load_recipe(options.recipe)
    sources = Sources(options.annotations, sets, options.corpora, options.types, options.passages)
    facts = {"name": options.name, "version": options.version, "licence": LICENCE}
    options.model.mkdir(parents=True, exist_ok=True)
    beside = options.model / options.recipe.name
    if not (beside.exists() and beside.samefile(options.recipe)):
        shutil.copyfile(options.recipe, beside)
    figures = release(options.trained, recipe, options.model, sources, facts, say=print)
    for name, value in figures.items():
        print(f"{name:45} {value:.3f}")


def _evaluate(options: argparse.Namespace) -> None:
    import json

    from rich.console import Console

    from offtext.pipeline import DEFAULT_MODEL, Pipeline
    from offtext.train.evaluation import evaluate, read_annotated

    annotated = read_annotated(options.texts, options.gold)
    report = evaluate(annotated, Pipeline(model=None if options.rules_only else options.model or DEFAULT_MODEL))
    report["texts"] = options.texts.name
    if options.figures:
        options.figures.parent.mkdir(parents=True, exist_ok=True)
        options.figures.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    _print_report(Console(), report)


def _print_report(console: Console, report: Mapping[str, Any]) -> None:
    model = report["model"]
    console.print(
        f"{model['name']} {model['version']} on {report['documents']} documents of {report['texts']}; in %",
        markup=False,
    )
    console.print(_layers(report))
    for title in ("types", "publishers"):
        if report[title]:
            console.print(_groups(title, report[title]))
    console.print(_calibration(report["calibration"]))
    levels = (f"{level}: {row['score']:.2f} ({row['count']})" for level, row in report["theme levels"].items())
    console.print(f"mean score of a document's theme by annotated level: {', '.join(levels)}")


def _layers(report: Mapping[str, Any]) -> Table:
    from offtext.metrics import COUNTED
    from offtext.train.evaluation import TYPE

    table = _table("layer", "F", "95 %", "P", "R", "annotated", "found")
    documents, (low, high) = str(report["documents"]), report["intervals"][TYPE]
    spread = f"{percent(low)}–{percent(high)}"
    table.add_row(TYPE, percent(report["figures"][TYPE]), spread, "", "", documents, documents)
    for row in COUNTED:
        figure, (low, high) = report["figures"][row], report["intervals"][row]
        shares = [percent(figure[part]) for part in ("f", "p", "r")]
        spread = f"{percent(low)}–{percent(high)}"
        table.add_row(row, shares[0], spread, *shares[1:], str(figure["gold"]), str(figure["found"]))
    for row in ("theme sentence macro F1", "theme doc mean AP", "theme doc mean AUROC"):
        table.add_row(row, percent(report["figures"][row]))
    return table


def _groups(title: str, groups: Mapping[str, Mapping[str, Any]]) -> Table:
    from offtext.train.evaluation import GROUPED

    table = _table(title, "documents", *GROUPED)
    for name, group in groups.items():
        cells = [percent(group[row]["value"]) if group[row] else "–" for row in GROUPED]
        table.add_row(name, str(group["documents"]), *cells)
    return table


def _calibration(layers: Mapping[str, Mapping[str, Any]]) -> Table:
    table = _table("calibration of", "error", "given", "mean score", "right")
    for layer, row in layers.items():
        rows, count = row["reliability"], row["count"]
        means = [sum(r["count"] * r[part] for r in rows) / count if count else None for part in ("score", "right")]
        table.add_row(layer, percent(row["error"]), str(count), *map(percent, means))
    return table


def _table(first: str, *others: str) -> Table:
    from rich.table import Table

    table = Table(box=None, padding=(0, 2, 0, 0))
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def percent(share: float | None) -> str:
    """Write a share in percent with one decimal; a dash for none.

    >>> percent(0.8134), percent(None)
    ('81.3', '–')
    """
    return "–" if share is None else f"{100 * share:.1f}"
