"""What is not running text: captions, boilerplate, signatures, the addressee of a letter."""

from __future__ import annotations

import re
from functools import cache

from offtext.layout.blocks import Draft, is_sentence_like
from offtext.layout.cues import field_labels, hits

_OPEN = ("", "paragraph")
_LINES = tuple(f"boilerplate.{name}" for name in ("cookies", "navigation", "sharing", "page", "contact", "code"))


def decide_boilerplate(text: str, drafts: list[Draft]) -> None:
    """Find menus, cookie lines, share links, page numbers, contact lines and code."""
    for draft in drafts:
        size = draft.content_end - draft.content_start
        if draft.kind not in ("", "list_item", "heading", "quotation_line") or size > 400:
            continue
        content = text[draft.start : draft.end]
        bare = text[draft.content_start : draft.content_end]
        if draft.mark == "heading":
            draft.kind = "boilerplate" if hits(bare, "boilerplate.page") else draft.kind
        elif hits(content, *_LINES) or (bare != content and hits(bare, *_LINES)) or draft.style == "link":
            draft.kind = "boilerplate"
        elif size < 160 and ("@" in bare or _digits().search(bare)) and not is_sentence_like(text, draft):
            label = field_labels().get(content.partition(":")[0].strip("*_ ").lower())
            if label not in ("sender", "recipient") and hits(content, "boilerplate.reach"):
                draft.kind = "boilerplate"


@cache
def _digits() -> re.Pattern[str]:
    return re.compile(r"\d\d")


def decide_captions(text: str, drafts: list[Draft]) -> None:
    """Find picture texts and credits."""
    for i, draft in enumerate(drafts):
        size = draft.content_end - draft.content_start
        if draft.kind not in ("", "heading") or draft.mark == "heading" or size > 400:
            continue
        content = text[draft.start : draft.end]
        after_image = i > 0 and drafts[i - 1].mark == "image"
        credit = hits(content, "captions")
        italic = draft.style == "italic" and (draft.image or after_image)
        beside = draft.image and size < 150 and not is_sentence_like(text, draft)
        if credit or italic or beside:
            draft.kind = "caption"


def decide_signature(text: str, drafts: list[Draft]) -> None:
    """Find the closing formula with names and titles under it, and a byline at the very end."""
    inside = 0
    for i, draft in enumerate(drafts):
        content = text[draft.content_start : min(draft.content_end, draft.content_start + 200)]
        size = draft.content_end - draft.content_start
        if draft.kind in ("", "heading", "header_field") and draft.mark != "heading" and size <= 120 and i >= 2:
            closing = hits(content, "closing_formulas")
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
    while last >= 0 and drafts[last].kind in ("boilerplate", "caption", "signature", "header_field"):
        last -= 1
    group: list[Draft] = []
    signing: list[Draft] = []
    above = ""
    for draft in reversed(drafts[max(0, last - 20) : last + 1]):
        content = text[draft.content_start : draft.content_end]
        short = len(content) <= 110 and not is_sentence_like(text, draft) and content[:1].isupper()
        above = draft.kind
        if draft.kind not in _OPEN or draft.mark or not short or draft is drafts[0]:
            break
        group.append(draft)
        if draft.gap:
            # a name opens each group of lines: name, title, body
            if not _name().match(text, draft.content_start, draft.content_end):
                break
            signing += group
            group = []
    if above != "heading" and len(signing) <= 12:  # else a list of names
        for draft in signing:
            draft.kind = "signature"


@cache
def _name() -> re.Pattern[str]:
    return re.compile(r"[A-ZÅÄÖ][\w-]{1,30}(?: [A-ZÅÄÖ][\w.-]{0,30}){1,3}(?: \([A-ZÅÄÖ]{1,4}\))?(?:$|,| och |\n|\s\s)")


@cache
def _postcode() -> re.Pattern[str]:
    return re.compile(r"^(?:SE-)?\d{3}\s?\d{2}\s+[A-ZÅÄÖ]")


def decide_addressee(text: str, drafts: list[Draft]) -> None:
    """Find the address block above the text of a letter, `Till kommunstyrelsen`, and the sender's letterhead."""
    fields = [i for i, d in enumerate(drafts[:15]) if d.kind == "header_field" and d.field != "other"]
    for i, draft in enumerate(drafts[:12]):
        content = text[draft.content_start : min(draft.content_end, draft.content_start + 90)]
        plain = draft.kind == "" and not draft.mark and draft.content_end - draft.content_start <= 80
        if plain and hits(content, "addressee") and not is_sentence_like(text, draft):
            draft.kind, draft.field, draft.content_start = "header_field", "recipient", draft.content_start + 5
        elif plain and i < 6 and fields and i < fields[-1] and hits(content, "headings.bodies"):
            # a ministry below another body's name is who the answer goes to
            addressed = any(d.field == "sender" for d in drafts[:i]) and hits(content, "headings.ministries")
            draft.kind, draft.field = "header_field", "recipient" if addressed else "sender"
        elif draft.content_end - draft.content_start > 150:
            break
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
