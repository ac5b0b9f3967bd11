"""Training the choice of employer on a small made-up document."""

from offtext.train.annotated import Sample
from offtext.train.employers import choices_of
from offtext.train.holders import fit

TEXT = "Ulla Lind, rektor i Tranås kommun, träffade Ove Alm."
ACTORS = [
    {"id": "a1", "kind": "person", "affiliation": "a2", "mentions": [{"start": 0, "end": 9}]},
    {"id": "a2", "kind": "organisation", "affiliation": None, "mentions": [{"start": 20, "end": 33}]},
    {"id": "a3", "kind": "person", "affiliation": None, "mentions": [{"start": 44, "end": 51}]},
]


SAMPLE = Sample(TEXT, {"id": "1", "actors": ACTORS}, "train")


def test_a_choice_a_person() -> None:
    first, second = choices_of(SAMPLE)
    assert first.holder == "1"
    assert second.holder is None
    assert set(first.ids) == {"1", None}


def test_fit() -> None:
    choices = [choice for _ in range(4) for choice in choices_of(SAMPLE)]
    assert fit(choices, 1.0).total(["stated"]) > 0


def test_nothing_is_learned_from_a_set_without_weight() -> None:
    unread = Sample(TEXT, {"id": "1", "actors": ACTORS}, "public", weight=0.0)
    learned = [choice for _ in range(4) for choice in choices_of(SAMPLE)]
    scored = [choice for _ in range(9) for choice in choices_of(unread)]
    assert fit([*learned, *scored], 1.0) == fit(learned, 1.0)
