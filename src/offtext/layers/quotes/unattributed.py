"""Speech whose paragraph does not name its speaker: whose it is, from what stands around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from offtext.document import Span
from offtext.layers.quotes.attribution import verb_pattern
from offtext.layers.quotes.passages import Passage
from offtext.layers.quotes.quotation import Draft
from offtext.layers.quotes.speakers import Cast
from offtext.record import Actor

_BACK = 12  # paragraphs of narration that are read backwards for a subject
_RUN = 20  # dash paragraphs in a row within which the one that names the speaker is looked for
_REMEMBERED = 60  # paragraphs back in which answers are looked for
_ASIDE = ("skipped", "caption", "block_quote")


def infer_speakers(cast: Cast, passages: Sequence[Passage], drafts: Sequence[Draft]) -> None:
    """Give each direct draft without a told speaker the one its surroundings point to."""
    ambiguous = _many_voices(drafts)
    direct = sorted((d for d in drafts if d.kind == "direct"), key=lambda d: d.spans[0].start if d.spans else 0)
    main = [d for d in direct if d.form not in ("block_quote", "marks_heading") and not d.form.startswith("marks_att")]
    by_passage = {d.passage: d for d in main}
    read = {id(d) for d in main}
    for draft in main:
        if draft.told or draft.form == "marks_listed":
            continue
        if draft.question is not None and ambiguous:
            if not _subject_before(cast, passages, by_passage, draft.passage):
                continue
            ambiguous = False  # from here on the text has said whom it asks
        draft.speaker = _around(cast, passages, by_passage, draft)
        if draft.speaker is not None and draft.spans:
            cast.spoke(draft.spans[0].start, draft.speaker)
    for draft in direct:
        if draft.told or id(draft) in read:
            continue
        if draft.form == "block_quote":
            same = by_passage.get(draft.passage)
            draft.speaker = same.speaker if same else _around(cast, passages, by_passage, draft)
        elif draft.form == "marks_heading" and draft.speaker is None:
            draft.speaker = _principal(cast)


def _around(cast: Cast, passages: Sequence[Passage], by_passage: dict[int, Draft], draft: Draft) -> Actor | None:
    i = draft.passage
    before = _step(passages, i, -1)
    if draft.question is None and before is not None and before in by_passage:
        previous = by_passage[before]
        if previous.told or previous.speaker is not None:
            return previous.speaker
    if draft.question is None:  # carried over several dash paragraphs, named in the last
        after = _step(passages, i, 1)
        far = i + _RUN
        while after is not None and after in by_passage and after < far and by_passage[after].question is None:
            if by_passage[after].told:
                if not _subject_before(cast, passages, by_passage, i):
                    return by_passage[after].speaker
                break
            after = _step(passages, after, 1)
    if draft.question is not None:
        asked = cast.between(draft.question.start, draft.question.end, "person")
        asked = [m for m in asked if m[2].id in cast.voices] or asked[:1]
        if asked and cast.text[asked[0][1] : asked[0][1] + 3].strip().startswith((",", "–", ":")):
            return asked[0][2]
    subject, interviewee = _subject_before(cast, passages, by_passage, i), _interviewee(by_passage, draft)
    # where answers stand without dashes, narration between them speaks of others
    for actor in (interviewee, subject) if passages[i].kind == "answer" else (subject, interviewee):
        if actor is not None and not _named_in(actor, draft):
            return actor
    told = _told_before(by_passage, i)
    last = cast.last_speaker(passages[i].start)
    for candidate in (last, told):
        if candidate is not None and not _named_in(candidate, draft):
            return candidate
    behind = _named_behind(cast, passages, i)
    return behind or _principal(cast, passages[i].start)


def _interviewee(by_passage: dict[int, Draft], draft: Draft) -> Actor | None:
    """Return the person who gave all of the answers so far, where there are three or more."""
    if draft.question is None:
        return None
    near = range(draft.passage - 1, max(-1, draft.passage - 1 - _REMEMBERED), -1)
    before = [by_passage[j] for j in near if j in by_passage and by_passage[j].question is not None]
    voices = {d.speaker.id: d.speaker for d in before if d.speaker is not None}
    return next(iter(voices.values())) if len(before) >= 3 and len(voices) == 1 else None


def _named_in(actor: Actor, draft: Draft) -> bool:
    """Tell whether the words name the person: nobody speaks of themselves by name."""
    return any(span.start <= m.start < span.end for m in actor.mentions for span in draft.spans)


def _told_before(by_passage: dict[int, Draft], i: int) -> Actor | None:
    """Return the last speaker of a direct quote that the text itself names."""
    for j in range(i - 1, max(-1, i - 60), -1):
        if j in by_passage and by_passage[j].told and by_passage[j].speaker is not None:
            return by_passage[j].speaker
    return None


def _named_behind(cast: Cast, passages: Sequence[Passage], i: int) -> Actor | None:
    """Return the person whom the paragraph after the text's first speech presents."""
    after = _step(passages, i, 1)
    if after is None or passages[after].kind != "plain":
        return None
    content = passages[after].content
    named = cast.between(content.start, content.start + 40, "person")
    return named[0][2] if named else None


def _many_voices(drafts: Sequence[Draft]) -> bool:
    """Tell whether several people are interviewed together, and no answer says who gives it."""
    answers = [d for d in drafts if d.question is not None]
    first = min((d.passage for d in answers), default=0)
    told = {d.speaker.id for d in drafts if d.kind == "direct" and d.told and d.speaker and d.passage < first}
    return len(answers) >= 3 and len(told) > 1 and not any(d.told for d in answers)


def _step(passages: Sequence[Passage], i: int, by: int) -> int | None:
    """Return the next paragraph in one direction, past pictures and pull quotes."""
    i += by
    while 0 <= i < len(passages) and passages[i].kind in _ASIDE:
        i += by
    return i if 0 <= i < len(passages) else None


def _subject_before(cast: Cast, passages: Sequence[Passage], by_passage: dict[int, Draft], i: int) -> Actor | None:
    """Return the person the narration just before speaks of, as far back as the last speech."""
    for j in range(i - 1, max(-1, i - 1 - _BACK), -1):
        passage = passages[j]
        if j in by_passage and passage.kind not in ("plain", "heading"):
            return None
        if passage.kind in ("skipped", "caption", "block_quote"):
            continue
        found = _topic(cast, passage.content)
        if found is not None:
            return found
    return None


def _topic(cast: Cast, span: Span) -> Actor | None:
    """Return the subject of the last sentence of narration that has a person."""
    text = cast.text
    sentences: list[Span] = []
    at = span.end - 1
    while at >= span.start and len(sentences) < 12:
        sentence = cast.layout.sentence_at(at)
        if sentence is None:
            at -= 1
            continue
        sentences.append(Span(max(sentence.start, span.start), min(sentence.end, span.end)))
        at = sentence.start - 1
    for part in sentences:
        people = [m for m in cast.between(part.start, part.end, "person") if not cast.is_muted(m[0])]
        pronoun = re.compile(r"\b(?:hon|han)\b", re.IGNORECASE).search(text, part.start, part.end)
        if people and (pronoun is None or people[0][0] < pronoun.start()):
            voiced = [m for m in people if m[2].id in cast.voices]
            said = verb_pattern("after").search(text, people[-1][1], min(part.end, people[-1][1] + 12))
            if said and said.start() - people[-1][1] <= 1 and re.search(r"\bsom\b", text[part.start : people[-1][0]]):
                return people[-1][2]  # `…, som Karin Ek uttrycker saken.`
            if voiced or people[0][0] - part.start < 60 or not cast.voices:
                return (people[0] if people[0][0] - part.start < 60 else (voiced or people)[0])[2]
        elif pronoun:
            return cast.pronoun(pronoun.group(), pronoun.start())
    return None


def _principal(cast: Cast, before: int | None = None) -> Actor | None:
    """Return the person who speaks most in the text; without any speaker, the only or first-named person."""
    if cast.voices:
        most = max(cast.voices.values())
        top = [p for p in cast.persons if cast.voices.get(p.id) == most]
        if top:
            return top[0]
    if len(cast.persons) == 1:
        return cast.persons[0]
    named = [m for m in cast.mentions if m[2].kind == "person" and (before is None or m[0] < before)]
    return named[0][2] if named and before is not None else None
