"""Train the weights that choose whom a person represents: a conditional logit over (person, organisation) pairs.

Run: `python -m offtext.train.employers ANNOTATIONS.jsonl … --out src/offtext/lexicon/employer_weights.json`

Each file holds annotations in stand-off form with their `text`, one a line.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from offtext.layers.actors.employers import Employers
from offtext.layers.actors.groups import Group, gather
from offtext.layout import parse
from offtext.train.holders import Choice, accuracy, fit

STRENGTH = 0.3


def read_choices(paths: Sequence[Path]) -> list[Choice]:
    """Read the persons of annotated texts that the rules find too, each with the organisations it may represent."""
    rows = (json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines())
    return [choice for row in rows for choice in choices_of(row["text"], row["actors"], row["id"])]


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
    parser.add_argument("annotations", type=Path, nargs="+")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--strength", type=float, default=STRENGTH)
    arguments = parser.parse_args()
    choices = read_choices(arguments.annotations)
    groups = sorted({c.group for c in choices})
    fold = {group: n % 5 for n, group in enumerate(np.random.default_rng(0).permutation(groups))}
    right = total = 0
    for held in range(5):
        weights = fit([c for c in choices if fold[c.group] != held], arguments.strength)
        hits, of = accuracy(weights, [c for c in choices if fold[c.group] == held])
        right, total = right + hits, total + of
    weights = fit(choices, arguments.strength)
    print(f"cross-validated {right / total:.3f} of {total}; {len(weights.features)} features")
    if arguments.out:
        data = {"features": weights.features}
        arguments.out.write_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
