"""The words and names of a text, with the questions one asks about what stands next to what."""

from __future__ import annotations

from bisect import bisect_left

from offtext.layers.actors.claims import ORGANISATION, PERSON, Claim
from offtext.layers.actors.titles import group
from offtext.layers.actors.words import Words


class Neighbours:
    """The words and names of a text: which name begins or ends at a word, and what follows it."""

    def __init__(self, words: Words, claims: list[Claim]) -> None:
        self.words = words
        self.by_first = {claim.first: claim for claim in claims}
        self.by_last = {claim.last: claim for claim in claims}
        self.claims = claims
        self._firsts = [claim.first for claim in claims]

    def text_of(self, role: tuple[int, int]) -> str:
        """Return a role phrase as written, on one line."""
        return " ".join(
            self.words.text[self.words.start[role[0]] : self.words.end[role[1]]].replace("\xad", "").split()
        )

    def between(self, person: Claim, role: tuple[int, int]) -> str:
        """Return the characters between a name and its role phrase."""
        start, end = self.words.start[role[0]], self.words.end[role[1]]
        return self.words.text[min(person.end, end) : max(person.start, start)]

    def goes_on(self, j: int) -> bool:
        """Tell whether word `j` continues the phrase of the word before it."""
        words = self.words
        if words.joined[j]:
            return "\n" not in words.gap(j) or not words.opens[j]
        if words.gap(j) == ". " and words.low[j - 1] in group("abbreviated"):
            return True
        return (words.gap(j).strip() in ("&", "/", ":", "_", "”", '"', "*") and len(words.gap(j)) < 4) or (
            words.gap(j) == ", " and words.form[j - 1].endswith("-")
        )

    def below(self, person: Claim, role: tuple[int, int]) -> Claim | None:
        """Return the organisation on the lines under a name and its title, as in a signature."""
        words, text = self.words, self.words.text
        if "\n" not in self.between(person, role):
            return None
        limit = words.end[role[1]] + 120
        for j in range(role[1] + 1, min(role[1] + 12, len(words))):
            claim = self.by_first.get(j)
            if words.start[j] > limit or (claim is not None and claim.kind == PERSON):
                return None
            if claim is not None and claim.kind == ORGANISATION:
                return claim if text.count("\n", words.end[role[1]], claim.start) <= 3 else None
        return None

    def named_from(self, at: int) -> Claim | None:
        """Return the organisation that follows character `at` behind a comma or a preposition."""
        return self.right_after(bisect_left(self.words.start, at) - 1)

    def right_after(self, last: int) -> Claim | None:
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

    def claims_in(self, first: int, last: int) -> list[Claim]:
        """Return the organisations (and places that act) that begin within these words."""
        at = bisect_left(self._firsts, first)
        found = []
        while at < len(self.claims) and self.claims[at].first <= last:
            if self.claims[at].kind != PERSON:
                found.append(self.claims[at])
            at += 1
        return found
