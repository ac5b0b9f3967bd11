"""What a Word paragraph is by its style and numbering: heading, list item, quote or plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass

import docx
from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_HEADING = re.compile(r"(?:heading|rubrik|överskrift)\s*(\d)\b.*", re.IGNORECASE)
_LIST = re.compile(r"(?:list|lista|punktlista|list bullet|list number|numrerad lista).*?(\d?)$", re.IGNORECASE)
_QUOTE = re.compile(r"(?:intense |starkt )?(?:quote|citat)\b.*|block text|blockcitat", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|innehåll)\s*(?:\d|heading)\b.*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shape:
    """What a paragraph is: a heading's level, a list item's depth (0 for neither), a quote, a line of contents."""

    level: int = 0
    depth: int = 0
    numbered: bool = False
    quote: bool = False
    contents: bool = False
    list_id: str = ""


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    parent: str
    element: etree._Element


class Paragraphs:
    """The styles and lists of one document."""

    def __init__(self, document: docx.document.Document) -> None:
        self._styles: dict[str, _Style] = {}
        self._default = ""
        for element in document.styles.element.iterchildren(f"{_W}style"):
            identity = element.get(f"{_W}styleId") or ""
            self._styles[identity] = _Style(_value(element, "name"), _value(element, "basedOn"), element)
            if element.get(f"{_W}type") == "paragraph" and element.get(f"{_W}default") in ("1", "true"):
                self._default = identity
        self._formats = _list_formats(document)
        self._counts: dict[tuple[str, int], int] = {}

    def shape(self, paragraph: etree._Element) -> Shape:
        """Return what a paragraph is, by its own marks and those of its style and the styles that one builds on."""
        about = paragraph.find(f"{_W}pPr")
        style = (_value(about, "pStyle") if about is not None else "") or self._default
        chain = self._chain(style)
        for link in chain:
            if _CONTENTS.fullmatch(link.name):
                return Shape(contents=True)
            if link.name.lower() in ("title", "rubrik"):
                return Shape(level=1)
            if match := _HEADING.fullmatch(link.name):
                return Shape(level=int(match.group(1)) or 1)
        marks = [mark for mark in (about, *(link.element.find(f"{_W}pPr") for link in chain)) if mark is not None]
        for mark in marks:
            outline = _value(mark, "outlineLvl")
            if outline.isdecimal() and int(outline) < 6:
                return Shape(level=int(outline) + 1)
        for mark in marks:
            numbering = mark.find(f"{_W}numPr")
            if numbering is not None:
                identity, depth = _value(numbering, "numId"), _value(numbering, "ilvl")
                if identity in ("", "0"):
                    break
                level = int(depth) if depth.isdecimal() else 0
                # Word's own 'List Bullet 2' is a list of its own, indented by its style only
                by_name = next(
                    (int(m.group(1)) for link in chain if (m := _LIST.fullmatch(link.name)) and m.group(1)), 1
                )
                shown = min(max(level + 1, by_name), 9)
                kind = self._formats.get((identity, level), "bullet")
                return Shape(depth=shown, numbered=kind not in ("bullet", "none"), list_id=identity)
        for link in chain:
            if _QUOTE.fullmatch(link.name):
                return Shape(quote=True)
            if match := _LIST.fullmatch(link.name):
                if link.name.lower().startswith("list paragraph"):
                    break
                return Shape(depth=int(match.group(1) or 1), numbered="num" in link.name.lower(), list_id=link.name)
        return Shape()

    def number(self, shape: Shape) -> int | None:
        """Return the next number of a numbered list, or None for bullets; deeper levels begin anew."""
        if not shape.numbered:
            return None
        key = (shape.list_id, shape.depth)
        self._counts[key] = self._counts.get(key, 0) + 1
        for deeper in [other for other in self._counts if other[0] == shape.list_id and other[1] > shape.depth]:
            del self._counts[deeper]
        return self._counts[key]

    def face(self, run: etree._Element, paragraph: etree._Element) -> tuple[bool, bool]:
        """Return whether a run is bold and whether it is italic, by itself, its character style or its paragraph's."""
        about = run.find(f"{_W}rPr")
        own = [about] if about is not None else []
        named = _value(about, "rStyle") if about is not None else ""
        layout = paragraph.find(f"{_W}pPr")
        block = (_value(layout, "pStyle") if layout is not None else "") or self._default
        inherited = [link.element.find(f"{_W}rPr") for style in (named, block) if style for link in self._chain(style)]
        marks = own + [mark for mark in inherited if mark is not None]
        return _toggle(marks, "b"), _toggle(marks, "i")

    def _chain(self, style: str) -> list[_Style]:
        chain: list[_Style] = []
        while style in self._styles and len(chain) < 12:  # a style that builds on itself ends here
            chain.append(self._styles[style])
            style = self._styles[style].parent
        return chain


def _toggle(marks: list[etree._Element], name: str) -> bool:
    for mark in marks:
        found = mark.find(f"{_W}{name}")
        if found is not None:
            return found.get(f"{_W}val") not in ("0", "false", "off")
    return False


def _value(element: etree._Element, name: str) -> str:
    found = element.find(f"{_W}{name}")
    return (found.get(f"{_W}val") or "") if found is not None else ""


def _list_formats(document: docx.document.Document) -> dict[tuple[str, int], str]:
    """Return 'bullet', 'decimal' … by list id and level."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError, AttributeError):
        return {}
    kinds: dict[str, dict[int, str]] = {}
    for abstract in root.iterchildren(f"{_W}abstractNum"):
        levels = {
            int(level.get(f"{_W}ilvl") or 0): _value(level, "numFmt") for level in abstract.iterchildren(f"{_W}lvl")
        }
        kinds[abstract.get(f"{_W}abstractNumId") or ""] = levels
    return {
        (number.get(f"{_W}numId") or "", level): kind
        for number in root.iterchildren(f"{_W}num")
        for level, kind in kinds.get(_value(number, "abstractNumId"), {}).items()
    }
