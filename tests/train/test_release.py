"""From annotated documents to a model that analyses: train by a recipe, with folds, release, load, analyse."""

import importlib.util
import json
import shutil
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")
for needed in ("transformers", "datasets", "onnx", "onnxscript"):
    pytest.importorskip(needed)
from safetensors.numpy import load_file  # noqa: E402
from tiny_models import tiny  # noqa: E402

from offtext.encoder import open_store  # noqa: E402
from offtext.errors import ModelError  # noqa: E402
from offtext.labels import THEMES  # noqa: E402
from offtext.pipeline import Pipeline  # noqa: E402
from offtext.readers import read  # noqa: E402
from offtext.train.multitask.network import Network  # noqa: E402
from offtext.train.multitask.recipe import load_recipe  # noqa: E402
from offtext.train.multitask.run import train_recipe  # noqa: E402
from offtext.train.release import Sources, release  # noqa: E402

ROOT = Path(__file__).parents[2]
CORPORA = ROOT / "corpora"
HELD_OUT = "nyhet_sprakvan.txt"
SEEN = [
    "brev_byalag_busslinje.txt",
    "intervju_demenssjukskoterska.md",
    "kronika_tillit.md",
    "nyhet_beredskapsovning.md",
    "overenskommelse_civilsamhalle.md",
    "pressmeddelande_kustskydd.txt",
    "pressmeddelande_valfardsteknik.md",
    "tal_invigning_resecentrum.txt",
    "tal_rektor_hogtid.md",
]
RECIPE = """
[model]
base = "base"
folds = 2
fold_epochs = 1

[training]
epochs = 1
length = 64
batch_tokens = 1024
bf16 = false
rate = 0.003
head_rate = 0.01

[[data]]
kind = "annotated"
texts = "seen.texts.jsonl"
gold = "seen.gold.jsonl"

[[data]]
kind = "annotated"
texts = "kept.texts.jsonl"
gold = "kept.gold.jsonl"
held_out = 1
"""


def write_sets(folder):
    """Write the examples as annotated sets and return the text that is held out."""
    spec = importlib.util.spec_from_file_location("standoff", ROOT / "benchmarks" / "standoff.py")
    standoff = sys.modules["standoff"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(standoff)
    notes = {note["file"]: note for note in standoff.read_annotations(CORPORA / "annotations" / "examples.jsonl")}
    for name, files in (("seen", SEEN), ("kept", [HELD_OUT])):
        texts = [read(CORPORA / "examples" / file).text for file in files]
        ids = [notes[file]["id"] for file in files]
        gold = [standoff.standoff(text, notes[file]) for text, file in zip(texts, files, strict=True)]
        rows = [{"id": id, "text": text, "source": "own"} for id, text in zip(ids, texts, strict=True)]
        for part, said in (("texts", rows), ("gold", gold)):
            lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in said)
            (folder / f"{name}.{part}.jsonl").write_text(lines, encoding="utf-8")
    return read(CORPORA / "examples" / HELD_OUT).text


def write_types(folder):
    """Our own short documents of two types; no public ones."""
    types = folder / "types"
    for label in ("news", "letter"):
        shutil.copytree(CORPORA / "doctypes" / label, types / label)
    (types / "sources.toml").write_text("sources = []\n", encoding="utf-8")
    return types


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("release")
    text = write_sets(folder)
    tiny("bert", folder / "base", text.splitlines(), positions=96, vocabulary=300)
    (folder / "recipe.toml").write_text(RECIPE, encoding="utf-8")
    recipe = load_recipe(folder / "recipe.toml")
    figures = train_recipe(recipe, folder / "run", say=lambda _: None)
    # a model that lay there before is replaced
    (folder / "model").mkdir()
    (folder / "model" / "goals.json").write_text("{}", encoding="utf-8")
    sources = Sources([folder], {"seen": 1.0, "kept": 1.0}, folder, write_types(folder), folder / "none.txt")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter warns of its own future
        fitted = release(
            folder / "run", recipe, folder / "model", sources, {"name": "tiny", "version": "7"}, say=lambda _: None
        )
    return folder, text, figures, fitted


def test_training_leaves_what_release_needs(made):
    folder, _, figures, _ = made
    assert set(figures) >= {"actors", "themes", "mean", "epoch"}
    run = {path.name for path in (folder / "run").iterdir()}
    assert run >= {"model.safetensors", "config.json", "tokenizer.json", "heads.safetensors", "fold-0", "fold-1"}
    assert all((folder / "run" / f"fold-{n}" / "held.safetensors").is_file() for n in range(2))


def test_the_model_folder_is_whole_and_says_what_it_is(made):
    folder, _, _, fitted = made
    files = {"encoder.onnx", "tokenizer.json", "heads.safetensors", "actors.json", "goals.json"}
    manifest = json.loads((folder / "model" / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["files"]) >= files
    assert "encoder.safetensors" not in manifest["files"]  # for further training, no part of the package
    assert (folder / "model" / "encoder.safetensors").is_file()
    assert (manifest["name"], manifest["version"], manifest["layers"], manifest["width"]) == ("tiny", "7", 2, 32)
    assert manifest["max_tokens"] == 96
    assert [head["task"] for head in manifest["heads"]][-2:] == ["themes", "doc_type"]
    assert manifest["cross_validated"].keys() == fitted.keys()
    assert all(np.isfinite(value) for value in fitted.values())
    assert manifest["parity"]["agree"] > 0.9
    heads = load_file(folder / "model" / "heads.safetensors")
    assert {"themes.mix", "themes.centre", "document_type.mix", "document_type.ngrams"} <= heads.keys()
    assert all(np.isfinite(array).all() for array in heads.values())


def test_it_analyses_the_same_text_twice_the_same(made):
    folder, text, _, _ = made
    model = str(folder / "model")
    first = Pipeline(model=model, threads=1).analyze(text)
    second = Pipeline(model=model, threads=2).analyze(text)
    assert first == second
    assert (first.model.name, first.model.version) == ("tiny", "7")
    assert first.error is None
    assert sum(first.doc_type.scores.values()) == pytest.approx(1, abs=1e-3)
    assert tuple(first.themes) == THEMES
    for actor in first.actors:
        assert all(text[m.start : m.end].strip() for m in actor.mentions)


def test_a_changed_byte_is_refused(made, tmp_path):
    for name in open_store(made[0] / "model").manifest["files"]:
        copy = tmp_path / name
        shutil.copytree(made[0] / "model", copy)
        data = bytearray((copy / name).read_bytes())
        data[len(data) // 2] ^= 1
        (copy / name).write_bytes(data)
        with pytest.raises(ModelError, match=rf"{name} .*sha256"):
            Pipeline(model=str(copy))


def test_training_goes_on_from_a_model(made):
    folder, _, _, _ = made
    run, released = Network(folder / "run").eval(), Network(folder / "model").eval()
    row = torch.arange(5, 25)[None]
    with torch.no_grad():
        one, other = (network.every_score(*network.states(row, torch.ones_like(row))) for network in (run, released))
    assert (one - other).abs().max() < 0.05
