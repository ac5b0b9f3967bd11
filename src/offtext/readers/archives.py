"""Opening office files, which are zip archives of XML, within bounds."""

from __future__ import annotations

import io
import zipfile

from lxml import etree

from offtext.readers.contract import Raw

LARGEST = 200 << 20  # bytes unpacked; a thousand-page report takes some ten megabytes
_RATIO = 300  # XML shrinks ten to fifty times; beyond this somebody means harm
_SMALL = 1 << 20  # below this no ratio is dangerous


def open_archive(raw: Raw) -> zipfile.ZipFile:
    """Return the archive after checking that it would not unpack into more than it should.

    Raises:
        UnreadableFile: No archive, cut off, encrypted, or a zip bomb.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw.data))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise raw.unreadable(f"broken or cut off ({error})", "Fetch it again or save it anew.") from error
    total = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if total > LARGEST or (total > _SMALL and total / packed > _RATIO):
        raise raw.unreadable(
            f"unpacks from {len(raw.data) >> 10} kB to {total >> 20} MB, more than a document does (a zip bomb?)",
            "Do not trust it; if it is honest, save it anew.",
        )
    if any(member.flag_bits & 1 for member in members):
        raise raw.unreadable("encrypted", "Open it with its password and save it without one.")
    return archive


def member(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """Return a member's bytes, at most `LARGEST` of them whatever its header claims; None without such a member."""
    try:
        with archive.open(name) as stream:
            data = stream.read(LARGEST + 1)
    except KeyError:
        return None
    if len(data) > LARGEST:
        raise ValueError(f"{name} is larger than its header says")
    return data


def xml(data: bytes) -> etree._Element:
    """Parse untrusted XML: no entities, no network, no document type."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False)
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("declares a document type, which office files never do")
    return root
