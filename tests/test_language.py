"""offtext inside spaCy: entities, the analysis on the doc, and pipelines that survive the disk."""

import pytest

spacy = pytest.importorskip("spacy")
import offtext  # noqa: E402
from offtext.errors import UnknownName  # noqa: E402

TEXT = "– Vi börjar i höst, säger Karin Ek, rektor i Tranås kommun. Hon bor i Eksjö."


@pytest.fixture(scope="module")
def nlp():
    return offtext.load(model=None)


def test_entities_as_the_field_expects_them(nlp):
    assert [(ent.text, ent.label_) for ent in nlp(TEXT).ents] == [
        ("Karin Ek", "PER"),
        ("Tranås kommun", "ORG"),
        ("Eksjö", "LOC"),
    ]


def test_the_analysis_is_that_of_the_text(nlp):
    assert nlp(TEXT)._.offtext == offtext.analyze(offtext.Document.from_text(TEXT), model=None)


def test_span_groups(nlp):
    doc = nlp(TEXT)
    assert [span.text for span in doc.spans["quotes"]] == ["Vi börjar i höst"]
    assert {span.label_ for span in doc.spans["actors"]} == {"person", "organisation"}


def test_pipe_equals_one_by_one(nlp):
    texts = [TEXT, "", "Hej!", TEXT[:30]]
    assert [doc._.offtext for doc in nlp.pipe(texts)] == [nlp(text)._.offtext for text in texts]


def test_to_disk_and_back(nlp, tmp_path):
    nlp.to_disk(tmp_path / "nlp")
    again = spacy.load(tmp_path / "nlp")
    assert again(TEXT)._.offtext == nlp(TEXT)._.offtext


def test_found_by_entry_point():
    assert "offtext" in spacy.blank("sv").factory_names


def test_docs_survive_docbin(nlp):
    from spacy.tokens import DocBin

    stored = DocBin(docs=[nlp(TEXT)], store_user_data=True).to_bytes()
    [doc] = DocBin().from_bytes(stored).get_docs(nlp.vocab)
    assert doc._.offtext == nlp(TEXT)._.offtext


def test_two_pipelines_do_not_disturb_each_other(nlp):
    narrow = offtext.load(model=None, layers=["actors"])
    wide_doc, narrow_doc = nlp(TEXT), narrow(TEXT)
    assert wide_doc._.offtext.quotes
    assert not narrow_doc._.offtext.quotes
    assert narrow.config["components"]["offtext"]["layers"] == ["actors"]


def test_a_doc_that_was_never_analysed_has_none():
    assert spacy.blank("sv")("Hej")._.offtext is None


def test_unknown_layer():
    with pytest.raises(UnknownName):
        offtext.load(model=None, layers=["quote"])
