"""Small files of every format, made when a test asks for them: each holds `SENTENCES` in this order."""

from __future__ import annotations

import email.message
import io
import struct

TITLE = "Ny förskola i Åstorp"
SENTENCES = (
    "Räksmörgåsarna räckte till alla på mötet.",
    "Öppettiderna ändras, säger Ylva Ås.",
    "É och ü finns också här.",
)


def txt() -> bytes:
    return "\n\n".join((TITLE, *SENTENCES)).encode()


def md() -> bytes:
    return "\n\n".join((f"# {TITLE}", *SENTENCES)).encode()


def html() -> bytes:
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    return f'<!doctype html><html lang="sv"><meta charset="utf-8"><body><main><h1>{TITLE}</h1>{body}</main></body></html>'.encode()


def docx() -> bytes:
    import docx as library

    document = library.Document()
    document.add_heading(TITLE, 1)
    for sentence in SENTENCES:
        document.add_paragraph(sentence)
    return saved(document)


def saved(document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def odt() -> bytes:
    paragraphs = "".join(f'<text:p text:style-name="Standard">{sentence}</text:p>' for sentence in SENTENCES)
    return odt_of(f'<text:h text:outline-level="1">{TITLE}</text:h>{paragraphs}')


def odt_of(body: str, styles: str = "", manifest: str = "<manifest/>") -> bytes:
    import zipfile

    namespaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "text", "style", "table")
    )
    fo = 'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {namespaces} {fo}><office:automatic-styles>{styles}'
        f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return stream.getvalue()


def rtf() -> bytes:
    def escaped(text: str) -> str:
        return "".join(c if c < "\x80" else f"\\'{c.encode('cp1252').hex()}" for c in text)

    body = "".join(f"\\pard {escaped(part)}\\par\n" for part in (TITLE, *SENTENCES))
    return ("{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}" + body + "}").encode("ascii")


def pdf() -> bytes:
    return pdf_of([[TITLE, *SENTENCES]])


def pdf_of(pages, *, size: float = 11, leading: float = 24, encrypt=None) -> bytes:
    """Print lines: a string, or (text, x, y), (text, x, y, font, size); strings go from the top, `leading` apart."""
    from reportlab.pdfgen import canvas

    stream = io.BytesIO()
    sheet = canvas.Canvas(stream, pagesize=(595, 842), invariant=1, encrypt=encrypt)
    for lines in pages:
        y = 740.0
        for line in lines:
            if isinstance(line, str):
                line = (line, 72, y)
                y -= leading
            text, x, at, font, points = (*line, "Helvetica", size)[:5] if len(line) == 3 else line
            sheet.setFont(font, points)
            sheet.drawString(x, at, text)
        sheet.showPage()
    sheet.save()
    return stream.getvalue()


def scanned_pdf(text: str = "") -> bytes:
    """Make a page that is a picture of a page."""
    import pypdfium2
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen import canvas

    with pypdfium2.PdfDocument(pdf_of([[(text, 72, 700, "Helvetica", 20)] if text else [("", 72, 700)]])) as printed:
        picture = printed[0].render(scale=3).to_pil()
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream, pagesize=(595, 842), invariant=1)
    sheet.drawImage(ImageReader(picture), 0, 0, 595, 842)
    sheet.showPage()
    sheet.save()
    return stream.getvalue()


def eml() -> bytes:
    message = email.message.EmailMessage()
    message["From"], message["To"], message["Subject"] = "Ylva Ås <ylva@example.org>", "namnd@example.org", TITLE
    message["Date"] = "Mon, 04 Mar 2024 10:11:00 +0100"
    message.set_content("\n\n".join(SENTENCES))
    return message.as_bytes()


def msg() -> bytes:
    streams = {
        "__substg1.0_0037001F": TITLE.encode("utf-16-le"),
        "__substg1.0_1000001F": "\r\n\r\n".join(SENTENCES).encode("utf-16-le"),
        "__substg1.0_0C1A001F": "Ylva Ås".encode("utf-16-le"),
        "__substg1.0_5D01001F": "ylva@example.org".encode("utf-16-le"),
        "__substg1.0_0E04001F": "Nämnden".encode("utf-16-le"),
        "__properties_version1.0": bytes(32) + struct.pack("<IIQ", 0x00390040, 6, 133540206600000000),
    }
    return ole_of(streams)


def ole_of(streams: dict[str, bytes]) -> bytes:
    """Write an OLE container; streams are padded to 4,096 bytes, below which they would need a stream of their own."""
    streams = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    end, free, fat_mark, sector = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 512
    entries = [("Root Entry", 5, b"")] + [(name, 2, data) for name, data in streams.items()]
    directory_sectors = -(-len(entries) // 4)
    fat = [fat_mark] + [index + 2 for index in range(directory_sectors)]
    fat[-1] = end
    body, directory = b"", b""
    for number, (name, kind, data) in enumerate(entries):
        count = -(-len(data) // sector)
        start = len(fat) if count else end
        if count:
            fat += [len(fat) + step + 1 for step in range(count)]
            fat[-1] = end
            body += data.ljust(count * sector, b"\0")
        # a chain of right siblings is a tree, if not a balanced one
        right = number + 1 if kind == 2 and number + 1 < len(entries) else free
        child = 1 if kind == 5 and len(entries) > 1 else free
        wide = name.encode("utf-16-le")
        directory += wide.ljust(64, b"\0") + struct.pack("<HBBIII", len(wide) + 2, kind, 1, free, right, child)
        directory += bytes(36) + struct.pack("<IQ", start, len(data))
    directory = directory.ljust(directory_sectors * sector, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0) + struct.pack("<I", free) * 108
    return header + struct.pack(f"<{sector // 4}I", *fat, *[free] * (sector // 4 - len(fat))) + directory + body


MAKERS = {maker.__name__: maker for maker in (txt, md, html, docx, odt, rtf, pdf, eml, msg)}
