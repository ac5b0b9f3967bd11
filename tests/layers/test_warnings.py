"""What is odd about a text is said, and an ordinary text is left in peace."""

import pytest

from offtext.layers.warnings import find_warnings
from offtext.layout import parse
from offtext.lexicon import load_toml

SWEDISH = load_toml("warnings")["swedish"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" \n", "empty"),
        ("12 34 – 56", "no words"),
        ("Hej \ud83d hopp", "half surrogate"),
        ("Hej\x00 hopp\x07", "2 control characters"),
        (SWEDISH["counter_example"] * 4, "Swedish"),
        ("The board has decided that all schools should be open to the public in the summer. " * 5, "Swedish"),
    ],
)
def test_said(text, said):
    assert any(said in warning for warning in find_warnings(parse(text)))


@pytest.mark.parametrize(
    "text", [SWEDISH["example"] * 4, "Rad ett\r\nRad två\tkolumn", "Anna Berg, Olle Sund, Karin Ek"]
)
def test_ordinary(text):
    assert find_warnings(parse(text)) == ()
