"""Who sends a document, whom it is for, and who signs it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from offtext.layers.metadata.signatories import find_signatories
from offtext.layout.structure import Block, Layout
from offtext.lexicon import load_toml
from offtext.record import Actor

_SENT = {"letter", "decision", "consultation", "proposal", "press_release"}
_RECEIVED = {"letter", "decision", "consultation", "proposal"}
_NO_ISSUERS = {"international", "party", "network"}  # told of in others' releases; a party's own names it as sender
_IN_HEAD = 40  # mentions of a body that are read for its place in the head
_SIGNED = {"letter", "opinion", "consultation", "proposal", "agreement", "minutes", "decision"}


def find_correspondents(
    layout: Layout, actors: Sequence[Actor], doc_type: str | None
) -> tuple[tuple[Actor, ...], tuple[Actor, ...], tuple[Actor, ...]]:
    """Return senders, recipients and signatories.

    A press release has the body that issues it as sender; articles, interviews and speeches have none.
    """
    signed = tuple(find_signatories(layout, actors, doc_type)) if doc_type in _SIGNED or doc_type is None else ()
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


def in_block(actors: Sequence[Actor], block: Block, kind: str | None = None) -> Iterator[Actor]:
    """Yield the actors of a kind that a block names."""
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
        copy = field == "recipient" and re.match(
            r"(?i)\W{0,3}(?:kopia|cc|för kännedom)\b", layout.text[block.start : block.end]
        )
        if block.kind == "header_field" and block.field == field and not copy:
            for near in layout.blocks[index : index + 2]:
                if near.end - near.start <= 200 and (near is block or near.kind != "header_field"):
                    inside = list(in_block(actors, near)) or list(_of_address(layout, near, actors))
                    found += [a for a in inside if a not in found]
                    if inside:
                        break
    return found


def _of_address(layout: Layout, block: Block, actors: Sequence[Actor]) -> Iterator[Actor]:
    """Yield the bodies whose name is the domain of a mail address: `registrator@skogsradet.se`."""
    domains = re.findall(r"@([\w.-]{3,60})", layout.text[block.start : block.end][:300])
    labels = {label for domain in domains for label in domain.casefold().split(".")}
    for actor in actors if labels else ():
        plain = actor.name.casefold().translate(str.maketrans("åäöé", "aaoe"))
        if actor.kind == "organisation" and {plain.replace(" ", ""), plain.replace(" ", "-")} & labels:
            yield actor


def _addressees(layout: Layout, actors: Sequence[Actor]) -> list[Actor]:
    """Return the bodies of the address block: after `Till`, or below the letterhead before the matter is named."""
    preceded, followed = _pattern("addressee", "preceded"), _pattern("addressee", "followed")
    head, found = _head(layout), []
    named_before = below = False
    for index, block in enumerate(head):
        if block.kind in ("title", "heading") and layout.text[block.start] == "#":
            break  # the matter: what is named from here on is spoken of
        bodies = list(in_block(actors, block, "organisation"))
        if not bodies or block.end - block.start > 120:
            below = named_before or block.field in (
                "date",
                "diary_number",
            )  # the letterhead is over: an address, a date or a number stands between
            continue
        after_till = index > 0 and preceded.fullmatch(layout.content(head[index - 1]).strip()) is not None
        lines = layout.text[block.start : block.end].split("\n")[1:]  # the address may be in the block itself
        near = [layout.content(b) for b in head[index + 1 : index + 3]]
        addressed = any(followed.fullmatch(line.strip()) for line in [*lines, *near])
        opens = any(m.start <= block.content_start for a in bodies for m in a.mentions if m.end > block.content_start)
        # a body that opens a line of its own between the fields of the head and the matter
        waits = opens and block.field != "sender" and below and _before_matter(layout, head[index + 1 : index + 5])
        if after_till or (addressed and below) or waits:
            found += [body for body in bodies[:1] if body not in found]
        named_before = True
    return found[:3]


def _before_matter(layout: Layout, following: Sequence[Block]) -> bool:
    """Tell whether the next thing after some short lines is the matter of the letter or its salutation."""
    for block in following:
        if block.kind in ("title", "heading") or block.field == "subject":
            return True
        words = layout.content(block).strip("*_ ")
        if any(_pattern("title", name).fullmatch(words) for name in ("salutation", "matter")):
            return True
        if block.end - block.start > 120:
            return False
    return False


def _recipients(layout: Layout, actors: Sequence[Actor], doc_type: str | None) -> list[Actor]:
    if doc_type == "letter" and (addressed := _addressees(layout, actors)):
        return addressed
    if found := _fields(layout, actors, "recipient"):
        return [a for a in found if a.kind == "organisation"][:3] or found[:3]
    text, before, after = layout.text, _pattern("recipient", "before"), _pattern("recipient", "after")
    if doc_type in ("consultation", "decision") and (addressed := _addressees(layout, actors)):
        return addressed
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
                for a in in_block(actors, block, "organisation")
                if any(re.search(r"(?i)\btill $", text[max(0, m.start - 5) : m.start]) for m in a.mentions)
            ]
    if not chosen and doc_type in ("letter", "consultation", "proposal"):
        for index, block in enumerate(layout.blocks):
            if re.match(r"(?i)\W*beslutet skickas till", layout.content(block)):
                chosen += [
                    a for near in layout.blocks[index : index + 3] for a in in_block(actors, near, "organisation")
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
    found = [a for a in _fields(layout, actors, "sender") if a not in received]
    bodies = [a for a in found if a.kind == "organisation"] or _letterhead(layout, actors, received)
    if found:
        return (bodies or list(dict.fromkeys(a.affiliation or a for a in found)))[:2]
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
    tail = [a for block in list(layout.of_kind("signature"))[-40:] for a in in_block(actors, block, "organisation")]
    return (behind or tail or list(signed if doc_type == "letter" else ()))[:1]


def _letterhead(
    layout: Layout, actors: Sequence[Actor], received: Sequence[Actor], before_title: bool = False
) -> list[Actor]:
    """Return the bodies whose name stands alone on a line of the head, above the title if so asked."""
    found: list[Actor] = []
    for block in _head(layout):
        if before_title and block.kind in ("title", "heading") and not _is_letterhead(layout, block, actors):
            break
        if block.field == "recipient" or re.match(r"(?i)till:?\s", layout.text[block.start : block.end]):
            continue  # whom it is for
        for actor in in_block(actors, block, "organisation"):
            for span in actor.mentions[:_IN_HEAD]:
                if not block.start <= span.start < block.end:
                    continue
                line = _line_around(layout.text, span.start)
                rest, bare = len(line.strip(" #*_\t")) - (span.end - span.start), line.lstrip(" #*_\t|")
                alone = rest <= 45 and bare.startswith(span.of(layout.text))
                # `Södra kommunalförbundet för vatten (SKV)`: the name is known by its end
                alone = alone or (rest <= 20 and bare[:1].isupper() and not re.search(r"[.:,\d]", bare))
                if alone and actor not in received and actor not in found:
                    found.append(actor)
    return found[:2]


def _is_letterhead(layout: Layout, block: Block, actors: Sequence[Actor]) -> bool:
    """Tell whether a heading is only a body's name, or a kind of paper."""
    words = layout.content(block).strip("*_# \t")
    if _pattern("title", "paper").fullmatch(words):
        return True
    folded = words.casefold()
    return any(m.of(layout.text).casefold() == folded for a in actors for m in a.mentions[:1]) or any(
        a.name.casefold() == folded for a in actors
    )


def _line_around(text: str, offset: int) -> str:
    """Return the line that holds `offset`, or its column where the line has columns."""
    start = text.rfind("\n", max(0, offset - 300), offset) + 1
    end = text.find("\n", offset, offset + 300)
    line = text[start : end if end >= 0 else offset + 300][:600]
    before, after = (
        re.split(r"[ ]{3,}|\t", line[: offset - start])[-1],
        re.split(r"[ ]{3,}|\t", line[offset - start :])[0],
    )
    return before + after


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
    if head := _letterhead(layout, organisations, (), before_title=True):
        return head[:1]
    lead_end = next((b.end for b in layout.blocks if b.kind == "paragraph"), 600)
    lead = [a for a in organisations if a.mentions and a.mentions[0].start < lead_end and a.org_type not in _NO_ISSUERS]
    ministries = [a for a in lead if a.name.casefold().endswith("departementet")]
    government = _government(actors)
    if government and government not in lead and any(len(a.mentions) >= 3 for a in lead):
        # `redovisas till regeringen` at the end of another body's news
        turned_to = re.compile(r"(?i)\b(?:till|från|av|hos|för|mot|med) $")
        if all(turned_to.search(layout.text[max(0, m.start - 8) : m.start]) for m in government.mentions):
            government = None
    # `regeringens prioritering` tells whose matter it is, not who writes
    acting = government is not None and any(layout.text[m.end : m.end + 1] != "s" for m in government.mentions)
    if government and (acting or not ministries):
        return [government]
    if ministries:
        return ministries[:1]
    # the body that is named most tells of itself; a single mention is too little
    most = sorted((a for a in lead if a.org_type != "government"), key=lambda a: -len(a.mentions))[:1]
    if chosen := [a for a in most if len(a.mentions) >= 3 or len(organisations) == 1]:
        return chosen
    return _press_contacts(layout, organisations)[:1]


def _press_contacts(layout: Layout, organisations: Sequence[Actor]) -> list[Actor]:
    """Return the bodies named with the press contact or under `Om X`, or credited with the release's own picture."""
    cue = re.compile(load_toml("metadata")["sender"]["press_contact"])
    found: list[Actor] = []
    blocks = layout.blocks
    for index, block in enumerate(blocks):
        if index and block.end - block.start <= 400 and cue.search(layout.text, block.start, block.start + 60):
            found += [a for near in blocks[index : index + 3] for a in in_block(organisations, near)]
    if not found:
        last = blocks[max(0, len(blocks) - 8) :]
        found = [a for b in last for a in in_block(organisations, b) if "Foto: " in layout.text[b.start : b.end]]
    return found
