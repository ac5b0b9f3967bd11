import gzip
import json

import pyarrow
import pyarrow.parquet
import pytest

from offtext.errors import UnknownFormat, UnreadableFile
from offtext.readers import read_rows

ROWS = [{"nr": "a1", "text": "Räksmörgås på ö", "år": 2024}, {"nr": "a2", "text": "Rad två\nmed rad", "år": 2023}]


@pytest.fixture
def table(tmp_path):
    def write(suffix):
        path = tmp_path / f"rader{suffix}"
        lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS)
        cells = 'nr;text;år\na1;Räksmörgås på ö;2024\na2;"Rad två\nmed rad";2023\n'
        if suffix == ".parquet":
            pyarrow.parquet.write_table(pyarrow.Table.from_pylist(ROWS), path)
        elif suffix == ".tsv":
            path.write_text(cells.replace(";", "\t"), encoding="utf-16")
        elif suffix == ".csv":
            path.write_bytes(cells.encode("cp1252"))
        elif suffix == ".csv.gz":
            path.write_bytes(gzip.compress(cells.encode("utf-8-sig")))
        else:
            path.write_bytes(gzip.compress(lines.encode()) if suffix.endswith("gz") else lines.encode())
        return path

    return write


@pytest.mark.parametrize("suffix", [".jsonl", ".ndjson", ".jsonl.gz", ".csv", ".tsv", ".csv.gz", ".parquet"])
def test_each_row_is_a_document(suffix, table):
    path = table(suffix)
    first, second = read_rows(path, id="nr")
    assert (first.id, first.text, first.properties["år"]) == ("a1", "Räksmörgås på ö", "2024")
    assert (second.id, second.text, second.source.row) == ("a2", "Rad två\nmed rad", 1)
    assert first.source.path == path.as_posix()
    assert first.source.sha256
    assert "text" not in first.properties


def test_without_an_id_column_the_row_number_names_the_document(table):
    path = table(".jsonl")
    assert [document.id for document in read_rows(path)] == [f"{path.as_posix()}#0", f"{path.as_posix()}#1"]


def test_a_bad_row_says_so_and_the_rest_is_read(put):
    documents = list(
        read_rows(put("a.jsonl", '{"text": "ett"}\n{trasig\n[1]\n{"text": null}\n{"text": 3}\n{"text": "två"}\n'))
    )
    assert [document.text for document in documents] == ["ett", "", "", "", "", "två"]
    assert [bool(document.error) for document in documents] == [False, True, True, False, False, False]
    assert [bool(document.warnings) for document in documents] == [False, False, False, True, True, False]
    assert [document.source.row for document in documents] == list(range(6))


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_a_wrong_column_lists_the_ones_there_are(suffix, table):
    with pytest.raises(UnreadableFile, match=r"'text'.*text="):
        list(read_rows(table(suffix), text="innehåll"))
    with pytest.raises(UnreadableFile, match="no column 'id'"):
        list(read_rows(table(suffix), id="id"))


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet", ".jsonl.gz"])
def test_empty_missing_and_broken_files(suffix, put, tmp_path):
    with pytest.raises(UnreadableFile, match="empty"):
        read_rows(put(f"tom{suffix}", b""))
    with pytest.raises(UnreadableFile, match="no such file"):
        read_rows(tmp_path / f"borta{suffix}")
    with pytest.raises(UnreadableFile):
        list(read_rows(put(f"brus{suffix}", bytes(range(1, 256)) * 10)))


def test_a_file_of_another_kind_is_unknown(put):
    with pytest.raises(UnknownFormat, match=r"\.parquet"):
        read_rows(put("a.txt", "hej"))


def test_long_cells_and_half_surrogates(put):
    long = "lång text " * 50_000
    assert next(iter(read_rows(put("a.csv", f"text\n{long}\n")))).text == long
    assert next(iter(read_rows(put("b.jsonl", '{"text": "\\ud800 x"}\n')))).text == "\ud800 x"


def test_rows_are_read_one_at_a_time(put):
    rows = read_rows(put("a.jsonl", '{"text": "ett"}\n' * 3))
    assert iter(rows) is rows
    assert next(rows).source.row == 0
