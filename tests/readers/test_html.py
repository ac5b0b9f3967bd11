"""Pages with what surrounds the text: each test is one flaw of real pages."""

import pytest

from offtext.lexicon import load_toml
from offtext.readers import read
from offtext.readers.webmain import is_junk_line, names_junk

LONG = "Kommunen bygger en ny förskola med plats för hundra barn och en gård mot skogen. "


@pytest.fixture
def page(put):
    def text_of(body, head="", name="a.html"):
        return read(
            put(
                name,
                f'<!doctype html><html lang="sv"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>',
            )
        )

    return text_of


@pytest.mark.parametrize(
    "surroundings",
    [
        '<a class="skip" href="#m">Hoppa till innehållet</a>',
        '<div class="cookie-consent">Vi använder kakor <button>Godkänn alla</button></div>',
        "<div><p>Vi använder cookies för att webbplatsen ska fungera bra.</p></div>",
        '<nav><ul><li><a href="/">Start</a></li></ul></nav>',
        '<div class="c-breadcrumb"><a href="/">Start</a> / <a href="/s">Skola</a></div>',
        "<footer><p>Tuna kommun, 123 45 Tuna</p></footer>",
        '<div role="contentinfo"><p>Tuna kommun, 123 45 Tuna</p></div>',
        '<ul><li><a href="/a">Bostad</a></li><li><a href="/b">Skola</a></li><li><a href="/c">Omsorg</a></li></ul>',
        '<div class="socialShare"><a href="#">Facebook</a></div>',
        "<p>Skriv ut sidan</p>",
        '<form action="/sok"><label>Sök</label><input></form>',
        "<script>var a = 'text';</script><style>p {}</style><noscript>Slå på JavaScript</noscript>",
        "<p hidden>Dolt</p><div style='display: none'>Dolt</div><!-- kommentar -->",
        "<h2>Hittade du det du sökte?</h2>",
    ],
)
@pytest.mark.parametrize(
    "shape", ["<main>{0}{1}</main>", "{0}<article>{1}</article>", "<div>{0}<div class='x7'>{1}</div></div>"]
)
def test_what_surrounds_the_text_is_left_out(surroundings, shape, page):
    body = f"<h1>Ny förskola</h1><p>{LONG}</p><p>{LONG}</p>"
    assert page(shape.format(surroundings, body)).text == f"# Ny förskola\n\n{LONG.strip()}\n\n{LONG.strip()}"


def test_headings_lists_quotes_and_bold_questions_stay_as_light_markdown(page):
    document = page(
        f"<main><h1>Ett</h1><h2>Två</h2><p>{LONG}</p><p><strong>Vad händer nu?</strong><br>Vi gräver.</p>"
        "<ul><li>a<ul><li>b</li></ul></li></ul><ol start='3'><li>c</li><li>d</li></ol>"
        "<blockquote><p>– Ja, säger Bo Ek.</p><p>– Nej.</p></blockquote><p><em>Hela raden</em></p>"
        "<p>Ett <b>starkt</b> ord.</p></main>"
    )
    assert document.text.split("\n\n")[2:] == [
        LONG.strip(),
        "**Vad händer nu?**\nVi gräver.",
        "- a\n  - b",
        "3. c\n4. d",
        "> – Ja, säger Bo Ek.\n>\n> – Nej.",
        "_Hela raden_",
        "Ett starkt ord.",
    ]


def test_tables_become_rows_and_layout_tables_do_not(page):
    rows = "<table><tr><th>År</th><th>Antal</th></tr><tr><td>2024</td><td><p>tre</p></td></tr></table>"
    assert "| År | Antal |\n| 2024 | tre |" in page(f"<main><p>{LONG * 2}</p>{rows}</main>").text
    frame = f'<table><tr><td><a href="a">Start</a><a href="b">Skola</a><a href="c">Vård</a></td><td><p>{LONG}</p><p>{LONG}</p></td></tr></table>'
    assert page(frame).text == f"{LONG.strip()}\n\n{LONG.strip()}"


def test_double_breaks_end_paragraphs(page):
    assert (
        page(f"<div id='text'>{LONG}<br><br>{LONG}<br>rad två</div>").text
        == f"{LONG.strip()}\n\n{LONG.strip()}\nrad två"
    )


def test_title_date_and_author_are_properties(page):
    head = '<title>Ny skola | Tuna kommun</title><meta property="article:published_time" content="2024-03-04T10:00:00"><meta name="author" content="Ylva Ås">'
    properties = page(f"<main><p>{LONG}</p></main>", head).properties
    assert (properties["title"], properties["date"], properties["author"]) == ("Ny skola", "2024-03-04", "Ylva Ås")
    json_ld = '<script type="application/ld+json">{"headline": "Från JSON", "datePublished": "2023-01-02"}</script>'
    properties = page(f"<main><p>{LONG}</p></main>", json_ld).properties
    assert (properties["title"], properties["date"]) == ("Från JSON", "2023-01-02")


def test_a_heading_outside_the_main_element_comes_first(page):
    assert page(f"<div><h1>Rubrik</h1></div><main><p>{LONG}</p></main>").text.startswith("# Rubrik\n\nKommunen")


def test_a_caption_stays_a_line_of_its_own(page):
    assert (
        f"{LONG.strip()}\n\nFoto: Eva Ek\n\n"
        in page(
            f"<main><p>{LONG}</p><figure><img src=x><figcaption>Foto: Eva Ek</figcaption></figure><p>{LONG}</p></main>"
        ).text
    )


def test_a_page_without_main_text_keeps_everything_with_a_warning(page):
    document = page('<nav><a href="a">Bara en meny</a></nav>')
    assert "Bara en meny" in document.text
    assert "no main text" in document.warnings[0]


def test_a_declared_encoding_is_read(put):
    data = f'<html><head><meta charset="iso-8859-1"></head><body><p>{LONG}åäö</p></body></html>'.encode("latin-1")
    assert "åäö" in read(put("a.html", data)).text


def test_deep_nesting_is_walked_to_the_bottom(page):
    deep = 20_000
    assert LONG.strip() in page("<div>" * deep + f"<p>{LONG}</p>" + "</div>" * deep).text


def test_a_page_of_many_open_tags_takes_no_time(page):
    assert page("<div class=x><ul><li><a href=#>" * 5000).text is not None
    assert "slut" in page("<b>" * 3000 + "slut").text


def test_xhtml_with_declaration(put):
    page = f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><body><p>{LONG}</p></body></html>'
    assert read(put("a.xhtml", page)).text == LONG.strip()


@pytest.mark.parametrize("entry", load_toml("readers")["web_class"], ids=lambda entry: entry["name"])
def test_lexicon_class_names(entry):
    assert entry["source"]
    assert names_junk(entry["example"])
    assert not names_junk(entry["counter_example"])


@pytest.mark.parametrize("entry", load_toml("readers")["web_line"], ids=lambda entry: entry["name"])
def test_lexicon_lines(entry):
    assert entry["source"]
    assert is_junk_line(entry["example"])
    assert not is_junk_line(entry["counter_example"])


@pytest.mark.parametrize("group", ["evidence", "page_number"])
def test_lexicon_patterns(group):
    import re

    for entry in load_toml("readers")[group]:
        search = re.compile(entry["pattern"], re.IGNORECASE if group == "page_number" else 0)
        found = search.fullmatch if group == "page_number" else search.search
        assert entry["source"]
        assert found(entry["example"]), entry["name"]
        assert not found(entry["counter_example"]), entry["name"]
