"""Quotes: what is said in a text, by whom, and with which words the text says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from offtext.document import Span
from offtext.layers.quotes.attribution import knowledge, subject_after, subject_before, verb_pattern
from offtext.layers.quotes.interview import Turn, find_turns, turn_label, voices_under_names
from offtext.layers.quotes.marks import marked_quotes
from offtext.layers.quotes.passages import OPENING, Passage, read_passages, trim
from offtext.layers.quotes.pull_quotes import pull_quotes
from offtext.layers.quotes.quotation import Draft, cut, speech_of
from offtext.layers.quotes.reported import backward_subject, reported_in
from offtext.layers.quotes.speakers import Cast
from offtext.layers.quotes.unattributed import infer_speakers
from offtext.layout.structure import Layout
from offtext.record import Actor, DocumentType, Quote


def find_quotes(
    layout: Layout, actors: Sequence[Actor], doc_type: DocumentType | str | None = None
) -> tuple[Quote, ...]:
    """Return what is said in the text, in reading order, with speaker, cue and question where the text tells.

    Direct quotes are dash paragraphs, words in quotation marks, block quotes and the answers of an interview;
    indirect ones are clauses reported with a verb (`X menar att …`) or a source (`enligt X`).

    Args:
        layout: The text's blocks and sentences.
        actors: The text's actors; a speaker is always one of them.
        doc_type: The document's type, where known: minutes and plans have more lists and fewer voices.

    Example:
        >>> from offtext.layout import parse
        >>> text = "– Vi börjar i höst, säger Karin Ek."
        >>> karin = Actor("a1", "Karin Ek", "person", (Span(26, 34),))
        >>> [(q.text, q.speaker.name, q.cue.of(text)) for q in find_quotes(parse(text), [karin])]
        [('Vi börjar i höst', 'Karin Ek', 'säger')]
    """
    label = doc_type.label if isinstance(doc_type, DocumentType) else doc_type
    cast = Cast(layout, actors)
    if label == "consultation":
        cast.writes()
    passages = read_passages(layout)
    speech = speech_of(cast, passages, label)
    turns = find_turns(cast, passages, speech, label)
    drafts = _read(cast, passages, speech, turns, label)
    for draft in (large := pull_quotes(cast, passages, drafts, label)):
        if not draft.told and draft.passage > 0 and passages[draft.passage].kind == "block_quote":
            lead_in(cast, passages, draft.passage, draft)
    drafts += large
    if all(d.form == "marks_heading" for d in drafts if d.kind == "direct"):
        drafts = [d for d in drafts if d.kind != "direct"]  # a motto; a voice in the headline is heard in the text too
    infer_speakers(cast, passages, drafts)
    return _finish(layout.text, drafts)


def _read(
    cast: Cast, passages: Sequence[Passage], speech: Sequence[bool], turns: Sequence[Turn], label: str | None
) -> list[Draft]:
    """Read the paragraphs in order, so that each pronoun sees who has spoken before it."""
    turn_of = {j: turn for turn in turns for j in turn.answers}
    asked = {turn.asked for turn in turns}
    drafts: list[Draft] = []
    running: dict[int, Draft] = {}
    under_names = voices_under_names(cast, passages) if label not in ("minutes", "opinion", "letter") else {}
    for i, passage in enumerate(passages):
        if passage.kind in ("skipped", "block_quote"):
            continue
        turn = turn_of.get(i)
        found: list[Draft] = []
        if turn is not None:
            found = _answer(cast, passage, i, turn, running)
        elif speech[i]:
            found = [_dash(cast, passages, i)]
        elif i in under_names:
            found = [Draft("direct", "labelled", [passage.content], i, under_names[i], told=True)]
        elif passage.kind == "plain" and (labelled := _labelled(cast, passages, i)):
            found = [labelled]
        for draft in found:
            if draft.told:
                cast.spoke(draft.cue.start if draft.cue else passage.start, draft.speaker)
        if found:
            cast.mute([s for d in found for s in d.spans if s.start >= passage.start])
            drafts += [d for d in found if d.passage == i]  # an answer's later paragraphs are in its draft already
            inner = marked_quotes(cast, passage, i, nested=True)
            drafts += [d for d in inner if d.cue is None or d.cue not in {f.cue for f in found}]
            drafts += _told_inside(cast, passage, i, found, inner)
            continue
        marked = marked_quotes(cast, passage, i, nested=False, doc_type=label)
        for draft in marked:
            if draft.form == "marks_paragraph" and not draft.told:
                lead_in(cast, passages, i, draft)
            cast.mute(draft.spans)
            if draft.told:
                cast.spoke(draft.cue.start if draft.cue else passage.start, draft.speaker)
        drafts += marked
        if passage.kind in ("plain", "answer", "caption", "hyphen", "bullet") and i not in asked:
            reported = _reported(cast, passage, i, marked)
            if reported and reported[-1].form == "reported_that" and cast.text[passage.content.end - 1] == ":":
                listed = _listed(passages, speech, i)
                reported[-1].spans += [passages[j].content for j in listed]
                asked |= set(listed)
            drafts += reported
    return drafts


def _reported(cast: Cast, passage: Passage, i: int, marked: Sequence[Draft]) -> list[Draft]:
    """Return what a paragraph reports, apart from the words in marks that are quotes of their own."""
    cues, covered = {d.cue for d in marked}, [s for d in marked for s in d.spans]
    closing = {d.spans[0].start: d for d in marked if d.form == "marks_closing"}
    kept: list[Draft] = []
    for draft in reported_in(cast, passage, i):
        last = draft.spans[-1].start if draft.spans else 0  # a list that follows a colon has no words yet
        own = next((at for at in closing if draft.spans and last <= at < draft.spans[-1].end), None)
        lead = cast.text[last:own].rstrip(OPENING + " ") if own is not None else ""
        if lead.endswith(","):  # `Karin Ek betonar att …, ”inte för syns skull”`
            draft.spans[-1] = trim(cast.text, last, last + len(lead) - 1)
        elif draft.cue in cues or any(a.overlaps(b) for a in draft.spans for b in covered):
            continue
        kept.append(draft)
    return kept


def _told_inside(cast: Cast, passage: Passage, i: int, found: Sequence[Draft], inner: Sequence[Draft]) -> list[Draft]:
    """Return what somebody's words report of others, who are named: `Enligt Vattenverket sjunker nivån`."""
    cues = {d.cue for d in (*found, *inner)}
    said = [s for d in inner for s in d.spans]
    own = {d.speaker.id for d in found if d.speaker}
    return [
        d
        for d in reported_in(cast, passage, i, nested=True)
        if d.speaker not in (None, cast.body)
        and d.speaker.id not in own
        and d.cue not in cues
        and not any(a.overlaps(b) for a in d.spans for b in said)
        and any(f.spans[0].start <= d.spans[0].start for f in found if f.spans)
    ]


def _listed(passages: Sequence[Passage], speech: Sequence[bool], i: int) -> list[int]:
    """Return the items of the list that a paragraph ending in a colon goes on in."""
    j = i + 1
    while j < len(passages) and passages[j].kind in ("hyphen", "bullet") and not speech[j]:
        j += 1
    return list(range(i + 1, j))


def _dash(cast: Cast, passages: Sequence[Passage], i: int) -> Draft:
    """Read a paragraph that opens with speech, with its attribution inside, before or after it."""
    passage = passages[i]
    spans, found = cut(cast, passage)
    draft = Draft("direct", f"{'dash' if passage.kind == 'dash' else 'hyphen'}_bare", spans, i)
    if found:
        draft.form = draft.form.replace("bare", "attributed")
        draft.speaker, draft.cue, draft.told = found.subject.actor, found.cue, True
        return draft
    following = passages[i + 1] if i + 1 < len(passages) else None
    if following is not None and following.kind == "plain":
        first = cast.layout.sentence_at(following.content.start)
        end = min(first.end, following.content.end) if first else following.content.end
        behind = backward_subject(cast, Span(following.content.start, end))
        if behind:
            draft.speaker, draft.cue, draft.told = behind.subject.actor, behind.cue, True
            return draft
    lead_in(cast, passages, i, draft)
    return draft


_PRESENTED = re.compile(r"[_*]{0,2}[A-ZÅÄÖ][\w-]+(?: [A-ZÅÄÖ][\w-]+){0,2}, [^.!?:\n]{2,60}:[_*]{0,2}$")


def lead_in(cast: Cast, passages: Sequence[Passage], i: int, draft: Draft) -> None:
    """Give the draft the speaker of a paragraph before it that ends in a colon (`Karin Ek förklarar:`)."""
    if i == 0 or passages[i - 1].kind not in ("plain", "dash", "hyphen", "heading", "caption"):
        return
    text, content = cast.text, passages[i - 1].content
    if text[content.end - 1] != ":":
        return
    sentence = cast.layout.sentence_at(content.end - 1)
    start = max(content.start, sentence.start if sentence else content.start)
    verbs = list(verb_pattern("after").finditer(text, start, content.end))
    for verb in reversed(verbs):
        subject = subject_after(cast, verb.end(), content.end) or subject_before(cast, start, verb.start())
        draft.cue = Span(*verb.span())
        if subject is not None:
            draft.speaker, draft.told = subject.actor, True
            return
    people = cast.between(start, content.end, "person")
    if (
        verbs
        and subject_before(cast, start, verbs[-1].start()) is None
        and re.match(r"En av\b", text[start : start + 6])
    ):
        draft.told = True  # `En av deltagarna uttryckte det så:`
        return
    if not people and _PRESENTED.match(text, start, content.end):
        draft.told = True  # `Kim, 9 år:` presents somebody who is no actor
        return
    if people:
        draft.speaker, draft.told = people[0][2], True
        return
    pronoun = re.compile(r"\b(?:hon|han|hen)\b", re.IGNORECASE).search(text, start, content.end)
    if pronoun:
        draft.speaker = cast.pronoun(pronoun.group(), pronoun.start())
        draft.told = draft.speaker is not None


def _answer(cast: Cast, passage: Passage, i: int, turn: Turn, running: dict[int, Draft]) -> list[Draft]:
    """Read one paragraph of an answer; the paragraphs of a turn with one speaker are one quote."""
    label = turn_label(cast, passage)
    if label is not None:
        passage = replace(passage, content=trim(cast.text, label[1], passage.content.end))
        running[turn.asked] = Draft(
            "direct", "answer", [], i, label[0], question=turn.question, told=label[0] is not None or "*" in cast.text[
                passage.start : label[1]]
        )  # fmt: skip
    spans, found = cut(cast, passage)
    draft = running.get(turn.asked)
    actor = found.subject.actor if found else None
    if draft is None or (found and draft.told and actor is not None and draft.speaker not in (None, actor)):
        draft = running[turn.asked] = Draft("direct", "answer", [], i, question=turn.question)
    draft.spans += spans
    if found and not draft.told:
        draft.speaker, draft.cue, draft.told = actor, found.cue, actor is not None
    return [draft]


_LABEL = re.compile(r"[^:\n]{0,80}:[\s_*]*(?:[–—−-][ \t\u00a0]*)?")


def _labelled(cast: Cast, passages: Sequence[Passage], i: int) -> Draft | None:
    """Read `Karin Ek, rektor: Vi börjar i höst.`: a person's name and a colon before a full sentence."""
    text, content = cast.text, passages[i].content
    named = cast.between(content.start, content.start + 12, "person")
    if not named or named[0][0] > content.start + 2:
        return None
    label = _LABEL.match(text, named[0][1], content.end)
    if not label or verb_pattern("that").search(text, named[0][1], label.end()):
        return None
    said = Span(label.end(), content.end)
    words = said.of(text)
    if (
        len(words.split()) < 4
        or not words.rstrip('”"«»*_ ').endswith((".", "!", "?"))
        or (not words[0].isupper() and words[0] not in OPENING)
    ):
        return None
    spans, _ = cut(cast, Passage("plain", passages[i].start, passages[i].end, said))
    return Draft("direct", "labelled", spans, i, named[0][2], told=True)


def _finish(text: str, drafts: Sequence[Draft]) -> tuple[Quote, ...]:
    """Order the drafts, drop what another one already says, and number them."""
    scores: dict[str, float] = knowledge()["scores"]
    quotes: list[Quote] = []
    seen: set[tuple[int, int]] = set()
    for draft in sorted((d for d in drafts if d.spans), key=lambda d: (d.spans[0].start, -d.spans[-1].end)):
        key = (draft.spans[0].start, draft.spans[-1].end)
        if key in seen:
            continue
        seen.add(key)
        spans = tuple(sorted(draft.spans))
        quotes.append(
            Quote(
                f"q{len(quotes) + 1}", draft.kind, spans, " ".join(s.of(text) for s in spans),
                draft.speaker, draft.cue, draft.question, scores[draft.form],
            )
        )  # fmt: skip
    return tuple(quotes)
