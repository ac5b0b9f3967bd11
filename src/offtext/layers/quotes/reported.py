"""Reported speech: `Enligt X …`, `X menar att …`, `…, menar X.`, `Det menar X`."""

from __future__ import annotations

import re
from functools import cache

from offtext.document import Span
from offtext.layers.quotes.according import according_to, says_who
from offtext.layers.quotes.attribution import (
    Attribution,
    Subject,
    is_voice,
    knowledge,
    resume_after,
    subject_after,
    subject_before,
    verb_pattern,
)
from offtext.layers.quotes.clauses import (
    SUBORDINATE,
    clause_start,
    content_end,
    coordinated,
    coordination,
    is_infinitive,
    opening_subject,
)
from offtext.layers.quotes.passages import Passage
from offtext.layers.quotes.quotation import Draft, body_of, count_words, make_draft, tidy
from offtext.layers.quotes.speakers import Cast

_LONGEST = 2000  # characters of a sentence that are read; a longer one is a table or a list run together


def reported_in(cast: Cast, passage: Passage, index: int, *, nested: bool = False) -> list[Draft]:
    """Return what a paragraph of narration reports, sentence by sentence, in reading order.

    In somebody's words (`nested`) only `enligt X` and `X säger att …` are read.
    """
    drafts: list[Draft] = []
    previous: Span | None = None
    for sentence in _sentences(cast, passage):
        if sentence.end - sentence.start > _LONGEST:
            previous = None
            continue
        if nested:
            drafts += according_to(cast, sentence, index) or [
                d
                for d in _that(cast, sentence, index, passage.content.end)
                if d.cue and d.cue.of(cast.text).lower() not in _inward()
            ]
            continue
        found = (
            _backward(cast, sentence, previous, index)
            or according_to(cast, sentence, index)
            or _after(cast, sentence, index)
            or _that(cast, sentence, index, passage.content.end)
            or _asking(cast, sentence, index)
            or _as_said(cast, sentence, index)
        )
        for draft in found:
            if draft.cue:
                cast.spoke(draft.cue.start, draft.speaker)
        drafts += found
        previous = sentence
    return drafts


def _sentences(cast: Cast, passage: Passage) -> list[Span]:
    layout, found = cast.layout, []
    at = passage.content.start
    while at < passage.content.end:
        i = layout.sentence_index_at(at)
        if i is None:
            at += 1
            continue
        end = min(layout.sentences[i].end, passage.content.end)
        found.append(Span(at, end))
        at = max(end, at + 1)
    return found


def backward_subject(cast: Cast, sentence: Span) -> Attribution | None:
    """Return who a sentence like `Det säger Karin Ek, som är rektor.` names as the speaker of what comes before."""
    pronouns = "|".join([*knowledge()["backward"]["pronouns"], "Den"])
    lead = re.compile(rf"(?:{pronouns})\s+").match(cast.text, sentence.start, sentence.end)
    if not lead:
        return None
    verb = verb_pattern("after").match(cast.text, lead.end(), sentence.end)
    if not verb:
        phrase = re.compile(r"(?:bilden ger|är|kommer från)\s+").match(cast.text, lead.end(), sentence.end)
        if not phrase or lead.group().strip() not in ("Orden", "Citatet", "Den"):
            return None
        verb = phrase
    if cast.text.startswith(" sig", verb.end()):
        return None
    subject = subject_after(cast, verb.end(), sentence.end)
    if subject is None or (subject.kind == "noun" and subject.actor is None):
        return None
    tail = cast.text[subject.end : subject.end + 40]
    if re.match(
        r"\s*(?!(?:som|i|på|vid|från|efter|när|under|och|hos|för|med|själv|tillsammans|av|till)\b)[a-zåäö]", tail
    ):
        return None
    return Attribution(sentence.start, Span(verb.start(), verb.end()), subject)


def _backward(cast: Cast, sentence: Span, previous: Span | None, index: int) -> list[Draft]:
    found = backward_subject(cast, sentence)
    if not found or previous is None:
        return []
    spans = [body_of(cast.text, previous.start, previous.end)]
    return [make_draft("reported_backward", spans, index, found.subject, found.cue)]


def _after(cast: Cast, sentence: Span, index: int) -> list[Draft]:
    """Read `Content, menar Karin Ek` and `Content, menar hon, content`."""
    text = cast.text
    for verb in verb_pattern("after").finditer(text, sentence.start, sentence.end):
        joint = re.compile(r"[,!?…][\s_*]*$").search(text, max(sentence.start, verb.start() - 6), verb.start())
        subject = subject_after(cast, verb.end(), sentence.end)
        if not joint and subject and subject.actor and not text[subject.end : sentence.end].strip(" ._*)"):
            joint = re.compile(r"\s+$").search(text, verb.start() - 2, verb.start())
        if not joint or re.match(r"\s+(?:i|på|vid|under)\s[^,.;]{2,50}\satt\b", text[verb.end() : verb.end() + 70]):
            continue
        if subject is None or re.match(r"\s*(?:också\s+)?(?:att|hur|om)\b", text[subject.end : subject.end + 20]):
            continue
        if subject.kind == "noun" and subject.actor is None and not is_voice(text, subject):
            continue
        body = body_of(text, sentence.start, joint.start() + (text[joint.start()] in "!?…"))
        spans = [body]
        middle = re.compile(r"(?:,|\s–)\s+(?=[a-zåäö])").match(text, subject.end, sentence.end)
        if (
            middle
            and subject.kind != "pronoun"
            and text[middle.start()] == ","
            and says_who(text, middle.end(), sentence.end)
        ):
            middle = None
        resumed = resume_after(cast, Attribution(joint.start(), Span(*verb.span()), subject), sentence.end)
        if (
            middle
            and (count_words(text, body) <= 4 or text[middle.start()] != ",")
            and not text.startswith("som ", middle.end())
        ):
            spans.append(tidy(text, middle.end(), sentence.end, joined=True))
        elif resumed:
            spans.append(tidy(text, resumed, sentence.end, joined=True))
        if sum(count_words(text, s) for s in spans) >= 2:
            return [make_draft("reported_after", spans, index, subject, Span(*verb.span()))]
    return []


@cache
def _opener() -> re.Pattern[str]:
    """What may stand between verb and content: adverbs, `om`, `vikten av`, `i sitt tal`, and `att`, `hur`, `varför`."""
    between = knowledge()["between"]
    listed = [*between["adverbs"], *between["particles"], *between["weights"]]
    small = "|".join(sorted(map(re.escape, listed), key=len, reverse=True))
    phrase = r"(?:\s(?:i|på|vid|under|för|inför|efter|till)\s(?:\w+\s){1,4}?(?=att\b|om\b|hur\b))?"
    lead = rf"(?:[\s,]+(?:{small})\b){{0,4}}(?:,[^,.;:]{{2,70}},(?=\s+att\b))?"
    return re.compile(
        rf"{lead}{phrase}(?:(?:{lead}[\s,]*\b(?P<opener>{'|'.join(between['openers'])})\b(?:\s+det\s+att)?\s*)"
        rf"|(?:\s+(?:också|även|dock))?\s+(?P<bare>(?=det\s+(?:{'|'.join(between['bare'])})\b))"
        rf"|\s+(?P<weight>(?:{'|'.join(between['topics'])})\b))",
        re.IGNORECASE,
    )


def _that(cast: Cast, sentence: Span, index: int, last: int) -> list[Draft]:
    """Read `Karin Ek menar att content` and `Det anser Karin Ek att content`.

    A sentence that ends in a colon at `last`, the end of its paragraph, may go on in a list: its words may be none.
    """
    text = cast.text
    found: list[Draft] = []
    shared: Subject | None = None
    for verb in verb_pattern("that").finditer(text, sentence.start, sentence.end):
        following = re.match(r"\s+(\w+)", text[verb.end() : verb.end() + 20])
        if following and following.group(1) in _never_after(verb.group().lower()):
            continue
        subject, opener = _subject_and_opener(cast, sentence, verb)
        again = coordination(text, found[-1].spans[0], verb.start()) if found else None
        if found and again is None:
            continue  # inside what is reported already
        if again is not None and opener is not None and not text[again.end() : verb.start()].strip():
            subject = shared  # `menar att …, men påpekar att …`
        if subject is None or opener is None or verb_pattern("that").search(opener.group()):
            continue
        keep = opener.group("weight") is not None or (opener.group("opener") or "att").lower() != "att"
        start = opener.start("weight") if opener.group("weight") else opener.start("opener") if keep else opener.end()
        if opener.group("bare") is not None and verb.group().lower() not in _thinking():
            continue
        if re.search(r"\w\s+(?:för|genom)\s+att\b", opener.group()):
            continue  # `sitt arbete för att …`: a purpose
        if opener.group("weight") and verb.group().lower() not in _weighing():
            continue
        asking = opener.group("opener") is not None and keep
        if asking and (subject.actor is None or re.search(r"\b(?:på|i|vid|under)\s+\w+", opener.group())):
            continue  # `forskarna beskriver hur …`, `berättade på träffen om hur …`: a topic, not what was said
        body = tidy(text, start, content_end(text, start, sentence.end), joined=True)
        if text[body.end - 1 : body.end] == ":":
            body = tidy(text, body.start, body.end - 1)
        listed = sentence.end == last and text[sentence.end - 1] == ":" and not keep
        if (
            (count_words(text, body) < 2 and not listed)
            or text[sentence.end - 1] == "?"
            or (keep and text[sentence.end - 1] == ":")
        ):
            continue
        planned = verb.group().lower() in knowledge()["between"]["planning"] or bool(
            re.match(r"\s(?:i|på|för|till|om|med)\s\w{4,}\s", opener.group())
        )
        if planned and is_infinitive(text, body):  # also `pekar på deras uppgift att bygga …`
            continue
        if again is not None:
            found[-1].spans = [tidy(text, found[-1].spans[0].start, again.start(), joined=True)]
        found.append(make_draft("reported_that", [body], index, subject, Span(*verb.span())))
        shared = subject
    return found or _statement(cast, sentence, index)


@cache
def _asking_pattern() -> re.Pattern[str]:
    asking = knowledge()["asking"]
    forms = "|".join(form for verb in knowledge()["verbs"] if verb.get("asks") for form in verb["forms"])
    openers, silent = "|".join(asking["openers"]), "|".join(asking["silent"])
    return re.compile(
        rf"(?<!i )\b({forms}|vill veta|ville veta)\b(?:\s+sig)?(?:\s+också)?\s+(?:({openers})|({silent}))\s+"
    )


def _as_said(cast: Cast, sentence: Span, index: int) -> list[Draft]:
    """Read `Som Karin Ek har sagt: content`."""
    text = cast.text
    lead = re.compile(r"(?:[^.!?:\n]{0,40}\s)?[Ss]om\s(?=[^:\n]{3,100}:\s)").match(text, sentence.start, sentence.end)
    if not lead:
        return []
    colon = text.find(": ", lead.end(), sentence.end)
    verb = verb_pattern("after").search(text, lead.end(), colon)
    subject = subject_before(cast, lead.end(), verb.start()) or subject_after(cast, verb.end(), colon) if verb else None
    if verb is None or subject is None:
        return []
    body = tidy(text, colon + 2, sentence.end, joined=True)
    spans, cue = [body], Span(*verb.span())
    return [make_draft("reported_that", spans, index, subject, cue)] if count_words(text, body) >= 3 else []


def _asking(cast: Cast, sentence: Span, index: int) -> list[Draft]:
    """Read `Karin Ek frågar hur content` and `Karin Ek undrar om content`."""
    text = cast.text
    for found in _asking_pattern().finditer(text, sentence.start, sentence.end):
        clause, joint = clause_start(cast, sentence.start, found.start())
        if joint in SUBORDINATE or text[sentence.end - 1] in "?:":
            continue
        subject = subject_before(cast, clause, found.start())
        body = tidy(text, found.start(2) if found.group(2) else found.end(), sentence.end, joined=True)
        if subject is not None and count_words(text, body) >= 3:
            return [make_draft("reported_that", [body], index, subject, Span(*found.span(1)))]
    return []


def _subject_and_opener(cast: Cast, sentence: Span, verb: re.Match[str]) -> tuple[Subject | None, re.Match[str] | None]:
    text = cast.text
    opener = _opener().match(text, verb.end(), sentence.end)
    if opener is None:
        subject = subject_after(cast, verb.end(), sentence.end)
        if subject is None or (subject.kind == "noun" and subject.actor is None and not is_voice(text, subject)):
            return None, None
        end = subject.end
        aside = re.compile(r",[^,.;:]{2,90},(?=\s+att\b)").match(text, end, sentence.end)
        end = aside.end() if aside else end
        joined = re.compile(r"\s+och\s+[A-ZÅÄÖ][\w-]+(?:\s+[A-ZÅÄÖ][\w-]+){0,2}").match(text, end, sentence.end)
        return subject, _opener().match(text, joined.end() if joined else end, sentence.end)
    clause, joint = clause_start(cast, sentence.start, verb.start())
    if joint in SUBORDINATE:
        return None, None
    subject = subject_before(cast, clause, verb.start())
    if subject is None and clause > sentence.start and joint in ("och", "samt"):
        subject = opening_subject(cast, sentence, strict=True)
    if subject is None and clause > sentence.start and coordinated(text, verb.start()):
        subject = subject_before(cast, sentence.start, clause) or opening_subject(cast, sentence)
    return subject, opener


@cache
def _never_after(form: str) -> frozenset[str]:
    own = {w for verb in knowledge()["verbs"] if form in verb["forms"] for w in verb.get("never", ())}
    return frozenset(own | {"inte", "aldrig", "ej"})


@cache
def _inward() -> frozenset[str]:
    lemmas = knowledge()["between"]["inward"]
    return frozenset(form for verb in knowledge()["verbs"] if verb["lemma"] in lemmas for form in verb["forms"])


@cache
def _thinking() -> frozenset[str]:
    lemmas = knowledge()["between"]["thinking"]
    return frozenset(form for verb in knowledge()["verbs"] if verb["lemma"] in lemmas for form in verb["forms"])


@cache
def _weighing() -> frozenset[str]:
    lemmas = knowledge()["between"]["weighing"]
    return frozenset(form for verb in knowledge()["verbs"] if verb["lemma"] in lemmas for form in verb["forms"])


def _statement(cast: Cast, sentence: Span, index: int) -> list[Draft]:
    """Read `Hennes råd är att content` and `Regeringens ståndpunkt är att content`."""
    text = cast.text
    nouns = "|".join(knowledge()["statement"]["nouns"])
    found = re.compile(rf"\b({nouns})\s+(?:är|var)\s+(?:\w+\s+){{0,2}}?att\s+").search(
        text, sentence.start, sentence.end
    )
    if not found or found.start() - sentence.start > 80:
        return []
    owner = re.compile(r"\b(hans|hennes)\s+(?:\w+\s+){0,2}$", re.IGNORECASE).search(text, sentence.start, found.start())
    body = tidy(text, found.end(), sentence.end, joined=True)
    cue = Span(*found.span(1))
    if owner:
        actor = cast.pronoun("hon" if owner.group(1).lower() == "hennes" else "han", sentence.start)
        return [make_draft("reported_that", [body], index, Subject("pronoun", *owner.span(1), actor), cue)]
    named = cast.between(sentence.start, found.start())
    if named and text[named[-1][1] - 1 : named[-1][1] + 2].find("s ") >= 0:
        return [make_draft("reported_that", [body], index, Subject("actor", *named[-1]), cue)]
    return []
