"""What every format promises, over the registry: a format that is added is tested by adding its maker to reader_files.py."""

import contextlib
import hashlib
import random

import pytest
import reader_files as files

from offtext.errors import OfftextError, UnreadableFile
from offtext.readers import FORMATS, read

TEXTUAL = {"txt", "md", "html", "eml", "rtf"}
every_format = pytest.mark.parametrize("name", FORMATS)


@every_format
def test_every_format_has_a_maker(name):
    assert name in files.MAKERS


@every_format
def test_the_text_comes_back_in_order_with_its_letters(name, put):
    document = read(put(f"fil{FORMATS[name].suffixes[0]}", files.MAKERS[name]()))
    places = [document.text.find(part) for part in (files.TITLE, *files.SENTENCES)]
    assert -1 not in places
    assert places == sorted(places)
    assert document.source.format == name
    assert document.warnings == ()
    assert not set("\r\ufeff\ufffd\ufffe\x00") & set(document.text)


@every_format
def test_reading_twice_gives_the_same(name, put):
    data = files.MAKERS[name]()
    path = put(f"fil{FORMATS[name].suffixes[0]}", data)
    first, second = read(path), read(path)
    assert first == second
    assert first.source.sha256 == hashlib.sha256(data).hexdigest()
    assert first.id == first.source.path == path.as_posix()


@every_format
def test_pages_cover_the_text(name, put):
    document = read(put(f"fil{FORMATS[name].suffixes[0]}", files.MAKERS[name]()))
    if document.pages:
        assert document.pages[0].start == 0
        assert document.pages[-1].end == len(document.text)
        assert all(a.end == b.start for a, b in zip(document.pages, document.pages[1:], strict=False))


@every_format
def test_an_empty_file_says_so(name, put):
    with pytest.raises(UnreadableFile, match="empty"):
        read(put(f"tom{FORMATS[name].suffixes[0]}", b""))


@every_format
def test_a_file_cut_off_is_an_error_or_a_shorter_text(name, put):
    data = files.MAKERS[name]()
    path = put(f"halv{FORMATS[name].suffixes[0]}", data[: len(data) // 2])
    if name in ("docx", "odt", "rtf", "pdf"):
        with pytest.raises(UnreadableFile, match=r"cut off|broken"):
            read(path)
    else:
        with contextlib.suppress(UnreadableFile):
            assert len(read(path).text) <= len(data)


@every_format
def test_nothing_but_our_errors_escapes(name, put):
    dice = random.Random(name)
    good = files.MAKERS[name]()
    for number in range(40):
        kind = number % 4
        if kind == 0:
            data = dice.randbytes(dice.randint(1, 3000))
        elif kind == 1:
            data = good[: dice.randint(1, len(good))]
        elif kind == 2:
            data = bytearray(good)
            for _ in range(dice.randint(1, 30)):
                data[dice.randrange(len(data))] = dice.randrange(256)
        else:
            data = good[:200] + dice.randbytes(500)
        path = put(f"fel{number}{FORMATS[name].suffixes[0]}", bytes(data))
        for asked in (None, name):
            try:
                read(path, format=asked)
            except OfftextError as error:
                assert path.as_posix() in str(error)  # noqa: PT017 - any of the 40 may be readable


@pytest.mark.parametrize("name", sorted(TEXTUAL))
def test_a_megabyte_on_one_line_is_no_trouble(name, put):
    body = "och åter " * 120_000
    wrapped = {
        "html": f"<html><body><p>{body}</p></body></html>",
        "eml": f"Subject: x\n\n{body}",
        "rtf": "{\\rtf1 " + "och " * 250_000 + "}",
    }
    document = read(put(f"lång{FORMATS[name].suffixes[0]}", wrapped.get(name, body)))
    assert document.text.count("och") > 100_000
