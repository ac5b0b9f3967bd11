"""The layers as columns of Arrow batches: the same as in the tables of a run."""

import pyarrow as pa
import pytest
from odd_documents import TEXT

import offtext
from offtext.jobs.arrow import annotate_batches, annotated_schema
from offtext.jobs.run import analyze_archive
from offtext.tables import SCHEMAS

ROWS = [{"nr": str(n), "text": TEXT.format(name="Karin", n=n)} for n in range(5)] + [{"nr": "tom", "text": ""}]


@pytest.fixture
def table():
    return pa.Table.from_pylist(ROWS)


def test_batches_come_out_with_the_schema_that_was_told(table):
    batches = table.to_batches(max_chunksize=2)
    made = list(annotate_batches(iter(batches), id="nr", model=None))
    assert [batch.num_rows for batch in made] == [2, 2, 2]
    assert all(batch.schema == annotated_schema(table.schema) for batch in made)
    assert pa.Table.from_batches(made).select(table.column_names) == table


def test_batches_are_taken_one_at_a_time(table):
    taken = []

    def batches():
        for batch in table.to_batches(max_chunksize=2):
            taken.append(batch)
            yield batch

    next(annotate_batches(batches(), model=None))
    assert len(taken) == 1


def test_an_empty_batch(table):
    [made] = annotate_batches([pa.RecordBatch.from_pylist([], schema=table.schema)], model=None)
    assert made.num_rows == 0
    assert made.schema == annotated_schema(table.schema)


def test_a_run_a_dataset_and_batches_say_the_same(table, tmp_path, rows):
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    given = datasets.Dataset.from_list(ROWS)
    mapped = given.with_format("arrow").map(
        offtext.annotate, batched=True, batch_size=4, fn_kwargs={"id": "nr", "model": None}
    )
    given.save_to_disk(tmp_path / "texter")
    analyze_archive([tmp_path / "texter"], tmp_path / "resultat", id="nr", model=None, workers=0)
    batches = pa.Table.from_batches(annotate_batches(table.to_batches(), id="nr", model=None)).to_pylist()
    for name in ("actors", "mentions", "quotes", "goals"):
        ran = [
            {**row, "document_id": row["document_id"].partition("#")[2]} for row in rows(tmp_path / "resultat", name)
        ]
        assert ran or name == "goals"
        for made in (mapped.with_format(None), batches):
            assert [{"document_id": row["nr"], **found} for row in made for found in row[name]] == ran, name
    assert set(SCHEMAS) - {"documents"} <= set(mapped.column_names)
