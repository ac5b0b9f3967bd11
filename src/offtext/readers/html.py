"""Web pages: the main text as light Markdown, without what surrounds it on the page."""

from __future__ import annotations

import html
import re

import lxml.html
from lxml import etree

from offtext.readers import webmain, webmeta, webtext
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
    text = _ILLEGAL.sub(" ", _DECLARATION.sub("", text))
    if not text.strip():
        return Content("")
    # huge_tree: real pages nest deeper than 256 elements; the walk over the tree does not recurse.
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8"), parser=parser)
    except etree.ParserError:  # comments and nothing else
        return Content("")
    if any("depth" in entry.message for entry in parser.error_log):  # the parser drops what lies deeper
        return Content(_without_tags(text), warnings=["nested too deep; read without structure, menus and all"])
    properties = webmeta.properties(root)
    writer = Writer()
    if whole:
        webtext.write(root, writer, keep_all=True)
        return Content(writer.text(), properties=properties)
    main = webmain.main_element(root)
    heading = webmain.outer_heading(root, main)
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


def _without_tags(text: str) -> str:
    # By splitting, since a pattern from an opening tag to its end would be quadratic in tags that never end.
    for opening, closing in ((r"<!--", r"-->"), (r"<(?:script|style)\b", r"</(?:script|style)\s*>")):
        first, *others = re.split(opening, text, flags=re.I)
        text = first + "".join(re.split(closing, part, maxsplit=1, flags=re.I)[-1] for part in others)
    text = re.sub(r"</?(?:p|div|li|h\d|tr|br|blockquote|section|article)\b[^<>]*>", "\n", text, flags=re.I)
    lines = (" ".join(line.split()) for line in html.unescape(re.sub(r"<[^<>]*>", "", text)).split("\n"))
    return "\n\n".join(line for line in lines if line)
