"""Training the heads: small made-up data, no encoder."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from offtext.errors import UnknownName
from offtext.labels import DOC_TYPES, THEMES
from offtext.layout import parse
from offtext.train.document_type import fit_document_type
from offtext.train.passages import read_passages
from offtext.train.themes import Annotated, best_thresholds, calibration_error, cue_precision, fit_themes, gold_of
from offtext.train.weak import Typed, own_documents, weak_documents

OWN = Path(__file__).parents[2] / "corpora" / "doctypes"
PASSAGES = Path(__file__).parents[2] / "corpora" / "themes" / "passages.txt"

TEXT = "Kommunen samverkar med regionen om bryggan.\n\nSolen sken.\n\nMötet hölls i maj.\n"


def annotated(seed, **more):
    layout = parse(TEXT)
    meaning = np.random.default_rng(seed).normal(size=(len(layout.sentences), len(THEMES))).astype(np.float32)
    first = layout.sentences[0]
    sentences = [{"start": first.start, "end": first.end, "labels": list(THEMES)}]
    return Annotated(layout, meaning, sentences, dict.fromkeys(THEMES, seed % 2), **more)


def test_gold_goes_to_the_sentence_that_is_most_alike():
    found = gold_of(annotated(0))
    assert found[0].all()
    assert not found[1:].any()


def test_theme_heads_have_the_shapes_the_layer_reads():
    arrays, figures = fit_themes([annotated(n) for n in range(10)], seed=1)
    assert arrays["themes.mix"].shape == (len(THEMES), 4)
    assert arrays["themes.document"].shape == (len(THEMES), 3)
    assert arrays["themes.ngrams"].shape == (len(arrays["themes.idf"]), len(THEMES))
    assert arrays["themes.thresholds"].shape == (len(THEMES),)
    assert figures["theme sentence micro F1"] == 1.0


def test_theme_heads_are_checked_on_sources_they_have_not_seen_and_never_on_passages():
    documents = [annotated(n, source=f"hand {n % 2}") for n in range(10)]
    layout = parse(TEXT)
    wrong = Annotated(layout, None, [], None, "hand 0", weight=0.01)
    _, figures = fit_themes([*documents, wrong], seed=1)
    assert figures["theme sentence micro F1, new source"] == 1.0
    assert figures["theme sentence micro F1, hand 1, new source"] == 1.0


def test_a_theme_that_is_nowhere_is_never_found():
    documents = [annotated(n) for n in range(10)]
    rare = THEMES.index("trust")
    without = [
        replace(d, sentences=[{**d.sentences[0], "labels": [t for t in THEMES if t != "trust"]}]) for d in documents
    ]
    arrays, figures = fit_themes(without, seed=1)
    assert not arrays["themes.mix"][rare].any()
    assert arrays["themes.mix_intercept"][rare] < -2
    assert figures["theme sentence micro F1"] == 1.0


def test_our_passages_are_labelled_sentence_by_sentence():
    passages = read_passages(PASSAGES)
    assert len(passages) >= 30
    assert {passage.kind for passage in passages} <= set(DOC_TYPES)
    carried = [(p.text[s["start"] : s["end"]], s["labels"]) for p in passages for s in p.sentences]
    assert {label for _, labels in carried for label in labels} == set(THEMES)
    assert all(text == text.strip() and text for text, _ in carried)


def test_a_passage_with_an_unknown_theme_is_refused(tmp_path):
    file = tmp_path / "passages.txt"
    file.write_text("\n## letter\n- | Hej!\nweather | Det regnar.\n")
    with pytest.raises(UnknownName):
        read_passages(file)
    assert read_passages(tmp_path / "missing.txt") == []


def test_cue_precision_is_a_share():
    found = cue_precision([annotated(n) for n in range(3)])
    assert found["collaboration/samverka"][1] == 3
    assert all(0 <= share <= 1 for share, _ in found.values())


def test_thresholds_separate_what_can_be_separated():
    gold = np.repeat([[True], [False]], 20, axis=0)
    scores = np.where(gold, 0.4, 0.2).astype(np.float32)
    assert ((scores >= best_thresholds(scores, gold)) == gold).all()


def test_calibration_error_of_honest_and_of_boastful_scores():
    gold = np.array([[True], [False]] * 50)
    assert calibration_error(np.full((100, 1), 0.5, dtype=np.float32), gold) == pytest.approx(0)
    assert calibration_error(np.full((100, 1), 0.95, dtype=np.float32), gold) == pytest.approx(0.45)


def test_document_type_heads_learn_and_leave_unseen_types_to_the_cues():
    words = {"news": "säger berättar invigdes", "speech": "vänner tack åhörare", "plan": "mål åtgärder vision"}
    rng = np.random.default_rng(3)
    documents, meaning = [], []
    for n in range(60):
        label = list(words)[n % 3]
        documents.append(Typed(f"{words[label]} nummer {n}", label, 3.0 if n < 40 else 1.0, f"publisher {n % 4}"))
        said = rng.normal(size=len(DOC_TYPES)) + 3 * np.eye(len(DOC_TYPES))[DOC_TYPES.index(label)]
        meaning.append(said.astype(np.float32) if n < 36 else None)
    layouts = [parse(d.text) for d in documents]
    arrays, figures = fit_document_type(documents, layouts, meaning, seed=1)
    assert arrays["document_type.ngrams"].shape == (len(arrays["document_type.idf"]), len(DOC_TYPES))
    assert arrays["document_type.mix"].shape == (3,)
    assert arrays["document_type.bias"].shape == (len(DOC_TYPES),)
    assert figures["document type accuracy"] > 0.9
    assert figures["document type accuracy, new publisher"] > 0.9
    assert figures["document type accuracy, model"] > 0.7
    unseen = DOC_TYPES.index("letter")
    assert not arrays["document_type.ngrams"][:, unseen].any()


def test_weak_documents_leave_out_what_is_held_out(tmp_path):
    table = tmp_path / "sources.toml"
    table.write_text('[[sources]]\nfile = "a.jsonl.gz"\nlabel = "news"\nmost = 5\nweight = 0.5\nid = "^n"\n')
    rows = [{"id": f"n{n}", "text": f"{n} " + "ord " * 100} for n in range(3)] + [{"id": "x", "text": "ord " * 100}]
    with gzip.open(tmp_path / "a.jsonl.gz", "wt") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    from offtext.train.weak import beginning

    found = list(weak_documents(table, tmp_path, {beginning(rows[0]["text"])}, seed=1))
    assert {d.text.split()[0] for d in found} == {"1", "2"}
    table.write_text('[[sources]]\nfile = "a.jsonl.gz"\nlabel = "newz"\nmost = 5\nweight = 0.5\n')
    with pytest.raises(UnknownName):
        list(weak_documents(table, tmp_path, set(), seed=1))


def test_our_own_texts_have_known_labels():
    found = list(own_documents(OWN))
    assert len(found) >= 20
    assert {d.label for d in found} <= set(DOC_TYPES)
