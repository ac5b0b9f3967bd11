"""The model's card: figures in the place of the marks, and none of another model."""

import json
import shutil
from pathlib import Path

import pytest

import offtext
from offtext.errors import ConfigError, ModelError, UnknownName, UnreadableFile
from offtext.pipeline import Pipeline
from offtext.train.card import CARD, FIGURE, PARTS, fill, main
from offtext.train.evaluation import evaluate

matplotlib = pytest.importorskip("matplotlib")

NOTES = Path(offtext.__file__).parents[2] / "models" / "sv_offtext" / "notes.md"
TEXT = "– Vi börjar i höst, säger Karin Ek.\n"
NOTE = {
    "id": "d",
    "doc_type": "news",
    "meta": {},
    "themes": {"trust": 1},
    "actors": [{"id": "a1", "kind": "person", "mentions": [{"start": 26, "end": 34}]}],
    "quotes": [{"kind": "direct", "spans": [{"start": 2, "end": 18}], "speaker": "a1"}],
    "goals": [],
    "theme_sentences": [],
    "collaborations": [],
}
MANIFEST = {
    "name": "liten",
    "version": "3",
    "licence": "CC-BY-SA-4.0",
    "layers": 6,
    "width": 384,
    "max_tokens": 256,
    "heads": [{"task": "quotes", "form": "spans", "labels": ["direct", "indirect"]}],
    "cross_validated": {"goal F1": 0.5123, "goal F1, new source": 0.4},
    "parity": {"max": 0.31, "mean": 0.0123, "agree": 0.99, "tokens": 2330},
    "files": {"tokenizer.json": "0"},
}


@pytest.fixture(scope="module")
def report():
    found = evaluate([({"id": "d", "text": TEXT, "source": "ulvsjo/1"}, NOTE)] * 3, Pipeline(model=None), least=2)
    return {**found, "model": {"name": "liten", "version": "3"}, "texts": "dev.texts.jsonl"}


@pytest.fixture
def model(tmp_path, report):
    folder = tmp_path / "liten"
    folder.mkdir()
    (folder / "manifest.json").write_text(json.dumps(MANIFEST), encoding="utf-8")
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    (folder / "recipe.toml").write_text('[model]\nbase = "e5"\n', encoding="utf-8")
    shutil.copyfile(NOTES, folder / "notes.md")
    (tmp_path / "figures.json").write_text(json.dumps(report), encoding="utf-8")
    return folder


def make(model):
    main([str(model), "--figures", str(model.parent / "figures.json")])
    return (model / CARD).read_text(encoding="utf-8")


def test_the_card_holds_what_was_measured(model):
    card = make(model)
    assert "<!--" not in card
    for line in (
        "| encoder | 6 layers, width 384 |",
        "| `quotes` | spans | direct, indirect |",
        "| quote+speaker | 100.0 | 100.0–100.0 | 100.0 | 100.0 | 3 |",
        "| goal F1, new source | 0.4 |",
        "| agree | 0.99 |",
        'base = "e5"',
        f"({FIGURE})",
    ):
        assert line in card, line
    ulvsjo = next(line for line in card.splitlines() if line.startswith("| ulvsjo"))
    assert "100.0 (100.0–100.0)" in ulvsjo
    assert "## What it must not be used for" in card


def test_the_figure_is_a_picture_and_the_same_each_time(model):
    make(model)
    first = (model / FIGURE).read_bytes()
    assert first.startswith(b"<?xml")
    assert "theme document" in first.decode("utf-8")
    make(model)
    assert (model / FIGURE).read_bytes() == first


def test_figures_of_another_version_are_refused(model):
    (model / "manifest.json").write_text(json.dumps({**MANIFEST, "version": "4"}), encoding="utf-8")
    with pytest.raises(ConfigError, match="Evaluate it again"):
        make(model)


def test_notes_must_have_every_mark_and_no_other(model):
    with pytest.raises(UnknownName, match="scores"):
        fill("<!-- score -->", {"scores": ""})
    with pytest.raises(ConfigError, match="lacks the marks <!-- scores -->"):
        fill("", {"scores": ""})
    (model / "notes.md").unlink()
    with pytest.raises(ModelError, match=r"notes\.md is missing"):
        make(model)


def test_the_notes_of_the_model_have_every_mark_once():
    notes = NOTES.read_text(encoding="utf-8")
    assert [notes.count(f"<!-- {part} -->") for part in PARTS] == [1] * len(PARTS)


def test_figures_that_are_not_there(model):
    with pytest.raises(UnreadableFile, match="offtext evaluate"):
        main([str(model), "--figures", str(model / "borta.json")])
