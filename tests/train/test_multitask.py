"""Fine-tuning end to end on tiny models made here: a recipe in, a checkpoint out, broken off and resumed."""

import gzip
import json

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
import random  # noqa: E402

from tiny_models import tiny  # noqa: E402
from tokenizers import Tokenizer, models  # noqa: E402

from offtext.encoder.tokens import Tokens  # noqa: E402
from offtext.errors import ConfigError, UnknownName, UnreadableFile  # noqa: E402
from offtext.train.multitask.batches import UNKNOWN, Encoded, encode, pieces  # noqa: E402
from offtext.train.multitask.corpus import Example, Labelled, annotated, iob  # noqa: E402
from offtext.train.multitask.features import from_dataset  # noqa: E402
from offtext.train.multitask.recipe import load_recipe  # noqa: E402
from offtext.train.multitask.run import train_recipe  # noqa: E402
from offtext.train.multitask.tasks import TASKS  # noqa: E402

LINES = [
    "Karin Ek är rektor i Tranås kommun.",
    "– Vi ska öppna skolan i höst, säger Karin Ek.",
    "Kommunen och regionen samverkar om vården.",
]
IOB = "Karin\tB-PER\nEk\tI-PER\när\tO\ni\tO\nTranås\tB-LOC\n.\tO\n\nHon\tO\nkom\tO\n.\tO\n\n"


@pytest.fixture
def data(tmp_path):
    text = "\n\n".join(LINES)

    def span(words):
        return {"start": text.index(words), "end": text.index(words) + len(words)}

    person = {"id": "a1", "kind": "person", "org_type": None, "role": "rektor", "mentions": [span("Karin Ek")]}
    body = {
        "id": "a2",
        "kind": "organisation",
        "org_type": "municipality",
        "role": None,
        "mentions": [span("Tranås kommun")],
    }
    goal = {"kind": "commitment", **span("Vi ska öppna skolan"), "beneficiary": None, "deadline": span("i höst")}
    gold = {
        "id": "d1",
        "doc_type": "news",
        "actors": [person, body],
        "quotes": [{"kind": "direct", "spans": [span("Vi ska öppna skolan i höst")]}],
        "goals": [goal],
        "theme_sentences": [{**span(LINES[2]), "labels": ["collaboration"]}],
    }
    (tmp_path / "t.jsonl").write_text(json.dumps({"id": "d1", "text": text}) + "\n", encoding="utf-8")
    (tmp_path / "g.jsonl").write_text(json.dumps(gold) + "\n", encoding="utf-8")
    (tmp_path / "n.iob").write_text(IOB * 4, encoding="utf-8")
    return tmp_path


RECIPE = """
[model]
base = "{base}"

[training]
epochs = {epochs}
length = 48
batch_tokens = 200
bf16 = false
hidden = 0.0
rate = 0.003
head_rate = 0.03
patience = 99

[[data]]
kind = "annotated"
texts = "t.jsonl"
gold = "g.jsonl"

[[data]]
kind = "annotated"
texts = "t.jsonl"
gold = "g.jsonl"
held_out = 1

[[data]]
kind = "iob"
file = "n.iob"
weight = 0.5
"""


def recipe(folder, base, epochs):
    path = folder / "recipe.toml"
    path.write_text(RECIPE.format(base=base.name, epochs=epochs), encoding="utf-8")
    return load_recipe(path)


def test_annotations_become_labelled_spans(data):
    [example] = annotated(data / "t.jsonl", data / "g.jsonl")
    said = {task: [(example.text[s.start : s.end], s.label) for s in spans] for task, spans in example.spans.items()}
    assert said["actors"] == [("Karin Ek", "person"), ("Tranås kommun", "organisation")]
    assert said["org_type"] == [("Tranås kommun", "municipality")]
    assert said["roles"] == [("rektor", "role")]
    assert said["goal_parts"] == [("i höst", "deadline")]
    assert list(example.themes.values()) == [("collaboration",)]


def test_a_named_entity_corpus_keeps_its_spans(data):
    first = next(iter(iob(data / "n.iob", source="n")))
    assert [(first.text[s.start : s.end], s.label) for s in first.spans["entities"][:2]] == [
        ("Karin Ek", "PER"),
        ("Tranås", "LOC"),
    ]
    assert first.text.startswith("Karin Ek är i Tranås.\nHon kom.")
    assert first.themes is None


def test_tags_stand_on_the_tokens_of_their_spans(data, tmp_path):
    tokenizer = Tokenizer.from_file(str(tiny("xlm-roberta", tmp_path / "base", LINES) / "tokenizer.json"))
    [example] = annotated(data / "t.jsonl", data / "g.jsonl")
    made = encode(example, tokenizer)
    tags = made.tags["actors"]
    person = [
        example.text[a:b] for a, b, tag in zip(made.tokens.starts, made.tokens.ends, tags, strict=True) if tag in (1, 2)
    ]
    assert "".join(person).replace(" ", "") == "KarinEk"
    assert (tags == 1).sum() == 1
    known = made.tags["org_type"] != UNKNOWN
    assert {TASKS["org_type"].labels[tag] for tag in made.tags["org_type"][known]} == {"municipality"}


def test_windows_hold_every_token_once():
    ids = np.arange(100)
    sentence = np.repeat(np.arange(10), 10)
    made = Encoded(Example("x", "", ()), Tokens(ids, ids, ids + 1, sentence, 10), {})
    rows = list(pieces(made, 25, random.Random(1)))
    assert [n for row in rows for n in range(row.start, row.end)] == list(range(100))
    assert all(row.end - row.start <= 25 for row in rows)
    assert all(row.start % 10 == 0 for row in rows)


@pytest.mark.parametrize("kind", ["bert", "xlm-roberta"])
def test_it_learns_what_it_is_shown(kind, data, tmp_path):
    said = []
    tiny(kind, data / "base", LINES)
    figures = train_recipe(recipe(data, data / "base", 30), tmp_path / "out", say=said.append)
    assert figures["mean"] > 0.9
    assert sum("held out: mean" in line for line in said) == 30
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {"best.safetensors", "tokenizer.json", "config.json"}


def test_a_broken_run_resumed_equals_an_unbroken_one(data, tmp_path):
    from safetensors.torch import load_file

    tiny("bert", data / "base", LINES)

    def weights(folder):
        return load_file(folder / "last.safetensors")

    whole = recipe(data, data / "base", 3)
    train_recipe(whole, tmp_path / "whole", say=lambda _: None)

    class Killed(Exception):
        pass

    def kill(line):
        if line.startswith("epoch 2 held out"):
            raise Killed

    with pytest.raises(Killed):
        train_recipe(whole, tmp_path / "broken", say=kill)
    train_recipe(whole, tmp_path / "broken", say=lambda _: None)
    first, second = weights(tmp_path / "whole"), weights(tmp_path / "broken")
    assert first.keys() == second.keys()
    assert all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("", ConfigError, "base"),
        ("[model]\nbase='x'\nlayer=3", UnknownName, "Did you mean 'layers'"),
        ("[model]\nbase='x'\n[[data]]\nkind='conll'", UnknownName, "iob"),
        ("[model\n", UnreadableFile, "TOML"),
    ],
)
def test_a_wrong_recipe_is_named(text, error, said, tmp_path):
    (tmp_path / "r.toml").write_text(text, encoding="utf-8")
    with pytest.raises(error, match=said):
        load_recipe(tmp_path / "r.toml")


def test_documents_of_a_known_type_come_in_but_not_the_annotated_ones(data):
    words = "Nämnden sammanträder och beslutar i alla ärenden som är beredda. " * 8
    known = json.loads((data / "t.jsonl").read_text(encoding="utf-8"))["text"]
    long = f"{known}\n\n{words}"
    (data / "t.jsonl").write_text(json.dumps({"id": "d1", "text": long}) + "\n", encoding="utf-8")
    rows = [{"id": "p1", "text": long}, *({"id": f"p{n}", "text": f"{n} {words}"} for n in (2, 3))]
    with gzip.open(data / "protokoll.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    source = '[[sources]]\nfile = "protokoll.jsonl.gz"\nlabel = "minutes"\nmost = 5\nweight = 0.5\n'
    (data / "sources.toml").write_text(source, encoding="utf-8")
    (data / "own" / "letter").mkdir(parents=True)
    (data / "own" / "letter" / "a.md").write_text("Hej Karin!", encoding="utf-8")
    table = (
        '[[data]]\nkind = "typed"\ntable = "sources.toml"\ncorpora = "."\nown = "own"\ncharacters = 80\nweight = 0.5'
    )
    (data / "recipe.toml").write_text(RECIPE.format(base="base", epochs=1) + table, encoding="utf-8")
    every = list(from_dataset(load_recipe(data / "recipe.toml").datasets()["train"]))
    found = [example for example in every if example.doc_type and not example.spans]
    assert [(e.doc_type, e.weight, len(e.text)) for e in found] == [
        ("minutes", 0.25, 80),
        ("minutes", 0.25, 80),
        ("letter", 1.0, 10),
    ]
    assert all(e.themes is None and e.sentences for e in found)
    assert len({e.id for e in every}) == len(every)


def test_a_missing_training_file_is_named(data):
    tiny("bert", data / "base", LINES)
    (data / "g.jsonl").unlink()
    with pytest.raises(UnreadableFile, match=r"g\.jsonl"):
        recipe(data, data / "base", 1).datasets()


def test_example_without_sentences():
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    made = encode(Example("x", "", (), {"actors": (Labelled(0, 1, "person"),)}), tokenizer)
    assert len(made.tokens.ids) == 0
