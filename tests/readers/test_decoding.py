import random

import pytest

from offtext.readers import read
from offtext.readers.decoding import decode, looks_binary

TEXT = "– Vi får se, säger Örjan Åkesson på ”Ängens” förskola. Där är många små barn i år… Två § gäller."
BARE = "Kommunen får på så vis bättre möjligheter. Åtgärderna pågår även i ÖREBRO."


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman"]
)
def test_swedish_text_comes_back_from_any_encoding(encoding, put):
    assert read(put("a.txt", TEXT.encode(encoding))).text == TEXT


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "mac_roman", "cp850"])
@pytest.mark.parametrize("text", [BARE, "på", "Åsa", "RÄDDNINGSTJÄNSTEN", "smör\nöl\nål", "Se bilaga 3 för län"])
def test_short_texts_without_typographic_signs(encoding, text):
    assert decode(text.encode(encoding)).text == text


def test_declared_encodings_are_believed_after_utf8_only():
    assert decode("Łódź".encode("iso8859-2"), "iso-8859-2").text == "Łódź"
    assert decode("Åmål".encode(), "windows-1252").text == "Åmål"
    assert decode("Åmål".encode("cp1252"), "no-such-thing").text == "Åmål"


def test_a_stray_byte_in_utf8_is_a_warning_not_another_encoding(put):
    document = read(put("a.txt", ("Räksmörgås på ö. " * 20).encode() + b"\xc3"))
    assert "Räksmörgås" in document.text
    assert "1 broken characters" in document.warnings[0]


def test_a_replacement_character_that_was_in_the_file_is_no_new_fault():
    assert decode("redan \ufffd trasig å".encode()).warnings == ()


def test_line_ends_become_line_feeds(put):
    assert read(put("a.txt", b"ett\r\ntv\xc3\xa5\rtre\n")).text == "ett\ntvå\ntre\n"


def test_mojibake_is_warned_of_and_repaired_on_request_only(put):
    wrong = "NÃ¤mnden fÃ¥r Ã¶ka stÃ¶det, sa hon. â€“ Ja!"
    path = put("a.txt", wrong)
    assert read(path).text == wrong
    assert "repair_mojibake=True" in read(path).warnings[0]
    mended = read(path, repair_mojibake=True)
    assert mended.text == "Nämnden får öka stödet, sa hon. – Ja!"
    assert "repaired" in mended.warnings[0]


def test_quotation_marks_survive_the_repair(put):
    assert "”Ja”" in read(put("a.txt", "”Ja”, sa hon pÃ¥ mÃ¶tet."), repair_mojibake=True).text


def test_undefined_bytes_of_cp1252_do_not_raise():
    assert decode("på".encode("cp1252") + b" \x81\x9d f\xf6r").text.startswith("på")


def test_random_bytes_never_raise():
    dice = random.Random(1)
    for size in range(300):
        data = dice.randbytes(size)
        assert isinstance(decode(data).text, str)
        looks_binary(data)
