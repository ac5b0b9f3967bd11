"""Pages that are pictures: read by an installed tesseract with its Swedish model."""

from __future__ import annotations

import io
import shutil
import subprocess
from typing import TYPE_CHECKING

from offtext.errors import MissingExtra
from offtext.readers.contract import Raw
from offtext.readers.printed import Line

if TYPE_CHECKING:
    import pypdfium2

_SECONDS = 120  # a page takes two to ten
_DPI = 300
_LARGEST = 5000  # pixels on the longer side, whatever the page claims to measure
_INSTALL = "Install it with its Swedish model (Debian: apt install tesseract-ocr tesseract-ocr-swe)."


def lines_of_picture(raw: Raw, page: pypdfium2.PdfPage, number: int) -> list[Line]:
    """Return what tesseract reads on a page, line by line; an empty line between paragraphs ends them.

    Raises:
        MissingExtra: Pillow, which writes the picture, is not installed.
        UnreadableFile: tesseract or its Swedish model is missing, fails, or takes too long.
    """
    program = shutil.which("tesseract")
    if program is None:
        raise raw.unreadable(f"page {number} is a picture and tesseract is not installed", _INSTALL)
    scale = min(_DPI / 72, _LARGEST / max(page.get_size()))
    try:
        picture = page.render(scale=scale, grayscale=True).to_pil()
    except ImportError:
        raise MissingExtra("pillow", "ocr", "Reading scanned pages") from None
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    try:
        done = subprocess.run(
            [program, "stdin", "stdout", "-l", "swe", "--dpi", str(round(scale * 72))],
            input=stream.getvalue(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise raw.unreadable(
            f"tesseract did not finish page {number} ({type(error).__name__})", "Read it without ocr."
        ) from error
    if done.returncode:
        told = " ".join(done.stderr.decode("utf-8", "replace").split())[:200]
        raise raw.unreadable(f"tesseract failed on page {number} ({told})", _INSTALL)
    return list(_lines(done.stdout.decode("utf-8", "replace")))


def _lines(text: str) -> list[Line]:
    # Only the order is known; each paragraph is set as far from the one before as the joiner needs to see it.
    lines: list[Line] = []
    height = 10_000.0
    for paragraph in text.replace("\f", "\n").split("\n\n"):
        for line in paragraph.split("\n"):
            if line.strip():
                hyphen = line.rstrip().endswith("-") and len(line.strip()) > 2
                lines.append(Line(line.rstrip(), 0.0, 500.0, height + 10, height, 10.0, hyphen=hyphen))
                height -= 13
        height -= 20
    return lines
