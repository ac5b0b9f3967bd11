"""Training the heads: small made-up data, no encoder."""

import gzip
import json
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
    state = np.random.default_rng(seed).normal(size=(len(layout.sentences), 6)).astype(np.float32)
    first = layout.sentences[0]
    sentences = [{"start": first.start, "end": first.end, "labels": list(THEMES)}]
    return Annotated(layout, state, sentences, dict.fromkeys(THEMES, seed % 2), **more)


def test_gold_goes_to_the_sentence_that_is_most_alike():
    found = gold_of(annotated(0))
    assert found[0].all()
    assert not found[1:].any()


def test_theme_heads_have_the_shapes_the_layer_reads():
    arrays, figures = fit_themes([annotated(n) for n in range(10)], seed=1)
    assert arrays["themes.mix"].shape == (len(THEMES), 4)
    assert arrays["themes.document"].shape == (len(THEMES), 3)
    assert arrays["themes.states"].shape == arrays["themes.states_beside"].shape == (6, len(THEMES))
    assert arrays["themes.thresholds"].shape == (len(THEMES),)
    assert figures["theme sentence micro F1"] == 1.0


def test_theme_heads_are_checked_on_sources_they_have_not_seen_and_never_on_passages():
    documents = [annotated(n, source=f"hand {n % 2}") for n in range(10)]
    layout = parse(TEXT)
    wrong = Annotated(layout, documents[0].states, [], None, "hand 0", weight=0.01)
    _, figures = fit_themes([*documents, wrong], seed=1)
    assert figures["theme sentence micro F1, new source"] == 1.0
    assert figures["theme sentence micro F1, hand 1, new source"] == 1.0


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
    documents, states = [], []
    for n in range(60):
        label = list(words)[n % 3]
        documents.append(Typed(f"{words[label]} nummer {n}", label, 3.0 if n < 40 else 1.0, f"publisher {n % 4}"))
        states.append(rng.normal(size=5) + 3 * (n % 3))
    layouts = [parse(d.text) for d in documents]
    arrays, figures = fit_document_type(documents, layouts, np.array(states, dtype=np.float32), seed=1)
    assert arrays["document_type.ngrams"].shape[1] == arrays["document_type.states"].shape[1] == len(DOC_TYPES)
    assert figures["document type accuracy"] > 0.9
    assert figures["document type accuracy, new publisher"] > 0.9
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
