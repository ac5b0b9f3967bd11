"""Which sets of annotations a training script reads, and how much each weighs."""

import argparse
import json

import pytest

from offtext.errors import UnknownName
from offtext.train.annotated import Sample, add_sets, fold_of, read_sets, weighed


@pytest.fixture
def folders(tmp_path):
    """Two folders with a set each; a text holds a sign at which str.splitlines() would cut."""
    found = []
    for name, text in (("train", "Ulvsjö\u2028bygger."), ("public", "Tranby växer.")):
        folder = tmp_path / name
        folder.mkdir()
        row = {"id": "d1", "text": text} | ({"source": "sida/1"} if name == "public" else {})
        (folder / f"{name}.texts.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
        (folder / f"{name}.gold.jsonl").write_text(json.dumps({"id": "d1", "goals": []}) + "\n", encoding="utf-8")
        found.append(folder)
    return found


def test_sets_from_several_folders(folders) -> None:
    gold = {"id": "d1", "goals": []}
    assert read_sets(folders, {"public": 0.5, "train": 2.0}) == [
        Sample("Tranby växer.", gold, "public", "sida/1", 0.5),
        Sample("Ulvsjö\u2028bygger.", gold, "train", "", 2.0),
    ]


def test_a_set_that_is_nowhere(folders) -> None:
    with pytest.raises(UnknownName, match="Known: public, train"):
        read_sets(folders, {"pubilc": 1.0})


def test_arguments() -> None:
    parser = argparse.ArgumentParser()
    add_sets(parser)
    assert weighed(parser.parse_args(["a"]).sets)["public"] == 1.0
    assert weighed(parser.parse_args(["a", "b", "--sets", "train", "public=0"]).sets) == {"train": 1.0, "public": 0.0}


def test_a_fold_is_kept_whatever_else_is_read() -> None:
    assert {fold_of(f"text {n}") for n in range(50)} == set(range(5))
    assert fold_of("Rutin för hemtjänst") == fold_of("Rutin för hemtjänst")
