"""What a run leaves can be read with pyarrow, pandas, polars and DuckDB, also while it goes on."""

import json
import re
import sys
from pathlib import Path

import pytest

import offtext
from offtext.errors import MissingExtra, RunRefused, UnknownName
from offtext.tables import SCHEMAS

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture
def output(archive, tmp_path, analyzed):
    analyzed(archive, tmp_path / "resultat")
    return tmp_path / "resultat"


def test_every_table_has_its_schema_and_the_order_of_the_work_list(output):
    results = offtext.open_results(output)
    assert results.complete
    assert results.tables == tuple(SCHEMAS)
    for table, schema in SCHEMAS.items():
        assert results.dataset(table).schema.equals(schema)
    ids = results.to_arrow("documents", ["id"]).column("id").to_pylist()
    assert ids == sorted(ids)
    assert len(ids) == 24
    assert results.dataset("actors").count_rows() == results.run["counts"]["rows"]["actors"]
    assert "documents 24" in repr(results)


def test_pandas(output):
    frame = offtext.open_results(output).to_pandas("actors", ["document_id", "name"])
    assert list(frame.columns) == ["document_id", "name"]
    assert "Karin Ek" in set(frame["name"])


def test_polars(output):
    pytest.importorskip("polars")
    assert offtext.open_results(output).to_polars("documents").height == 24


def test_without_polars_its_extra_is_named(output, monkeypatch):
    monkeypatch.setitem(sys.modules, "polars", None)
    with pytest.raises(MissingExtra, match=re.escape("offtext[polars]")):
        offtext.open_results(output).to_polars("documents")


def test_only_finished_shards_are_seen(output):
    next((output / "shards").iterdir()).unlink()
    assert 0 < offtext.open_results(output).dataset("documents").count_rows() < 24


def test_unknown_table(output):
    with pytest.raises(UnknownName, match="Did you mean 'quotes'"):
        offtext.open_results(output).dataset("quote")


def test_a_folder_without_a_run(tmp_path):
    with pytest.raises(RunRefused, match=r"no run\.json"):
        offtext.open_results(tmp_path)


def test_json_lines_are_for_other_tools(archive, tmp_path, analyzed):
    from odd_documents import Odd

    from offtext.jobs.batch import Shape

    shape = Shape("jsonl")
    analyzed(archive, tmp_path / "ut", format="jsonl", factory=Odd(shape))
    parts = sorted((tmp_path / "ut" / "analyses").iterdir())
    ids = [json.loads(line)["id"] for part in parts for line in part.read_text(encoding="utf-8").splitlines()]
    assert len(ids) == 24
    assert ids == sorted(ids)
    with pytest.raises(RunRefused, match="JSON lines"):
        offtext.open_results(tmp_path / "ut")


def test_what_the_readme_shows(archive, tmp_path, analyzed, monkeypatch):
    duckdb = pytest.importorskip("duckdb")
    from odd_documents import Odd

    analyzed(archive, tmp_path / "resultat", factory=Odd(layers=None))
    monkeypatch.chdir(tmp_path)
    [query] = re.findall(r"```sql\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    found = duckdb.sql(query).fetchall()
    assert ("Karin Ek", "rektor i Tranås kommun") in {row[:2] for row in found}
    [snippet] = re.findall(r"```python\n(results = .*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    exec(snippet, {"offtext": offtext})
