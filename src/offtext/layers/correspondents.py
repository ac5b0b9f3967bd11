"""Who sends a document, whom it is for, and who signs it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from offtext.layout.structure import Block, Layout
from offtext.lexicon import load_toml
from offtext.record import Actor

_SENT = {"letter", "decision", "consultation", "proposal", "press_release"}
_RECEIVED = {"letter", "decision", "consultation", "proposal"}
_NO_ISSUERS = {"international", "party", "network"}  # told of in others' releases; a party's own names it as sender
_SIGNED = {"letter", "opinion", "consultation", "proposal", "agreement", "minutes", "decision"}


def find_correspondents(
    layout: Layout, actors: Sequence[Actor], doc_type: str | None
) -> tuple[tuple[Actor, ...], tuple[Actor, ...], tuple[Actor, ...]]:
    """Return senders, recipients and signatories.

    A press release has the body that issues it as sender; articles, interviews and speeches have none.
    """
    signed = tuple(_signatories(layout, actors, doc_type)) if doc_type in _SIGNED or doc_type is None else ()
    received = tuple(_recipients(layout, actors, doc_type)) if doc_type in _RECEIVED or doc_type is None else ()
    if doc_type == "press_release":
        sent = tuple(_issuer(layout, actors))
    elif doc_type in _SENT or doc_type is None:
        sent = tuple(_senders(layout, actors, doc_type, received, signed))
    else:
        sent = ()
    return sent, received, signed


@cache
def _pattern(group: str, key: str) -> re.Pattern[str]:
    return re.compile(load_toml("metadata")[group][key])


def _in_block(actors: Sequence[Actor], block: Block, kind: str | None = None) -> Iterator[Actor]:
    for actor in actors:
        if kind in (None, actor.kind) and any(block.start <= m.start < block.end for m in actor.mentions):
            yield actor


def _head(layout: Layout) -> list[Block]:
    """Return the blocks before the running text."""
    head: list[Block] = []
    for block in layout.blocks[:16]:
        if block.kind in ("paragraph", "quotation_line", "list_item") and block.end - block.start > 160:
            break
        head.append(block)
    return head


def _fields(layout: Layout, actors: Sequence[Actor], field: str) -> list[Actor]:
    found: list[Actor] = []
    for index, block in enumerate(layout.blocks[:30]):
        if block.kind == "header_field" and block.field == field:
            for near in layout.blocks[index : index + 2]:
                if near.end - near.start <= 200 and (near is block or near.kind != "header_field"):
                    inside = list(_in_block(actors, near))
                    found += [a for a in inside if a not in found]
                    if inside:
                        break
    return found


def _addressees(layout: Layout, actors: Sequence[Actor]) -> list[Actor]:
    """Return the bodies of the address block: after `Till`, or below the letterhead with an address under the name."""
    preceded, followed = _pattern("addressee", "preceded"), _pattern("addressee", "followed")
    head, found = _head(layout), []
    named_before = below = False
    for index, block in enumerate(head):
        bodies = list(_in_block(actors, block, "organisation"))
        if not bodies or block.end - block.start > 120:
            below = named_before  # the letterhead is over: an address, a date or a number stands between
            continue
        after_till = index > 0 and preceded.fullmatch(layout.content(head[index - 1]).strip()) is not None
        addressed = any(followed.fullmatch(layout.content(near).strip()) for near in head[index + 1 : index + 3])
        if after_till or (addressed and below):
            found += [body for body in bodies if body not in found]
        named_before = True
    return found[:2]


def _recipients(layout: Layout, actors: Sequence[Actor], doc_type: str | None) -> list[Actor]:
    if doc_type in ("letter", "consultation") and (addressed := _addressees(layout, actors)):
        return addressed
    if found := _fields(layout, actors, "recipient"):
        return [a for a in found if a.kind == "organisation"][:3] or found[:3]
    text, before, after = layout.text, _pattern("recipient", "before"), _pattern("recipient", "after")
    commission = doc_type in ("decision", None) and _is_commission(layout)
    chosen: list[Actor] = []
    for actor in actors:
        if actor.kind != "organisation" or actor.org_type == "government":
            continue
        for span in actor.mentions:
            if span.start > (4000 if doc_type == "decision" else 1200):
                break
            prior = text[max(0, span.start - 60) : span.start]
            if commission and (before.search(prior) or after.match(text[span.end : span.end + 40])):
                chosen.append(actor)
                break
            if doc_type != "decision" and re.search(r"(?:^|\n)\s*(?i:till:?)\s{1,20}(?:[\wåäö]{1,12} ){0,2}$", prior):
                chosen.append(actor)
                break
    if not chosen and doc_type == "proposal":
        for block in layout.blocks[:4]:
            chosen += [
                a
                for a in _in_block(actors, block, "organisation")
                if any(re.search(r"(?i)\btill $", text[max(0, m.start - 5) : m.start]) for m in a.mentions)
            ]
    if not chosen and doc_type in ("letter", "consultation", "proposal"):
        for index, block in enumerate(layout.blocks):
            if re.match(r"(?i)\W*beslutet skickas till", layout.content(block)):
                chosen += [
                    a for near in layout.blocks[index : index + 3] for a in _in_block(actors, near, "organisation")
                ]
                break
    return chosen[:4]


def _is_commission(layout: Layout) -> bool:
    return bool(re.search(r"(?i)\b(?:uppdrag\w*|uppdra(?:r|s))\b", layout.text[:1500]))


def _government(actors: Sequence[Actor]) -> Actor | None:
    named = (
        a for a in actors if a.org_type == "government" and re.match(r"(?i)(?:sveriges |svenska )?regeringen", a.name)
    )
    return next(named, None)


def _senders(
    layout: Layout, actors: Sequence[Actor], doc_type: str | None, received: Sequence[Actor], signed: Sequence[Actor]
) -> list[Actor]:
    if found := [a for a in _fields(layout, actors, "sender") if a not in received]:
        return found[:2]
    told = [
        a
        for a in actors
        if a.kind == "organisation"
        and a not in received
        and any(_pattern("sender", "before").search(layout.text[max(0, m.start - 40) : m.start]) for m in a.mentions)
    ]
    if told:
        return told[:1]
    if doc_type == "decision":
        government = _government(actors)
        return [government] if government else _letterhead(layout, actors, received)
    if doc_type == "consultation":
        # a ministry that circulates a proposal, else the letterhead of the one that answers
        ministry = [a for a in actors if a.org_type == "government" and a.name.casefold().endswith("departementet")]
        return _letterhead(layout, actors, received) or ministry[:1]
    if head := _letterhead(layout, actors, received):
        return head
    behind = [a.affiliation for a in signed if a.affiliation is not None]
    tail = [a for block in list(layout.of_kind("signature"))[-40:] for a in _in_block(actors, block, "organisation")]
    return (behind or tail or list(signed if doc_type == "letter" else ()))[:1]


def _letterhead(layout: Layout, actors: Sequence[Actor], received: Sequence[Actor]) -> list[Actor]:
    """Return the bodies whose name stands alone on a line of the head."""
    found: list[Actor] = []
    for block in _head(layout):
        for actor in _in_block(actors, block, "organisation"):
            for span in actor.mentions:
                line = _line_around(layout.text, span.start)
                alone = len(line.strip(" #*_\t")) - (span.end - span.start) <= 45 and line.lstrip(" #*_\t|").startswith(
                    span.of(layout.text)
                )
                if block.start <= span.start < block.end and alone and actor not in received and actor not in found:
                    found.append(actor)
    return found[:2]


def _line_around(text: str, offset: int) -> str:
    start = text.rfind("\n", max(0, offset - 300), offset) + 1
    end = text.find("\n", offset, offset + 300)
    return text[start : end if end >= 0 else offset + 300][:600]


def _issuer(layout: Layout, actors: Sequence[Actor]) -> list[Actor]:
    """Return the body that issues a press release: the one it names as sender, or that tells its own news."""
    organisations = [a for a in actors if a.kind == "organisation"]
    if found := _fields(layout, organisations, "sender"):
        return found[:1]
    for actor in organisations:
        if any(
            _pattern("sender", "before").search(layout.text[max(0, m.start - 40) : m.start]) for m in actor.mentions
        ):
            return [actor]
    lead_end = next((b.end for b in layout.blocks if b.kind == "paragraph"), 600)
    lead = [a for a in organisations if a.mentions and a.mentions[0].start < lead_end and a.org_type not in _NO_ISSUERS]
    ministries = [a for a in lead if a.name.casefold().endswith("departementet")]
    government = _government(actors)
    # `regeringens prioritering` tells whose matter it is, not who writes
    acting = government is not None and any(layout.text[m.end : m.end + 1] != "s" for m in government.mentions)
    if government and (acting or not ministries):
        return [government]
    if ministries:
        return ministries[:1]
    # the body that is named most tells of itself; a single mention is too little
    most = sorted((a for a in lead if a.org_type != "government"), key=lambda a: -len(a.mentions))[:1]
    return [a for a in most if len(a.mentions) >= 3 or len(organisations) == 1]


def _signatories(layout: Layout, actors: Sequence[Actor], doc_type: str | None) -> list[Actor]:
    persons = [a for a in actors if a.kind == "person"]
    found: list[Actor] = []
    blocks = list(layout.blocks)
    tail = [b for b in blocks[-12:] if b.kind in ("signature", "paragraph", "heading") and b.end - b.start <= 200]
    signature = [b for b in blocks if b.kind == "signature"][-40:]
    for block in [
        *signature,
        *(tail if doc_type in ("opinion", "letter", "proposal", "consultation", "agreement") else ()),
    ]:
        for actor in _in_block(persons, block):
            starts = any(
                block.start <= m.start < block.end and _begins_line(layout.text, m.start) for m in actor.mentions
            )
            if starts and actor not in found:
                found.append(actor)
    if doc_type == "opinion":
        for block in blocks[1:4]:
            if block.kind not in ("title", "heading") and block.end - block.start <= 450 and _is_byline(layout, block):
                found += [a for a in _in_block(persons, block) if a not in found]
    if doc_type == "minutes" and not found and _pattern("signature", "minutes_signed").search(layout.text[:8000]):
        cue = _pattern("signature", "minutes_signer")
        for actor in persons:
            if any(cue.search(layout.text[max(0, m.start - 80) : m.start]) for m in actor.mentions):
                found.append(actor)
    return found[:12]


def _is_byline(layout: Layout, block: Block) -> bool:
    content = layout.content(block).strip("*_ ")
    return bool(re.match(load_toml("metadata")["byline_openings"]["words"], content)) or content.startswith("Av ")


def _begins_line(text: str, offset: int) -> bool:
    line = text[max(0, offset - 60) : offset].rsplit("\n", 1)[-1]
    return (
        not line.strip(" *_#–-\t")
        or re.search(r"\s{3,}$|[;|]\s*$", line) is not None
        or line.strip().endswith(("/", ":"))
    )
