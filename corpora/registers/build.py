"""Build the registers of `offtext/lexicon/` from the public sources named in its CARD.md.

    python corpora/registers/build.py ../shared/registers

reads the folder of source files and writes the CSV files; the same sources give the same bytes. What is added by hand
lies beside this script: `agencies.toml`, `organisations.toml`, `titles.toml`, `countries.csv`.
"""

from __future__ import annotations

import csv
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LEXICON = HERE.parents[1] / "src" / "offtext" / "lexicon"
SOURCES = HERE.parents[2] / "shared" / "registers"

MIN_FIRST_NAME = 50  # bearers; rarer names are often words or mistakes
MIN_ORGANISATION = 3  # rows in the Almedalen programme, or lists of consultees
COURTS_NUMBER = "202100-2742"  # shared by every court, so it names only Domstolsverket


def main(sources: Path, target: Path) -> None:
    """Write every register to `target`."""
    municipalities = list(build_municipalities(rows(sources / "municipalities.csv")))
    regions = list(build_regions(rows(sources / "regions.csv")))
    counties = [[r["code"], r["name"]] for r in rows(sources / "counties.csv")]
    universities = list(build_universities(rows(sources / "universities.csv")))
    agencies = list(build_agencies(rows(sources / "agencies.csv"), {u[1] for u in universities}))
    parties = list(build_parties(rows(sources / "parties.csv"), rows(sources / "local_parties_in_government_2022.csv")))
    taken = taken_names(municipalities, regions, agencies, universities, parties)
    organisations = list(build_organisations(sources, taken))
    first_names = list(build_first_names(rows(sources / "first_names_tilltalsnamn_2020.csv")))
    write(target, "municipalities", ["code", "name", "short", "former_or_other", "county_code"], municipalities)
    write(target, "regions", ["code", "name", "short", "former", "abbreviation"], regions)
    write(target, "counties", ["code", "name"], counties)
    write(target, "agencies", ["org_number", "name", "abbreviation", "aliases", "kind"], agencies)
    write(target, "universities", ["org_number", "name", "abbreviation", "aliases"], universities)
    write(target, "parties", ["abbreviation", "name", "other_names", "level"], parties)
    write(target, "organisations", ["name", "abbreviation", "org_type", "aliases"], organisations)
    write(target, "first_names", ["name", "women", "men"], first_names)
    write(target, "surnames", ["name"], build_surnames(sources, {r[0] for r in first_names[:2000]}))
    write(target, "localities", ["name"], build_localities(sources))
    write(
        target,
        "countries",
        ["name", "other_names", "capital"],
        [list(r.values()) for r in rows(HERE / "countries.csv")],
    )
    write(target, "roles", ["title"], build_roles(sources))


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a source file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(target: Path, name: str, header: list[str], table: Iterable[list[str]]) -> None:
    """Write one register, with a line feed as line end on every system."""
    table = list(table)
    with (target / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(table)
    print(f"{name}: {len(table)}")


def parse(entry: str) -> tuple[str, str, list[str]]:
    """Split `Name (ABBR) | alias` into name, abbreviation and aliases."""
    name, *aliases = (part.strip() for part in entry.split("|"))
    found = re.fullmatch(r"(.+?) \(([^()]+)\)", name)
    return (found[1], found[2], aliases) if found else (name, "", aliases)


def build_municipalities(source: list[dict[str, str]]) -> Iterator[list[str]]:
    """Yield the 290 municipalities; 'Luleå stad' is no name in use, 'Orusts kommun' is written 'Orust kommun'."""
    for r in source:
        name, others = r["name_full"], [n for n in r["other_names_seen"].split("|") if n and n != "Luleå stad"]
        if name == "Orusts kommun":
            name, others = "Orust kommun", ["Orusts kommun"]
        yield [r["code"], name, r["name_short"], "|".join(others), r["county_code"]]


def build_regions(source: list[dict[str, str]]) -> Iterator[list[str]]:
    """Yield the 21 regions; a former municipality's name is left to the municipality."""
    abbreviations = {"14": "VGR", "06": "RJL", "23": "RJH"}  # those of the present names; SLL, VLL, NLL are former
    for r in source:
        former = [n for n in r["former_names"].split("|") if n and not n.endswith("kommun")]
        if r["abbreviation"] and r["code"] not in abbreviations:
            former.append(r["abbreviation"])
        if r["code"] == "14":
            former.append("Västra Götaland")
        short = re.sub(r"^Region |regionen$| län$", "", r["name"])
        yield [r["code"], r["name"], short, "|".join(former), abbreviations.get(r["code"], "")]


def build_universities(source: list[dict[str, str]]) -> Iterator[list[str]]:
    """Yield universities and university colleges, with the names they use of themselves."""
    own = load("agencies")["universities"]
    for r in source:
        name, abbreviation, aliases = parse(own.get(r["name"], r["name"]))
        yield [r["org_nr"], name, abbreviation if r["name"] in own else r["abbreviation"], "|".join(aliases)]


def build_agencies(source: list[dict[str, str]], universities: set[str]) -> Iterator[list[str]]:
    """Yield today's authorities: rows of the SCB register without embassies, universities and closed bodies."""
    own = load("agencies")
    table: list[list[str]] = []
    for r in source:
        if r["in_scb_register"] != "1" or r["name"] in universities or r["name"].endswith("(gamla)"):
            continue
        if r["scb_group"] == "Svenska utlandsmyndigheter":
            continue
        court = r["scb_group"].startswith("Sveriges domstolar") and r["name"] != "Domstolsverket"
        number = "" if r["org_nr"] == COURTS_NUMBER and court else r["org_nr"]
        entry = own["capitals"].get(r["name"]) or own["names"].get(number) or court_name(r["name"])
        name, abbreviation, aliases = parse(entry)
        if re.fullmatch(r"Länsstyrelsen i .+ län", name):
            aliases += county_board_names(name)
        kind = "court" if court else "government" if name == "Regeringskansliet" else "agency"
        table.append([number, name, abbreviation, "|".join(aliases), kind])
    for kind in ("government", "parliament"):
        for entry in own[kind]["names"]:
            name, abbreviation, aliases = parse(entry)
            table.append(["", name, abbreviation, "|".join(aliases), kind])
    yield from sorted(table, key=lambda row: row[1])


def court_name(name: str) -> str:
    """Return a court's name in natural capitals, its special court as an alias."""
    if not name.isupper():
        return name
    found = re.fullmatch(r"(.+) OCH MARK OCH MILJÖDOMSTOL", name)
    if found:
        town = found[1].split()[0].capitalize()
        return f"{town} tingsrätt | Mark- och miljödomstolen vid {town} tingsrätt"
    town = name.rsplit(" ", 1)[1]
    town = town if name.startswith("ILO") else town.capitalize()
    return f"Hyres- och arrendenämnden i {town} | Hyresnämnden i {town}"


def county_board_names(name: str) -> list[str]:
    """Return the shorter forms of a county board.

    >>> county_board_names("Länsstyrelsen i Skåne län")
    ['Länsstyrelsen Skåne', 'Länsstyrelsen i Skåne', 'Länsstyrelsen Skåne län']
    """
    county = name.removeprefix("Länsstyrelsen i ")
    bare = county.removesuffix(" län")
    if bare not in {"Jönköpings", "Kalmar", "Örebro", "Skåne", "Uppsala"}:
        bare = bare.removesuffix("s")
    if bare == "Jönköpings":
        bare = "Jönköping"
    return [f"Länsstyrelsen {bare}", f"Länsstyrelsen i {bare}", f"Länsstyrelsen {county}"]


def build_parties(source: list[dict[str, str]], local: list[dict[str, str]]) -> Iterator[list[str]]:
    """Yield parties of the Riksdag and others, then those that govern a municipality (2022)."""
    extra = {
        "S": ["Socialdemokratiska arbetarepartiet"],
        "MP": ["Miljöpartiet de Gröna"],
        "M": ["Nya Moderaterna"],
        "C": ["Centern"],
    }
    known = set()
    for r in source:
        others = [n for n in r["former_or_formal_names"].split("|") if n] + extra.get(r["abbreviation"], [])
        known.add(r["name"].lower())
        yield [r["abbreviation"], r["name"], "|".join(others), r["level"]]
    for r in local:
        found = re.fullmatch(r"(.+?) \(?([A-ZÅÄÖ][A-Za-zÅÄÖåäö]{0,4})\)?", r["name"])
        name = found[1] if found and "(" in r["name"] else r["name"]
        # bare abbreviations and doublets name nothing that a reader could find
        if (
            len(name) > 4
            and name.lower() not in known
            and not name.endswith("koalition")
            and not name.startswith("Även")
        ):
            known.add(name.lower())
            yield [found[2] if found and "(" in r["name"] else "", name, "", "local"]


def taken_names(*tables: list[list[str]]) -> set[str]:
    """Return every name, abbreviation and alias of the tables in lower case."""
    return {part.lower() for table in tables for row in table for cell in row for part in cell.split("|") if part}


def build_organisations(sources: Path, taken: set[str]) -> Iterator[list[str]]:
    """Yield the own-written list, then frequent names of the sources whose form shows their type."""
    table: list[list[str]] = []
    seen = set(taken)
    for org_type, entries in load("organisations").items():
        for entry in entries:
            name, abbreviation, aliases = parse(entry)
            if name.lower() in seen:
                continue
            aliases = [a for a in aliases if a.lower() not in seen and a != abbreviation]
            seen.update(n.lower() for n in (name, abbreviation, *aliases) if n)
            table.append([name, abbreviation, org_type, "|".join(aliases)])
    counts = {r["organisation"]: int(r["n"]) for r in rows(sources / "organisations_2009_2023.csv")}
    for r in rows(sources / "remissinstanser_g0vse.csv"):
        counts[r["name"]] = counts.get(r["name"], 0) + int(r["n_lists"])
    for raw, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        name, abbreviation = tidy(raw)
        form = type_by_form(name)
        if form is None or name.removesuffix(" AB").removesuffix(" Sverige").lower() in seen:
            continue
        least = 1 if form in ("association", "civil_society") else MIN_ORGANISATION
        if count < least or name.lower() in seen:
            continue
        seen.update({name.lower(), abbreviation.lower()} - {""})
        table.append([name, abbreviation, form, ""])
    yield from sorted(table, key=lambda row: (row[0].lower(), row[0]))


def tidy(name: str) -> tuple[str, str]:
    """Split `Name (ABBR)`, `Name, ABBR` or `Name – ABBR` into name and abbreviation."""
    found = re.fullmatch(r"(.{6,}?)(?: \(|, | – | - )([A-ZÅÄÖ][A-Za-zÅÄÖåäö]{1,6})\)?", name.strip(' "'))
    if found and sum(c.isupper() for c in found[2]) >= 2:
        return found[1], found[2]
    return name.strip(' "'), ""


_FORMS = (
    ("company", r"[\w&. -]+ AB"),
    (
        "association",
        r"\w[\w -]*(?:kommunalförbund|gymnasieförbund|samordningsförbund|regionförbund)|"
        r"(?:Kommunalförbundet|Samordningsförbundet|Regionförbundet) [\w -]+",
    ),
    (
        "association",
        r"(?:Svenska|Sveriges) [\w-]*(?:arbetareförbundet|läkarförbund|läkarföreningen|"
        r"lärarförening|arbetsgivareförbund|branschförening)|"
        r"[\w-]+(?:handelskammaren|arbetsgivarna|företagen)|Fackförbundet [\w-]+",
    ),
    (
        "civil_society",
        r"(?:Riksförbundet|Stiftelsen|Studieförbundet|Riksföreningen|Riksorganisationen|Insamlingsstiftelsen|"
        r"Föreningen) [\w&åäö -]+",
    ),
    (
        "civil_society",
        r"(?:Svenska|Sveriges) [\w -]*(?:förbundet|förbund|föreningen|förening|riksförbund)|"
        r"[A-ZÅÄÖ][\w-]+(?:förbundet|föreningen)",
    ),
    ("media", r"[A-ZÅÄÖ][\w-]+ (?:Tidning|Tidningar|Allehanda|Dagblad|Folkblad)"),
    ("public_service", r"[\w -]+ (?:universitetssjukhus|sjukhus|lasarett|vårdcentral)"),
)


def type_by_form(name: str) -> str | None:
    """Return the organisation type that the form of a name shows, or None.

    >>> type_by_form("Riksförbundet Exempel"), type_by_form("Exempel AB"), type_by_form("Exempel")
    ('civil_society', 'company', None)
    """
    # two bodies in one cell, projects, and sentences are no names
    if not 5 <= len(name) <= 60 or re.search(
        r" (?:i samarbete|tillsammans|genom|med|samt|projekt)\b|[,/?!]|  |\d{3}", name
    ):
        return None
    if re.search(r" (?:och|&) (?:[A-ZÅÄÖ]|$)| och$| - ", name) or name in set(load("titles")["not_organisations"]):
        return None  # two bodies, or cut off
    if " och " in name and not re.match(r"(?:Riksförbundet|Stiftelsen|Svenska|Sveriges|Föreningen) ", name):
        return None
    return next((org_type for org_type, form in _FORMS if re.fullmatch(form, name)), None)


def build_first_names(source: list[dict[str, str]]) -> Iterator[list[str]]:
    """Yield first names with enough bearers, most frequent first."""
    table = []
    for r in source:
        women, men = (int(float(r[column] or 0)) for column in ("n_women", "n_men"))
        if women + men >= MIN_FIRST_NAME and len(r["name"]) > 1:
            table.append((-(women + men), r["name"], str(women), str(men)))
    yield from ([name, women, men] for _, name, women, men in sorted(table))


def build_surnames(sources: Path, first_names: set[str]) -> Iterator[list[str]]:
    """Yield the thousand most frequent surnames, then those of politicians and speakers that have a name's form."""
    drop = set(load("titles")["not_surnames"])
    seen: set[str] = set()
    for r in rows(sources / "surnames_top1000.csv"):
        if r["surname"] not in seen:
            seen.add(r["surname"])
            yield [r["surname"]]
    form = re.compile(r"(?:(?:Al|El|Mc|Mac|O)[-'’]?)?[A-ZÅÄÖÉÜ][a-zåäöéèüøæáíóç]{2,}(?:-[A-ZÅÄÖÉÜ][a-zåäöéèüøæ]+)?")
    for r in rows(sources / "surnames_extra_politicians_speakers.csv"):
        name, members = r["surname"], int(r["n_riksdag_persons"])
        if members + int(r["n_almedalen_rows"]) < 2 or name in seen or name in drop or not form.fullmatch(name):
            continue
        if members == 0 and name in first_names:  # a speaker's second first name, not a surname
            continue
        seen.add(name)
        yield [name]


def build_localities(sources: Path) -> list[list[str]]:
    """Return towns and villages, counties and landscapes in alphabetical order."""
    names = {r["name"] for r in rows(sources / "localities.csv")} | set(load("titles")["localities_extra"])
    names |= {r["name"] for r in rows(sources / "counties.csv")} | {
        r["name_short"] for r in rows(sources / "counties.csv")
    }
    names |= {r["name_short"] for r in rows(sources / "municipalities.csv")}
    parts = {part for name in names for part in re.split(r" och ", name)}  # a double village is two names
    return [[name] for name in sorted(parts) if len(name) > 1]


_OFFICE = re.compile(
    r"[a-zåäö1-9:&/ -]*(?:chef|chefen|direktör|ordförande|ledare|samordnare|strateg|"
    r"utvecklare|sekreterare|minister|råd|ledamot|"
    r"utredare|handläggare|expert|ekonom|jurist|professor|lektor|docent|forskare|lärare|rektor|sköterska|läkare|"
    r"arkitekt|ingenjör|inspektör|controller|kommunikatör|redaktör|journalist|reporter|skribent|rådgivare|konsult|"
    r"specialist|ombudsman|ombud|ombudsperson|talesperson|föreståndare|handledare|koordinator|planerare|pedagog|"
    r"psykolog|terapeut|assistent|administratör|kurator|analytiker|statistiker|tekniker|mästare|polis|åklagare|"
    r"domare|advokat|präst|biskop|författare|konstnär|grundare|föredragande|ansvarig|sakkunnig|vd|gd|"
    r"revisor|registrator|intendent|bibliotekarie|arkivarie|adjunkt|prefekt|dekan|kommissionär|ambassadör|parlamentariker|vetare|"
    r"förhandlare|biträde|barnskötare|vårdare|vägledare|producent|entreprenör|företagare)"
    r"(?: (?:för|i|på|vid|inom) [a-zåäö& -]{3,40})?"
)


def build_roles(sources: Path) -> list[list[str]]:
    """Return titles worth knowing: an office's form, no moderators and parties, present-day vocations only."""
    titles = set(load("titles")["titles"])
    for r in rows(sources / "role_titles.csv"):
        title = r["title_lower"].strip(' "')
        if re.search(r"moderator|samtalsled|programled|\bårets\b| och .* och |tidigare|/|^f\.?d\b|\boch moder", title):
            continue
        if len(title) <= 60 and _OFFICE.fullmatch(title):
            titles.add(title)
    kinds = re.compile(
        r"[a-zåäö-]+(?:chef|direktör|ledare|samordnare|strateg|utvecklare|sekreterare|handläggare|ingenjör|inspektör|lärare|"
        r"sköterska|läkare|pedagog|psykolog|terapeut|assistent|konsult|forskare|jurist|ekonom|vetare|planerare|rådgivare|"
        r"samordnare|föreståndare|specialist|arkitekt|vårdare|ombudsman)"
    )
    old = re.compile(
        r"arbetsledare|kiosk|kaste|skeppning|tjur|magistrat|fogde|[a-z]vard|omrade|räd|bank|post|tull|"
        r"radio|tele|flyg|varv|kolonial|mission|fabrik|verks|kunglig|konung|hof|öfver|"
        r"qv|furst|slott|bruk|bergmästar|teater|musik|orkester|stall|hov|gruv|jakt|järnväg|tegel|glas|kläd|tobak|bryggeri|garveri"
    )
    for r in rows(sources / "vocations.csv"):
        title = r["vocation"]
        if r["gender"] == "unknown" and kinds.fullmatch(title) and not old.search(title) and len(title) <= 32:
            titles.add(title)
    return [[title] for title in sorted(t if any(c.isupper() for c in t) else t.lower() for t in titles)]


def load(name: str) -> dict[str, Any]:
    """Return one of the own-written lists beside this script."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCES, Path(sys.argv[2]) if len(sys.argv) > 2 else LEXICON)
