"""One HTML page a document, beside the tables."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from offtext.plot.highlight import to_page


def page_of(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the file name and the HTML of a record's page."""
    page = to_page(record).encode("utf-8", "replace").decode("utf-8")
    return {"name": page_name(record["id"]), "page": page}


def page_name(id: str) -> str:
    """Return the file name of a document's page; the hash of the id keeps two documents of one name apart.

    >>> page_name("2024/brev till nämnden.docx")
    'brev_till_nämnden_docx-80c5d3a1.html'
    """
    stem = "".join(c if c.isalnum() or c in "-_" else "_" for c in PurePosixPath(id).name)[:80]
    return f"{stem}-{hashlib.sha256(id.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}.html"
