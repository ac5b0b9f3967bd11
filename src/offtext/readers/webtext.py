"""Which part of a web page is the document, and its text as light Markdown.

Three steps: leave out what HTML, class names or wording say is menu, cookie notice, breadcrumb or footer; choose
the element that holds nearly all of the running text left; write it. Nothing recurses, so no depth of nesting hurts.
"""

from __future__ import annotations

import re
from functools import cache

from lxml import etree

from offtext.lexicon import load_toml
from offtext.readers.light_markdown import Run, Writer

_NEVER = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "embed",
        "canvas",
        "video",
        "audio",
        "map",
        "form",
        "button",
        "select",
        "textarea",
        "input",
        "label",
        "dialog",
        "head",
        "title",
        "meta",
        "link",
    ]
)
_SURROUNDING = frozenset(["nav", "footer", "header", "aside", "menu"])
_ROLES = frozenset(
    [
        "navigation",
        "banner",
        "contentinfo",
        "search",
        "dialog",
        "alertdialog",
        "complementary",
        "menu",
        "menubar",
        "toolbar",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BOLD, _ITALIC = frozenset(("b", "strong")), frozenset(("i", "em", "cite"))
_IN_TABLES = frozenset(["table", "tbody", "thead", "tr"])
_MENU_TAGS = frozenset(["ul", "ol", "div", "p", "section", "td"])
_RUNNING_TEXT = 40  # characters without a break: longer pieces are text whatever they stand in
_LONG_FORM = 800  # characters; forms to fill in have shorter texts
_TEXTUAL = frozenset(["p", "li", "blockquote", "td", "dd", "pre", "h1", "h2", "h3", "h4", "h5", "h6"])


def main_element(root: etree._Element) -> etree._Element:
    """Return the element that holds the document: `<main>` or its likes, else where most of the running text is."""
    body = root.find(".//body")
    body = root if body is None else body
    weights = _weights(body)
    enough = max(1, 0.4 * weights.get(body, 0))
    for path in (".//main", ".//*[@role='main']", ".//article"):
        found = [element for element in body.iterfind(path) if not _is_junk(element, inside=False)]
        # Several articles are a list of news, or a page with teasers: then the text itself decides.
        if len(found) == 1 and weights.get(found[0], 0) >= enough:
            return found[0]
    return _densest(body, weights)


def outer_heading(root: etree._Element, main: etree._Element) -> str | None:
    """Return the page's only `<h1>` when it stands outside the main element, as in a page header of its own."""
    if next(main.iter("h1"), None) is not None:
        return None
    headings = [text for element in root.iter("h1") if (text := " ".join("".join(element.itertext()).split()))]
    return headings[0] if len(headings) == 1 else None


def _densest(body: etree._Element, weights: dict[etree._Element, int]) -> etree._Element:
    """Go down from the body for as long as one child holds four fifths of the running text."""
    element = stable = body
    while True:
        total = weights.get(element, 0)
        heavy = [child for child in element if total and weights.get(child, 0) >= 0.8 * total]
        if not heavy or heavy[0].tag in _TEXTUAL - {"td"} or heavy[0].tag in ("ul", "ol", "dl"):
            return stable
        element = heavy[0]
        if element.tag not in _IN_TABLES:  # a table of data is no page; a cell that holds nearly all text is
            stable = element


def _weights(top: etree._Element) -> dict[etree._Element, int]:
    """Return for each element the length of the running text in it: of paragraphs, without links and surroundings."""
    weights: dict[etree._Element, int] = {}
    walk = etree.iterwalk(top, events=("start", "end"))
    textual = linked = 0
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if not isinstance(tag, str) or (element is not top and _is_junk(element, inside=False)):
                walk.skip_subtree()
                continue
            textual += tag in _TEXTUAL
            linked += tag == "a"
            if not linked:
                weights[element] = weights.get(element, 0) + _text_weight(element.text, textual)
        elif isinstance(tag, str):
            if element is not top and _is_junk(element, inside=False):
                continue
            textual -= tag in _TEXTUAL
            linked -= tag == "a"
            parent = element.getparent()
            if parent is not None and element is not top:
                tail = 0 if linked else _text_weight(element.tail, textual)
                weights[parent] = weights.get(parent, 0) + weights.get(element, 0) + tail
    return weights


def _text_weight(text: str | None, textual: int) -> int:
    length = len((text or "").strip())
    return length if textual or length >= _RUNNING_TEXT else 0


@cache
def _junk_words() -> frozenset[str]:
    return frozenset(word for entry in load_toml("readers")["web_class"] for word in entry["words"])


@cache
def _junk_line() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{entry['pattern']})" for entry in load_toml("readers")["web_line"]), re.IGNORECASE)


def names_junk(name: str) -> bool:
    """Tell whether a class or id names a part of the page that is not the document.

    >>> names_junk("site-nav__breadcrumb"), names_junk("articleText")
    (True, False)
    """
    words = re.findall(r"[A-ZÅÄÖ]?[a-zåäö]+|[A-ZÅÄÖ]+(?![a-zåäö])", name)
    return any(word.lower() in _junk_words() for word in words) or name.lower() in _junk_words()


def is_junk_line(line: str) -> bool:
    """Tell whether a line is a cookie notice, a skip link, a share button or the like.

    >>> is_junk_line("Hoppa till innehållet"), is_junk_line("Dela med dig till grannkommunen.")
    (True, False)
    """
    return len(line) < 700 and _junk_line().fullmatch(line.strip(" \t>-*_#.")) is not None


def _is_junk(element: etree._Element, *, inside: bool) -> bool:
    """Tell whether an element is no part of the document; `inside` the main element its own header and footer may be."""
    tag = element.tag
    if not isinstance(tag, str):
        return True
    if tag == "form":  # some publishing systems wrap the whole page in one
        return sum(len(text.strip()) for text in element.itertext()) < _LONG_FORM
    if tag in _NEVER:
        return True
    if tag in ("html", "body", "main"):
        return False
    if tag in _SURROUNDING and not (inside and tag == "header"):
        return True
    if not element.attrib:
        return False
    role = (element.get("role") or "").lower()
    if role in _ROLES or element.get("aria-hidden") == "true" or element.get("hidden") is not None:
        return True
    if re.search(r"display\s*:\s*none", element.get("style") or ""):
        return True
    named = (element.get("class") or "").split() + (element.get("id") or "").split()
    if any(map(names_junk, named)):
        # `class="no-sidebar"` on a wrapper of the whole page says nothing of the page
        return tag not in _HEADINGS and not _wraps_page(element)
    return False


def _wraps_page(element: etree._Element) -> bool:
    return element.tag not in ("ul", "ol", "p", "span", "a", "li") and (
        element.find(".//main") is not None
        or element.find(".//article") is not None
        or element.find(".//h1") is not None
    )


def _menus(top: etree._Element) -> set[etree._Element]:
    """Return the elements that are menus: three or more short links and hardly any text besides."""
    counts: dict[etree._Element, list[int]] = {}  # links, characters in links, all characters
    menus = set()
    linked = 0
    for event, element in etree.iterwalk(top, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        own = counts.setdefault(element, [0, 0, 0])
        if event == "start":
            linked += element.tag == "a"
            own[0] += element.tag == "a"
            _count(own, element.text, linked)
            continue
        linked -= element.tag == "a"
        links, in_links, characters = own
        if element.tag in _MENU_TAGS and links >= 3 and in_links >= 0.8 * max(1, characters) and in_links / links < 60:
            menus.add(element)
        parent = element.getparent()
        if parent is not None and element is not top:
            above = counts.setdefault(parent, [0, 0, 0])
            above[0], above[1], above[2] = above[0] + links, above[1] + in_links, above[2] + characters
            _count(above, element.tail, linked)
    return menus


def _count(numbers: list[int], text: str | None, linked: int) -> None:
    length = len((text or "").strip())
    numbers[2] += length
    if linked:
        numbers[1] += length


class _Walk:
    """Writes an element's text block by block; holds the paragraph being gathered."""

    def __init__(self, writer: Writer, *, keep_all: bool) -> None:
        self.writer, self.keep_all = writer, keep_all
        self.runs: list[Run] = []
        self.bold = self.italic = self.pre = 0
        self.lists: list[list[int | None]] = []  # the next number of each open list; None for bullets
        self.item_open = False
        self.heading: int | None = None

    def add(self, text: str | None) -> None:
        if text:
            text = text if self.pre else re.sub(r"\s+", " ", text)
            self.runs.append(Run(text, bool(self.bold), bool(self.italic)))

    def flush(self) -> None:
        runs, self.runs = self.runs, []
        plain = "".join(run.text for run in runs)
        if not plain.strip() or (not self.keep_all and is_junk_line(" ".join(plain.split()))):
            return
        if self.heading:
            self.writer.heading(self.heading, plain)
        elif self.pre:
            self.writer.verbatim(plain)
        elif self.item_open and self.lists:
            number = self.lists[-1][0]
            self.writer.item(runs, len(self.lists), number)
            if number is not None:
                self.lists[-1][0] = number + 1
            self.item_open = False
        else:
            self.writer.paragraph(runs)

    def line_break(self) -> None:
        """End the line; a second break in a row ends the paragraph, as in pages without `<p>`."""
        last = next((run.text for run in reversed(self.runs) if run.text.strip(" \t")), "")
        if last == "\n" and not self.pre and self.heading is None:
            self.flush()
        else:
            self.runs.append(Run("\n"))

    def open(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self.flush()
        if tag in _HEADINGS:
            self.heading = _HEADINGS[tag]
        elif tag == "li":
            self.item_open = True
        elif tag in ("ul", "ol"):
            start = element.get("start") or "1"
            self.lists.append(
                [int(start) if tag == "ol" and start.isdecimal() and len(start) < 6 else 1 if tag == "ol" else None]
            )
        elif tag == "blockquote":
            self.writer.quoting += 1
        elif tag == "pre":
            self.pre += 1
        elif tag in _BOLD or tag == "dt":
            self.bold += 1
        elif tag in _ITALIC:
            self.italic += 1
        elif tag == "br":
            self.line_break()
        self.add(element.text)

    def close(self, element: etree._Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self.flush()
        if tag in _HEADINGS:
            self.heading = None
        elif tag == "li":
            self.item_open = False
        elif tag in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif tag == "blockquote":
            self.writer.quoting -= 1
        elif tag == "pre":
            self.pre -= 1
        elif tag in _BOLD or tag == "dt":
            self.bold -= 1
        elif tag in _ITALIC:
            self.italic -= 1


def write(top: etree._Element, writer: Writer, *, keep_all: bool = False) -> None:
    """Write an element's text as light Markdown; with `keep_all` menus and notices too."""
    state = _Walk(writer, keep_all=keep_all)
    menus = set() if keep_all else _menus(top)
    walk = etree.iterwalk(top, events=("start", "end"))
    skipped: etree._Element | None = None
    for event, element in walk:
        if event == "start":
            if (
                element is not top and (element in menus or _left_out(element, keep_all=keep_all))
            ) or _written_as_table(element, state):
                skipped = element
                walk.skip_subtree()
            else:
                state.open(element)
            continue
        if element is skipped:
            skipped = None
        else:
            state.close(element)
        if element is not top:
            state.add(element.tail)
    state.flush()


def _left_out(element: etree._Element, *, keep_all: bool) -> bool:
    if keep_all:
        return not isinstance(element.tag, str) or element.tag in _NEVER - {"form", "label", "button"}
    return _is_junk(element, inside=True)


def _written_as_table(element: etree._Element, state: _Walk) -> bool:
    """Write a table of data row by row; a table that lays out the page is walked through like any division."""
    if element.tag != "table" or element.find(".//table") is not None:
        return False
    rows = list(element.iter("tr"))
    widest = max((len(row.findall("td") + row.findall("th")) for row in rows), default=0)
    holds_blocks = any(element.find(f".//{tag}") is not None for tag in ("h1", "h2", "h3", "ul", "ol", "blockquote"))
    if widest < 2 or holds_blocks or len(element.findall(".//p")) > 3 * widest * len(rows):
        return False
    state.flush()
    caption = element.find("caption")
    if caption is not None:
        state.add("".join(caption.itertext()))
        state.flush()
    for row in rows:
        state.writer.row(_cell_text(cell) for cell in row if cell.tag in ("td", "th"))
    return True


def _cell_text(cell: etree._Element) -> str:
    parts: list[str] = []
    for event, element in etree.iterwalk(cell, events=("start", "end")):
        if event == "start":
            parts.append(" " if element.tag in _BLOCKS or element.tag == "br" else "")
            parts.append((element.text or "") if element.tag not in _NEVER else "")
        elif element is not cell:
            parts.append(" " if element.tag in _BLOCKS else "")
            parts.append(element.tail or "")
    return "".join(parts)
