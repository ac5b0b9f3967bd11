"""Killed at any point, the same command goes on and ends in the same tables as an unbroken run."""

import contextlib
import errno
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import odd_documents
import pytest

from offtext import open_results
from offtext.errors import RunRefused, RunStopped
from offtext.jobs import folder as folder_module
from offtext.jobs.lock import locked
from offtext.jobs.run import analyze_archive

SCRIPT = str(Path(odd_documents.__file__))


def assert_nobody_left(group):
    """Check that no process of the group is alive after a moment; those that nobody has buried do not count."""
    if not Path("/proc/self/stat").exists():
        return
    until = time.monotonic() + 5
    while alive := [stat for stat in stats() if int(stat[2]) == group and stat[0] != "Z"]:
        assert time.monotonic() < until, alive
        time.sleep(0.05)


def stats():
    """State, parent, group … of every process."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            yield path.read_text().rpartition(")")[2].split()


class Cut(BaseException):
    """A kill, as far as the disk can tell."""


def start(archive, output, pause_s=0.01):
    command = [sys.executable, SCRIPT, str(archive), str(output), str(pause_s)]
    return subprocess.Popen(command, start_new_session=True, stderr=subprocess.PIPE)


def wait_for_shards(process, output, count):
    """Wait until so many shards are finished."""
    until = time.monotonic() + 60
    while len(list((output / "shards").glob("*.json"))) < count:
        assert time.monotonic() < until
        if process.poll() is not None:
            return
        time.sleep(0.01)


def test_killed_thrice_and_resumed(archive, tmp_path, analyzed, hashes):
    chance = random.Random(4)
    output = tmp_path / "resultat"
    for finished in (0, 1, 3):
        process = start(archive, output)
        wait_for_shards(process, output, finished)
        time.sleep(chance.random() / 10)
        process.kill()
        process.communicate()
    summary = analyzed(archive, output)
    assert summary.documents == 24
    assert summary.fresh < 24
    sessions = [session["status"] for session in open_results(output).run["sessions"]]
    assert sessions[-1] == "finished"
    assert set(sessions[:-1]) == {"cut off"}
    analyzed(archive, tmp_path / "obrutet")
    assert hashes(output) == hashes(tmp_path / "obrutet")
    assert not list(output.rglob("*.unfinished"))


@pytest.mark.parametrize("during", ["write", "rename", "mark"])
def test_cut_off_at_every_step_on_disk(during, archive, tmp_path, analyzed, hashes, monkeypatch):
    """Each session gets one step further than the one before; in the end the tables are those of an unbroken run."""
    analyzed(archive, tmp_path / "obrutet")
    output, real, left = tmp_path / "resultat", folder_module.write_file, [0]

    def write(path, content, **options):
        left[0] -= 1
        if left[0] < 0:
            if during == "rename":
                path.with_name(f".{path.name}.unfinished").write_bytes(content)
            elif during == "write":
                path.with_name(f".{path.name}.unfinished").write_bytes(content[: len(content) // 2])
            else:
                real(path, content, **options)
            raise Cut
        real(path, content, **options)

    monkeypatch.setattr(folder_module, "write_file", write)
    for steps in (0, 1, 5, 11, 12, 13, 20, 24):
        left[0] = steps
        with pytest.raises(Cut):
            analyzed(archive, output)
    monkeypatch.undo()
    analyzed(archive, output)
    assert hashes(output) == hashes(tmp_path / "obrutet")
    assert not list(output.rglob("*.unfinished"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_cleanly(number, archive, tmp_path, analyzed, hashes):
    output = tmp_path / "resultat"
    process = start(archive, output, pause_s=0.1)
    wait_for_shards(process, output, 1)
    os.killpg(process.pid, number)
    told = process.communicate(timeout=30)[1].decode()
    assert process.returncode == 128 + number
    assert "Traceback" not in told
    assert '"interrupted"' in (output / "run.json").read_text()
    assert_nobody_left(process.pid)
    analyzed(archive, output)
    analyzed(archive, tmp_path / "obrutet")
    assert hashes(output) == hashes(tmp_path / "obrutet")


def test_a_full_disk_stops_the_run_and_room_lets_it_go_on(archive, tmp_path, analyzed, hashes, monkeypatch):
    output, calls = tmp_path / "resultat", []

    def fsync(number):
        calls.append(number)
        if len(calls) > 40:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        with pytest.raises(RunStopped, match=r"disk is full.*goes on"):
            analyzed(archive, output)
    analyzed(archive, output)
    analyzed(archive, tmp_path / "obrutet")
    assert hashes(output) == hashes(tmp_path / "obrutet")


def test_results_that_cannot_be_there(archive, tmp_path, analyzed):
    (tmp_path / "ut").write_text("en fil", encoding="utf-8")
    with pytest.raises(RunRefused, match="cannot be made"):
        analyzed(archive, tmp_path / "ut")


def test_a_second_call_has_nothing_to_do(archive, tmp_path, analyzed):
    assert analyzed(archive, tmp_path / "ut").fresh == 24
    again = analyzed(archive, tmp_path / "ut", factory=odd_documents.broken_factory)
    assert (again.fresh, again.documents) == (0, 24)


def test_a_damaged_part_is_made_again(archive, tmp_path, analyzed, hashes):
    analyzed(archive, tmp_path / "ut")
    before = hashes(tmp_path / "ut")
    first, second, *_ = sorted((tmp_path / "ut" / "actors").iterdir())
    first.write_bytes(first.read_bytes()[:-4])
    second.unlink()
    assert 0 < analyzed(archive, tmp_path / "ut").fresh < 24
    assert hashes(tmp_path / "ut") == before


def test_the_number_of_workers_changes_nothing(archive, tmp_path, analyzed, hashes):
    analyzed(archive, tmp_path / "här")
    analyzed(archive, tmp_path / "där", workers=2)
    assert hashes(tmp_path / "här") == hashes(tmp_path / "där")


def test_the_company_of_a_document_changes_nothing(tmp_path, hashes, monkeypatch):
    """With the packaged model: encoded side by side or alone, a document has the same rows."""
    archive = odd_documents.make_archive(tmp_path / "arkiv", count=5)
    for documents in (1, 16):
        monkeypatch.setattr("offtext.jobs.shards.BATCH_DOCUMENTS", documents)
        analyze_archive([archive], tmp_path / f"{documents}", workers=0)
    assert hashes(tmp_path / "1") == hashes(tmp_path / "16")


def test_two_runs_at_once(archive, tmp_path, analyzed):
    output = tmp_path / "ut"
    output.mkdir()
    with locked(output), pytest.raises(RunRefused, match=f"a run is at work in it \\(process {os.getpid()}\\)"):
        analyzed(archive, output)
    analyzed(archive, output)


def test_changed_settings_are_refused_and_restart_begins_anew(archive, tmp_path, analyzed, hashes):
    output = tmp_path / "ut"
    analyzed(archive, output)
    (output / "anteckningar.txt").write_text("mina egna", encoding="utf-8")
    before = hashes(output)
    with pytest.raises(RunRefused, match=r"shard_size was 4, is 5.*--restart"):
        analyzed(archive, output, shard_size=5)
    assert hashes(output) == before
    assert analyzed(archive, output, shard_size=5, restart=True).fresh == 24
    assert hashes(output) != before
    assert (output / "anteckningar.txt").exists()


def test_another_model_is_refused(archive, tmp_path, analyzed):
    analyzed(archive, tmp_path / "ut")
    with pytest.raises(RunRefused, match="model was rules 1, is sv_offtext"):
        analyzed(archive, tmp_path / "ut", model="sv_offtext")


def test_parts_of_unknown_origin_are_not_gone_on_with(archive, tmp_path, analyzed):
    analyzed(archive, tmp_path / "ut")
    (tmp_path / "ut" / "run.json").unlink()
    with pytest.raises(RunRefused, match=r"no run\.json"):
        analyzed(archive, tmp_path / "ut")
    assert analyzed(archive, tmp_path / "ut", restart=True).fresh == 24


def test_another_version_is_refused(archive, tmp_path, analyzed, monkeypatch):
    analyzed(archive, tmp_path / "ut")
    monkeypatch.setattr("offtext.jobs.manifest.__version__", "99.0")
    with pytest.raises(RunRefused, match=r"offtext was .*, is 99\.0"):
        analyzed(archive, tmp_path / "ut")


def test_restart_keeps_what_no_run_has_made(archive, tmp_path, analyzed):
    own = tmp_path / "ut" / "documents" / "eget.parquet"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"eget")
    analyzed(archive, tmp_path / "ut")
    analyzed(archive, tmp_path / "ut", restart=True)
    assert own.read_bytes() == b"eget"


def change(archive):
    (archive / "0" / "brev 010.txt").write_text("Åsa Ek är rektor.", encoding="utf-8")


def add_in_the_middle(archive):
    (archive / "0" / "brev 011.txt").write_text("Åsa Ek är rektor.", encoding="utf-8")


def add_a_duplicate_before(archive):
    (archive / "0" / "a.txt").write_bytes((archive / "1" / "brev 013.txt").read_bytes())


def remove(archive):
    (archive / "0" / "brev 010.txt").unlink()


def remove_nearly_all(archive):
    for path in sorted(archive.rglob("*.txt"))[1:]:
        path.unlink()


@pytest.mark.parametrize("happens", [change, add_in_the_middle, add_a_duplicate_before, remove, remove_nearly_all])
def test_sources_that_change_end_in_the_tables_of_a_fresh_run(happens, archive, tmp_path, analyzed, hashes):
    output = tmp_path / "ut"
    analyzed(archive, output)
    happens(archive)
    again = analyzed(archive, output, allow_vanished=True)
    assert again.fresh <= 16, "shards that are not touched are not done again"
    analyzed(archive, tmp_path / "nytt")
    assert hashes(output) == hashes(tmp_path / "nytt")


def test_an_archive_that_is_not_mounted_takes_nothing_with_it(archive, tmp_path, analyzed, hashes):
    output = tmp_path / "ut"
    analyzed(archive, output)
    before = hashes(output)
    away = archive.rename(tmp_path / "borta")
    archive.mkdir()
    with pytest.raises(RunRefused, match=r"24 of the 24 documents.*--allow-vanished"):
        analyzed(archive, output)
    assert hashes(output) == before
    archive.rmdir()
    away.rename(archive)
    assert analyzed(archive, output).fresh == 0


def test_names_that_a_shell_spelt_out_may_grow(archive, tmp_path):
    given = {"model": None, "workers": 0, "factory": odd_documents.Odd()}
    names = sorted(archive.rglob("*.txt"))
    analyze_archive(names[:20], tmp_path / "ut", **given)
    assert analyze_archive(names, tmp_path / "ut", **given).documents == 24
