"""Which part of a web page is the document.

Menus, cookie notices, breadcrumbs and footers are told by what HTML, class names or wording say, or by being links
and hardly anything else; the document is the element that holds nearly all of the running text left. Nothing
recurses, so no depth of nesting hurts.
"""

from __future__ import annotations

import re
from functools import cache

from lxml import etree

from offtext.lexicon import load_toml

NEVER = frozenset(
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
HEADINGS = {f"h{level}": level for level in range(1, 7)}
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
        found = [element for element in body.iterfind(path) if not is_junk(element, inside=False)]
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
            if not isinstance(tag, str) or (element is not top and is_junk(element, inside=False)):
                walk.skip_subtree()
                continue
            textual += tag in _TEXTUAL
            linked += tag == "a"
            if not linked:
                weights[element] = weights.get(element, 0) + _text_weight(element.text, textual)
        elif isinstance(tag, str):
            if element is not top and is_junk(element, inside=False):
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


def is_junk(element: etree._Element, *, inside: bool) -> bool:
    """Tell whether an element is no part of the document; `inside` the main element its own header is."""
    tag = element.tag
    if not isinstance(tag, str):
        return True
    if tag == "form":  # some publishing systems wrap the whole page in one
        return sum(len(text.strip()) for text in element.itertext()) < _LONG_FORM
    if tag in NEVER:
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
        return tag not in HEADINGS and not _wraps_page(element)
    return False


def _wraps_page(element: etree._Element) -> bool:
    return element.tag not in ("ul", "ol", "p", "span", "a", "li") and (
        element.find(".//main") is not None
        or element.find(".//article") is not None
        or element.find(".//h1") is not None
    )


def menus(top: etree._Element) -> set[etree._Element]:
    """Return the elements that are menus: three or more short links and hardly any text besides."""
    counts: dict[etree._Element, list[int]] = {}  # links, characters in links, all characters
    found = set()
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
            found.add(element)
        parent = element.getparent()
        if parent is not None and element is not top:
            above = counts.setdefault(parent, [0, 0, 0])
            above[0], above[1], above[2] = above[0] + links, above[1] + in_links, above[2] + characters
            _count(above, element.tail, linked)
    return found


def _count(numbers: list[int], text: str | None, linked: int) -> None:
    length = len((text or "").strip())
    numbers[2] += length
    if linked:
        numbers[1] += length
