"""A text's lines and what their first signs say: heading, quote, dash, bullet, number, table, rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from offtext.layout.cues import BULLETS, DASHES, SPACES


@dataclass(slots=True)
class Line:
    """One line of a text without the white space around it.

    Attributes:
        start: First character; image links without a text before it are left out.
        end: End of the line.
        content_start: After the marker.
        content_end: Before a closing marker.
        mark: '', 'heading', 'under' (setext), 'rule', 'quote', 'dash', 'bullet', 'number', 'table' or 'image'.
        sign: The marker's own sign: '–', '*', '1.' …
        style: 'bold' or 'italic' when all of the content is.
        level: Of a heading, or of a list item by its indentation.
        gap: An empty line, a rule or a paragraph tag stands before it.
        hard: The line before ended in a hard break (two spaces, a backslash, `<br>`).
        indent: White space before it.
        image: An image link stands directly before it on the same line.
    """

    start: int
    end: int
    content_start: int
    content_end: int
    mark: str = ""
    sign: str = ""
    style: str = ""
    level: int = 0
    gap: bool = False
    hard: bool = False
    indent: int = 0
    image: bool = False


_EMPTY_LINK = r"!?\[\s{0,3}\]\([^()\s]{0,1000}(?:\s{1,3}\"[^\"\n]{0,300}\")?\s?\)(?:\{[^{}\n]{0,100}\})?"
_TIGHT = re.escape(BULLETS.replace("*", "").replace("+", ""))  # these need no space after them
_PICTURE = "[\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f300-\U0001faff]"
_D, _B, _S = re.escape(DASHES), re.escape(BULLETS), re.escape(SPACES)


@cache
def _junk() -> re.Pattern[str]:
    return re.compile(rf"(?:(?:{_EMPTY_LINK}|<img\b[^<>]{{0,1000}}>)[{_S}]*)+")


_BEFORE_SPEECH = ("](", "*", "_", *(f"{end}{dash}" for end in ".!?" for dash in "–—−―"))


@cache
def _inner_speech() -> re.Pattern[str]:
    # an image link in the middle of a line, directly before a dash; a bold name directly before one
    return re.compile(
        rf"{_EMPTY_LINK}[{_S}]{{0,3}}(?=[–—−―-][{_S}]{{0,2}}[A-ZÅÄÖ])"
        rf"|(?<=[\w?!.])(?:\*\*_|_\*\*|\*\*|_|\*):?[{_S}]{{0,3}}(?=[–—−―][{_S}]{{1,2}}[A-ZÅÄÖ])"
        # a line break lost in conversion: `… i höst.– Vi börjar`
        rf"|(?<=[a-zåäö][.!?])(?=[–—−―][{_S}]{{1,2}}[A-ZÅÄÖ])"
    )


@cache
def _tag() -> re.Pattern[str]:
    return re.compile(
        r"<(/?)(p|div|br|li|ul|ol|h[1-6]|tr|td|th|table|blockquote|section|article|header|footer|nav)\b[^<>]{0,500}>",
        re.IGNORECASE,
    )


@cache
def _marker() -> re.Pattern[str]:
    return re.compile(
        rf"""(?P<heading>\#{{1,6}}[{_S}]+|\#{{2,6}}(?=[^\W\d_])|={{1,5}}[{_S}]+(?=\S)
               |\\(?:part|chapter|(?:sub){{0,2}}section|title|subtitle|(?:sub)?paragraph)\*?\{{)
         |(?P<quote>(?:>[{_S}]{{0,3}}){{1,5}})
         |(?P<table>\|)
         |(?P<dash>\\?[{_D}]{{1,3}}(?:[{_S}]+|$|(?=[A-ZÅÄÖ”"])))
         |(?P<bullet>[{_B}]\ufe0f?(?:[{_S}]+|$)|[{_TIGHT}]\ufe0f?(?=\w)|{_PICTURE}\ufe0f?[{_S}]+(?=\w)
               |o[\t ]{{1,8}}(?=[^\W\d_]{{2}})|\\item(?:\[[^\]\n]{{0,60}}\])?[{_S}]+)
         |(?P<number>(?:\d{{1,3}}|[a-zåäö]|[ivx]{{1,5}})[.)][{_S}]+|\(?(?:\d{{1,2}}|[A-Za-z])\)[{_S}]+)
        """,
        re.VERBOSE,
    )


@cache
def _whole_link() -> re.Pattern[str]:
    return re.compile(r"\[([^\[\]\n]{1,300})\]\([^()\s]{0,1000}(?:\s\"[^\"\n]{0,200}\")?\)[.,]?\Z")


@cache
def _rule() -> re.Pattern[str]:
    return re.compile(
        rf"(?:[-–—_*=~·.…{_S}]{{3,}}|[-=]{{2,}})\Z|\|?(?:[{_S}]*:?-{{2,}}:?[{_S}]*\|)+(?:[{_S}]*:?-{{2,}}:?[{_S}]*)?\Z"
    )


def lines_of(text: str, begin: int = 0) -> list[Line]:
    """Return the lines of a text from `begin` that hold something, in order."""
    found: list[Line] = []
    gap, hard, at = True, False, begin
    for raw in (text[begin:] if begin else text).splitlines(keepends=True):
        for start, end, tag in _pieces(raw, at):
            gap = gap or tag not in ("", "br")
            hard = hard or tag == "br"
            line = _line(text, start, end, tag)
            if line is None:
                gap = gap or tag == ""
                continue
            if line.mark == "rule":
                under = found and not gap and not found[-1].mark and set(text[line.start : line.end]) <= {"=", "-"}
                if under and line.end - line.start >= 3:
                    line.mark = "under"
                    line.level = 1 if text[line.start] == "=" else 2
                    found.append(line)
                gap, hard = True, False
                continue
            line.gap, line.hard = gap, hard
            found.append(line)
            gap = False
            hard = _breaks(text, start, end)
        at += len(raw)
    return found


def _pieces(raw: str, at: int) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, tag) of the parts of a line: HTML's blocks and speech after an image stand alone."""
    tag, begin = "", 0
    if "<" in raw:
        quoted = False
        for found in _tag().finditer(raw):
            if found.start() > begin:
                yield from _cut(raw, at, begin, found.start(), tag)
            name = found.group(2).lower()
            closing = bool(found.group(1))
            if name == "blockquote":
                quoted = not closing
            tag = "br" if name == "br" else "blockquote" if quoted else ("/" if closing else name)
            begin = found.end()
    yield from _cut(raw, at, begin, len(raw), tag)


def _cut(raw: str, at: int, begin: int, end: int, tag: str) -> Iterator[tuple[int, int, str]]:
    if any(raw.find(sign, begin, end) >= 0 for sign in _BEFORE_SPEECH):
        for found in _inner_speech().finditer(raw, begin + 1, end):
            yield at + begin, at + found.end(), tag
            begin, tag = found.end(), "br"
    yield at + begin, at + end, tag


def _breaks(text: str, start: int, end: int) -> bool:
    while end > start and text[end - 1] in "\r\n\x0b\x0c\u2028\u2029\x85":
        end -= 1
    return end > start and (text[end - 1] == "\\" or (end - start > 2 and text[end - 2 : end] == "  "))


def _line(text: str, start: int, end: int, tag: str) -> Line | None:
    piece = text[start:end]
    left = piece.lstrip(SPACES)
    begin = start + len(piece) - len(left)
    stop = begin + len(left.rstrip(SPACES))
    indent = begin - start
    while stop > begin and text[stop - 1] == "\\":
        stop -= 1
        while stop > begin and text[stop - 1] in SPACES:
            stop -= 1
    image = False
    if stop > begin and text[begin] in "[!<":
        junk = _junk().match(text, begin, stop)
        if junk:
            image, begin = True, junk.end()
    if begin >= stop:
        return None
    line = Line(begin, stop, begin, stop, indent=indent, image=image)
    if _rule().match(text, begin, stop):
        line.mark = "rule"
        return line
    _mark(text, line, tag)
    _style(text, line)
    return line


def _mark(text: str, line: Line, tag: str) -> None:
    if tag[:1] == "h" and tag[1:].isdigit():
        line.mark, line.level = "heading", int(tag[1])
        return
    if tag in ("li", "blockquote", "td", "th"):
        line.mark = {"li": "bullet", "blockquote": "quote"}.get(tag, "table")
        line.sign = f"<{tag}>"
        return
    begin = line.start
    wrap = 0  # emphasis that opens before a dash: `_– Vi börjar …_`, `**– Vi`
    while wrap < 3 and text[begin : begin + 1] in ("*", "_") and begin < line.end:
        begin, wrap = begin + 1, wrap + 1
    found = _marker().match(text, begin, line.end) if wrap else None
    if not (found and found.lastgroup == "dash"):
        found = _marker().match(text, line.start, line.end)
    if not found:
        if text[line.start] == "!" and text.startswith("![", line.start):
            alt = re.match(
                r"!\[([^\]\n]{1,500})\]\([^()\s]{0,1000}[^()\n]{0,300}\)(?:\{[^{}\n]{0,100}\})?$",
                text[line.start : line.end],
            )
            if alt:
                line.mark = "image"
                line.content_start, line.content_end = line.start + alt.start(1), line.start + alt.end(1)
        return
    line.mark = str(found.lastgroup)
    line.sign = found.group().strip(SPACES + "\\" if found.lastgroup == "dash" else SPACES)
    line.content_start = found.end()
    if line.mark == "heading":
        line.level = _level(line.sign)
        stop = line.end
        if line.sign.endswith("{"):
            stop = text.rfind("}", line.content_start, line.end)
            stop = line.end if stop < 0 else stop
        else:
            while stop > line.content_start and text[stop - 1] in "#=" + SPACES:
                stop -= 1
        line.content_end = max(stop, line.content_start)
    elif line.mark in ("bullet", "number", "dash"):
        line.level = 1 + min(line.indent // 2, 5) if line.indent < 40 else 1
        if line.mark != "dash":
            box = re.match(r"\[[ xX]\]\s+", text[line.content_start : line.content_start + 6])
            line.content_start += box.end() if box else 0
        if wrap:
            while line.content_end > line.content_start and text[line.content_end - 1] in "*_":
                line.content_end -= 1
    elif line.mark == "quote":
        line.sign = ">"


def _level(sign: str) -> int:
    if sign[0] in "#=":
        return len(sign)
    return 1 + sign.count("sub") + 2 * sign.count("paragraph") + (1 if "section" in sign else 0)


def _style(text: str, line: Line) -> None:
    """See whether all of the content is bold, italic or one link; then the signs are markers."""
    begin, stop = line.content_start, line.content_end
    if text.startswith("[", begin) and not line.mark.startswith("t"):
        link = _whole_link().match(text, begin, stop)
        if link:
            line.content_start, line.content_end, line.style = link.start(1), link.end(1), "link"
            return
    if text.startswith("**", begin) and text.find("**", begin + 2, stop) < 0 and stop - begin > 4:
        line.content_start, line.style = begin + 2, "bold"  # the closing sign got lost
        return
    for mark, close, style in (
        ("_**", "**_", "bold"),
        ("**_", "_**", "bold"),
        ("***", "***", "bold"),
        ("**", "**", "bold"),
        ("__", "__", "bold"),
        ("*", "*", "italic"),
        ("_", "_", "italic"),
        ("<strong>", "</strong>", "bold"),
        ("<b>", "</b>", "bold"),
        ("<em>", "</em>", "italic"),
        ("<i>", "</i>", "italic"),
        ("\\textbf{", "}", "bold"),
        ("\\emph{", "}", "italic"),
    ):
        if not text.startswith(mark, begin, stop):
            continue
        for tail in ("", ":", ".", "?", "!", ","):
            if text.endswith(close + tail, begin + len(mark), stop) and stop - begin > len(mark) + len(close) + len(
                tail
            ):
                inner = text.find(close, begin + len(mark), stop)
                if inner == stop - len(close) - len(tail):
                    line.style = style
                    line.content_start = begin + len(mark)
                    line.content_end = inner
                return
        return
