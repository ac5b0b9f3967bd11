"""What a document costs by stage: listing, reading, layout, encoder, each layer, rows and tables.

    python benchmarks/stages.py [--documents 400] [--rules-only]

One process and one thread do an archive as `offtext analyze` does, with a clock around every step. The figures are
processor time, so that neighbours on the machine do not count. Writes `benchmarks/results/stages.{json,md}`; both
settings stand there, each from its latest run.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from itertools import islice
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from archive_files import make_archive  # noqa: E402

from offtext import pipeline  # noqa: E402
from offtext.jobs.batch import Shape  # noqa: E402
from offtext.jobs.folder import to_file  # noqa: E402
from offtext.jobs.shards import OpenShard, plan  # noqa: E402
from offtext.jobs.sources import expand, load  # noqa: E402
from offtext.jobs.worklist import Worklist  # noqa: E402

CORPORA = HERE.parent.parent / "shared" / "corpora"
RESULTS = HERE / "results" / "stages.json"
WARM_UP = 10  # documents


class Clock:
    """Adds up processor seconds by stage."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()

    @contextmanager
    def at(self, *stages: str) -> Iterator[None]:
        """Count what is done in here for these stages."""
        began = time.process_time()
        yield
        for stage in stages:
            self.seconds[stage] += time.process_time() - began

    def around(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        """Return the function with the clock running while it works."""

        @wraps(function)
        def timed(*arguments: Any, **options: Any) -> Any:
            with self.at(stage):
                return function(*arguments, **options)

        return timed


def measure(archive: Path, *, model: str | None) -> dict[str, Any]:
    """Analyse an archive and return processor milliseconds a document, by stage and, for reading, by format."""
    clock, formats, shape = Clock(), Clock(), Shape()
    for name in [name for name in vars(pipeline) if name.startswith("find_")]:
        setattr(pipeline, name, clock.around(getattr(pipeline, name), name.removeprefix("find_")))
    with clock.at("start (once)"):
        analyst = pipeline.Pipeline(model=model, threads=1)
        for origin in islice(expand([archive]), WARM_UP):  # fills the caches
            analyst.analyze(load(origin))
        Worklist.make(expand([archive]), archive.parent / "worklist.parquet")
    for stage in [stage for stage in clock.seconds if stage != "start (once)"]:
        del clock.seconds[stage]
    with clock.at("list"):
        worklist = Worklist.make(expand([archive]), archive.parent / "worklist.parquet")
    documents = characters = 0
    read: Counter[str] = Counter()
    per_document: defaultdict[str, list[float]] = defaultdict(list)
    for shard in plan(worklist):
        held = OpenShard(shard, worklist.slice(shard.start, shard.stop), shape)
        held.add(held.without_work())
        for batch in held.batches():
            ready = []
            for position, origin in batch.items:
                with clock.at("read"), formats.at(origin.kind):
                    document = load(origin)
                read[origin.kind] += 1
                with clock.at("layout"):
                    layout = pipeline.parse(document.text)
                ready.append((position, document, layout))
            with clock.at("encoder"):
                states = analyst.encode([layout for *_, layout in ready])
            results = {}
            for (position, document, layout), state in zip(ready, states, strict=True):
                began = time.process_time()
                found = analyst.analyze_layout(document, layout, state)
                per_document["layers"].append((time.process_time() - began) * 1000)
                with clock.at("rows"):
                    results[position] = shape.result(found)
                documents, characters = documents + 1, characters + len(document.text)
            with clock.at("rows"):
                rows = shape.pack(batch.shard, results)
            held.add(rows)
        with clock.at("tables"):
            for table in held.tables().values():
                to_file(table, "parquet")
    start = clock.seconds.pop("start (once)")
    per_document["layers"].sort()
    return {
        "documents": documents,
        "characters_a_document": round(characters / documents),
        "start_s": round(start, 2),
        "ms": {stage: round(seconds / documents * 1000, 3) for stage, seconds in clock.seconds.items()},
        "ms_in_all": round(clock.seconds.total() / documents * 1000, 2),
        "layers_ms_median": round(per_document["layers"][documents // 2], 2),
        "layers_ms_99_percent": round(per_document["layers"][documents * 99 // 100], 2),
        "read_ms_by_format": {kind: round(formats.seconds[kind] / read[kind] * 1000, 2) for kind in sorted(read)},
        "machine": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
    }


def to_markdown(settings: dict[str, dict[str, Any]]) -> str:
    names = list(settings)
    stages = list(dict.fromkeys(stage for figures in settings.values() for stage in figures["ms"]))
    lines = [
        f"| stage | {' | '.join(f'{name}, ms | share' for name in names)} |",
        "| --- |" + " --- |" * 2 * len(names),
    ]
    for stage in stages:
        cells = []
        for figures in settings.values():
            ms = figures["ms"].get(stage, 0.0)
            cells += [f"{ms:.2f}", f"{ms / figures['ms_in_all']:.0%}"]
        lines.append(f"| {stage} | {' | '.join(cells)} |")
    in_all = " | ".join(f"{figures['ms_in_all']:.1f} |" for figures in settings.values())
    lines.append(f"| in all | {in_all} |")
    first = next(iter(settings.values()))
    formats = "\n".join(f"| {kind} | {ms:.2f} |" for kind, ms in first["read_ms_by_format"].items())
    told = "; ".join(
        f"{name}: {figures['documents']} documents of {figures['characters_a_document']:,} characters on average, "
        f"{figures['start_s']} s to start, layers {figures['layers_ms_median']} ms in the median and "
        f"{figures['layers_ms_99_percent']} ms for the slowest of a hundred"
        for name, figures in settings.items()
    )
    return (
        "# What a document costs by stage\n\nProcessor milliseconds a document, one thread, by `python benchmarks/stages.py`. "
        f"{told}.\n\n{chr(10).join(lines)}\n\n## Reading, by format\n\n| format | ms |\n| --- | --- |\n{formats}\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=400)
    parser.add_argument("--rules-only", action="store_true")
    parser.add_argument("--no-results", action="store_true", help="print only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "arkiv"
        make_archive(archive, options.documents, corpora=CORPORA, line_mb=0, plan_pages=1, broken=False)
        figures = measure(archive, model=None if options.rules_only else pipeline.DEFAULT_MODEL)
    print(json.dumps(figures, ensure_ascii=False, indent=1))
    if not options.no_results:
        settings = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
        settings = dict(sorted({**settings, "rules only" if options.rules_only else "model": figures}.items()))
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps(settings, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        RESULTS.with_suffix(".md").write_text(to_markdown(settings), encoding="utf-8")


if __name__ == "__main__":
    main()
