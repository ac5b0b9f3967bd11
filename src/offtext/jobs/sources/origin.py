"""Where one document of a run comes from: small, told apart by its content, and opened later by a worker."""

from __future__ import annotations

import re
from dataclasses import dataclass

from offtext.errors import UnreadableFile
from offtext.readers.decoding import letter_evidence

LIST_STAGE = "list"
"""The stage of an error that was found while the work list was made."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may unpack to before it is taken for an attack; nothing is ever unpacked to disk.

    Attributes:
        member_bytes: The largest member.
        total_bytes: All members of one archive.
        ratio: Bytes unpacked for a byte on disk. Texts shrink three to fifty times.
        small_bytes: Below this size no ratio is dangerous.
    """

    member_bytes: int = 512 << 20
    total_bytes: int = 256 << 30
    ratio: int = 300
    small_bytes: int = 1 << 20


@dataclass(frozen=True, slots=True)
class Origin:
    """One document to be: a file, a member of an archive or a row of a table.

    Attributes:
        id: Its name in every table, the same at every run: the path with `/`, `archive.zip!member.docx`,
            `table.jsonl#row`.
        path: The file to open, or the folder of a saved dataset. Undecodable bytes of its name are kept, as
            `os.fsencode` gives them back.
        kind: The reader its suffix announces ('txt', 'pdf' …, '' for none), or 'row'.
        member: The member's name as the archive has it; '' for what is no member.
        row: The row's number from 0; None for what is no row.
        place: Where to begin to read: the byte of a member or row in its (unpacked) file; -1 for a file.
        size: Bytes of the content; for a row, of its text.
        packed: Bytes that a member of a zip takes there.
        modified: When the file was last changed, in nanoseconds since 1970.
        fingerprint: sha256 of the content: of the bytes, or of a row's text. '' where it cannot be read.
        columns: sha256 of a row's other columns, which tell of the document too; '' for what is no row.
        error: Why it cannot be read, in words; '' where nothing is known against it.
        duplicate_of: The id of the first origin of the run with this content and kind; '' for a first one.
    """

    id: str
    path: str
    kind: str = ""
    member: str = ""
    row: int | None = None
    place: int = -1
    size: int = 0
    packed: int = 0
    modified: int = 0
    fingerprint: str = ""
    columns: str = ""
    error: str = ""
    duplicate_of: str = ""

    @property
    def shown_path(self) -> str:
        """The path for people: what cannot be decoded is read as the encoding it looks like."""
        path = readable(self.path)
        return f"{path}!{readable(self.member)}" if self.member else path

    def check(self) -> None:
        """Raise `UnreadableFile` when the work list already knows that this cannot be read."""
        if self.error:
            raise UnreadableFile(self.shown_path, self.error)


def reason_of(error: Exception) -> str:
    """Return an error's words as an origin holds them: without the path and without the last full stop."""
    if isinstance(error, UnreadableFile):
        return f"{error.reason}. {error.advice}".strip().rstrip(".")
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"{type(error).__name__}: {error}".removesuffix(": ")


def readable(name: str) -> str:
    r"""Return a name of a file as it can be shown, stored and compared: decoded, and without control characters.

    >>> readable("Protokoll f\udcf6r mars.txt"), readable("a\nb")
    ('Protokoll för mars.txt', 'a\ufffdb')
    """
    try:
        name.encode()
    except UnicodeEncodeError:
        name = decoded(name.encode("utf-8", "surrogateescape" if _escaped(name) else "replace"))
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", "\ufffd", name)


def decoded(name: bytes, *, first: str = "cp1252") -> str:
    """Return the characters of a file name that is strict UTF-8, or else in the encoding it looks like.

    Args:
        name: The bytes, as an archive or the file system has them.
        first: The encoding to believe when none looks more Swedish than another.

    >>> decoded("Överenskommelse.pdf".encode("cp850")), decoded("Bilaga å.pdf".encode("latin-1"), first="cp437")
    ('Överenskommelse.pdf', 'Bilaga å.pdf')
    """
    try:
        return name.decode()
    except UnicodeDecodeError:
        candidates = dict.fromkeys((first, "cp1252", "cp850", "mac_roman"))
        return max((name.decode(codec, "replace") for codec in candidates), key=_likeness)


def _likeness(name: str) -> tuple[int, int]:
    swedish = sum(letter in "åäöÅÄÖéÉüÜ" for letter in name)
    others = sum(letter > "\x7f" for letter in name) - swedish
    return letter_evidence(name), swedish - others


def _escaped(name: str) -> bool:
    return all("\udc80" <= letter <= "\udcff" for letter in name if "\ud800" <= letter <= "\udfff")
