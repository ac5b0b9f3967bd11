"""Word documents: body text as light Markdown; page headers and footers, notes, comments and deleted text left out."""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx
from lxml import etree

from offtext.readers.archives import open_archive
from offtext.readers.contract import Content, Raw
from offtext.readers.light_markdown import Run, Writer
from offtext.readers.wordstyles import Paragraphs

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def read(raw: Raw) -> Content:
    """Return the body in order: headings by style, lists, tables, text boxes and content controls.

    python-docx opens the package and knows the styles; the walk over the body is our own because
    `Paragraph.text` leaves out content controls and tracked insertions, which municipal templates are full of.
    """
    open_archive(raw).close()
    document = docx.Document(io.BytesIO(raw.data))
    body = _Body(Paragraphs(document))
    body.write(document.element.body)
    properties = _properties(document)
    warnings = []
    if body.notes:
        warnings.append(f"{body.notes} footnotes left out")
    if body.deleted:
        warnings.append(f"{body.deleted} tracked deletions left out")
    if first := body.writer.first_heading():
        properties.setdefault("title", first)
    if header := _running(document):
        properties["header"] = header
    return Content(body.writer.text(), properties=properties, warnings=warnings)


class _Body:
    """Walks the body and writes it."""

    def __init__(self, paragraphs: Paragraphs) -> None:
        self.paragraphs = paragraphs
        self.writer = Writer()
        self.notes = self.deleted = 0

    def write(self, container: etree._Element) -> None:
        for element in blocks(container):
            if element.tag == f"{_W}tbl":
                self._table(element)
            else:
                self._paragraph(element)

    def _paragraph(self, element: etree._Element) -> None:
        runs = list(self._runs(element))
        shape = self.paragraphs.shape(element)
        plain = "".join(run.text for run in runs)
        if shape.contents:
            pass  # a table of contents repeats the headings
        elif shape.level and plain.strip():
            self.writer.heading(shape.level, plain)
        elif shape.depth:
            self.writer.item(runs, shape.depth, self.paragraphs.number(shape) if plain.strip() else None)
        elif shape.quote:
            self.writer.quoting += 1
            self.writer.paragraph(Run(run.text) for run in runs)  # quote styles are bold or italic as a whole
            self.writer.quoting -= 1
        else:
            self.writer.paragraph(runs)
        for box in _boxes(element):
            self.write(box)

    def _table(self, element: etree._Element) -> None:
        for row in _children(element, "tr"):
            cells = list(_children(row, "tc"))
            if len(cells) == 1:
                self.write(cells[0])  # a frame around text, not a row of data
            else:
                self.writer.row(self._cell(cell) for cell in cells)

    def _cell(self, cell: etree._Element) -> str:
        return " ".join("".join(run.text for run in self._runs(part)) for part in cell.iter(f"{_W}p"))

    def _runs(self, paragraph: etree._Element) -> Iterator[Run]:
        walk = etree.iterwalk(paragraph, events=("start",))
        bold = italic = False
        for _, element in walk:
            tag = element.tag
            if tag in (f"{_W}txbxContent", f"{_MC}Fallback", f"{_W}pPr") or _placeholder(element):
                walk.skip_subtree()
            elif tag in (f"{_W}del", f"{_W}moveFrom"):
                self.deleted += 1
                walk.skip_subtree()
            elif tag == f"{_W}r":
                bold, italic = self.paragraphs.face(element, paragraph)
            elif tag == f"{_W}t":
                yield Run(element.text or "", bold, italic)
            elif tag == f"{_W}tab":
                yield Run("\t", bold, italic)
            elif tag in (f"{_W}br", f"{_W}cr") and element.get(f"{_W}type") != "page":
                yield Run("\n")
            elif tag == f"{_W}noBreakHyphen":
                yield Run("-", bold, italic)
            elif tag == f"{_W}footnoteReference":
                self.notes += 1


def blocks(container: etree._Element) -> Iterator[etree._Element]:
    """Yield the paragraphs and tables of a body, a cell or a text box in order, through content controls."""
    stack = [iter(container)]
    while stack:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
        elif element.tag in (f"{_W}p", f"{_W}tbl"):
            yield element
        elif element.tag in (
            f"{_W}sdt",
            f"{_W}sdtContent",
            f"{_W}ins",
            f"{_W}customXml",
            f"{_W}smartTag",
        ) and not _placeholder(element):
            stack.append(iter(element))


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the rows of a table or the cells of a row, also those inside content controls."""
    for child in element:
        if child.tag == f"{_W}{name}":
            yield child
        elif child.tag == f"{_W}sdt":
            for content in child.iterchildren(f"{_W}sdtContent"):
                yield from content.iterchildren(f"{_W}{name}")


def _boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    walk = etree.iterwalk(paragraph, events=("start",))
    for _, element in walk:
        if element.tag == f"{_MC}Fallback":  # the same box again for older programs
            walk.skip_subtree()
        elif element.tag == f"{_W}txbxContent":
            yield element
            walk.skip_subtree()


def _placeholder(element: etree._Element) -> bool:
    """Tell whether a content control shows its prompt ('Klicka här …'), or is a table of contents."""
    if element.tag != f"{_W}sdt":
        return False
    about = element.find(f"{_W}sdtPr")
    if about is None:
        return False
    gallery = about.find(f".//{_W}docPartGallery")
    return about.find(f"{_W}showingPlcHdr") is not None or (
        gallery is not None and gallery.get(f"{_W}val") == "Table of Contents"
    )


def _properties(document: docx.document.Document) -> dict[str, str]:
    core = document.core_properties
    when = core.created or core.modified
    found = {
        "title": core.title,
        "author": core.author,
        "subject": core.subject,
        "keywords": core.keywords,
        "created": when.date().isoformat() if when else "",
    }
    # python-docx writes its own name as author of files it makes from its template
    return {key: value.strip() for key, value in found.items() if value and value.strip() and value != "python-docx"}


def _running(document: docx.document.Document) -> str:
    """Return the page headers' text, where letterheads often hold sender, date and diary number."""
    said: dict[str, None] = {}
    for section in document.sections:
        for header in (section.first_page_header, section.header):
            if not header.is_linked_to_previous:
                for part in header._element.iter(f"{_W}p"):
                    text = " ".join("".join(piece.text or "" for piece in part.iter(f"{_W}t")).split())
                    if text:
                        said[text] = None
    return " | ".join(said)
