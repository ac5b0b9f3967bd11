"""What a text says of a person beside the name: role as written, party, and the organisation they represent."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache

from offtext.layers.actors.attendance import is_list_heading
from offtext.layers.actors.claims import ORGANISATION, PERSON, Claim
from offtext.layers.actors.heads import context
from offtext.layers.actors.neighbours import Neighbours
from offtext.layers.actors.titles import group, is_role_word, party_bracket
from offtext.layers.actors.words import LOWER

_MAX_ROLE_WORDS = 16


@cache
def _aside() -> re.Pattern[str]:
    """Return the pattern of a remark in brackets between a name and what is said of it: ` (t.o.m. § 17),`."""
    return re.compile(r"[*_]{0,3}[ \xa0]?\([^()\n]{1,30}\)(?=[ *_]{0,4}[|,])")


_BEING = frozenset(("är", "var", "arbetar", "jobbar", "arbetade", "jobbade", "verkar", "blir"))


@dataclass(frozen=True, slots=True)
class Described:
    """What stands beside one mention of a person.

    Attributes:
        role: First and last word of the role phrase, both included.
        party: Party abbreviation in brackets.
        organisation: The claim of the organisation that the person is said to belong to.
        shared: Whether the role stands before the name in the plural and goes for further names: `lärarna A och B`.
    """

    role: tuple[int, int] | None = None
    party: str | None = None
    organisation: Claim | None = None
    shared: bool = False


class Surroundings(Neighbours):
    """The words and names of a text, asked what is said of the persons in it."""

    def describe(self, person: Claim, previous: tuple[Claim, Described] | None = None) -> Described:
        """Return what stands beside a mention of a person.

        Args:
            person: The mention.
            previous: The mention of a person before it, with its description: names in a list share a role.
        """
        words = self.words
        match = party_bracket().match(words.text, person.end)
        party = match[1] if match and match[1] and len(match[1]) < 4 else None
        k = person.last + 1
        aside = match or _aside().match(words.text, person.end)
        if aside:
            k = bisect_left(words.start, aside.end())
        after = self._after(person, k)
        if after is not None and (self._is_body(after) or self._leads_to_next(after[1])):
            after = None  # `Karin Ek, Patientrådet`; `utrikesminister Karin Ek, | försvarsminister Ove Alm`
        stated = after is not None and words.low[k] in _BEING  # `rektor Karin Ek är projektägare`
        before = self._before(person) if after is None or stated else None
        if before is not None:
            after = None
        role = after or before
        if party is None and after is not None:  # `Karin Ek, talesperson (C)`
            behind = party_bracket().match(words.text, words.end[after[1]])
            party = behind[1] if behind and len(behind[1]) < 4 else None
        if role is None and previous is not None and previous[1].shared and previous[1].role is not None:
            between = words.text[previous[0].end : person.start]
            if len(between) < 16 and between.replace("och", "").replace("samt", "").strip(" ,*_()SMCLVKDP") == "":
                return Described(previous[1].role, party, previous[1].organisation, shared=True)
        organisation = self._organisation(person, role, k)
        shared = before is not None and any(
            words.low[j].endswith(("na", "er", "or", "ar")) for j in range(before[0], before[1] + 1)
        )
        return Described(role, party, organisation, shared)

    def _after(self, person: Claim, k: int) -> tuple[int, int] | None:
        words = self.words
        if k >= len(words):
            return None
        gap = words.text[max(person.end, words.end[k - 1]) : words.start[k]]
        sign = gap.strip(" \t\n*_)\"”’'")
        if len(gap) > 12 or sign not in (",", ":", "–", "-", "", "|", "("):
            return None
        if sign == "" and words.joined[k] and (words.low[k] == "till" or words.low[k] in group("appointing_passives")):
            return self._appointed(person, k)
        if words.low[k] == "som" and sign in ("", ",") and k + 1 < len(words) and words.low[k + 1] in _BEING:
            k += 2
            if words.low[k : k + 1] == ["som"]:
                k += 1
        elif sign == "":
            if words.low[k] == "som" and words.joined[k]:
                return self._acting_as(k + 1)
            if words.low[k] in _BEING and words.joined[k]:
                k += 1
                if words.low[k - 1] not in ("är", "var", "blir"):
                    if words.low[k : k + 1] != ["som"]:
                        return None
                    k += 1
            elif "\n" in gap and gap.count("\n") <= 2 and words.shape[k] != LOWER:
                pass
            elif gap == " " and words.shape[k] == LOWER and is_role_word(words.low[k]):
                pass  # the comma was left out: `Karin Ek omsorgschef och Ove Alm verksamhetschef`
            else:
                return None
        elif words.low[k].isdigit() and k + 1 < len(words) and words.gap(k + 1).strip() == ",":
            k += 1  # the age: `Karin Ek, 43, undersköterska`
        elif "\n" in gap and words.shape[k] == LOWER and sign != ",":
            return None
        phrase = self._phrase(k, 6 if sign else 4)
        if phrase is not None and "\n" in gap and any(is_list_heading(words.low[j]) for j in range(k, phrase[1] + 1)):
            return None
        return phrase

    def _is_body(self, role: tuple[int, int]) -> bool:
        claim = self.by_first.get(role[0])
        return claim is not None and claim.kind == ORGANISATION and claim.last == role[1]

    def _leads_to_next(self, last: int) -> bool:
        """Tell whether a role phrase runs into the name of another person."""
        following = self.by_first.get(last + 1)
        return following is not None and following.kind == PERSON and self.words.gap(last + 1) == " "

    def _acting_as(self, k: int) -> tuple[int, int] | None:
        """Return the role after `som`: `med Karin Ek som | föredragande`, `Karin Ek som | utsågs till rektor`."""
        low = self.words.low
        if low[k : k + 1] and low[k] in group("appointing_passives") and low[k + 1 : k + 2] == ["till"]:
            return self._phrase(k + 2, 4)
        while k + 1 < len(low) and low[k] in group("role_adjectives"):
            k += 1
        return self._phrase(k, 1) if k < len(low) and is_role_word(low[k]) else None

    def told_next(self, person: Claim) -> tuple[int, int] | None:
        """Return the role that the next sentence tells by a pronoun: `Karin Ek ler. Hon är rektor`."""
        words = self.words
        for k in range(person.last + 1, min(person.last + 30, len(words) - 2)):
            claim = self.by_first.get(k)
            if (claim is not None and claim.kind == PERSON) or "\n\n" in words.gap(k):
                return None
            if words.opens[k] and words.low[k] in ("han", "hon", "hen") and words.low[k + 1] in _BEING:
                k += 2 + (words.low[k + 2] == "som")
                return self._phrase(k, 4) if words.low[k - 1] in ("är", "var", "blir", "som") else None
        return None

    def _appointed(self, person: Claim, k: int) -> tuple[int, int] | None:
        """Return the role someone is appointed to: `utser Karin Ek till rektor`, `Karin Ek utses till rektor`."""
        low = self.words.low
        passive = low[k] in group("appointing_passives")
        appointing = group("appointing_verbs") | group("appointing_passives")
        if not passive and appointing.isdisjoint(low[max(0, person.first - 8) : person.first]):
            return None
        k += passive
        return self._phrase(k + 1, 4) if low[k : k + 1] in (["till"], ["som"]) else None

    def _phrase(self, k: int, reach: int) -> tuple[int, int] | None:
        """Return the role phrase that begins at word `k`, if its role word comes within `reach` words."""
        words = self.words
        noun = None
        for j in range(k, min(k + reach, len(words))):
            if j > k and not self.goes_on(j):
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
        if words.low[k] in ("en", "ett", "den", "det", "tillika", "du") and words.low[k + 1] != "av":
            k += 1
        return k, self._end_of_phrase(noun)

    def _end_of_phrase(self, noun: int) -> int:
        words = self.words
        last, j = noun, noun + 1
        prepositions, verbs = group("complement_prepositions"), context("reporting_verbs") | context("acting_verbs")
        complement = False
        while j < len(words) and j - noun < _MAX_ROLE_WORDS and self.goes_on(j):
            low = words.low[j]
            claim = self.by_first.get(j)
            if claim is not None and claim.kind == PERSON:
                break
            if claim is not None and (complement or (claim.kind == ORGANISATION and j == noun + 1)):
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
                second = self._second_role(following)
                if second is not None:
                    last, j = second, second + 1
                    noun = max(noun, second - _MAX_ROLE_WORDS // 2)
                    complement = False
                    continue
                listed = complement and (words.shape[following] != LOWER or words.low[following] not in verbs)
                starts_clause = words.low[following] in group("role_stops") or words.low[following] in verbs
                if starts_clause or not listed:
                    break
                claim = self.by_first.get(following)
                if claim is not None and claim.kind == PERSON:
                    break
                j += 1
                continue
            article = complement and words.low[j - 1] in prepositions and low in ("den", "det", "de")
            if (low in group("role_stops") and not article) or low in verbs:
                break
            if not complement and not is_role_word(low) and claim is None:
                break
            last = j
            j += 1
        return last

    def _second_role(self, j: int) -> int | None:
        """Return the role word of a second role after `och`: `lärare och | facklig företrädare`."""
        words = self.words
        for n in range(j, min(j + 4, len(words))):
            claim = self.by_first.get(n)
            if (claim is not None and claim.kind == PERSON) or (n > j and not self.goes_on(n)):
                return None
            low = words.low[n]
            if is_role_word(low) and not words.form[n].endswith("-"):
                return n
            if (
                low in group("role_stops")
                or low in context("reporting_verbs")
                or low in group("complement_prepositions")
            ):
                return None
        return None

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
            if j < i - 1 and not self.goes_on(j + 1):
                break
            if is_role_word(words.low[j]) and not words.form[j].endswith("-"):
                noun = j
                break
            article = words.low[j] in ("den", "det", "de") and words.low[j - 1] in group("complement_prepositions")
            stops = words.low[j] in group("role_stops") and words.low[j] != "och" and not article
            if stops or words.low[j] in context("reporting_verbs"):
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
        first = self._start_of_phrase(noun)
        if not words.joined[i] and self._belongs_to_previous(first):
            return None
        return first, last

    def _belongs_to_previous(self, first: int) -> bool:
        """Tell whether a person stands right before the phrase: `Karin Ek, | rektor, Ove Alm …`."""
        before = self.by_last.get(first - 1) or self.by_last.get(first - 2)
        if before is None or before.kind != PERSON:
            return False
        return len(self.words.text[before.end : self.words.start[first]]) < 9

    def _start_of_phrase(self, noun: int) -> int:
        words, first = self.words, noun
        while first > 0 and self.goes_on(first) and noun - first < 6:
            low = words.low[first - 1]
            owner = self.by_last.get(first - 1)
            if low in group("role_adjectives") or words.form[first - 1].endswith("-"):
                first -= 1
            elif (
                low in ("och", "&")
                and first > 1
                and (words.form[first - 2].endswith("-") or is_role_word(words.low[first - 2]))
            ):
                first -= 2
            elif (
                words.form[first - 1] == "s" and words.gap(first - 1) == ":" and self.by_last.get(first - 2) is not None
            ):
                first = self.by_last[first - 2].first
            elif owner is not None and owner.kind != PERSON and owner.end < words.end[first - 1]:
                first = owner.first
            elif low.endswith(("ens", "ets", "nas")) and words.joined[first] and low not in group("role_stops"):
                first -= 1
            else:
                break
        return first

    def _organisation(self, person: Claim, role: tuple[int, int] | None, k: int) -> Claim | None:
        """Return the organisation in the role phrase, right after it, or in the genitive before the name."""
        words = self.words
        if role is not None:
            inside = self.claims_in(role[0], role[1])
            if inside:
                return inside[0]
            if role[0] > person.last:
                found = self.right_after(role[1]) or self.below(person, role)
                if found is not None:
                    return found
        found = self.right_after(k - 1)
        if found is not None:
            return found
        i = role[0] if role is not None and role[0] < person.first else person.first
        if i > 1 and words.form[i - 1] == "s" and words.gap(i - 1) == ":":
            i -= 1
        owner = self.by_last.get(i - 1)
        if (
            owner is not None
            and owner.kind != PERSON
            and words.gap(i) in (" ", ":")
            and (owner.end < words.end[owner.last] or words.gap(i) == ":")
        ):
            return owner
        return None
