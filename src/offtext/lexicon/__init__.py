"""Knowledge as data: cue words, document types, themes, abbreviations and public registers.

Every `.toml` entry carries an `example` (a sentence of our own that it must match) and a `source`; every register is a
`.csv` described in `CARD.md`. Loading checks the form once and caches the result.
"""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from offtext.errors import LexiconError


@cache
def load_toml(name: str) -> dict[str, Any]:
    """Return the knowledge file `name`.toml; treat it as read-only, it is shared.

    Raises:
        LexiconError: There is no such file, or it is not TOML.
    """
    try:
        return tomllib.loads((files(__name__) / f"{name}.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LexiconError(f"{name}.toml", "-", "there is no such file") from None
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"{name}.toml", "-", f"not TOML: {error}") from error


@cache
def load_csv(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of the register `name`.csv, empty cells as ''; treat them as read-only, they are shared.

    Raises:
        LexiconError: There is no such file, or a row has another number of cells than the header.
    """
    try:
        content = (files(__name__) / f"{name}.csv").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise LexiconError(f"{name}.csv", "-", "there is no such file") from None
    rows = list(csv.DictReader(content.splitlines()))
    for number, row in enumerate(rows, 2):
        if None in row or None in row.values():
            raise LexiconError(f"{name}.csv", f"line {number}", "another number of cells than the header")
    return tuple(rows)
