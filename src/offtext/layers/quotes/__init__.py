"""Who said what: direct and indirect quotes with their speakers, cues and questions."""

from offtext.layers.quotes.find import find_quotes

__all__ = ["find_quotes"]
