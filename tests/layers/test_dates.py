"""Dates in all their Swedish forms, and what looks like a date and is none."""

from __future__ import annotations

import pytest

from offtext.layers.metadata.dates import find_dates

WRITTEN = [
    ("2 april 2019", "2019-04-02"),
    ("den 2 april 2019", "2019-04-02"),
    ("tisdagen den 2 april 2019", "2019-04-02"),
    ("Tisdag 2 april 2019", "2019-04-02"),
    ("02 april 2019", "2019-04-02"),
    ("2:e april 2019", "2019-04-02"),
    ("2 APRIL 2019", "2019-04-02"),
    ("2 apr. 2019", "2019-04-02"),
    ("den 2\napril 2019", "2019-04-02"),
    ("2019-04-02", "2019-04-02"),
    ("2019–04–02", "2019-04-02"),
    ("2019.04.02", "2019-04-02"),
    ("2019/04/02", "2019-04-02"),
    ("20190402", "2019-04-02"),
    ("2/4 2019", "2019-04-02"),
    ("2.4.2019", "2019-04-02"),
    ("02.04.2019", "2019-04-02"),
    ("2019-04", "2019-04"),
    ("april 2019", "2019-04"),
    ("December 2025", "2025-12"),
    ("9–10 november 2022", "2022-11-09"),
    ("datetime(year: 2026, month: 1, day: 20)", "2026-01-20"),
]


@pytest.mark.parametrize(("written", "iso"), WRITTEN)
def test_a_date_is_read(written: str, iso: str) -> None:
    text = f"Beslutat {written}, Ulvsjö."
    found = list(find_dates(text))
    assert [f.iso for f in found] == [iso]
    assert text[found[0].start : found[0].end] == written


@pytest.mark.parametrize(
    "text",
    [
        "Våren 2024",
        "under 2024",
        "åren 2019-2020",
        "läsåret 2011-12",
        "2 april",
        "31 februari 2019",
        "20010203-1234",
        "tfn 033-2019 04 02",
        "2019-13",
        "kapitel 2.4",
        "dnr 2019-04512",
        "sid 2/4",
        "1 maj-gatan",
        "SOU 2019:04",
        "",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert list(find_dates(text)) == []


def test_a_date_without_year_takes_the_given_one() -> None:
    assert [f.iso for f in find_dates("Måndag 2 april", year=2018)] == ["2018-04-02"]


def test_long_and_odd_text() -> None:
    for text in ("2" * 200_000, "2 " * 100_000, "den " * 100_000, "2019-" * 50_000, "\ud800 2019-04-02"):
        list(find_dates(text))
