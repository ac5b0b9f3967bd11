"""Members of zip and tar archives: listed once, then read one by one where they lie, never unpacked to disk.

Archives are untrusted. A member that is encrypted, too large, packed too tightly, no regular file, or an archive
itself is an error of its own; an archive that breaks off is one after the members before the break. Names in archives
serve as ids alone, so that one like `../../x` leads nowhere.
"""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, cast

from offtext.errors import UnreadableFile
from offtext.jobs.sources.handles import kept
from offtext.jobs.sources.origin import Limits, Origin, decoded, readable, reason_of
from offtext.jobs.sources.packed import Unpacked, unpacked
from offtext.readers import ROW_SUFFIXES, SUFFIXES, suffix_of

_TAR_SUFFIXES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
ARCHIVE_SUFFIXES = (".zip", *_TAR_SUFFIXES)
_OTHER_ARCHIVES = (".7z", ".rar", ".gz", ".bz2", ".xz")
_CHUNK = 1 << 20
_LARGEST_HEADER = 16 << 20  # tar headers of long names and attributes; beyond this somebody means harm
_HEADER = struct.Struct("<4s5H3I2H")  # of a member of a zip, before its name
_UTF8_NAME, _ENCRYPTED = 0x800, 0x1


def archive_suffix(name: str) -> str:
    """Return the suffix that makes a name that of an archive, '' for another name.

    >>> archive_suffix("Arkiv 2023.TAR.GZ"), archive_suffix("brev.docx")
    ('.tar.gz', '')
    """
    name = name.lower()
    return next((suffix for suffix in ARCHIVE_SUFFIXES if name.endswith(suffix)), "")


def members(origin: Origin, limits: Limits, skipped: Counter[str]) -> Iterator[Origin]:
    """Yield the documents in an archive, in the order they lie there.

    Args:
        origin: The archive's own: its id, path and time.
        limits: What it may unpack to.
        skipped: Counts the members passed over, by suffix.
    """
    listing = _zip_members if archive_suffix(origin.path) == ".zip" else _tar_members
    try:
        yield from listing(origin, limits, skipped)
    except Exception as error:  # the libraries raise whatever they like on broken archives
        broken = f"a broken archive, or cut off ({reason_of(error)})"
        yield replace(origin, error=error.reason if isinstance(error, UnreadableFile) else broken)


def read_member(origin: Origin, limits: Limits) -> bytes:
    """Return the bytes of a member; the archive's list of members is not read again.

    Raises:
        UnreadableFile: The archive is broken or not what it was.
    """
    try:
        if archive_suffix(origin.path) == ".zip":
            return _zip_content(origin, limits)
        if archive_suffix(origin.path) == ".tar":
            with unpacked(Path(origin.path)) as stream:
                stream.seek(origin.place)
                return stream.read(min(origin.size, limits.member_bytes))
        packed = kept(origin.path, lambda: Unpacked(Path(origin.path)))
        return packed.read(origin.place, min(origin.size, limits.member_bytes))
    except Exception as error:
        raise UnreadableFile(origin.shown_path, f"broken in its archive ({reason_of(error)})") from error


def _member(origin: Origin, name: str, shown: str, size: int, place: int) -> Origin:
    return replace(
        origin,
        id=f"{origin.id}!{shown}",
        kind=SUFFIXES.get(suffix_of(shown), ""),
        member=name,
        size=size,
        place=place,
    )


def _wanted(shown: str, skipped: Counter[str]) -> bool:
    parts = shown.split("/")
    suffix = suffix_of(shown)
    if any(part.startswith((".", "~$")) and part not in (".", "..") for part in parts) or parts[0] == "__MACOSX":
        return False
    if suffix in SUFFIXES or suffix in ROW_SUFFIXES or archive_suffix(shown) or suffix in _OTHER_ARCHIVES:
        return True
    skipped[suffix] += 1
    return False


def _against(shown: str) -> str:
    """Say why a member of this name is not read, or '' when it is."""
    if suffix_of(shown) in ROW_SUFFIXES:
        return "a table inside an archive. Unpack the archive to have its rows read"
    if archive_suffix(shown) or suffix_of(shown) in _OTHER_ARCHIVES:
        return "an archive inside an archive. Unpack the outer one"
    return ""


def _too_much(size: int, packed: int, limits: Limits) -> str:
    if max(size, packed) > limits.member_bytes:
        return f"unpacks to {size >> 20} MB, more than a document does. Do not trust it; if it is honest, unpack it"
    if size > limits.small_bytes and size > packed * limits.ratio:
        return f"unpacks from {packed >> 10} kB to {size >> 20} MB (a zip bomb?). Do not trust it"
    return ""


def _zip_members(origin: Origin, limits: Limits, skipped: Counter[str]) -> Iterator[Origin]:
    with zipfile.ZipFile(origin.path) as archive:
        infos = archive.infolist()
        if sum(info.compress_size for info in infos) > origin.size:
            raise UnreadableFile(origin.path, "a zip whose members overlap (a zip bomb?). Do not trust it")
        total = 0
        for info in infos:
            shown = readable(_zip_name(info)).replace("\\", "/")
            if info.is_dir() or not _wanted(shown, skipped):
                continue
            found = replace(
                _member(origin, info.filename, shown, info.file_size, info.header_offset), packed=info.compress_size
            )
            total += info.file_size
            if total > limits.total_bytes:
                raise UnreadableFile(origin.path, f"unpacks to more than {limits.total_bytes >> 20} MB in all")
            error = _against(shown) or _zip_error(info) or _too_much(info.file_size, info.compress_size, limits)
            yield replace(found, error=error) if error else _hashed(found, limits)


def _zip_error(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _ENCRYPTED:
        return "encrypted. Unpack it with its password"
    mode = info.external_attr >> 16
    if info.create_system == 3 and mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return "a link or a device, no file"
    return ""


def _zip_name(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _UTF8_NAME:
        return info.filename
    try:
        return decoded(info.orig_filename.encode("cp437"), first="cp437").partition("\0")[0]
    except UnicodeEncodeError:
        return info.filename


def _hashed(found: Origin, limits: Limits) -> Origin:
    try:
        content = read_member(found, limits)
    except UnreadableFile as error:
        return replace(found, error=reason_of(error))
    return replace(found, fingerprint=hashlib.sha256(content).hexdigest())


def _zip_content(origin: Origin, limits: Limits) -> bytes:
    with Path(origin.path).open("rb") as stream:
        stream.seek(origin.place)
        mark, _, flags, method, _, _, _, _, _, name, extra = _HEADER.unpack(stream.read(_HEADER.size))
        if mark != b"PK\x03\x04" or flags & _ENCRYPTED:
            raise ValueError("there is no member where one should be")
        stream.seek(name + extra, os.SEEK_CUR)
        if method == zipfile.ZIP_STORED:
            content = stream.read(min(origin.packed, limits.member_bytes))
        elif method == zipfile.ZIP_DEFLATED:
            packed = stream.read(origin.packed)
            content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, origin.size + 1)
        else:
            with zipfile.ZipFile(origin.path) as archive, archive.open(origin.member) as member:
                content = member.read(origin.size + 1)
    if len(content) != origin.size:
        raise ValueError(f"{len(content)} bytes where its header says {origin.size}")
    return content


def _tar_members(origin: Origin, limits: Limits, skipped: Counter[str]) -> Iterator[Origin]:
    stream = unpacked(Path(origin.path))
    most = limits.total_bytes
    if (
        archive_suffix(origin.path) != ".tar"
    ):  # a packed tar is judged as a whole: its members have no size of their own
        most = min(most, max(limits.small_bytes, origin.size * limits.ratio))
    with stream, tarfile.TarFile(fileobj=cast(IO[bytes], _Careful(stream)), mode="r", encoding="utf-8") as archive:
        while (info := archive.next()) is not None:
            archive.members.clear()  # type: ignore[attr-defined]  # tarfile would remember every header
            if info.offset_data + info.size > most:
                reason = f"unpacks to more than {most >> 20} MB in all (a zip bomb?). Do not trust it"
                raise UnreadableFile(origin.path, reason)
            shown = readable(decoded(info.name.encode("utf-8", "surrogateescape"))).removeprefix("./")
            if info.isdir():
                continue
            found = _member(origin, info.name, shown, info.size, info.offset_data)
            if info.ischr() or info.isblk() or info.isfifo():
                yield replace(found, error="a device or a pipe, no file", size=0)
            elif _wanted(shown, skipped):
                yield _tar_member(found, info, stream, limits)
        stream.seek(archive.offset)
        if stream.read(tarfile.BLOCKSIZE).strip(b"\0"):  # tarfile takes a broken header for the end
            raise ValueError("a broken header after the last member")


def _tar_member(found: Origin, info: tarfile.TarInfo, stream: IO[bytes], limits: Limits) -> Origin:
    error = _against(found.member)
    if info.issym() or info.islnk():
        error = f"a link to {readable(info.linkname)}, no file"
    elif info.issparse():
        error = "a sparse file. Unpack the archive"
    elif info.size > limits.member_bytes:
        error = _too_much(info.size, info.size, limits)
    if error:
        return replace(found, error=error)
    stream.seek(found.place)
    digest, left = hashlib.sha256(), found.size
    while left and (chunk := stream.read(min(left, _CHUNK))):
        digest.update(chunk)
        left -= len(chunk)
    if left:
        raise EOFError(f"it ends {left} bytes too early, in {readable(info.name)}")
    return replace(found, fingerprint=digest.hexdigest())


class _Careful:
    """A stream for tarfile that refuses the long reads with which a hostile header would fill the memory."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.seek, self.tell, self.close = stream.seek, stream.tell, stream.close

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _LARGEST_HEADER:
            raise ValueError("a header of more than is honest")
        return self._stream.read(size)
