"""Named entities in the field's sense."""

from __future__ import annotations

import pytest

from offtext.layers.entities import find_entities
from offtext.layout import parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Karin Ek bor i Borås.", [("Karin Ek", "PER"), ("Borås", "LOC")]),
        ("De reste till Norge med Röda Korset.", [("Norge", "LOC"), ("Röda Korset", "ORG")]),
        ("Nu säger regeringen och socialnämnden ja.", []),
        ("Regeringen sa ja.", []),
        ("Vägen går förbi Kvarnsjön och Almgatan.", [("Kvarnsjön", "LOC"), ("Almgatan", "LOC")]),
        ("De bor i Kolartorp.", [("Kolartorp", "LOC")]),
        ("", []),
    ],
)
def test_persons_organisations_and_places(text: str, expected: list[tuple[str, str]]) -> None:
    assert [(text[e.start : e.end], e.label) for e in find_entities(parse(text))] == expected
