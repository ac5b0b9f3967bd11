"""What a text says of a person beside the name: role as written, party, and the organisation they represent."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache

from offtext.layers.claims import ORGANISATION, PERSON, Claim
from offtext.layers.organisations import context
from offtext.layers.titles import group, is_role_word
from offtext.layers.words import LOWER, Words

_MAX_ROLE_WORDS = 16


@dataclass(frozen=True, slots=True)
class Described:
    """What stands beside one mention of a person.

    Attributes:
        role: First and last word of the role phrase, both included.
        party: Party abbreviation in brackets.
        organisation: The claim of the organisation that the person is said to belong to.
    """

    role: tuple[int, int] | None = None
    party: str | None = None
    organisation: Claim | None = None


class Surroundings:
    """The words and names of a text, asked what is said of the persons in it."""

    def __init__(self, words: Words, claims: list[Claim]) -> None:
        self.words = words
        self.by_first = {claim.first: claim for claim in claims}
        self.by_last = {claim.last: claim for claim in claims}
        self.claims = claims
        self._firsts = [claim.first for claim in claims]

    def describe(self, person: Claim) -> Described:
        """Return what stands beside a mention of a person."""
        words = self.words
        match = _bracket().match(words.text, person.end)
        party = match[1] if match and match[1] else None
        k = person.last + 1
        if match:
            k = bisect_left(words.start, match.end())
        role = self._after(person, k)
        before = self._before(person)
        role = role or before
        organisation = self._organisation(person, role, k)
        return Described(role, party, organisation)

    def text_of(self, role: tuple[int, int]) -> str:
        """Return a role phrase as written, on one line."""
        return " ".join(self.words.text[self.words.start[role[0]] : self.words.end[role[1]]].replace("\xad", "").split())

    def _after(self, person: Claim, k: int) -> tuple[int, int] | None:
        words = self.words
        if k >= len(words):
            return None
        gap = words.text[max(person.end, words.end[k - 1]) : words.start[k]]
        sign = gap.strip(" \t\n*_)\"”’'")
        if len(gap) > 12 or sign not in (",", ":", "–", "-", "", "|", "("):
            return None
        if sign == "":
            if words.low[k] in ("är", "var") and words.joined[k]:
                k += 1
            elif "\n" in gap and gap.count("\n") <= 2 and words.shape[k] != LOWER:
                pass
            else:
                return None
        elif words.low[k : k + 2] == ["som", "är"]:
            k += 2
        elif words.low[k].isdigit() and k + 1 < len(words) and words.gap(k + 1).strip() == ",":
            k += 1  # the age: `Karin Ek, 43, undersköterska`
        elif "\n" in gap and words.shape[k] == LOWER and sign != ",":
            return None
        return self._phrase(k, 6 if sign else 4)

    def _phrase(self, k: int, reach: int) -> tuple[int, int] | None:
        """Return the role phrase that begins at word `k`, if its role word comes within `reach` words."""
        words = self.words
        noun = None
        for j in range(k, min(k + reach, len(words))):
            if j > k and not self._goes_on(j):
                break
            claim = self.by_first.get(j)
            if claim is not None and claim.kind == PERSON:
                break
            if is_role_word(words.low[j]) and not words.form[j].endswith("-"):
                noun = j
                break
            if words.low[j] in group("role_stops") and words.low[j] not in ("och", "eller"):
                break
        if noun is None or words.low[noun] in context("reporting_verbs"):
            return None
        if words.low[k] in ("en", "ett", "den", "det"):
            k += 1
        return k, self._end_of_phrase(noun)

    def _goes_on(self, j: int) -> bool:
        """Tell whether word `j` continues the phrase of the word before it."""
        words = self.words
        if words.joined[j]:
            return "\n" not in words.gap(j) or not words.opens[j]
        return words.gap(j).strip() in ("&", "/", ":", "_", "”", "\"", "*") and len(words.gap(j)) < 4 or (
            words.gap(j) == ", " and words.form[j - 1].endswith("-")
        )

    def _end_of_phrase(self, noun: int) -> int:
        words = self.words
        last, j = noun, noun + 1
        prepositions, verbs = group("complement_prepositions"), context("reporting_verbs") | context("acting_verbs")
        complement = False
        while j < len(words) and j - noun < _MAX_ROLE_WORDS and self._goes_on(j):
            low = words.low[j]
            claim = self.by_first.get(j)
            if claim is not None and claim.kind == PERSON:
                break
            if claim is not None and complement:
                last = claim.last
                j = last + 1
                continue
            if low in prepositions:
                complement = True
                j += 1
                continue
            if low in ("och", "samt", "&"):
                following = j + 1
                if following >= len(words) or not words.joined[following]:
                    break
                nearby = range(following, min(following + 3, len(words)))
                another = any(is_role_word(words.low[n]) for n in nearby) and following not in self.by_first
                listed = complement and (words.shape[following] != LOWER or words.low[following] not in verbs)
                starts_clause = words.low[following] in group("role_stops") or words.low[following] in verbs
                if starts_clause or not (another or listed):
                    break
                claim = self.by_first.get(following)
                if claim is not None and claim.kind == PERSON:
                    break
                j += 1
                continue
            if low in group("role_stops") or low in verbs:
                break
            if not complement and not is_role_word(low) and words.shape[j] == LOWER and j > noun + 1:
                break
            if not complement and words.shape[j] != LOWER and claim is None and not is_role_word(low):
                break
            if not complement and not is_role_word(low) and claim is None:
                break
            last = j
            j += 1
        return last

    def _before(self, person: Claim) -> tuple[int, int] | None:
        words = self.words
        i = person.first
        if i == 0:
            return None
        gap = words.gap(i)
        close = words.joined[i] or (gap.strip(" *_[") in (",", ":", "", "–") and len(gap) < 8 and "\n\n" not in gap)
        if not close:
            return None
        noun = None
        for j in range(i - 1, max(-1, i - 13), -1):
            if j < i - 1 and not self._goes_on(j + 1):
                break
            if is_role_word(words.low[j]) and not words.form[j].endswith("-"):
                noun = j
                break
            if words.low[j] in group("role_stops") and words.low[j] != "och" or words.low[j] in context("reporting_verbs"):
                break
            claim = self.by_last.get(j)
            if claim is not None and claim.kind == PERSON:
                break
        if noun is None:
            return None
        last = i - 1
        if noun < last:
            if words.low[noun + 1] not in group("complement_prepositions"):
                return None
            if self._end_of_phrase(noun) < last:
                return None
        return self._start_of_phrase(noun), last

    def _start_of_phrase(self, noun: int) -> int:
        words, first = self.words, noun
        while first > 0 and self._goes_on(first) and noun - first < 6:
            low = words.low[first - 1]
            owner = self.by_last.get(first - 1)
            if low in group("role_adjectives") or words.form[first - 1].endswith("-"):
                first -= 1
            elif low in ("och", "&") and first > 1 and (words.form[first - 2].endswith("-") or is_role_word(words.low[first - 2])):
                first -= 2
            elif words.form[first - 1] == "s" and words.gap(first - 1) == ":" and self.by_last.get(first - 2) is not None:
                first = self.by_last[first - 2].first
            elif owner is not None and owner.kind == ORGANISATION and owner.end < words.end[first - 1]:
                first = owner.first
            else:
                break
        return first

    def _organisation(self, person: Claim, role: tuple[int, int] | None, k: int) -> Claim | None:
        """Return the organisation in the role phrase, right after it, or in the genitive before the name."""
        words = self.words
        if role is not None:
            inside = self._claims_in(role[0], role[1])
            if inside:
                return inside[0]
            if role[0] > person.last:
                found = self._right_after(role[1])
                if found is not None:
                    return found
        found = self._right_after(k - 1)
        if found is not None:
            return found
        i = role[0] if role is not None and role[0] < person.first else person.first
        if i > 1 and words.form[i - 1] == "s" and words.gap(i - 1) == ":":
            i -= 1
        owner = self.by_last.get(i - 1)
        if owner is not None and owner.kind == ORGANISATION and words.gap(i) in (" ", ":") and (
            owner.end < words.end[owner.last] or words.gap(i) == ":"
        ):
            return owner
        return None

    def _right_after(self, last: int) -> Claim | None:
        """Return the organisation that follows word `last`: `, Region Nordmark`, `från SKR`, `på Ekskolan`."""
        words, j = self.words, last + 1
        if j >= len(words):
            return None
        claim = self.by_first.get(j)
        gap = words.text[words.end[last] : words.start[j]]
        if claim is not None and claim.kind == ORGANISATION and gap.strip(" *_)") in (",", "|", "/") and len(gap) < 8:
            return claim
        if words.low[j] in ("från", "på", "vid", "hos", "i", "för") and gap.strip(" ),*") == "" and "\n" not in gap:
            for n in (j + 1, j + 2):
                claim = self.by_first.get(n)
                if claim is not None and claim.kind == ORGANISATION:
                    return claim
        return None

    def _claims_in(self, first: int, last: int) -> list[Claim]:
        at = bisect_left(self._firsts, first)
        found = []
        while at < len(self.claims) and self.claims[at].first <= last:
            if self.claims[at].kind == ORGANISATION:
                found.append(self.claims[at])
            at += 1
        return found


@cache
def _bracket() -> re.Pattern[str]:
    return re.compile(r"[*_]{0,3}[ \xa0\n]?\(([A-ZÅÄÖ]{1,4}|[A-ZÅÄÖ][a-zåäö]{1,2})\)[*_]{0,3}")
