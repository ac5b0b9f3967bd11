"""What the form of a word says: the heads, tails and openers of organisations' names, and the words around names."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from offtext.lexicon import load_toml


@cache
def context(group: str) -> frozenset[str]:
    """Return a word group of `lexicon/actor_context.toml`."""
    return frozenset(load_toml("actor_context")[group]["words"])


@cache
def _heads() -> dict[str, list[dict[str, Any]]]:
    table: dict[str, list[dict[str, Any]]] = {}
    for group in load_toml("actors")["heads"]:
        entry = {**group, "bare": frozenset(group["bare"])}
        for ending in group["endings"]:
            table.setdefault(ending, []).append({**entry, "ending": ending})
    return table


@cache
def _never_heads() -> tuple[str, ...]:
    return tuple(load_toml("actors")["never_heads"]["endings"])


@cache
def tails() -> dict[str, str]:
    """Return the words that end a name of several words, with the type they give (`kommun`, `AB`)."""
    return {word: group["org_type"] for group in load_toml("actors")["tails"] for word in group["words"]}


@cache
def openers() -> dict[str, dict[str, Any]]:
    """Return the words that open a name which goes on after them (`länsstyrelsen`), with what may follow."""
    return {word: group for group in load_toml("actors")["openers"] for word in group["words"]}


@lru_cache(maxsize=100_000)
def head_of(low: str) -> tuple[dict[str, Any], bool] | None:
    """Return the head that a word ends in, and whether the word stands in the genitive."""
    heads = _heads()
    if low.removesuffix("s").endswith(_never_heads()):
        return None
    for size in range(min(len(low), 22), 3, -1):
        for genitive in (False, True):
            stem = low[:-1] if genitive and low.endswith("s") else low
            if genitive and stem is low:
                continue
            for entry in heads.get(stem[-size:], ()) if len(stem) >= size else ():
                if stem in entry["bare"]:
                    return None
                return entry, genitive
    return None


@lru_cache(maxsize=100_000)
def bare_head(low: str) -> tuple[dict[str, Any], bool] | None:
    """Return the head that a word is which needs more to be a name: `(Tekniska) förvaltningen`, `Förbundet (Ekdal)`."""
    for word in (low, low[:-1]) if low.endswith("s") else (low,):
        for entry in _bare_heads().get(word, ()):
            return entry, word != low
    return None


@cache
def _bare_heads() -> dict[str, list[dict[str, Any]]]:
    table: dict[str, list[dict[str, Any]]] = {}
    for group in load_toml("actors")["heads"]:
        for word in group["bare"]:
            table.setdefault(word, []).append(group)
    for org_type, found in load_toml("actors")["named_heads"].items():
        for word in found if isinstance(found, list) else ():
            table.setdefault(word, []).append({"org_type": org_type, "lower": False})
    return table


@lru_cache(maxsize=100_000)
def tail_of(low: str, form: str) -> tuple[str, bool] | None:
    """Return the type that a name-ending word gives (`kommun`, `AB`), and whether it stands in the genitive."""
    table = tails()
    for word, genitive in ((form, False), (low, False), (form[:-1], True), (low[:-1], True)):
        if word in table and (not genitive or low.endswith("s")):
            return table[word], genitive
    return None


@lru_cache(maxsize=100_000)
def compound_tail_of(low: str) -> tuple[str, bool] | None:
    """Return the type that the end of a compound gives after an owner (`föräldraförening`), and its genitive."""
    endings = _compound_tails()
    for genitive in (False, True):
        stem = low[:-1] if genitive and low.endswith("s") else low
        for size in range(min(len(stem) - 2, 14), 4, -1):
            if stem[-size:] in endings and (not genitive or stem is not low):
                return endings[stem[-size:]], genitive
    return None


@cache
def _compound_tails() -> dict[str, str]:
    return {ending: group["org_type"] for group in load_toml("actors")["compounds"] for ending in group["endings"]}


@cache
def _owned() -> dict[str, str]:
    return {ending: group["org_type"] for group in load_toml("actors")["owned"] for ending in group["endings"]}


@lru_cache(maxsize=100_000)
def owned_type(low: str) -> tuple[str, bool] | None:
    """Return the type that an indefinite head gives after an owner (`resursteam`), and whether it has a genitive."""
    owned = _owned()
    for genitive in (False, True):
        stem = low[:-1] if genitive and low.endswith("s") else low
        for size in range(min(len(stem), 16), 2, -1):
            if stem[-size:] in owned and (not genitive or stem is not low):
                return owned[stem[-size:]], genitive
    return None
