"""The shape of a text: blocks in reading order and the sentences inside them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

BLOCK_KINDS = (
    "title",  # the document's own title
    "heading",  # a heading inside the document
    "header_field",  # date, diary number, sender, recipient …: `field` says which
    "paragraph",  # running text
    "list_item",  # bullet or numbered item
    "question",  # interview turn of the one who asks
    "answer",  # interview turn of the one who answers (not a dash paragraph)
    "quotation_line",  # paragraph that opens with a dash (or a bullet used as one) before speech
    "block_quote",  # `>` or <blockquote>; a pull quote too
    "caption",  # text under a picture, photo credit
    "signature",  # closing formula, names and titles under a letter or an article
    "table_row",  # one row of a table
    "boilerplate",  # menus, cookie lines, breadcrumbs, link lists, press contacts' phone lines
)


@dataclass(frozen=True, slots=True)
class Block:
    """One block of a text.

    Attributes:
        kind: One of `BLOCK_KINDS`.
        start: First character, white space around the block left out.
        end: End of the block.
        content_start: First character after the marker (`# `, `- `, `– `, `> `, `**`, `Dnr:`).
        content_end: End of the content, before a closing marker (`**`, `_`).
        level: Depth of a heading or a list item from 1; 0 elsewhere.
        field: For `header_field`: 'date', 'diary_number', 'sender', 'recipient', 'subject', 'attendance', 'other'.
    """

    kind: str
    start: int
    end: int
    content_start: int
    content_end: int
    level: int = 0
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, heading or list item: characters `start` to `end` without marker, and its block's index.

    A sentence never crosses a block; its span excludes a leading dash, bullet or heading sign.
    """

    start: int
    end: int
    block: int


@dataclass(frozen=True)
class Layout:
    """A text with its blocks and sentences, both in reading order and without overlap."""

    text: str
    blocks: tuple[Block, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    warnings: tuple[str, ...] = field(default=())

    @cached_property
    def _block_starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def block_index_at(self, offset: int) -> int | None:
        """Return the index of the block that holds the character at `offset`, or None between blocks."""
        index = bisect_right(self._block_starts, offset) - 1
        return index if index >= 0 and offset < self.blocks[index].end else None

    def block_at(self, offset: int) -> Block | None:
        """Return the block that holds the character at `offset`, or None between blocks."""
        index = self.block_index_at(offset)
        return None if index is None else self.blocks[index]

    def sentence_index_at(self, offset: int) -> int | None:
        """Return the index of the sentence that holds the character at `offset`, or None between sentences."""
        index = bisect_right(self._sentence_starts, offset) - 1
        return index if index >= 0 and offset < self.sentences[index].end else None

    def sentence_at(self, offset: int) -> Sentence | None:
        """Return the sentence that holds the character at `offset`, or None between sentences."""
        index = self.sentence_index_at(offset)
        return None if index is None else self.sentences[index]

    def sentences_of(self, block: int) -> tuple[Sentence, ...]:
        """Return the sentences of the block with index `block`."""
        return tuple(self._sentences_by_block.get(block, ()))

    @cached_property
    def _sentences_by_block(self) -> dict[int, list[Sentence]]:
        grouped: dict[int, list[Sentence]] = {}
        for sentence in self.sentences:
            grouped.setdefault(sentence.block, []).append(sentence)
        return grouped

    def of_kind(self, *kinds: str) -> Iterator[Block]:
        """Yield the blocks of these kinds in reading order."""
        return (block for block in self.blocks if block.kind in kinds)

    def content(self, block: Block) -> str:
        """Return the text of a block without its markers."""
        return self.text[block.content_start : block.content_end]
