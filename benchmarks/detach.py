"""Take the text out of annotations of public texts: how `corpora/public/annotations.jsonl` was made.

TEXTS.jsonl holds {"id", "source", "file", "text"}, NOTES.jsonl the written form of docs/guidelines.md. The documents get
new ids in their order, every word of the text becomes offsets, and joining again must give the same annotation.

Run: `python benchmarks/detach.py OUT.jsonl TEXTS.jsonl NOTES.jsonl [TEXTS.jsonl NOTES.jsonl ...]`
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from public import attach, fingerprint, over_words, squeezed
from standoff import read_annotations, standoff


def main(out: Path, pairs: Iterable[tuple[Path, Path]]) -> None:
    """Write the annotations of all pairs of files into one, without their texts."""
    with out.open("w", encoding="utf-8") as lines:
        for number, (row, note) in enumerate(_documents(pairs), 1):
            gold = standoff(row["text"], note | {"id": f"public-{number:03}"})
            detached = detach(gold, row)
            if attach(row["text"], detached) != gold:
                raise ValueError(f"{row['id']}: the annotation would not come back as it was")
            lines.write(json.dumps(detached, ensure_ascii=False, separators=(",", ":")) + "\n")


def detach(gold: dict[str, Any], row: dict[str, Any]) -> dict[str, Any]:
    """Return a stand-off annotation with offsets for every word of its text, and what tells whether a text is the same.

    Args:
        gold: The annotation, words where docs/guidelines.md has words.
        row: The document: 'text', and 'file' and 'source' (its id within the file).
    """
    text = row["text"]

    def place(words: str, field: str, holder: dict[str, Any]) -> Any:
        near = holder.get("mentions") or holder.get("spans") or [{"start": 0, "end": 0}]
        inside = near if field == "cue" else []  # a cue stands outside what is said, the other words anywhere
        found = list(_places(text, words))
        clear = [(s, e) for s, e in found if not any(n["start"] < e and s < n["end"] for n in inside)]
        if not found:
            return words
        start, end = min(clear or found, key=lambda span: min(_gap(span, n) for n in near))
        return {"start": start, "end": end}

    source = {"file": row["file"], "id": row["source"]}
    head = {"id": gold["id"], "source": source, "sha256": fingerprint(text), "length": len(text)}
    return head | over_words(gold, place)


def _places(text: str, words: str) -> Iterator[tuple[int, int]]:
    """Yield where the words stand alone, or, if they never do, where they stand at all."""
    bare = r"\s+".join(map(re.escape, words.split()))
    if squeezed(words) != words:
        return
    for pattern in (rf"(?<!\w){bare}(?!\w)", bare):
        spans = [match.span() for match in re.finditer(pattern, text)]
        yield from spans
        if spans:
            return


def _gap(span: tuple[int, int], near: dict[str, int]) -> int:
    return max(near["start"] - span[1], span[0] - near["end"], 0)


def _documents(pairs: Iterable[tuple[Path, Path]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for texts, notes in pairs:
        rows = {row["id"]: row for row in read_annotations(texts)}
        for note in read_annotations(notes):
            yield rows[note["id"]], note


if __name__ == "__main__":
    files = [Path(name) for name in sys.argv[1:]]
    main(files[0], zip(files[1::2], files[2::2], strict=True))
