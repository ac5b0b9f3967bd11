"""Where a sentence ends: one case a line in `sentences.txt`."""

from pathlib import Path

import pytest

from offtext.layout import parse
from offtext.layout.sentences import split

CASES = [c for c in (Path(__file__).parent / "sentences.txt").read_text(encoding="utf-8").split("\n")[1:] if c]


@pytest.mark.parametrize("case", CASES)
def test_sentences_end_where_the_case_says(case):
    pieces = case.split("‖")
    text = "".join(pieces)
    found = [text[start:end] for start, end in split(text, 0, len(text))]
    assert [piece.strip("* –•") for piece in found] == [piece.strip("* –•") for piece in pieces]


def test_a_quotation_line_s_sentence_holds_its_attribution_but_not_its_dash():
    layout = parse("# Rubrik\n\n– Vi börjar i höst, säger\nKarin Ek, rektor. Alla är med.")
    sentences = [layout.text[s.start : s.end] for s in layout.sentences_of(1)]
    assert sentences == ["Vi börjar i höst, säger\nKarin Ek, rektor.", "Alla är med."]


def test_headings_items_and_cells_are_sentences():
    layout = parse("# Nytt råd\n\n- Vård\n- Skola\n\n| Ort | Antal |\n|---|---|\n| Ulvsjö | 12 |\n")
    sentences = [layout.text[s.start : s.end] for s in layout.sentences]
    assert sentences == ["Nytt råd", "Vård", "Skola", "Ort", "Antal", "Ulvsjö", "12"]


def test_an_empty_link_between_sentences_belongs_to_none():
    layout = parse("Det ena är sagt. [](https://ulvsjo.example/a.jpg)Det andra kommer.")
    assert [layout.text[s.start : s.end] for s in layout.sentences] == ["Det ena är sagt.", "Det andra kommer."]
