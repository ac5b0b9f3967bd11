"""From printed lines back to paragraphs: what belongs together, which hyphens are real, what is a heading."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from offtext.document import Page
from offtext.lexicon import load_toml

_COLUMN = 40.0  # points; columns begin farther apart than list items are indented
_SHORT = 0.4  # of the column left empty
_MARK = re.compile(r"^\s*(?:[•·▪●○■□➢►‣\uf0b7\uf0a7]|[-–—−*](?=\s)|\(?\d{1,3}[.)](?=\s)|[a-z]\)(?=\s))")
_LIST_SIGN = re.compile(r"\s*[^\w\s\"”“»'’(]")
_BULLET = re.compile(r"^\s*[•·▪●○■□➢►‣\uf0b7\uf0a7]\s*")
_ENDS = re.compile(r"[.!?:…][”\"’»)]*$")
_WORD_AT_END = re.compile(r"([^\W_]+(?:-[^\W_]+)*)-$")
_WORD_AT_START = re.compile(r"[^\W_]+(?:-[^\W_]+)*\.?")


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line: its characters (a tab where a wide gap parts them), place in points, size and face."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    bold: bool = False
    italic: bool = False
    hyphen: bool = False  # the library says that the line ends inside a word


@dataclass(frozen=True, slots=True)
class Printed:
    """A text put together from pages, with their spans."""

    text: str
    pages: tuple[Page, ...]
    title: str | None = None


@dataclass(slots=True)
class _Paragraph:
    lines: list[Line]
    pages: list[int]  # the page of each line

    @property
    def last(self) -> Line:
        return self.lines[-1]


def join_pages(pages: list[list[Line]]) -> Printed:
    """Join the lines of all pages to paragraphs, across page breaks too, as light Markdown.

    Page spans cover the text without gaps: white space between two pages belongs to the first, and a word that
    is broken over two pages to the first as well.
    """
    measures = _Measures(pages)
    paragraphs: list[_Paragraph] = []
    for number, lines in enumerate(pages):
        for index, line in enumerate(lines):
            before = paragraphs[-1] if paragraphs else None
            if before is not None and measures.continues(before, line, new_page=index == 0):
                before.lines.append(line)
                before.pages.append(number)
            else:
                paragraphs.append(_Paragraph([line], [number]))
    compounds = _compounds(pages)
    parts: list[str] = []
    starts: dict[int, int] = {}
    length = 0
    title: str | None = None
    previous_kind = ""
    for paragraph in paragraphs:
        level = measures.level(paragraph)
        first = paragraph.lines[0]
        row = "\t" in first.text
        kind = (
            "row"
            if row
            else "heading"
            if level
            else "item"
            if _MARK.match(first.text) and not first.bold
            else "paragraph"
        )
        if parts:
            separator = (
                "\n" if kind == previous_kind and kind in ("item", "row") and not _is_speech(paragraph) else "\n\n"
            )
            parts.append(separator)
            length += len(separator)
        text, breaks = _joined(paragraph, compounds)
        opening, closing = _marks(paragraph, level, text)
        if not opening and (bullet := _BULLET.match(text)):
            opening = "- "
            text, breaks = text[bullet.end() :], [(page, max(0, at - bullet.end())) for page, at in breaks]
        for page, at in breaks:
            starts.setdefault(page, length + (len(opening) + at if at else 0))
        if level and title is None:
            title = text
        written = opening + text + closing
        parts.append(written)
        length += len(written)
        previous_kind = kind
    return Printed("".join(parts), _spans(starts, len(pages), length), title)


def _spans(starts: dict[int, int], count: int, length: int) -> tuple[Page, ...]:
    begin = [0] * count + [length]
    following = length
    for page in range(count - 1, -1, -1):  # a page without text is an empty span where the next one begins
        following = starts.get(page, following)
        begin[page] = following if page else 0
    return tuple(Page(page + 1, begin[page], begin[page + 1]) for page in range(count))


class _Measures:
    """What is usual in this document: size of type, distance of lines, right edge."""

    def __init__(self, pages: list[list[Line]]) -> None:
        sizes: Counter[float] = Counter()
        for lines in pages:
            for line in lines:
                sizes[line.size] += len(line.text)
        self.body = sizes.most_common(1)[0][0] if sizes else 0.0
        body = [line for lines in pages for line in lines if line.size == self.body]
        gaps = [
            above.bottom - below.bottom
            for lines in pages
            for above, below in itertools.pairwise(lines)
            if above.size == below.size == self.body and 0 < above.bottom - below.bottom < 4 * max(self.body, 1)
        ]
        # The distance inside paragraphs is the smaller one; the median would be that of one-line paragraphs.
        gaps.sort()
        self.pitch = gaps[len(gaps) // 4] if gaps else 1.3 * self.body
        # By column: lines that begin at about the same place end at about the same place.
        columns: dict[int, list[float]] = {}
        for line in body:
            for near in (-1, 0, 1):
                columns.setdefault(int(line.left // _COLUMN) + near, []).append(line.right)
        self.rights = {place: sorted(rights)[int(len(rights) * 0.9)] for place, rights in columns.items()}
        plain = {line.size for lines in pages for line in lines if not line.bold}
        least = {size: 1.12 if size in plain else 1.04 for size in sizes}  # bold type need not be much larger
        self.larger = sorted(
            (size for size, n in sizes.items() if size >= least[size] * self.body and n < 0.3 * sizes.total()),
            reverse=True,
        )

    def level(self, paragraph: _Paragraph) -> int:
        """Return the heading level of a paragraph by its size of type, 0 for none."""
        line = paragraph.lines[0]
        text = " ".join(part.text for part in paragraph.lines)
        if not self.body or line.size not in self.larger or len(text) > 200 or len(paragraph.lines) > 4:
            return 0
        if not any(character.isalpha() for character in text):
            return 0
        return min(self.larger.index(line.size) + 1, 4)

    def continues(self, before: _Paragraph, line: Line, *, new_page: bool) -> bool:
        """Tell whether a line belongs to the paragraph before it."""
        last = before.last
        if abs(line.size - last.size) > 0.11 * max(last.size, 1) or (line.bold != last.bold and len(line.text) > 12):
            return False
        if "\t" in line.text or "\t" in last.text:
            return False
        if not line.size:  # no places known (OCR): only what the words say
            return not _ENDS.search(last.text)
        filled = self._filled(last, line)
        if _MARK.match(line.text) and not last.hyphen and not self._wrapped_mark(last, line, filled=filled):
            return False
        drop = last.bottom - line.bottom
        if new_page or drop < -0.5 * line.size:  # another page or column: only an unfinished sentence goes on there
            if last.hyphen:
                return True
            return not _ENDS.search(last.text) and line.text.lstrip()[:1].islower()
        pitch = self.pitch if abs(line.size - self.body) < 0.2 else 1.35 * line.size
        if drop < 0.3 * line.size:  # beside the last one on the same line: cells, or a tabbed header field
            return False
        if drop > 1.4 * pitch:
            return False
        if last.hyphen:
            return True
        indented = line.left - min(part.left for part in before.lines) > 0.8 * line.size and not _MARK.match(
            before.lines[0].text
        )
        if indented and len(before.lines) > 1:
            return False
        first = line.text.lstrip()[:1]
        if filled:
            return True
        # Ended on purpose; but a ragged or hand-broken line goes on, unless it is as short as a name over a role.
        right = self.rights.get(int(last.left // _COLUMN), last.right)
        short = last.size == self.body and right - last.right > _SHORT * (right - last.left)
        return first.islower() and not _ENDS.search(last.text) and not short

    def _filled(self, last: Line, line: Line) -> bool:
        """Tell whether a line is full: the next one's first word would not have fitted on it."""
        words = line.text.split(maxsplit=1)
        if not words or not line.size:
            return True
        needed = (line.right - line.left) * (len(words[0]) + 1) / max(1, len(line.text.strip()))
        room = self.rights.get(int(last.left // _COLUMN), last.right) - last.right
        return room <= needed + 1.5 * line.size

    @staticmethod
    def _wrapped_mark(last: Line, line: Line, *, filled: bool) -> bool:
        """Tell whether what looks like a bullet or a number goes on with a sentence: 'den | 3. maj', 'x | – som y'."""
        if not filled or _ENDS.search(last.text):
            return False
        return re.sub(r"^[\s\d–—−().-]+", "", line.text)[:1].islower()


def _is_speech(paragraph: _Paragraph) -> bool:
    return paragraph.lines[0].text.lstrip()[:1] in ("–", "—", "−", "-")


def _marks(paragraph: _Paragraph, level: int, text: str) -> tuple[str, str]:
    if "\t" in paragraph.lines[0].text:
        return "| ", " |"
    if level:
        return "#" * level + " ", ""
    if all(line.bold for line in paragraph.lines) and any(map(str.isalpha, text)) and not _LIST_SIGN.match(text):
        return "**", "**"
    return "", ""


def _joined(paragraph: _Paragraph, compounds: Counter[str]) -> tuple[str, list[tuple[int, int]]]:
    """Return the paragraph's text and where in it each page begins."""
    text = ""
    breaks: list[tuple[int, int]] = []
    for line, page in zip(paragraph.lines, paragraph.pages, strict=True):
        piece = " | ".join(" ".join(cell.split()) for cell in line.text.split("\t") if cell.strip())
        if text:
            text, piece = _glue(text, piece, compounds)
        if not breaks or breaks[-1][0] != page:
            # A word broken over two pages stays with the first
            at = len(text)
            if text and not text[-1].isspace():
                word = re.match(r"\S+\s?", piece)
                at += word.end() if word else 0
            breaks.append((page, at))
        text += piece
    return text, breaks


def _glue(text: str, piece: str, compounds: Counter[str]) -> tuple[str, str]:
    """Return what a text and the next line become when put together: with a space, a hyphen or neither."""
    ending = _WORD_AT_END.search(text[-80:])
    beginning = _WORD_AT_START.match(piece)
    if not ending or not beginning:
        return text + " ", piece
    head, tail = ending.group(1), beginning.group()
    kept = _hyphen_stays(head, tail, compounds)
    if kept == "hanging":
        return text + " ", piece
    return (text, piece) if kept == "hyphen" else (text[:-1], piece)


@cache
def _hyphen_words() -> tuple[frozenset[str], frozenset[str]]:
    after, before = (frozenset(entry["words"]) for entry in load_toml("readers")["hyphen"])
    return after, before


def _hyphen_stays(head: str, tail: str, compounds: Counter[str]) -> str:
    """Return 'hanging' (`för- och`), 'hyphen' (`IT-chef`) or 'word' (`samverkan`).

    What the document writes elsewhere in the middle of a line decides where grammar does not.
    """
    following, leading = _hyphen_words()
    if tail.lower() in following:
        return "hanging"
    tail = tail.rstrip(".")
    if compounds[f"{head}-{tail}".lower()]:
        return "hyphen"
    if compounds[(head + tail).lower()]:
        return "word"
    part = head.rsplit("-", 1)[-1]
    if not tail[0].islower() or part.isupper() or part[-1].isdigit() or part.lower() in leading:
        return "hyphen"
    return "word"


def _compounds(pages: list[list[Line]]) -> Counter[str]:
    """Count the words of the document that do not stand at a line's end, hyphens in them kept."""
    counts: Counter[str] = Counter()
    for lines in pages:
        for line in lines:
            counts.update(word.lower() for word in re.findall(r"[^\W_]+(?:-[^\W_]+)*(?=[^\w-]|$)", line.text))
    return counts
