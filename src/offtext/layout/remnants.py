"""What is not running text: captions, boilerplate, signatures, the addressee of a letter."""

from __future__ import annotations

import re
from functools import cache

from offtext.layout.blocks import Draft, is_sentence_like
from offtext.layout.cues import pattern

_OPEN = ("", "paragraph")


def decide_boilerplate(text: str, drafts: list[Draft]) -> None:
    """Find menus, cookie lines, share links, page numbers, contact lines and code."""
    line = pattern(
        "boilerplate.cookies",
        "boilerplate.navigation",
        "boilerplate.sharing",
        "boilerplate.page",
        "boilerplate.contact",
        "boilerplate.code",
    )
    reach = pattern("boilerplate.reach")
    for draft in drafts:
        size = draft.content_end - draft.content_start
        if draft.kind not in ("", "list_item", "heading", "quotation_line") or size > 400:
            continue
        content = text[draft.start : draft.end]
        if draft.mark == "heading" and not pattern("boilerplate.page").search(content):
            continue
        if line.search(content) or line.search(text[draft.content_start : draft.content_end]):
            draft.kind = "boilerplate"
        elif size < 160 and reach.search(content) and not is_sentence_like(text, draft):
            draft.kind = "boilerplate"
        elif size < 200 and _only_link().match(content):
            draft.kind = "boilerplate"


@cache
def _only_link() -> re.Pattern[str]:
    return re.compile(r"^\W{0,4}\[[^\]\n]{1,160}\]\([^()\s]{0,1000}(?:\s\"[^\"\n]{0,200}\")?\)\W{0,4}$")


def decide_captions(text: str, drafts: list[Draft]) -> None:
    """Find picture texts and credits."""
    for i, draft in enumerate(drafts):
        size = draft.content_end - draft.content_start
        if draft.kind not in ("", "heading") or draft.mark == "heading" or size > 400:
            continue
        content = text[draft.start : draft.end]
        after_image = i > 0 and drafts[i - 1].mark == "image"
        if pattern("captions").search(content):
            draft.kind = "caption"
        elif draft.style == "italic" and (draft.image or after_image):
            draft.kind = "caption"
        elif draft.image and size < 150 and not is_sentence_like(text, draft):
            draft.kind = "caption"


def decide_signature(text: str, drafts: list[Draft]) -> None:
    """Find the closing formula with names and titles under it, and a byline at the very end."""
    inside = 0
    for i, draft in enumerate(drafts):
        content = text[draft.content_start : min(draft.content_end, draft.content_start + 200)]
        size = draft.content_end - draft.content_start
        if draft.kind in ("", "heading", "header_field") and draft.mark != "heading" and size <= 120 and i >= 2:
            closing = pattern("closing_formulas").match(content)
            if closing and not is_sentence_like(text, draft) and draft.field not in ("date", "diary_number"):
                draft.kind, draft.field = "signature", None
                inside = 12
                continue
        if (
            inside
            and draft.kind in ("", "heading", "header_field")
            and draft.mark in ("", "label")
            and size <= 110
            and not is_sentence_like(text, draft)
        ):
            draft.kind, draft.field = "signature", None
            inside -= 1
        elif draft.kind not in ("boilerplate", "signature"):
            inside = 0
    _final_names(text, drafts)


def _final_names(text: str, drafts: list[Draft]) -> None:
    last = len(drafts) - 1
    while last >= 0 and drafts[last].kind in ("boilerplate", "caption", "signature"):
        last -= 1
    taken = 0
    while last - taken > 2 and taken < 8:
        draft = drafts[last - taken]
        content = text[draft.content_start : draft.content_end]
        if (
            draft.kind not in _OPEN
            or draft.mark
            or len(content) > 110
            or is_sentence_like(text, draft)
            or not content[:1].isupper()
        ):
            break
        taken += 1
    for n in range(taken):
        draft = drafts[last - n]
        names = [d for d in drafts[last - taken + 1 : last + 1] if _name().match(text, d.content_start, d.content_end)]
        if names:
            draft.kind = "signature"


@cache
def _name() -> re.Pattern[str]:
    return re.compile(r"[A-ZÅÄÖ][\w-]{1,30}(?: [A-ZÅÄÖ][\w.-]{0,30}){1,3}(?: \([A-ZÅÄÖ]{1,4}\))?(?:$|,| och |\n)")


@cache
def _postcode() -> re.Pattern[str]:
    return re.compile(r"^(?:SE-)?\d{3}\s?\d{2}\s+[A-ZÅÄÖ]")


def decide_addressee(text: str, drafts: list[Draft]) -> None:
    """Find the address block above the text of a letter: the lines up to and with the postcode."""
    for i, draft in enumerate(drafts[:15]):
        if (
            draft.kind in ("", "heading")
            and not draft.mark
            and _postcode().match(text[draft.content_start : draft.content_end])
        ):
            draft.kind, draft.field = "header_field", "recipient"
            for n in range(i - 1, max(-1, i - 5), -1):
                above = drafts[n]
                short = above.content_end - above.content_start <= 60 and not is_sentence_like(text, above)
                if above.kind not in ("", "heading") or above.mark or not short:
                    break
                above.kind, above.field = "header_field", "recipient"
                if above.gap:
                    break
