"""The vocabularies: every label that can stand in a record, with its Swedish and English name.

>>> "letter" in DOC_TYPES, name_of("letter"), name_of("trust", "en")
(True, 'brev', 'trust')
"""

from __future__ import annotations

from offtext.errors import UnknownName
from offtext.lexicon import load_toml

_VOCABULARIES: dict[str, dict[str, dict[str, str]]] = load_toml("labels")

DOC_TYPES: tuple[str, ...] = tuple(_VOCABULARIES["doc_types"])
ORG_TYPES: tuple[str, ...] = tuple(_VOCABULARIES["org_types"])
GOAL_KINDS: tuple[str, ...] = tuple(_VOCABULARIES["goal_kinds"])
QUOTE_KINDS: tuple[str, ...] = tuple(_VOCABULARIES["quote_kinds"])
THEMES: tuple[str, ...] = tuple(_VOCABULARIES["themes"])
ACTOR_KINDS = ("person", "organisation")
ENTITY_LABELS = ("PER", "ORG", "LOC")

_NAMES = {label: names for vocabulary in _VOCABULARIES.values() for label, names in vocabulary.items()}


def name_of(label: str, language: str = "sv") -> str:
    """Return the name of a label in Swedish ('sv') or English ('en').

    Raises:
        UnknownName: There is no such label, or no names in that language.
    """
    if label not in _NAMES:
        raise UnknownName("label", label, _NAMES)
    if language not in _NAMES[label]:
        raise UnknownName("language", language, _NAMES[label])
    return _NAMES[label][language]
