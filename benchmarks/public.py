"""Join the published annotations of public texts to your own copy of the texts, for the training scripts.

The annotations (`corpora/public/annotations.jsonl`) hold no text: every title, role, cue and quotation is a pair of
character offsets. The texts are those of `CORPORA/FILE`, gzipped JSON Lines of {"id", "text"}, as the data card tells
how to get them. A document whose text is missing, or is not the one that was annotated, is left out and counted.

Run: `python benchmarks/public.py OUT_FOLDER --corpora CORPORA`
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NOTES = Path(__file__).resolve().parent.parent / "corpora" / "public" / "annotations.jsonl"
LAYERS = ("doc_type", "meta", "themes", "actors", "quotes", "goals", "theme_sentences", "collaborations")
# where the stand-off form of docs/guidelines.md holds words of the text; all else in it is offsets, ids and labels
WORDS = {"meta": ("title", "diary_number"), "actors": ("name", "role", "party"), "quotes": ("cue",)}


@dataclass(frozen=True)
class Joined:
    """How many documents were joined, and why the others were left out."""

    joined: int = 0
    missing: int = 0
    other: int = 0

    def __str__(self) -> str:
        total = self.joined + self.missing + self.other
        return f"{self.joined} of {total} documents joined; {self.missing} not found, {self.other} with another text"


def main(arguments: list[str] | None = None) -> None:
    """Join from the command line, and print how many documents were found."""
    parser = argparse.ArgumentParser(description="Join the annotations of public texts to a copy of the texts.")
    parser.add_argument("out", type=Path, help="folder for public.texts.jsonl and public.gold.jsonl")
    parser.add_argument("--corpora", type=Path, required=True, help="folder with the collections of public texts")
    parser.add_argument("--notes", type=Path, default=NOTES)
    args = parser.parse_args(arguments)
    print(join(args.notes, args.corpora, args.out))


def join(notes: Path, corpora: Path, out: Path) -> Joined:
    """Write `public.texts.jsonl` and `public.gold.jsonl` into `out` for every document that `corpora` still has."""
    with notes.open(encoding="utf-8") as lines:
        wanted = [json.loads(line) for line in lines]
    copies = _copies(corpora, wanted)
    out.mkdir(parents=True, exist_ok=True)
    joined = missing = other = 0
    with (
        (out / "public.texts.jsonl").open("w", encoding="utf-8") as texts,
        (out / "public.gold.jsonl").open("w", encoding="utf-8") as golds,
    ):
        for note in wanted:
            found = copies.get((note["source"]["file"], note["source"]["id"]), [])
            text = next((copy for copy in found if fingerprint(copy) == note["sha256"]), None)
            if text is None:
                missing, other = missing + (not found), other + bool(found)
                continue
            row = {"id": note["id"], "source": note["source"]["id"], "text": text}
            texts.write(json.dumps(row, ensure_ascii=False) + "\n")
            golds.write(json.dumps(attach(text, note), ensure_ascii=False) + "\n")
            joined += 1
    return Joined(joined, missing, other)


def attach(text: str, note: dict[str, Any]) -> dict[str, Any]:
    """Return a published annotation with the words of `text` put back where it has offsets for them.

    >>> note = {"id": "public-001", "doc_type": "news", "meta": {"title": {"start": 2, "end": 8}}, "themes": {},
    ...         "actors": [], "quotes": [], "goals": [], "theme_sentences": [], "collaborations": []}
    >>> attach("# Ny bro", note)["meta"]
    {'title': 'Ny bro'}
    """
    return over_words(
        {"id": note["id"]} | {layer: note[layer] for layer in LAYERS}, lambda place, _, __: _words(text, place)
    )


def over_words(note: dict[str, Any], change: Callable[[Any, str, dict[str, Any]], Any]) -> dict[str, Any]:
    """Return an annotation with `change(value, field, holder)` in place of every field that holds words of the text."""
    out = dict(note)
    for layer, fields in WORDS.items():
        rows = note[layer] if isinstance(note[layer], list) else [note[layer]]
        changed = [
            {key: change(value, key, row) if key in fields and value else value for key, value in row.items()}
            for row in rows
        ]
        out[layer] = changed if isinstance(note[layer], list) else changed[0]
    return out


def fingerprint(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, as hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def squeezed(words: str) -> str:
    """Return words with every run of white space, line breaks too, as one space."""
    return " ".join(words.split())


def _words(text: str, place: Any) -> Any:
    return squeezed(text[place["start"] : place["end"]]) if isinstance(place, dict) else place


def _copies(corpora: Path, notes: list[dict[str, Any]]) -> dict[tuple[str, str], list[str]]:
    """Return the texts under each file and id that the annotations name; an id may stand more than once in a file."""
    wanted = {(note["source"]["file"], note["source"]["id"]) for note in notes}
    copies: dict[tuple[str, str], list[str]] = {}
    for file in sorted({file for file, _ in wanted}):
        for row in _rows(corpora / file):
            if (file, row["id"]) in wanted:
                copies.setdefault((file, row["id"]), []).append(row["text"])
    return copies


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    if file.is_file():
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


if __name__ == "__main__":
    main()
