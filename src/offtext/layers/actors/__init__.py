"""Who acts: persons and organisations, their mentions, roles, parties, affiliations and registers."""

from offtext.layers.actors.find import find_actors

__all__ = ["find_actors"]
