"""How far a name goes: to the left over shared parts, to the right over places, names and purposes."""

from __future__ import annotations

from functools import cache

from offtext.layers.gazetteer import known_names
from offtext.layers.heads import context, head_of, tails
from offtext.layers.words import CAPITAL, LOWER, Words
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


def _ends_purpose(low: str) -> bool:
    """Tell whether a word cannot belong to what a body is for: a function word or a verb."""
    return low in _purpose_words("function_words") or low in context("acting_verbs")


def purpose_end(words: Words, i: int) -> int | None:
    """Return the last word of what a body is for: `vård- och omsorgsanalys`, `samhällsskydd och beredskap`."""
    if words.low[i] in _purpose_words("function_words"):
        return None
    last = i
    while words.form[last].endswith("-") and last + 2 < len(words) and last - i < _MAX_NAME_WORDS:
        last += 2 if words.low[last + 1] in ("och", "eller", "samt") else 1
    if (
        words.shape[last] == LOWER
        and words.low[last].endswith(_purpose_words("modifier_endings"))
        and last + 1 < len(words)
        and words.joined[last + 1]
        and not _ends_purpose(words.low[last + 1])
    ):
        last += 1
    if last + 1 < len(words) and words.joined[last + 1] and "&" in words.gap(last + 1):
        return last + 1
    if last + 2 < len(words) and words.joined[last + 1] and words.low[last + 1] == "och" and words.joined[last + 2]:
        following = words.low[last + 2]
        capitals = words.shape[i] != LOWER
        if (words.shape[last + 2] != LOWER) == capitals and not _ends_purpose(following):
            last += 2
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
