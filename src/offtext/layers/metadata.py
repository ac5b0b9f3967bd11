"""What a document says of itself: title, date, diary number, sender, recipient and signatories."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from offtext.layers.correspondents import find_correspondents
from offtext.layers.document_dates import own_date, own_diary_number
from offtext.layout.structure import Block, Layout
from offtext.record import Actor, DocumentType, Metadata

_KINDS_OF_PAPER = re.compile(
    r"(?i)(?:rutin|handlingsplan|checklista|riktlinje[r]?|instruktion|tjänsteskrivelse|yttrande|remissvar|remiss|skrivelse|"
    r"beslut|protokoll(?:sutdrag)?|sammanträdesprotokoll|kallelse|dagordning|pressmeddelande|nyhet|artikel|rapport|pm|"
    r"promemoria|avtal|överenskommelse|policy|plan|program|strategi|motion|interpellation|bilaga(?: \d+)?|"
    r"öppnande av möte|§{1,2} ?\d+[–\d-]*|sida \d+.*|innehåll(?:sförteckning)?|brev)\W*"
)


def find_metadata(
    layout: Layout,
    actors: Sequence[Actor],
    doc_type: DocumentType | None = None,
    properties: Mapping[str, str] | None = None,
) -> Metadata:
    """Return what the document says of itself; nothing is guessed from an event or a path.

    Args:
        layout: The text with its blocks.
        actors: The text's actors; sender, recipient and signatory are some of these.
        doc_type: The kind of document where it is known: it decides whether there is a sender or a signature.
        properties: What the file says of itself ('title', 'date', 'from', 'to'), used where the text does not tell.

    >>> from offtext.layout import parse
    >>> found = find_metadata(parse("# Svar på remiss\\n\\nDatum 2 april 2019\\nDnr KS 2019/145\\n\\nVi tillstyrker."), ())
    >>> found.title, found.date, found.diary_number
    ('Svar på remiss', '2019-04-02', 'KS 2019/145')
    """
    told = properties or {}
    label = doc_type.label if doc_type else None
    date, _ = own_date(layout, label, told)
    number, _ = own_diary_number(layout)
    sender, recipient, signatory = find_correspondents(layout, actors, label)
    return Metadata(
        title=_title(layout, actors) or told.get("title") or told.get("subject") or None,
        date=date,
        diary_number=number,
        sender=sender or _named(actors, told.get("from", "")),
        recipient=recipient or _named(actors, told.get("to", "")),
        signatory=signatory,
    )


def _named(actors: Sequence[Actor], field: str) -> tuple[Actor, ...]:
    """Return the actors whose name stands in a mail field."""
    if not field:
        return ()
    return tuple(a for a in actors if a.name and re.search(rf"(?i)(?<!\w){re.escape(a.name)}(?!\w)", field[:500]))[:5]


def _title(layout: Layout, actors: Sequence[Actor]) -> str | None:
    blocks = layout.blocks
    if found := re.match(
        r"\s*(?:---|\+\+\+)\n(?:[^\n]*\n){0,12}?title:[ \t]*[\"']?([^\n]{2,300}?)[\"']?[ \t]*\n", layout.text[:2000]
    ):
        return found[1]
    at = next((i for i, block in enumerate(blocks) if block.kind == "title"), None)
    if at is None:
        return None
    title = _words(layout, blocks[at])
    if not _says_little(title, actors):
        return title
    for block in blocks[at + 1 : at + 8]:
        candidate = _words(layout, block)
        if block.kind in ("header_field", "boilerplate", "list_item") or _says_little(candidate, actors):
            continue
        if len(candidate) > 200:
            break
        if len(candidate.split()) >= 2 and not candidate.endswith((".", ":")):
            return candidate
    return title or None


def _words(layout: Layout, block: Block) -> str:
    return layout.content(block).strip().strip("*_#").strip()


def _says_little(title: str, actors: Sequence[Actor]) -> bool:
    """Tell whether a title is only a kind of paper, a number, a date or the name of a body."""
    if not title or _KINDS_OF_PAPER.fullmatch(title) or not re.search(r"[^\W\d]{2}", title):
        return True
    folded = " ".join(title.casefold().split())
    if any(a.kind == "organisation" and a.name.casefold() == folded for a in actors):
        return True
    return bool(
        re.fullmatch(r"(?i)[\wåäö -]{2,40} (?:kommun|förvaltningen)(?:\s{2,}.*)?|[\d.\s-]{4,20}.*uppdaterad.*", title)
    )
