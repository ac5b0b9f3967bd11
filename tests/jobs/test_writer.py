"""Tables on disk: complete under their names, or not at all."""

import json

import pyarrow.parquet as pq
import pytest

from offtext.errors import UnknownName
from offtext.jobs.writer import ROWS_HELD, TableWriter
from offtext.pipeline import Pipeline
from offtext.tables import SCHEMAS


@pytest.fixture(scope="module")
def record():
    return Pipeline(model=None).analyze("– Vi börjar i höst, säger Karin Ek, rektor.").to_dict()


def test_every_table_is_there_with_its_schema(record, tmp_path):
    with TableWriter(tmp_path) as writer:
        writer.write(record)
    for name, path in writer.paths.items():
        assert pq.read_schema(path).equals(SCHEMAS[name]), name
    assert pq.read_table(writer.paths["quotes"]).to_pylist()[0]["speaker_name"] == "Karin Ek"


def test_rows_are_let_go_as_they_come(record, tmp_path):
    with TableWriter(tmp_path) as writer:
        for _ in range(ROWS_HELD + 1):
            writer.write(record)
        assert len(writer._held) == 1
    assert pq.read_metadata(writer.paths["documents"]).num_rows == ROWS_HELD + 1


def test_an_interrupted_run_leaves_no_file_that_looks_complete(record, tmp_path):
    def interrupted():
        with TableWriter(tmp_path) as writer:
            writer.write(record)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert not list(tmp_path.glob("*.parquet"))


def test_half_a_surrogate_pair_comes_back_from_json(record, tmp_path):
    odd = {**record, "text": "\ud83d"}
    with TableWriter(tmp_path, format="jsonl") as writer:
        writer.write(odd)
    assert json.loads(writer.paths["analyses"].read_bytes())["text"] == "\ud83d"


def test_unknown_format(tmp_path):
    with pytest.raises(UnknownName, match="jsonl"):
        TableWriter(tmp_path, format="xlsx")
