"""Sentences found against sentences annotated: run `python benchmarks/layout.py`.

1. Gold theme sentences of the annotated documents: the share whose best sentence of the layout overlaps it with a
   Jaccard index (characters shared / characters in either) of at least 0.9 and 0.5.
2. UNER Swedish Talbanken: the sentences of a document joined by spaces, then found again; precision, recall and F1 of
   the places between two sentences. Headings and list items without a full stop stand there too and cannot be found
   in one line of text: recall is bounded below 1.

A part whose data is absent is skipped. Results: benchmarks/results/layout.{json,md}.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gold import load

from offtext.layout import Layout, parse

HERE = Path(__file__).parent
SHARED = HERE.parents[1] / "shared"


def jaccard(a: tuple[int, int], b: tuple[int, int]) -> float:
    shared = max(0, min(a[1], b[1]) - max(a[0], b[0]))
    return shared / ((a[1] - a[0]) + (b[1] - b[0]) - shared)


def best(layout: Layout, span: tuple[int, int]) -> float:
    return max(
        (jaccard(span, (s.start, s.end)) for s in layout.sentences if s.start < span[1] and span[0] < s.end),
        default=0.0,
    )


def theme_sentences(folder: Path, split: str, misses: list[str]) -> dict[str, Any]:
    found: list[float] = []
    for document in load(folder, split):
        layout = parse(document.text)
        for row in document.gold["theme_sentences"]:
            span = (row["start"], row["end"])
            found.append(best(layout, span))
            if found[-1] < 0.9:
                near = [
                    document.text[s.start : s.end] for s in layout.sentences if s.start < span[1] and span[0] < s.end
                ]
                gold = document.text[span[0] : span[1]]
                misses.append(f"{split} {document.id} {found[-1]:.2f}\n  gold  {gold!r}\n  found {near!r}")
    return {
        "spans": len(found),
        "jaccard_0.9": round(sum(f >= 0.9 for f in found) / len(found), 4),
        "jaccard_0.5": round(sum(f >= 0.5 for f in found) / len(found), 4),
    }


def talbanken_documents(path: Path) -> Iterator[list[str]]:
    document: list[str] = []
    for line in path.open(encoding="utf-8"):
        if line.startswith("# newdoc") and document:
            yield document
            document = []
        elif line.startswith("# text = "):
            document.append(line.removeprefix("# text = ").strip())
    if document:
        yield document


def talbanken(path: Path, misses: list[str]) -> dict[str, Any]:
    shared = wanted = given = finished = 0
    for sentences in talbanken_documents(path):
        # words of capitals and digits alone between sentences are table cells; they stay, as real texts have them
        text = " ".join(sentences)
        ends, at = set(), 0
        for sentence in sentences[:-1]:
            at += len(sentence) + 1
            ends.add(at)
        finished += sum(bool(re.search(r"[.!?…][\"'”’)]*$", s)) for s in sentences[:-1])
        found = {s.start for s in parse(text).sentences if s.start}
        shared, wanted, given = shared + len(ends & found), wanted + len(ends), given + len(found)
        misses += [f"extra  {text[max(0, n - 60) : n]!r} | {text[n : n + 40]!r}" for n in sorted(found - ends)]
        misses += [
            f"missed {text[max(0, n - 60) : n]!r} | {text[n : n + 40]!r}"
            for n in sorted(ends - found)
            if text[n - 2] in ".!?…\"'”’)"
        ]
    precision, recall = shared / given, shared / wanted
    return {
        "boundaries": wanted,
        "with_final_sign": finished,
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / (precision + recall), 4),
        "recall_with_final_sign": round(min(1.0, shared / finished), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder with annotations/ and corpora/uner/")
    parser.add_argument("--misses", type=Path, help="write what was not found to this file, to read it")
    arguments = parser.parse_args()
    results: dict[str, Any] = {}
    misses: list[str] = []
    folder = arguments.shared / "annotations"
    for split in ("train", "dev"):
        if (folder / f"{split}.gold.jsonl").exists():
            results[f"theme_sentences_{split}"] = theme_sentences(folder, split, misses)
    for split in ("train", "dev"):
        path = arguments.shared / "corpora" / "uner" / f"sv_talbanken-ud-{split}.iob2"
        if path.exists():
            results[f"talbanken_{split}"] = talbanken(path, misses)
    text = "Kommunen ska samverka med regionen, bl.a. om vård, i höst.\n\n" * 20_000
    begun = time.perf_counter()
    parse(text)
    results["speed"] = {"megabytes_per_second": round(len(text) / 1e6 / (time.perf_counter() - begun), 2)}
    out = HERE / "results"
    out.mkdir(exist_ok=True)
    (out / "layout.json").write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    lines = [
        "# Layout: sentences found",
        "",
        "`python benchmarks/layout.py` wrote this; the file says how it is measured.",
        "",
    ]
    for name, row in results.items():
        lines += [f"## {name}", "", "| " + " | ".join(row) + " |", "| " + " | ".join("---" for _ in row) + " |"]
        lines += ["| " + " | ".join(str(v) for v in row.values()) + " |", ""]
    (out / "layout.md").write_text("\n".join(lines), encoding="utf-8")
    print("\n".join(lines))
    if arguments.misses:
        arguments.misses.write_text("\n".join(misses), encoding="utf-8")


if __name__ == "__main__":
    main()
