"""Web pages: the main text as light Markdown, without what surrounds it on the page."""

from __future__ import annotations

import re

import lxml.html
from lxml import etree

from offtext.readers import webmeta, webtext
from offtext.readers.contract import Content, Raw
from offtext.readers.decoding import decode
from offtext.readers.light_markdown import Writer

_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{1,30})|<\?xml[^>]{0,80}encoding=["']([\w-]{1,30})""", re.I
)
# XML knows none of these; HTML parsers stop at a null.
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def read(raw: Raw) -> Content:
    """Return the document a page is about, with title, author and date as properties."""
    charset = _CHARSET.search(raw.data[:4096])
    found = decode(raw.data, (charset.group(1) or charset.group(2)).decode("ascii") if charset else None)
    content = from_html(found.text)
    content.properties = {"encoding": found.encoding} | content.properties
    content.warnings = [*found.warnings, *content.warnings]
    return content


def from_html(text: str, *, whole: bool = False) -> Content:
    """Return the main text of a page, or with `whole` all its text (the body of a mail has no menus)."""
    root = _parse(text)
    if root is None:
        return Content("")
    properties = webmeta.properties(root)
    writer = Writer()
    if whole:
        webtext.write(root, writer, keep_all=True)
        return Content(writer.text(), properties=properties)
    main = webtext.main_element(root)
    heading = webtext.outer_heading(root, main)
    if heading:
        writer.heading(1, heading)
    webtext.write(main, writer)
    warnings = []
    if not writer.text().strip():
        writer = Writer()
        webtext.write(root, writer, keep_all=True)
        if writer.text().strip():
            warnings.append("no main text found on the page; all its text is kept")
    first = writer.first_heading()
    if first and "title" not in properties:
        properties["title"] = first
    return Content(writer.text(), properties=properties, warnings=warnings)


def _parse(text: str) -> etree._Element | None:
    text = _ILLEGAL.sub(" ", _DECLARATION.sub("", text))
    if not text.strip():
        return None
    # huge_tree: pages nest deeper than 256 elements; the walk over the tree does not recurse.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    return lxml.html.document_fromstring(text.encode("utf-8"), parser=parser)
