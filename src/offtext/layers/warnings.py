"""What is odd about a text, in words: the layers read it all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from offtext.layout import Layout
from offtext.lexicon import load_toml

_WORD = re.compile(r"[^\W\d_]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")

LEAST_WORDS = 40  # fewer do not tell a language
LEAST_SHARE = 0.02  # of the words; the lexicon entry says how the two sides were measured
LOOKED_AT = 20_000  # characters: enough to tell, and a long text costs no more


def find_warnings(layout: Layout) -> tuple[str, ...]:
    """Say what a reader of the results should know about the text; empty for an ordinary one.

    >>> from offtext.layout import parse
    >>> find_warnings(parse(""))
    ('the text is empty',)
    """
    return tuple(_warnings(layout.text))


def _warnings(text: str) -> Iterator[str]:
    if not text.strip():
        yield "the text is empty"
        return
    if _SURROGATE.search(text):
        yield "half surrogate pairs in the text: it was decoded wrongly or cut inside a character"
    if controls := len(_CONTROL.findall(text)):
        yield f"{controls} control characters in the text"
    words = [word.lower() for word in _WORD.findall(text[:LOOKED_AT])]
    if not words:
        yield "no words in the text"
    elif len(words) >= LEAST_WORDS and not _is_swedish(words):
        yield "the text does not look Swedish; the layers are made for Swedish"


def _is_swedish(words: list[str]) -> bool:
    swedish = _swedish_words()
    return sum(word in swedish for word in words) / len(words) >= LEAST_SHARE


@cache
def _swedish_words() -> frozenset[str]:
    return frozenset(load_toml("warnings")["swedish"]["words"])
