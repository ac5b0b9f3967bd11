"""How far a name goes: to the left over shared parts, to the right over places, names and purposes."""

from __future__ import annotations

from functools import cache

from offtext.layers.actors.claims import Claim
from offtext.layers.actors.gazetteer import first_names, known_names
from offtext.layers.actors.heads import context, head_of, openers, tail_of, tails
from offtext.layers.actors.titles import is_role_word
from offtext.layers.actors.words import CAPITAL, LOWER, Words
from offtext.lexicon import load_toml

_MAX_NAME_WORDS = 7


def shared_parts(words: Words, i: int) -> int:
    """Go back over parts that share the head: `Vård- och | omsorgsförvaltningen`, `Kultur- och | fritidsnämnden`."""
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


def place_after(words: Words, i: int, end: int) -> tuple[int, int]:
    """Go on over `i Ulvsjö kommun` after a unit's name."""
    if i + 2 < len(words) and words.joined[i + 1] and words.low[i + 1] in ("i", "vid") and words.joined[i + 2]:
        last = capital_run(words, i + 2)
        if last is not None:
            stop = words.end[last]
            if (
                words.low[last].endswith("s")
                and last + 1 < len(words)
                and words.low[last + 1] in tails()
                and words.joined[last + 1]
            ):
                last += 1
                stop = words.end[last]
            return last, stop
    return i, end


_BRANCHING = frozenset(("association", "civil_society", "network"))
_NAMED_AFTER = _BRANCHING | frozenset(("department", "public_service", "company", "party", "education"))


def name_after(words: Words, i: int, end: int, org_type: str) -> tuple[int, int]:
    """Go on over what a body's name adds after its head: `Kompetensrådet | Nordmark Syd`, `Odlarföreningen | i Ekfors`.

    Args:
        words: The words of the text.
        i: Last word of the name so far, without genitive.
        end: End of the name so far.
        org_type: Type of the body.
    """
    j = i + 1
    if j >= len(words) or not words.joined[j] or "\n" in words.gap(j):
        return i, end
    last: int | None = None
    if words.shape[j] != LOWER and not _stands_alone(words, j, org_type):
        last = capital_run(words, j)
    elif org_type in _BRANCHING and words.low[j] in ("i", "vid") and j + 1 < len(words) and words.joined[j + 1]:
        k = j + 2 if words.low[j + 1] in ("västra", "östra", "norra", "södra", "mellersta") else j + 1
        last = capital_run(words, k) if k < len(words) and words.joined[k] else None
    if last is None:
        return i, end
    return last, words.end[last] - (1 if in_genitive(words, last) or _known_genitive(words, last) else 0)


def _stands_alone(words: Words, j: int, org_type: str) -> bool:
    """Tell whether a capitalised word after a body's head is no part of its name: a person, a title, another body."""
    low = words.low[j]
    place = _is_place(words, j)
    if words.opens[j] or is_role_word(low) or head_of(low) is not None or tail_of(low, words.form[j]) is not None:
        return True
    if org_type not in _NAMED_AFTER and not place:
        return True
    if low in first_names() and not place:
        return True
    known = known_names().get(low) or known_names().get(words.form[j]) or ()
    return any(name.kind == "organisation" and len(name.words) == 1 for name in known) and not place


def _is_place(words: Words, j: int) -> bool:
    low = words.low[j]
    found = (low, low.removesuffix("s"), *low.split("-"))
    if low in _QUARTERS or low.endswith(("bygden", "trakten")):
        return True
    return any(n.kind == "place" for form in found for n in known_names().get(form, ()))


_QUARTERS = frozenset(("norr", "syd", "väst", "öst", "mitt", "nord", "norra", "södra", "östra", "västra"))


def _known_genitive(words: Words, last: int) -> bool:
    low = words.low[last]
    return low.endswith("s") and low not in names_in_s() and low[:-1] in known_names()


def branch_end(words: Words, claim: Claim) -> tuple[int, int]:
    """Return where the name of a local branch of a known body ends: `Röda Korset | i Ekfors`, `LRF | Dalsland`."""
    last, end = claim.last, claim.end
    j = last + 1
    if end != words.end[last] or j >= len(words) or not words.joined[j] or "\n" in words.gap(j):
        return last, end
    if claim.org_type in ("association", "civil_society", "media") and words.shape[j] != LOWER and _is_place(words, j):
        run = capital_run(words, j)
        if run is not None:
            return run, words.end[run] - (1 if _known_genitive(words, run) else 0)
    if claim.org_type in ("civil_society", "party") and words.low[j] == "i":
        k = j + 1
        if k < len(words) and words.joined[k] and words.shape[k] != LOWER and "\n" not in words.gap(k):
            run = capital_run(words, k)
            dated = run is not None and run + 1 < len(words) and words.low[run + 1] in ("den", "under")
            abroad = any(n.org_type == "international" for n in known_names().get(words.low[k], ()))
            if run is not None and not dated and not abroad:
                return run, words.end[run] - (1 if _known_genitive(words, run) else 0)
    return last, end


def capital_run(words: Words, i: int) -> int | None:
    """Return the last word of a run of capitalised words from `i`, with a closing `kommun` or `län`; None without."""
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
            and words.low[last] not in names_in_s()
        )
        if is_role_word(words.low[last + 1]) and words.shape[last + 1] == CAPITAL:
            break  # a title opens the next name: `Ekdal | Rektor`
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


def in_genitive(words: Words, last: int) -> bool:
    """Tell whether the last word of a name of unknown form carries a genitive -s: a noun comes after it."""
    low = words.low[last]
    return (
        low.endswith("s")
        and len(low) > 4
        and not low.endswith(("ss", "us", "is", "analys", "läns"))
        and low not in names_in_s()
        and (last + 1 < len(words) and words.joined[last + 1])
    )


@cache
def names_in_s() -> frozenset[str]:
    """Return the known names of one word whose last letter is an s of their own (`tranås`)."""
    return frozenset(
        first for first, names in known_names().items() if first.endswith("s") and any(len(n.words) == 1 for n in names)
    )


@cache
def _purpose_words(group: str) -> tuple[str, ...]:
    return tuple(load_toml("actors")["purposes"][group])


def is_function_word(low: str) -> bool:
    """Tell whether a word can stand in no name of a body: `är`, `som`."""
    return low in _purpose_words("function_words")


def _ends_purpose(low: str) -> bool:
    """Tell whether a word cannot belong to what a body is for: a function word or a verb."""
    return low in _purpose_words("function_words") or low in context("acting_verbs")


def _is_body(words: Words, j: int) -> bool:
    """Tell whether a known organisation's name begins at word `j`."""
    names = known_names().get(words.low[j], ())
    return (
        any(n.kind == "organisation" and list(n.words) == words.low[j : j + len(n.words)] for n in names)
        or (_is_place(words, j) and words.low[j].endswith("s"))
        or (words.low[j] in ("västra", "östra", "norra", "södra"))
    )


def purpose_end(words: Words, i: int) -> int | None:
    """Return the last word of what a body is for: `vård- och omsorgsanalys`, `samhällsskydd och beredskap`."""
    if words.low[i] in _purpose_words("function_words"):
        return None
    last = i
    while words.form[last].endswith("-") and last + 2 < len(words) and last - i < _MAX_NAME_WORDS:
        last += 2 if words.low[last + 1] in ("och", "eller", "samt") else 1
    if (
        words.low[last].endswith(_purpose_words("modifier_endings"))
        and last + 1 < len(words)
        and words.joined[last + 1]
        and words.shape[last + 1] == LOWER
        and not _ends_purpose(words.low[last + 1])
    ):
        last += 1
    if last + 1 < len(words) and words.joined[last + 1] and "&" in words.gap(last + 1):
        return last + 1
    if last + 2 < len(words) and words.joined[last + 1] and words.low[last + 1] == "och" and words.joined[last + 2]:
        following = words.low[last + 2]
        capitals = words.shape[i] != LOWER
        if following in openers() or (words.shape[last + 2] != LOWER and _is_body(words, last + 2)):
            return last
        if (words.shape[last + 2] != LOWER) == capitals and not _ends_purpose(following):
            last += 2
            modifies = not capitals and following.endswith(_purpose_words("modifier_endings"))
            if modifies and last + 1 < len(words) and words.joined[last + 1] and words.shape[last + 1] == LOWER:
                last += 0 if _ends_purpose(words.low[last + 1]) else 1
    if words.low[last + 1 : last + 3] == ["i", "samverkan"] and words.joined[last + 1] and words.joined[last + 2]:
        return last + 2
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
