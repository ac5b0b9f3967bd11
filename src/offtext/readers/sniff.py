"""What a file is by its first bytes, whatever its suffix says."""

from __future__ import annotations

import re

# Binary files that are no documents, or that we cannot read: said by name, since 'binary' helps nobody.
_FOREIGN = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a rar archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"SQLite format 3", "an SQLite database"),
    (b"\x7fELF", "a program"),
    (b"ID3", "a sound file"),
)
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html[\s>])", re.I | re.S
)


def sniff(data: bytes) -> str | None:
    """Return the format's name that the bytes themselves tell, or None when they could be any text.

    >>> sniff(b"%PDF-1.7 ..."), sniff(b"Hej!")
    ('pdf', None)
    """
    head = data[:1024]
    if b"%PDF-" in head and not head.startswith((b"From:", b"Received:")):
        return "pdf"
    if head.lstrip().startswith(b"{\\rtf"):
        return "rtf"
    if head.startswith(b"PK\x03\x04"):
        # Names stand uncompressed before each member, so this works for cut-off archives too.
        if b"application/vnd.oasis.opendocument.text" in head:
            return "odt"
        return "docx" if b"word/" in data else None
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "msg" if "__substg1.0_".encode("utf-16-le") in data else None
    if head.startswith(b"PAR1"):
        return "parquet"
    return "html" if _HTML.match(head.removeprefix(b"\xef\xbb\xbf")) else None


def foreign(data: bytes) -> str | None:
    """Return in words what a file is that offtext has no reader for, or None."""
    for magic, name in _FOREIGN:
        if data.startswith(magic):
            return name
    if data.startswith(b"PK\x03\x04"):
        if b"xl/" in data:
            return "an Excel workbook"
        return "a PowerPoint presentation" if b"ppt/" in data else "a zip archive"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        if is_encrypted_office(data):
            return "an encrypted Office file"
        return "a Word 97-2003 document" if "WordDocument".encode("utf-16-le") in data else "an old Office file"
    return None


def is_encrypted_office(data: bytes) -> bool:
    """Tell whether an Office file is locked with a password (it is then wrapped in an OLE container)."""
    return data.startswith(b"\xd0\xcf\x11\xe0") and "EncryptedPackage".encode("utf-16-le") in data
