"""What a web page says of itself in its head: title, author, date, publisher."""

from __future__ import annotations

import json
import re
from typing import Any

from lxml import etree

_NAMES = {
    "title": ("og:title", "dc.title", "dcterms.title", "twitter:title", "headline"),
    "author": ("author", "article:author", "dc.creator", "dcterms.creator"),
    "date": (
        "article:published_time", "datepublished", "dcterms.issued", "dc.date.issued", "dc.date", "dcterms.date",
        "dcterms.created", "pubdate", "publishdate", "date", "article:modified_time", "dcterms.modified",
        "last-modified",
    ),
    "publisher": ("og:site_name", "dc.publisher", "dcterms.publisher"),
    "description": ("og:description", "description", "dc.description"),
}  # fmt: skip
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})")


def properties(root: etree._Element) -> dict[str, str]:
    """Return what the page's head, its JSON-LD and its `<time>` say, under the names of `Document.properties`."""
    said: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        value = (element.get("content") or "").strip()
        if name and value:
            said.setdefault(name.strip().lower(), value)
    found = {
        key: value
        for key, names in _NAMES.items()
        if (value := next((said[name] for name in names if name in said), ""))
    }
    for key, value in _json_ld(root).items():
        found.setdefault(key, value)
    if "title" not in found and (title := _text(root.find(".//title"))):
        # 'Ny skola | Tuna kommun': the site's name is no part of the title
        found["title"] = re.split(r"\s+[|–—»]\s+|\s+-\s+(?=[^-]{1,40}$)", title)[0].strip() or title
    if "date" not in found:
        times = (element.get("datetime") or "" for element in root.iter("time"))
        found["date"] = next((value for value in times if _DATE.search(value)), "")
    if language := root.get("lang"):
        found["language"] = language
    match = _DATE.search(found.get("date", ""))
    if match:
        found["date"] = match.group(1)
    return {key: re.sub(r"\s+", " ", value) for key, value in found.items() if value}


def _json_ld(root: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for script in root.iter("script"):
        if (script.get("type") or "").lower() != "application/ld+json" or not script.text:
            continue
        try:
            data: Any = json.loads(script.text)
        except (ValueError, RecursionError):
            continue
        entries = data.get("@graph", [data]) if isinstance(data, dict) else data
        for entry in entries if isinstance(entries, list) else []:
            if not isinstance(entry, dict):
                continue
            author = entry.get("author")
            author = author[0] if isinstance(author, list) and author else author
            pairs = {
                "title": entry.get("headline"),
                "date": entry.get("datePublished") or entry.get("dateModified"),
                "author": author.get("name") if isinstance(author, dict) else author,
            }
            for key, value in pairs.items():
                if isinstance(value, str) and value.strip():
                    found.setdefault(key, value.strip())
    return found


def _text(element: etree._Element | None) -> str:
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip() if element is not None else ""
