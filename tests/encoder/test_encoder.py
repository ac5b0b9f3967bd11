"""The encoder: the same text gives the same states in any company, and no text raises."""

import json
import pickle
import shutil
import warnings

import numpy as np
import pytest

from offtext.encoder import load_encoder, open_store
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
    states = load_encoder(tiny_model[1]).encode([LETTER])[0]
    assert states.sentences.shape == (3, 32)
    assert states.document.shape == (32,)
    assert states.sentences.dtype == states.document.dtype == np.float32
    assert states.store.name == "tiny"


def test_same_result_alone_and_in_a_batch_and_with_any_number_of_threads(tiny_model):
    encoder = load_encoder(tiny_model[1], threads=1)
    alone = encoder.encode([LETTER])[0]
    for threads in (1, 3):
        batched = load_encoder(tiny_model[1], threads=threads).encode([LONG, LETTER, layout("Något helt annat.")])[1]
        assert np.array_equal(alone.sentences, batched.sentences)
        assert np.array_equal(alone.document, batched.document)


def test_nothing_of_a_long_sentence_is_cut_off(tiny_model):
    encoder = load_encoder(tiny_model[1])
    beginning = "ord " * 300
    one, other = encoder.embed([beginning + "sista", beginning + "annat"])
    assert not np.allclose(one, other)


@pytest.mark.parametrize("text", ["", " ", "\x00\x01", "half \ud83d pair", "x" * 30_000, "漢字 мир", "\u0301" * 50])
def test_a_text_never_raises(tiny_model, text):
    states = load_encoder(tiny_model[1]).encode([layout(text, "Hej.")])[0]
    assert np.isfinite(states.sentences).all()


def test_a_text_without_sentences_has_zeros(tiny_model):
    states = load_encoder(tiny_model[1]).encode([Layout("")])[0]
    assert states.sentences.shape == (0, 32)
    assert not states.document.any()
    assert load_encoder(tiny_model[1]).encode([]) == []
    assert load_encoder(tiny_model[1]).embed([]).shape == (0, 32)


def test_export_agrees_with_torch(tiny_model):
    from offtext.train.base import parity

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = parity(*tiny_model, ["Vi ses i bygdegården.", "Hej."], layers=[1, 2])
    assert found["mean"] > 0.99
    assert found["min"] > 0.97


def test_a_worker_gets_its_own_session(tiny_model):
    encoder = load_encoder(tiny_model[1])
    before = encoder.encode([LETTER])[0]
    copy = pickle.loads(pickle.dumps(encoder))
    assert np.array_equal(copy.encode([LETTER])[0].document, before.document)


def test_a_model_that_was_altered_is_refused(tiny_model, tmp_path):
    folder = tmp_path / "altered"
    shutil.copytree(tiny_model[1], folder)
    with (folder / "tokenizer.json").open("a") as file:
        file.write(" ")
    with pytest.raises(ModelError, match=r"tokenizer\.json.*sha256"):
        open_store(folder)


def test_a_model_that_lacks_a_file_is_refused(tiny_model, tmp_path):
    folder = tmp_path / "lacking"
    shutil.copytree(tiny_model[1], folder)
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
