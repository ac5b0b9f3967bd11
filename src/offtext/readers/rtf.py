"""Rich Text Format: the characters; faces and styles are not kept."""

from __future__ import annotations

import re

from striprtf.striprtf import rtf_to_text

from offtext.readers.contract import Content, Raw

_INFO = re.compile(r"\{\\(title|author|subject)\s+([^{}]{1,300})\}")


def read(raw: Raw) -> Content:
    """Return the text, table rows as `| a | b |`, and title, author and subject as properties."""
    source = raw.data.decode("latin-1")
    if not source.rstrip("\x00 \r\n").endswith("}"):
        raise raw.unreadable("cut off: the last bracket is missing", "Fetch it again or save it anew.")
    text: str = rtf_to_text(source, encoding="cp1252", errors="replace")  # type: ignore[no-untyped-call]
    lines = [_row(line) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    properties = {name: _plain(value) for name, value in _INFO.findall(source[:20_000])}
    return Content("\n".join(lines).strip("\n"), properties={k: v for k, v in properties.items() if v})


def _row(line: str) -> str:
    # striprtf ends each cell with a bar
    if line.endswith("|") and line.count("|") > 1:
        return f"| {' | '.join(cell.strip() for cell in line[:-1].split('|'))} |"
    return line.rstrip()


def _plain(value: str) -> str:
    text: str = rtf_to_text(r"{\rtf1\ansi\ansicpg1252 " + value + "}", encoding="cp1252", errors="replace")  # type: ignore[no-untyped-call]
    return text.strip()
