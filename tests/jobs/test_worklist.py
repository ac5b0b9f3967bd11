"""The work list on disk: ids of their own, duplicates pointed to, slices, and what changed since the last one."""

import os
from collections import Counter
from dataclasses import replace

import pyarrow.parquet as pq
import pytest

from offtext.jobs import worklist
from offtext.jobs.sources import Origin, expand
from offtext.jobs.worklist import Worklist


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "arkiv"
    for name, text in {"a.txt": "ett", "b.txt": "två", "c.md": "ett", "under/d.txt": "ett", "tom.txt": ""}.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(text, encoding="utf-8")
        os.utime(path, (1_600_000_000, 1_600_000_000))
    return folder


@pytest.fixture
def make(tmp_path):
    def make(origins, name="worklist.parquet", **more):
        return Worklist.make(origins, tmp_path / name, **more)

    return make


def origins(ids, **same):
    return [Origin(id=id, path=f"/x/{id}", kind="txt", size=3, fingerprint=f"{id:0>4}", **same) for id in ids]


def test_what_goes_in_comes_out_whatever_the_names_are(make):
    odd = [
        Origin(id="arkiv/Protokoll för.txt", path="arkiv/Protokoll f\udcf6r.txt", kind="txt", size=7, fingerprint="ab"),
        Origin(id="a.zip!b.docx", path="a.zip", kind="docx", member="b\udce5.docx", place=49, packed=3, size=9),
        Origin(id="t.csv#7", path="t.csv", kind="row", row=7, place=112, fingerprint="cd", columns="ef", size=1),
        Origin(id="x", path="x", error="encrypted"),
    ]
    made = make(odd)
    assert list(made) == odd
    assert list(Worklist(made.path)) == odd
    assert len(made) == 4


def test_duplicates_point_to_the_first_of_their_kind_and_content(folder, make):
    made = make(expand([folder]))
    assert {origin.id: origin.duplicate_of for origin in made if origin.duplicate_of} == {
        "arkiv/under/d.txt": "arkiv/a.txt"
    }


def test_broken_and_empty_documents_are_no_duplicates_of_each_other(make):
    same = [Origin(id="a", path="a", error="empty"), Origin(id="b", path="b", error="empty")]
    empty_rows = [Origin(id=f"t#{n}", path="t", kind="row", row=n, fingerprint="e3b0") for n in range(2)]
    assert not any(origin.duplicate_of for origin in make([*same, *empty_rows]))


def test_every_id_is_its_own(make):
    made = make(replace(origin, row=n) for n, origin in enumerate(origins(["t#1", "t#2", "t#1", "t#1"])))
    assert [origin.id for origin in made] == ["t#1", "t#2", "t#1~2", "t#1~3"]
    assert [origin.duplicate_of for origin in made] == ["", "", "t#1", "t#1"]


def test_slices_across_groups(make, monkeypatch):
    monkeypatch.setattr(worklist, "GROUP", 4)
    everything = origins(map(str, range(11)))
    made = make(iter(everything))
    assert pq.read_metadata(made.path).num_row_groups == 3
    for start, stop in ((0, 11), (0, 4), (3, 5), (4, 8), (10, 11), (2, 2), (9, 40)):
        assert made.slice(start, stop) == everything[start:stop]


def test_an_empty_list(make):
    made = make([])
    assert (len(made), list(made), made.slice(0, 10)) == (0, [], [])
    assert made.changes_from(made).new == 0


def test_the_same_files_make_the_same_bytes(folder, make, monkeypatch):
    monkeypatch.setattr(worklist.time, "time_ns", lambda: 0)
    first, second = (make(expand([folder]), name=f"{n}.parquet") for n in "12")
    assert first.path.read_bytes() == second.path.read_bytes()


def test_a_list_that_breaks_off_is_not_there(make, tmp_path):
    def breaking():
        yield from origins("ab")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make(breaking())
    assert list(tmp_path.iterdir()) == []


def test_skipped_files_are_counted(folder, make):
    (folder / "bild.png").write_bytes(b"x")
    skipped = Counter()
    assert make(expand([folder], skipped=skipped), skipped=skipped).skipped == {".png": 1}


def test_new_changed_and_vanished(make):
    before = make(origins("abcd"), name="1.parquet")
    now = [replace(origin, fingerprint="ny") if origin.id == "b" else origin for origin in origins("abce")]
    found = make(now, name="2.parquet").changes_from(before)
    assert (found.new, found.changed, found.vanished) == (1, 1, 1)
    assert found.names == {"new": ("e",), "changed": ("b",), "vanished": ("d",)}


def test_other_columns_of_a_row_are_a_change_too(make):
    before = make(origins("a", columns="1"), name="1.parquet")
    assert make(origins("a", columns="2"), name="2.parquet").changes_from(before).changed == 1


def asked(made, arguments, make):
    answers = Counter()
    ask = made.known()

    def known(file):
        answer = ask(file)
        answers["known" if answer is not None else "read"] += 1
        return answer

    return make(expand(arguments, known=known), name="again.parquet"), answers


def test_files_that_did_not_change_are_not_read_again(folder, make):
    table = folder / "rader.jsonl"
    table.write_text('{"text": "ett"}\n{"text": "två"}\n', encoding="utf-8")
    os.utime(table, (1_600_000_000, 1_600_000_000))
    made = make(expand([folder]))
    (folder / "b.txt").write_text("nytt", encoding="utf-8")
    again, answers = asked(made, [folder], make)
    assert list(again) == list(make(expand([folder]), name="fresh.parquet"))
    assert answers == {"known": 4, "read": 2}  # b.txt changed; the empty one is asked again


def test_a_file_written_just_now_is_read_again(folder, make):
    made = make(expand([folder]))
    os.utime(folder / "a.txt")
    made = make(expand([folder]))
    assert asked(made, [folder / "a.txt"], make)[1] == {"read": 1}


def test_documents_that_were_named_anew_are_named_afresh(folder, make):
    table = folder / "rader.jsonl"
    table.write_text('{"text": "ett", "nr": 1}\n{"text": "två", "nr": 1}\n', encoding="utf-8")
    os.utime(table, (1_600_000_000, 1_600_000_000))
    made = make(expand([table], id="nr"))
    assert [origin.id for origin in made] == ["arkiv/rader.jsonl#1", "arkiv/rader.jsonl#1~2"]
    assert made.known()(Origin(id="arkiv/rader.jsonl", path=str(table), modified=1_600_000_000 * 10**9)) is None
