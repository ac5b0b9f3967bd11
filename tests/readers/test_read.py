"""Choosing the reader, and errors that say what to do."""

import contextlib
import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import reader_files as files

from offtext.errors import InputError, MissingExtra, UnknownFormat, UnknownName, UnreadableFile
from offtext.readers import FORMATS, SUFFIXES, formats, read, read_bytes


def test_a_pdf_named_txt_is_read_as_pdf_with_a_warning(put):
    document = read(put("brev.txt", files.pdf()))
    assert document.source.format == "pdf"
    assert files.TITLE in document.text
    assert "named '.txt'" in document.warnings[0]


@pytest.mark.parametrize(
    ("name", "maker"),
    [
        ("a.pdf", files.docx),
        ("a.docx", files.odt),
        ("a.txt", files.rtf),
        ("a.bin", files.pdf),
        ("utan", files.docx),
        ("a.txt", files.html),
        ("a.docx", files.msg),
    ],
)
def test_the_bytes_are_believed_before_the_suffix(name, maker, put):
    document = read(put(name, maker()))
    assert document.source.format == maker.__name__
    assert document.warnings


def test_the_format_can_be_named(put):
    assert read(put("sida.txt", files.html()), format="txt").text.startswith("<!doctype")
    with pytest.raises(UnknownName, match="Did you mean 'html'"):
        read(put("x.txt", "x"), format="htlm")


def test_a_suffix_in_capitals_and_a_path_as_text(put):
    path = put("BREV.TXT", files.txt())
    assert read(str(path)).id == read(path).id == path.as_posix()


@pytest.mark.parametrize("name", ["a.xyz", "utan_suffix", ".txt", "a.doc"])
def test_an_unknown_suffix_lists_the_known_ones(name, put):
    with pytest.raises(UnknownFormat, match=r"\.docx"):
        read(put(name, "en text"))


def _zip(**members):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return stream.getvalue()


def _encrypted_pdf():
    from reportlab.lib.pdfencrypt import StandardEncryption

    return files.pdf_of([["hemligt"]], encrypt=StandardEncryption("lösen", canPrint=0))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("hemlig.pdf", _encrypted_pdf, "encrypted"),
        ("hemlig.docx", lambda: files.ole_of({"EncryptedPackage": b"x", "EncryptionInfo": b"y"}), "encrypted"),
        ("hemlig.odt", lambda: files.odt_of("", manifest="<m><encryption-data/></m>"), "encrypted"),
        ("bomb.docx", lambda: _zip(word__document_xml=b" " * (30 << 20)), "zip bomb"),
        ("bild.txt", lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG picture"),
        ("tal.docx", lambda: _zip(xl__workbook_xml=b"<x/>"), "Excel"),
        ("brus.txt", lambda: bytes(range(256)) * 20, "binary"),
        ("brus.md", lambda: bytes(2000), "binary"),
        ("fel.docx", lambda: b"en vanlig text", "broken"),
        ("fel.pdf", lambda: b"en vanlig text", "broken"),
        ("fel.eml", lambda: b"en vanlig text\n\nutan huvud", "no e-mail"),
        ("tabell.csv", lambda: b"text\nhej\n", "rows"),
        ("ingen.odt", lambda: _zip(mimetype=b"x", content_xml=b"<a/>"), "OpenDocument"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read_say_why_and_what_to_do(name, content, reason, put):
    path = put(name, content())
    with pytest.raises(UnreadableFile, match=reason) as caught:
        read(path)
    assert caught.value.path == path.as_posix()
    assert caught.value.advice


def test_entities_and_files_outside_are_not_followed(put, tmp_path):
    secret = tmp_path / "hemlig.txt"
    secret.write_text("topphemligt")
    evil = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]><x>&e;</x>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", evil)
    with pytest.raises(UnreadableFile):
        read(put("ond.odt", stream.getvalue()))
    page = (
        f'<!DOCTYPE html [<!ENTITY e SYSTEM "file://{secret}">]><html><body><p>Hej &e; {"text " * 20}</p></body></html>'
    )
    assert "topphemligt" not in read(put("ond.html", page)).text
    with zipfile.ZipFile(io.BytesIO(files.docx())) as good:
        members = {name: good.read(name) for name in good.namelist()}
    members["word/document.xml"] = (
        f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY e SYSTEM "file://{secret}">]>'.encode()
        + members["word/document.xml"].split(b"?>", 1)[1].replace("Räksmörgåsarna".encode(), b"&e;")
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    path = put("ond.docx", stream.getvalue())
    with contextlib.suppress(UnreadableFile):
        assert "topphemligt" not in read(path).text


def test_missing_files_and_folders(tmp_path):
    with pytest.raises(UnreadableFile, match="no such file"):
        read(tmp_path / "borta.txt")
    with pytest.raises(UnreadableFile, match="a folder"):
        read(tmp_path)
    with pytest.raises(InputError):
        read("noll\0tecken.txt")


def test_a_file_with_white_space_only_is_a_document_with_a_warning(put):
    document = read(put("tom.txt", " \n\n"))
    assert document.text == " \n\n"
    assert document.warnings == ("no text in the file",)


def test_suffixes_belong_to_one_format():
    assert len(SUFFIXES) == sum(len(format.suffixes) for format in FORMATS.values())
    assert all(suffix == suffix.lower() and suffix.startswith(".") for suffix in SUFFIXES)
    assert not set(SUFFIXES) & set(formats.ROW_SUFFIXES)


def test_libraries_are_loaded_on_use_only():
    heavy = ["lxml", "docx", "pypdfium2", "striprtf", "olefile", "ftfy", "pyarrow"]
    source = str(Path(__file__).resolve().parents[2] / "src")
    code = f"import sys; sys.path.insert(0, {source!r}); import offtext.readers; print([m for m in {heavy} if m in sys.modules])"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


@pytest.mark.parametrize(("name", "maker", "library", "extra"), [("a.msg", files.msg, "olefile", "msg")])
def test_a_missing_library_names_the_extra(name, maker, library, extra, put, monkeypatch):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtra, match=rf"offtext\[{extra}\]"):
        read(put(name, maker()))


def test_bytes_are_read_like_their_file(put):
    path = put("brev.pdf", files.pdf())
    assert read_bytes(path.read_bytes(), path.as_posix()) == read(path)
    with pytest.raises(UnreadableFile, match="empty"):
        read_bytes(b"", "brev.pdf")
    with pytest.raises(UnknownName, match="pdf"):
        read_bytes(b"x", "brev.pdf", format="pfd")
