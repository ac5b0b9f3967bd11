"""Names of organisations and places: known names, and words whose form names an organisation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
    ambiguous, acronyms = context("ambiguous_names"), context("acronyms_not_actors")
    for i, low in enumerate(words.low):
        found = None
        for key in _keys(words.form[i], low, words.shape[i]):
            at = _known_at(words, i, table.get(key, ()))
            if at is not None and (found is None or at[1] > found[1]):
                found = at
        if found is None:
            continue
        known, last, end = found
        if last == i:
            if words.opens[i] and (low in common or (low in openers and not known.exact)):
                continue
            if (known.words[0].lower() in ambiguous and not known.exact) or known.words[0] in acronyms:
                continue
        plain = words.shape[i] == LOWER or (words.opens[i] and last == i and low in context("common_bodies"))
        yield Claim(
            i,
            last,
            words.start[i],
            end,
            known.kind,
            "known_lower" if plain else "known",
            words.text[words.start[i] : end],
            known.org_type,
            3,
            known.name.lower(),
        )


def _keys(form: str, low: str, shape: int) -> tuple[str, ...]:
    """Return the forms under which a word may be known: as written, in lower case, without genitive -s."""
    if shape == LOWER:
        return (form, form[:-1]) if form.endswith("s") else (form,)
    if form.endswith(("s", "S")):
        return (form, low, form[:-1], low[:-1])
    return (form, low)


def _known_at(words: Words, i: int, names: tuple[Known, ...]) -> tuple[Known, int, int] | None:
    """Find the longest known name that begins at word `i`: the name, its last word, and its end."""
    for known in names:
        last = i + len(known.words) - 1
        if last >= len(words):
            continue
        if words.shape[i] == LOWER and not known.lower and not known.exact:
            continue
        if not all(words.joined[j] or words.gap(j).strip() in (",", ":") for j in range(i + 1, last + 1)):
            continue
        forms = words.form if known.exact else words.low
        if any(forms[j] != known.words[j - i] for j in range(i, last)):
            continue
        form, wanted = forms[last], known.words[-1]
        if form == wanted:
            return known, last, words.end[last]
        if form[:-1] == wanted and form[-1] == "s" and wanted[-1] not in "sxzSXZ":
            return known, last, words.end[last] - 1
    return None


@cache
def _heads() -> dict[str, list[dict[str, Any]]]:
    table: dict[str, list[dict[str, Any]]] = {}
    for group in load_toml("actors")["heads"]:
        entry = {**group, "bare": frozenset(group["bare"])}
        for ending in group["endings"]:
            table.setdefault(ending, []).append({**entry, "ending": ending})
    return table


@cache
def _never_heads() -> tuple[str, ...]:
    return tuple(load_toml("actors")["never_heads"]["endings"])


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
    if low.removesuffix("s").endswith(_never_heads()):
        return None
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


def head_claims(words: Words, known: Iterable[Claim] = ()) -> Iterator[Claim]:
    """Yield organisations that their form names: `socialnämnden`, `Ulvsjö kommun`, `Kammarrätten i Ulvsjö`."""
    ends = {claim.last: claim for claim in known}  # by their last word, for owners: `Kommunstyrelsens förvaltning`
    written_low = frozenset(low for low, shape in zip(words.low, words.shape, strict=True) if shape == LOWER)
    for i, low in enumerate(words.low):
        claim = (
            _owned_claim(words, i, low, ends)
            or _tail_claim(words, i, low, ends)
            or _opener_claim(words, i, low)
            or _head_claim(words, i, low, ends, written_low)
        )
        if claim is not None:
            before = ends.get(claim.last)
            if before is None or before.last - before.first < claim.last - claim.first:
                ends[claim.last] = claim
            yield claim


def _owner(words: Words, i: int, ends: dict[int, Claim]) -> Claim | None:
    """Return the organisation or governed place whose genitive stands right before word `i`: `Ulvsjös |`, `FN:s |`."""
    if i == 0 or not words.joined[i]:
        return None
    if words.form[i - 1] == "s" and i > 1 and words.gap(i - 1) == ":":
        return ends.get(i - 2)
    owner = ends.get(i - 1)
    return owner if owner is not None and words.low[i - 1].endswith("s") and owner.org_type is not None else None


def _head_claim(words: Words, i: int, low: str, ends: dict[int, Claim], written_low: frozenset[str]) -> Claim | None:
    if len(low) < 6:
        return None
    found = head_of(low)
    if found is None:
        return None
    entry, genitive = found
    capital = words.shape[i] != LOWER
    first = i
    if not capital:
        if entry["lower"] is False or (entry["lower"] == "acts" and not _acts(words, i)):
            return None
    elif words.opens[i] and entry["lower"] is False and low in written_low:
        return None
    if first == i:
        first = _shared_parts(words, i)
    last, end = i, words.end[i] - (1 if genitive else 0)
    if not genitive and (entry["org_type"] == "political_body" or (entry["org_type"] == "department" and not capital)):
        last, end = _place_after(words, i, end)
    telling = (capital and not (words.opens[i] and entry["lower"])) or first < i
    family = "head" if telling else "head_lower"
    return _claim(words, first, last, end, family, entry["org_type"])


@cache
def _owned() -> dict[str, str]:
    return {ending: group["org_type"] for group in load_toml("actors")["owned"] for ending in group["endings"]}


@lru_cache(maxsize=100_000)
def _owned_type(low: str) -> tuple[str, bool] | None:
    """Return the type that an indefinite head gives after an owner (`resursteam`), and whether it is in the genitive."""
    owned = _owned()
    for genitive in (False, True):
        stem = low[:-1] if genitive and low.endswith("s") else low
        for size in range(min(len(stem), 16), 2, -1):
            if stem[-size:] in owned and (not genitive or stem is not low):
                return owned[stem[-size:]], genitive
    return None


def _owned_claim(words: Words, i: int, low: str, ends: dict[int, Claim]) -> Claim | None:
    """Return a unit named by its owner: `Umeå kommuns personalavdelning`, `FN:s säkerhetsråd`."""
    if words.shape[i] != LOWER:
        return None
    found = _owned_type(low)
    owner = _owner(words, _shared_parts(words, i), ends) if found is not None else None
    if found is None or owner is None:
        return None
    end = words.end[i] - (1 if found[1] else 0)
    org_type = "international" if owner.org_type == "international" else found[0]
    return _claim(words, owner.first, i, end, "owned", org_type)


def _claim(words: Words, first: int, last: int, end: int, family: str, org_type: str) -> Claim:
    name = words.text[words.start[first] : end]
    return Claim(first, last, words.start[first], end, ORGANISATION, family, name, org_type, 2)


def _acts(words: Words, i: int) -> bool:
    """Tell whether an acting verb stands right after or right before the word."""
    verbs = context("acting_verbs")
    after = i + 1 < len(words) and words.joined[i + 1] and words.low[i + 1] in verbs
    before = i > 0 and words.joined[i] and words.low[i - 1] in verbs
    return after or before


def _shared_parts(words: Words, i: int) -> int:
    """Go back over parts that share the head: `Vård- och | omsorgsförvaltningen`, `Kultur-, idrotts- och | fritidsnämnden`."""
    if (
        i >= 2
        and words.joined[i]
        and words.joined[i - 1]
        and words.low[i - 1] in ("och", "&")
        and words.shape[i] == LOWER
    ):
        shared = words.low[i - 2]
        named = head_of(shared) is not None or shared in known_names() or shared.endswith(("en", "et", "-"))
        if words.shape[i - 2] == CAPITAL and shared not in context("sentence_openers") and not named:
            return i - 2  # the hyphen was forgotten: `Vård och omsorgsförvaltningen`
    first = i
    while (
        first >= 2
        and words.joined[first]
        and words.low[first - 1] in ("och", "&", "samt")
        and words.form[first - 2].endswith("-")
    ):
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
            if (
                words.low[last].endswith("s")
                and last + 1 < len(words)
                and words.low[last + 1] in _tails()
                and words.joined[last + 1]
            ):
                last += 1
                stop = words.end[last]
            return last, stop
    return i, end


def _capital_run(words: Words, i: int) -> int | None:
    """Return the last word of a run of capitalised words from `i`, with a closing `kommun`, `stad` or `län`; None without."""
    if i >= len(words) or words.shape[i] == LOWER or not words.form[i][0].isalpha():
        return None
    last = i
    while (
        last + 1 < len(words)
        and words.joined[last + 1]
        and "\n" not in words.gap(last + 1)
        and last - i < _MAX_NAME_WORDS
    ):
        ends_here = (
            words.low[last].endswith("s")
            and words.low[last][:-1] in known_names()
            and words.low[last] not in _names_in_s()
        )
        if ends_here and words.low[last + 1] not in ("län", "läns", "kommun", "stad", "stads", "kommuns"):
            break
        if words.shape[last + 1] != LOWER or words.low[last + 1] in (
            "län",
            "läns",
            "kommun",
            "stad",
            "stads",
            "kommuns",
        ):
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
    owner = _owner(words, i, ends)
    if i in ends and ends[i].first < i:
        return None  # a known name: `Skulle | Borås kommun`
    if owner is not None and words.shape[i] == LOWER:
        first = owner.first
    else:
        openers = context("sentence_openers")
        while first > 0 and words.joined[first] and words.shape[first - 1] != LOWER and i - first < 5:
            if words.opens[first - 1] and words.low[first - 1] in openers:
                break
            if words.low[first - 1] in openers and words.shape[first - 1] == CAPITAL and len(words.low[first - 1]) < 4:
                break
            first -= 1
        if first == i and words.low[i - 1] == "läns" and i > 1 and words.joined[i - 1] and words.shape[i - 2] != LOWER:
            first = i - 2
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
    purpose = False
    following = words.low[i + 1]
    if "for" in entry["to"] and following in ("för", "om") and i + 2 < len(words) and words.joined[i + 2]:
        last = _purpose(words, i + 2)
        purpose = True
    elif "in" in entry["to"] and following == "i":
        last = _capital_run(words, i + 2)
    elif "over" in entry["to"] and following == "över":
        last = _capital_run(words, i + 4)
    elif "name" in entry["to"] and words.shape[i + 1] != LOWER:
        last = _capital_run(words, i + 1)
    if last is None or last >= len(words):
        return None
    if purpose and words.shape[last] == LOWER and words.low[last].endswith(("ets", "ens", "nas")):
        return None  # the purpose was cut off: `rådet för barnens`
    end = words.end[last] - (1 if _in_genitive(words, last) else 0)
    family = "opener" if capital else "opener_lower"
    return Claim(
        i, last, words.start[i], end, ORGANISATION, family, words.text[words.start[i] : end], entry["org_type"], 2
    )


def _in_genitive(words: Words, last: int) -> bool:
    """Tell whether the last word of a name of unknown form carries a genitive -s: a noun comes after it."""
    low = words.low[last]
    return (
        low.endswith("s")
        and len(low) > 4
        and not low.endswith(("ss", "us", "is", "analys", "läns"))
        and low not in _names_in_s()
        and (last + 1 < len(words) and words.joined[last + 1])
    )


@cache
def _names_in_s() -> frozenset[str]:
    return frozenset(
        first for first, names in known_names().items() if first.endswith("s") and any(len(n.words) == 1 for n in names)
    )


_FUNCTION_WORDS = frozenset(
    ["att", "den", "det", "de", "dem", "en", "ett", "sin", "sitt", "sina", "vår", "vårt", "våra", "hur", "när", "som", "och", "eller", "i", "på", "av", "till", "från", "med", "vid", "om", "har", "är", "ska", "kan"]
)


def _purpose(words: Words, i: int) -> int | None:
    """Return the last word of what a body is for: `vård- och omsorgsanalys`, `samhällsskydd och beredskap`."""
    if words.low[i] in _FUNCTION_WORDS:
        return None
    last = i
    while words.form[last].endswith("-") and last + 2 < len(words) and last - i < _MAX_NAME_WORDS:
        last += 2 if words.low[last + 1] in ("och", "eller", "samt") else 1
    modifier = words.low[last].endswith(
        (
            "ig",
            "ell",
            "isk",
            "ande",
            "ad",
            "ella",
            "iska",
            "iga",
            "ade",
            "ets",
            "ens",
            "nas",
            "tal",
            "civilt",
            "nära",
            "god",
            "ska",
            "lokal",
            "regional",
            "nya",
            "digital",
        )
    )
    if modifier and words.shape[last] == LOWER:
        if (
            last + 1 < len(words)
            and words.joined[last + 1]
            and words.low[last + 1] not in _FUNCTION_WORDS
            and words.low[last + 1] not in context("acting_verbs")
        ):
            last += 1
    if last + 1 < len(words) and words.joined[last + 1] and "&" in words.gap(last + 1):
        return last + 1
    if last + 2 < len(words) and words.joined[last + 1] and words.low[last + 1] == "och" and words.joined[last + 2]:
        following = words.low[last + 2]
        capitals = words.shape[i] != LOWER
        if (
            (words.shape[last + 2] != LOWER) == capitals
            and following not in _FUNCTION_WORDS
            and following not in context("acting_verbs")
        ):
            last += 2
    while (
        last - i < _MAX_NAME_WORDS
        and last + 2 < len(words)
        and words.shape[last] != LOWER
        and words.joined[last + 1]
        and words.joined[last + 2]
    ):
        if words.low[last + 1] not in ("kring", "och", "för", "om") or words.shape[last + 2] == LOWER:
            break
        last += 2
        while (
            last - i < _MAX_NAME_WORDS
            and last + 1 < len(words)
            and words.joined[last + 1]
            and words.shape[last + 1] != LOWER
        ):
            last += 1
    return last


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
        yield Claim(
            i + 1,
            last,
            words.start[i + 1],
            end,
            ORGANISATION,
            "kind_word",
            words.text[words.start[i + 1] : end],
            org_type,
            2,
        )


@cache
def _kind_words() -> dict[str, str]:
    kinds = load_toml("actors")["kind_words"]
    return {word: org_type for org_type, group in kinds.items() if isinstance(group, list) for word in group}


__all__ = [
    "CAPITALS",
    "PLACE",
    "context",
    "head_claims",
    "head_of",
    "kind_word_claims",
    "known_claims",
    "not_actor_claims",
    "tail_of",
]
