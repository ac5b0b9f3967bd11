"""Known names, ready to be looked for word by word: registers of the lexicon as one table keyed by first word."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Protocol

from offtext.errors import LexiconError
from offtext.lexicon import load_csv, load_toml


class _Adder(Protocol):
    """The function that adds a name."""

    def __call__(
        self, name: str, kind: str, org_type: str | None, official: str = "", *, exact: bool = False
    ) -> None: ...


ORGANISATION, PLACE = "organisation", "place"

# authorities that are also written without a capital: `polismyndigheten`, `europeiska läkemedelsmyndigheten`
_LOWER_ENDINGS = ("verket", "kassan", "förmedlingen", "myndigheten", "styrelsen", "inspektionen", "byrån", "domstolen")


@dataclass(frozen=True, slots=True)
class Known:
    """A name of a register.

    Attributes:
        words: The name's words; in lower case, except for an abbreviation, which must be written exactly so.
        kind: 'organisation' or 'place'.
        org_type: What the organisation is; for a place the type of the body that governs it, if one does.
        name: The official name.
        exact: Whether the name must be written exactly so (abbreviations).
        lower: Whether the name may be written without a capital.
    """

    words: tuple[str, ...]
    kind: str
    org_type: str | None
    name: str
    exact: bool = False
    lower: bool = False


@cache
def known_names() -> dict[str, tuple[Known, ...]]:
    """Return the known names by their first word (lower case, or as written for abbreviations), longest first."""
    table: dict[str, dict[tuple[str, ...], Known]] = {}

    def add(name: str, kind: str, org_type: str | None, official: str = "", *, exact: bool = False) -> None:
        # the text's words come without punctuation: 'Statens va-nämnd (VA)' would never be met
        lower = name[0].islower() or (
            kind == ORGANISATION
            and len(name) > 9
            and name.endswith(_LOWER_ENDINGS)
            and (" " not in name or name.startswith("Europeiska "))
        )
        words = tuple((name if exact else name.lower()).replace(",", " ").replace(":", " ").replace("&", " ").split())
        if words and len(words[0]) > 1:
            names = table.setdefault(words[0], {})
            known = names.setdefault(words, Known(words, kind, org_type, official or name, exact, lower))
            if lower and not known.lower:
                names[words] = replace(known, lower=True)

    _add_authorities(add)  # first: a register knows which abbreviation and which name are one body
    _add_own(add)
    _add_places(add)
    return {first: tuple(sorted(names.values(), key=lambda n: -len(n.words))) for first, names in table.items()}


def _add_own(add: _Adder) -> None:
    for group in load_toml("actor_names")["names"]:
        for name in group["names"]:
            full, _, short = name.partition("|")
            add(full, ORGANISATION, group["org_type"], full, exact=_is_abbreviation(full))
            if short:
                add(short, ORGANISATION, group["org_type"], full, exact=_is_abbreviation(short))


def _add_authorities(add: _Adder) -> None:
    for row in _rows("municipalities"):
        short = row["short"]
        owner = short if short[-1] in "sxz" else short + "s"
        for form in (row["name"], f"{owner} kommun", f"{owner} stad", f"{short} stad", f"{short} kommun"):
            add(form, ORGANISATION, "municipality", row["name"])
        for form in filter(None, row["former_or_other"].split("|")):
            add(form, ORGANISATION, "municipality", row["name"])
    for row in _rows("regions"):
        for form in (row["name"], *filter(None, row["former"].split("|"))):
            add(form, ORGANISATION, "region", row["name"])
    for row in _rows("universities"):
        _add_row(add, row, "education")
    for row in _rows("parties"):
        for form in (row["name"], *filter(None, row["other_names"].split("|"))):
            add(form, ORGANISATION, "party", row["name"])
    for row in _rows("agencies"):
        _add_row(add, row, _type_of_authority(row["name"]))
    for row in _rows("organisations"):
        _add_row(add, row, row["org_type"])
    for row in _rows("counties"):
        add(f"länsstyrelsen i {row['name']}", ORGANISATION, "agency", f"Länsstyrelsen i {row['name']}")


def _add_row(add: _Adder, row: dict[str, str], org_type: str) -> None:
    add(row["name"], ORGANISATION, org_type, row["name"], exact=_is_abbreviation(row["name"]))
    short = row.get("abbreviation", "")
    if len(short) > 1:
        add(short, ORGANISATION, org_type, row["name"], exact=_is_abbreviation(short))
    for form in filter(None, row.get("aliases", "").split("|")):
        if len(form) > 3 or form.isupper():
            add(form, ORGANISATION, org_type, row["name"], exact=_is_abbreviation(form))


def _type_of_authority(name: str) -> str:
    low = name.lower()
    if low.endswith("departementet") or low in ("regeringskansliet", "statsrådsberedningen", "regeringen"):
        return "government"
    if low == "riksdagen":
        return "parliament"
    return "agency"


def _add_places(add: _Adder) -> None:
    for group in load_toml("actor_names")["places"]:
        for name in group["names"]:
            add(name, PLACE, group.get("org_type"), name, exact=_is_abbreviation(name))
    for row in _rows("countries"):
        name = row["name"]
        add(name, PLACE, "government" if name == "Sverige" else "international", name, exact=_is_abbreviation(name))
    for row in _rows("municipalities"):
        add(row["short"], PLACE, "municipality", row["name"])
    for row in _rows("counties"):
        add(row["name"], PLACE, None, row["name"])
    for row in _rows("localities"):
        add(row["name"], PLACE, None, row["name"])


def _is_abbreviation(name: str) -> bool:
    return len(name) < 8 and (name.isupper() or sum(c.isupper() for c in name) > 1)


def _rows(name: str) -> tuple[dict[str, str], ...]:
    try:
        return load_csv(name)
    except LexiconError:
        return ()


@cache
def first_names() -> frozenset[str]:
    """Return given names in lower case."""
    return frozenset(row["name"].lower() for row in _rows("first_names"))


@cache
def surnames() -> frozenset[str]:
    """Return family names in lower case."""
    return frozenset(next(iter(row.values())).lower() for row in _rows("surnames"))


@cache
def role_titles() -> frozenset[str]:
    """Return titles and occupations in lower case."""
    return frozenset(row["title"].lower() for row in _rows("roles"))
