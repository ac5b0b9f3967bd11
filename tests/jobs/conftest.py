"""What the tests of jobs share."""

import hashlib
import os

import pytest


@pytest.fixture(autouse=True)
def _quick_disk(monkeypatch):
    """Force nothing to disk from this process: no test cuts the power."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def archive(tmp_path):
    from odd_documents import make_archive

    return make_archive(tmp_path / "arkiv")


@pytest.fixture
def hashes():
    """Name and sha256 of every file of every table."""

    def of(folder):
        return {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("part-*"))
        }

    return of


@pytest.fixture
def rows():
    """The rows of a table of results."""
    from offtext import open_results

    return lambda folder, table: open_results(folder).to_arrow(table).to_pylist()


@pytest.fixture
def analyzed():
    """Run here, in this process or with workers, with the odd documents and small shards."""
    from odd_documents import Odd

    from offtext.jobs.run import analyze_archive

    def run(archive, output, **options):
        given = {"model": None, "workers": 0, "shard_size": 4, "factory": Odd(), **options}
        return analyze_archive([archive], output, **given)

    return run
