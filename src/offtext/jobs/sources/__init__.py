"""What the arguments of a run mean: a stream of documents to be, in a stable order, each told by its content.

::

    arguments ─ folder ─▶ files ─┬────────────▶ Origin ─ (later, in a worker) load ─▶ Document
                                 ├─ archive ──▶ Origin a member
                                 └─ rows ─────▶ Origin a row

What is wrong with one document is an `Origin` with `error`, which harms nothing but itself.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from offtext.document import Document, Source
from offtext.errors import UnreadableFile
from offtext.jobs.sources.archive import archive_suffix, members, read_member
from offtext.jobs.sources.folder import Found, files_of
from offtext.jobs.sources.handles import close_all
from offtext.jobs.sources.origin import LIST_STAGE, Limits, Origin, reason_of
from offtext.jobs.sources.rows import ROW, changed, read_row, row_origins
from offtext.readers import ROW_SUFFIXES, SUFFIXES, read_bytes, suffix_of

__all__ = ["LIMITS", "LIST_STAGE", "ROW", "Limits", "Origin", "close_all", "expand", "load"]

LIMITS = Limits()
_LARGEST_FILE = 1 << 30  # a document of more than 1 GiB is no document
Known = Callable[[Origin], Sequence[Origin] | None]


def expand(
    arguments: Sequence[str | os.PathLike[str]],
    *,
    text: str = "text",
    id: str | None = None,
    limits: Limits = LIMITS,
    skipped: Counter[str] | None = None,
    known: Known | None = None,
) -> Iterator[Origin]:
    """Yield the documents that arguments stand for: files, folders, globs, archives, tables, saved datasets.

    The order is that of the arguments, in each the code points of the paths, in archives and tables that of their
    members and rows. Every content is read once to tell it by its sha256; nothing but the latest origin is held
    (and the names in the largest single folder, and the list of members of the largest zip).

    Args:
        arguments: Paths and globs.
        text: The column of tables that holds the text.
        id: The column that names their rows.
        limits: What an archive may unpack to.
        skipped: Counts the files and members that no reader knows, by suffix.
        known: Asked with a file as it is now (path, size, time), returns what a former run made of it, or None;
            it saves reading the file.

    Raises:
        UnreadableFile: An argument names nothing; raised at once.
    """
    passed = Counter[str]() if skipped is None else skipped
    files = files_of(arguments, skipped=passed)
    return (origin for found in files for origin in _origins(found, text, id, limits, passed, known))


def load(
    origin: Origin, *, text: str = "text", id: str | None = None, limits: Limits = LIMITS, ocr: bool = False
) -> Document:
    """Read the document that an origin stands for; in a worker, best in the order of the work list.

    Args:
        origin: One of `expand`.
        text: As for `expand`.
        id: As for `expand`.
        limits: As for `expand`.
        ocr: As for `offtext.readers.read`.

    Raises:
        InputError: It cannot be read, or its content is not the one the work list saw.
    """
    origin.check()
    if origin.row is not None:
        return read_row(origin, text=text, id=id)
    content = read_member(origin, limits) if origin.member else _content(origin)
    if hashlib.sha256(content).hexdigest() != origin.fingerprint:
        raise changed(origin)
    document = read_bytes(content, origin.shown_path, ocr=ocr)
    source = Source(path=origin.shown_path, format=document.source.format, sha256=origin.fingerprint)
    return replace(document, id=origin.id, source=source)


def _origins(
    found: Found, text: str, id: str | None, limits: Limits, skipped: Counter[str], known: Known | None
) -> Iterator[Origin]:
    suffix = suffix_of(found.id)
    origin = Origin(id=found.id, path=found.path, kind=SUFFIXES.get(suffix, ""), error=found.error)
    try:
        status = None if found.error else Path(found.path).stat()
    except (OSError, ValueError) as error:
        origin, status = replace(origin, error=f"cannot be opened ({reason_of(error)})"), None
    if status is None:
        yield origin
        return
    origin = replace(origin, size=status.st_size, modified=status.st_mtime_ns)
    before = None if known is None or found.dataset else known(origin)
    if before is not None:
        yield from before
    elif found.dataset or (suffix in ROW_SUFFIXES and status.st_size):
        yield from row_origins(origin, text=text, id=id)
    elif archive_suffix(found.id) and status.st_size:
        yield from members(origin, limits, skipped)
    else:
        yield _hashed(origin)


def _hashed(origin: Origin) -> Origin:
    if not Path(origin.path).is_file():
        return replace(origin, error="not a regular file. Save its content to a file", size=0)
    if not origin.size:
        return replace(origin, error="empty (0 bytes). Fetch it again")
    if origin.size > _LARGEST_FILE:
        return replace(origin, error=f"larger than a document can be ({origin.size >> 20} MB). Split it")
    try:
        with Path(origin.path).open("rb") as stream:
            return replace(origin, fingerprint=hashlib.file_digest(stream, "sha256").hexdigest())
    except OSError as error:
        return replace(origin, error=f"cannot be opened ({reason_of(error)})")


def _content(origin: Origin) -> bytes:
    try:
        if Path(origin.path).stat().st_size > _LARGEST_FILE:
            raise changed(origin)
        return Path(origin.path).read_bytes()
    except OSError as error:
        raise UnreadableFile(origin.shown_path, f"cannot be opened ({reason_of(error)})") from error
