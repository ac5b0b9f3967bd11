"""The model's card: prose kept by hand in `notes.md`, figures put in from what was measured.

    python -m offtext.train.card MODEL --figures FIGURES.json

`notes.md` in the model's folder is the card with marks, `<!-- scores -->`, where the parts of `PARTS` go. Beside the
card, reliability.svg shows per layer how often what was given with a score is right.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from offtext.errors import ConfigError, MissingExtra, ModelError, UnknownName, UnreadableFile
from offtext.metrics import COUNTED
from offtext.train.commands import percent
from offtext.train.evaluation import GROUPED, TYPE

CARD, NOTES, FIGURE = "MODEL_CARD.md", "notes.md", "reliability.svg"
PARTS = ("model", "scores", "groups", "calibration", "cross-validation", "parity", "recipe")
_MARK = re.compile(r"<!-- ([a-z-]+) -->")
Json = Mapping[str, Any]


def write_card(folder: Path, report: Json) -> str:
    """Write `MODEL_CARD.md` and `reliability.svg` into a model's folder and return the card.

    Args:
        folder: Holds `manifest.json`, `notes.md` and perhaps `recipe.toml`.
        report: The figures that `offtext evaluate` wrote.

    Raises:
        ModelError: There is no manifest or no notes.
        ConfigError: The figures are of another model or version, or the notes lack a mark.
        UnknownName: The notes have a mark that is no part.
        MissingExtra: matplotlib is not installed.
    """
    manifest = json.loads(_text(folder, "manifest.json"))
    named, scored = ((side["name"], side["version"]) for side in (manifest, report["model"]))
    if named != scored:
        raise ConfigError(f"the figures are of {' '.join(scored)}, the model is {' '.join(named)}. Evaluate it again.")
    recipe = folder / "recipe.toml"
    parts = {
        "model": _model(manifest, folder),
        "scores": _scores(report),
        "groups": _groups(report),
        "calibration": _calibration(report),
        "cross-validation": _facts(manifest.get("cross_validated", {})),
        "parity": _facts(manifest.get("parity", {})),
        "recipe": f"```toml\n{recipe.read_text(encoding='utf-8').strip()}\n```" if recipe.is_file() else "Not kept.",
    }
    card = fill(_text(folder, NOTES), parts)
    draw(report["calibration"], folder / FIGURE)
    (folder / CARD).write_text(card, encoding="utf-8")
    return card


def fill(notes: str, parts: Mapping[str, str]) -> str:
    """Put every part in the place of its mark.

    >>> fill("Scores: <!-- scores -->.", {"scores": "good"})
    'Scores: good.'
    """
    marks = _MARK.findall(notes)
    for mark in marks:
        if mark not in parts:
            raise UnknownName("mark in the notes", mark, parts)
    if missing := [part for part in parts if part not in marks]:
        raise ConfigError(f"notes.md lacks the marks {', '.join(f'<!-- {part} -->' for part in missing)}")
    return _MARK.sub(lambda found: parts[found[1]], notes)


def draw(layers: Json, path: Path) -> None:
    """Draw one reliability diagram a layer: share of right over score, and above it how much was given where.

    The same figures give the same file.
    """
    try:
        from matplotlib import rc_context
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        raise MissingExtra(error.name or "matplotlib", "train", "the model's card") from error

    shown = {layer: row for layer, row in layers.items() if row["count"]}
    columns = max(1, min(3, len(shown)))
    lines = max(1, -(-len(shown) // columns))
    with rc_context({"svg.hashsalt": "offtext", "svg.fonttype": "none", "font.size": 8}):
        figure = Figure(figsize=(2.7 * columns, 2.7 * lines), layout="constrained")
        FigureCanvasSVG(figure)
        for number, (layer, row) in enumerate(shown.items(), 1):
            axes = figure.add_subplot(lines, columns, number)
            bins = row["reliability"]
            most = max(r["count"] for r in bins)
            axes.bar(
                [r["low"] for r in bins],
                [0.2 * r["count"] / most for r in bins],
                [r["high"] - r["low"] for r in bins],
                align="edge",
                color="#d0d0d0",
            )
            axes.plot([0, 1], [0, 1], color="#808080", linewidth=0.8, linestyle="--")
            axes.plot([r["score"] for r in bins], [r["right"] for r in bins], color="#1f5f8b", marker="o", markersize=3)
            axes.set(title=f"{layer} (error {percent(row['error'])} %)", xlim=(0, 1), ylim=(0, 1), aspect="equal")
            axes.set(xlabel="score", ylabel="share right")
        figure.savefig(path, format="svg", metadata={"Date": None})


def _model(manifest: Json, folder: Path) -> str:
    rows = [
        ("name", manifest["name"]),
        ("version", manifest["version"]),
        ("licence", manifest.get("licence", "not stated")),
        ("encoder", f"{_layer_count(manifest.get('layers'))} layers, width {manifest.get('width', '?')}"),
        ("window", f"{manifest.get('max_tokens', '?')} tokens; longer texts are read in overlapping windows"),
    ]
    rows += [(f"`{name}`", _size(folder / name)) for name in manifest.get("files", {})]
    heads = [(f"`{head['task']}`", head["form"], ", ".join(head["labels"])) for head in manifest.get("heads", ())]
    out = _table(("", ""), rows)
    return f"{out}\n\n{_table(('head', 'form', 'labels'), heads)}" if heads else out


def _scores(report: Json) -> str:
    figures, spread = report["figures"], report["intervals"]
    rows = [(TYPE, percent(figures[TYPE]), _between(*spread[TYPE]), "", "", str(report["documents"]))]
    for row in COUNTED:
        f = figures[row]
        shares = (percent(f["f"]), _between(*spread[row]), percent(f["p"]), percent(f["r"]))
        rows.append((row, *shares, str(f["gold"])))
    means = ("theme sentence macro F1", "theme doc mean AP", "theme doc mean AUROC")
    rows += [(row, percent(figures[row]), "", "", "", "") for row in means]
    asked = [
        (name.removesuffix(" accuracy"), percent(figure["accuracy"]), str(figure["of"]))
        for name, figure in figures.items()
        if isinstance(figure, dict) and name.endswith(" accuracy") and figure["of"]
    ]
    themes = [
        (name, percent(f["sentence F1"]), percent(f["doc AP"]), percent(f["doc AUROC"]), str(f["docs"]))
        for name, f in figures["by theme"].items()
    ]
    return "\n\n".join(
        (
            f"{report['documents']} documents ({report['texts']}), offtext {report['offtext']}; F in percent, with the "
            "95 % interval over documents (bootstrap). What counts as found: `offtext.metrics`.",
            _table(("layer", "F", "95 %", "P", "R", "annotated"), rows),
            "What is told of what was found:",
            _table(("question", "right, %", "asked"), asked),
            _table(("theme", "sentence F", "document AP", "document AUROC", "documents"), themes),
        )
    )


def _groups(report: Json) -> str:
    tables = []
    for title in ("types", "publishers"):
        if not report[title]:
            continue
        rows = [
            (name, str(group["documents"]), *(_cell(group[row]) for row in GROUPED))
            for name, group in report[title].items()
        ]
        tables.append(_table((title, "documents", *GROUPED), rows))
    return "\n\n".join(tables) or "Too few documents of any type or publisher."


def _calibration(report: Json) -> str:
    layers = report["calibration"]
    errors = [(layer, percent(row["error"]), str(row["count"])) for layer, row in layers.items()]
    bins = [
        (layer, f"{r['low']:.1f}–{r['high']:.1f}", str(r["count"]), f"{r['score']:.2f}", f"{r['right']:.2f}")
        for layer, row in layers.items()
        for r in row["reliability"]
    ]
    levels = [(level, str(row["count"]), f"{row['score']:.2f}") for level, row in report["theme levels"].items()]
    return "\n\n".join(
        (
            f"![Share of right over score, layer by layer]({FIGURE})",
            _table(("layer", "expected calibration error, %", "given"), errors),
            "Mean score of the themes of documents by annotated level (0 absent, 1 present, 2 a main point):",
            _table(("level", "themes of documents", "mean score"), levels),
            "The figure as a table:",
            _table(("layer", "scores", "given", "mean score", "share right"), bins),
        )
    )


def _facts(facts: Json) -> str:
    return _table(("", ""), [(name, f"{value:.4g}") for name, value in facts.items()]) if facts else "Not measured."


def _cell(figure: Json | None) -> str:
    return f"{percent(figure['value'])} ({_between(figure['low'], figure['high'])})" if figure else "–"


def _between(low: float, high: float) -> str:
    return f"{percent(low)}–{percent(high)}"


def _layer_count(said: Any) -> str:
    return str(max(said) if isinstance(said, list) else said or "?")


def _size(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.1f} MB" if path.is_file() else "missing"


def _table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    rule = ("---", *["---:"] * (len(head) - 1)) if len(head) > 3 else ("---",) * len(head)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


def _text(folder: Path, name: str) -> str:
    try:
        return (folder / name).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ModelError(folder, f"{name} is missing", "Export the model first; notes.md is written by hand.") from None


def main(arguments: list[str] | None = None) -> None:
    """Make the card of a model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, metavar="MODEL", help="the model's folder")
    parser.add_argument("--figures", type=Path, required=True, help="what offtext evaluate -o wrote")
    options = parser.parse_args(arguments)
    try:
        report = json.loads(options.figures.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableFile(options.figures, str(error), "Make it with offtext evaluate -o.") from error
    write_card(options.model, report)
    print(f"written: {options.model / CARD}, {options.model / FIGURE}")


if __name__ == "__main__":
    main()
