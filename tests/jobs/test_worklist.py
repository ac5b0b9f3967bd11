"""Files, folders and rows become a work list in a stable order."""

from pathlib import Path

import pytest

from offtext.errors import OfftextError, UnreadableFile
from offtext.jobs.worklist import files_under, work_of


@pytest.fixture
def folder(tmp_path):
    for name in ("b.txt", "a.md", "under/c.html", ".dold/d.txt", "~$lås.docx", "bild.png"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("text", encoding="utf-8")
    return tmp_path


def test_a_folder_stands_for_the_documents_below_it(folder):
    assert [file.name for file in files_under([folder])] == ["a.md", "b.txt", "c.html"]


def test_a_file_named_is_kept_whatever_it_is_and_each_file_once(folder):
    picture = folder / "bild.png"
    assert [file.name for file in files_under([folder / "b.txt", folder, picture])] == [
        "b.txt",
        "a.md",
        "c.html",
        "bild.png",
    ]


def test_a_path_that_is_not_there(folder):
    with pytest.raises(UnreadableFile, match="borta"):
        files_under([folder, folder / "borta"])


def test_rows_are_work_of_their_own_and_a_broken_one_is_told(tmp_path):
    table = tmp_path / "rader.jsonl"
    table.write_text('{"text": "ett"}\n{"text": tre\n{"text": "två"}\n', encoding="utf-8")
    work = [item for _, item in work_of([Path("brev.txt"), table])]
    assert work[0] == Path("brev.txt")
    assert [item.text for item in work[1:]] == ["ett", "", "två"]
    assert "not JSON" in work[2].error


def test_a_table_without_the_column_is_an_error_of_its_own(tmp_path):
    table = tmp_path / "rader.jsonl"
    table.write_text('{"brödtext": "ett"}\n', encoding="utf-8")
    [(_, error)] = work_of([table])
    assert isinstance(error, OfftextError)
    assert "brödtext" in str(error)
