"""The names of a text gathered into persons and organisations, each with what the text says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from offtext.encoder import States
from offtext.layers.actors.acting import acting, without_credits
from offtext.layers.actors.aliases import key_of, same_actors
from offtext.layers.actors.attendance import listed_roles
from offtext.layers.actors.claims import ORGANISATION, PERSON, Claim
from offtext.layers.actors.names import find_names
from offtext.layers.actors.roles import Described, Surroundings
from offtext.layers.actors.tagged import weighed
from offtext.layers.actors.words import Words
from offtext.layout import Layout


@dataclass
class Group:
    """Names that mean the same actor, with what the text says of it.

    Attributes:
        kind: 'person' or 'organisation'.
        claims: The names in reading order.
        org_type: What the organisation is.
        role: A person's role as written.
        role_at: The name beside which the role stands, or the first.
        party: Party abbreviation of a person.
        organisation: The organisation that a role phrase, a signature or a list puts beside a person.
    """

    kind: str
    claims: list[Claim] = field(default_factory=list)
    org_type: str | None = None
    role: str | None = None
    role_at: Claim | None = None
    party: str | None = None
    organisation: Claim | None = None

    @property
    def name(self) -> str:
        """The fullest form of the name, on one line; a municipality's place name yields to its name in full."""
        written = [" ".join(claim.name.replace("\xad", "").split()) for claim in self.claims]
        return max(written, key=lambda name: (len(name.split()), len(name)))


def gather(layout: Layout, states: States | None = None) -> list[Group]:
    """Return the actors of a text in the order of first mention, as far as its names and role phrases tell."""
    words, claims = find_names(layout)
    meant = weighed(words, claims, without_credits(words, acting(words, claims)), states)
    groups = _merge(meant, same_actors(words, claims))
    _describe(words, sorted((claim for group in groups for claim in group.claims), key=lambda c: c.start), groups)
    return groups


def _describe(words: Words, claims: list[Claim], groups: list[Group]) -> None:
    """Write role, party and organisation of each person into its group."""
    around = Surroundings(words, claims)
    listed = listed_roles(words, claims)
    described: dict[int, Described] = {}
    previous: tuple[Claim, Described] | None = None
    for claim in claims:
        if claim.kind == PERSON:
            described[claim.first] = around.describe(claim, previous)
            previous = (claim, described[claim.first])
    for person in groups:
        if person.kind != PERSON:
            continue
        for claim in person.claims:
            found = described[claim.first]
            role = around.text_of(found.role) if found.role is not None else None
            given = listed.get(claim.first)
            if given is not None and (found.role is None or "\n" in around.between(claim, found.role)):
                role = given.role
                if given.end >= 0 and person.organisation is None:
                    person.organisation = around.named_from(given.end)
            # a role with its complement says more than a bare title
            if role is not None and (person.role is None or (" " not in person.role and " " in role)):
                person.role, person.role_at = role, claim
            if role is None and person.role is None:
                told = around.told_next(claim)
                if told is not None:
                    person.role, person.role_at = around.text_of(told), claim
                    person.organisation = person.organisation or next(iter(around.claims_in(*told)), None)
            person.party = person.party or found.party
            person.organisation = person.organisation or found.organisation


def _merge(claims: list[Claim], same: Mapping[str, str]) -> list[Group]:
    """Gather the claims that mean the same actor.

    Args:
        claims: The names.
        same: Keys of organisations that are other names of others, each with the key it yields to.
    """
    groups: dict[str, Group] = {}
    part_of: dict[str, str] = {}
    for claim in claims:
        if claim.kind == PERSON and not claim.family.endswith("_part"):
            key = "p " + _plain(claim.name)
            parts = _plain(claim.name).split()
            for number, part in enumerate(parts):
                part_of[part] = key
                if 0 < number < len(parts) - 1:  # `Alm Ekenlund` of `Ebba Alm Ekenlund`
                    part_of[" ".join(parts[number:])] = key
    for claim in claims:
        if claim.kind == PERSON:
            key = "p " + _plain(claim.name)
            if " " in _plain(claim.name) and not claim.family.endswith("_part"):
                key = part_of.get(_plain(claim.name), key)
            if claim.family.endswith("_part"):
                key = part_of.get(_plain(claim.name), part_of.get(_plain(claim.name).split()[-1], key))
        else:
            key = key_of(claim)
            key = "o " + same.get(key, key)
        group = groups.setdefault(key, Group(PERSON if claim.kind == PERSON else ORGANISATION))
        group.claims.append(claim)
        if group.kind == ORGANISATION and group.org_type is None:
            group.org_type = claim.org_type or "other"
    for group in groups.values():
        group.claims.sort(key=lambda claim: claim.start)
    return sorted(groups.values(), key=lambda g: g.claims[0].start)


def _plain(name: str) -> str:
    return " ".join(name.replace("\xad", "").lower().split())
