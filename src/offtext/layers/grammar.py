"""Light grammar of Swedish clauses: words with their class, clause edges, subjects and verb groups.

No parser is needed for what the goals layer asks: where a clause begins, whether its subject stands before or after
the finite verb, and where a coordinated verb starts the next statement. Word classes come from
`lexicon/swedish_verbs.toml`. All functions are linear in the number of words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from offtext.document import Span
from offtext.lexicon import load_toml

_WORD = re.compile(r"[^\W_]+(?:[-’'.:/\u00ad][^\W_]+)*|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Word:
    """One word or punctuation sign: lower-case form and place in the text."""

    form: str
    start: int
    end: int
    capital: bool = False


@cache
def closed_class(name: str) -> frozenset[str]:
    """Return a closed word class of the lexicon, such as 'modals', 'pronouns' or 'subordinators'."""
    return frozenset(load_toml("swedish_verbs")["closed"][name])


@dataclass(frozen=True)
class _Verbs:
    infinitives: frozenset[str]
    presents: dict[str, str]
    preterites: frozenset[str]
    imperatives: frozenset[str]


@cache
def _verbs() -> _Verbs:
    lists = load_toml("swedish_verbs")["verbs"]
    infinitives: set[str] = set()
    presents: dict[str, str] = {}
    preterites: set[str] = set()
    imperatives: set[str] = set()
    for verb in lists["ar"].split():
        infinitives.add(verb)
        presents |= {verb + "r": verb, verb + "s": verb}
        preterites |= {verb + "de", verb + "des"}
        imperatives.add(verb)
    for verb in lists["er"].split():
        stem = verb[:-1]
        infinitives.add(verb)
        presents |= {(stem if stem.endswith("r") else stem + "er"): verb, stem + "s": verb}
        preterites |= {stem + ending for ending in ("de", "te", "des", "tes")}
        imperatives.add(stem.replace("mm", "m"))
    for row in lists["irregular"]:
        verb, present, preterite, imperative = row.split()
        infinitives.add(verb)
        presents[present] = verb
        if present.endswith("r"):
            presents[present[:-1] + "s"] = verb
        preterites.add(preterite)
        imperatives.add(imperative)
    passives = {verb + "s" for verb in infinitives}
    return _Verbs(frozenset(infinitives | passives), presents, frozenset(preterites), frozenset(imperatives))


def words_of(text: str, start: int, end: int) -> list[Word]:
    """Return the words and punctuation signs of `text[start:end]`.

    >>> [word.form for word in words_of("Vi ska börja!", 0, 13)]
    ['vi', 'ska', 'börja', '!']
    """
    return [
        Word(m.group().lower(), m.start(), m.end(), m.group()[:1].isupper()) for m in _WORD.finditer(text, start, end)
    ]


def is_sign(word: Word) -> bool:
    """Tell whether the word is punctuation."""
    return not word.form[:1].isalnum()


def is_modal(form: str) -> bool:
    """Tell whether the form is a modal or quasi-modal verb (`ska`, `måste`, `kommer`)."""
    return form in closed_class("modals")


@lru_cache(1 << 15)
def is_infinitive(form: str) -> bool:
    """Tell whether the form can be an infinitive, active or passive, of a listed verb."""
    return form in _verbs().infinitives or (len(form) > 5 and form.endswith(("era", "eras", "göra", "göras")))


@lru_cache(1 << 15)
def present_lemma(form: str) -> str | None:
    """Return the infinitive of a present-tense form, or None.

    >>> present_lemma("inrättar"), present_lemma("avsätts"), present_lemma("huset")
    ('inrätta', 'avsätta', None)
    """
    lemma = _verbs().presents.get(form)
    if lemma is None and len(form) > 6 and form.endswith("erar"):
        return form[:-1]
    return lemma


def is_past(form: str) -> bool:
    """Tell whether the form is a preterite of a listed verb, or `har`/`hade` that opens a perfect."""
    return form in _verbs().preterites or form in ("hade", "skulle", "borde")


def is_imperative(form: str) -> bool:
    """Tell whether the form can be an imperative of a listed verb."""
    return form in _verbs().imperatives or (len(form) > 5 and form.endswith("era"))


@lru_cache(1 << 15)
def is_finite(form: str) -> bool:
    """Tell whether the form is a finite verb: modal, present or preterite of a listed verb."""
    return is_modal(form) or form == "är" or form == "var" or present_lemma(form) is not None or is_past(form)


def skip_adverbs(words: list[Word], index: int) -> int:
    """Return the index of the first word from `index` on that is not an adverb of the closed list."""
    adverbs = closed_class("adverbs")
    while index < len(words) and words[index].form in adverbs:
        index += 1
    return index


def opens_infinitive(words: list[Word], index: int) -> bool:
    """Tell whether an infinitive stands at `index`, adverbs before it allowed."""
    index = skip_adverbs(words, index)
    return index < len(words) and is_infinitive(words[index].form)


def clause_start(words: list[Word], verb: int, floor: int) -> int:
    """Return where the clause of the finite verb at `verb` begins, not before `floor`.

    A comma or `och` is an edge only when the words before it already hold a finite verb of their own: in
    `Skolan och hemmet ska …` it joins two subjects, in `Skolan växer och hemmet ska …` two clauses.
    """
    subordinators, coordinators = closed_class("subordinators"), closed_class("coordinators")
    start, has_verb = floor, False
    for index in range(floor, verb):
        form = words[index].form
        if (
            form in subordinators
            or form in (";", ":", "–", "—", "”", '"', "«", "»", "*", "]", "[")
            or form in ("men", "utan", "därför")
            or (has_verb and (form == "," or form in coordinators))
        ):
            start, has_verb = index + 1, False
        elif is_finite(form):
            has_verb = True
    return start


def is_inverted(words: list[Word], verb: int) -> bool:
    """Tell whether the subject follows the finite verb: `Därför ska nämnden …`, `I dag krävs mer`."""
    after = skip_adverbs(words, verb + 1)
    if after >= len(words):
        return False
    form = words[after].form
    if form in closed_class("pronouns"):
        return not is_infinitive(form)
    if is_infinitive(form) or form in closed_class("prepositions") or form == "att":
        return False
    # after a modal an unknown word in -a is a verb far more often than a noun
    if form.endswith(("a", "as")) and not words[after].capital:
        return is_modal(words[verb].form) and (form.endswith("rna") or form in closed_class("not_infinitives"))
    return is_modal(words[verb].form) and not is_sign(words[after])


def trimmed(words: list[Word], start: int, end: int) -> Span | None:
    """Return the characters of `words[start:end]` without joining signs at the edges, or None when nothing is left."""
    edge = (
        ",",
        ".",
        "!",
        "?",
        ":",
        ";",
        "–",
        "—",
        "-",
        "−",
        "•",
        "*",
        "”",
        '"',
        "“",
        "…",
        "]",
        "[",
        "#",
        ">",
        "☐",
        "_",
        "|",
    )
    while start < end and (words[start].form in edge or words[start].form == ")"):
        start += 1
    while end > start and (words[end - 1].form in edge or words[end - 1].form == "("):
        end -= 1
    return Span(words[start].start, words[end - 1].end) if start < end else None
