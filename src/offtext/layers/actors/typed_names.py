"""Names that the word before them types: `företaget Nordlinga`, `projektet Ljusning`; places and things by form."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from offtext.layers.actors.claims import NOTHING, ORGANISATION, PLACE, Claim
from offtext.layers.actors.extents import capital_run
from offtext.layers.actors.heads import context
from offtext.layers.actors.words import CAPITAL, LOWER, Words
from offtext.lexicon import load_toml


def not_actor_claims(words: Words) -> Iterator[Claim]:
    """Yield capitalised words that name a law, a project, a programme, a building or a tool."""
    group = load_toml("actor_context")["not_actors"]
    endings, before = tuple(group["endings"]), frozenset(group["before"])
    places = tuple(load_toml("actor_context")["place_forms"]["endings"])
    for i, low in enumerate(words.low):
        if words.shape[i] == CAPITAL and low.removesuffix("s").endswith(places) and len(low) > 6 and not words.opens[i]:
            first = (
                i - 1
                if i
                and words.joined[i]
                and words.shape[i - 1] == CAPITAL
                and words.low[i - 1] in ("södra", "norra", "östra", "västra")
                else i
            )
            yield Claim(first, i, words.start[first], words.end[i], PLACE, "place_form", words.form[i], None, 2)
        elif words.shape[i] == CAPITAL and low.endswith(endings):
            yield Claim(i, i, words.start[i], words.end[i], NOTHING, "not_actor", words.form[i], None, 1)
        if low in before and words.shape[i] == LOWER and i + 1 < len(words) and words.joined[i + 1]:
            last = capital_run(words, i + 1)
            if last is not None:
                yield Claim(i + 1, last, words.start[i + 1], words.end[last], NOTHING, "not_actor", "", None, 4)


def kind_word_claims(words: Words) -> Iterator[Claim]:
    """Yield names that a common noun before them types: `företaget Ekdal Norden`."""
    for i, low in enumerate(words.low):
        org_type = kind_of(low)
        if org_type is None or i + 1 >= len(words) or not words.joined[i + 1] or words.shape[i + 1] == LOWER:
            continue
        if words.shape[i] != LOWER and not words.opens[i]:
            continue
        last = capital_run(words, i + 1)
        if last is None or last - i > 4 or words.low[i + 1] in context("sentence_openers"):
            continue
        following = last + 1
        if words.low[last].endswith("ska") and following < len(words) and words.joined[following]:
            last = following  # an adjective needs its noun: `boendet Sandelska | huset`
        end = words.end[last]
        # what runs a service carries its kind in the name (`förskolan Ekorren`); a company does not
        first = i if low in context("kinds_in_names") else i + 1
        name = words.text[words.start[first] : end]
        yield Claim(first, last, words.start[first], end, ORGANISATION, "kind_word", name, org_type, 3)


@lru_cache(maxsize=100_000)
def kind_of(low: str) -> str | None:
    """Return the type of organisation that a common noun before a name gives it: `företaget`, `skogsbolaget`."""
    known = _kind_words().get(low)
    if known is None and low.endswith(("bolaget", "företaget", "koncernen", "byrån")) and len(low) > 9:
        return "company"
    return known


@cache
def _kind_words() -> dict[str, str]:
    kinds = load_toml("actors")["kind_words"]
    return {word: org_type for org_type, group in kinds.items() if isinstance(group, list) for word in group}
