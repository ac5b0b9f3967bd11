"""Tokens stand for exactly the characters they were made of, whatever the text holds."""

import re

import pytest

from offtext.encoder.tokens import PIECE, tokenise, tokenise_layout
from offtext.layout import parse

TEXTS = [
    "Karin Ek är rektor i Tranås kommun.",
    "  Karin\tEk   är\u00a0rektor\n i Tranås ",
    "sam\u00adverkan och sam\u00ad verkan",
    "halvt \ud83d par, \udc00 och helt \U0001f600 tecken",
    "漢字 мир e\u0301\u0301 ﬁn ½ …",
    "\x00 \x1f\u200b\ufeff",
]


@pytest.fixture(scope="module", params=["sentencepiece", "wordpiece"])
def tokenizer(request, made, tmp_path_factory):
    if request.param == "sentencepiece":
        return made.exact._tokenizer
    from tiny_models import tiny
    from tokenizers import Tokenizer

    base = tiny("bert", tmp_path_factory.mktemp("wordpiece") / "base", TEXTS[:1])
    return Tokenizer.from_file(str(base / "tokenizer.json"))


def characters(text, tokens):
    return [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]


@pytest.mark.parametrize("text", TEXTS)
def test_characters_of_tokens_give_the_words_back(text, tokenizer):
    tokens = tokenise(text, [(0, len(text))], tokenizer)
    for places in (tokens.starts, tokens.ends):
        assert (places[1:] >= places[:-1]).all()  # spans are looked up in them
    taken = {n for start, end in zip(tokens.starts, tokens.ends, strict=True) for n in range(start, end)}
    left = [text[n] for n in set(range(len(text))) - taken]
    assert all(char.isspace() or not char.isprintable() for char in left)


@pytest.mark.parametrize("text", TEXTS[:2])
def test_a_word_begins_with_its_first_letter(text, tokenizer):
    tokens = tokenise(text, [(0, len(text))], tokenizer)
    starts = {int(start) for start in tokens.starts}
    assert {match.start() for match in re.finditer(r"\w+", text)} <= starts
    assert not any(part[0].isspace() for part in characters(text, tokens) if part.strip())


def test_sentences_own_their_tokens(tokenizer):
    layout = parse("Karin Ek är rektor. Vi ses på torsdag.\n\nHej!")
    tokens = tokenise_layout(layout, tokenizer)
    assert tokens.sentences == len(layout.sentences) == 3
    for start, end, owner in zip(tokens.starts, tokens.ends, tokens.sentence, strict=True):
        sentence = layout.sentences[owner]
        assert sentence.start <= start <= end <= sentence.end
    assert tokens.edges.tolist() == [*(tokens.sentence.tolist().index(n) for n in range(3)), len(tokens.ids)]


@pytest.mark.parametrize("unit", ["ord ", "a" * 25_000, "Tranås kommun. "])
def test_a_very_long_line_is_cut_without_a_loss(unit, tokenizer):
    text = "Hej! " + (unit * (25_000 // len(unit) + 1))[:25_000]
    tokens = tokenise(text, [(0, 4), (5, len(text))], tokenizer)
    assert len(text) > 2 * PIECE
    assert "".join("".join(characters(text, tokens)).split()) == "".join(text.split())
    assert (tokens.starts[1:] >= tokens.ends[:-1]).all()


def test_no_text_and_no_sentences(tokenizer):
    assert len(tokenise("", [], tokenizer).ids) == 0
    assert tokenise("", [], tokenizer).edges.tolist() == [0]
    assert tokenise(" ", [(0, 0), (1, 1)], tokenizer).sentences == 2
