"""From bytes to characters: which encoding a Swedish text is written in."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cache

from offtext.errors import MissingExtra
from offtext.lexicon import load_toml

# Old Swedish files come from Windows, the Mac before OS X, and DOS; strict utf-8 is tried before these.
_LEGACY = ("cp1252", "mac_roman", "cp850")
_SAMPLE = 400_000
_MOJIBAKE = re.compile(r"Ã[¥¤¶©…„–\x80-\xbf]|â€[œ\x9d“”™˜¢¦]|â€“|Â[ §°»«]|┬|├[ñÑ╢╤ÂÕ]")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text with the encoding it was read as and what was odd."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, declared: str | None = None) -> Decoded:
    r"""Decode bytes by byte-order mark, strict utf-8, what the file declares, then Swedish letter evidence.

    Line ends become `\n`, and a byte-order mark is left out.

    Args:
        data: The bytes.
        declared: What the file says of itself (`charset=`); believed only when the bytes are no utf-8.

    >>> decode("Räksmörgås på Åland".encode("mac_roman")).text
    'Räksmörgås på Åland'
    >>> decode("Räksmörgås på Åland".encode("cp1252")).encoding
    'cp1252'
    """
    text, encoding, warnings = _decode(data, declared)
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Decoded(text, encoding, warnings)


def _decode(data: bytes, declared: str | None) -> tuple[str, str, tuple[str, ...]]:
    for bom, name in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),  # before utf-16: its mark begins with the same two bytes
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if data.startswith(bom):
            return _with_replacements(data[len(bom) :], name)
    wide = _utf16_without_mark(data)
    if wide:
        return _with_replacements(data, wide)
    try:
        return data.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError:
        pass
    if _mostly_utf8(data):
        return _with_replacements(data, "utf-8")
    known = _codec(declared)
    if known and known not in ("utf-8", "ascii", "iso8859-1", "cp1252"):
        # Declared Western encodings are often wrong; a rarer one is written on purpose.
        return _with_replacements(data, known)
    best = max(_LEGACY, key=lambda name: letter_evidence(data[:_SAMPLE].decode(name, "replace")))
    if best == "cp1252":
        # Bytes that cp1252 leaves undefined are read as the C1 characters latin-1 makes of them.
        return (
            "".join(_cp1252_table()[byte] for byte in data) if _has_undefined(data) else data.decode("cp1252"),
            best,
            (),
        )
    return data.decode(best), best, ()


def _with_replacements(data: bytes, encoding: str) -> tuple[str, str, tuple[str, ...]]:
    text = data.decode(encoding, "replace")
    broken = text.count("\ufffd") - (data.count(b"\xef\xbf\xbd") if encoding == "utf-8" else 0)
    warnings = (f"{broken} broken characters: some bytes are no {encoding}",) if broken > 0 else ()
    return text, encoding, warnings


def _utf16_without_mark(data: bytes) -> str | None:
    sample = data[:4000]
    if len(sample) < 4 or b"\0" not in sample:
        return None
    even, odd = sample[::2].count(0) / len(sample[::2]), sample[1::2].count(0) / len(sample[1::2])
    if odd > 0.6 and even < 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > 0.6 and odd < 0.1 else None


def _mostly_utf8(data: bytes) -> bool:
    # A file cut off inside a letter, or with a stray byte pasted in, is still utf-8.
    sample = data[:_SAMPLE].decode("utf-8", "replace")
    good = sum(1 for character in sample if character > "\x7f" and character != "\ufffd")
    return good > 4 * sample.count("\ufffd")


def _codec(name: str | None) -> str | None:
    try:
        return codecs.lookup(name.strip().strip("\"'")).name if name else None
    except (LookupError, ValueError):
        return None


_UNDEFINED = bytes((0x81, 0x8D, 0x8F, 0x90, 0x9D))


def _has_undefined(data: bytes) -> bool:
    return any(byte in data for byte in _UNDEFINED)


@cache
def _cp1252_table() -> tuple[str, ...]:
    return tuple(bytes([byte]).decode("latin-1" if byte in _UNDEFINED else "cp1252") for byte in range(256))


@cache
def _evidence() -> tuple[re.Pattern[str], re.Pattern[str]]:
    found = load_toml("readers")["evidence"]
    return (
        re.compile("|".join(entry["pattern"] for entry in found if entry["for"] == "swedish")),
        re.compile("|".join(entry["pattern"] for entry in found if entry["for"] == "wrong encoding")),
    )


def letter_evidence(text: str) -> int:
    """Return how much a decoding looks like Swedish: letters and quotation marks where they belong, less the odd ones.

    >>> letter_evidence("på Åland") > letter_evidence("pÂ ≈land")
    True
    """
    good, bad = _evidence()
    return len(good.findall(text)) - 2 * len(bad.findall(text))


def looks_binary(data: bytes) -> bool:
    """Tell whether bytes are no text in any encoding read here: too many control characters."""
    sample = data[:65536]
    if sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or _utf16_without_mark(sample):
        return False
    controls = len(re.findall(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", sample))
    return controls > max(3, len(sample) * 0.05)


def mojibake(text: str) -> int:
    """Return the number of places where utf-8 was once read as another encoding (`Ã¥` for `å`)."""
    return len(_MOJIBAKE.findall(text))


def repair(text: str) -> str:
    """Return the text with mojibake turned back into letters.

    Raises:
        MissingExtra: ftfy is not installed.
    """
    try:
        import ftfy
    except ImportError:
        raise MissingExtra("ftfy", "repair", "Repairing mojibake") from None
    # Only the encoding: ftfy's other fixes would straighten quotation marks and dashes, which carry meaning here.
    config = ftfy.TextFixerConfig(
        unescape_html=False, remove_terminal_escapes=False, fix_latin_ligatures=False, fix_character_width=False,
        uncurl_quotes=False, fix_line_breaks=False, fix_surrogates=False, remove_control_chars=False,
        normalization=None,
    )  # fmt: skip
    return "\n".join(ftfy.fix_text_segment(line, config) for line in text.split("\n"))
