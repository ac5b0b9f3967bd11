"""Tables are views of the record, with declared columns and keys that join."""

import pyarrow as pa
import pytest

from offtext.analysis import Analysis, themes_of
from offtext.document import Source, Span
from offtext.errors import RecordError, UnknownName
from offtext.record import (
    Actor,
    Collaboration,
    DocumentType,
    Entity,
    Goal,
    Metadata,
    Model,
    Quote,
    Register,
    ThemeSentence,
)
from offtext.tables import SCHEMAS, frame_of, rows_of, table_of

TEXT = "Karin Ek leder Lindö kommun. Vi ska växa, säger hon."
BODY = Actor(
    "a2", "Lindö kommun", "organisation", (Span(15, 27),), "municipality", register=Register("municipality", "0000")
)
PERSON = Actor("a1", "Karin Ek", "person", (Span(0, 8),), role="leder", affiliation=BODY, score=0.9)
SENTENCE = ThemeSentence(0, 28, TEXT[0:28], ("governance", "trust"), {"governance": 0.9, "trust": 0.6})


def whole(**changes):
    fields = {
        "id": "d1",
        "text": TEXT,
        "source": Source("a.txt", "txt", None, "00"),
        "doc_type": DocumentType("news", 0.8, {"news": 0.8, "letter": 0.2}),
        "meta": Metadata("Rubrik", "2024-03", None, (BODY,), (), (PERSON,)),
        "entities": (Entity(0, 8, "PER", 0.9),),
        "actors": (PERSON, BODY),
        "quotes": (Quote("q1", "direct", (Span(29, 40),), TEXT[29:40], PERSON, Span(42, 47), None, 0.7),),
        "goals": (Goal("g1", "commitment", 29, 40, TEXT[29:40], BODY, None, Span(36, 40), 0.5),),
        "theme_sentences": (SENTENCE,),
        "themes": themes_of({"governance": 0.9, "trust": 0.3}, (SENTENCE,)),
        "collaborations": (Collaboration((BODY, PERSON), Span(0, 28), Span(9, 14), 0.4),),
        "warnings": ("odd",),
        "model": Model("m", "1"),
    }
    return Analysis(**{**fields, **changes})


def test_record_round_trip():
    assert Analysis.from_dict(whole().to_dict()) == whole()
    assert Analysis.from_dict(whole().to_dict(text=False), text=TEXT) == whole()


def test_actors_keep_their_order_though_persons_refer_to_organisations():
    assert [actor.id for actor in Analysis.from_dict(whole().to_dict()).actors] == ["a1", "a2"]


@pytest.mark.parametrize("spoil", ["doc_type", "actors", "text"])
def test_a_broken_record_is_named(spoil):
    record = whole().to_dict()
    del record[spoil]
    with pytest.raises(RecordError, match="d1"):
        Analysis.from_dict(record)


@pytest.mark.parametrize("table", SCHEMAS)
def test_every_table_has_its_declared_schema(table):
    assert table_of([whole().to_dict()], table).schema == SCHEMAS[table]
    assert table_of([], table).schema == SCHEMAS[table]


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("mentions", {"document_id": "d1", "actor": "a1", "start": 0, "end": 8, "text": "Karin Ek"}),
        ("themes", {"document_id": "d1", "theme": "governance", "score": 0.9}),
    ],
)
def test_rows(table, row):
    assert rows_of(whole().to_dict(), table)[0] == row


def test_names_stand_beside_keys():
    record = whole().to_dict()
    assert rows_of(record, "quotes")[0]["speaker_name"] == "Karin Ek"
    assert rows_of(record, "goals")[0]["holder_name"] == "Lindö kommun"
    assert rows_of(record, "goals")[0]["deadline"] == "växa"
    assert rows_of(record, "collaborations")[0]["party_names"] == ["Lindö kommun", "Karin Ek"]
    assert [row["theme"] for row in rows_of(record, "theme_sentences")] == ["governance", "trust"]


def test_keys_join():
    pandas = pytest.importorskip("pandas")
    quotes, actors = (whole().to_frame(table) for table in ("quotes", "actors"))
    joined = pandas.merge(quotes, actors, left_on=["document_id", "speaker"], right_on=["document_id", "id"])
    assert joined["name"].tolist() == ["Karin Ek"]


def test_a_failure_is_a_row_of_errors_and_nowhere_else():
    failed = Analysis("d2", "", DocumentType("other", 0.0), Source("b.pdf"), error="b.pdf: encrypted.").to_dict()
    assert rows_of(failed, "errors") == [{"document_id": "d2", "path": "b.pdf", "message": "b.pdf: encrypted."}]
    assert all(not rows_of(failed, table) for table in SCHEMAS if table != "errors")


def test_half_a_surrogate_pair_can_be_stored():
    table = table_of([whole(id="d\ud83d", text="Karin Ek \udc80" + TEXT[10:]).to_dict()], "documents")
    assert pa.types.is_string(table.schema.field("id").type)


def test_an_unknown_table_is_named():
    with pytest.raises(UnknownName, match="Did you mean 'actors'"):
        frame_of([], "actor")
