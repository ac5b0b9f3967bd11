"""Which organisations work together, as the text says it."""

from offtext.layers.collaborations.find import find_collaborations

__all__ = ["find_collaborations"]
