"""The same tables from a cluster as from this machine, with a node lost in mid-run."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from offtext.cli import main
from offtext.errors import MissingExtra
from offtext.jobs.ray import RayEngine

pytestmark = pytest.mark.slow
HERE = Path(__file__).parent


def test_without_the_library(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtra, match=r"offtext\[ray\]"):
        RayEngine().connect()


def test_two_nodes_of_which_one_is_lost(archive, tmp_path, analyzed, hashes, rows):
    pytest.importorskip("ray")
    (archive / "krasch.txt").write_text("SEGFAULT", encoding="utf-8")
    output = tmp_path / "resultat"
    command = [sys.executable, str(HERE / "ray_cluster.py"), str(archive), str(output)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr[-3000:]
    assert {"cores 2", "node lost", "lost 1", "documents 24 failed 1"} <= set(done.stdout.splitlines()), done.stdout
    [failed] = rows(output, "errors")
    assert (failed["error"], failed["document_id"]) == ("WorkerDied", "arkiv/krasch.txt")
    analyzed(archive, tmp_path / "här", workers=1)
    assert hashes(output) == hashes(tmp_path / "här")


def test_the_command_line_on_a_cluster_of_this_machine_goes_on_where_it_stopped(archive, tmp_path, hashes):
    pytest.importorskip("ray")
    given = [str(archive), "--rules-only", "--quiet", "--shard-size", "4"]
    command = [sys.executable, "-m", "offtext.cli", "analyze", *given, "--engine", "ray", "--workers", "1"]
    for session in range(2):
        done = subprocess.run([*command, "-o", str(tmp_path / "a")], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr[-3000:]
        markers = sorted((tmp_path / "a" / "shards").glob("*.json"))
        for path in markers[::2] if session == 0 else ():
            path.unlink()
    assert main(["analyze", *given, "--workers", "0", "-o", str(tmp_path / "b")]) == 0
    assert hashes(tmp_path / "a") == hashes(tmp_path / "b")
