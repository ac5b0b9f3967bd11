"""From a text to its blocks and sentences."""

from __future__ import annotations

from offtext.layout.blocks import Draft, drafts_of
from offtext.layout.dialogue import decide_labelled_turns, decide_turns
from offtext.layout.front import front_matter
from offtext.layout.heads import cells_of, decide_header_fields
from offtext.layout.kinds import decide_headings, decide_marked, decide_title
from offtext.layout.lines import lines_of
from offtext.layout.remnants import decide_addressee, decide_boilerplate, decide_captions, decide_signature
from offtext.layout.sentences import split
from offtext.layout.speech import decide_speech
from offtext.layout.structure import BLOCK_KINDS, Block, Layout, Sentence

__all__ = ["BLOCK_KINDS", "Block", "Layout", "Sentence", "parse"]


def parse(text: str) -> Layout:
    r"""Find the blocks of a text, their kinds, and the sentences inside them.

    Args:
        text: Plain text or light Markdown (`# heading`, `- item`, `> quote`, `**bold**`, `| a | b |`), of any length;
            remnants of HTML, LaTeX and Typst are taken as what they mean.

    Returns:
        The blocks in reading order with offsets into exactly this text, and the sentences of each.

    >>> layout = parse("# Ny skola\n\n– Vi börjar i höst, säger\nKarin Ek, rektor. Bygget kostar bl.a. tid.")
    >>> [block.kind for block in layout.blocks]
    ['title', 'quotation_line']
    >>> [layout.text[s.start : s.end] for s in layout.sentences_of(1)]
    ['Vi börjar i höst, säger\nKarin Ek, rektor.', 'Bygget kostar bl.a. tid.']
    """
    front, begin = front_matter(text)
    drafts = drafts_of(text, lines_of(text, begin))
    decide_marked(text, drafts)
    decide_speech(text, drafts)
    decide_boilerplate(text, drafts)
    decide_captions(text, drafts)
    drafts = decide_header_fields(text, drafts)
    decide_addressee(text, drafts)
    decide_labelled_turns(text, drafts)
    decide_headings(text, drafts)
    if not any(draft.kind == "title" for draft in front):
        decide_title(text, drafts)
    decide_turns(text, drafts)
    decide_signature(text, drafts)
    blocks: list[Block] = []
    sentences: list[Sentence] = []
    for index, draft in enumerate([*front, *drafts]):
        blocks.append(_block(draft))
        for start, end in _pieces(text, draft):
            sentences += [Sentence(a, b, index) for a, b in split(text, start, end)]
    return Layout(text, tuple(blocks), tuple(sentences))


def _block(draft: Draft) -> Block:
    return Block(
        draft.kind or "paragraph",
        draft.start,
        draft.end,
        draft.content_start,
        draft.content_end,
        draft.level,
        draft.field if draft.kind == "header_field" else None,
    )


def _pieces(text: str, draft: Draft) -> list[tuple[int, int]]:
    return cells_of(text, draft) if draft.kind == "table_row" else [(draft.content_start, draft.content_end)]
