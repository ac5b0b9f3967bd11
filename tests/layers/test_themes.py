"""Themes: the lexicon's examples, rules alone, and the heads of the packaged model."""

import numpy as np
import pytest

from offtext.labels import THEMES
from offtext.layers.themes import cues, find_themes
from offtext.layout import parse
from offtext.lexicon import load_toml

ENTRIES = [(theme, cue) for theme in THEMES for cue in load_toml("themes")["themes"][theme]["cues"]]

TEXT = """# Ny brygga i Ulvsjö

Ulvsjö kommun samverkar med båtklubben och hamnbolaget om en ny brygga.

Parterna träffas varje månad i en styrgrupp. Arbetet följs upp varje höst.

Solen sken hela dagen.
"""


@pytest.mark.parametrize(("theme", "cue"), ENTRIES, ids=[f"{t}-{c['id']}" for t, c in ENTRIES])
def test_every_cue_matches_its_example_and_not_its_counter_example(theme, cue):
    pattern = next(c.pattern for c in cues() if (c.theme, c.id) == (theme, cue["id"]))
    assert pattern.search(cue["example"])
    assert "counter_example" not in cue or not pattern.search(cue["counter_example"])
    assert 0 < cue["precision"] < 1


def test_every_theme_is_described_in_both_languages():
    for theme in THEMES:
        entry = load_toml("themes")["themes"][theme]
        assert len(entry["sv"]) > 20
        assert len(entry["en"]) > 20


def labels_of(found, text):
    return next((set(s.labels) for s in found if s.text.startswith(text)), set())


def test_rules_alone_find_the_plain_cases():
    found, scores = find_themes(parse(TEXT), None)
    assert "collaboration" in labels_of(found, "Ulvsjö kommun samverkar")
    assert "outcomes" in labels_of(found, "Arbetet följs upp")
    assert not labels_of(found, "Solen")
    assert list(scores) == list(THEMES)
    assert all(0 <= score <= 1 for score in scores.values())


@pytest.mark.parametrize("text", ["", "\x00", "\ud800", "a" * 300_000, "samverkan " * 20_000, "?\n" * 2_000])
def test_a_text_never_raises(text):
    found, scores = find_themes(parse(text), None)
    assert all(np.isfinite(score) for score in scores.values())
    assert all(text[s.start : s.end] == s.text for s in found)


def test_with_the_encoder(encoder):
    layout = parse(TEXT)
    found, scores = find_themes(layout, encoder.encode([layout])[0])
    assert "collaboration" in labels_of(found, "Ulvsjö kommun samverkar")
    assert not labels_of(found, "Solen")
    assert scores["collaboration"] > 0.5 > scores["digitalisation"]
    spans = {(s.start, s.end) for s in layout.sentences}
    assert all((s.start, s.end) in spans for s in found)
    assert all(set(s.scores) == set(s.labels) for s in found)


def test_same_result_in_any_company(encoder):
    layout, other = parse(TEXT), parse("En helt annan text om bredband och pilotprojekt.")
    alone = find_themes(layout, encoder.encode([layout])[0])
    assert find_themes(layout, encoder.encode([other, layout])[1]) == alone
