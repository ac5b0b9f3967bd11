"""Write the plan for ten million documents from what was measured: machines, hours, storage.

    python benchmarks/scale.py [--documents 10000000]

Takes what a document costs from `results/stages.json` and what an archive holds from the largest run of each setting in
`results/archive.json`, and writes the tables between the marks of `docs/scale.md`. Nothing is measured here.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent / "docs" / "scale.md"
MACHINES = ((1, 8), (1, 32), (4, 32), (16, 32))  # machines, cores of each
LOSS = 0.8  # of the ideal rate that many cores reach: an assumption, to be measured on the machines at hand
SETTINGS = ("model", "rules only")


def results(name: str) -> Any:
    path = HERE / "results" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def unit_costs() -> dict[str, dict[str, float]]:
    """Return by setting what one document costs, as far as it was measured."""
    stages, runs = results("stages"), results("archive").get("runs", [])
    costs = {}
    for setting in SETTINGS:
        cost: dict[str, float] = {}
        if setting in stages:
            cost |= {"core_s": stages[setting]["ms_in_all"] / 1000, "list_ms": stages[setting]["ms"]["list"]}
            cost["characters"] = stages[setting]["characters_a_document"]
        largest = max(
            (run for run in runs if run["setting"] == setting), key=lambda run: run["documents"], default=None
        )
        if largest:
            listed = largest["listed"]
            cost |= {
                "run_documents": largest["documents"],
                "run_core_s": largest["seconds"] * largest["workers"] / listed,
                "source_kb": largest["archive_mb"] * 1000 / listed,
                "result_kb": largest["result_mb"] * 1000 / listed,
                "worklist_b": largest.get("worklist_mb", 0) * 1e6 / listed,
                "worker_mb": largest["peak_process_mb"],
            }
        if cost:
            costs[setting] = cost
    return costs


def to_markdown(documents: int, costs: dict[str, dict[str, float]]) -> str:
    if not costs:
        return "Not measured yet: run `benchmarks/stages.py` and `benchmarks/archive.py`, then `benchmarks/scale.py`."
    rows = {
        "core seconds a document, by stages": ("core_s", "{:.3f}"),
        "core seconds a document, of a whole run": ("run_core_s", "{:.3f}"),
        "… of a run of so many documents": ("run_documents", "{:,.0f}"),
        "characters a document": ("characters", "{:,.0f}"),
        "of that to list it, ms": ("list_ms", "{:.2f}"),
        "source, kB a document": ("source_kb", "{:.1f}"),
        "tables, kB a document": ("result_kb", "{:.2f}"),
        "work list, bytes a document": ("worklist_b", "{:.0f}"),
        "memory of the largest process, MB": ("worker_mb", "{:,.0f}"),
    }
    lines = [f"| measured | {' | '.join(costs)} |", "| --- |" + " --- |" * len(costs)]
    for name, (key, shape) in rows.items():
        cells = [shape.format(cost[key]) if key in cost else "–" for cost in costs.values()]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    lines += ["", f"| {documents:,} documents | {' | '.join(costs)} |", "| --- |" + " --- |" * len(costs)]
    for machines, cores in MACHINES:
        cells = []
        for cost in costs.values():
            core_s = cost.get("run_core_s", cost.get("core_s"))
            cells.append("–" if core_s is None else f"{documents * core_s / (machines * cores * LOSS) / 3600:,.0f} h")
        name = f"{machines} machine{'s' * (machines > 1)} of {cores} cores"
        lines.append(f"| {name} | {' | '.join(cells)} |")
    for name, key, per in (
        ("source, TB", "source_kb", 1e9),
        ("tables, GB", "result_kb", 1e6),
        ("work list, MB", "worklist_b", 1e6),
    ):
        cells = [f"{documents * cost[key] / per:,.2f}" if key in cost else "–" for cost in costs.values()]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    cells = [f"{documents * cost['list_ms'] / 3.6e6:,.1f} h" if "list_ms" in cost else "–" for cost in costs.values()]
    lines.append(f"| listing, by the one process that keeps the books | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10_000_000)
    told = to_markdown(parser.parse_args().documents, unit_costs())
    page = PAGE.read_text(encoding="utf-8")
    marks = r"(<!-- figures -->\n).*(\n<!-- end -->)"
    PAGE.write_text(re.sub(marks, lambda found: found[1] + told + found[2], page, flags=re.DOTALL), encoding="utf-8")
    print(told)


if __name__ == "__main__":
    main()
