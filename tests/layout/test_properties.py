"""What holds for any text: order, bounds, coverage, time, no exception."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offtext.layout import BLOCK_KINDS, parse

SCRAPS = [
    "\n", "\n\n", "  \n", "\r\n", "\t", " ", ". ", "? ", "! ", "… ", ".", ":", ", ", "– ", "- ", "• ", "* ", "# ", "## ", "> ", "| ", "|---|",
    "**", "_", "[](https://x.example/a)", "![bild](b.jpg)", "<p>", "</p>", "<br>", "<li>", "---\n", "===\n", "§ 12 ", "1. ", "a) ", "1.2 ",
    "Datum: ", "Dnr: KS 2024/12", "Närvarande: ", "Till ", "Fråga: ", "Svar: ", "Foto: ", "Med vänlig hälsning", "att ", "bl.a. ", "m.m. ",
    "K. ", "Karin Ek", "säger ", "Vi börjar i höst", "kommunen", "ÅRSMÖTE", "2024-03-05", "\ud800", "\x00", "\u200b", "\xad", "\u2028", "”", '"', "\\", "{", "}",
]  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(SCRAPS), max_size=60).map("".join))


def check(text):
    layout = parse(text)
    assert layout.text == text
    at = 0
    for block in layout.blocks:
        assert block.kind in BLOCK_KINDS
        assert at <= block.start <= block.content_start < block.content_end <= block.end <= len(text)
        at = block.end
    at = 0
    for sentence in layout.sentences:
        block = layout.blocks[sentence.block]
        assert max(at, block.content_start) <= sentence.start < sentence.end <= block.content_end
        at = sentence.end
    return layout


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_blocks_and_sentences_are_in_order_and_inside_their_bounds(text):
    check(text)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["Vi är med", "bl.a. ", ". ", "\n", "– ", "# ", "- ", "**", "? ", "Datum: ", " "]), max_size=40
    )
)
def test_every_letter_of_a_block_s_content_is_in_a_sentence(parts):
    layout = check("".join(parts))
    held = {n for s in layout.sentences for n in range(s.start, s.end)}
    for block in layout.blocks:
        assert all(n in held for n in range(block.content_start, block.content_end) if layout.text[n].isalnum())


@settings(max_examples=50, deadline=None)
@given(TEXTS)
def test_the_same_text_gives_the_same_layout(text):
    assert parse(text) == parse(text)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "Kommunen ska samverka med regionen i höst. " * 120_000,
        "-\n" * 500_000,
        "." * 1_000_000,
        ". " * 500_000,
        "a" * 1_000_000,
        "*" * 1_000_000,
        "[](" * 300_000,
        "<" * 1_000_000,
        "A. " * 300_000,
        "| a " * 200_000,
        "**a** " * 160_000,
        "Dnr " * 250_000,
        "Dnr: 1 " * 140_000,
        "och\n" * 200_000,
        "x  " * 300_000,
        "<br>- Ja, säger hon." * 50_000,
        "<p>Ja" * 150_000,
        "Kort stycke.\n\n" * 70_000,
        "**a**\n\n" * 140_000,
        "Namn: x\n" * 120_000,
    ],
    ids=lambda text: text[:12].encode("unicode_escape").decode(),
)
def test_time_grows_with_length_alone(text, assert_linear):
    assert_linear(lambda size: parse(text[:size]), len(text))


@pytest.mark.parametrize(
    "text", ["", " ", "\n", "\ud800", "\x00", "\ufeff", "–", "#", "**", "[](x)", "|", "§", "---\n", "1.", "Datum:"]
)
def test_next_to_nothing_is_no_error(text):
    check(text)
