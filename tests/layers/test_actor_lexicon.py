"""Every example of the actor lexicon finds what it marks with [ ]; every counter-example finds nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from offtext.labels import ORG_TYPES
from offtext.layers.actors import find_actors
from offtext.layout import parse
from offtext.lexicon import load_toml

_FILES = ("actors", "actor_context", "actor_names", "actor_roles")


def groups() -> Iterator[tuple[str, dict[str, object]]]:
    for file in _FILES:
        for name, value in load_toml(file).items():
            for number, group in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(group, dict):
                    yield f"{file}.{name}.{number}", group


@pytest.mark.parametrize(("text"), [pytest.param(g["example"], id=n) for n, g in groups() if "example" in g])
def test_example(text: str) -> None:
    plain, marked = "", []
    for number, part in enumerate(text.replace("]", "[").split("[")):
        if number % 2:
            marked.append((len(plain), len(plain) + len(part)))
        plain += part
    found = {(m.start, m.end) for a in find_actors(parse(plain)) for m in a.mentions}
    assert set(marked) <= found
    if not marked:
        assert not found


@pytest.mark.parametrize(
    ("text"), [pytest.param(g["counter_example"], id=n) for n, g in groups() if "counter_example" in g]
)
def test_counter_example(text: str) -> None:
    assert not [text[m.start : m.end] for a in find_actors(parse(text)) for m in a.mentions]


def test_types_are_labels_and_words_stand_once() -> None:
    for name, group in groups():
        assert group.get("org_type", "other") in ORG_TYPES, name
        for key in ("words", "endings", "names"):
            words = group.get(key, [])
            assert isinstance(words, list)
            assert len(words) == len(set(words)), (name, key, sorted({w for w in words if words.count(w) > 1}))


def test_scores_are_probabilities() -> None:
    assert all(0 < score < 1 for score in load_toml("actors")["scores"].values())
