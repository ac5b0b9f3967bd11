"""Organisations that their form names: `socialnämnden`, `Ulvsjö kommun`, `Kammarrätten i Ulvsjö`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from offtext.layers.actors.claims import ORGANISATION, Claim
from offtext.layers.actors.extents import (
    capital_run,
    in_genitive,
    is_function_word,
    name_after,
    names_in_s,
    place_after,
    purpose_end,
    shared_parts,
)
from offtext.layers.actors.gazetteer import first_names, known_names
from offtext.layers.actors.heads import bare_head, compound_tail_of, context, head_of, openers, owned_type, tail_of
from offtext.layers.actors.titles import is_role_word
from offtext.layers.actors.typed_names import kind_of
from offtext.layers.actors.words import CAPITAL, CAPITALS, LOWER, Words


def head_claims(words: Words, known: Iterable[Claim] = ()) -> Iterator[Claim]:
    """Yield organisations that their form names: `socialnämnden`, `Ulvsjö kommun`, `Kammarrätten i Ulvsjö`."""
    ends = {claim.last: claim for claim in known}  # by their last word, for owners: `Kommunstyrelsens förvaltning`
    written_low = frozenset(low for low, shape in zip(words.low, words.shape, strict=True) if shape == LOWER)
    for i, low in enumerate(words.low):
        if low in ("kommuner", "kommuners"):
            yield from _shared_kommuner(words, i)
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


def _shared_kommuner(words: Words, i: int) -> Iterator[Claim]:
    """Yield each municipality of `Ulvsjö, Ekfors och Lindeby kommuner`."""
    found: list[Claim] = []
    j = i - 1
    while j >= 0 and i - j < 40 and words.shape[j] != LOWER and (words.joined[j + 1] or words.gap(j + 1) == ", "):
        if words.low[j] in context("sentence_openers") or (j == i - 1 and not words.joined[i]):
            break
        genitive = j == i - 1 and words.low[j].endswith("s") and words.low[j] not in names_in_s()
        found.append(_claim(words, j, j, words.end[j] - (1 if genitive else 0), "tail", "municipality"))
        j -= 2 if j > 1 and words.low[j - 1] in ("och", "samt", "respektive") and words.joined[j] else 1
    if len(found) > 1:
        yield from found


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
    adjective = _naming_adjective(words, i)
    found = bare_head(low) if adjective else None
    found = found or head_of(low)
    if found is None:
        return _named_claim(words, i, low)
    entry, genitive = found
    capital = words.shape[i] != LOWER or adjective
    first = i - 1 if adjective else i
    if not capital:
        if low.endswith(("nämnd", "styrelse", "utskott")):
            return None  # indefinite and without an owner: `varje kommunstyrelse`
        placed = genitive is False and place_after(words, i, 0)[0] > i  # `naturvårdsenheten i Ulvsjö`
        if entry["lower"] is False or (entry["lower"] == "acts" and not placed and not _acts(words, i)):
            return None
    elif words.opens[first] and not adjective and entry["lower"] is False and low in written_low:
        return None
    if first == i:
        first = shared_parts(words, i)
    last, end = i, words.end[i] - (1 if genitive else 0)
    if not genitive and entry["org_type"] in ("political_body", "department"):
        reach = place_after(words, i, end)
        governed = words.low[reach[0]].removesuffix("s") in ("kommun", "stad", "län")
        if not capital or governed or entry["org_type"] == "political_body":
            last, end = reach
    if capital and not genitive and last == i and _types_next(words, i):
        return None
    if capital and entry["org_type"] == "network" and words.low[i + 1 : i + 2] == ["för"] and words.joined[i + 1]:
        purpose = purpose_end(words, i + 2) if i + 2 < len(words) and words.joined[i + 2] else None
        if purpose is not None:
            last, end = purpose, words.end[purpose]
    if capital and not genitive and last == i:
        last, end = name_after(words, i, end, entry["org_type"])
    telling = (capital and not (words.opens[first] and entry["lower"])) or first < i
    family = "head" if telling else "head_lower"
    return _claim(words, first, last, end, family, entry["org_type"])


_NAMED_BY_MORE = frozenset(("association", "civil_society", "network", "public_service", "department"))


def _named_claim(words: Words, i: int, low: str) -> Claim | None:
    """Return a name that a common head opens: `Samordningsförbundet | Ekdal`, `Räddningstjänsten | Ulvsjö`."""
    found = bare_head(low) if words.shape[i] != LOWER else None
    if found is None or found[1] or found[0]["org_type"] not in _NAMED_BY_MORE or kind_of(low) == "company":
        return None
    last, end = name_after(words, i, words.end[i], found[0]["org_type"])
    if last == i or words.shape[i + 1] == LOWER:
        return None
    return _claim(words, i, last, end, "head", found[0]["org_type"])


def _types_next(words: Words, i: int) -> bool:
    """Tell whether a word is only the kind or the title of the name after it: `Skogsbolaget | Ekdal`."""
    j = i + 1
    if j >= len(words) or not words.joined[j] or words.shape[j] == LOWER or "\n" in words.gap(j):
        return False
    if words.opens[i] and kind_of(words.low[i]) == "company":
        return True
    return words.low[i].endswith("rådet") and words.low[j] in first_names()


def _naming_adjective(words: Words, i: int) -> bool:
    """Tell whether a capitalised adjective makes a name of a head in lower case: `Tekniska | förvaltningen`."""
    if i == 0 or words.shape[i] != LOWER or not words.joined[i] or words.shape[i - 1] != CAPITAL:
        return False
    low = words.low[i - 1]
    if low in context("naming_adjectives"):
        return True
    known = low in known_names() or low in context("sentence_openers") or low in first_names()
    return not words.opens[i - 1] and not known and low.endswith(("iska", "ella", "ala", "iga", "ära", "ila", "iva"))


def _owned_claim(words: Words, i: int, low: str, ends: dict[int, Claim]) -> Claim | None:
    """Return a unit named by its owner: `Umeå kommuns personalavdelning`, `FN:s säkerhetsråd`."""
    if words.shape[i] != LOWER:
        return None
    found = owned_type(low)
    owner = _owner(words, shared_parts(words, i), ends) if found is not None else None
    if found is None or owner is None or (low == "råd" and owner.org_type == "agency"):
        return None  # an agency's `råd` is advice
    if low in context("parts_without_name") and owner.org_type in ("association", "civil_society", "international"):
        return None  # `Kommunals avdelning`
    last, end = i, words.end[i] - (1 if found[1] else 0)
    if not found[1]:
        last, end = place_after(words, i, end)
        if words.low[i + 1 : i + 2] == ["för"] and i + 2 < len(words) and words.joined[i + 1] and words.joined[i + 2]:
            purpose = purpose_end(words, i + 2)
            if purpose is not None:
                last, end = purpose, words.end[purpose]
    org_type = "international" if owner.org_type == "international" else found[0]
    return _claim(words, owner.first, last, end, "owned", org_type)


def _tail_claim(words: Words, i: int, low: str, ends: dict[int, Claim]) -> Claim | None:
    found = tail_of(low, words.form[i])
    if (
        found is None
        and i
        and words.shape[i - 1] != LOWER
        and (words.low[i - 1][-1] in "sxz" or words.shape[i] == CAPITAL)
        and not words.opens[i]
    ):
        found = compound_tail_of(low) if words.low[i - 1] not in context("sentence_openers") else None
    if found is None or i == 0 or not words.joined[i] or words.low[i - 1] in context("unions_and_common_words"):
        return None
    org_type, genitive = found
    if org_type == "municipality" and words.low[i - 1][-1] not in "sxzaeiouyåäö":
        return None  # a place name before `kommun` has a genitive -s or ends in a vowel: `Robust kommun` is none
    first = i
    owner = _owner(words, i, ends)
    if low in context("parts_without_name") and owner is not None:
        return None
    if low == "råd" and owner is not None and owner.org_type == "agency":
        return None  # an agency's `råd` is advice
    if i in ends and ends[i].first < i:
        return None  # a known name: `Skulle | Borås kommun`
    if owner is not None and words.shape[i] == LOWER:
        first = owner.first
    else:
        openers = context("sentence_openers")
        while first > 0 and i - first < 5 and (words.joined[first] or words.gap(first) == "–"):
            quarter = words.low[first - 1] in ("norra", "södra", "östra", "västra") and first - 1 > 0
            if words.shape[first - 1] == LOWER and not (quarter and words.shape[first - 2] != LOWER):
                break
            if words.opens[first - 1] and words.low[first - 1] in openers:
                break
            if words.shape[first - 1] == CAPITALS and is_function_word(words.low[first - 1]):
                break  # a heading in capitals
            if words.low[first - 1] in openers and words.shape[first - 1] == CAPITAL and len(words.low[first - 1]) < 4:
                break
            if is_role_word(words.low[first - 1]):
                break  # `Verksamhetschef | Ekfors hemtjänst`
            first -= 1
        if first == i and words.low[i - 1] == "läns" and i > 1 and words.joined[i - 1] and words.shape[i - 2] != LOWER:
            first = i - 2
        generic = words.opens[first] and words.low[first].endswith(("ens", "ets", "arnas", "ernas"))
        if first == i or (first == i - 1 and generic and org_type in ("department", "political_body")):
            return None  # `Förbundets styrelse`
    end = words.end[i] - (1 if genitive else 0)
    last = i
    if words.low[i + 1 : i + 2] in (["for"], ["of"]) and words.joined[i + 1]:  # `Centre | for Water Policy`
        run = capital_run(words, i + 2)
        if run is not None:
            last, end = run, words.end[run]
    return _claim(words, first, last, end, "tail", org_type)


def _opener_claim(words: Words, i: int, low: str) -> Claim | None:
    entry = openers().get(low)
    if entry is None or i + 1 >= len(words) or not words.joined[i + 1]:
        return None
    capital = words.shape[i] != LOWER
    if not capital and not entry["lower"]:
        return None
    last: int | None = None
    purpose = False
    following = words.low[i + 1]
    if (
        "for" in entry["to"]
        and (following == "för" or (following == "om" and low.startswith("utredningen")))
        and i + 2 < len(words)
        and words.joined[i + 2]
    ):
        last = purpose_end(words, i + 2)
        purpose = True
    elif "in" in entry["to"] and following == "i":
        last = capital_run(words, i + 2)
    elif "over" in entry["to"] and following == "över":
        last = capital_run(words, i + 4)
    elif "name" in entry["to"] and words.shape[i + 1] != LOWER:
        last = capital_run(words, i + 1)
    if last is None or last >= len(words):
        return None
    if purpose and words.shape[last] == LOWER and words.low[last].endswith(("ets", "ens", "nas")):
        return None  # the purpose was cut off: `rådet för barnens`
    end = words.end[last] - (1 if in_genitive(words, last) else 0)
    family = "opener" if capital else "opener_lower"
    first = i - 1 if _naming_adjective(words, i) else i
    return _claim(words, first, last, end, "opener" if first < i else family, entry["org_type"])


def _acts(words: Words, i: int) -> bool:
    """Tell whether an acting verb stands right after or right before the word."""
    verbs = context("acting_verbs")
    after = i + 1 < len(words) and words.joined[i + 1] and words.low[i + 1] in verbs
    before = i > 0 and words.joined[i] and words.low[i - 1] in verbs
    return after or before


def _claim(words: Words, first: int, last: int, end: int, family: str, org_type: str) -> Claim:
    name = words.text[words.start[first] : end]
    return Claim(first, last, words.start[first], end, ORGANISATION, family, name, org_type, 2)
