"""Training the choice of employer on a small made-up document."""

import json

from offtext.train.employers import choices_of, read_choices
from offtext.train.holders import fit

TEXT = "Ulla Lind, rektor i Tranås kommun, träffade Ove Alm."
ACTORS = [
    {"id": "a1", "kind": "person", "affiliation": "a2", "mentions": [{"start": 0, "end": 9}]},
    {"id": "a2", "kind": "organisation", "affiliation": None, "mentions": [{"start": 20, "end": 33}]},
    {"id": "a3", "kind": "person", "affiliation": None, "mentions": [{"start": 44, "end": 51}]},
]


def test_a_choice_a_person() -> None:
    first, second = choices_of(TEXT, ACTORS, "made up")
    assert first.holder == "1"
    assert second.holder is None
    assert set(first.ids) == {"1", None}


def test_read_and_fit(tmp_path) -> None:
    texts = [json.dumps({"id": str(n), "text": TEXT}) for n in range(4)]
    golds = [json.dumps({"id": str(n), "actors": ACTORS}) for n in range(4)]
    (tmp_path / "train.texts.jsonl").write_text("\n".join(texts), encoding="utf-8")
    (tmp_path / "train.gold.jsonl").write_text("\n".join(golds), encoding="utf-8")
    weights = fit(read_choices(tmp_path), 1.0)
    assert weights.total(["stated"]) > 0
