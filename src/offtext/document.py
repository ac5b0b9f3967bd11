"""What goes in: a text with its source and, for paged files, where the pages lie.

Every offset in offtext is a Unicode character offset into `Document.text`, half-open: `text[start:end]` is the span.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of a text: characters `start` to `end`, half-open.

    >>> span = Span(0, 5)
    >>> span.of("Borås stad")
    'Borås'
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the characters of `text` that this span covers."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Tell whether the two share at least one character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a paged file: its number as counted from 1, and its characters in `Document.text`."""

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text came from.

    Attributes:
        path: The file, as it was named; None for a text given directly.
        format: The reader that read it: 'txt', 'md', 'pdf' …; 'text' for a text given directly.
        row: For rows of jsonl, csv and parquet, the row number from 0.
        sha256: Of the file's bytes, in hexadecimal; None for a text given directly.
    """

    path: str | None = None
    format: str = "text"
    row: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A text to analyse, exactly as it will be counted: nothing in it is normalised later.

    Attributes:
        text: The characters all offsets refer to. Readers keep structure as light Markdown
            (`# heading`, `- item`, `> block quote`), so that the layout survives.
        id: Stable name of the document; the file's path, the row's id column, or a hash of the text.
        source: Where it came from.
        pages: Page spans in order, for paged formats; empty else.
        properties: What the file says of itself: 'title', 'author', 'date', 'subject', 'from', 'to' …
        warnings: What the reader noticed, in words.
        error: Why there is no text, where a row of a table could not be read; None for every other document.

    >>> Document.from_text("Hej!").source.format
    'text'
    """

    text: str
    id: str
    source: Source = Source()
    pages: tuple[Page, ...] = ()
    properties: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    error: str | None = None

    @classmethod
    def from_text(cls, text: str, *, id: str | None = None) -> Document:
        """Make a document of a string; without `id` its name is a hash of the text, the same at every run."""
        return cls(text=text, id=id if id is not None else _name_of(text))

    def page_of(self, offset: int) -> int | None:
        """Return the number of the page that holds the character at `offset`, or None without pages."""
        return next((page.number for page in self.pages if page.start <= offset < page.end), None)


def _name_of(text: str) -> str:
    # surrogatepass: half a surrogate pair may stand in a text, and a text never raises
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
