"""Plain text in any encoding a Swedish archive holds."""

from __future__ import annotations

from offtext.readers.contract import Content, Raw
from offtext.readers.decoding import decode


def read(raw: Raw) -> Content:
    """Return the characters as they stand; only line ends become `\\n`."""  # noqa: D301
    found = decode(raw.data)
    return Content(found.text, properties={"encoding": found.encoding}, warnings=list(found.warnings))
