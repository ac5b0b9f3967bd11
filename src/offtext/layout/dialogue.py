"""Interview turns: which blocks are questions, which answers."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from offtext.layout.blocks import Draft, is_sentence_like
from offtext.layout.cues import hits, pattern

_TEXT = ("", "paragraph")


@cache
def _speaker() -> re.Pattern[str]:
    name = r"[A-ZÅÄÖ][\w.-]{0,30}(?: (?:(?:af|av|von|de|van) )?[A-ZÅÄÖ(][\w.)-]{0,30}){0,3}"
    mark = r"(?:\*\*|__|_|\*)?"
    role = r"(?:, [a-zåäö][^:.!?\n,]{2,50})?"  # `Karin Ek, rektor:`
    return re.compile(rf"{mark}(?P<label>{name}){role}{mark}\s?:{mark}\s{{1,3}}(?=[\w”»\"–-])")


def decide_turns(text: str, drafts: list[Draft]) -> None:
    """Find the turns of interviews, and the questions and answers of an FAQ page, by how the questions look."""
    if not any(d.kind == "question" for d in drafts):
        _by_style(text, drafts)


def _asks(text: str, draft: Draft) -> bool:
    return "?" in text[max(draft.content_start, draft.content_end - 3) : draft.end]


def decide_labelled_turns(text: str, drafts: list[Draft]) -> None:
    """Find turns that open with who speaks: `Fråga:`/`Svar:`, `Karin Ek:`."""
    labels: dict[int, tuple[str, int]] = {}
    for i, draft in enumerate(drafts):
        if draft.kind in ("", "paragraph", "heading") and draft.mark in ("", "heading"):
            found = _speaker().match(text, draft.start, min(draft.end, draft.start + 200))
            if found:
                labels[i] = (found.group("label"), found.end())
    if len(labels) < 2:
        return
    counts = Counter(label for label, _ in labels.values())
    asked = Counter(label for i, (label, _) in labels.items() if _asks(text, drafts[i]))
    fixed = {
        label: kind
        for label in counts
        for kind, name in (("question", "dialogue.question_labels"), ("answer", "dialogue.answer_labels"))
        if pattern(name).match(label)
    }
    repeated = {label for label, n in counts.items() if n >= 2}
    speakers = repeated | set(fixed)
    asks = {label for label in repeated if asked[label] >= 2 and asked[label] >= 0.5 * counts[label]}
    if not (set(fixed.values()) >= {"question", "answer"} or (len(repeated) >= 2 and asks) or (fixed and asks)):
        return
    asker = max(speakers, key=lambda label: (asked[label] / counts[label], label)) if asked else ""
    current = ""
    for i, draft in enumerate(drafts):
        if i in labels and labels[i][0] in speakers:
            label, begin = labels[i]
            current = fixed.get(label) or ("question" if label == asker else "answer")
            draft.kind, draft.content_start = current, begin
        elif draft.kind in _TEXT and not draft.mark and current == "answer":
            draft.kind = "answer"
        elif draft.kind in ("heading", "title"):
            current = ""


def _by_style(text: str, drafts: list[Draft]) -> None:
    """Questions in bold, in italics, as headings, or as plain lines before answers."""
    styles = Counter(_style_of(d) for d in drafts if _asks(text, d) and _stands_alone(d))
    for style in ("bold", "heading", "italic", "number", "plain"):
        if not styles[style]:
            continue
        places = [i for i, d in enumerate(drafts) if _style_of(d) == style and _stands_alone(d)]
        asking = [i for i in places if _asks(text, drafts[i]) and _answered(drafts, i)]
        dashed = sum(drafts[i + 1].kind == "quotation_line" for i in asking)
        enough = len(asking) >= 2 and (len(asking) >= 0.5 * len(places) or dashed >= 0.5 * len(asking))
        if style == "plain":
            places = asking = [i for i in asking if _plainly_answered(text, drafts, i)]
            every = [i for i, d in enumerate(drafts) if d.kind in _TEXT and _asks(text, d)]
            # questions that carry the text: in an article a rhetorical one now and then does not
            running = sum(d.kind in (*_TEXT, "quotation_line") for d in drafts)
            enough = len(asking) >= max(2, 0.7 * len(every), 0.2 * running)
        if enough or (style in ("bold", "italic") and len(asking) == 1 and dashed):
            _mark_turns(text, drafts, places, set(asking), style)
            return


def _style_of(draft: Draft) -> str:
    if draft.mark == "heading":
        return "heading"
    if draft.mark == "number" and draft.kind in ("list_item", "heading"):
        return "number"
    if draft.mark or draft.kind in ("header_field", "boilerplate", "caption", "signature"):
        return ""
    return draft.style or "plain"


def _stands_alone(draft: Draft) -> bool:
    return draft.kind != "title" and draft.content_end - draft.content_start <= 600


def _answered(drafts: list[Draft], i: int) -> bool:
    return (
        i + 1 < len(drafts)
        and drafts[i + 1].kind in ("", "paragraph", "quotation_line", "list_item")
        and drafts[i + 1].mark != "heading"
    )


def _plainly_answered(text: str, drafts: list[Draft], i: int) -> bool:
    """Tell whether a plain line that asks stands before a dash or a paragraph of sentences, not in a checklist."""
    following = drafts[i + 1]
    if drafts[i].content_end - drafts[i].content_start > 200:
        return False
    if following.kind == "quotation_line":
        return True
    long = following.content_end - following.content_start >= 25
    return (
        (following.gap or drafts[i].gap)
        and not following.mark
        and long
        and is_sentence_like(text, following)
        and not _asks(text, following)
    )


def _mark_turns(text: str, drafts: list[Draft], places: list[int], asking: set[int], style: str) -> None:
    begun = min(asking)
    for i in places:
        if i in asking or (style != "plain" and i > begun and _answered(drafts, i) and _prompts(text, drafts[i])):
            drafts[i].kind = "question"
    for i, draft in enumerate(drafts):
        # a question in another style among the rest
        if draft.kind in (*_TEXT, "heading") and draft.style in ("bold", "italic") and _asks(text, draft):
            draft.kind = "question" if _answered(drafts, i) else draft.kind
        elif style == "plain" and begun < i < len(drafts) - 1 and _plainly_prompts(text, drafts, i):
            draft.kind = "question"
    answering = dashes = False
    # an interview may have all its questions or answers in italics; else a line in them is an aside
    asides = set() if "italic" in (style, drafts[begun + 1].style) else {"italic"}
    for draft in drafts:
        if draft.kind == "question":
            answering, dashes = True, False
        elif draft.kind == "quotation_line":
            dashes = True
        elif draft.kind in ("heading", "title", "signature") or draft.style == "bold" or draft.style in asides:
            answering = False
        elif draft.kind in _TEXT and not draft.mark and answering and not dashes:
            draft.kind = "answer"


def _prompts(text: str, draft: Draft) -> bool:
    """Tell whether a line that looks like the questions is a turn without a question mark: `Du slutar i vår`."""
    content = text[draft.content_start : draft.content_end]
    return content[-1:] not in ":," and hits(content, "dialogue.address", "dialogue.prompts")


def _plainly_prompts(text: str, drafts: list[Draft], i: int) -> bool:
    """Tell whether a short plain line between answers speaks to the one who answers: `Ni låter överens`."""
    draft, following, before = drafts[i], drafts[i + 1], drafts[i - 1]
    content = text[draft.content_start : draft.content_end]
    if draft.kind not in (*_TEXT, "heading") or draft.mark or not draft.gap or len(content) > 90:
        return False
    if before.kind not in (*_TEXT, "quotation_line") or content[-1] in ":," or not content[0].isupper():
        return False
    replied = following.kind == "quotation_line" or (
        following.kind in _TEXT
        and not following.mark
        and following.content_end - following.content_start > len(content)
    )
    own = hits(content, "dialogue.own")
    return replied and ((hits(content, "dialogue.address") and not own) or hits(content, "dialogue.prompts"))
