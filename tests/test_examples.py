"""The example documents: every one is read, and every annotation stands in the text that the reader returns."""

import importlib.util
import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from offtext import labels
from offtext.readers import read

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "corpora" / "examples"
OFFICE = ROOT / "corpora" / "office"
COMMON_TYPES = [
    "letter",
    "press_release",
    "interview",
    "news",
    "minutes",
    "decision",
    "consultation",
    "agreement",
    "plan",
    "speech",
    "opinion",
    "information",
]


def _benchmark(name: str):
    spec = importlib.util.spec_from_file_location(name, ROOT / "benchmarks" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


standoff = _benchmark("standoff")
gold = _benchmark("gold")
NOTES = list(standoff.read_annotations(ROOT / "corpora" / "annotations" / "examples.jsonl"))
by_document = pytest.mark.parametrize("note", NOTES, ids=[note["file"] for note in NOTES])


def _letters(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)


def _text(note) -> str:
    return read(EXAMPLES / note["file"]).text


def test_there_are_enough_of_every_type_and_format():
    types = Counter(note["doc_type"] for note in NOTES)
    formats = {Path(note["file"]).suffix for note in NOTES}
    assert len(NOTES) >= 24
    assert [label for label in COMMON_TYPES if types[label] < 2] == []
    assert formats == {".md", ".txt", ".html", ".docx", ".pdf"}
    assert len({note["id"] for note in NOTES}) == len(NOTES)


def test_every_file_is_annotated_and_named_in_ascii():
    documents = {path.name for path in EXAMPLES.iterdir()}
    assert {note["file"] for note in NOTES} == documents
    assert all(name.isascii() and " " not in name for name in documents)


@pytest.mark.parametrize("source", sorted(OFFICE.glob("*.md")), ids=lambda source: source.stem)
def test_the_office_files_say_what_their_sources_say(source):
    made = next(EXAMPLES.glob(f"{source.stem}.*"))
    assert _letters(read(made).text) == _letters(source.read_text(encoding="utf-8")), (
        "run corpora/office/make_office.py"
    )


@by_document
def test_every_span_stands_in_the_text(note):
    text = _text(note)
    resolved = standoff.standoff(text, note)
    for actor in resolved["actors"]:
        assert actor["mentions"], f"{actor['name']} is never mentioned"
        assert actor["role"] is None or " ".join(actor["role"].split()) in " ".join(text.split())
    for quote in resolved["quotes"]:
        assert quote["cue"] is None or quote["cue"] in " ".join(text.split())
    title = note["meta"]["title"]
    assert title is None or " ".join(title.split()) in " ".join(text.split())
    number = note["meta"]["diary_number"]
    assert number is None or number in text


@by_document
def test_labels_and_ids_are_known(note):
    ids = [actor["id"] for actor in note["actors"]]
    assert len(set(ids)) == len(ids)
    assert note["doc_type"] in labels.DOC_TYPES
    assert set(note["themes"]) == set(labels.THEMES)
    assert set(note["themes"].values()) <= {0, 1, 2}
    for actor in note["actors"]:
        assert actor["kind"] in labels.ACTOR_KINDS
        assert (actor.get("org_type") in labels.ORG_TYPES) == (actor["kind"] == "organisation")
    assert {quote["kind"] for quote in note["quotes"]} <= set(labels.QUOTE_KINDS)
    assert {goal["kind"] for goal in note["goals"]} <= set(labels.GOAL_KINDS)
    assert {label for sentence in note["theme_sentences"] for label in sentence["labels"]} <= set(labels.THEMES)
    assert all(len(set(tie["parties"])) >= 2 for tie in note["collaborations"])
    meta = note["meta"]
    assert {*meta["sender"], *meta["recipient"], *meta["signatory"]} <= set(ids)


@by_document
def test_the_document_has_a_theme_just_where_a_sentence_has_it(note):
    shown = {label for sentence in note["theme_sentences"] for label in sentence["labels"]}
    assert {label for label, level in note["themes"].items() if level} == shown


def test_the_resolved_form_loads_as_records(tmp_path):
    texts = [{"id": note["id"], "text": _text(note), "source": note["file"]} for note in NOTES]
    golds = [standoff.standoff(row["text"], note) for row, note in zip(texts, NOTES, strict=True)]
    for name, rows in (("texts", texts), ("gold", golds)):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (tmp_path / f"examples.{name}.jsonl").write_text(lines, encoding="utf-8")
    for annotated, note in zip(gold.load(tmp_path, "examples"), NOTES, strict=True):
        assert len(annotated.actors()) == len(note["actors"])
        assert len(annotated.quotes()) == len(note["quotes"])


def _resolved(text: str, *mentions, **layers):
    actors = [
        {"id": f"a{n}", "name": "X", "kind": "organisation", "mentions": list(m)} for n, m in enumerate(mentions, 1)
    ]
    return standoff.standoff(text, {"id": "x", "doc_type": "news", "actors": actors, **layers})


def _words(text: str, spans) -> list[str]:
    return [text[span["start"] : span["end"]] for span in spans]


def test_a_plain_mention_is_every_whole_word_with_or_without_genitive():
    text = "Ek svarar. Eks svar, inte Ekmans. Ek-Lund är en annan."
    assert _words(text, _resolved(text, ["Ek"])["actors"][0]["mentions"]) == ["Ek", "Ek", "Ek"]


def test_a_mention_within_a_longer_one_is_dropped():
    text = "Kulturnämnden i Ulvsjö kommun och Ulvsjö kommun"
    longer, shorter = _resolved(text, ["Kulturnämnden i Ulvsjö kommun"], ["Ulvsjö kommun"])["actors"]
    assert len(longer["mentions"]) == 1
    assert shorter["mentions"] == [{"start": 34, "end": 47}]


def test_a_numbered_span_is_that_occurrence_and_spaces_match_line_breaks():
    text = "stärka\nsamverkan och stärka  samverkan"
    goals = [{"kind": "aim", "span": span} for span in ("stärka samverkan", {"text": "stärka samverkan", "n": 2})]
    assert [goal["start"] for goal in _resolved(text, goals=goals)["goals"]] == [0, 21]


@pytest.mark.parametrize(
    "layers",
    [
        {"goals": [{"kind": "aim", "span": "finns inte"}]},
        {"goals": [{"kind": "aim", "span": {"text": "text", "n": 2}}]},
        {"goals": [{"kind": "aim", "span": "text", "holder": "a9"}]},
        {"theme_sentences": [{"span": " ", "labels": ["trust"]}]},
    ],
)
def test_what_is_not_there_is_refused(layers):
    with pytest.raises(standoff.NotInText):
        _resolved("en text", **layers)
