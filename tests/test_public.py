"""The annotations of public texts: no words of the texts in them, and whole again beside a copy of the texts."""

import gzip
import json
from pathlib import Path

import detach
import public
import pytest
from standoff import standoff

NOTES = Path(__file__).parents[1] / "corpora" / "public" / "annotations.jsonl"

TEXT = """# Ny bro över  Lillån

Ulvsjö kommuns nya bro öppnar i höst, berättar  kommunalrådet
Karin Ek (C). – Nu ska vi korta resan till skolan, berättar Ek. Det gläder Ekeby byalag,
som byggt stigar med Ulvsjö kommun.
"""
NOTE = {
    "id": "x1",
    "doc_type": "news",
    "meta": {
        "title": "Ny bro över Lillån",
        "date": None,
        "diary_number": None,
        "sender": ["a2"],
        "recipient": [],
        "signatory": [],
    },
    "actors": [
        {
            "id": "a1",
            "name": "Karin Ek",
            "kind": "person",
            "role": "kommunalrådet",
            "party": "C",
            "affiliation": "a2",
            "mentions": ["Karin Ek", "Ek"],
        },
        {
            "id": "a2",
            "name": "Ulvsjö kommun",
            "kind": "organisation",
            "org_type": "municipality",
            "mentions": ["Ulvsjö kommun"],
        },
        {  # a base form that the text does not have
            "id": "a3",
            "name": "Byalaget i Ekeby",
            "kind": "organisation",
            "org_type": "civil_society",
            "mentions": ["Ekeby byalag"],
        },
    ],
    "quotes": [
        {
            "kind": "direct",
            "spans": ["Nu ska vi korta resan till skolan"],
            "speaker": "a1",
            "cue": "berättar",
            "question": None,
        }
    ],
    "goals": [
        {
            "kind": "commitment",
            "span": "korta resan till skolan",
            "holder": "a2",
            "beneficiary": None,
            "deadline": "i höst",
        }
    ],
    "themes": {"collaboration": 1},
    "theme_sentences": [
        {"span": "Det gläder Ekeby byalag, som byggt stigar med Ulvsjö kommun.", "labels": ["collaboration"]}
    ],
    "collaborations": [
        {
            "parties": ["a2", "a3"],
            "evidence": "Det gläder Ekeby byalag, som byggt stigar med Ulvsjö kommun.",
            "topic": "byggt stigar",
        }
    ],
}


@pytest.fixture
def published(tmp_path):
    """Annotations of three documents without their texts; the copy has one, one that was changed, and lacks one."""
    texts, notes, out = tmp_path / "texts.jsonl", tmp_path / "notes.jsonl", tmp_path / "annotations.jsonl"
    rows = [{"id": f"x{n}", "source": f"sida/{n}", "file": "kommuner/ulvsjo.jsonl.gz", "text": TEXT} for n in range(3)]
    texts.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    notes.write_text("".join(json.dumps(NOTE | {"id": row["id"]}) + "\n" for row in rows), encoding="utf-8")
    detach.main(out, [(texts, notes)])
    copy = tmp_path / "corpora" / "kommuner" / "ulvsjo.jsonl.gz"
    copy.parent.mkdir(parents=True)
    kept = [("sida/0", TEXT + "Rättad."), ("sida/0", TEXT), ("sida/2", TEXT.replace("höst", "vår"))]
    with gzip.open(copy, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({"id": id, "text": text}) + "\n" for id, text in kept)
    return out


def test_joined_again_it_is_the_same(tmp_path, published) -> None:
    counts = public.join(published, tmp_path / "corpora", tmp_path / "out")
    (row,) = map(json.loads, (tmp_path / "out" / "public.texts.jsonl").read_text(encoding="utf-8").splitlines())
    (gold,) = map(json.loads, (tmp_path / "out" / "public.gold.jsonl").read_text(encoding="utf-8").splitlines())
    assert row == {"id": "public-001", "source": "sida/0", "text": TEXT}
    assert gold == standoff(TEXT, NOTE | {"id": "public-001"})
    assert (counts.joined, counts.missing, counts.other) == (1, 1, 1)
    assert str(counts) == "1 of 3 documents joined; 1 not found, 1 with another text"


def test_words_of_the_text_are_offsets(published) -> None:
    first = json.loads(published.read_text(encoding="utf-8").splitlines()[0])
    person, _, association = first["actors"]
    for place, words in (
        (first["meta"]["title"], "Ny bro över  Lillån"),
        (person["name"], "Karin Ek"),
        (person["role"], "kommunalrådet"),
        (person["party"], "C"),
    ):
        assert TEXT[place["start"] : place["end"]] == words
    assert first["quotes"][0]["cue"]["start"] == TEXT.index("berättar Ek")  # the nearest, not the first
    assert association["name"] == "Byalaget i Ekeby"
    assert not any(word in published.read_text(encoding="utf-8") for word in ("Karin", "stigar", "korta", "berättar"))


def test_no_copy_at_all(tmp_path, published) -> None:
    public.main([str(tmp_path / "out"), "--corpora", str(tmp_path / "nowhere"), "--notes", str(published)])
    assert (tmp_path / "out" / "public.gold.jsonl").read_text(encoding="utf-8") == ""


def test_nothing_long_is_left_of_the_texts() -> None:
    """What is shipped: labels, ids, and a few names and roles in a base form that the text does not have."""

    def strings(value):
        if isinstance(value, dict):
            for key, part in value.items():
                yield from strings(part) if key not in ("source", "sha256") else ()
        elif isinstance(value, list):
            for part in value:
                yield from strings(part)
        elif isinstance(value, str):
            yield value

    rows = [json.loads(line) for line in NOTES.read_text(encoding="utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len({row["sha256"] for row in rows}) == len(rows)
    assert sum(" " in words for row in rows for words in strings(row)) < 10
