"""Whether a name is an actor where it stands: a place may be meant as a place, or as the body that governs it."""

from __future__ import annotations

from itertools import takewhile

from offtext.layers.actors.claims import ORGANISATION, PERSON, PLACE, Claim
from offtext.layers.actors.heads import context
from offtext.layers.actors.titles import group, is_role_word
from offtext.layers.actors.words import Words
from offtext.layers.grammar import is_finite

_VERB_ENDINGS = ("ar", "er", "år", "ör", "ade")


def acting(words: Words, claims: list[Claim]) -> list[Claim]:
    """Return the claims that are mentions of actors, in reading order.

    Persons always are, and organisations unless their name is also used for a territory. A place is one where the
    body that governs it acts, is addressed or takes part; in a list the first place decides.
    """
    kept: list[Claim] = []
    previous: Claim | None = None
    run: list[Claim] = []  # names of one list, of which some may be places
    person: Claim | None = None  # the last person before the list
    for claim in [*claims, None]:
        if run and (claim is None or claim.kind == PERSON or not _listed(words, run[-1], claim)):
            kept += _decided(words, run, _of_person(words, run[0], person, claim))
            run = []
        if claim is not None and claim.kind == PERSON:
            kept.append(claim)
            person = claim
        elif claim is not None and not (claim.kind == ORGANISATION and _is_party_of(words, claim, previous)):
            run.append(claim)
        previous = claim
    return sorted(kept, key=lambda claim: claim.start)


def _of_person(words: Words, place: Claim, before: Claim | None, after: Claim | None) -> bool:
    """Tell whether a place ends the role phrase of a person: `Karin Ek, kommunalråd i |`, `socialchefen i |, Karin`."""
    if before is not None and before.kind == PERSON and place.first - before.last < 8:
        between = words.text[before.end : place.start]
        if "\n" not in between and "." not in between and between.count(",") <= 1 and " har " not in between:
            return True
    return after is not None and after.kind == PERSON and words.text[place.end : after.start].strip() in ("", ",")


def _decided(words: Words, run: list[Claim], of_person: bool) -> list[Claim]:
    """Return the names of a list that are actors: its places are if the list acts, or names a body beside them."""
    bodies = [claim for claim in run if _is_body(claim)]
    places = [claim for claim in run if not _is_body(claim)]
    if not places:
        return bodies
    governed = all(claim.org_type is not None for claim in places)
    together = any(claim.org_type == "municipality" or claim.org_type == "region" for claim in bodies)
    acts = _acts(words, places[0], of_person)
    if run[0] is not places[0]:
        acts = acts or (together and places[0].kind == PLACE)
    elif len(run) > 1 and run[-1] is places[-1]:
        acts = acts or (governed and _end_acts(words, run[0], run[-1]))
    if not acts:
        return bodies
    return [*bodies, *takewhile(lambda claim: claim.org_type is not None, places)]


def _is_body(claim: Claim) -> bool:
    return claim.kind == ORGANISATION and claim.name.lower() not in context("place_like")


def _is_party_of(words: Words, claim: Claim, previous: Claim | None) -> bool:
    """Tell whether a name is the bracketed party of the person before it: `Karin Ek (KB)`."""
    if previous is None or previous.kind != PERSON or claim.kind == PERSON:
        return False
    return words.text[previous.end : claim.start].strip(" *_") == "(" and words.text[claim.end : claim.end + 1] == ")"


def _listed(words: Words, previous: Claim, claim: Claim) -> bool:
    """Tell whether only a comma or `och` stands between two names."""
    between = words.text[words.end[previous.last] : claim.start]
    return len(between) < 9 and between.strip() in (",", "och", "samt", "eller", "and", "/", "&", ", och")


def _acts(words: Words, claim: Claim, of_person: bool) -> bool:
    """Tell whether the body that governs a place is meant, by the words right before and after it."""
    genitive = claim.end != words.end[claim.last] or words.text[claim.end : claim.end + 2] == ":s"
    before = words.low[claim.first - 1] if claim.first and words.joined[claim.first] else ""
    following = claim.last + (2 if words.text[claim.end : claim.end + 2] == ":s" else 1)
    after = words.low[following] if following < len(words) and words.joined[following] else ""
    if claim.name == "EU" and genitive:
        return words.text[claim.start - 1 : claim.start] not in ("(", "[", "/")
    if claim.name == "EU" and (after == "nr" or after.isdigit()):
        return False
    if claim.org_type == "municipality" and _led_to(words, claim, before, of_person):
        return True
    if before in context("place_prepositions") or before in context("place_verbs"):
        return False
    if words.text[claim.start - 1 : claim.start] in ("(", "[", "/", "#") and claim.start:
        return False
    if before == "av" and words.low[claim.first - 2] in context("territory_nouns"):
        return False
    if claim.org_type == "company":
        return _doing(after)
    if claim.name == "Polisen" and not words.opens[claim.first]:
        return True
    if claim.name.lower() == "polisen":
        return after in context("acting_verbs") or (
            before in ("och", "med", "av", "inom") and words.joined[claim.first]
        )
    if genitive and after in group("role_adjectives") and following + 1 < len(words):
        after = words.low[following + 1]
    if genitive and is_role_word(after):
        return True
    if claim.org_type in ("government", "international", "agency"):
        return not genitive or after in context("acting_nouns")
    if genitive:
        return False
    # the subject opens the sentence: what follows is its verb, known or not (`Ulvsjö avvaktar`)
    return (
        _opens_with_verb(words, claim, after)
        or _doing(after)
        or before in context("acting_verbs")
        or _asked(words, claim)
    )


def _end_acts(words: Words, first: Claim, last: Claim) -> bool:
    """Tell whether a list of places is the subject of the verb after it: `Ulvsjö och Ekfors | delar`."""
    before = words.low[first.first - 1] if first.first and words.joined[first.first] else ""
    after = words.low[last.last + 1] if last.last + 1 < len(words) and words.joined[last.last + 1] else ""
    if before in context("place_prepositions") or before in context("place_verbs"):
        return False
    if first.end != words.end[first.last]:
        return False
    return last.end == words.end[last.last] and (_doing(after) or _opens_with_verb(words, first, after))


def _opens_with_verb(words: Words, first: Claim, after: str) -> bool:
    """Tell whether names that open a sentence are followed by what can only be their verb, known or not."""
    return words.opens[first.first] and after.endswith(_VERB_ENDINGS) and after not in context("being_verbs")


def _doing(low: str) -> bool:
    return low in context("acting_verbs") or (is_finite(low) and low not in context("being_verbs"))


def _led_to(words: Words, claim: Claim, before: str, of_person: bool) -> bool:
    """Tell whether the words before a place lead to its municipality: `kommunalråd i`, `ägs av`, `tillsammans med`."""
    i = claim.first
    if i < 2 or not before:
        return False
    earlier = words.low[i - 2]
    if before == "i":
        board = earlier.endswith("ordförande") and words.low[i - 3 : i - 2] != ["kommunstyrelsens"]
        bound = is_role_word(earlier) and earlier not in context("unbound_roles") and not earlier.endswith("ombud")
        return of_person and words.joined[i - 1] and bound and not board
    if before == "av":
        return earlier.endswith("s") and is_finite(earlier)
    if before in ("med", "mellan"):
        return not context("joint_work").isdisjoint(words.low[max(0, i - 4) : i - 1])
    return before in context("municipal_words")


def _asked(words: Words, claim: Claim) -> bool:
    """Tell whether a place is the subject after its verb: `Sedan i fjol delar | Ulvsjö`, `Då slog | Ekfors`."""
    i = claim.first - 1
    if i < 1 or not words.joined[claim.first] or not _doing(words.low[i]):
        return False
    for j in range(i - 1, max(-1, i - 5), -1):
        if words.opens[j]:
            return words.low[j] in context("fronted_words")
        if not words.joined[j]:
            return False
    return False


def without_credits(words: Words, claims: list[Claim]) -> list[Claim]:
    """Leave out persons who are named only in photo credits: `Foto: Karin Ek`."""
    credited: dict[str, list[bool]] = {}
    for claim in claims:
        if claim.kind == PERSON:
            before = words.low[claim.first - 1] if claim.first else ""
            close = claim.first > 0 and words.gap(claim.first).strip(" *_[") in (":", "", "/", ",")
            credited.setdefault(claim.name, []).append(close and before in context("credits"))
    return [claim for claim in claims if claim.kind != PERSON or not all(credited[claim.name])]
