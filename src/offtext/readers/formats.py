"""The table of formats. To add one: write its module with `read(raw) -> Content`, and add its line here."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import cast

from offtext.readers.contract import Reader


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name, the suffixes that announce it and the module that reads it."""

    name: str
    suffixes: tuple[str, ...]
    module: str
    label: str

    def reader(self) -> Reader:
        """Import the module on first use, so that a pdf library is loaded for pdf files only."""
        return cast(Reader, importlib.import_module(f"offtext.readers.{self.module}"))


FORMATS: dict[str, Format] = {
    format.name: format
    for format in (
        Format("txt", (".txt", ".text"), "text", "plain text"),
        Format("md", (".md", ".markdown"), "markdown", "Markdown"),
        Format("html", (".html", ".htm", ".xhtml"), "html", "a web page"),
        Format("docx", (".docx", ".docm", ".dotx"), "docx", "a Word document"),
        Format("odt", (".odt", ".ott"), "odt", "an OpenDocument text"),
        Format("rtf", (".rtf",), "rtf", "Rich Text"),
        Format("pdf", (".pdf",), "pdf", "PDF"),
        Format("eml", (".eml",), "mail", "an e-mail"),
        Format("msg", (".msg",), "outlook", "an Outlook e-mail"),
    )
}
"""Formats that hold one document a file, by name."""

ROW_FORMATS: dict[str, tuple[str, ...]] = {
    "jsonl": (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz"),
    "csv": (".csv", ".tsv", ".csv.gz", ".tsv.gz"),
    "parquet": (".parquet", ".pq"),
}
"""Formats that hold one document a row, with their suffixes: for `read_rows`."""

SUFFIXES: dict[str, str] = {suffix: format.name for format in FORMATS.values() for suffix in format.suffixes}
"""Format name by suffix, for files of one document."""

ROW_SUFFIXES: dict[str, str] = {suffix: name for name, suffixes in ROW_FORMATS.items() for suffix in suffixes}
"""Format name by suffix, for files of rows."""


def suffix_of(path: str) -> str:
    """Return the lower-case suffix of a path, with both parts of `.jsonl.gz`.

    >>> suffix_of("arkiv/Brev 2.PDF"), suffix_of("a.jsonl.gz"), suffix_of("LÄSMIG")
    ('.pdf', '.jsonl.gz', '')
    """
    name = path.replace("\\", "/").rsplit("/", 1)[-1].lower()
    stem, dot, last = name.rpartition(".")
    if not dot or not stem:
        return ""
    if last == "gz" and "." in stem:
        return f".{stem.rpartition('.')[2]}.gz"
    return f".{last}"
