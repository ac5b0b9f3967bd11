"""What a name means: municipality, region, agency, university, party, or a well-known body without a code."""

from __future__ import annotations

import pytest

from offtext.layers.registers import SCHEMES, link, names_of
from offtext.lexicon import load_toml

MEANT = [
    # as written, with org_type or None, scheme, code
    ("Tranås kommun", None, "municipality", "0687"),
    ("Tranås kommuns", None, "municipality", "0687"),
    ("Österåkers kommun", None, "municipality", "0117"),
    ("Österåker kommun", None, "municipality", "0117"),
    ("Borås stad", None, "municipality", "1490"),
    ("Borås Stads", None, "municipality", "1490"),
    ("Göteborgs Stad", None, "municipality", "1480"),
    ("GÖTEBORGS STAD", None, "municipality", "1480"),
    ("Orust kommun", None, "municipality", "1421"),
    ("Tranås", "municipality", "municipality", "0687"),
    ("Göteborgs", "municipality", "municipality", "1480"),
    ("Region Skånes", None, "region", "12"),
    ("Stockholms läns landsting", None, "region", "01"),
    ("Stockholm", "region", "region", "01"),
    ("Stockholm", "municipality", "municipality", "0180"),
    ("Landstinget i Värmland", None, "region", "17"),
    ("VGR", None, "region", "14"),
    ("Region  Jämtland\nHärjedalen", None, "region", "23"),
    ("Skolverket", None, "agency", "202100-4185"),
    ("Statens skolverk", None, "agency", "202100-4185"),
    ("skolverkets", None, "agency", "202100-4185"),
    ("MSB", None, "agency", "202100-5984"),
    ("SMHI:s", None, "agency", "202100-0696"),
    ("Länsstyrelsen i Kalmar", None, "agency", "202100-2304"),
    ("Högskolan i Borås", None, "university", "202100-3138"),
    ("HB", "education", "university", "202100-3138"),
    ("Mälardalens högskola", None, "university", "202100-2916"),
    ("Centerpartiet", None, "party", "C"),
    ("C", "party", "party", "C"),
    ("Folkpartiet", None, "party", "L"),
]


@pytest.mark.parametrize(("name", "org_type", "scheme", "code"), MEANT)
def test_a_name_is_linked(name: str, org_type: str | None, scheme: str, code: str) -> None:
    found = link(name, org_type)
    assert found is not None
    assert (found.scheme, found.code) == (scheme, code)
    assert found.register is not None


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "s",
        "Tranås",
        "HB",
        "S",
        "ei",
        "Norge",
        "Ulvsjö kommun",
        "kommunen",
        "Nämnden för framtidsfrågor",
        "x" * 5000,
    ],
)
def test_what_may_mean_something_else_is_not_linked(name: str) -> None:
    assert link(name) is None


def test_a_known_type_rules_out_another_body() -> None:
    assert link("Region Stockholm", "municipality") is None
    assert link("Stockholms stad", "region") is None


def test_a_body_without_code_has_a_type_and_no_register() -> None:
    found = link("SKR")
    assert found is not None
    assert (found.name, found.org_type, found.register) == ("Sveriges Kommuner och Regioner", "association", None)
    ministry = link("Finansdepartementets")
    assert ministry is not None
    assert (ministry.org_type, ministry.register) == ("government", None)


def test_a_court_has_no_code_of_its_own() -> None:
    court = link("Solna tingsrätt")
    assert court is not None
    assert (court.scheme, court.code) == ("agency", None)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_form_links_back(scheme: str) -> None:
    for form in names_of(scheme):
        found = link(form.text, form.linked.org_type)
        assert found is not None, form
        assert found.org_type == form.linked.org_type


def test_forms_say_what_is_weak() -> None:
    forms = {(form.text, form.kind): form for form in names_of()}
    assert forms["Tranås", "short"].linked.code == "0687"
    assert forms["Vision", "name"].common
    assert forms["HB", "abbreviation"].common
    assert not forms["EU", "abbreviation"].common


def test_lists_have_examples() -> None:
    for name, entry in load_toml("registers").items():
        if isinstance(entry, dict):
            words = entry.get("words") or entry["safe"]
            assert any(word in entry["example"] for word in words), name
            assert not any(f" {word} " in entry["counter_example"] for word in words), name
