"""What networks said of texts they had not seen: dealt into stable folds, written and read back."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
from tiny_models import tiny  # noqa: E402

from offtext.document import Span  # noqa: E402
from offtext.train.multitask.batches import encode  # noqa: E402
from offtext.train.multitask.corpus import Example  # noqa: E402
from offtext.train.multitask.held import fold_of, read_held, write_held  # noqa: E402
from offtext.train.multitask.network import Network  # noqa: E402
from offtext.train.multitask.run import tokenizer_of  # noqa: E402
from offtext.train.multitask.torch_encoder import TorchEncoder  # noqa: E402

TEXT = "Karin Ek är rektor. Vi ses på torsdag."


def test_a_text_stays_in_its_fold():
    assert [fold_of(id, 3) for id in ("d1", "d2", "d3", "d4", "å")] == [0, 1, 1, 0, 0]
    assert {fold_of(f"d{n}", 5) for n in range(100)} == set(range(5))


def test_what_was_said_comes_back(tmp_path):
    base = tiny("bert", tmp_path / "base", [TEXT])
    encoder = TorchEncoder(Network(base), tokenizer_of(str(base)), length=48)
    encoder.network.train()  # it must read without dropout whatever was done before
    texts = [Example("d1", TEXT, (Span(0, 19), Span(20, 38))), Example("d2", "", ())]
    encoded = [encode(example, encoder._tokenizer) for example in texts]
    for name, part in (("a", encoded), ("b", [])):
        (tmp_path / name).mkdir()
        write_held(encoder, part, tmp_path / name)
    found = read_held([tmp_path / "a", tmp_path / "b"])
    assert list(found) == ["d1", "d2"]
    for example, part in zip(texts, encoded, strict=True):
        [said], kept = encoder.read([part.tokens]), found[example.id]
        assert kept.scores.labels == said.scores.labels
        assert kept.scores.columns == said.scores.columns
        assert np.array_equal(kept.scores.starts, said.scores.starts)
        assert np.array_equal(kept.scores.ends, said.scores.ends)
        assert kept.scores.logits == pytest.approx(said.scores.logits, abs=2e-3)
        assert kept.of_sentences["themes"] == pytest.approx(said.of_sentences["themes"], abs=2e-3)
        assert kept.of_document["doc_type"] == pytest.approx(said.of_document["doc_type"], abs=2e-3)
        assert len(kept.sentences) == len(example.sentences)
