"""A document that takes its worker down, or never ends, harms itself alone."""

import os

import odd_documents
import pytest
from odd_documents import BombInEncoder

from offtext.errors import RunStopped


def put(archive, word):
    (archive / "0" / "brev 010.txt").write_text(f"{word} Åsa Ek.", encoding="utf-8")


@pytest.mark.parametrize(
    ("word", "error", "message"),
    [
        ("SEGFAULT", "WorkerDied", "the worker process was ended by SIGSEGV over it"),
        ("OOM", "WorkerDied", "the worker process was ended by SIGKILL over it"),
        ("EXIT", "WorkerDied", "the worker process exited with code 7 over it"),
        ("HANG", "Timeout", "took longer than 1 s"),
    ],
)
def test_the_others_of_its_batch_are_done(word, error, message, archive, tmp_path, analyzed, rows):
    put(archive, word)
    summary = analyzed(archive, tmp_path / "ut", workers=1, timeout_s=1.0, shard_size=24)
    assert (summary.documents, summary.failed) == (23, 1)
    expected = {
        "document_id": "arkiv/0/brev 010.txt",
        "path": str(archive / "0" / "brev 010.txt"),
        "stage": "read",
        "error": error,
        "message": message,
    }
    assert rows(tmp_path / "ut", "errors") == [expected]
    assert len({row["id"] for row in rows(tmp_path / "ut", "documents")}) == 23


@pytest.mark.skipif(os.name != "posix", reason="no such limit elsewhere")
def test_a_document_that_wants_too_much_memory(archive, tmp_path, analyzed, rows):
    put(archive, "GREEDY")
    assert analyzed(archive, tmp_path / "ut", workers=1, memory_mb=2000).documents == 23
    [error] = rows(tmp_path / "ut", "errors")
    assert (error["stage"], error["error"]) == ("read", "MemoryError")


def test_a_document_gets_a_second_chance(archive, tmp_path, analyzed):
    put(archive, "ONCE")
    assert analyzed(archive, tmp_path / "ut", workers=1).failed == 0


def test_errors_stay_until_they_are_asked_for_again(archive, tmp_path, analyzed, hashes):
    put(archive, "HANG")
    assert analyzed(archive, tmp_path / "ut", workers=1, timeout_s=1.0).failed == 1
    assert analyzed(archive, tmp_path / "ut").fresh == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(odd_documents.ACTS, "HANG", lambda _: None)
        again = analyzed(archive, tmp_path / "ut", retry_errors=True)
    assert (again.failed, again.documents) == (0, 24)
    assert again.fresh < 24


def test_workers_that_cannot_begin(archive, tmp_path, analyzed):
    with pytest.raises(RunStopped, match="cannot begin: ValueError: no such thing"):
        analyzed(archive, tmp_path / "ut", workers=1, factory=odd_documents.broken_factory)
    with pytest.raises(RunStopped, match="3 workers in a row did not begin; the last was ended by SIGKILL"):
        analyzed(archive, tmp_path / "ut", workers=1, factory=odd_documents.dying_factory)


def test_all_encoded_together_and_one_of_them_ends_the_worker(archive, tmp_path, analyzed, rows):
    """Where the whole batch was at work nobody knows who it was: each is done alone."""
    put(archive, "Bomb")
    summary = analyzed(archive, tmp_path / "ut", workers=1, shard_size=8, factory=BombInEncoder())
    assert (summary.documents, summary.failed) == (23, 1)
    [error] = rows(tmp_path / "ut", "errors")
    assert (error["stage"], error["document_id"]) == ("encode", "arkiv/0/brev 010.txt")
