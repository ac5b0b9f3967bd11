"""A bar in a terminal, lines elsewhere, nothing when quiet."""

import io

from rich.console import Console

from offtext.jobs import progress
from offtext.pipeline import Pipeline


def reported(console):
    found = Pipeline(model=None).analyze("Hej!")
    with progress.progress_on(console) as report:
        for done in (1, 2, 3):
            report(done, 3, found)
    return console.file.getvalue()


def test_lines_with_rate_and_time_left(monkeypatch):
    monkeypatch.setattr(progress, "LINE_EVERY_S", 0.0)
    said = reported(Console(file=io.StringIO(), width=200))
    assert "3 of 3 files" in said
    assert "a second" in said
    assert "left" in said


def test_a_bar_in_a_terminal():
    assert "3/3" in reported(Console(file=io.StringIO(), force_terminal=True, width=200))


def test_nothing_when_quiet(monkeypatch):
    monkeypatch.setattr(progress, "LINE_EVERY_S", 0.0)
    assert reported(Console(file=io.StringIO(), quiet=True)) == ""
