"""Train the weights that choose whom a person represents: a conditional logit over (person, organisation) pairs.

Run: `python -m offtext.train.employers ANNOTATIONS_FOLDER --practice PRACTICE_FOLDER --out
src/offtext/lexicon/employer_weights.json`; `benchmarks/practice.py` writes PRACTICE_FOLDER from corpora/practice.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from offtext.layers.actors.employers import Employers
from offtext.layers.actors.groups import Group, gather
from offtext.layout import parse
from offtext.train.annotated import read_split
from offtext.train.holders import Choice, report

STRENGTH = 0.1


def read_choices(folder: Path, split: str = "train") -> list[Choice]:
    """Read the persons of annotated texts that the rules find too, each with the organisations it may represent."""
    return [
        choice
        for row, gold in read_split(folder, split)
        for choice in choices_of(row["text"], gold["actors"], gold["id"])
    ]


def choices_of(text: str, actors: Sequence[Mapping[str, Any]], group: str) -> Iterator[Choice]:
    """Yield a choice for each found person of a text that is annotated too, in reading order."""
    groups = gather(parse(text))
    twins = {number: _twin(found, actors) for number, found in enumerate(groups)}
    numbers = {actor["id"]: number for number, actor in twins.items() if actor is not None}
    employers = Employers(text, groups)
    for number, found in enumerate(groups):
        actor = twins[number]
        if found.kind != "person":
            continue
        weighed = list(employers.weigh(found))
        best = numbers.get(actor["affiliation"]) if actor is not None and actor["affiliation"] else None
        employers.remember(best)
        if actor is None or (actor["affiliation"] and best is None):
            continue
        ids = [None if body is None else str(body) for body, _ in weighed]
        yield Choice(group, [names for _, names in weighed], ids, None if best is None else str(best))


def _twin(found: Group, actors: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Return the annotated actor that shares most mentions with a found one."""
    spans = {(claim.start, claim.end) for claim in found.claims}
    shared = [
        (sum((m["start"], m["end"]) in spans for m in actor["mentions"]), n)
        for n, actor in enumerate(actors)
        if actor["kind"] == found.kind
    ]
    most, number = max(shared, default=(0, -1))
    return actors[number] if most else None


def main() -> None:
    """Print the cross-validated accuracy, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--practice", type=Path, help="folder of resolved practice annotations")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--strength", type=float, default=STRENGTH)
    arguments = parser.parse_args()
    choices = read_choices(arguments.folder)
    for split in ("formal", "informal") if arguments.practice else ():
        choices += read_choices(arguments.practice, split)
    report(choices, arguments.strength, arguments.out)


if __name__ == "__main__":
    main()
