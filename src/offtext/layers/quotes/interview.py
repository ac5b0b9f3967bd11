"""Turns of an interview: a question, and the paragraphs that answer it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from offtext.document import Span
from offtext.layers.quotes.attribution import knowledge, subject_before, verb_pattern
from offtext.layers.quotes.passages import OPENING, Passage, ends_sentence
from offtext.layers.quotes.speakers import Cast
from offtext.record import Actor

_LONGEST_QUESTION = 700
_PICTURE = re.compile(r"(?i)(?:foto|bild|illustration|fotograf)\b\s*[:/]")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question (its words) and the indices of the passages that answer it."""

    asked: int
    question: Span
    answers: list[int] = field(default_factory=list)


@cache
def _words(group: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(knowledge()['own_voice'][group])})\b", re.IGNORECASE)


def has_own_voice(text: str, span: Span) -> bool:
    """Tell whether the words are in the first person."""
    return bool(_words("words").search(text, span.start, span.end))


def is_question(text: str, passage: Passage) -> bool:
    """Tell whether a paragraph asks: it is short and ends in a question mark."""
    if passage.kind == "question":
        return True
    if passage.kind not in ("plain", "heading", "caption") or passage.content.end - passage.content.start < 4:
        return False
    words = passage.content.of(text).rstrip('_*”" \\')
    return words.endswith("?") and len(words) <= _LONGEST_QUESTION


def find_turns(cast: Cast, passages: Sequence[Passage], speech: Sequence[bool], doc_type: str | None) -> list[Turn]:
    """Return the turns in reading order.

    Args:
        cast: The actors; an interview without dashes needs a person named before its first question.
        passages: The paragraphs.
        speech: For each, whether it opens with a dash (or a sign used as one) before speech.
        doc_type: Label of the document, where known.
    """
    text = cast.text
    if not cast.persons and doc_type in ("information", "instruction", "statute", "plan"):
        return []
    asked = [i for i, p in enumerate(passages) if is_question(text, p)]
    styled = [i for i in asked if passages[i].style or passages[i].kind in ("heading", "question")]
    answered = sum(_opens_answer(text, passages, speech, i) for i in styled)
    if answered >= 2:  # a bold line among bold questions is one too: "**Berätta!**"
        styles = {passages[i].style for i in styled}
        asked = sorted(
            {*asked}
            | {
                i
                for i, p in enumerate(passages)
                if p.style in styles - {"", "#"}
                and p.kind == "plain"
                and ends_sentence(text, p.content)
                and _opens_answer(text, passages, speech, i)
            }
        )
    alone = [i for i in asked if _asks_only(text, passages[i])]
    if len(alone) >= 2:
        styled = sorted({*styled, *alone})
    plain_answers = _answers_without_dash(cast, passages, styled, answered, doc_type)
    questions = set(asked)
    turns: list[Turn] = []
    for number, i in enumerate(asked):
        turn = Turn(i, passages[i].content)
        if _opens_answer(text, passages, speech, i):
            last = number == len(asked) - 1
            turn.answers.extend(_dashed(cast, passages, speech, questions, i, doc_type == "interview", last))
        elif plain_answers and i in plain_answers:
            turn.answers.extend(_plain(cast, passages, questions, i))
        if turn.answers:
            turns.append(turn)
    return turns


@cache
def _label_end() -> re.Pattern[str]:
    return re.compile(r"(?:\s?\([^():\n]{1,20}\))?(?:,\s[^:.!?\n]{2,60})?[*_]{0,3}\s?:[\s*_]{1,6}(?:[–—−-]\s+)?")


@cache
def _label_name() -> re.Pattern[str]:
    return re.compile(r"[A-ZÅÄÖ][\w.-]{0,30}(?:[ \u00a0](?:(?:af|av|von|de|van)[ \u00a0])?[A-ZÅÄÖ][\w.-]{0,30}){0,3}")


def turn_label(cast: Cast, passage: Passage) -> tuple[Actor | None, int] | None:
    """Return who a paragraph of an answer says is speaking (`Karin Ek:`, `Karin:`, `KE:`), and where the words begin.

    A label that names none of the persons counts when it is set in bold.
    """
    text, content = cast.text, passage.content
    name = _label_name().match(text, content.start, content.end)
    end = _label_end().match(text, name.end(), content.end) if name else None
    if name is None or end is None or end.end() >= content.end:
        return None
    words = name.group().split()
    fitting = [p for p in cast.persons if set(words) <= set(p.name.split()) or p.name == name.group()]
    if not fitting and name.group().isupper() and len(name.group()) <= 4:
        fitting = [p for p in cast.persons if "".join(w[0] for w in p.name.split()) == name.group().replace(".", "")]
    if fitting:
        return fitting[0], end.end()
    return (None, end.end()) if "*" in end.group() and not _turn_words().fullmatch(name.group()) else None


def voices_under_names(cast: Cast, passages: Sequence[Passage]) -> dict[int, Actor]:
    """Return the paragraphs in the first person under headings that are only a person's name, with that person.

    One such heading may be a profile's or a column's; two or more set voices side by side.
    """
    text, found = cast.text, dict[int, Actor]()
    headings = 0
    for i, passage in enumerate(passages[:-1]):
        if passage.kind != "heading":
            continue
        named = cast.between(passage.content.start, passage.content.start + 1, "person")
        if not named or not re.fullmatch(
            r"(?:,\s[^.!?:]{2,70}|\s\([^)]{1,30}\))?", text[named[0][1] : passage.content.end]
        ):
            continue
        following = passages[i + 1]
        if (
            following.kind == "plain"
            and has_own_voice(text, following.content)
            and ends_sentence(text, following.content)
        ):
            found[i + 1], headings = named[0][2], headings + 1
    return found if headings >= 2 else {}


@cache
def _turn_words() -> re.Pattern[str]:
    return re.compile("|".join(knowledge()["labels"]["words"]))


def _asks_only(text: str, passage: Passage) -> bool:
    """Tell whether a paragraph is one short question and nothing else."""
    words = passage.content.of(text)
    return len(words) <= 200 and not re.search(r"[.!?]\s", words)


def _is_aside(text: str, passage: Passage) -> bool:
    """Tell whether a paragraph does not interrupt a turn: a picture, its caption, a pull quote."""
    return passage.kind in ("skipped", "caption", "block_quote") or bool(
        _PICTURE.match(text, passage.content.start, passage.content.end)
    )


def _opens_answer(text: str, passages: Sequence[Passage], speech: Sequence[bool], i: int) -> bool:
    for j in range(i + 1, min(len(passages), i + 6)):
        if speech[j] or _in_marks(text, passages[j]):
            return True
        if not _is_aside(text, passages[j]):
            return False
    return False


def _in_marks(text: str, passage: Passage) -> bool:
    """Tell whether a paragraph opens with a quotation mark and speaks at some length."""
    return (
        passage.kind in ("plain", "answer")
        and text[passage.content.start] in OPENING
        and passage.content.end - passage.content.start >= 30
        and not re.match(r"[^\s]+\s*$", passage.content.of(text)[:200])
    )


def _dashed(
    cast: Cast, passages: Sequence[Passage], speech: Sequence[bool], questions: set[int], i: int,
    interview: bool, last: bool,
) -> list[int]:  # fmt: skip
    text = cast.text
    answers: list[int] = []
    held: list[int] = []
    in_marks = False
    for j in range(i + 1, len(passages)):
        passage = passages[j]
        if j in questions or passage.kind == "heading":
            break
        if speech[j] or (_in_marks(text, passage) and (in_marks or not answers)):
            in_marks = in_marks or not speech[j]
            answers += [*held, j]
            held = []
        elif _is_aside(text, passage):
            continue
        elif in_marks and text[passage.content.end - 1] in OPENING:
            answers.append(j)  # the last paragraph of a quotation that was opened above
        elif passage.kind in ("plain", "answer") and _continues(cast, passage, interview and not last):
            held.append(j)
        else:
            return answers
    else:
        return answers + [j for j in held if has_own_voice(text, passages[j].content)]
    return answers + (held if not last else [j for j in held if has_own_voice(text, passages[j].content)])


def _continues(cast: Cast, passage: Passage, trusted: bool) -> bool:
    """Tell whether a paragraph without dash after an answer is still the answer, not narration."""
    span = passage.content
    if passage.style or not ends_sentence(cast.text, span):
        return False
    opening = cast.text[span.start : span.start + 40]
    if re.match(r"(?:Hon|Han|Hen)\b", opening) or cast.between(span.start, span.start + 40, "person"):
        return False
    if re.search(r"(?:säger|berättar|menar)\s+(?:hon|han|hen|[A-ZÅÄÖ])", span.of(cast.text)):
        return False
    return trusted or has_own_voice(cast.text, span)


def _answers_without_dash(
    cast: Cast, passages: Sequence[Passage], styled: Sequence[int], answered: int, doc_type: str | None
) -> set[int]:
    """Return the questions whose answers are plain paragraphs: an interview set in headings, not a page of advice."""
    if len(styled) < 2 or answered * 2 >= len(styled) or doc_type not in (None, "interview", "news", "press_release"):
        return set()
    text = cast.text
    addressed = sum(bool(_words("addressed").search(text, *_bounds(passages[i]))) for i in styled)
    first = passages[styled[0]].start
    person = cast.between(0, first, "person")
    labelled = [turn_label(cast, passages[i + 1]) for i in styled if i + 1 < len(passages)]
    if not person and not any(label and label[0] for label in labelled):
        return set()
    replies = [passages[i + 1] for i in styled if i + 1 < len(passages) and passages[i + 1].kind in ("plain", "answer")]
    personal = sum(bool(re.search(r"(?i)\b(?:jag|mig|min|mitt|mina)\b", p.content.of(text)[:3000])) for p in replies)
    if doc_type == "interview":
        return set(styled)
    if sum(bool(label and label[0]) for label in labelled) * 2 >= len(styled):
        return set(styled)
    if doc_type != "interview" and (addressed * 2 >= len(styled) and personal * 3 >= len(styled)):
        return set(styled)
    return set()


def _bounds(passage: Passage) -> tuple[int, int]:
    return passage.content.start, passage.content.end


def _tells_of(cast: Cast, passage: Passage) -> bool:
    """Tell whether a paragraph between answers is the writer's: it opens with a person's name and reports them."""
    text, content = cast.text, passage.content
    named = cast.between(content.start, content.start + 30, "person")
    if not named or turn_label(cast, passage) or has_own_voice(text, content):
        return False
    return any(
        subject_before(cast, named[0][0], verb.start()) is not None
        for verb in verb_pattern("that").finditer(text, named[0][1], min(content.end, content.start + 400))
    )


def _plain(cast: Cast, passages: Sequence[Passage], questions: set[int], i: int) -> list[int]:
    text = cast.text
    answers: list[int] = []
    for j in range(i + 1, len(passages)):
        passage = passages[j]
        if j in questions or passage.kind == "heading":
            break
        if _is_aside(text, passage):
            continue
        if (
            passage.kind not in ("plain", "answer", "bullet", "hyphen")
            or passage.content.end - passage.content.start < 2
        ):
            break
        if answers and _tells_of(cast, passage):
            break
        if answers and (
            passage.style or (passage.kind in ("plain", "answer") and not ends_sentence(text, passage.content))
        ):
            break
        answers.append(j)
    return answers
