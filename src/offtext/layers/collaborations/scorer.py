"""How likely two bodies of a sentence are said to work together: a logistic regression over what stands around them.

The features are grammar and phrases, never names: which rule joins the pair, which words stand before, between and
after, the prepositions, the enumeration, the kinds of body, the theme of the sentence. The weights are plain JSON
(`lexicon/collaboration_weights.json`, made by `offtext.train.collaborations`).
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations

from offtext.layers.collaborations.partners import Named, Partners, coordinated
from offtext.layers.collaborations.rules import Joined, joined
from offtext.layout.structure import Sentence
from offtext.lexicon import load_toml

_WIDE = 300  # characters between two bodies that are read
_NEAR, _FAR = 60, 90  # characters before the first and after the second body that are read
_PREPOSITION = re.compile(
    r"(?i)\b(med|mellan|av|från|till|hos|i|på|åt|för|om|via|enligt|mot|vid|och|under)\s+(?:\w+\s+)?$"
)


Words = Sequence[tuple[str, Sequence[tuple[int, int]]]]  # families of words in a sentence and where they stand


@dataclass(frozen=True, slots=True)
class Pair:
    """Two bodies of one sentence, and what speaks for or against a tie between them."""

    first: Named
    second: Named
    features: tuple[str, ...]


@dataclass(frozen=True)
class TieWeights:
    """A logistic regression over named features, and the least probability that makes a tie."""

    features: Mapping[str, float]
    intercept: float
    threshold: float

    def probability(self, features: Sequence[str]) -> float:
        """Return how likely a pair with these features is a tie."""
        total = self.intercept + sum(self.features.get(name, 0.0) for name in features)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def load_tie_weights() -> TieWeights:
    """Return the packaged weights."""
    data = json.loads((files("offtext.lexicon") / "collaboration_weights.json").read_text(encoding="utf-8"))
    return TieWeights(data["features"], float(data["intercept"]), float(data["threshold"]))


def find_pairs(partners: Partners, index: int, theme: float | None) -> list[Pair]:
    """Return the pairs of bodies of one sentence with their features.

    Args:
        partners: The document's bodies.
        index: Which sentence.
        theme: Probability that it speaks of collaboration, 0.0 when its themes are known and this is none;
            None when no themes are known.
    """
    layout = partners.layout
    sentence = layout.sentences[index]
    text = layout.text[sentence.start : sentence.end]
    named = partners.named(sentence.start, sentence.end)
    if not (theme or _any_cue().search(text)) or _not_tie().search(text):
        return []
    inside = partners.meant(sentence, named)
    if not inside:
        return []
    rules = list(joined(partners, index, inside))
    implied = [n for rule in rules for n in rule.row if n.how in ("implied", "assumed")]
    places: dict[str, list[Named]] = {}
    for n in [*implied, *inside]:
        places.setdefault(n.actor.id, []).append(n)
    if not 2 <= len(places) <= 40:
        return []
    found = [(family, [(m.start(), m.end()) for m in pattern.finditer(text)]) for family, pattern in _words()]
    words = [(family, where) for family, where in found if where]
    shared = tuple(_of_sentence(partners, sentence, [family for family, _ in words], len(places), theme))
    pairs = []
    for one, other in combinations(places.values(), 2):
        first, second = min(
            (sorted((a, b), key=lambda n: n.start) for a in one[:3] for b in other[:3]),
            key=lambda ab: ab[1].start - ab[0].end,
        )
        pairs.append(Pair(first, second, (*shared, *_of_pair(layout.text, sentence, first, second, rules, words))))
    return pairs


def _of_sentence(
    partners: Partners, sentence: Sentence, families: Sequence[str], bodies: int, theme: float | None
) -> Iterator[str]:
    kind = partners.layout.blocks[sentence.block].kind
    yield f"block {kind if kind in ('title', 'heading', 'list_item') else 'text'}"
    yield f"bodies {bodies if bodies < 4 else 4 if bodies < 7 else 7}"
    if theme is not None:
        yield "theme none" if theme <= 0 else "theme likely" if theme >= 0.7 else "theme some"
    for family in families:
        yield f"has {family}"
        if theme:
            yield f"theme & {family}"


def _of_pair(
    text: str, sentence: Sentence, first: Named, second: Named, rules: Sequence[Joined], words: Words
) -> Iterator[str]:
    ids = {first.actor.id, second.actor.id}
    by_rule = {rule.family for rule in rules if ids <= {n.actor.id for n in rule.row}}
    how = " ".join(sorted((first.how, second.how)))
    yield f"how {how}"
    yield from (f"rule {family}" for family in by_rule)
    hows = {first.how, second.how}
    kind = next((h for h in ("assumed", "implied") if h in hows), "named" if hows == {"named"} else "meant")
    yield from (f"rule {family} {kind}" for family in by_rule)
    yield "rule some" if by_rule else "rule none"
    if not by_rule and rules:
        yield "rule joins others"
    types = sorted((first.actor.org_type or "other", second.actor.org_type or "other"))
    yield from (f"type {name}" for name in set(types))
    yield "types same" if types[0] == types[1] else "types differ"
    yield f"types {types[0]} {types[1]}"
    if _kin(first.actor.name, second.actor.name):
        yield "kin"
    between = text[first.end : second.start]
    row = "row" if coordinated(between) or second.start <= first.end else "apart"
    yield row
    yield f"gap {min(4, len(between) // 40)}"
    opens, begin, end = sentence.start, first.start - sentence.start, second.end - sentence.start
    for name, low, high in (
        ("before", begin - _NEAR, begin),
        ("between", first.end - opens, min(second.start - opens, first.end - opens + _WIDE)),
        ("after", end, end + _FAR),
    ):
        for family, where in words:
            if any(low <= start and stop <= high for start, stop in where):
                yield f"{name} {family}"
                yield f"{name} {family} {row}"
    for place, start in (("first", first.start), ("second", second.start)):
        word = _PREPOSITION.search(text[max(sentence.start, start - 40) : start])
        yield f"{place} {word[1].casefold() if word else 'bare'}"
    if first.start - sentence.start < 3:
        yield "opens"
    if text[first.end : first.end + 1] == "s":
        yield "first genitive"
    if text[second.end : second.end + 1] == "s":
        yield "second genitive"


def _kin(one: str, other: str) -> bool:
    """Tell whether two names share a name word, as a municipality and its board do."""
    first, second = ({w.rstrip("s") for w in re.findall(r"[A-ZÅÄÖ]\w{3,}", name)} for name in (one, other))
    return bool(first & second - {"Region", "Kommun", "Svenska", "Sverige", "Länsstyrelsen"})


@cache
def _words() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((rule["name"], re.compile(rule["pattern"])) for rule in load_toml("collaborations")["word"])


@cache
def _any_cue() -> re.Pattern[str]:
    return re.compile(load_toml("collaborations")["any_cue"]["pattern"])


@cache
def _not_tie() -> re.Pattern[str]:
    return re.compile(load_toml("collaborations")["not_ties"]["pattern"])
