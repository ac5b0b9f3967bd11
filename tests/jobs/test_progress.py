"""A bar in a terminal, lines elsewhere, JSON lines for programs, nothing when quiet."""

import io
import json

from rich.console import Console

from offtext.jobs import progress


def told(console, **options):
    with progress.progress_on(console, **options) as watcher:
        watcher.listed(1000)
        watcher.begin(total=4, done=1)
        watcher.advance(1)
        watcher.advance(2, errors=[("brev.txt", "brev.txt: encrypted.")])
        watcher.shard()
        watcher.end("finished")
    return console.file.getvalue()


def test_lines_with_rate_and_time_left(monkeypatch):
    monkeypatch.setattr(progress, "LINE_EVERY_S", 0.0)
    said = told(Console(file=io.StringIO(), width=200))
    assert "1000 documents listed" in said
    assert "going on: 1 of 4 documents are done" in said
    assert "4 of 4 documents" in said
    assert "a second, 1 failed, about" in said


def test_a_bar_in_a_terminal():
    assert "4/4" in told(Console(file=io.StringIO(), force_terminal=True, width=200))


def test_json_lines():
    lines = [json.loads(line) for line in told(Console(file=io.StringIO()), json_log=True).splitlines()]
    assert [line["event"] for line in lines] == ["list", "begin", "error", "shard", "finished"]
    assert (lines[-1]["done"], lines[-1]["total"], lines[-1]["failed"]) == (4, 4, 1)
    assert lines[2]["id"] == "brev.txt"


def test_nothing_when_quiet(monkeypatch):
    monkeypatch.setattr(progress, "LINE_EVERY_S", 0.0)
    assert told(Console(file=io.StringIO(), quiet=True)) == ""


def test_the_rate_does_not_count_what_was_done_before():
    watcher = progress.Watcher()
    watcher.begin(total=100, done=90)
    assert watcher.seconds_left is None
    watcher.advance(5)
    assert watcher.seconds_left < 1
