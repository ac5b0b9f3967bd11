"""The cue groups of `lexicon/layout.toml` as compiled patterns."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from offtext.errors import LexiconError
from offtext.lexicon import load_toml

SPACES = "".join(map(chr, (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B))))
SPACES += "\u2028\u2029\u202f\u205f\u3000" + "\u200b\u200c\u200d\u2060\ufeff\xad"  # the last six have no width
FIELDS = ("date", "diary_number", "sender", "recipient", "subject", "attendance", "other")
DASHES = "–—−―‒‑‐-"
BULLETS = "•·●○▪▫■□◦‣∙*+➢➤►▶➔→✓✔☐☑☒✗❑❖◆\uf0b7\uf0a7\uf0d8\uf076\uf0fc\uf02d\uf0b0"


def group(name: str) -> dict[str, Any]:
    """Return the group `name`, dots between the levels, of the knowledge file."""
    node: Any = load_toml("layout")
    for step in name.split("."):
        try:
            node = node[step]
        except (KeyError, TypeError):
            raise LexiconError("layout.toml", name, "there is no such group") from None
    return dict(node)


@cache
def words(name: str) -> frozenset[str]:
    """Return the words of a group, in lower case."""
    return frozenset(word.lower() for word in group(name)["words"])


@cache
def field_labels() -> dict[str, str]:
    """Return the labels of header fields in lower case, with the field each names."""
    found: dict[str, str] = {}
    for field in reversed(FIELDS):
        found.update(dict.fromkeys(words(f"header_fields.{field}"), field))
    return found


@cache
def pattern(*names: str) -> re.Pattern[str]:
    """Return one pattern that finds what any of the groups says; search with it in a bounded piece of text."""
    return re.compile("|".join(f"(?:{part})" for name in names for part in _parts(name)))


def hits(piece: str, *names: str) -> bool:
    """Tell whether one of the groups says something of this piece of text."""
    anchored, free = _split(names)
    return bool((anchored and anchored.match(piece)) or (free and free.search(piece)))


@cache
def _split(names: tuple[str, ...]) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    # `match` tries an anchored pattern once, `search` would try it at every character
    parts = [part for name in names for part in _parts(name)]
    anchored = [part for part in parts if part.startswith(("^", "(?i:^"))]
    free = [part for part in parts if part not in anchored]
    compiled = ["|".join(f"(?:{part})" for part in some) for some in (anchored, free)]
    return tuple(re.compile(c) if c else None for c in compiled)  # type: ignore[return-value]


def _parts(name: str) -> list[str]:
    entry = group(name)
    if entry["match"] == "regex":
        # a flag may only open a whole pattern: turn it into a scoped one
        return [f"(?i:{p[4:]})" if p.startswith("(?i)") else p for p in entry["patterns"]]
    alternatives = "|".join(re.escape(word) for word in sorted(entry["words"], key=len, reverse=True))
    frame = {
        "words": r"(?i:(?<!\w)(?:{})(?!\w))",
        "line": r"(?i:^\W{{0,6}}(?:{})\W{{0,6}}$)",
        "start": r"(?i:^\W{{0,6}}(?:{})(?!\w))",
    }[entry["match"]]
    return [frame.format(alternatives)]


def names() -> tuple[str, ...]:
    """Return the dotted names of all groups."""
    found: list[str] = []
    for key, node in load_toml("layout").items():
        found += [key] if "match" in node else [f"{key}.{inner}" for inner in node]
    return tuple(found)
