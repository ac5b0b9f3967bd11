"""Make the example documents that are not plain text: .docx and .pdf from the texts beside this script.

The sources are written in light Markdown (headings, lists, one table form); everything before the first heading
is the letterhead and keeps its line breaks. The same source gives the same bytes, so a rebuilt file differs only
when its text does::

    python corpora/office/make_office.py
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import docx
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer

HERE = Path(__file__).parent
EXAMPLES = HERE.parent / "examples"

# what Word would have noted as the day the document was made
DOCX = {
    "brev_bibliotekssamarbete": datetime.datetime(2025, 2, 10, 14, 5),
    "protokoll_natverksstyrelse": datetime.datetime(2024, 4, 24, 9, 31),
    "remissvar_nara_vard": datetime.datetime(2023, 11, 20, 16, 12),
    "samverkansavtal_upphandling": datetime.datetime(2023, 5, 17, 8, 44),
    "tjansteskrivelse_personligt_ombud": datetime.datetime(2024, 8, 29, 11, 20),
}
# what the printed page repeats: (header, footer); the reader is to leave both out
PDF = {
    "brev_earkiv_anslutning": ("SVEA | Svar på begäran", "Box 77, 510 00 Exempelby"),
    "protokollsutdrag_kommunstyrelsen": ("Bengtsfors kommun | Protokollsutdrag", "Utdragsbestyrkande ____________"),
    "strategi_e_hjalpmedel": ("Strategi för digitala arbetssätt 2024–2027", "Kommunalförbundet Sju Socknar"),
}
# the old rule of Swedish typesetters: one consonant goes with the vowel after it to the next line
BREAK = re.compile(r"(?<=[a-zåäö]{3})(?=[bdfghjklmnprstv][aeiouyåäö][a-zåäö]{2})")
LONG_WORD = re.compile(r"[a-zåäö]{9,}")
SOFT_HYPHEN = "\u00ad"


def blocks(text: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, content): 'line' before the first heading; 'h1'…'h3', 'bullet', 'number', 'row', 'text'; 'gap'."""
    body = False
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        for line in paragraph.split("\n"):
            heading = re.match(r"(#{1,3}) (.*)", line)
            if heading:
                body = True
                yield f"h{len(heading[1])}", heading[2]
            elif line.startswith("- "):
                yield "bullet", line[2:]
            elif line.startswith("|"):
                if not re.fullmatch(r"[|\s:-]+", line):
                    yield "row", line
            elif re.match(r"\d+\. ", line):
                yield "number", line
            else:
                yield ("text" if body else "line"), line
        yield "gap", ""


def make_docx(source: Path, target: Path, made: datetime.datetime) -> None:
    """Write one source as a Word document, with Word's own heading, list and table styles."""
    document = docx.Document()
    table: Any = None
    for kind, content in blocks(source.read_text(encoding="utf-8")):
        cells = [cell.strip() for cell in content.strip("|").split("|")]
        if kind == "row":
            if table is None:
                table = document.add_table(rows=0, cols=len(cells), style="Table Grid")
            for cell, value in zip(table.add_row().cells, cells, strict=True):
                cell.text = value
            continue
        table = None
        if kind == "h1":
            document.add_heading(content, level=1)
        elif kind in ("h2", "h3"):
            document.add_heading(content, level=int(kind[1]))
        elif kind == "bullet":
            document.add_paragraph(content, style="List Bullet")
        elif kind == "number":
            document.add_paragraph(content.split(". ", 1)[1], style="List Number")
        elif kind == "gap":
            continue
        else:
            document.add_paragraph(content)
    properties = document.core_properties
    properties.author, properties.title, properties.comments = "", "", ""
    properties.created = properties.modified = made
    written = io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as packed, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as steady:
        for name in sorted(packed.namelist()):
            steady.writestr(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), packed.read(name), zipfile.ZIP_DEFLATED)


def make_pdf(source: Path, target: Path, header: str, footer: str) -> None:
    """Write one source as a printed page: justified, hyphenated, with a header, a footer and page numbers."""
    plain = ParagraphStyle("plain", fontName="Helvetica", fontSize=11, leading=15, embeddedHyphenation=1)
    styles = {
        "line": plain,
        "text": ParagraphStyle("text", plain, alignment=TA_JUSTIFY),
        "bullet": ParagraphStyle("bullet", plain, leftIndent=14, bulletIndent=2),
        "number": ParagraphStyle("number", plain, leftIndent=14),
        "h1": ParagraphStyle("h1", plain, fontName="Helvetica-Bold", fontSize=16, leading=20, spaceBefore=8),
        "h2": ParagraphStyle("h2", plain, fontName="Helvetica-Bold", fontSize=13, leading=17, spaceBefore=6),
        "h3": ParagraphStyle("h3", plain, fontName="Helvetica-Bold", fontSize=11, leading=15, spaceBefore=4),
    }
    story: list[Flowable] = []
    for kind, content in blocks(source.read_text(encoding="utf-8")):
        if kind == "gap":
            story.append(Spacer(1, 8))
            continue
        markup = escape(content)
        if kind in ("text", "bullet", "number"):
            markup = LONG_WORD.sub(lambda word: BREAK.sub(SOFT_HYPHEN, word[0]), markup)
        story.append(Paragraph(markup, styles[kind], bulletText="•" if kind == "bullet" else None))

    def frame(canvas: Canvas, _: SimpleDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(25 * mm, 285 * mm, header)
        canvas.drawString(25 * mm, 12 * mm, footer)
        canvas.drawRightString(185 * mm, 12 * mm, f"Sida {canvas.getPageNumber()}")

    page = SimpleDocTemplate(
        str(target), pagesize=A4, leftMargin=25 * mm, rightMargin=25 * mm, topMargin=22 * mm, bottomMargin=22 * mm,
        invariant=1, title="", author="",
    )  # fmt: skip
    page.build(story, onFirstPage=frame, onLaterPages=frame)


def main() -> None:
    """Make every office and print file among the examples anew."""
    for name, made in DOCX.items():
        make_docx(HERE / f"{name}.md", EXAMPLES / f"{name}.docx", made)
    for name, (header, footer) in PDF.items():
        make_pdf(HERE / f"{name}.md", EXAMPLES / f"{name}.pdf", header, footer)


if __name__ == "__main__":
    main()
