"""What the arguments of a run mean: every document in a stable order, and harm kept where it is."""

import contextlib
import gzip
import hashlib
import io
import json
import os
import pickle
import random
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from offtext.errors import UnknownFormat, UnreadableFile
from offtext.jobs.sources import Limits, close_all, expand, load, packed, rows


@pytest.fixture(autouse=True)
def nothing_kept():
    yield
    close_all()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "arkiv"
    folder.mkdir()
    return folder


def put(path: Path, content: str | bytes = "text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def ids(arguments, **options):
    return [origin.id for origin in expand(arguments, **options)]


def read_all(arguments, **options):
    """Text by id, or what is wrong with it after an exclamation mark."""
    found = {}
    for origin in expand(arguments, **options):
        options.pop("skipped", None)
        try:
            found[origin.id] = load(origin, **options).text
        except UnreadableFile as error:
            found[origin.id] = f"! {error.reason}"
    return found


# Folders and globs


def test_files_in_the_order_of_their_whole_path(folder):
    for name in ("b.txt", "a/z.txt", "a.txt", "a/b/c.md", "ö.txt", "Z.txt", "a0.txt"):
        put(folder / name)
    found = ids([folder])
    assert found == sorted(found)
    assert found[:3] == ["arkiv/Z.txt", "arkiv/a.txt", "arkiv/a/b/c.md"]


def test_hidden_and_unknown_files_are_passed_over_and_counted(folder):
    for name in ("a.txt", ".dold/b.txt", "~$lås.docx", ".c.txt", "bild.png", "ljud.PNG", "LÄSMIG"):
        put(folder / name)
    skipped = Counter()
    assert ids([folder], skipped=skipped) == ["arkiv/a.txt"]
    assert skipped == {".png": 2, "": 1}


def test_a_file_named_directly_is_kept_whatever_it_is(folder):
    picture, hidden = put(folder / "bild.png", b"\x89PNG\r\n"), put(folder / ".dold.txt")
    first, second = expand([picture, hidden])
    assert [first.id, second.id] == ["arkiv/bild.png", "arkiv/.dold.txt"]
    with pytest.raises(UnknownFormat, match=r"bild\.png"):
        load(first)
    assert load(second).text == "text"


def test_ids_are_as_typed_or_begin_with_the_folder(folder, monkeypatch):
    put(folder / "under/a.txt")
    monkeypatch.chdir(folder.parent)
    assert ids(["arkiv"]) == ids(["./arkiv/"]) == ids([folder]) == ["arkiv/under/a.txt"]
    assert ids(["arkiv/under"]) == ids(["arkiv/under/a.txt"]) == ["arkiv/under/a.txt"]
    monkeypatch.chdir(folder)
    assert ids(["."]) == ids(["under/*.txt"]) == ["under/a.txt"]
    assert ids(["../arkiv"]) == ["arkiv/under/a.txt"]


def test_folders_of_one_name_keep_apart(tmp_path):
    for year in ("2023", "2024"):
        put(tmp_path / year / "brev" / "a.txt")
    assert ids([tmp_path / "2023/brev", tmp_path / "2024/brev"]) == ["brev/a.txt", "2024/brev/a.txt"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("*.txt", ["a.txt"]),
        ("**/*.txt", ["a.txt", "u/b.txt", "u/v/c.txt"]),
        ("*/**", ["a.txt", "u/b.txt", "u/bild.png", "u/v/c.txt"]),
        ("[u]/?.txt", ["u/b.txt"]),
        ("u*", ["u/b.txt", "u/v/c.txt"]),
        ("**/v/*", ["u/v/c.txt"]),
        ("*/*.png", ["u/bild.png"]),
        ("*.pdf", []),
    ],
)
def test_globs(folder, pattern, found):
    for name in ("a.txt", "u/b.txt", "u/v/c.txt", "u/bild.png", "u/.dold.txt"):
        put(folder / name)
    assert ids([folder / pattern]) == [f"arkiv/{name}" for name in found]


def test_a_file_that_looks_like_a_glob_is_a_file(folder):
    assert ids([put(folder / "beslut [1].txt")]) == ["arkiv/beslut [1].txt"]


def test_each_file_once_however_often_it_is_named(folder, monkeypatch):
    for name in ("a.txt", "u/b.txt", "bild.png"):
        put(folder / name)
    monkeypatch.chdir(folder)
    assert ids(["u/b.txt", folder, "**/*.txt", "bild.png", "bild.png"]) == ["u/b.txt", "arkiv/a.txt", "bild.png"]


def test_an_argument_that_names_nothing_is_told_at_once(folder):
    for argument in (folder / "borta", folder / "borta/*.txt", "nej\0"):
        with pytest.raises(UnreadableFile):
            expand([folder, argument])


def test_links_are_followed_inside_the_folder_alone(folder, tmp_path):
    put(folder / "a.txt", "inne")
    put(tmp_path / "utanför/hemligt.txt")
    (folder / "u").mkdir()
    for name, target in {
        "in.txt": "a.txt",
        "ut.txt": "../utanför/hemligt.txt",
        "mapp": "../utanför",
        "u/runt": "..",
        "u/själv": "själv",
        "bruten.txt": "finns-inte.txt",
    }.items():
        (folder / name).symlink_to(target)
    leads_out = "! a link that leads out of the folder; not followed. Name its target as an argument"
    assert read_all([folder]) == {
        "arkiv/a.txt": "inne",
        "arkiv/bruten.txt": "! a link to what is not there",
        "arkiv/in.txt": "inne",
        "arkiv/mapp": leads_out,
        "arkiv/ut.txt": leads_out,
    }


def test_a_link_named_directly_is_followed(folder, tmp_path):
    put(folder / "a.txt")
    (tmp_path / "länk").symlink_to(folder)
    assert ids([tmp_path / "länk"]) == ["arkiv/a.txt"]


def test_a_folder_that_cannot_be_opened_harms_itself_alone(folder, monkeypatch):
    put(folder / "a.txt")
    put(folder / "stängd/b.txt")
    put(folder / "ö.txt")
    scan = os.scandir

    def guarded(path):
        if Path(path).name == "stängd":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", guarded)
    assert read_all([folder]) == {
        "arkiv/a.txt": "text",
        "arkiv/stängd/": "! a folder that cannot be opened (Permission denied)",
        "arkiv/ö.txt": "text",
    }


def test_pipes_and_empty_files_do_not_stop_anything(folder):
    os.mkfifo(folder / "rör.txt")
    put(folder / "tom.txt", b"")
    assert read_all([folder]) == {"arkiv/tom.txt": "! empty (0 bytes). Fetch it again"}
    assert read_all([folder / "rör.txt"]) == {"arkiv/rör.txt": "! not a regular file. Save its content to a file"}


def test_names_that_are_no_utf8(folder):
    put(Path(os.fsdecode(os.fsencode(folder) + b"/Protokoll f\xf6r mars.txt")), "hej")
    put(folder / "rad\nbrytning.txt", "hopp")
    assert read_all([folder]) == {"arkiv/Protokoll för mars.txt": "hej", "arkiv/rad\ufffdbrytning.txt": "hopp"}


@pytest.fixture
def deep(folder, monkeypatch):
    """A folder deeper than Python recurses, which is also taken away step by step: pytest itself could not."""
    monkeypatch.chdir(folder)
    for _ in range(1200):
        Path("d").mkdir()
        os.chdir("d")
    put(Path("a.txt"))
    yield "d/" * 1200 + "a.txt"
    Path("a.txt").unlink()
    for _ in range(1200):
        os.chdir("..")
        Path("d").rmdir()


def test_folders_deeper_than_python_recurses(folder, deep):
    assert ids([folder]) == [f"arkiv/{deep}"]


def test_an_origin_is_small_and_travels(folder):
    [origin] = expand([put(folder / "a.txt")])
    assert pickle.loads(pickle.dumps(origin)) == origin
    assert origin.fingerprint == hashlib.sha256(b"text").hexdigest()
    assert (origin.size, origin.kind) == (4, "txt")
    assert load(origin).source.sha256 == origin.fingerprint


def test_a_file_changed_under_the_run_is_not_taken_for_what_it_was(folder):
    [origin] = expand([put(folder / "a.txt")])
    put(folder / "a.txt", "annat")
    with pytest.raises(UnreadableFile, match="changed since"):
        load(origin)
    (folder / "a.txt").unlink()
    with pytest.raises(UnreadableFile, match="cannot be opened"):
        load(origin)


# Archives


def zipped(path, contents, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return path


def tarred(path, contents, mode="w"):
    with tarfile.open(path, mode) as archive:
        for name, content in contents.items():
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


TEXTS = {"b/två.txt": "två".encode(), "a.md": b"# ett", "bild.png": b"x", "__MACOSX/a.md": b"x", "b/.dold.txt": b"x"}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_of_a_zip_in_their_order(folder, method):
    zipped(folder / "a.zip", TEXTS, method)
    skipped = Counter()
    assert read_all([folder], skipped=skipped) == {"arkiv/a.zip!b/två.txt": "två", "arkiv/a.zip!a.md": "# ett"}
    assert skipped == {".png": 1}


@pytest.mark.parametrize(
    ("suffix", "mode"), [("tar", "w"), ("tar.gz", "w:gz"), ("TGZ", "w:gz"), ("tar.bz2", "w:bz2"), ("tar.xz", "w:xz")]
)
def test_members_of_a_tar_in_their_order(folder, suffix, mode):
    tarred(folder / f"a.{suffix}", TEXTS, mode)
    name = f"arkiv/a.{suffix}"
    assert read_all([folder]) == {f"{name}!b/två.txt": "två", f"{name}!a.md": "# ett"}


def test_members_in_any_order_and_more_than_once(folder, monkeypatch):
    monkeypatch.setattr(packed, "HELD", 3000)
    contents = {f"{n:03}.txt": f"nummer {n} ".encode() * n for n in range(1, 200)}
    zipped(folder / "a.zip", contents)
    tarred(folder / "b.tar", contents)
    tarred(folder / "c.tar.gz", contents, "w:gz")
    origins = list(expand([folder])) * 2
    random.Random(1).shuffle(origins)
    for origin in origins:
        assert load(origin).text.encode() == contents[origin.member], origin.id


def test_a_packed_tar_is_gone_through_once_when_read_nearly_in_order(folder, monkeypatch):
    contents = {f"{n:03}.txt": bytes([65 + n % 26]) * 500 for n in range(300)}
    tarred(folder / "a.tar.gz", contents, "w:gz")
    origins = list(expand([folder]))
    opened, unpacked = [], packed.unpacked
    monkeypatch.setattr(packed, "unpacked", lambda path: opened.append(path) or unpacked(path))
    for start in range(0, 300, 50):
        for origin in reversed(origins[start : start + 50]):
            load(origin)
    assert len(opened) == 1


def test_names_lead_nowhere(folder, tmp_path):
    names = ["../../utanför.txt", "/etc/offtext.txt", "C:\\brev\\å.txt", "a/../b.txt"]
    zipped(folder / "a.zip", dict.fromkeys(names, b"ord"))
    before = sorted(tmp_path.rglob("*"))
    assert set(read_all([folder])) == {
        "arkiv/a.zip!../../utanför.txt",
        "arkiv/a.zip!/etc/offtext.txt",
        "arkiv/a.zip!C:/brev/å.txt",
        "arkiv/a.zip!a/../b.txt",
    }
    assert sorted(tmp_path.rglob("*")) == before


def with_raw_name(path: Path, name: bytes) -> Path:
    """A zip whose one member has these bytes for a name, without the mark for UTF-8."""
    zipped(path, {"x" * len(name) + ".txt": b"hej"}, zipfile.ZIP_STORED)
    path.write_bytes(path.read_bytes().replace(b"x" * len(name), name))
    return path


@pytest.mark.parametrize("encoding", ["cp437", "cp850", "latin-1", "utf-8"])
@pytest.mark.parametrize("name", ["Överenskommelse på Åland", "Bilaga å", "räksmörgås", "MÖTE ÅR 3"])
def test_names_in_old_encodings(folder, encoding, name):
    with_raw_name(folder / "a.zip", name.encode(encoding))
    assert read_all([folder]) == {f"arkiv/a.zip!{name}.txt": "hej"}
    tar = tarfile.TarInfo((name + ".txt").encode(encoding).decode("utf-8", "surrogateescape"))
    with tarfile.open(folder / "b.tar", "w", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(tar)
    assert [origin.id for origin in expand([folder / "b.tar"])] == [f"arkiv/b.tar!{name}.txt"]


def test_what_is_inside_an_archive_and_no_document(folder):
    inner = zipped(folder / "inre.zip", {"a.txt": b"ord"}).read_bytes()
    (folder / "inre.zip").unlink()
    contents = {"a.txt": b"ord", "inre.zip": inner, "lager.7z": b"7z", "rader.csv": b"text\nett\n", "tom.txt": b""}
    zipped(folder / "a.zip", contents)
    assert read_all([folder]) == {
        "arkiv/a.zip!a.txt": "ord",
        "arkiv/a.zip!inre.zip": "! an archive inside an archive. Unpack the outer one",
        "arkiv/a.zip!lager.7z": "! an archive inside an archive. Unpack the outer one",
        "arkiv/a.zip!rader.csv": "! a table inside an archive. Unpack the archive to have its rows read",
        "arkiv/a.zip!tom.txt": "! empty (0 bytes)",
    }


def test_encrypted_members_harm_themselves_alone(folder):
    path = zipped(folder / "a.zip", {"a.txt": b"ett", "b.txt": b"hemligt"})
    raw = bytearray(path.read_bytes())
    entry = raw.rindex(b"PK\x01\x02")
    raw[entry + 8] |= 1
    path.write_bytes(raw)
    assert read_all([folder]) == {
        "arkiv/a.zip!a.txt": "ett",
        "arkiv/a.zip!b.txt": "! encrypted. Unpack it with its password",
    }


def test_a_zip_bomb_by_ratio_and_by_size(folder):
    zipped(
        folder / "a.zip", {"a.txt": b"ett", "bomb.txt": bytes(5 << 20), "stor.txt": random.Random(1).randbytes(9000)}
    )
    found = read_all([folder], limits=Limits(member_bytes=8 << 20))
    assert found["arkiv/a.zip!a.txt"] == "ett"
    assert "zip bomb" in found["arkiv/a.zip!bomb.txt"]
    [_, _, big] = expand([folder], limits=Limits(member_bytes=8000, small_bytes=10 << 20))
    assert "more than a document does" in big.error
    *_, last = expand([folder], limits=Limits(total_bytes=4000))
    assert "in all" in last.error
    assert last.id == "arkiv/a.zip"


def test_a_zip_that_lies_about_sizes(folder):
    path = zipped(folder / "a.zip", {"a.txt": b"ett", "b.txt": b"ord " * 1000})
    raw = bytearray(path.read_bytes())
    entry = raw.rindex(b"PK\x01\x02")
    raw[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    path.write_bytes(raw)
    found = read_all([folder])
    assert found["arkiv/a.zip!a.txt"] == "ett"
    assert "where its header says 100" in found["arkiv/a.zip!b.txt"]


def test_a_zip_whose_members_overlap(folder):
    path = zipped(folder / "a.zip", {"a.txt": random.Random(1).randbytes(5000).hex()})
    raw = path.read_bytes()
    start, end = raw.index(b"PK\x01\x02"), raw.index(b"PK\x05\x06")
    entry, tail = raw[start:end], bytearray(raw[end:])
    tail[8:12] = (50).to_bytes(2, "little") * 2
    tail[12:16] = (50 * len(entry)).to_bytes(4, "little")
    path.write_bytes(raw[:start] + entry * 50 + tail)
    [only] = expand([folder])
    assert "overlap" in only.error


@pytest.mark.parametrize("suffix", ["zip", "tar", "tar.gz"])
def test_broken_archives(folder, suffix):
    put(folder / "ö.txt")
    path = folder / f"a.{suffix}"
    if suffix == "zip":
        zipped(path, TEXTS)
    else:
        tarred(
            path, {f"{n}.txt": random.Random(n).randbytes(20_000) for n in range(9)}, "w:gz" if "gz" in suffix else "w"
        )
    whole = path.read_bytes()
    for content in (whole[: len(whole) // 2], b"", bytes(range(256)) * 20):
        path.write_bytes(content)
        *_, broken, other = expand([folder])
        assert (broken.id, bool(broken.error)) == (f"arkiv/a.{suffix}", True)
        assert other.id == "arkiv/ö.txt"


def test_a_tar_with_a_broken_header_in_the_middle(folder):
    path = tarred(folder / "a.tar", {"a.txt": b"ett", "b.txt": b"tv"})
    raw = bytearray(path.read_bytes())
    raw[1024:1400] = b"\xff" * 376
    path.write_bytes(raw)
    first, broken = expand([folder])
    assert first.id == "arkiv/a.tar!a.txt"
    assert "broken" in broken.error


def test_links_devices_and_sparse_files_in_a_tar(folder):
    def info(name, kind, link=""):
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, link
        return info

    contents = {
        info("dev/null", tarfile.CHRTYPE): b"",
        info("rör", tarfile.FIFOTYPE): b"",
        info("länk.txt", tarfile.SYMTYPE, "/etc/passwd"): b"",
        info("hård.txt", tarfile.LNKTYPE, "a.txt"): b"",
        info("mapp", tarfile.DIRTYPE): b"",
        "./a.txt": b"ett",
    }
    tarred(folder / "a.tar", contents)
    assert read_all([folder]) == {
        "arkiv/a.tar!dev/null": "! a device or a pipe, no file",
        "arkiv/a.tar!rör": "! a device or a pipe, no file",
        "arkiv/a.tar!länk.txt": "! a link to /etc/passwd, no file",
        "arkiv/a.tar!hård.txt": "! a link to a.txt, no file",
        "arkiv/a.tar!a.txt": "ett",
    }


def test_a_packed_tar_that_unpacks_to_too_much(folder):
    tarred(folder / "a.tar.gz", {"a.txt": b"ett", "bomb.txt": bytes(20 << 20), "b.txt": b"x"}, "w:gz")
    first, bomb = expand([folder])
    assert (first.id, first.error) == ("arkiv/a.tar.gz!a.txt", "")
    assert "zip bomb" in bomb.error


def test_a_tar_header_that_would_fill_the_memory(folder):
    info = tarfile.TarInfo("långt namn")
    info.type = tarfile.GNUTYPE_LONGNAME
    tarred(folder / "a.tar.gz", {"a.txt": b"ett", info: b"a" * (17 << 20)}, "w:gz")
    *_, last = expand([folder], limits=Limits(ratio=100_000))
    assert "honest" in last.error


def test_an_archive_changed_under_the_run(folder):
    path = zipped(folder / "a.zip", {"a.txt": b"ett"}, zipfile.ZIP_STORED)
    [origin] = expand([folder])
    zipped(path, {"a.txt": b"tre"}, zipfile.ZIP_STORED)
    with pytest.raises(UnreadableFile, match="changed since"):
        load(origin)
    put(path, b"ingenting")
    with pytest.raises(UnreadableFile, match="broken in its archive"):
        load(origin)


# Rows

ROWS = [{"nr": f"a{n}", "text": f"Rad {n}\nmed å" + " ord" * (n % 7), "år": 2000 + n} for n in range(700)]


def table(path: Path, rows=ROWS) -> Path:
    suffix = path.name.partition(".")[2]
    lines = "\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    cells = "nr;text;år\n" + "".join(f'{row["nr"]};"{row["text"]}";{row["år"]}\n' for row in rows)
    content = {
        "jsonl": lines.encode(),
        "jsonl.gz": gzip.compress(lines.encode()),
        "csv": cells.encode("cp1252"),
        "csv.gz": gzip.compress(cells.encode("utf-8-sig")),
        "tsv": cells.replace(";", "\t").encode("utf-16"),
    }
    if suffix == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=150)
        return path
    return put(path, content[suffix])


KINDS = ["jsonl", "jsonl.gz", "csv", "csv.gz", "tsv", "parquet"]


@pytest.mark.parametrize("suffix", KINDS)
def test_rows_in_their_order_and_in_any(folder, suffix, monkeypatch):
    monkeypatch.setattr(rows, "_HELD", 2000)
    monkeypatch.setattr(rows, "_NEAR", 100)
    monkeypatch.setattr(rows, "_BEFORE", 50)
    path = table(folder / f"rader.{suffix}")
    origins = list(expand([folder], id="nr"))
    assert [origin.id for origin in origins] == [f"arkiv/rader.{suffix}#{row['nr']}" for row in ROWS]
    shuffled = random.Random(1).sample(origins, 60) + origins[:50] + origins[::-13]
    for origin in shuffled:
        document = load(origin, id="nr")
        assert document.text == ROWS[origin.row]["text"]
        assert (document.id, document.properties["år"]) == (origin.id, str(ROWS[origin.row]["år"]))
        assert (document.source.path, document.source.row) == (str(path), origin.row)


def test_a_row_in_the_middle_is_reached_without_the_rows_before(folder):
    path = put(folder / "rader.jsonl", b'{"text": "ett"}\n' * 1000)
    last = list(expand([folder]))[-1]
    raw = bytearray(path.read_bytes())
    raw[:1000] = b"#" * 1000
    path.write_bytes(raw)
    assert load(last).text == "ett"


def test_rows_are_numbered_without_an_id(folder):
    put(folder / "rader.csv", "text,id\nett,\ntvå,x\n")
    assert ids([folder]) == ["arkiv/rader.csv#0", "arkiv/rader.csv#1"]
    assert ids([folder], id="id") == ["arkiv/rader.csv#0", "arkiv/rader.csv#x"]


def test_rows_of_other_columns(folder):
    put(folder / "rader.jsonl", '{"brödtext": "ett", "nr": 7}\n')
    assert read_all([folder], text="brödtext") == {"arkiv/rader.jsonl#0": "ett"}


def test_bad_rows_harm_themselves_alone(folder):
    put(
        folder / "rader.jsonl",
        '{"text": "ett"}\n{trasig\n[1]\n{"text": null}\n{"text": 3}\n{"nr": 1}\n{"text": "två"}\n',
    )
    found = read_all([folder])
    assert [text.partition(":")[0] for text in found.values()] == [
        "ett",
        "! not JSON",
        "! a JSON list, not an object",
        "! the column 'text' is missing",
        "! the column 'text' is of type int",
        "! the column 'text' is missing",
        "två",
    ]


@pytest.mark.parametrize("suffix", KINDS)
def test_a_table_without_the_column_is_one_error(folder, suffix):
    table(folder / f"rader.{suffix}")
    put(folder / "ö.txt")
    first, other = expand([folder], text="innehåll")
    assert first.id == f"arkiv/rader.{suffix}"
    assert "no column 'innehåll'; it has 'nr'" in first.error
    assert other.id == "arkiv/ö.txt"


def test_a_table_that_breaks_off_keeps_the_rows_before(folder):
    path = table(folder / "rader.jsonl.gz")
    path.write_bytes(path.read_bytes()[:-200])
    *before, last = expand([folder])
    assert len(before) > 100
    assert "broken" in last.error
    assert last.id == "arkiv/rader.jsonl.gz"


def test_a_row_changed_under_the_run(folder):
    path = put(folder / "rader.jsonl", '{"text": "ett", "datum": "2024-01-01"}\n')
    [origin] = expand([folder])
    for content in (
        '{"text": "tre", "datum": "2024-01-01"}\n',
        '{"text": "ett", "datum": "2025-01-01"}\n',
        '{"a": 1}\n',
    ):
        put(path, content)
        close_all()
        with pytest.raises(UnreadableFile, match=r"changed since|no column"):
            load(origin)


def test_half_surrogates_in_a_row(folder):
    put(folder / "rader.jsonl", '{"text": "\\ud83d hej", "id": "a\\ud83d"}\n')
    assert read_all([folder], id="id") == {"arkiv/rader.jsonl#a?": "\ud83d hej"}


def test_a_dataset_saved_to_disk(folder):
    datasets = pytest.importorskip("datasets")
    datasets.disable_progress_bars()
    whole = datasets.Dataset.from_list(ROWS)
    whole.filter(lambda row: row["år"] % 2 == 0).save_to_disk(folder / "ett", num_shards=3)
    datasets.DatasetDict({"test": whole.select(range(2))}).save_to_disk(folder / "två")
    origins = list(expand([folder], id="nr"))
    assert len(origins) == 352
    assert origins[0].id == "arkiv/ett#a0"
    assert [origin.id for origin in origins[-2:]] == ["arkiv/två/test#a0", "arkiv/två/test#a1"]
    for origin in random.Random(1).sample(origins, 40):
        assert load(origin, id="nr").text == ROWS[int(origin.id.partition("#a")[2])]["text"]
    assert ids([folder / "ett"]) == ids([folder / "ett", folder / "ett"])
    assert ids([folder / "två/t*"]) == ["två/test#0", "två/test#1"]


# Damage


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", *(f"rader.{suffix}" for suffix in KINDS)])
def test_damaged_bytes_never_stop_a_run(folder, name):
    """Cut off, overwritten, or with something put in between: what can be read is, and the rest is told."""
    dice, path = random.Random(name), folder / name
    texts = {f"{n}.txt": f"Nummer {n}. ".encode() * n * 20 for n in range(1, 9)}
    if name.startswith("rader"):
        table(path, ROWS[:40])
    else:
        zipped(path, texts) if name == "a.zip" else tarred(path, texts, "w:gz" if name.endswith("gz") else "w")
    whole = path.read_bytes()
    for _ in range(60):
        damaged = bytearray(whole)
        place = dice.choice((dice.randrange(len(whole)), len(whole) - dice.randrange(1, min(600, len(whole)))))
        if dice.random() < 0.3:
            del damaged[place:]
        elif dice.random() < 0.3:
            damaged[place:place] = dice.randbytes(dice.randrange(1, 600))
        else:
            damaged[place : place + 4] = dice.randbytes(4)
        path.write_bytes(damaged)
        close_all()
        for origin in expand([folder]):
            with contextlib.suppress(UnreadableFile, UnknownFormat):
                load(origin)
