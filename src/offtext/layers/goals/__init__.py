"""What is wanted, promised, assigned and needed, by whom, for whom and until when."""

from offtext.layers.goals.find import find_goals

__all__ = ["find_goals"]
