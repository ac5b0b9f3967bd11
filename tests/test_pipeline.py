"""The face: what counts as a path, lazy batches, chosen layers, rows of a dataset."""

from pathlib import Path

import pytest

import offtext
from offtext.document import Document
from offtext.errors import UnknownName, UnreadableFile
from offtext.pipeline import LAYERS, Pipeline, to_document

TEXT = "– Vi börjar i höst, säger Karin Ek, rektor i Tranås kommun."


class TestPathOrText:
    def test_existing_file(self, tmp_path):
        (tmp_path / "brev.txt").write_text(TEXT, encoding="utf-8")
        assert to_document(str(tmp_path / "brev.txt")).text == TEXT
        assert to_document(tmp_path / "brev.txt").source.format == "txt"

    def test_misspelt_path_is_an_error_that_names_it(self):
        with pytest.raises(UnreadableFile, match=r"finns_inte\.pdf"):
            offtext.analyze("finns_inte.pdf", model=None)

    @pytest.mark.parametrize(
        "text", ["", "Hej", "Se bilagan.pdf", TEXT, "rad\nbrev.txt", "a" * 5000, "\0.pdf x", "\ud83d"]
    )
    def test_text(self, text):
        assert to_document(text).text == text

    def test_document_is_taken_as_it_is(self):
        document = Document.from_text("finns_inte.pdf", id="d1")
        assert offtext.analyze(document, model=None).id == "d1"


class TestAnalyzeAll:
    def test_lazy_and_in_order(self):
        asked = []

        def items():
            for n in range(100):
                asked.append(n)
                yield Document.from_text(f"Text {n}.", id=str(n))

        results = offtext.analyze_all(items(), model=None, batch_size=4)
        assert next(results).id == "0"
        assert len(asked) == 4

    def test_a_bad_document_harms_itself_alone(self, tmp_path):
        (tmp_path / "tom.pdf").write_bytes(b"")
        found = list(offtext.analyze_all([TEXT, tmp_path / "tom.pdf", tmp_path / "borta.txt", TEXT], model=None))
        assert [f.error is None for f in found] == [True, False, False, True]
        assert "tom.pdf" in found[1].error
        assert "borta.txt" in found[2].error
        assert found[3].quotes

    def test_what_is_no_item_at_all_is_an_error_too(self):
        [found] = offtext.analyze_all([3], model=None)
        assert "3" in found.id
        assert found.error


class TestLayers:
    def test_only_what_is_asked_for_is_returned(self):
        found = offtext.analyze(TEXT, model=None, layers=["quotes"])
        assert found.quotes
        assert not found.goals
        assert not found.themes

    def test_one_name_will_do(self):
        assert offtext.analyze(TEXT, model=None, layers="actors").actors

    def test_unknown_layer(self):
        with pytest.raises(UnknownName, match="Did you mean 'quotes'"):
            Pipeline(model=None, layers=["quote"])

    def test_needs_are_layers_too(self):
        assert {need for needs in LAYERS.values() for need in needs} <= set(LAYERS)


class TestAnnotate:
    rows = {"text": ["", TEXT, None], "nr": [7, 8, 9]}

    def test_declared_types_though_the_first_rows_are_empty(self):
        datasets = pytest.importorskip("datasets")
        rows = datasets.Dataset.from_dict(self.rows).with_format("arrow")
        made = rows.map(offtext.annotate, batched=True, batch_size=1, fn_kwargs={"id": "nr", "model": None})
        made = made.with_format(None)
        assert list(made["nr"]) == [7, 8, 9]
        assert made[1]["quotes"][0]["speaker_name"] == "Karin Ek"
        assert made[0]["actors"] == []
        assert made[2]["doc_type"] in offtext.labels.DOC_TYPES

    def test_plain_rows(self):
        datasets = pytest.importorskip("datasets")
        made = datasets.Dataset.from_dict(self.rows).map(offtext.annotate, batched=True, fn_kwargs={"model": None})
        assert made[1]["quotes"][0]["speaker_name"] == "Karin Ek"


def test_examples_in_the_package_description_hold():
    assert offtext.analyze(TEXT).quotes[0].speaker.role == "rektor i Tranås kommun"
    assert Path(offtext.__file__).with_name("py.typed").exists()
