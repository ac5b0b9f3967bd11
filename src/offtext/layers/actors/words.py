"""The words of a text with what name finding asks of them: case, block, sentence opening, neighbourhood."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache

from offtext.layout import Layout

LOWER, CAPITAL, CAPITALS = 0, 1, 2
SOFT_HYPHEN = "\xad"


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text as parallel lists, in reading order; addresses and link targets are left out.

    Attributes:
        text: The text.
        start: First character of each word.
        end: End of each word; a hyphen that stands for a shared part (`vård-`) belongs to the word.
        form: The word without soft hyphens.
        low: The same in lower case.
        shape: LOWER, CAPITAL (first letter large) or CAPITALS (two or more letters, all large).
        joined: Whether only white space (or `&`) stands between the word and the one before, in the same block and
            the same column of a text in columns.
        opens: Whether the word opens a sentence, a quotation or a list item, so that its capital says nothing.
        block: Index of the block in the layout, -1 outside all.
    """

    text: str
    start: list[int]
    end: list[int]
    form: list[str]
    low: list[str]
    shape: list[int]
    joined: list[bool]
    opens: list[bool]
    block: list[int]

    def __len__(self) -> int:
        return len(self.start)

    def gap(self, index: int) -> str:
        """Return the characters between the word at `index` and the one before it."""
        return self.text[self.end[index - 1] if index else 0 : self.start[index]]

    def after(self, index: int, length: int = 1) -> str:
        """Return the `length` characters after the word at `index`."""
        return self.text[self.end[index] : self.end[index] + length]


@cache
def _pattern() -> re.Pattern[str]:
    # bounded quantifiers: an address is looked for at every word, and must not cost more than its own length
    address = r"https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w.-]{1,255}|\]\([^()\s]{1,2000}\)"
    return re.compile(
        rf"(?:{address})|([^\W_]+(?:[\xad\u0300-\u036f'’&.-]+(?=[^\W_])[^\W_]+|[\u0300-\u036f]+)*(?:-(?=[\s,]))?)"
    )


def read_words(layout: Layout) -> Words:
    """Split a text into words; linear in its length.

    >>> from offtext.layout import parse
    >>> read_words(parse("Vi, Britt-Marie och Ove.")).form
    ['Vi', 'Britt-Marie', 'och', 'Ove']
    """
    text = layout.text
    start: list[int] = []
    end: list[int] = []
    form: list[str] = []
    for match in _pattern().finditer(text):
        word = match[1]
        if word is None:
            continue
        for part in _parts(word, match.start(1)):
            start.append(part[0])
            end.append(part[1])
            form.append(part[2])
    low = [word.lower() for word in form]
    shape = [_shape(word) for word in form]
    block = _blocks(layout, start)
    joined = [False] * len(start)
    for i in range(1, len(start)):
        gap = text[end[i - 1] : start[i]]
        joined[i] = block[i] == block[i - 1] and (
            gap == " " or (0 < len(gap) < 80 and (gap.isspace() or gap.strip() == "&") and _same_column(gap))
        )
    return Words(text, start, end, form, low, shape, joined, _openings(layout, text, start), block)


def _same_column(gap: str) -> bool:
    """Tell whether white space is only the space between words: a tab or three spaces open another column."""
    breaks = gap.count("\n")
    return breaks == 1 or (breaks == 0 and len(gap.replace("&", "")) < 3 and "\t" not in gap)


def _parts(word: str, at: int) -> list[tuple[int, int, str]]:
    """Split at full stops inside (`slut.Sedan`), and drop soft hyphens of the form."""
    if "." not in word:
        return [(at, at + len(word), word.replace(SOFT_HYPHEN, "") if SOFT_HYPHEN in word else word)]
    return [
        (at + piece.start(), at + piece.end(), piece.group().replace(SOFT_HYPHEN, ""))
        for piece in re.finditer(r"[^.]+", word)
    ]


def _shape(word: str) -> int:
    if not word[0].isupper():
        return LOWER
    return CAPITALS if len(word) > 1 and word.isupper() else CAPITAL


def _blocks(layout: Layout, start: list[int]) -> list[int]:
    block = [-1] * len(start)
    for index, piece in enumerate(layout.blocks):
        for i in range(bisect_left(start, piece.start), bisect_left(start, piece.end)):
            block[i] = index
    return block


def _openings(layout: Layout, text: str, start: list[int]) -> list[bool]:
    opens = [False] * len(start)
    for sentence in layout.sentences:
        first = bisect_left(start, sentence.start)
        if first < len(start) and start[first] < sentence.end:
            opens[first] = True
    for i, at in enumerate(start):
        if not opens[i]:
            before = text[max(0, at - 4) : at].rstrip(" \t*_[")
            opens[i] = not before.strip() or before[-1] in '.!?:–—−•”“»«"|#>' or before.endswith("\n-")
    return opens
