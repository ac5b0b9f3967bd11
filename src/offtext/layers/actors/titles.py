"""Words that name a role: `rektor`, `HR-chefen`, `kommunalrådet`."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from offtext.layers.actors.gazetteer import role_titles
from offtext.lexicon import load_toml

_DEFINITE = ("en", "n", "et", "t", "na", "an")
_NOT_ROLES = frozenset(["området", "rådet", "samrådet", "förråd", "område", "beråd", "nämndråd"])


@cache
def group(name: str) -> frozenset[str]:
    """Return a word group of `lexicon/actor_roles.toml`."""
    return frozenset(load_toml("actor_roles")[name]["words"])


@lru_cache(maxsize=100_000)
def is_role_word(low: str) -> bool:
    """Tell whether a lower-case word names a person's role, definite or not.

    >>> is_role_word("rektorn"), is_role_word("hr-chef"), is_role_word("kommunen")
    (True, True, False)
    """
    if low in _NOT_ROLES or len(low) < 2:
        return False
    for form in _base_forms(low):
        if form in _role_words():
            return True
        for size in range(3, min(len(form), 19) + 1):
            if form[-size:] in group("role_endings") and (size > 3 or len(form) > 6):
                return True
    return False


def _base_forms(low: str) -> list[str]:
    forms = [low]
    forms += [low[: -len(ending)] for ending in _DEFINITE if low.endswith(ending) and len(low) - len(ending) > 2]
    if low.endswith(("erna", "arna", "orna")):
        forms += [low[:-4], low[:-3], low[:-4] + "a", low[:-4] + "are"]
    return forms


@cache
def _role_words() -> frozenset[str]:
    return group("role_endings") | frozenset(title for title in role_titles() if " " not in title)


@cache
def party_bracket() -> re.Pattern[str]:
    """Return the pattern of a party's abbreviation in brackets right after a name or a role: ` (S)`."""
    return re.compile(r"[*_]{0,3}[ \xa0\n]?\(([A-ZÅÄÖ]{1,4}|[A-ZÅÄÖ][a-zåäö]{1,2})\)[*_]{0,3}")
