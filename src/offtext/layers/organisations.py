"""Names of organisations and places: known names, and words whose form names an organisation."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from offtext.layers.claims import NOTHING, ORGANISATION, PLACE, Claim
from offtext.layers.gazetteer import Known, known_names
from offtext.layers.words import CAPITAL, CAPITALS, LOWER, Words
from offtext.lexicon import load_toml

_MAX_NAME_WORDS = 7


@cache
def context(group: str) -> frozenset[str]:
    """Return a word group of `lexicon/actor_context.toml`."""
    return frozenset(load_toml("actor_context")[group]["words"])


def known_claims(words: Words) -> Iterator[Claim]:
    """Yield the names that a register or the lexicon knows, longest first at each word."""
    table = known_names()
    common = context("unions_and_common_words")
    openers = context("sentence_openers")
    for i, low in enumerate(words.low):
        for key in (words.form[i], low) if words.shape[i] else (low,):
            found = _known_at(words, i, table.get(key, ()), exact=key != low)
            if found is None:
                continue
            known, last, end = found
            single = last == i
            if single and words.opens[i] and (low in common or (low in openers and not known.exact)):
                continue
            yield Claim(
                i, last, words.start[i], end, known.kind, "known" if not known.lower else "known_lower",
                words.text[words.start[i] : end], known.org_type, 3, known.name.lower(),
            )
            break


def _known_at(words: Words, i: int, names: tuple[Known, ...], *, exact: bool) -> tuple[Known, int, int] | None:
    """Find the longest known name that begins at word `i`: the name, its last word, and its end."""
    for known in names:
        last = i + len(known.words) - 1
        if last >= len(words) or (known.exact and not exact and words.form[i] != known.words[0]):
            continue
        if words.shape[i] == LOWER and not known.lower and not known.exact:
            continue
        if not all(words.joined[j] or words.gap(j).strip() in (",", "&") for j in range(i + 1, last + 1)):
            continue
        forms = words.form if known.exact else words.low
        if any(forms[j] != known.words[j - i] for j in range(i, last)):
            continue
        form, wanted = forms[last], known.words[-1]
        if form == wanted:
            return known, last, words.end[last]
        if form == wanted + "s" and wanted[-1] not in "sxz":
            return known, last, words.end[last] - 1
    return None


@cache
def _heads() -> dict[str, list[dict[str, Any]]]:
    table: dict[str, list[dict[str, Any]]] = {}
    for group in load_toml("actors")["heads"]:
        entry = {**group, "bare": frozenset(group["bare"])}
        for ending in group["endings"]:
            table.setdefault(ending, []).append(entry)
    return table


@cache
def _tails() -> dict[str, str]:
    return {word: group["org_type"] for group in load_toml("actors")["tails"] for word in group["words"]}


@cache
def _openers() -> dict[str, dict[str, Any]]:
    return {word: group for group in load_toml("actors")["openers"] for word in group["words"]}


@lru_cache(maxsize=100_000)
def head_of(low: str) -> tuple[dict[str, Any], bool] | None:
    """Return the head that a word ends in, and whether the word stands in the genitive."""
    heads = _heads()
    for size in range(min(len(low), 22), 3, -1):
        for genitive in (False, True):
            stem = low[:-1] if genitive and low.endswith("s") else low
            if genitive and stem is low:
                continue
            for entry in heads.get(stem[-size:], ()) if len(stem) >= size else ():
                if stem in entry["bare"]:
                    return None
                return entry, genitive
    return None


@lru_cache(maxsize=100_000)
def tail_of(low: str, form: str) -> tuple[str, bool] | None:
    """Return the type that a name-ending word gives (`kommun`, `AB`), and whether it stands in the genitive."""
    tails = _tails()
    for word, genitive in ((form, False), (low, False), (form[:-1], True), (low[:-1], True)):
        if word in tails and (not genitive or low.endswith("s")):
            return tails[word], genitive
    return None


def head_claims(words: Words) -> Iterator[Claim]:
    """Yield organisations that their form names: `socialnämnden`, `Ulvsjö kommun`, `Kammarrätten i Ulvsjö`."""
    ends: dict[int, Claim] = {}  # claims by their last word, for owners: `Kommunstyrelsens förvaltning`
    for i, low in enumerate(words.low):
        claim = _tail_claim(words, i, low, ends) or _head_claim(words, i, low) or _opener_claim(words, i, low)
        if claim is not None:
            ends[claim.last] = claim
            yield claim


def _head_claim(words: Words, i: int, low: str) -> Claim | None:
    if len(low) < 6:
        return None
    found = head_of(low)
    if found is None:
        return None
    entry, genitive = found
    capital = words.shape[i] != LOWER
    if not capital:
        if entry["lower"] is False:
            return None
        if entry["lower"] == "acts" and not _acts(words, i):
            return None
    elif words.opens[i] and entry["lower"] is False and words.low.count(low) > 1 and _seen_lower(words, low):
        return None
    first = _modifiers(words, i) if not capital else i
    first = _shared_parts(words, first if first < i else i)
    last, end = i, words.end[i] - (1 if genitive else 0)
    if not genitive and entry["org_type"] in ("department", "political_body", "public_service", "agency"):
        last, end = _place_after(words, i, end)
    family = "head" if capital else "head_lower"
    return Claim(first, last, words.start[first], end, ORGANISATION, family, words.text[words.start[first] : end], entry["org_type"], 2)


def _seen_lower(words: Words, low: str) -> bool:
    return any(form == low for form in words.form)


def _acts(words: Words, i: int) -> bool:
    """Tell whether an acting verb stands right after or right before the word."""
    verbs = context("acting_verbs")
    after = i + 1 < len(words) and words.joined[i + 1] and words.low[i + 1] in verbs
    before = i > 0 and words.joined[i] and words.low[i - 1] in verbs
    return after or before


def _modifiers(words: Words, i: int) -> int:
    return i


def _shared_parts(words: Words, i: int) -> int:
    """Go back over parts that share the head: `Vård- och | omsorgsförvaltningen`, `Kultur-, idrotts- och | fritidsnämnden`."""
    first = i
    while first >= 2 and words.joined[first] and words.low[first - 1] in ("och", "&", "samt") and words.form[first - 2].endswith("-"):
        first -= 2
        while first >= 1 and words.form[first - 1].endswith("-") and words.gap(first).strip() in (",", ""):
            first -= 1
    return first


def _place_after(words: Words, i: int, end: int) -> tuple[int, int]:
    """Go on over `i Ulvsjö kommun` after a unit's name."""
    if i + 2 < len(words) and words.joined[i + 1] and words.low[i + 1] in ("i", "vid") and words.joined[i + 2]:
        last = _capital_run(words, i + 2)
        if last is not None:
            stop = words.end[last]
            if words.low[last].endswith("s") and last + 1 < len(words) and words.low[last + 1] in _tails() and words.joined[last + 1]:
                last += 1
                stop = words.end[last]
            return last, stop
    return i, end


def _capital_run(words: Words, i: int) -> int | None:
    """Return the last word of a run of capitalised words from `i`, with a closing `kommun`, `stad` or `län`; None without."""
    if i >= len(words) or words.shape[i] == LOWER or not words.form[i][0].isalpha():
        return None
    last = i
    while last + 1 < len(words) and words.joined[last + 1] and last - i < _MAX_NAME_WORDS:
        if words.shape[last + 1] != LOWER or words.low[last + 1] in ("län", "läns", "kommun", "stad", "stads", "kommuns"):
            last += 1
        else:
            break
    return last


def _tail_claim(words: Words, i: int, low: str, ends: dict[int, Claim]) -> Claim | None:
    found = tail_of(low, words.form[i])
    if found is None or i == 0 or not words.joined[i]:
        return None
    org_type, genitive = found
    first = i
    owner = ends.get(i - 1)
    if owner is not None and words.low[i - 1].endswith("s") and words.shape[i] == LOWER:
        first = owner.first
    else:
        openers = context("sentence_openers")
        while first > 0 and words.joined[first] and words.shape[first - 1] != LOWER and i - first < 5:
            if words.opens[first - 1] and words.low[first - 1] in openers:
                break
            if words.low[first - 1] in openers and words.shape[first - 1] == CAPITAL and len(words.low[first - 1]) < 4:
                break
            first -= 1
        if first == i:
            return None
    end = words.end[i] - (1 if genitive else 0)
    name = words.text[words.start[first] : end]
    return Claim(first, i, words.start[first], end, ORGANISATION, "tail", name, org_type, 2)


def _opener_claim(words: Words, i: int, low: str) -> Claim | None:
    entry = _openers().get(low)
    if entry is None or i + 1 >= len(words) or not words.joined[i + 1]:
        return None
    capital = words.shape[i] != LOWER
    if not capital and not entry["lower"]:
        return None
    last: int | None = None
    following = words.low[i + 1]
    if "for" in entry["to"] and following == "för" and i + 2 < len(words) and words.joined[i + 2]:
        last = _purpose(words, i + 2)
    elif "in" in entry["to"] and following == "i":
        last = _capital_run(words, i + 2)
    elif "over" in entry["to"] and following == "över":
        last = _capital_run(words, i + 4)
    elif "name" in entry["to"] and words.shape[i + 1] != LOWER:
        last = _capital_run(words, i + 1)
    if last is None or last >= len(words):
        return None
    end = words.end[last]
    if words.low[last].endswith("s") and last + 1 < len(words) and words.joined[last + 1] and words.shape[last + 1] == LOWER and "for" not in entry["to"] and len(words.low[last]) > 4:
        end -= 1 if words.low[last] not in _names_in_s() else 0
    family = "opener" if capital else "opener_lower"
    return Claim(i, last, words.start[i], end, ORGANISATION, family, words.text[words.start[i] : end], entry["org_type"], 2)


@cache
def _names_in_s() -> frozenset[str]:
    return frozenset(first for first, names in known_names().items() if first.endswith("s") and any(len(n.words) == 1 for n in names))


_FUNCTION_WORDS = frozenset("att den det de dem en ett sin sitt sina vår vårt våra hur när som och eller i på av till från med vid om har är ska kan".split())


def _purpose(words: Words, i: int) -> int | None:
    """Return the last word of what a body is for: `vård- och omsorgsanalys`, `samhällsskydd och beredskap`."""
    if words.low[i] in _FUNCTION_WORDS:
        return None
    last = i
    while words.form[last].endswith("-") and last + 2 < len(words):
        last += 2 if words.low[last + 1] in ("och", "eller", "samt") else 1
    if words.low[last].endswith(("ig", "ell", "isk", "lig", "ande", "ad", "ella", "iska", "liga", "iga", "ade", "s", "tal", "civilt", "nära", "god", "svensk", "ska", "lokal", "regional", "nya")):
        if last + 1 < len(words) and words.joined[last + 1] and words.low[last + 1] not in _FUNCTION_WORDS and words.low[last + 1] not in context("acting_verbs"):
            last += 1
    if last + 2 < len(words) and words.joined[last + 1] and words.low[last + 1] in ("och", "&") and words.joined[last + 2]:
        following = words.low[last + 2]
        capitals = words.shape[i] != LOWER
        if (words.shape[last + 2] != LOWER) == capitals and following not in _FUNCTION_WORDS and following not in context("acting_verbs"):
            last += 2
    return last


def not_actor_claims(words: Words) -> Iterator[Claim]:
    """Yield capitalised words that name a law, a project, a programme, a building or a tool."""
    group = load_toml("actor_context")["not_actors"]
    endings, before = tuple(group["endings"]), frozenset(group["before"])
    for i, low in enumerate(words.low):
        if words.shape[i] == CAPITAL and low.endswith(endings):
            yield Claim(i, i, words.start[i], words.end[i], NOTHING, "not_actor", words.form[i], None, 1)
        if low in before and words.shape[i] == LOWER and i + 1 < len(words) and words.joined[i + 1]:
            last = _capital_run(words, i + 1)
            if last is not None:
                yield Claim(i + 1, last, words.start[i + 1], words.end[last], NOTHING, "not_actor", "", None, 4)


def kind_word_claims(words: Words) -> Iterator[Claim]:
    """Yield names that a common noun before them types: `företaget Ekdal Norden`."""
    kinds = _kind_words()
    for i, low in enumerate(words.low):
        org_type = kinds.get(low)
        if org_type is None or words.shape[i] != LOWER or i + 1 >= len(words) or not words.joined[i + 1]:
            continue
        last = _capital_run(words, i + 1)
        if last is None or last - i > 4:
            continue
        end = words.end[last]
        yield Claim(i + 1, last, words.start[i + 1], end, ORGANISATION, "kind_word", words.text[words.start[i + 1] : end], org_type, 2)


@cache
def _kind_words() -> dict[str, str]:
    kinds = load_toml("actors")["kind_words"]
    return {word: org_type for org_type, group in kinds.items() if isinstance(group, list) for word in group}


__all__ = ["CAPITALS", "PLACE", "context", "head_claims", "head_of", "kind_word_claims", "known_claims", "not_actor_claims", "tail_of"]
