"""From a text to its blocks and sentences."""

from offtext.layout.structure import BLOCK_KINDS, Block, Layout, Sentence

__all__ = ["BLOCK_KINDS", "Block", "Layout", "Sentence"]


def parse(text: str) -> Layout:
    """Find the blocks and sentences of a text (stand-in until blocks.py and sentences.py are here)."""
    import re

    blocks, sentences = [], []
    for line in re.finditer(r"[^\n]*\S", text):
        marker = re.match(r"\s*(#{1,6}\s+|[-*•–—−>]\s+|\d+\.\s+)?(\*\*)?", line.group())
        start = line.start() + len(line.group()) - len(line.group().lstrip())
        sign = (marker.group(1) or "").strip() if marker else ""
        kind = "heading" if sign.startswith("#") else "quotation_line" if sign in "–—−" and sign else "block_quote" if sign == ">" else "list_item" if sign else "paragraph"
        if kind == "heading" and not blocks:
            kind = "title"
        content = line.start() + (marker.end() if marker else 0)
        blocks.append(Block(kind, start, line.end(), content, line.end(), sign.count("#")))
        for s in re.finditer(r"\S.*?(?:[.!?](?=\s+[A-ZÅÄÖ–\"”])|$)", text[content : line.end()]):
            sentences.append(Sentence(content + s.start(), content + s.end(), len(blocks) - 1))
    return Layout(text, tuple(blocks), tuple(sentences))
