"""PDF: the text layer in reading order, paragraphs re-joined, running headers and page numbers left out."""

from __future__ import annotations

import itertools
import re
import threading

import pypdfium2
import pypdfium2.raw as pdfium

from offtext.readers.contract import Content, Raw
from offtext.readers.printed import Line, Printed, join_pages
from offtext.readers.running import without_running_lines

_LOCK = threading.Lock()  # PDFium is not made for threads
_HYPHEN = "\ufffe"  # how PDFium writes a hyphen at the end of a line, and the line's end with it
_BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique", re.IGNORECASE)
_LIST_MARK = re.compile(r"[^\w\s]|\(?\w{1,3}[.)]")
_GAP = 2.0  # times the size of type; justified lines stretch their spaces to less
_MOST_PAGES = 5000


def read(raw: Raw) -> Content:
    """Return the text with its page spans; pages that are pictures are read by OCR when asked, else warned of."""
    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(raw.data)
        except pypdfium2.PdfiumError as error:
            if "password" in str(error).lower() or "security" in str(error).lower():
                raise raw.unreadable("encrypted", "Open it with its password and save it without one.") from error
            raise raw.unreadable(f"broken or cut off ({error})", "Fetch it again or save it anew.") from error
        try:
            return _read(raw, document)
        finally:
            document.close()


def _read(raw: Raw, document: pypdfium2.PdfDocument) -> Content:
    warnings: list[str] = []
    if len(document) == 0:
        raise raw.unreadable("a pdf without pages", "Fetch it again or save it anew.")
    pages: list[list[Line]] = []
    heights: list[float] = []
    scanned: list[int] = []
    for index in range(min(len(document), _MOST_PAGES)):
        page = document[index]
        try:
            lines = _lines(page)
            if sum(len(line.text.strip()) for line in lines) < 10 and _has_picture(page):
                if raw.ocr:
                    from offtext.readers.ocr import lines_of_picture

                    lines = lines_of_picture(raw, page, index + 1)
                    warnings.append(f"page {index + 1} read by OCR: expect misread letters")
                else:
                    scanned.append(index + 1)
            pages.append(lines)
            heights.append(page.get_height())
        finally:
            page.close()
    if len(document) > _MOST_PAGES:
        warnings.append(f"only the first {_MOST_PAGES} of {len(document)} pages are read")
    if scanned:
        warnings.append(
            f"{_pages(scanned)} no text layer (scanned?): pip install 'offtext[ocr]', install tesseract with its "
            "Swedish model, and read with ocr=True"
        )
    kept, running = without_running_lines(pages, heights)
    printed: Printed = join_pages(kept)
    properties = _properties(document) | running
    if printed.title:
        properties.setdefault("title", printed.title)
    return Content(printed.text, printed.pages, properties, warnings)


def _pages(numbers: list[int]) -> str:
    if len(numbers) == 1:
        return f"page {numbers[0]} has"
    shown = ", ".join(map(str, numbers[:8])) + (" …" if len(numbers) > 8 else "")
    return f"pages {shown} have"


def _lines(page: pypdfium2.PdfPage) -> list[Line]:
    """Return the lines of a page in the order of its text layer, each with its place, size and face."""
    layer = page.get_textpage()
    try:
        count = layer.count_chars()
        if count <= 0:
            return []
        text = layer.get_text_range(0, count)
        if len(text) != count:  # characters outside the basic plane, or a broken font: one by one
            text = "".join(chr(pdfium.FPDFText_GetUnicode(layer, index) or 0x20) for index in range(count))
        lines: list[Line] = []
        start = 0
        for match in re.finditer(r"\r?\n|\r|[\ufffe\x02]|\Z", text):
            hyphen = match.group() in ("\ufffe", "\x02")
            content = text[start : match.start()] + ("-" if hyphen else "")
            if content.strip():
                lines.append(_line(layer, text, start, match.start(), content, hyphen=hyphen))
            start = match.end()
        return lines
    finally:
        layer.close()


def _line(layer: pypdfium2.PdfTextPage, text: str, start: int, end: int, content: str, *, hyphen: bool) -> Line:
    inked = [index for index in range(start, end) if not text[index].isspace()]
    if not inked:
        return Line(content, 0.0, 0.0, 0.0, 0.0, 0.0)
    first, last, middle = inked[0], inked[-1], inked[len(inked) // 2]
    left, bottom, _, top = layer.get_charbox(first, loose=True)
    _, bottom2, right, top2 = layer.get_charbox(last, loose=True)
    # The first, middle and last letter stand for the line: a bold name in a sentence makes no heading.
    faces = [_font(layer, index) for index in (first, middle, last)]
    size = round(pdfium.FPDFText_GetFontSize(layer, middle) * _scale(layer, middle), 1)
    return Line(
        _with_gaps(layer, text, inked, size, content).replace("\u00ad", ""),
        left,
        right,
        max(top, top2),
        min(bottom, bottom2),
        size,
        bold=all(_BOLD.search(face) for face in faces),
        italic=all(_ITALIC.search(face) for face in faces),
        hyphen=hyphen,
    )


def _with_gaps(layer: pypdfium2.PdfTextPage, text: str, inked: list[int], size: float, content: str) -> str:
    """Put a tab where the gap between two words is wider than any space: cells of a table, tabbed header fields."""
    offset = inked[0] - (len(content) - len(content.lstrip()))
    for before, after in itertools.pairwise(inked):
        if after - before == 1 or (before - inked[0] < 4 and _LIST_MARK.fullmatch(text[inked[0] : before + 1])):
            continue
        if layer.get_charbox(after)[0] - layer.get_charbox(before)[2] > _GAP * max(size, 4):
            at = before + 1 - offset
            content = content[:at] + "\t" + content[at + 1 :]
    return content


def _scale(layer: pypdfium2.PdfTextPage, index: int) -> float:
    # Browsers write text in a font of size 1 or so and scale it by a matrix.
    matrix = pdfium.FS_MATRIX()
    if pdfium.FPDFText_GetMatrix(layer, index, matrix):
        return (matrix.b**2 + matrix.d**2) ** 0.5 or 1.0
    return 1.0


def _font(layer: pypdfium2.PdfTextPage, index: int) -> str:
    import ctypes

    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(layer, index, name, 128, flags)
    return name.value.decode("utf-8", "replace") if length else ""


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    return next(iter(page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=3)), None) is not None


def _properties(document: pypdfium2.PdfDocument) -> dict[str, str]:
    said = document.get_metadata_dict()
    title = re.sub(r"^Microsoft Word\s*-\s*", "", said.get("Title", ""))
    found = {
        "title": "" if re.search(r"\.\w{2,4}$|^(?:untitled|namnlös|dokument\d*)$", title, re.I) else title,
        "author": said.get("Author", ""),
        "subject": said.get("Subject", ""),
        "keywords": said.get("Keywords", ""),
    }
    if match := re.match(r"D?:?(\d{4})(\d{2})(\d{2})", said.get("CreationDate", "")):
        found["created"] = "-".join(match.groups())
    return {
        key: value.strip()
        for key, value in found.items()
        if value.strip() not in ("", "anonymous", "unspecified", "(anonymous)", "(unspecified)")
    }
