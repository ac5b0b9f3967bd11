"""Names of persons: given name and family name, a title or a reporting verb before, a party or a role after."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from offtext.layers.actors.claims import PERSON, Claim
from offtext.layers.actors.gazetteer import first_names, known_names, surnames
from offtext.layers.actors.heads import context, head_of, tail_of
from offtext.layers.actors.titles import is_role_word
from offtext.layers.actors.words import CAPITAL, CAPITALS, LOWER, Words

_MAX_WORDS = 6
_SURNAME_ENDINGS = (
    "sson",
    "ström",
    "berg",
    "gren",
    "qvist",
    "kvist",
    "lund",
    "dahl",
    "stedt",
    "ståhl",
    "blad",
    "ović",
    "ova",
    "ski",
    "sky",
    "ska",
    "sen",
    "dottir",
    "feldt",
    "holm",
    "mark",
    "man",
    "ell",
    "lin",
    "löf",
    "fors",
    "vall",
    "wall",
    "sjö",
    "hjelm",
    "stam",
    "ing",
    "én",
    "ius",
    "zadeh",
    "oglu",
    "enko",
    "yan",
    "poulos",
    "stad",
    "bäck",
    "back",
    "lind",
    "nen",
)


_NO_GENITIVE = ("ss", "us", "is", "as", "os", "sons", "ns")  # family names often end so: `Vilumsons`, `Lazarus`


@cache
def _party_after() -> re.Pattern[str]:
    return re.compile(r"[*_]{0,3}\s?\((?:S|M|C|L|V|KD|MP|SD|FP|[A-ZÅÄÖ]{1,4})\)")


def person_claims(words: Words, blocked: frozenset[int]) -> Iterator[Claim]:
    """Yield full names of persons.

    Args:
        words: The words of the text.
        blocked: Words that belong to an organisation's name of its own, over which no person's name goes.
    """
    given, family_names = first_names(), surnames()
    i = 0
    while i < len(words):
        if words.shape[i] == LOWER or i in blocked or not _name_like(words, i):
            i += 1
            continue
        last = _run(words, i, blocked)
        if last == i and _titled_alone(words, i, given, family_names):
            cut, _ = _genitive(words, i, family_names)
            end = words.end[i] - cut
            yield Claim(i, i, words.start[i], end, PERSON, "title_single", words.text[words.start[i] : end], None, 1)
        if last > i:
            claim = _judge(words, i, last, given, family_names)
            if claim is not None:
                yield claim
                i = claim.last + 1
                continue
        i += 1


def _name_like(words: Words, i: int) -> bool:
    form = words.form[i]
    return form[0].isalpha() and not any(c.isdigit() for c in form) and (len(form) > 1 or words.after(i) == ".")


@cache
def _places() -> frozenset[str]:
    return frozenset(first for first, names in known_names().items() if any(n.words == (first,) for n in names))


def _run(words: Words, i: int, blocked: frozenset[int]) -> int:
    """Return the last word of the run of name words that begins at `i`."""
    particles = context("particles")
    last, j = i, i + 1
    while j < len(words) and j - i < _MAX_WORDS and j not in blocked:
        initial = len(words.form[j - 1]) == 1 and words.gap(j) in (". ", ".", ".\xa0")
        if not (words.joined[j] or initial) or "\n\n" in words.gap(j) or "&" in words.gap(j):
            break
        if words.shape[j] != LOWER:
            if words.opens[j] and not initial and "\n" not in words.gap(j):
                break
            if not _name_like(words, j):
                break
            if last > i and words.low[j] in _places() and words.low[j] not in surnames():
                break
            if "\n" in words.gap(j) and words.low[j] not in surnames():
                break
            last = j
        elif words.low[j] not in particles or j + 1 >= len(words) or words.shape[j + 1] == LOWER:
            break
        j += 1
    return last


def _judge(words: Words, i: int, last: int, given: frozenset[str], family_names: frozenset[str]) -> Claim | None:
    """Decide whether a run of capitalised words is a person's name, and how far it goes."""
    low = words.low
    openers = context("sentence_openers")
    if (
        low[i] in openers
        and words.opens[i]
        and not (low[i] in given and low[i + 1] in family_names and low[i] in ("per", "dag"))
    ):
        return None
    if low[i] in ("dr", "mr", "mrs", "ms", "prof", "sir") and last > i + 1:
        i += 1
    # a title in capitals or at the start of a sentence is not a part of the name: `Rektor Karin Ek`
    if is_role_word(low[i]) and low[i] not in given:
        return None
    if head_of(low[i]) is not None or tail_of(low[i], words.form[i]) is not None:
        return None
    while last > i and (
        is_role_word(low[last])
        and low[last] not in family_names
        and _genitive(words, last, family_names)[1] not in family_names
    ):
        last -= 1
    capitals = words.shape[i] == CAPITALS and len(words.form[i]) > 1
    for j in range(i + 1, last + 1):
        if (words.shape[j] == CAPITALS) != capitals and words.shape[j] == CAPITALS and len(words.form[j]) > 1:
            last = j - 1
            break
        if head_of(low[j]) is not None and low[j] not in family_names:
            last = j - 1
            break
    if last <= i:
        return None
    is_given = low[i] in given or ("-" in low[i] and all(part in given for part in low[i].split("-")))
    if not is_given and (low[i] in _places() or words.form[i] in _places()):
        return None
    end_cut, base = _genitive(words, last, family_names)
    known_surname = base in family_names or low[last] in family_names or low[last].split("-")[0] in family_names
    titled = i > 0 and words.joined[i] and words.shape[i - 1] == LOWER and is_role_word(low[i - 1])
    titled = titled or (i > 0 and words.joined[i] and words.opens[i - 1] and is_role_word(low[i - 1]))
    said = i > 0 and words.joined[i] and low[i - 1] in context("reporting_verbs")
    after = words.text[words.end[last] : words.end[last] + 12]
    party = _party_after().match(after) is not None
    likely = base.endswith(_SURNAME_ENDINGS)
    role_after = (
        last + 1 < len(words)
        and words.gap(last + 1).strip(" *_") in (",", ":", "–", "")
        and words.shape[last + 1] == LOWER
        and is_role_word(low[last + 1])
    )
    family = ""
    if is_given and known_surname:
        family = "given_surname"
    elif is_given and (titled or said or party or role_after):
        family = "given_context"
    elif is_given and low[last] not in known_names() and base not in known_names():
        family = "given"
    elif titled and (known_surname or likely or not words.opens[i]):
        family = "title"
    elif party and words.opens[i] is not None:
        family = "party"
    elif known_surname and (said or role_after):
        family = "surname_context"
    elif (said or role_after) and low[last] not in known_names():
        family = "context"
    elif known_surname and not words.opens[i] and low[i] not in known_names() and likely:
        family = "surname"
    if not family:
        return None
    if capitals and family not in ("given_surname", "given_context", "party"):
        return None
    end = words.end[last] - end_cut
    return Claim(i, last, words.start[i], end, PERSON, family, words.text[words.start[i] : end], None, 2)


def _titled_alone(words: Words, i: int, given: frozenset[str], family_names: frozenset[str]) -> bool:
    """Tell whether a single name stands right after a title: `docent Ekdal`, `undersköterskan Lisa`."""
    low = words.low[i]
    if i == 0 or not words.joined[i] or words.opens[i] or words.shape[i] != CAPITAL or len(low) < 3 or "-" in low:
        return False
    if not is_role_word(words.low[i - 1]) or (words.shape[i - 1] != LOWER and not words.opens[i - 1]):
        return False
    base = low.removesuffix("s")
    if low in known_names() or base in known_names() or head_of(low) is not None or is_role_word(low):
        return False
    return (
        low in given or base in given or low in family_names or base in family_names or base.endswith(_SURNAME_ENDINGS)
    )


def _genitive(words: Words, last: int, family_names: frozenset[str]) -> tuple[int, str]:
    """Return how many characters of a genitive -s the last name word has, and the word without them."""
    low = words.low[last]
    if low.endswith("s") and low not in family_names and len(low) > 3:
        stem = low[:-1]
        if stem in family_names or (stem.endswith(_SURNAME_ENDINGS) and not low.endswith(("ss", "us", "is"))):
            return 1, stem
        following = last + 1 < len(words) and words.joined[last + 1] and words.shape[last + 1] == LOWER
        owns = following and _noun_like(words.low[last + 1]) and len(stem) > 3
        if (following and stem in family_names) or (owns and not low.endswith(_NO_GENITIVE)):
            return 1, stem
    return 0, low


def _noun_like(low: str) -> bool:
    """Tell whether a lower-case word may be what a genitive before it owns: no verb, preposition or conjunction."""
    if low.endswith(("ar", "er", "ade", "de", "te", "tt")) or len(low) < 4:
        return False
    return not any(
        low in context(group) for group in ("acting_verbs", "reporting_verbs", "sentence_openers", "place_prepositions")
    )


def part_claims(words: Words, full: list[Claim], taken: set[int]) -> Iterator[Claim]:
    """Yield family names and given names standing alone, of persons named in full elsewhere in the text."""
    parts: dict[str, str] = {}
    particled: dict[str, str] = {}  # what goes before a family name: `von Ekenlund`, `Alm Ekenlund`
    openers = context("sentence_openers")
    for claim in full:
        names = [
            words.form[j]
            for j in range(claim.first, claim.last + 1)
            if words.shape[j] != LOWER and len(words.form[j]) > 1
        ]
        if len(names) < 2:
            continue
        base = claim.name.split()[-1].replace("\xad", "")
        parts.setdefault(base, "family_part")
        if words.low[claim.last - 1] in context("particles") or len(names) > 2:
            particled.setdefault(base, words.low[claim.last - 1])
        if names[0].lower() not in openers:
            parts.setdefault(names[0], "given_part")
    for i, form in enumerate(words.form):
        if words.shape[i] == LOWER or i in taken:
            continue
        cut = 0
        family = parts.get(form)
        if family is None and form.endswith("s"):
            family, cut = parts.get(form[:-1]), 1
        if family is None:
            continue
        end = words.end[i] - cut
        particle = particled.get(form[:-1] if cut else form)
        first = i - 1 if particle and i and words.joined[i] and words.low[i - 1] == particle else i
        yield Claim(first, i, words.start[first], end, PERSON, family, words.text[words.start[first] : end], None, 1)


__all__ = ["CAPITAL", "part_claims", "person_claims"]
