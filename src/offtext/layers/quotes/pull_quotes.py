"""Block quotes: a voice of the text set in large type, or the writer's own words repeated."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from offtext.layers.quotes.passages import Passage
from offtext.layers.quotes.quotation import Draft, cut
from offtext.layers.quotes.speakers import Cast

_MOST = 200  # a text with more `>` paragraphs than this is a mail thread, not an article with pull quotes
_ALIKE = 0.8
_WORD = re.compile(r"[^\W_]+")


def pull_quotes(cast: Cast, passages: Sequence[Passage], drafts: Sequence[Draft], doc_type: str | None) -> list[Draft]:
    """Return the block quotes; one that repeats a quote has its speaker, one that repeats narration is none."""
    blocks = [(i, p) for i, p in enumerate(passages) if p.kind == "block_quote"]
    headed = any(d.form == "marks_heading" for d in drafts)
    if (not blocks and not headed) or len(blocks) > _MOST or doc_type == "letter":
        return []
    spoken: dict[int, list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.kind == "direct":
            spoken[draft.passage].append(draft)
    bags = [set() if p.kind == "block_quote" else _words(p.content.of(cast.text)) for p in passages]
    holders: dict[str, list[int]] = defaultdict(list)
    for i, bag in enumerate(bags):
        for word in bag:
            holders[word].append(i)
    for draft in drafts:
        if draft.form == "marks_heading" and draft.speaker is None:
            likest = _likest(_words(" ".join(s.of(cast.text) for s in draft.spans)), bags, holders, draft.passage)
            draft.speaker = next((d.speaker for d in spoken.get(likest[1], ()) if d.speaker and likest[0] >= 0.6), None)
    found: list[Draft] = []
    for i, passage in blocks:
        spans, attribution = cut(cast, passage)
        wanted = _words(" ".join(s.of(cast.text) for s in spans))
        if len(wanted) < 3:
            continue
        draft = Draft("direct", "block_quote", spans, i)
        if attribution:
            draft.speaker, draft.cue, draft.told = attribution.subject.actor, attribution.cue, True
        else:
            share, place = _likest(wanted, bags, holders, i)
            if share >= _ALIKE:
                said = spoken.get(place) or [d for d in drafts if _holds(passages[place], d, wanted, cast.text)]
                if not said:
                    continue
                draft.speaker, draft.told = said[0].speaker, said[0].speaker is not None
                if not draft.told:
                    draft.passage = said[0].passage
            elif doc_type in ("opinion", "speech"):
                continue  # the writer's own words in large type
        found.append(draft)
    return found


def _likest(
    wanted: set[str], bags: Sequence[set[str]], holders: Mapping[str, Sequence[int]], at: int
) -> tuple[float, int]:
    """Return how much of the words the most similar paragraph holds, and which one it is (-1: none)."""
    if not wanted:
        return 0.0, -1
    rare = sorted(wanted, key=lambda w: (len(holders.get(w, ())) or 10**6, -len(w)))[:3]
    near = {j for word in rare for j in holders.get(word, ())[:50] if j != at}
    best = max(((len(wanted & bags[j]) / len(wanted), -abs(j - at), j) for j in near), default=(0.0, 0, -1))
    return best[0], best[2]


def _holds(passage: Passage, draft: Draft, wanted: set[str], text: str) -> bool:
    """Tell whether a draft in the paragraph has the words: an answer, or what the paragraph reports of somebody."""
    parts = [s for s in draft.spans if passage.start <= s.start < passage.end]
    said = _words(" ".join(s.of(text) for s in parts))
    return bool(parts) and len(wanted & said) >= _ALIKE * len(wanted)


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}
