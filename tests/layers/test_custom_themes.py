"""Themes by description: near sentences score higher than far ones."""

import numpy as np

from offtext.layers.custom_themes import Described, describe, score


def test_scores_are_cosines_seen_from_the_centre():
    themes = Described(("up",), np.array([[0.0, 1.0]], dtype=np.float32), np.array([1.0, 1.0], dtype=np.float32))
    found = score(themes, np.array([[1.0, 3.0], [1.0, 0.0], [2.0, 1.0], [1.0, 1.0]], dtype=np.float32))
    assert found[:, 0].tolist() == [1.0, -1.0, 0.0, 0.0]


def test_a_description_finds_its_sentences(encoder):
    themes = describe(
        encoder,
        {
            "winter": ["Vinter, snö, is och kyla.", "Det var halt på vägarna."],
            "food": ["Mat, kök och måltider i skolan."],
        },
    )
    sentences = ["Snöröjningen startar när det har fallit fem centimeter.", "Barnen äter lunch klockan elva."]
    found = score(themes, encoder.embed(sentences))
    assert found[0, 0] > found[0, 1]
    assert found[1, 1] > found[1, 0]


def test_no_themes_and_no_sentences(encoder):
    assert score(describe(encoder, {}), encoder.embed(["Hej."])).shape == (1, 0)
