"""Train the weights that choose whom a person represents: a conditional logit over (person, organisation) pairs.

Run: `python -m offtext.train.employers FOLDER ... --out src/offtext/lexicon/employer_weights.json`.
The folders hold the sets of annotations (`offtext.train.annotated` says which).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from offtext.layers.actors.employers import Employers
from offtext.layers.actors.groups import Group, gather
from offtext.layout import parse
from offtext.train.annotated import Sample, add_sets, read_sets, weighed
from offtext.train.holders import Choice, report

STRENGTH = 0.1


def choices_of(sample: Sample) -> Iterator[Choice]:
    """Yield a choice for each person of a document that the rules find and the annotation has, in reading order."""
    actors = sample.gold["actors"]
    groups = gather(parse(sample.text))
    twins = {number: _twin(found, actors) for number, found in enumerate(groups)}
    numbers = {actor["id"]: number for number, actor in twins.items() if actor is not None}
    employers = Employers(sample.text, groups)
    for number, found in enumerate(groups):
        actor = twins[number]
        if found.kind != "person":
            continue
        options = list(employers.weigh(found))
        best = numbers.get(actor["affiliation"]) if actor is not None and actor["affiliation"] else None
        employers.remember(best)
        if actor is None or (actor["affiliation"] and best is None):
            continue
        ids = [None if body is None else str(body) for body, _ in options]
        chosen = None if best is None else str(best)
        yield Choice(sample.group, [names for _, names in options], ids, chosen, sample.set, sample.weight)


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
    parser = argparse.ArgumentParser(description="Train the weights that choose whom a person represents.")
    add_sets(parser)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--strength", type=float, default=STRENGTH)
    arguments = parser.parse_args()
    samples = read_sets(arguments.folders, weighed(arguments.sets))
    report([choice for sample in samples for choice in choices_of(sample)], arguments.strength, arguments.out)


if __name__ == "__main__":
    main()
