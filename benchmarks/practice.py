"""Write the practice annotations in stand-off form, beside their texts, for the training scripts.

The splits are formal, informal and mixed; `benchmarks/public.py` adds the public one to the same folder.

Run: `python benchmarks/practice.py OUT_FOLDER`
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from standoff import read_annotations, standoff

PRACTICE = Path(__file__).resolve().parent.parent / "corpora" / "practice"


def main(out: Path) -> None:
    """Write `SPLIT.texts.jsonl` and `SPLIT.gold.jsonl` for every split in corpora/practice."""
    out.mkdir(parents=True, exist_ok=True)
    for notes in sorted(PRACTICE.glob("*.annotations.jsonl")):
        split = notes.name.split(".")[0]
        rows = shutil.copyfile(PRACTICE / f"{split}.texts.jsonl", out / f"{split}.texts.jsonl")
        texts = {row["id"]: row["text"] for row in read_annotations(rows)}
        with (out / f"{split}.gold.jsonl").open("w", encoding="utf-8") as lines:
            for note in read_annotations(notes):
                lines.write(json.dumps(standoff(texts[note["id"]], note), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
