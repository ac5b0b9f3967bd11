"""Actors of a text: its names merged into persons and organisations that act, speak, are addressed or take part."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from offtext.document import Span
from offtext.layers.acting import acting, without_credits
from offtext.layers.aliases import key_of, same_actors
from offtext.layers.attendance import listed_roles
from offtext.layers.claims import ORGANISATION, PERSON, PLACE, Claim
from offtext.layers.names import find_names
from offtext.layers.registers import link
from offtext.layers.roles import Described, Surroundings
from offtext.layers.words import Words
from offtext.layout import Layout
from offtext.lexicon import load_toml
from offtext.record import Actor, Entity, Register


@dataclass
class _Group:
    """Claims that mean the same actor, while they are being gathered."""

    kind: str
    claims: list[Claim] = field(default_factory=list)
    org_type: str | None = None
    role: str | None = None
    party: str | None = None
    organisation: Claim | None = None


def find_actors(layout: Layout, entities: Sequence[Entity] = ()) -> tuple[Actor, ...]:
    """Return the persons and organisations of a text in the order of first mention, with ids a1, a2 and so on.

    Args:
        layout: The text with its blocks and sentences.
        entities: Named entities of another finder (a model): persons among them that the rules missed are added.

    >>> from offtext.layout import parse
    >>> found = find_actors(parse("Karin Ek, rektor i Tranås kommun, slutar. Ek har ledt skolan i tio år."))
    >>> [(actor.name, actor.kind, actor.role, len(actor.mentions)) for actor in found]
    [('Karin Ek', 'person', 'rektor i Tranås kommun', 2), ('Tranås kommun', 'organisation', None, 1)]
    >>> found[0].affiliation.name
    'Tranås kommun'
    """
    words, claims = find_names(layout)
    meant = without_credits(words, acting(words, claims))
    groups = _merge([*meant, *_of_model(words, entities, claims)], same_actors(words, claims))
    _describe(words, sorted((claim for group in groups for claim in group.claims), key=lambda c: c.start), groups)
    return _records(groups)


def _of_model(words: Words, entities: Sequence[Entity], claims: list[Claim]) -> list[Claim]:
    """Return the persons that another finder saw where the rules saw no name."""
    starts = [claim.start for claim in claims]
    added = []
    for entity in entities:
        if entity.label != "PER":
            continue
        at = bisect_left(starts, entity.end) - 1
        if at >= 0 and claims[at].end > entity.start:
            continue
        first = bisect_left(words.start, entity.start)
        last = max(first, bisect_left(words.start, entity.end) - 1)
        name = words.text[entity.start : entity.end]
        added.append(Claim(first, last, entity.start, entity.end, PERSON, "model", name, sure=entity.score))
    return added


def _describe(words: Words, claims: list[Claim], groups: list[_Group]) -> None:
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
                person.role = role
            if role is None and person.role is None:
                told = around.told_next(claim)
                if told is not None:
                    role = person.role = around.text_of(told)
                    person.organisation = person.organisation or next(iter(around.claims_in(*told)), None)
            person.party = person.party or found.party
            person.organisation = person.organisation or found.organisation


def _records(groups: list[_Group]) -> tuple[Actor, ...]:
    actors: list[Actor] = []
    by_claim: dict[tuple[int, int], int] = {}
    for number, group in enumerate(groups):
        name = _name(group)
        linked = link(name, group.org_type) if group.kind == ORGANISATION else None
        actors.append(
            Actor(
                id=f"a{number + 1}",
                name=name,
                kind=group.kind,
                mentions=tuple(Span(claim.start, claim.end) for claim in group.claims),
                org_type=group.org_type,
                role=group.role,
                party=group.party,
                register=linked.register if linked is not None else None,
                score=max(_score(claim) for claim in group.claims),
            )
        )
        by_claim.update({(claim.start, claim.end): number for claim in group.claims})
    employers = sorted(
        (claim.start, number, group.org_type or "")
        for number, group in enumerate(groups)
        if group.org_type is not None
        for claim in group.claims
    )
    for number, group in enumerate(groups):
        if group.kind == PERSON:
            at = _affiliation(group, groups, by_claim)
            if at is None:
                at = _employer(group, employers)
            if at is not None:
                actors[number] = replace(actors[number], affiliation=actors[at])
    return tuple(_with_party(actor, actors) for actor in actors)


def _with_party(person: Actor, actors: list[Actor]) -> Actor:
    """Let a person who speaks for a party have its abbreviation, and one with a bare abbreviation the party."""
    if person.kind != PERSON:
        return person
    party = person.affiliation
    if party is not None and party.org_type == "party" and party.register is not None and person.party is None:
        return replace(person, party=party.register.code)
    if person.party is not None and party is None:
        own = next((a for a in actors if a.register == Register("party", person.party)), None)
        return replace(person, affiliation=own)
    return person


def _name(group: _Group) -> str:
    """Return the fullest form of a name, on one line; a municipality's place name yields to its name in full."""
    written = [" ".join(claim.name.replace("\xad", "").split()) for claim in group.claims]
    return max(written, key=lambda name: (len(name.split()), len(name)))


def _score(claim: Claim) -> float:
    if claim.sure is not None:
        return claim.sure
    return score_of(PLACE if claim.kind == PLACE else claim.family)


@cache
def score_of(family: str) -> float:
    """Return the share of actors found by this sort of evidence that were right in the annotated documents."""
    scores: dict[str, float] = load_toml("actors")["scores"]
    return scores.get(family, scores["other"])


def _affiliation(person: _Group, groups: list[_Group], by_claim: dict[tuple[int, int], int]) -> int | None:
    """Return the index of the organisation a person represents: as the text says, the government for ministers."""
    minister = person.role is not None and any(
        w.endswith(("minister", "ministern", "statsrådet")) for w in person.role.lower().split()
    )
    if person.organisation is not None and not (minister and person.organisation.org_type in ("media", "network")):
        at = by_claim.get((person.organisation.start, person.organisation.end))
        if at is not None:
            return at
    if minister:
        for at, group in enumerate(groups):
            if group.org_type == "government" and any(c.name.lower() == "regeringen" for c in group.claims):
                return at
    return None


_EMPLOYERS = frozenset(("municipality", "region", "department", "public_service"))
# how far back, in characters, an employer may stand that the role alone suggests, or that a role of its kind asks for
_NEAR = 250
_FAR = 3000


def _employer(person: _Group, employers: list[tuple[int, int, str]]) -> int | None:
    """Return the employer named closest before a person with a role, when the text leaves it to be understood.

    Args:
        person: The person.
        employers: Start, group number and type of each mention of a possible employer, in reading order.
    """
    if person.role is None:
        return None
    role = person.role.lower()
    wanted = next((types for ending, types in _employers_by_role() if ending in role), None)
    first = person.claims[0].start
    at = bisect_left(employers, (first, 0, "")) - 1
    near = _NEAR if wanted is None else _FAR
    while at >= 0 and first - employers[at][0] < near:
        if employers[at][2] in (wanted or _EMPLOYERS):
            return employers[at][1]
        at -= 1
    return None


@cache
def _employers_by_role() -> tuple[tuple[str, frozenset[str]], ...]:
    table: dict[str, list[str]] = load_toml("actor_roles")["employers"]["types"]
    return tuple((ending, frozenset(types)) for ending, types in table.items())


def _merge(claims: list[Claim], same: Mapping[str, str]) -> list[_Group]:
    """Gather the claims that mean the same actor.

    Args:
        claims: The names.
        same: Keys of organisations that are other names of others, each with the key it yields to.
    """
    groups: dict[str, _Group] = {}
    part_of: dict[str, str] = {}
    for claim in claims:
        if claim.kind == PERSON and not claim.family.endswith("_part"):
            key = "p " + _plain(claim.name)
            for part in _plain(claim.name).split():
                part_of[part] = key
    for claim in claims:
        if claim.kind == PERSON:
            key = "p " + _plain(claim.name)
            if claim.family.endswith("_part"):
                key = part_of.get(_plain(claim.name), part_of.get(_plain(claim.name).split()[-1], key))
        else:
            key = key_of(claim)
            key = "o " + same.get(key, key)
        group = groups.setdefault(key, _Group(PERSON if claim.kind == PERSON else ORGANISATION))
        group.claims.append(claim)
        if group.kind == ORGANISATION and group.org_type is None:
            group.org_type = claim.org_type or "other"
    for group in groups.values():
        group.claims.sort(key=lambda claim: claim.start)
    return sorted(groups.values(), key=lambda g: g.claims[0].start)


def _plain(name: str) -> str:
    return " ".join(name.replace("\xad", "").lower().split())
