"""The encoder: the same text gives the same states in any company, and no text raises."""

import json
import pickle
import shutil

import numpy as np
import pytest

from offtext.encoder import load_encoder, open_store
from offtext.encoder.decoding import softmax
from offtext.encoder.onnx import SLICE
from offtext.encoder.states import heads_of
from offtext.encoder.tokens import tokenise_layout
from offtext.errors import ModelError, UnknownName
from offtext.layout.structure import Block, Layout, Sentence


def layout(*sentences: str) -> Layout:
    text = "\n".join(sentences)
    found, start = [], 0
    for n, sentence in enumerate(sentences):
        found.append(Sentence(start, start + len(sentence), n))
        start += len(sentence) + 1
    blocks = tuple(Block("paragraph", s.start, s.end, s.start, s.end) for s in found)
    return Layout(text, blocks, tuple(found))


LETTER = layout("Hej Karin!", "Vi ses i bygdegården på torsdag, eller hur?", "Ta med kakor.")
LONG = layout("ord " * 300, "Slut.")


def test_shapes(tiny_model):
    states = load_encoder(tiny_model).encode([LETTER])[0]
    assert states.sentences.shape == (3, 32)
    assert states.document.shape == (32,)
    assert states.sentences.dtype == states.document.dtype == np.float32
    assert states.of_sentences["themes"].shape == (3, 13)
    assert states.of_document["doc_type"].shape == (17,)
    assert states.scores.of("entities").shape == (len(states.scores.starts), 7)
    assert states.store.name == "tiny"


def test_same_result_alone_and_in_a_batch_and_with_any_number_of_threads(tiny_model):
    encoder = load_encoder(tiny_model, threads=1)
    alone = encoder.encode([LETTER])[0]
    for threads in (1, 3):
        batched = load_encoder(tiny_model, threads=threads).encode([LONG, LETTER, layout("Något helt annat.")])[1]
        assert np.array_equal(alone.sentences, batched.sentences)
        assert np.array_equal(alone.document, batched.document)
        assert np.array_equal(alone.scores.logits, batched.scores.logits)
        assert np.array_equal(alone.of_sentences["themes"], batched.of_sentences["themes"])


def test_scores_of_sentences_and_documents_are_the_mean_of_their_tokens(tiny_model):
    encoder = load_encoder(tiny_model)
    tokens = tokenise_layout(LETTER, encoder._tokenizer)
    [states] = encoder.read([tokens])
    ids = np.concatenate([encoder._frame[0], tokens.ids, encoder._frame[1]])[None]
    said = encoder._session.run(["scores"], {"input_ids": ids})[0][0, 1:-1]
    place = {head.task: slice(head.first, head.last) for head in heads_of(encoder.store)}
    means = [said[tokens.sentence == n, place["themes"]].mean(0) for n in range(3)]
    assert states.of_sentences["themes"] == pytest.approx(np.stack(means), abs=1e-5)
    assert states.of_document["doc_type"] == pytest.approx(said[:, place["doc_type"]].mean(0), abs=1e-5)
    assert np.array_equal(states.scores.of("actors"), said[:, place["actors"]])


def test_a_bare_encoder_gives_states_alone(bare_model, tiny_model):
    states, with_heads = (load_encoder(folder).encode([LETTER])[0] for folder in (bare_model, tiny_model))
    assert np.array_equal(states.sentences, with_heads.sentences)
    assert states.scores is None
    assert states.of_sentences == states.of_document == {}
    assert load_encoder(bare_model).embed(["Hej."]).shape == (1, 32)


@pytest.mark.parametrize("length", [8, 21, 40, 62])
def test_windows_leave_no_seam(length, made, monkeypatch):
    """A network that judges each token by itself must say the same of it wherever the windows are cut."""
    cut = {"embeddings.position_embeddings": 0.0, "attention.output.dense": 0.0}
    for name, weight in made.network.encoder.named_parameters():
        if any(part in name for part in cut):
            monkeypatch.setattr(weight, "data", weight.data * 0)
    [whole] = made.exact.encode([LONG])
    monkeypatch.setattr(made.exact, "_window", length)
    [parts] = made.exact.encode([LONG])
    assert np.array_equal(parts.scores.starts, whole.scores.starts)
    assert parts.scores.logits == pytest.approx(whole.scores.logits, abs=1e-4)
    assert parts.sentences == pytest.approx(whole.sentences, abs=1e-4)
    assert parts.of_document["doc_type"] == pytest.approx(whole.of_document["doc_type"], abs=1e-4)


def test_what_stands_around_a_token_counts_little_across_a_seam(made, monkeypatch):
    for name, weight in made.network.encoder.named_parameters():
        if "embeddings.position_embeddings" in name:  # at random they are as loud as the words
            monkeypatch.setattr(weight, "data", weight.data * 0)
    [whole] = made.exact.encode([LONG])
    monkeypatch.setattr(made.exact, "_window", 40)
    [parts] = made.exact.encode([LONG])
    assert parts.scores.logits.shape == whole.scores.logits.shape
    assert np.abs(parts.scores.logits - whole.scores.logits).max() < 0.1 * np.ptp(whole.scores.logits)


def test_a_text_of_more_windows_than_are_held_at_once(made, monkeypatch):
    encoder = load_encoder(made.small)
    [whole] = encoder.encode([LONG])
    monkeypatch.setattr("offtext.encoder.onnx.SLICE", 2)
    [piecemeal] = encoder.encode([LONG])
    assert SLICE > 2
    assert np.array_equal(piecemeal.scores.logits, whole.scores.logits)
    assert np.array_equal(piecemeal.sentences, whole.sentences)


def test_spans_are_characters_of_whole_pieces(tiny_model):
    scores = load_encoder(tiny_model).encode([layout("Karin Ek är rektor i Tranås kommun.")])[0].scores
    first, last = scores.columns["actors"]
    tags = np.zeros((len(scores.starts), last - first), dtype=np.float32)
    words = {0: 1, 1: 2, 5: 3, 6: 4}  # Karin Ek: person; Tran and the piece after it: organisation
    tags[:, 0] = 1
    for token, tag in words.items():
        tags[token, tag] = 9
    scores.logits[:, first:last] = tags
    text = "Karin Ek är rektor i Tranås kommun."
    assert [(text[s.start : s.end], s.label) for s in scores.spans("actors")] == [
        ("Karin Ek", "person"),
        ("Tranå", "organisation"),
    ]
    assert all(s.score > 0.99 for s in scores.spans("actors"))


def test_shares_and_tokens_of_spans(tiny_model):
    text = "Karin Ek är rektor i Tranås kommun."
    scores = load_encoder(tiny_model).encode([layout(text)])[0].scores
    assert scores.between(0, 8) == (0, 2)
    assert scores.between(3, 4) == (0, 1)
    assert scores.between(5, 6) == (1, 1)  # a blank
    assert scores.between(1000, 1001) == (len(scores.starts),) * 2
    kinds = scores.share("org_type", [(0, 8), (5, 6)])
    assert kinds[0] == pytest.approx(softmax(scores.of("org_type")[:2]).mean(0))
    assert kinds[0].sum() == pytest.approx(1, abs=1e-5)
    assert not kinds[1].any()
    tags = softmax(scores.of("entities")[:2]).mean(0)
    assert scores.share("entities", [(0, 8)])[0] == pytest.approx(tags[1::2] + tags[2::2])
    assert scores.share("entities", []).shape == (0, 3)


def test_nothing_of_a_long_sentence_is_cut_off(tiny_model):
    encoder = load_encoder(tiny_model)
    beginning = "ord " * 300
    one, other = encoder.embed([beginning + "sista", beginning + "annat"])
    assert not np.allclose(one, other)


@pytest.mark.parametrize("text", ["", " ", "\x00\x01", "half \ud83d pair", "x" * 30_000, "漢字 мир", "\u0301" * 50])
def test_a_text_never_raises(tiny_model, text):
    states = load_encoder(tiny_model).encode([layout(text, "Hej.")])[0]
    assert np.isfinite(states.sentences).all()
    assert np.isfinite(states.scores.logits).all()
    assert all(states.scores.spans(task) is not None for task in ("entities", "actors", "goals"))


def test_a_text_without_sentences_has_zeros(tiny_model):
    states = load_encoder(tiny_model).encode([Layout("")])[0]
    assert states.sentences.shape == (0, 32)
    assert not states.document.any()
    assert states.scores.spans("actors") == []
    assert load_encoder(tiny_model).encode([]) == []
    assert load_encoder(tiny_model).embed([]).shape == (0, 32)


def test_export_agrees_with_torch(made):
    from offtext.train.multitask.export import parity

    texts = ["Karin Ek är rektor i Tranås kommun.", "Hej, vi ses på torsdag!", "ord eller " * 60]
    whole = parity(made.exact, load_encoder(made.whole), texts)
    assert whole["max"] < 1e-3
    assert whole["agree"] == 1
    small = parity(made.exact, load_encoder(made.small), texts)
    assert small["max"] < 0.25  # 8 bits: scores of this network lie in a range of about 2
    assert small["mean"] < 0.03
    assert small["tokens"] == whole["tokens"] > 130


def test_a_worker_gets_its_own_session(tiny_model):
    encoder = load_encoder(tiny_model)
    before = encoder.encode([LETTER])[0]
    copy = pickle.loads(pickle.dumps(encoder))
    assert np.array_equal(copy.encode([LETTER])[0].document, before.document)


def test_a_model_that_was_altered_is_refused(tiny_model, tmp_path):
    folder = tmp_path / "altered"
    shutil.copytree(tiny_model, folder)
    with (folder / "tokenizer.json").open("a") as file:
        file.write(" ")
    with pytest.raises(ModelError, match=r"tokenizer\.json.*sha256"):
        open_store(folder)


def test_a_model_that_lacks_a_file_is_refused(tiny_model, tmp_path):
    folder = tmp_path / "lacking"
    shutil.copytree(tiny_model, folder)
    (folder / "encoder.onnx").unlink()
    with pytest.raises(ModelError, match=r"encoder\.onnx is missing"):
        open_store(folder)


def test_a_model_with_a_pickle_is_refused(tmp_path):
    manifest = {"name": "x", "version": "1", "files": {"heads.pkl": "0"}}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match=r"heads\.pkl is not a kind of file"):
        open_store(tmp_path)


def test_an_empty_folder_and_an_unknown_name_say_what_to_do(tmp_path):
    with pytest.raises(ModelError, match=r"manifest\.json is missing"):
        open_store(tmp_path)
    with pytest.raises(UnknownName, match="unknown model 'sv_oftext'"):
        open_store("sv_oftext")
