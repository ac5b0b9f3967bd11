"""From a name to the entry of a public register it means: municipality, region, agency, university or party.

The registers are the CSV files of `offtext/lexicon`, described in its CARD.md. They are read at the first question and
kept, so asking again costs a dictionary look-up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from offtext.lexicon import load_csv, load_toml
from offtext.record import Register

SCHEMES = ("municipality", "region", "agency", "university", "party", "organisation")

_TYPE_OF_KIND = {"agency": "agency", "court": "agency", "government": "government", "parliament": "parliament"}


@dataclass(frozen=True, slots=True)
class Linked:
    """What a name means.

    Attributes:
        scheme: One of `SCHEMES`; 'organisation' is the list of well-known bodies without a public code.
        code: SCB code, organisation number or party abbreviation; None where there is none of its own.
        name: The register's own name, today's one where the text has a former name.
        org_type: One of `offtext.labels.ORG_TYPES`.
    """

    scheme: str
    code: str | None
    name: str
    org_type: str

    @property
    def register(self) -> Register | None:
        """The entry as the record has it, or None for a body without a code."""
        return Register(self.scheme, self.code) if self.code else None


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a name, for recognising names in running text.

    Attributes:
        text: The form in its natural capitals, without genitive -s.
        kind: 'name' (register name, other or former name), 'abbreviation', or 'short' (place name of a municipality,
            region or state: 'Tranås', 'Skåne', 'Norge', which stands for the organisation only where that one acts).
        common: True where the form is also a plain word ('Vision', 'Forum') or an abbreviation of one or two letters:
            spelling alone is then no proof.
        linked: What it means.
    """

    text: str
    kind: str
    common: bool
    linked: Linked


def link(name: str, org_type: str | None = None) -> Linked | None:
    """Return the register entry that `name` means, or None.

    Genitive -s, case and former names are handled. A bare place name (`Tranås`, `Skåne`) and an abbreviation of one or
    two letters (`HB`, `S`) are linked only when `org_type` says what is meant, since they mean other things as well.

    Args:
        name: A name as a text has it, with or without genitive -s.
        org_type: The organisation's type where it is known; an entry of another type is then not returned.

    >>> link("Borås stads").name, link("Stockholms läns landsting").register
    ('Borås kommun', Register(scheme='region', code='01'))
    >>> link("Tranås"), link("Tranås", "municipality").code
    (None, '0687')
    >>> link("HB"), link("HB", "education").name
    (None, 'Högskolan i Borås')
    """
    wanted = " ".join(name.split()).strip(" .,;:()”\"'’")
    if not wanted or len(wanted) > 120:
        return None
    for form in _candidates(wanted):
        if org_type is None and (form.kind == "short" or _needs_type(form)):
            continue
        if org_type is not None and form.linked.org_type != org_type:
            continue
        return form.linked
    return None


def names_of(scheme: str | None = None) -> Iterator[Form]:
    """Yield every way to write every name of `scheme` (or of all), for an automaton that scans texts.

    Forms come without genitive -s and in the registers' order; one text may come more than once with different meanings
    ('Skåne': region and, in `Form.kind`, 'short'). Former names link to today's entry.

    >>> [form.text for form in names_of("region") if form.linked.code == "14" and form.kind == "name"][:2]
    ['Västra Götalandsregionen', 'Västra Götalands läns landsting']
    """
    return (form for form in _forms() if scheme is None or form.linked.scheme == scheme)


def _candidates(wanted: str) -> Iterator[Form]:
    """Yield the forms that may be meant, the written form before that without -s."""
    by_text, by_folded = _index()
    for key in (wanted, *_without_genitive(wanted)):
        exact = by_text.get(key, ())
        yield from exact
        # an abbreviation in another case is another word ('Ei', 'ei'); a name is not
        yield from (
            form for form in by_folded.get(key.casefold(), ()) if form.kind != "abbreviation" and form not in exact
        )


def _without_genitive(name: str) -> Iterator[str]:
    """Yield the forms `name` may have without its genitive ending.

    >>> list(_without_genitive("SKR:s")), list(_without_genitive("Tranås"))
    (['SKR'], ['Tranå'])
    """
    if found := re.fullmatch(r"(.{2,})[:’']s", name):
        yield found[1]
    elif len(name) > 2 and name[-1] in "sS":
        yield name[:-1]


def _needs_type(form: Form) -> bool:
    return form.kind == "abbreviation" and len(form.text) <= 2 and form.text not in _safe_abbreviations()


@cache
def _safe_abbreviations() -> frozenset[str]:
    return frozenset(load_toml("registers")["short_abbreviations"]["safe"])


@cache
def _index() -> tuple[dict[str, list[Form]], dict[str, list[Form]]]:
    by_text: dict[str, list[Form]] = {}
    by_folded: dict[str, list[Form]] = {}
    for form in _forms():
        by_text.setdefault(form.text, []).append(form)
        by_folded.setdefault(form.text.casefold(), []).append(form)
    return by_text, by_folded


@cache
def _forms() -> tuple[Form, ...]:
    common = frozenset(load_toml("registers")["common_words"]["words"])
    found: dict[tuple[str, Linked], Form] = {}
    for text, kind, linked in (*_municipalities(), *_regions(), *_bodies()):
        is_common = text in common or (kind == "abbreviation" and len(text) <= 2 and text not in _safe_abbreviations())
        found.setdefault((text, linked), Form(text, kind, is_common, linked))
    return tuple(found.values())


def _municipalities() -> Iterator[tuple[str, str, Linked]]:
    for row in load_csv("municipalities"):
        linked = Linked("municipality", row["code"], row["name"], "municipality")
        short, others = row["short"], [n for n in row["former_or_other"].split("|") if n]
        spoken = row["name"].removesuffix(" kommun")
        # texts write 'Österåker kommun' for 'Österåkers kommun', and cities 'Göteborgs Stad' with a capital
        names = [row["name"], f"{short} kommun", f"kommunen {short}", *others]
        if any(n.endswith(" stad") for n in others):
            names += [f"{spoken} Stad", f"{short} stad", f"{short} Stad"]
        yield from ((text, "name", linked) for text in names)
        yield short, "short", linked


def _regions() -> Iterator[tuple[str, str, Linked]]:
    for row in load_csv("regions"):
        linked = Linked("region", row["code"], row["name"], "region")
        names = [row["name"], *(n for n in row["former"].split("|") if n)]
        if row["name"].startswith("Region "):
            names += [f"Region {row['short']}", f"Landstinget {row['short']}", f"Landstinget i {row['short']}"]
        for text in names:
            if text == "Västra Götaland":
                continue
            yield text, "abbreviation" if text.isupper() else "name", linked
        if row["abbreviation"]:
            yield row["abbreviation"], "abbreviation", linked
        yield row["short"], "short", linked


def _bodies() -> Iterator[tuple[str, str, Linked]]:
    for row in load_csv("agencies"):
        linked = Linked("agency", row["org_number"] or None, row["name"], _TYPE_OF_KIND[row["kind"]])
        yield from _written(row, "aliases", linked)
    for row in load_csv("universities"):
        yield from _written(row, "aliases", Linked("university", row["org_number"] or None, row["name"], "education"))
    for row in load_csv("parties"):
        linked = Linked("party", row["abbreviation"] or None, row["name"], "party")
        yield from _written(row, "other_names", linked)
    for row in load_csv("organisations"):
        yield from _written(row, "aliases", Linked("organisation", None, row["name"], row["org_type"]))
    for row in load_csv("countries"):
        # a state is an actor only where it acts, as a place name is
        org_type = "government" if row["name"] == "Sverige" else "international"
        linked = Linked("organisation", None, row["name"], org_type)
        yield from ((text, "short", linked) for text in (row["name"], *filter(None, row["other_names"].split("|"))))


def _written(row: dict[str, str], aliases: str, linked: Linked) -> Iterator[tuple[str, str, Linked]]:
    yield row["name"], "name", linked
    for alias in filter(None, row[aliases].split("|")):
        yield alias, "abbreviation" if len(alias) <= 5 and alias.isupper() else "name", linked
    if row["abbreviation"]:
        yield row["abbreviation"], "abbreviation", linked
