"""An archive on disk: documents in every format that offtext reads, in folders, archives and tables; and broken files."""

from __future__ import annotations

import csv
import email.message
import gzip
import io
import json
import random
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from html import escape
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

from archive_texts import Writer, corpus_texts

IN_A_FOLDER, IN_AN_ARCHIVE, IN_A_TABLE = 200, 500, 2000
SHARE_OF_CORPORA = 4  # every so manieth text comes from the corpora
COPIES = 50  # every so manieth text is a copy of an earlier one
CONTENT_TYPES = """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"
ContentType="application/xml"/><Override PartName="/word/document.xml"
ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
RELATIONS = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="word/document.xml"
Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>"""


class Made(NamedTuple):
    """What an archive holds.

    Attributes:
        documents: Texts that can be read, copies among them.
        broken: Files that cannot.
        odd: Files that are odd and read all the same, or not: told by the run.
        bytes: On disk.
    """

    documents: int
    broken: int
    odd: int
    bytes: int


def paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.split("\n\n") if part.strip()]


def plain(text: str) -> str:
    return text.replace("**", "").replace("## ", "").replace("# ", "")


def html(text: str) -> bytes:
    tags = {"# ": "h1", "##": "h2"}
    body = "".join(
        f"<{tags.get(part[:2], 'p')}>{escape(part.lstrip('# '))}</{tags.get(part[:2], 'p')}>"
        for part in paragraphs(text)
    )
    menu = "".join(f"<li><a href='/{n}'>{name}</a></li>" for n, name in enumerate(("Start", "Bygga och bo", "Kontakt")))
    return f'<!doctype html><html lang="sv"><meta charset="utf-8"><nav><ul>{menu}</ul></nav><main>{body}</main></html>'.encode()


def docx(text: str) -> bytes:
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>'
        for part in paragraphs(plain(text))
        for line in part.split("\n")
    )
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>'
    )
    parts = {"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": RELATIONS, "word/document.xml": document}
    return zipped({name: content.encode() for name, content in parts.items()})


def odt(text: str) -> bytes:
    namespace = "urn:oasis:names:tc:opendocument:xmlns"
    body = "".join(f"<text:p>{escape(part)}</text:p>" for part in paragraphs(plain(text)))
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="{namespace}:office:1.0" '
        f'xmlns:text="{namespace}:text:1.0"><office:body><office:text>{body}</office:text></office:body></office:document-content>'
    )
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": content.encode()})


def rtf(text: str) -> bytes:
    def escaped(part: str) -> str:
        return "".join(c if c < "\x80" else f"\\u{ord(c)}?" for c in part.replace("\n", "\\line "))

    return (
        "{\\rtf1\\ansi " + "".join(f"\\pard {escaped(part)}\\par\n" for part in paragraphs(plain(text))) + "}"
    ).encode()


def eml(text: str) -> bytes:
    message = email.message.EmailMessage()
    message["From"], message["To"] = "registrator@norrtuna.example", "kontakt@regionen.example"
    message["Subject"] = plain(paragraphs(text)[0])[:100].replace("\n", " ")
    message.set_content(plain(text))
    return message.as_bytes()


def pdf(text: str, *, password: str = "") -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.utils import simpleSplit
    from reportlab.pdfgen.canvas import Canvas

    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=A4, encrypt=password or None, invariant=1)
    canvas.setFont("Helvetica", 11)
    y = 780
    for part in paragraphs(plain(text)):
        for line in simpleSplit(part, "Helvetica", 11, 450):
            if y < 60:
                canvas.showPage()
                canvas.setFont("Helvetica", 11)
                y = 780
            canvas.drawString(70, y, line)
            y -= 14
        y -= 10
    canvas.save()
    return stream.getvalue()


def zipped(contents: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), content, method)
    return stream.getvalue()


FILES: dict[str, Callable[[str], bytes]] = {
    "txt": lambda text: plain(text).encode(),
    "md": str.encode,
    "html": html,
    "docx": docx,
    "odt": odt,
    "rtf": rtf,
    "eml": eml,
    "pdf": pdf,
    "cp1252.txt": lambda text: plain(text).encode("cp1252", "replace"),
    "utf16.txt": lambda text: plain(text).encode("utf-16"),
}


def texts(count: int, corpora: Path) -> Iterator[str]:
    """Yield the texts of an archive; a copy now and then."""
    shared = list(corpus_texts(corpora, min(4000, count // SHARE_OF_CORPORA)))
    others = cycle(shared) if shared else None
    for number in range(count):
        if number % COPIES == COPIES - 1:
            yield Writer(number - 7).text()
        elif others is not None and number % SHARE_OF_CORPORA == 1 and number < len(shared) * SHARE_OF_CORPORA:
            yield next(others)
        else:
            yield Writer(number).text()


def make_archive(
    folder: Path, count: int, *, corpora: Path, line_mb: int, plan_pages: int, broken: bool = True
) -> Made:
    """Fill a folder with `count` documents and the broken files.

    Args:
        folder: Made anew.
        count: Documents, copies among them.
        corpora: A folder of gzipped JSON lines with texts, used when it is there.
        line_mb: The size of the file of one line.
        plan_pages: The pages of the longest document, which comes on top of `count`.
        broken: Whether to add the broken and the odd files.
    """
    source = texts(count, corpora)
    files, archived = count * 4 // 10, count * 25 // 100
    formats = cycle(FILES.items())
    for number, text in enumerate(islice(source, files)):
        suffix, make = next(formats)
        put(folder / "filer" / f"{number // IN_A_FOLDER:04}" / f"handling {number:07}.{suffix}", make(text))
    for start in range(0, archived, IN_AN_ARCHIVE):
        members = {}
        for number, text in enumerate(islice(source, min(IN_AN_ARCHIVE, archived - start)), start):
            suffix, make = next(formats)
            members[f"ärende {number // 20}/bilaga {number}.{suffix}"] = make(text)
        if start // IN_AN_ARCHIVE % 2:
            put(folder / "arkiv" / f"{start:07}.tar.gz", tarred(members))
        else:
            put(folder / "arkiv" / f"{start:07}.zip", zipped(members))
    kinds = cycle(("jsonl", "csv", "parquet", "jsonl.gz"))
    left = list(range(files + archived, count))
    for start in range(0, len(left), IN_A_TABLE):
        rows = [
            {"text": text, "nr": number} for number, text in zip(left[start : start + IN_A_TABLE], source, strict=False)
        ]
        put_table(folder / "tabeller" / f"{start:07}.{next(kinds)}", rows)
    put(folder / "planer" / "översiktsplan.md", Writer(-1).long_plan(plan_pages).encode())
    bad, odd = (broken_files(line_mb), odd_files()) if broken else ({}, {})
    for name, content in {**bad, **odd}.items():
        put(folder / "trasigt" / name, content)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Made(count + 1, len(bad), len(odd), size)


def broken_files(line_mb: int) -> dict[str, bytes]:
    """Return files of which each must become a row of 'errors', or be read with a warning, and harm nothing else."""
    text = Writer(-2).text()
    locked = bytearray(zipped({"hemlig.txt": b"ord"}))
    locked[locked.rindex(b"PK\x01\x02") + 8] |= 1
    return {
        "avkapad.docx": docx(text)[:-400],
        "låst.pdf": pdf(text, password="lösen"),
        "låst.zip": bytes(locked),
        "bomb.zip": zipped({"bomb.txt": bytes(64 << 20)}),
        "bomb.docx": zipped({"[Content_Types].xml": CONTENT_TYPES.encode(), "word/document.xml": b" " * (400 << 20)}),
        "tom.txt": b"",
        "program.txt": random.Random(1).randbytes(50_000),
        "bild.pdf": b"\x89PNG\r\n\x1a\n" + random.Random(2).randbytes(5000),
        "avkapad.tar.gz": tarred({f"{n}.txt": random.Random(n).randbytes(9000) for n in range(3)})[:9000],
        "utan kolumn.jsonl": b'{"rubrik": "hej"}\n',
        "rad på rad.txt": b"Kommunen och regionen samverkar om v\xc3\xa5rd. " * (line_mb * 1024 * 1024 // 44),
    }


def odd_files() -> dict[str, bytes]:
    """Return files that are odd but can be read."""
    text = Writer(-3).text()
    return {
        "fel ändelse.txt": docx(text),
        "fel ändelse.docx": pdf(text),
        "ogiltig utf-8.txt": plain(text).encode() + b" \xff\xfe\x80 slut.",
        "styrtecken.txt": ("\x01\x02" + text).encode(),
        "utan slut.html": b"<html><body>" + b"<div>" * 3000 + b"<p>Hej",
    }


def tarred(contents: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with gzip.GzipFile(fileobj=stream, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for name, content in contents.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def put_table(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.Table.from_pylist(rows), path)
    elif path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, ["text", "nr"])
            writer.writeheader()
            writer.writerows(rows)
    else:
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
        path.write_bytes(gzip.compress(lines, mtime=0) if path.suffix == ".gz" else lines)
