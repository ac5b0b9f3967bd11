"""`offtext train`, `export` and `evaluate`, as a user runs them."""

import json
import subprocess
import sys

import pytest

from offtext.cli import FINE, USAGE, main

TEXT = "– Vi börjar i höst, säger Karin Ek.\n"
NOTE = {
    "id": "d",
    "doc_type": "news",
    "meta": {},
    "themes": {},
    "actors": [{"id": "a1", "kind": "person", "mentions": [{"start": 26, "end": 34}]}],
    "quotes": [{"kind": "direct", "spans": [{"start": 2, "end": 18}], "speaker": "a1"}],
    "goals": [],
    "theme_sentences": [],
    "collaborations": [],
}


@pytest.fixture
def annotated(tmp_path):
    (tmp_path / "t.jsonl").write_text(json.dumps({"id": "d", "text": TEXT}) + "\n", encoding="utf-8")
    (tmp_path / "g.jsonl").write_text(json.dumps(NOTE) + "\n", encoding="utf-8")
    return [str(tmp_path / "t.jsonl"), str(tmp_path / "g.jsonl")]


def test_evaluate_prints_a_table_and_writes_figures(annotated, tmp_path, capsys):
    out = tmp_path / "ut" / "figures.json"
    assert main(["evaluate", *annotated, "--rules-only", "-o", str(out)]) == FINE
    report = json.loads(out.read_text(encoding="utf-8"))
    assert report["figures"]["quote+speaker"]["f"] == 1.0
    assert report["model"]["name"] == "rules"
    assert report["texts"] == "t.jsonl"
    shown = capsys.readouterr().out
    assert "rules 1 on 1 documents of t.jsonl" in shown
    [row] = [line.split() for line in shown.splitlines() if line.startswith("quote+speaker")]
    assert row == ["quote+speaker", "100.0", "100.0–100.0", "100.0", "100.0", "1", "1"]


def test_evaluate_takes_a_model_or_rules_not_both(annotated, capsys):
    with pytest.raises(SystemExit) as left:
        main(["evaluate", *annotated, "--rules-only", "--model", "sv_offtext"])
    assert left.value.code == USAGE
    capsys.readouterr()


@pytest.fixture
def run(tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "figures.json").write_text("{}", encoding="utf-8")
    (tmp_path / "r.toml").write_text('[model]\nbase = "x"\n[[data]]\nkind = "dataset"\npath = "p"\n', encoding="utf-8")
    return tmp_path


def export(folder, *more):
    needed = ["--recipe", folder / "r.toml", "-o", folder / "model", "--annotations", folder, "--corpora", folder]
    return main(["export", *map(str, (folder / "run", *needed, *more))])


def test_export_hands_over_what_the_model_is_fitted_on(run, monkeypatch, capsys):
    for library in ("torch", "transformers", "datasets"):
        pytest.importorskip(library)
    seen = {}

    def release(trained, recipe, folder, sources, facts, *, say):
        seen.update(trained=trained, recipe=recipe, folder=folder, sources=sources, facts=facts)
        assert (folder / "r.toml").read_text("utf-8") == (run / "r.toml").read_text("utf-8")
        say("exporting")
        return {"goal F1": 0.5}

    monkeypatch.setattr("offtext.train.release.release", release)
    assert export(run, "--sets", "train", "formal=2", "--name", "min", "--version", "2") == FINE
    assert seen["facts"] == {"name": "min", "version": "2", "licence": "CC-BY-SA-4.0"}
    assert seen["sources"].sets == {"train": 1.0, "formal": 2.0}
    assert seen["sources"].types.as_posix() == "corpora/doctypes"
    assert (seen["trained"], seen["folder"]) == (run / "run", run / "model")
    assert "goal F1" in capsys.readouterr().out


def test_export_of_a_run_that_is_not_finished(run, capsys):
    (run / "run" / "figures.json").unlink()
    assert export(run) != FINE
    assert "no finished run" in capsys.readouterr().err
    assert not (run / "model").exists()


def test_a_weight_that_is_no_number_is_usage(run, capsys):
    assert export(run, "--sets", "train=tung") == USAGE
    assert "SET=WEIGHT" in capsys.readouterr().err


WITHOUT = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("torch", "transformers", "datasets"):
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Missing())
from offtext.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("command", ["train", "export"])
def test_without_the_extra_the_line_to_install_it_is_shown(command, run):
    arguments = ["train", str(run / "r.toml"), "-o", str(run / "ut")]
    if command == "export":
        more = ["--annotations", run, "--corpora", run, "-o", run / "model", "--recipe", run / "r.toml"]
        arguments = ["export", *map(str, (run / "run", *more))]
    done = subprocess.run([sys.executable, "-c", WITHOUT, *arguments], capture_output=True, text=True, check=False)
    assert f"offtext {command} needs" in done.stderr
    assert "pip install 'offtext[train]'" in done.stderr
