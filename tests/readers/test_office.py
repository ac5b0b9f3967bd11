"""Word, OpenDocument and Rich Text: structure kept, what is beside the text left out."""

import docx
import pytest
import reader_files as files
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from offtext.readers import read


@pytest.fixture
def word(put):
    def document(build):
        made = docx.Document()
        build(made)
        return read(put("a.docx", files.saved(made)))

    return document


def test_headings_lists_quotes_tables_and_bold_lines(word):
    def build(made):
        made.add_heading("Avtal om samverkan", 0)
        made.add_heading("Bakgrund", 2)
        made.add_paragraph("Brödtext.")
        for style in ("List Bullet", "List Bullet 2", "List Number", "List Number"):
            made.add_paragraph(style, style=style)
        made.add_paragraph().add_run("Vad gäller nu?").bold = True
        made.add_paragraph("Det blir bra.", style="Intense Quote")
        made.add_paragraph("Ett ").add_run("fett").bold = True
        table = made.add_table(1, 2)
        table.cell(0, 0).text, table.cell(0, 1).text = "Datum", "2024-05-02"

    assert word(build).text.split("\n\n") == [
        "# Avtal om samverkan",
        "## Bakgrund",
        "Brödtext.",
        "- List Bullet\n  - List Bullet 2",
        "1. List Number\n2. List Number",
        "**Vad gäller nu?**",
        "> Det blir bra.",
        "Ett fett",
        "| Datum | 2024-05-02 |",
    ]


def test_page_headers_are_a_property_and_not_text(word):
    def build(made):
        made.sections[0].header.paragraphs[0].text = "Tuna kommun\tDnr KS 2024/17"
        made.sections[0].footer.paragraphs[0].text = "Sida 1"
        made.add_paragraph("Brödtext.")

    document = word(build)
    assert document.text == "Brödtext."
    assert "KS 2024/17" in document.properties["header"]


def test_core_properties(word):
    def build(made):
        made.core_properties.title, made.core_properties.author = "Tjänsteskrivelse", "Ylva Ås"
        made.add_paragraph("Brödtext.")

    properties = word(build).properties
    assert (properties["title"], properties["author"]) == ("Tjänsteskrivelse", "Ylva Ås")


def _with(xml):
    def build(made):
        made.element.body.insert(0, parse_xml(xml.replace("<w:", "<w:", 1).replace(">", f" {nsdecls('w')}>", 1)))

    return build


def test_content_controls_and_tracked_changes(word):
    document = word(_with(
        "<w:p><w:r><w:t>Dnr: </w:t></w:r><w:sdt><w:sdtContent><w:r><w:t>KS 2024/17</w:t></w:r></w:sdtContent></w:sdt>"
        '<w:ins w:id="1" w:author="x"><w:r><w:t> nytt</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="x"><w:r><w:delText> gammalt</w:delText></w:r></w:del></w:p>'
    ))  # fmt: skip
    assert document.text == "Dnr: KS 2024/17 nytt"
    assert "1 tracked deletions" in document.warnings[0]


def test_prompts_of_empty_controls_and_tables_of_contents_are_left_out(word):
    prompt = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>Klicka här</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    contents = '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent><w:p><w:r><w:t>Bakgrund 3</w:t></w:r></w:p></w:sdtContent></w:sdt>'
    assert word(_with(prompt)).text == ""
    assert word(_with(contents)).text == ""


def test_breaks_tabs_and_special_hyphens(word):
    assert (
        word(
            _with(
                "<w:p><w:r><w:t>IT</w:t><w:noBreakHyphen/><w:t>chef</w:t><w:br/><w:t>rad</w:t><w:tab/><w:t>två</w:t></w:r></w:p>"
            )
        ).text
        == "IT-chef\nrad två"
    )


def test_a_style_that_builds_on_itself_does_not_hang(word):
    def build(made):
        style = made.styles["Heading 1"].element
        style.find(docx.oxml.ns.qn("w:basedOn")).set(docx.oxml.ns.qn("w:val"), "Heading1")
        made.add_paragraph("Text", style="Heading 1")

    assert word(build).text == "# Text"


def test_odt_structure(put):
    styles = '<style:style style:name="P1" style:family="paragraph"><style:text-properties fo:font-weight="bold"/></style:style><text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>'
    body = (
        '<text:h text:outline-level="2">Bakgrund</text:h><text:p>Ett<text:s text:c="2"/>två<text:line-break/>tre<text:note><text:note-body><text:p>fotnot</text:p></text:note-body></text:note>.</text:p>'
        '<text:p text:style-name="P1">Vad händer?</text:p><text:list><text:list-item><text:p>punkt</text:p></text:list-item></text:list>'
        '<text:list text:style-name="L1"><text:list-item><text:p>först</text:p></text:list-item><text:list-item><text:p>sen</text:p></text:list-item></text:list>'
        "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>"
        "<text:table-of-content><text:p>Bakgrund 1</text:p></text:table-of-content>"
    )
    document = read(put("a.odt", files.odt_of(body, styles)))
    assert document.text.split("\n\n") == [
        "## Bakgrund",
        "Ett två\ntre.",
        "**Vad händer?**",
        "- punkt",
        "1. först\n2. sen",
        "| a | b |",
    ]
    assert document.warnings == ("1 footnotes left out",)


def test_rtf_letters_rows_and_title(put):
    source = r"{\rtf1\ansi\ansicpg1252{\info{\title Beslut p\'e5 v\'e4g}}{\fonttbl{\f0 Arial;}}\pard Bor\'e5s \u8211? stad\par\trowd a\cell b\cell\row}"
    document = read(put("a.rtf", source))
    assert document.text == "Borås – stad\n| a | b |"
    assert document.properties["title"] == "Beslut på väg"
