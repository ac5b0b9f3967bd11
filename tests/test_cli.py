"""The command line, as a user runs it."""

import json
import signal
import subprocess
import sys

import pytest

import offtext
from offtext.cli import ALL_FAILED, FINE, SOME_FAILED, USAGE, main

TEXT = "– Vi börjar i höst, säger Karin Ek, rektor i Tranås kommun.\n"


@pytest.fixture
def archive(tmp_path):
    folder = tmp_path / "arkiv" / "2024"
    folder.mkdir(parents=True)
    (folder / "nyhet.txt").write_text(TEXT, encoding="utf-8")
    (folder / "nyhet.md").write_text(f"# Skolan\n\n{TEXT}", encoding="utf-8")
    (folder / ".dold.txt").write_text("dold", encoding="utf-8")
    (folder / "bild.png").write_bytes(b"\x89PNG")
    return tmp_path / "arkiv"


def rows(folder, table):
    return offtext.open_results(folder).to_arrow(table).to_pylist()


def test_folder_to_parquet(archive, tmp_path, capsys):
    out = tmp_path / "resultat"
    assert main(["analyze", str(archive), "-o", str(out), "--rules-only"]) == FINE
    assert [row["format"] for row in rows(out, "documents")] == ["md", "txt"]
    assert {row["speaker_name"] for row in rows(out, "quotes")} == {"Karin Ek"}
    summary = capsys.readouterr().out
    assert str(out / "documents") in summary
    assert "quotes" in summary


def test_rows_to_json_lines(tmp_path):
    table = tmp_path / "rader.jsonl"
    table.write_text("".join(json.dumps({"nr": n, "brödtext": TEXT}) + "\n" for n in (1, 2)), encoding="utf-8")
    out = tmp_path / "resultat"
    arguments = ["--format", "jsonl", "--text", "brödtext", "--id", "nr", "--rules-only", "--quiet"]
    assert main(["analyze", str(table), "-o", str(out), *arguments]) == FINE
    [part] = (out / "analyses").iterdir()
    records = [json.loads(line) for line in part.read_text(encoding="utf-8").splitlines()]
    assert [record["meta"]["title"] for record in records]
    assert records[0]["quotes"]


def test_one_bad_file_is_a_row_of_errors(archive, tmp_path, capsys):
    (archive / "trasig.docx").write_bytes(b"PK\x03\x04 half a file")
    out = tmp_path / "resultat"
    assert main(["analyze", str(archive), "-o", str(out), "--rules-only"]) == SOME_FAILED
    assert len(rows(out, "documents")) == 2
    [error] = rows(out, "errors")
    assert error["path"].endswith("trasig.docx")
    assert "trasig.docx" in capsys.readouterr().out


def test_a_broken_row_is_a_row_of_errors_and_its_neighbours_are_read(tmp_path):
    table = tmp_path / "rader.jsonl"
    table.write_text(f'{json.dumps({"text": TEXT})}\n{{"text": tre\n{json.dumps({"text": TEXT})}\n', encoding="utf-8")
    out = tmp_path / "ut"
    assert main(["analyze", str(table), "-o", str(out), "--rules-only", "--quiet"]) == SOME_FAILED
    assert [row["row"] for row in rows(out, "documents")] == [0, 2]
    [error] = rows(out, "errors")
    assert error["document_id"].endswith("rader.jsonl#1")
    assert "not JSON" in error["message"]


def test_all_bad(tmp_path):
    (tmp_path / "tom.pdf").write_bytes(b"")
    assert (
        main(["analyze", str(tmp_path / "tom.pdf"), "-o", str(tmp_path / "ut"), "--rules-only", "--quiet"])
        == ALL_FAILED
    )


def test_a_path_that_is_not_there_is_named_and_nothing_is_written(tmp_path, capsys):
    assert main(["analyze", str(tmp_path / "borta"), "-o", str(tmp_path / "ut"), "--rules-only"]) != FINE
    assert "borta" in capsys.readouterr().err
    assert not (tmp_path / "ut").exists()


def test_unknown_layer_is_usage(archive, tmp_path, capsys):
    assert main(["analyze", str(archive), "-o", str(tmp_path / "ut"), "--layers", "quote"]) == USAGE
    assert "Did you mean 'quotes'" in capsys.readouterr().err


def test_show(archive, capsys):
    assert main(["show", str(archive / "2024" / "nyhet.md"), "--rules-only"]) == FINE
    shown = capsys.readouterr().out
    assert "Karin Ek" in shown
    assert "Citat (1)" in shown


def test_show_as_a_page(archive, tmp_path):
    page = tmp_path / "sida.html"
    assert main(["show", str(archive / "2024" / "nyhet.md"), "--rules-only", "--html", str(page)]) == FINE
    assert "Karin Ek" in page.read_text(encoding="utf-8")


def test_pages_beside_the_tables(archive, tmp_path):
    out = tmp_path / "resultat"
    assert main(["analyze", str(archive), "-o", str(out), "--rules-only", "--html", "--quiet"]) == FINE
    assert len(list((out / "html").glob("nyhet*.html"))) == 2


def test_help_is_quick_and_light():
    code = "import sys; from offtext.cli import _parser; _parser().format_help(); print([m for m in ('numpy', 'pyarrow', 'rich') if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def run(*arguments):
    return main(["analyze", *map(str, arguments), "--rules-only", "--workers", "0"])


def test_the_same_command_again_tells_what_has_changed(archive, tmp_path, capsys):
    assert run(archive, "-o", tmp_path / "ut", "--html") == FINE
    (archive / "2024" / "nyhet.txt").unlink()
    (archive / "2024" / "ny.txt").write_text(f"{TEXT}Slut.", encoding="utf-8")
    assert run(archive, "-o", tmp_path / "ut", "--html") == FINE
    told = " ".join(capsys.readouterr().out.split())
    assert "new 1 arkiv/2024/ny.txt" in told
    assert "vanished 1 arkiv/2024/nyhet.txt" in told
    assert {path.name.partition("-")[0] for path in (tmp_path / "ut" / "html").iterdir()} == {"ny_txt", "nyhet_md"}


def test_other_settings_are_usage_and_restart_is_the_way(archive, tmp_path, capsys):
    assert run(archive, "-o", tmp_path / "ut") == FINE
    assert run(archive, "-o", tmp_path / "ut", "--layers", "actors") == USAGE
    assert "--restart" in capsys.readouterr().err
    assert run(archive, "-o", tmp_path / "ut", "--layers", "actors", "--restart") == FINE


def test_results_that_lie_among_the_sources_are_no_sources(archive, tmp_path):
    assert run(archive, "-o", archive / "ut") == FINE
    (archive / "ny.txt").write_text(TEXT.replace("höst", "vår"), encoding="utf-8")
    assert run(archive, "-o", archive / "ut") == FINE
    assert len(rows(archive / "ut", "documents")) == 3


def test_duplicates_point_to_the_first(archive, tmp_path):
    (archive / "2024" / "samma.txt").write_text(TEXT, encoding="utf-8")
    assert run(archive, "-o", tmp_path / "ut") == FINE
    found = {row["id"]: row["duplicate_of"] for row in rows(tmp_path / "ut", "documents")}
    assert found["arkiv/2024/samma.txt"] == "arkiv/2024/nyhet.txt"
    assert {row["document_id"] for row in rows(tmp_path / "ut", "quotes")} == {
        "arkiv/2024/nyhet.md",
        "arkiv/2024/nyhet.txt",
    }


def test_ctrl_c_says_how_to_go_on(archive, tmp_path, capsys, monkeypatch):
    def interrupted(*_args, **_options):
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("offtext.jobs.folder.write_file", interrupted)
    assert run(archive, "-o", tmp_path / "ut") == 130
    assert "the same command goes on" in capsys.readouterr().err
    monkeypatch.undo()
    assert run(archive, "-o", tmp_path / "ut") == FINE


def test_progress_as_json(archive, tmp_path, capsys):
    (archive / "trasig.docx").write_bytes(b"PK\x03\x04 half a file")
    assert run(archive, "-o", tmp_path / "ut", "--json-log") == SOME_FAILED
    captured = capsys.readouterr()
    events = [json.loads(line)["event"] for line in captured.err.splitlines()]
    assert events == ["begin", "error", "shard", "finished"]
    assert captured.out == ""


@pytest.mark.parametrize("wrong", [["--workers", "-1"], ["--timeout-s", "lång"], ["--timeout-s", "-1"]])
def test_wrong_numbers_are_usage(wrong, archive, tmp_path, capsys):
    with pytest.raises(SystemExit) as left:
        run(archive, "-o", tmp_path / "ut", *wrong)
    assert left.value.code == USAGE
