"""What a document says of itself: title, date, diary number, sender, recipient and signatories."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from offtext.layers.metadata.correspondents import find_correspondents
from offtext.layers.metadata.dates import find_dates
from offtext.layers.metadata.document_dates import own_date, own_diary_number
from offtext.layout.structure import Block, Layout
from offtext.lexicon import load_toml
from offtext.record import Actor, DocumentType, Metadata

# `title: …` between `---` lines
_FRONT_MATTER = re.compile(r"\s*(?:---|\+\+\+)\n(?:[^\n]*\n){0,12}?title:[ \t]*[\"']?([^\n]{2,300}?)[\"']?[ \t]*\n")

# `\title{…}` of LaTeX, `title: "…",` of Typst
_MARKUP = re.compile(r"\\title\{([^{}\n]{2,200})\}|(?m:^)\s{0,8}title: \"([^\"\n]{2,200})\"")


def find_metadata(
    layout: Layout,
    actors: Sequence[Actor],
    doc_type: DocumentType | None = None,
    properties: Mapping[str, str] | None = None,
) -> Metadata:
    r"""Return what the document says of itself; nothing is guessed from an event or a path.

    Args:
        layout: The text with its blocks.
        actors: The text's actors; sender, recipient and signatory are some of these.
        doc_type: The kind of document where it is known: it decides whether there is a sender or a signature.
        properties: What the file says of itself ('title', 'date', 'from', 'to'), used where the text does not tell.

    >>> from offtext.layout import parse
    >>> head = "# Svar på remiss\n\nDatum 2 april 2019\nDnr KS 2019/145"
    >>> found = find_metadata(parse(head + "\n\nVi tillstyrker."), ())
    >>> found.title, found.date, found.diary_number
    ('Svar på remiss', '2019-04-02', 'KS 2019/145')
    """
    told = properties or {}
    label = doc_type.label if doc_type else None
    date, _ = own_date(layout, label, told)
    number, _ = own_diary_number(layout)
    sender, recipient, signatory = find_correspondents(layout, actors, label)
    return Metadata(
        title=_title(layout, actors, label) or told.get("title") or told.get("subject") or _first_line(layout, actors),
        date=date,
        diary_number=number,
        sender=_publisher(actors, label, told) or sender or _named(actors, told.get("from", "")),
        recipient=recipient or _named(actors, told.get("to", "")),
        signatory=signatory,
    )


def _named(actors: Sequence[Actor], field: str) -> tuple[Actor, ...]:
    """Return the actors whose name stands in a mail field."""
    if not field:
        return ()
    return tuple(a for a in actors if a.name and re.search(rf"(?i)(?<!\w){re.escape(a.name)}(?!\w)", field[:500]))[:5]


def _publisher(actors: Sequence[Actor], doc_type: str | None, told: Mapping[str, str]) -> tuple[Actor, ...]:
    """Return the body that a press release's own data names as its author or publisher."""
    if doc_type != "press_release":
        return ()
    named = (*_named(actors, told.get("author", "")), *_named(actors, told.get("publisher", "")))
    return tuple(a for a in named if a.kind == "organisation")[:1]


def _title(layout: Layout, actors: Sequence[Actor], doc_type: str | None) -> str | None:
    title = _found_title(layout, actors, doc_type)
    if not title:
        return None
    title = _pattern("subject_lead").sub("", _pattern("number_line").sub("", title)) or title
    if title and (item := _pattern("item").match(title)):
        return title[item.end() :] if title[0] != "§" else title
    return title


def _first_line(layout: Layout, actors: Sequence[Actor]) -> str | None:
    """Return the first short line of a text without headings, if running text follows it."""
    for index, block in enumerate(layout.blocks[:4]):
        words = _words(layout, block)
        if block.kind not in ("paragraph", "caption") or len(words) > 90 or _says_little(words, actors):
            continue
        if (words[-1:] in ".:;,!" and not words.endswith("...")) or words[:1].islower() or words.count("/") > 1:
            continue
        if next(find_dates(words), None):
            continue
        if _pattern("salutation").fullmatch(words):
            return None
        return words if any(b.end - b.start > 100 for b in layout.blocks[index + 1 : index + 6]) else None
    return None


def _matter(layout: Layout) -> str | None:
    """Return the line above a letter's text that says what it is about."""
    for block in layout.blocks[:16]:
        if block.end - block.start > 300 or _pattern("salutation").fullmatch(_words(layout, block)):
            return None
        if block.kind != "list_item" and _pattern("matter").fullmatch(
            layout.text[block.start : block.end].strip("*_# ")
        ):
            return layout.text[block.start : block.end].strip("*_# ")
    return None


def _found_title(layout: Layout, actors: Sequence[Actor], doc_type: str | None) -> str | None:
    blocks = layout.blocks
    if found := _FRONT_MATTER.match(layout.text[:2000]) or _MARKUP.search(layout.text[:1500]):
        return next(group for group in found.groups() if group).strip()
    at = next((i for i, block in enumerate(blocks) if block.kind == "title"), None)
    subject = next((b for b in blocks[:20] if b.kind == "header_field" and b.field == "subject"), None)
    marked = at is not None and layout.text[blocks[at].start] == "#"
    if doc_type == "letter" and not marked and (matter := _matter(layout)):
        return matter
    if (
        (at is None or _says_little(_words(layout, blocks[at]), actors))
        and subject is not None
        and (words := _words(layout, subject))
    ):
        return re.sub(r"^(?:Ämne|Ärende|Subject|Rubrik):\s*", "", words)
    if at is None:
        # a chapter or an excerpt may begin with a heading of lower level
        first = next((block for block in blocks[:2] if block.kind == "heading"), None)
        title = _words(layout, first) if first else ""
        return title if title and not _says_little(title, actors) else None
    title = _words(layout, blocks[at])
    if not _says_little(title, actors):
        return title
    if doc_type == "minutes" and (kind := _in_columns(layout)):
        return kind
    section = _pattern("section").fullmatch(title) is not None
    if _pattern("paper").fullmatch(title) and (whole := _with_next(layout, at, title)) != title:
        return whole
    follows = True
    for index, block in enumerate(blocks[: at + 14]):
        # a section's heading taken for the title: the real one stands before it; a kind of paper: after it
        if (index >= at) if section else (index <= at):
            continue
        if index > at and block.end - block.start > 300:
            break  # the running text has begun
        if candidate := _better(layout, block, actors, follows):
            return candidate
        follows = follows and _says_little(_words(layout, block), actors)
    papers = ((n, _words(layout, block)) for n, block in enumerate(blocks[: at + 1]))
    kinds = ((n, words) for n, words in papers if _pattern("paper").fullmatch(words) and words[:1].isupper())
    if paper := next(kinds, None):
        return _with_next(layout, *paper)
    return None if section else title or None


def _in_columns(layout: Layout) -> str | None:
    """Return the kind of minutes that stands in a column of the head: `Ulvsjö kommun    PROTOKOLL    1 (5)`."""
    for line in layout.text[:400].splitlines()[:3]:
        cells = re.split(r"[ ]{3,}|\t", line.strip())
        if len(cells) > 1 and (kind := next((c for c in cells if _pattern("minutes").fullmatch(c)), None)):
            return kind
    return None


def _with_next(layout: Layout, at: int, paper: str) -> str:
    """Return a kind of paper with the next line, where that line continues it: `AVTAL` / `om skolmat`."""
    following = _words(layout, layout.blocks[at + 1]) if at + 1 < len(layout.blocks) and len(paper) <= 30 else ""
    whole = _pattern("continued").fullmatch(following) and following[-1:] not in ".:;"
    return f"{paper} {following}" if whole else paper


def _better(layout: Layout, block: Block, actors: Sequence[Actor], follows: bool) -> str | None:
    """Return the text of a block if it can be the title of a document whose first heading says little."""
    candidate = _words(layout, block)
    if (
        block.kind in ("header_field", "boilerplate", "list_item", "table_row")
        or len(candidate) > 200
        or candidate.count("\n") > 2
    ):
        return None
    if re.match(r"[\w-]{3,20}: ", candidate) and not re.match(r"(?i)(?:ämne|ärende)", candidate):
        return None  # a field of the head that is not known
    if any(a.kind == "person" and a.mentions and a.mentions[0].start == block.content_start for a in actors):
        return None
    if _says_little(candidate, actors) or candidate.endswith(":") or candidate[:1].islower() or candidate[:1] in "([":
        return None
    words = len(candidate.split())
    if follows and len(candidate) <= 90 and words <= 14:
        return candidate.removesuffix(".")
    return candidate if words >= 2 and not candidate.endswith(".") else None


def _words(layout: Layout, block: Block) -> str:
    return layout.content(block).strip().strip("*_#").strip()


def _pattern(name: str) -> re.Pattern[str]:
    return re.compile(load_toml("metadata")["title"][name])


def _says_little(title: str, actors: Sequence[Actor]) -> bool:
    """Tell whether a title is only a kind of paper, a section, a number, a date or the name of a body."""
    if not re.search(r"[^\W\d]{2}", title) or any(
        _pattern(name).fullmatch(title) for name in ("paper", "section", "body", "address")
    ):
        return True
    dated = next(find_dates(title), None)
    if dated and dated.end == len(title) and _pattern("place").fullmatch(title[: dated.start].strip()):
        return True
    if any(a.kind == "person" and title.startswith(a.name) and len(title) <= len(a.name) + 6 for a in actors):
        return True
    _, *rest = title.split("\n")
    if rest and all(_pattern("address").fullmatch(line.strip()) for line in rest):
        return True  # a body and its address
    folded = " ".join(title.casefold().split())
    return any(a.kind == "organisation" and a.name.casefold() == folded for a in actors)
