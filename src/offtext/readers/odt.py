"""OpenDocument texts (LibreOffice): body text as light Markdown; notes, comments and deleted text left out."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from offtext.readers.archives import member, open_archive, xml
from offtext.readers.contract import Content, Raw
from offtext.readers.light_markdown import Run, Writer

_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT, _STYLE, _TABLE, _OFFICE = (f"{{{_NS}{name}:1.0}}" for name in ("text", "style", "table", "office"))
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_META = f"{{{_NS}meta:1.0}}"
_NOT_TEXT = frozenset(
    (f"{_TEXT}note", f"{_OFFICE}annotation", f"{_TEXT}tracked-changes", f"{_TEXT}table-of-content",
     f"{_TEXT}sequence-decls", f"{_OFFICE}forms", f"{_TEXT}ruby-text")
)  # fmt: skip


def read(raw: Raw) -> Content:
    """Return the body in order: headings by outline level, lists, tables, frames."""
    with open_archive(raw) as archive:
        manifest = member(archive, "META-INF/manifest.xml") or b""
        if b"encryption-data" in manifest:
            raise raw.unreadable("encrypted", "Open it with its password and save it without one.")
        content = member(archive, "content.xml")
        if content is None:
            raise raw.unreadable("no OpenDocument text: content.xml is missing", "Save it anew.")
        root = xml(content)
        styles = member(archive, "styles.xml")
        about = member(archive, "meta.xml")
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise raw.unreadable("an OpenDocument file that is no text", "Save it as pdf.")
    text = _Body(root, xml(styles) if styles else None)
    text.write(body)
    properties = _properties(xml(about)) if about else {}
    if first := text.writer.first_heading():
        properties.setdefault("title", first)
    warnings = [f"{text.notes} footnotes left out"] if text.notes else []
    return Content(text.writer.text(), properties=properties, warnings=warnings)


class _Body:
    """Walks the body and writes it."""

    def __init__(self, content: etree._Element, styles: etree._Element | None) -> None:
        self.writer = Writer()
        self.notes = 0
        self.styles: dict[str, etree._Element] = {}
        self.numbered: set[tuple[str, int]] = set()
        for root in (styles, content):
            if root is None:
                continue
            for style in root.iter(f"{_STYLE}style"):
                self.styles[style.get(f"{_STYLE}name") or ""] = style
            for list_style in root.iter(f"{_TEXT}list-style"):
                for level in list_style.iterchildren(f"{_TEXT}list-level-style-number"):
                    if level.get(f"{_STYLE}num-format"):
                        depth = level.get(f"{_TEXT}level") or "1"
                        self.numbered.add((list_style.get(f"{_STYLE}name") or "", int(depth)))

    def write(self, container: etree._Element, depth: int = 0, style: str = "") -> None:
        """Write the blocks of a body, section, frame or cell; `depth` and `style` of the list around them."""
        if depth > 40:
            return  # no list or frame of a real document nests this deep
        for element in container:
            tag = element.tag
            if tag == f"{_TEXT}h":
                level = element.get(f"{_TEXT}outline-level") or "1"
                self.writer.heading(
                    int(level) if level.isdecimal() else 1, "".join(r.text for r in self._runs(element))
                )
            elif tag == f"{_TEXT}p":
                self._paragraph(element)
            elif tag == f"{_TEXT}list":
                self._list(element, depth + 1, element.get(f"{_TEXT}style-name") or style)
            elif tag == f"{_TABLE}table":
                self._table(element, depth)
            elif isinstance(tag, str) and tag not in _NOT_TEXT:
                self.write(element, depth + 1, style)

    def _paragraph(self, element: etree._Element) -> None:
        runs = list(self._runs(element))
        names = [name.lower() for name in self._names(element)]
        if any(name in ("title", "rubrik") for name in names):
            self.writer.heading(1, "".join(run.text for run in runs))
        elif any(name.startswith(("quotation", "citat")) for name in names):
            self.writer.quoting += 1
            self.writer.paragraph(runs)
            self.writer.quoting -= 1
        else:
            self.writer.paragraph(runs)
        for box in element.iter(f"{{{_NS}drawing:1.0}}text-box"):
            self.write(box, 20)

    def _list(self, element: etree._Element, depth: int, style: str) -> None:
        number = 0
        for item in element:
            for child in item:
                if child.tag in (f"{_TEXT}p", f"{_TEXT}h"):
                    number += 1
                    shown = number if (style, depth) in self.numbered else None
                    self.writer.item(self._runs(child), min(depth, 9), shown)
                elif child.tag == f"{_TEXT}list" and depth < 40:
                    self._list(child, depth + 1, child.get(f"{_TEXT}style-name") or style)

    def _table(self, element: etree._Element, depth: int) -> None:
        for row in element.iter(f"{_TABLE}table-row"):
            cells = [cell for cell in row if cell.tag == f"{_TABLE}table-cell"]
            if len(cells) == 1:
                self.write(cells[0], depth + 1)
            else:
                self.writer.row(
                    " ".join("".join(run.text for run in self._runs(part)) for part in cell.iter(f"{_TEXT}p"))
                    for cell in cells
                )

    def _runs(self, paragraph: etree._Element) -> Iterator[Run]:
        faces = [self._face(paragraph, (False, False))]
        walk = etree.iterwalk(paragraph, events=("start", "end"))
        skipped = None
        for event, element in walk:
            tag = element.tag
            if event == "start":
                if tag in _NOT_TEXT or tag == f"{{{_NS}drawing:1.0}}frame":
                    self.notes += tag == f"{_TEXT}note"
                    skipped = element
                    walk.skip_subtree()
                    continue
                faces.append(self._face(element, faces[-1]) if tag == f"{_TEXT}span" else faces[-1])
                if tag == f"{_TEXT}s":
                    count = element.get(f"{_TEXT}c") or "1"
                    yield Run(" " * (int(count) if count.isdecimal() and len(count) < 4 else 1), *faces[-1])
                elif tag == f"{_TEXT}tab":
                    yield Run("\t", *faces[-1])
                elif tag == f"{_TEXT}line-break":
                    yield Run("\n")
                yield Run(element.text or "", *faces[-1])
                continue
            if element is skipped:
                skipped = None
            else:
                faces.pop()
            if element is not paragraph:
                yield Run(element.tail or "", *faces[-1])

    def _names(self, element: etree._Element) -> list[str]:
        """Return the names of an element's style and of the styles that one builds on."""
        names: list[str] = []
        name = element.get(f"{_TEXT}style-name") or ""
        while name and len(names) < 12:
            names.append(name.replace("_20_", " "))
            style = self.styles.get(name)
            name = (style.get(f"{_STYLE}parent-style-name") or "") if style is not None else ""
        return names

    def _face(self, element: etree._Element, around: tuple[bool, bool]) -> tuple[bool, bool]:
        bold, italic = around
        for name in reversed(self._names(element)):
            style = self.styles.get(name.replace(" ", "_20_"))
            properties = style.find(f"{_STYLE}text-properties") if style is not None else None
            if properties is not None:
                weight, slant = properties.get(f"{_FO}font-weight"), properties.get(f"{_FO}font-style")
                bold = weight in ("bold", "600", "700", "800", "900") if weight else bold
                italic = slant in ("italic", "oblique") if slant else italic
        return bold, italic


def _properties(root: etree._Element) -> dict[str, str]:
    found = {
        "title": root.findtext(f".//{_DC}title"),
        "author": root.findtext(f".//{_META}initial-creator") or root.findtext(f".//{_DC}creator"),
        "subject": root.findtext(f".//{_DC}subject"),
        "created": (root.findtext(f".//{_META}creation-date") or "")[:10],
    }
    return {key: value.strip() for key, value in found.items() if value and value.strip()}
