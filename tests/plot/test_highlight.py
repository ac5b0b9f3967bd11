"""A document as a page: everything escaped, marks that cross, no script, no network."""

import re
from html.parser import HTMLParser

import pytest

from offtext.analysis import Analysis
from offtext.document import Document, Source, Span
from offtext.pipeline import Pipeline
from offtext.plot.highlight import Mark, marks_of, segments, to_html, to_page
from offtext.record import Actor, DocumentType, Goal, Quote

TEXT = "Karin Ek säger att Lindö kommun ska bygga skolor & vägar <snart>."
EVIL = '<script>alert(1)</script>" onmouseover="x()'


def analysis(text=TEXT):
    person = Actor("a1", "Karin Ek", "person", (Span(0, 8),), role=EVIL)
    quote = Quote("q1", "indirect", (Span(19, 50),), text[19:50], person)
    goal = Goal("g1", "commitment", 32, 66, text[32:66], person)
    return Analysis("d1", text, DocumentType("news", 0.7), actors=(person,), quotes=(quote,), goals=(goal,))


class Balance(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.text, self.tags = [], [], set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)
        assert not any(name.startswith("on") for name, _ in attrs)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not {"style", "header", "table"} & set(self.open):
            self.text.append(data)


def parsed(html):
    parser = Balance()
    parser.feed(html)
    assert not parser.open
    return parser


def test_crossing_marks_nest_well_and_the_text_is_whole():
    parser = parsed(to_html(analysis().to_dict()))
    assert TEXT in "".join(parser.text)
    assert "script" not in parser.tags


def test_a_page_asks_for_nothing_from_outside():
    page = to_page(analysis().to_dict())
    assert not re.search(r"""(src|href)=|url\(|@import""", page)
    assert "default-src 'none'" in page


def test_pieces_carry_all_their_marks():
    outer, inner = Mark(0, 6, "quote", "q"), Mark(4, 9, "goal", "g")
    assert [(piece, len(over), len(ends)) for piece, over, ends in segments("0123456789", [outer, inner])] == [
        ("0123", 1, 0),
        ("45", 2, 1),
        ("678", 1, 1),
        ("9", 0, 0),
    ]


def test_every_layer_is_marked():
    assert {mark.classes for mark in marks_of(analysis().to_dict())} == {"mention person", "quote indirect", "goal"}


def test_a_failure_is_shown_as_one():
    failed = Analysis("d1", "", DocumentType("other", 0.0), Source("<b>.pdf"), error="<b>.pdf: encrypted.")
    assert "&lt;b&gt;.pdf: encrypted." in to_html(failed.to_dict())


@pytest.mark.parametrize("text", ["", " ", "\ud83d – x, säger Karin Ek.", "\x00\x1b[31m"])
def test_odd_texts_are_drawn(text):
    found = Pipeline(model=None).analyze(Document.from_text(text))
    parsed(to_page(found.to_dict()))
    assert found._repr_html_()
