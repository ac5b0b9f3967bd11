"""Figures of a model on annotated texts: groups, calibration, and files that cannot be used."""

import json

import pytest

from offtext.errors import UnreadableFile
from offtext.metrics import COUNTED
from offtext.pipeline import Pipeline
from offtext.train.evaluation import GROUPED, OTHERS, TYPE, evaluate, read_annotated

TEXT = "Nyhet\n\n– Vi börjar i höst, säger Karin Ek, rektor i Tranås kommun.\n"


def span(words):
    return {"start": TEXT.index(words), "end": TEXT.index(words) + len(words)}


def note(id, doc_type="news"):
    person = {"kind": "person", "name": "Karin Ek", "mentions": [span("Karin Ek")], "role": "rektor"}
    body = {"kind": "organisation", "name": "Tranås kommun", "mentions": [span("Tranås kommun")]}
    empty = {"org_type": None, "role": None, "party": None, "affiliation": None}
    return {
        "id": id,
        "doc_type": doc_type,
        "meta": {},
        "actors": [
            {"id": "a1", **empty, **person, "affiliation": "a2"},
            {"id": "a2", **empty, **body, "org_type": "municipality"},
        ],
        "quotes": [{"kind": "direct", "spans": [span("Vi börjar i höst")], "speaker": "a1"}],
        "goals": [],
        "theme_sentences": [],
        "themes": {"trust": 1},
        "collaborations": [],
    }


@pytest.fixture
def files(tmp_path):
    sources = ["ulvsjo/nyheter/1"] * 3 + ["granby/2"] * 2 + ["havsvik/3", None]
    texts = [{"id": f"d{n}", "text": TEXT, "source": source} for n, source in enumerate(sources)]
    notes = [note(f"d{n}", "letter" if n == 0 else "news") for n in range(7)]
    for name, rows in (("t.jsonl", [*texts, {"id": "more", "text": "Hej"}]), ("g.jsonl", notes)):
        (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path / "t.jsonl", tmp_path / "g.jsonl"


@pytest.fixture
def report(files):
    return evaluate(read_annotated(*files), Pipeline(model=None), least=2, draws=20)


def test_every_row_has_a_figure_and_an_interval(report):
    assert report["documents"] == 7
    assert report["figures"]["quote+speaker"]["f"] == 1.0
    assert report["intervals"]["quote+speaker"] == [1.0, 1.0]
    assert set(report["intervals"]) == {TYPE, *COUNTED}
    assert json.loads(json.dumps(report)) == report


def test_small_groups_stand_together(report):
    assert {name: group["documents"] for name, group in report["publishers"].items()} == {
        "ulvsjo": 3,
        "granby": 2,
        OTHERS: 2,
    }
    assert {name: group["documents"] for name, group in report["types"].items()} == {"news": 6}
    group = report["publishers"]["ulvsjo"]
    assert set(group) == {"documents", *GROUPED}
    assert group["actor"] == {"value": 1.0, "low": 1.0, "high": 1.0, "annotated": 6}
    assert group["goal"] is None


def test_calibration_counts_what_was_given(report):
    quotes = report["calibration"]["quote"]
    assert quotes["count"] == sum(row["count"] for row in quotes["reliability"]) == 7
    assert quotes["error"] == pytest.approx(1 - quotes["reliability"][0]["score"])
    assert report["calibration"]["theme document"]["count"] == 7 * 13
    assert report["theme levels"]["1"]["count"] == 7


@pytest.mark.parametrize(
    ("texts", "gold", "told"),
    [
        (None, '{"id": "d", "doc_type": "news"}', "No such file"),
        ('{"id": "e", "text": "Hej"}', '{"id": "d", "doc_type": "news"}', "no text for the annotation 'd'"),
        ('{"id": "d", "text": "Hej"}', "", "no annotations"),
        ('{"id": "d", "text": "Hej"}\n{"id"', '{"id": "d", "doc_type": "news"}', "not JSON Lines"),
        ('{"id": "d"}', '{"id": "d", "doc_type": "news"}', "line 1 has no 'id' or no 'text'"),
        ("[]", "", "line 1"),
    ],
)
def test_files_that_cannot_be_used_say_why(texts, gold, told, tmp_path):
    if texts is not None:
        (tmp_path / "t.jsonl").write_text(texts, encoding="utf-8")
    (tmp_path / "g.jsonl").write_text(gold, encoding="utf-8")
    with pytest.raises(UnreadableFile, match=told):
        read_annotated(tmp_path / "t.jsonl", tmp_path / "g.jsonl")
