"""Printed pages: joined lines, hyphens, running headers, page spans, scans."""

import shutil

import pytest
import reader_files as files

from offtext.errors import UnreadableFile
from offtext.lexicon import load_toml
from offtext.readers import read
from offtext.readers.ocr import _lines
from offtext.readers.printed import Line, join_pages


@pytest.fixture
def printed(put):
    def document(*pages, **options):
        return read(put("a.pdf", files.pdf_of(pages, **options)))

    return document


def paragraph(*lines, top=700, left=72, size=11, font="Helvetica"):
    return [(line, left, top - 14 * index, font, size) for index, line in enumerate(lines)]


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("Vi vill stärka kommun-", "samverkan i länet.", "kommunsamverkan i"),
        ("Frågan gick till kommunens IT-", "chef i går kväll.", "IT-chef i"),
        ("Vi har vägt för-", "och nackdelar mot.", "för- och nackdelar"),
        ("Vård-", "eller omsorgsnämnden.", "Vård- eller omsorgsnämnden"),
        ("Tågen på sträckan Borås-", "Göteborg går tätare.", "Borås-Göteborg går"),
        ("Kommunens nya e-", "tjänst är öppen.", "e-tjänst är"),
        ("Bygget blev mer kost-", "samt än väntat.", "kostsamt än"),
        ("Under pandemin covid-", "19 stängde vi.", "covid-19 stängde"),
        ("Det står om EU-", "stödet i planen.", "EU-stödet i"),
    ],
)
def test_hyphens_at_the_end_of_a_line(first, second, joined, printed):
    assert joined in printed(paragraph(first, second)).text


@pytest.mark.parametrize("entry", load_toml("readers")["hyphen"], ids=lambda entry: entry["name"])
def test_lexicon_hyphens(entry, printed):
    for written, expected in (
        (entry["example"], entry["example"]),
        (entry["counter_example"], entry["counter_example"].replace("-", "")),
    ):
        first, second = written.split("-", 1)
        assert expected in printed(paragraph(f"Här skrevs det om {first}-", f"{second.strip()} i går.")).text
    assert entry["source"]


def test_the_document_itself_tells_which_hyphens_are_real(printed):
    text = printed(
        paragraph(
            "Hela nord-syd-axeln byggs om, och nord-",
            "syd-axeln blir klar i höst. Ett hem-",
            "ligt möte hölls. Mötet var hemligt.",
        )
    ).text
    assert "nord-syd-axeln blir" in text
    assert "Ett hemligt möte" in text


def test_lines_are_joined_to_paragraphs_and_paragraphs_kept_apart(printed):
    lines = paragraph("Första stycket börjar här och går vidare", "till sin andra rad som slutar.") + paragraph(
        "– Andra stycket, säger Bo Ek.", top=650
    )
    assert (
        printed(lines).text
        == "Första stycket börjar här och går vidare till sin andra rad som slutar.\n\n– Andra stycket, säger Bo Ek."
    )


def test_a_name_over_a_role_is_two_lines(printed):
    body = "En rad brödtext som är lång nog att visa hur bred spalten är i det här lilla brevet."
    assert printed(paragraph(body, "slutar här.") + paragraph("Bo Ek", "förbundsdirektör", top=600)).text.endswith(
        "Bo Ek\n\nförbundsdirektör"
    )


def test_larger_type_is_a_heading_and_bold_a_bold_line(printed):
    body = "En rad vanlig text som är lång nog att vara brödtext i det här dokumentet."
    document = printed(
        [("Handlingsplan för Åmål", 72, 760, "Helvetica-Bold", 20), ("Bakgrund", 72, 700, "Helvetica-Bold", 14)]
        + paragraph(body, top=670) + paragraph("Vad händer nu?", top=630, font="Helvetica-Bold") + paragraph(body, top=600)
    )  # fmt: skip
    assert document.text.split("\n\n") == ["# Handlingsplan för Åmål", "## Bakgrund", body, "**Vad händer nu?**", body]
    assert document.properties["title"] == "Handlingsplan för Åmål"


def test_a_bold_numbered_line_is_no_list_item(printed):
    body = "En rad vanlig text som är lång nog att vara brödtext i det här dokumentet."
    lines = paragraph(body) + paragraph("2. Gemensam grund", top=650, font="Helvetica-Bold") + paragraph(body, top=620)
    assert printed(lines).text == f"{body}\n\n**2. Gemensam grund**\n\n{body}"
    slightly_larger = (
        paragraph(body)
        + paragraph("2. Gemensam grund", top=650, font="Helvetica-Bold", size=12)
        + paragraph(body, top=620)
    )
    assert "\n\n# 2. Gemensam grund\n\n" in printed(slightly_larger).text


def test_bullets_are_list_items(printed):
    document = printed(paragraph("• Första punkten", "• Andra punkten", "1. Ett", "2. Två"))
    assert document.text == "- Första punkten\n- Andra punkten\n1. Ett\n2. Två"


def test_a_dash_or_a_number_inside_a_sentence_is_no_list(printed):
    lines = paragraph(
        "Den nya skolan i norra delen av kommunen får plats för trehundra elever",
        "– som mest – och öppnar sina dörrar för de allra första barnen senast den",
        "3. maj eller möjligen lite senare än så.",
    )
    assert "elever – som mest – och" in printed(lines).text
    assert "senast den 3. maj" in printed(lines).text


def test_cells_beside_each_other_are_rows(printed):
    lines = [("Datum", 72, 700), ("Diarienummer", 300, 700), ("2024-05-02", 72, 680), ("KS 2024/17", 300, 680)]
    assert printed(lines).text == "| Datum | Diarienummer |\n| 2024-05-02 | KS 2024/17 |"


def _report(count):
    return [
        [("Tuna kommun", 72, 810), (f"Sida {n} ({count})", 480, 810), ("Postadress 123 45 Tuna", 72, 30)]
        + paragraph(f"Stycke nummer {'abcdefgh'[n]} handlar om något helt eget.")
        for n in range(1, count + 1)
    ]


@pytest.mark.parametrize("count", [2, 3, 7])
def test_running_headers_footers_and_page_numbers_go(count, printed):
    document = printed(*_report(count))
    assert "Tuna" not in document.text
    assert "Sida" not in document.text
    assert document.text.count("Stycke nummer") == count
    assert "Tuna kommun" in document.properties["header"]
    assert document.properties["footer"] == "Postadress 123 45 Tuna"


def test_a_letterhead_with_a_date_is_kept_once(printed):
    pages = [[("Tuna kommun, dnr KS 2024/17", 72, 810), *paragraph(f"Brödtext {n} som fortsätter.")] for n in "abc"]
    assert printed(*pages).text.count("KS 2024/17") == 1


def test_the_only_page_keeps_its_header_without_the_number(printed):
    text = printed(*_report(1)).text
    assert text.startswith("Tuna kommun\n\nStycke")
    assert text.endswith("\n\nPostadress 123 45 Tuna")


def test_page_spans_point_at_the_text_of_each_page(printed):
    document = printed(*[paragraph(f"Sidan heter {name}.") for name in ("alfa", "beta", "gamma")])
    assert [document.text[page.start : page.end].strip() for page in document.pages] == [
        f"Sidan heter {name}." for name in ("alfa", "beta", "gamma")
    ]
    assert document.page_of(document.text.index("beta")) == 2


def test_a_sentence_goes_on_over_the_page(printed):
    document = printed(
        paragraph("Nämnden beslutade att förskolan"), paragraph("ska byggas i höst."), [], paragraph("Nytt stycke.")
    )
    assert document.text == "Nämnden beslutade att förskolan ska byggas i höst.\n\nNytt stycke."
    assert document.page_of(document.text.index("ska")) == 2
    assert [page.end - page.start for page in document.pages][2] == 0
    assert document.page_of(document.text.index("Nytt")) == 4


def test_a_word_broken_over_two_pages_stays_with_the_first(printed):
    document = printed(paragraph("Vi vill stärka sam-"), paragraph("verkan i länet."))
    assert document.text == "Vi vill stärka samverkan i länet."
    assert document.page_of(document.text.index("verkan")) == 1
    assert document.page_of(document.text.index("länet")) == 2


def test_two_columns_are_read_one_after_the_other(printed):
    left = paragraph("Vänster spalt börjar med", "de här raderna och slutar", "först efter den tredje.")
    right = paragraph("Höger spalt kommer sedan", "och har sina egna rader.", left=320)
    assert printed(left + right).text == (
        "Vänster spalt börjar med de här raderna och slutar först efter den tredje.\n\n"
        "Höger spalt kommer sedan och har sina egna rader."
    )


def test_a_scanned_page_is_a_warning_that_names_the_extra(put):
    document = read(put("skannad.pdf", files.scanned_pdf()))
    assert document.text == ""
    assert len(document.warnings) == 1
    assert "page 1 has no text layer" in document.warnings[0]
    assert "offtext[ocr]" in document.warnings[0]


def test_an_empty_page_is_no_scan(printed):
    assert printed([], ["Hej på er alla"]).warnings == ()


def test_ocr_without_tesseract_says_what_to_install(put, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(UnreadableFile, match="tesseract-ocr-swe"):
        read(put("skannad.pdf", files.scanned_pdf()), ocr=True)


def test_ocr_that_fails_says_so(put, monkeypatch, tmp_path):
    broken = tmp_path / "tesseract"
    broken.write_text("#!/bin/sh\necho 'no swe.traineddata' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _: str(broken))
    with pytest.raises(UnreadableFile, match=r"no swe\.traineddata"):
        read(put("skannad.pdf", files.scanned_pdf()), ocr=True)


@pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not installed")
def test_ocr_reads_a_scanned_page(put):
    document = read(put("skannad.pdf", files.scanned_pdf("Kommunen möter våren")), ocr=True)
    assert "Kommunen möter våren" in document.text
    assert "OCR" in document.warnings[0]
    assert document.pages[0].end == len(document.text)


def test_ocr_lines_keep_paragraphs():
    assert (
        join_pages([list(_lines("Ett möte om sam-\nverkan hölls\ni Tuna.\n\nNästa stycke.\n\f"))]).text
        == "Ett möte om samverkan hölls i Tuna.\n\nNästa stycke."
    )


def test_many_lines_take_no_time():
    lines = [Line("a" * 40 + "-", 72, 500, 700, 690, 11.0, hyphen=True)] * 20_000
    assert join_pages([lines]).text
