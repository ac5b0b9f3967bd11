"""Who signs a document: by hand below it, in a line that says who decided, or digitally."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from offtext.layout.structure import Block, Layout
from offtext.lexicon import load_toml
from offtext.record import Actor

_SIGNED_BELOW = ("opinion", "letter", "proposal", "consultation", "agreement", "decision")
_MOST = 12


def find_signatories(layout: Layout, actors: Sequence[Actor], doc_type: str | None) -> list[Actor]:
    """Return the people who sign, in the order in which they do."""
    persons = [a for a in actors if a.kind == "person"]
    found: list[Actor] = []
    blocks = list(layout.blocks)
    tail = [b for b in blocks[-12:] if b.kind in ("signature", "paragraph", "heading") and b.end - b.start <= 200]
    signature = [b for b in blocks if b.kind == "signature"][-40:]
    for block in [*signature, *(tail if doc_type in _SIGNED_BELOW else ())]:
        if _pattern("not_signed").match(layout.text, block.start, block.end):
            continue
        for actor in _in_block(persons, block):
            starts = any(
                block.start <= m.start < block.end and _begins_line(layout.text, m.start) for m in actor.mentions
            )
            if starts and actor not in found and (doc_type != "decision" or _first_in(block, actor)):
                found.append(actor)
    if doc_type == "opinion":
        for block in blocks[1:4]:
            if block.kind not in ("title", "heading") and block.end - block.start <= 450 and _is_byline(layout, block):
                found += [a for a in _in_block(persons, block) if a not in found]
    if doc_type == "minutes" and not found and _pattern("minutes_signed").search(layout.text[:8000]):
        cue = _pattern("minutes_signer")
        for actor in persons:
            if any(cue.search(layout.text[max(0, m.start - 80) : m.start]) for m in actor.mentions):
                found.append(actor)
    found += [a for a in _deciders(layout, persons) if a not in found]
    return found[:_MOST]


@cache
def _pattern(key: str) -> re.Pattern[str]:
    return re.compile(load_toml("metadata")["signature"][key])


def _deciders(layout: Layout, persons: Sequence[Actor]) -> Iterator[Actor]:
    """Yield those who are said to have decided, presented or digitally signed the document."""
    text = layout.text
    decided = -1
    for actor, start, end in sorted(((a, m.start, m.end) for a in persons for m in a.mentions), key=lambda x: x[1]):
        before = text[max(0, start - 200) : start].rsplit("\n\n", 1)[-1]
        if _pattern("decided_by").search(before.replace("\n", " ")):
            decided = end
            yield actor
            continue
        if _pattern("decider_before").search(before[-60:]) and _pattern("decider_after").match(text[end : end + 30]):
            decided = end
            yield actor
            continue
        presents = (
            0 <= start - decided <= 60
            and _pattern("presented_before").search(text[decided:start])
            and _pattern("presented_after").match(text[end : end + 30])
        )
        if presents or _pattern("digital").search(text[max(0, start - 60) : start]):
            yield actor


def _in_block(persons: Sequence[Actor], block: Block) -> Iterator[Actor]:
    for actor in persons:
        if any(block.start <= m.start < block.end for m in actor.mentions):
            yield actor


def _first_in(block: Block, actor: Actor) -> bool:
    return any(block.start <= m.start <= block.content_start + 2 for m in actor.mentions)


def _is_byline(layout: Layout, block: Block) -> bool:
    content = layout.content(block).strip("*_ ")
    return bool(re.match(load_toml("metadata")["byline_openings"]["words"], content)) or content.startswith("Av ")


def _begins_line(text: str, offset: int) -> bool:
    line = text[max(0, offset - 60) : offset].rsplit("\n", 1)[-1]
    return (
        not line.strip(" *_#–-\t")
        or re.search(r"\s{3,}$|[;|]\s*$", line) is not None
        or line.strip().endswith(("/", ":"))
        or re.fullmatch(r"\s*[A-ZÅÄÖ]?[a-zåäö]{1,12}\.? ", line) is not None  # `Docent`, `Dr.`
    )
