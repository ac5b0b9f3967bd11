"""From files to documents: text, Markdown, web pages, office files, PDF, mail, and rows of tables.

::

    path ─ sniff ─▶ format ─▶ module of this package ─▶ Content ─▶ Document

Files are untrusted: no reader opens a connection, follows an entity or runs anything, and archives are unpacked
within bounds. All that can go wrong is an `InputError`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from offtext.document import Document, Page, Source
from offtext.errors import OfftextError, UnknownFormat, UnknownName, UnreadableFile
from offtext.readers.contract import Content, Raw
from offtext.readers.decoding import looks_binary, mojibake, repair
from offtext.readers.formats import FORMATS, ROW_FORMATS, ROW_SUFFIXES, SUFFIXES, Format, suffix_of
from offtext.readers.sniff import foreign, is_encrypted_office, sniff

__all__ = [
    "FORMATS",
    "ROW_FORMATS",
    "ROW_SUFFIXES",
    "SUFFIXES",
    "Format",
    "read",
    "read_bytes",
    "read_rows",
    "suffix_of",
]

_LARGEST = 1 << 30  # a document of more than 1 GiB is no document
_TEXTUAL = ("txt", "md", "html", "eml")


def read(
    path: str | os.PathLike[str], *, format: str | None = None, ocr: bool = False, repair_mojibake: bool = False
) -> Document:
    """Read one file as a document.

    The format is told by the suffix; where the first bytes say otherwise (a pdf named `.txt`) they are believed
    and the document carries a warning.

    Args:
        path: The file.
        format: A name of `FORMATS`, to read the file as that whatever it is called.
        ocr: Read pages without a text layer with an installed tesseract and its Swedish model.
        repair_mojibake: Turn `Ã¥` back into `å`; without it such text is only warned of.

    Raises:
        UnknownFormat: No reader for this suffix.
        UnreadableFile: Missing, a folder, empty, encrypted, broken, or too large.
        MissingExtra: A library for this format is not installed.
    """
    name = Path(path).as_posix()
    if format is not None and format not in FORMATS:
        raise UnknownName("format", format, FORMATS)
    data = _bytes_of(Path(path), name)
    return read_bytes(data, name, format=format, ocr=ocr, repair_mojibake=repair_mojibake)


def read_bytes(
    data: bytes, name: str, *, format: str | None = None, ocr: bool = False, repair_mojibake: bool = False
) -> Document:
    """Read a file's content as a document: for members of archives and content from elsewhere.

    Args:
        data: All of it.
        name: Its name, with the suffix; it becomes the document's id and source.
        format: As for `read`.
        ocr: As for `read`.
        repair_mojibake: As for `read`.

    Raises:
        UnknownFormat: No reader for this suffix.
        UnreadableFile: Empty, encrypted or broken.
        MissingExtra: A library for this format is not installed.

    >>> read_bytes("Hej på dig!".encode(), "brev.txt").text
    'Hej på dig!'
    """
    if format is not None and format not in FORMATS:
        raise UnknownName("format", format, FORMATS)
    if not data:
        raise UnreadableFile(name, "empty (0 bytes)", "Fetch it again.")
    raw = Raw(name, data, ocr)
    kind, warnings = _kind(raw, format)
    if kind in _TEXTUAL and looks_binary(raw.data):
        raise raw.unreadable("binary, of no known format", "Open it with the program that made it and save it as pdf.")
    try:
        content = FORMATS[kind].reader().read(raw)
    except OfftextError:
        raise
    except Exception as error:  # the libraries raise whatever they like on broken files
        detail = f"{type(error).__name__}: {str(error)[:200]}" if str(error) else type(error).__name__
        raise raw.unreadable(
            f"broken, or not {FORMATS[kind].label} ({detail})",
            "Open it with the program that made it and save it again.",
        ) from error
    warnings += content.warnings
    _check_mojibake(content, warnings, wanted=repair_mojibake)
    if not content.text.strip() and not any("text layer" in warning for warning in warnings):
        warnings.append("no text in the file")
    return Document(
        text=content.text,
        id=name,
        source=Source(path=name, format=kind, sha256=hashlib.sha256(raw.data).hexdigest()),
        pages=content.pages,
        properties=content.properties,
        warnings=tuple(warnings),
    )


def read_rows(path: str | os.PathLike[str], *, text: str = "text", id: str | None = None) -> Iterator[Document]:
    """Read each row of a jsonl, csv or parquet file as a document, one at a time.

    The other columns with short values become properties. A row that cannot be read is an empty document with
    its `error` set, so that the rest of the file is not lost.

    Args:
        path: The file; jsonl and csv may be gzipped.
        text: The column that holds the text.
        id: The column that holds a stable name; without it a document is called `path#row`.

    Raises:
        UnknownFormat: The suffix is none of `ROW_FORMATS`.
        UnreadableFile: Missing, empty, broken, or without these columns.
    """
    from offtext.readers.rows import documents_of

    return documents_of(path, text=text, id=id)


def _bytes_of(path: Path, name: str) -> bytes:
    try:
        if path.is_dir():
            raise UnreadableFile(name, "a folder, not a file", "Name the files in it.")
        if not path.exists():
            raise UnreadableFile(name, "no such file", "Check the path.")
        if not path.is_file():
            raise UnreadableFile(name, "not a regular file", "Save its content to a file.")
        size = path.stat().st_size
        if size > _LARGEST:
            raise UnreadableFile(name, f"larger than a document can be ({size >> 20} MB)", "Split it.")
        return path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        raise UnreadableFile(name, f"cannot be opened ({error})", "Check the path and its permissions.") from error


def _kind(raw: Raw, format: str | None) -> tuple[str, list[str]]:
    """Choose the reader by what was asked for, the bytes, the suffix; with a warning where the last two differ."""
    if format is not None:
        return format, []
    suffix = suffix_of(raw.path)
    by_suffix, by_bytes = SUFFIXES.get(suffix), sniff(raw.data)
    if suffix in ROW_SUFFIXES or by_bytes == "parquet":
        raise raw.unreadable("holds rows, not one document", "Read it with offtext.readers.read_rows.")
    if by_bytes in FORMATS and by_bytes is not None:
        # A page saved as Markdown or a mail that begins with html is what its suffix says.
        if by_bytes == by_suffix or (by_bytes == "html" and by_suffix in ("md", "eml")):
            return by_suffix, []
        return by_bytes, [f"named '{suffix}' but its bytes are {FORMATS[by_bytes].label}; read as {by_bytes}"]
    if is_encrypted_office(raw.data):
        raise raw.unreadable("encrypted", "Open it with its password and save it without one.")
    if by_suffix is None:
        raise UnknownFormat(raw.path, suffix, SUFFIXES)
    other = foreign(raw.data)
    if other and not (by_suffix in ("docx", "odt") and other == "a zip archive"):
        raise raw.unreadable(f"{other}, not {FORMATS[by_suffix].label}", "Convert it to pdf or docx.")
    return by_suffix, []


def _check_mojibake(content: Content, warnings: list[str], *, wanted: bool) -> None:
    found = mojibake(content.text)
    if not found:
        return
    if not wanted:
        warnings.append(f"mojibake in {found} places ('Ã¥' for 'å'): read with repair_mojibake=True to mend it")
        return
    if not content.pages:
        content.text = repair(content.text)
    else:
        # Page by page, so that the page spans follow; they cover the text without gaps.
        pages, mended, start = [], [], 0
        for page in content.pages:
            mended.append(repair(content.text[page.start : page.end]))
            pages.append(Page(page.number, start, start + len(mended[-1])))
            start += len(mended[-1])
        content.text, content.pages = "".join(mended), tuple(pages)
    content.properties = {key: repair(value) for key, value in content.properties.items()}
    warnings.append(f"mojibake repaired: {found} places")
