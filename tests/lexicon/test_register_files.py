"""The register files: complete, unique, well formed, and made by the script beside their sources."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from offtext.labels import ORG_TYPES
from offtext.lexicon import load_csv

REPO = Path(__file__).parents[2]
SOURCES = REPO.parent / "shared" / "registers"
FILES = {
    "municipalities": ("code", "name", "short", "former_or_other", "county_code"),
    "regions": ("code", "name", "short", "former", "abbreviation"),
    "counties": ("code", "name"),
    "agencies": ("org_number", "name", "abbreviation", "aliases", "kind"),
    "universities": ("org_number", "name", "abbreviation", "aliases"),
    "parties": ("abbreviation", "name", "other_names", "level"),
    "organisations": ("name", "abbreviation", "org_type", "aliases"),
    "first_names": ("name", "women", "men"),
    "surnames": ("name",),
    "localities": ("name",),
    "countries": ("name", "other_names", "capital"),
    "roles": ("title",),
}


@pytest.mark.parametrize("name", FILES)
def test_columns_and_unique_names(name: str) -> None:
    rows = load_csv(name)
    assert tuple(rows[0]) == FILES[name]
    column = "title" if name == "roles" else "name"
    names = [row[column] for row in rows]
    assert len(set(names)) == len(names)
    assert all(n and n == n.strip() and "  " not in n for n in names)
    assert not any("\ufffd" in "".join(row.values()) or "Ã" in "".join(row.values()) for row in rows)


def test_municipalities_are_all_there() -> None:
    rows = load_csv("municipalities")
    counties = {row["code"] for row in load_csv("counties")}
    assert len(rows) == 290
    assert len({row["code"] for row in rows}) == 290
    assert all(re.fullmatch(r"\d{4}", row["code"]) and row["code"][:2] == row["county_code"] for row in rows)
    assert {row["county_code"] for row in rows} == counties
    assert all(row["name"].endswith(" kommun") for row in rows)
    assert "Luleå stad" not in {other for row in rows for other in row["former_or_other"].split("|")}


def test_regions_are_all_there() -> None:
    rows = load_csv("regions")
    assert len(rows) == 21
    assert {row["code"] for row in rows} == {row["code"] for row in load_csv("counties")}


def test_organisation_numbers() -> None:
    numbers = [
        row["org_number"] for name in ("agencies", "universities") for row in load_csv(name) if row["org_number"]
    ]
    assert all(re.fullmatch(r"\d{6}-\d{4}", number) for number in numbers)
    assert len(set(numbers)) == len(numbers)
    county_boards = [row for row in load_csv("agencies") if row["name"].startswith("Länsstyrelsen i ")]
    assert len(county_boards) == 21


def test_no_name_is_left_in_capitals() -> None:
    assert not [row["name"] for row in load_csv("agencies") if row["name"].isupper()]


def test_kinds_and_types() -> None:
    assert {row["kind"] for row in load_csv("agencies")} == {"agency", "court", "government", "parliament"}
    assert {row["org_type"] for row in load_csv("organisations")} <= set(ORG_TYPES)
    assert {row["level"] for row in load_csv("parties")} == {"riksdag", "other", "historic", "local"}


def test_no_body_stands_in_two_files() -> None:
    files = ("municipalities", "regions", "agencies", "universities", "parties", "organisations")
    names = [row["name"].casefold() for name in files for row in load_csv(name)]
    assert len(set(names)) == len(names)


def test_titles_hold_no_noise() -> None:
    titles = {row["title"] for row in load_csv("roles")}
    assert {"rektor", "generaldirektör", "enhetschef", "regionråd", "socialsekreterare"} <= titles
    assert not [t for t in titles if "moderator" in t or t.startswith('"') or len(t) > 60]


def test_card_counts_every_file() -> None:
    card = (REPO / "src" / "offtext" / "lexicon" / "CARD.md").read_text(encoding="utf-8")
    for name in FILES:
        assert f"| {name}.csv | {len(load_csv(name)):,} |" in card, name


@pytest.mark.skipif(not SOURCES.is_dir(), reason="the source registers are not beside the repository")
def test_the_script_gives_the_same_bytes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = importlib.util.spec_from_file_location("build_registers", REPO / "corpora" / "registers" / "build.py")
    assert spec is not None
    assert spec.loader is not None
    build = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(build)
    build.main(SOURCES, tmp_path)
    for name in FILES:
        kept = REPO / "src" / "offtext" / "lexicon" / f"{name}.csv"
        assert (tmp_path / f"{name}.csv").read_bytes() == kept.read_bytes(), name
