"""What a reader gets and gives: the one page to read before adding a format."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from offtext.document import Page
from offtext.errors import UnreadableFile


@dataclass(frozen=True, slots=True)
class Raw:
    """A file's bytes on their way to a reader.

    Attributes:
        path: The file as it was named, for messages.
        data: All of it; never empty.
        ocr: Whether pages without text may be read by an installed tesseract.
    """

    path: str
    data: bytes
    ocr: bool = False

    def unreadable(self, reason: str, advice: str = "") -> UnreadableFile:
        """Return the error to raise when this file cannot be read."""
        return UnreadableFile(self.path, reason, advice)


@dataclass(slots=True)
class Content:
    """What a reader found: the same fields as in `Document`."""

    text: str
    pages: tuple[Page, ...] = ()
    properties: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


class Reader(Protocol):
    """A module of this package that reads one format."""

    def read(self, raw: Raw) -> Content:
        """Return what the file says; any exception is turned into `UnreadableFile` by the caller."""
