"""Where goals may stand: candidate spans with the cue family that introduces them.

A candidate is cheap and plentiful; `goal_scorer` decides which are goals and of which kind. Families and their patterns
are in `lexicon/goals.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from offtext.document import Span
from offtext.layers import clauses
from offtext.layers.clauses import Word, closed_class
from offtext.layout import Block, Layout
from offtext.lexicon import load_toml

_LEFT = 80  # characters before a content that a family's pattern may look at
_MAX_WORDS = 400  # a sentence longer than this is read in pieces of this many words
_BARE_KINDS = ("title", "heading", "list_item", "table_row")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span that may be a goal.

    Attributes:
        start: First character.
        end: End of the span.
        family: Name of the cue family, or a structural one: 'clause', 'whole', with '+' when coordinated.
        first: Index of the first word in `words`.
        last: End index in `words`.
        verb: Index of the verb that decides (finite or infinitive), or -1.
        subject: Span of the subject's words when it stands before the verb.
        words: The words of the sentence.
        sentence: Index of the sentence in the layout.
        lead: Family of the lead-in line over a list, or ''.
        variant: '' for the span that the grammar gives; 'comma', 'joined', 'long' for the same content ended elsewhere.
    """

    start: int
    end: int
    family: str
    first: int
    last: int
    verb: int
    subject: Span | None
    words: tuple[Word, ...]
    sentence: int
    lead: str = ""
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """A cue family of the lexicon."""

    name: str
    shape: str
    kind: str
    pattern: re.Pattern[str]
    score: float


@cache
def families(shape: str) -> tuple[Family, ...]:
    """Return the cue families of one shape, in the lexicon's order."""
    return tuple(
        Family(row["name"], row["shape"], row["kind"], re.compile(row["pattern"]), float(row["score"]))
        for row in load_toml("goals")["family"]
        if row["shape"] == shape
    )


def family_of(shape: str, left: str) -> str | None:
    """Return the first family of a shape whose pattern is found in `left`, or None.

    >>> family_of("att", "målet är att")
    'goal_of'
    """
    return next((family.name for family in families(shape) if family.pattern.search(left)), None)


def find_candidates(layout: Layout) -> list[Candidate]:
    """Return every candidate of a text in reading order; several may overlap."""
    found: list[Candidate] = []
    leads = _leads(layout)
    for index, sentence in enumerate(layout.sentences):
        block = layout.blocks[sentence.block]
        if block.kind in ("header_field", "signature", "caption", "boilerplate"):
            continue
        words = clauses.words_of(layout.text, sentence.start, sentence.end)
        for low in range(0, len(words), _MAX_WORDS):
            piece = words[low : low + _MAX_WORDS]
            found += _of_sentence(layout.text, piece, index, block, leads.get(sentence.block, ""))
    return found


def _leads(layout: Layout) -> dict[int, str]:
    """Name, for the list items, the family of the line that leads the list in."""
    leads: dict[int, str] = {}
    lead = ""
    for index, block in enumerate(layout.blocks):
        if block.kind == "list_item":
            if lead:
                leads[index] = lead
        else:
            tail = " ".join(layout.text[max(block.start, block.end - _LEFT) : block.end].lower().split())
            lead = family_of("list", tail.rstrip("*_ ")) or ""
    return leads


def _of_sentence(text: str, words: list[Word], sentence: int, block: Block, lead: str) -> Iterator[Candidate]:
    frozen = tuple(words)
    seen: set[tuple[int, int]] = set()

    def make(family: str, first: int, last: int, verb: int, subject: Span | None = None) -> Iterator[Candidate]:
        for variant, end in (("", last), *_other_ends(words, first, last)):
            span = clauses.trimmed(words, first, end)
            if span and (span.start, span.end) not in seen and span.end - span.start > 4:
                seen.add((span.start, span.end))
                yield Candidate(span.start, span.end, family, first, end, verb, subject, frozen, sentence, lead, variant)

    if not words:
        return
    main = -1
    for index, word in enumerate(words[:-1]):
        if word.form == "att" and not _is_tail_of_modal(words, index):
            yield from _after_att(text, words, index, make)
    for index, word in enumerate(words):
        form = word.form
        if clauses.is_modal(form) and form not in ("skulle", "kunde", "fick"):
            yield from _modal(words, index, make)
            main = index if main < 0 else main
        elif (clauses.present_lemma(form) or form == "är") and index and words[index - 1].form != "att":
            if main < 0 or words[index - 1].form in ("vi", "regeringen"):
                yield from _present(words, index, make)
                main = index if main < 0 else main
        if index + 1 < len(words):
            family = _nominal_family(text, words, index)
            if family:
                yield from make(family, index + 1, _end(words, index + 1, "noun"), -1)
    if block.kind in _BARE_KINDS or main < 0 or clauses.is_imperative(words[0].form):
        start = clauses.skip_adverbs(words, 0) if lead else 0
        end = _end(words, start, "imperative")
        yield from make("whole", start if start < end else 0, end, 0)
        for first, last, verb in _coordinated(words, start, end, "imperative"):
            yield from make("whole+", first, last, verb)


def _other_ends(words: list[Word], first: int, last: int) -> Iterator[tuple[str, int]]:
    """Yield other ends that the same content may have: before a comma, before a joined verb, or one edge later."""
    for index in range(first + 2, last - 1):
        if words[index].form == ",":
            yield "comma", index
            break
    for index in range(first + 2, last - 1):
        form, after = words[index].form, words[index + 1].form
        if form in ("och", "samt") and (clauses.is_infinitive(after) or clauses.is_finite(after) or after == "att"):
            yield "joined", index
            break
    if last < len(words) - 2:
        yield "long", _end(words, last + 1, "modal")


def _left(text: str, words: list[Word], index: int) -> str:
    """Return the words up to and including `index`, in lower case with single spaces."""
    end = words[index].end
    return " ".join(text[max(words[0].start, end - _LEFT) : end].lower().split())


def _nominal_family(text: str, words: list[Word], index: int) -> str | None:
    if words[index + 1].form in ("att", "för", "om", ",", ".") or not words[index].form[0].isalpha():
        return None
    return family_of("nominal", _left(text, words, index))


def _is_tail_of_modal(words: list[Word], att: int) -> bool:
    """Tell whether `att` belongs to `kommer (X) att`, which is one modal."""
    return any(words[index].form in ("kommer",) for index in range(max(0, att - 4), att)) and not any(
        words[index].form in ("om", "till", "för", "på", "av", "är") for index in range(max(0, att - 2), att)
    )


def _after_att(text: str, words: list[Word], att: int, make: object) -> Iterator[Candidate]:
    family = family_of("att", _left(text, words, att)) or "other_att"
    infinitive = clauses.opens_infinitive(words, att + 1) or words[att + 1].form.endswith("a")
    fronted = att <= 3 and words[0].form in ("för", "genom", "i", "att")
    kind = "infinitive" if infinitive else "clause"
    end = _end(words, att + 1, ("fronted" if infinitive else "fronted clause") if fronted else kind)
    first = att + 1
    parts = _coordinated(words, first, end, kind)
    stop = parts[0][0] if parts else end
    verb = clauses.skip_adverbs(words, first)
    yield from make(family, first, _before_coordinator(words, first, stop) if parts else end, verb)  # type: ignore[operator]
    for start, last, place in parts:
        yield from make(family + "+", start, last, place)  # type: ignore[operator]


def _modal(words: list[Word], verb: int, make: object) -> Iterator[Candidate]:
    form = words[verb].form
    start = clauses.clause_start(words, verb, 0)
    end = _end(words, verb + 1, "modal")
    inverted = clauses.is_inverted(words, verb)
    wish = family_of("after", form)
    if wish:
        first = verb + 1
        if inverted:
            places = range(verb + 1, min(verb + 8, end))
            first = next((i for i in places if clauses.is_infinitive(words[i].form) and words[i - 1].form != "att"), end)
        if first >= end or words[first].form == "att":
            return
        family, subject = wish, _subject(words, start, verb, inverted)
    else:
        first = verb if inverted or start == verb else start
        family, subject = family_of("modal", form) or "modal_other", _subject(words, start, verb, inverted)
    parts = _coordinated(words, verb + 1, end, "modal")
    stop = _before_coordinator(words, verb + 1, parts[0][0]) if parts else end
    yield from make(family, first, stop, verb, subject)  # type: ignore[operator]
    for begin, last, place in parts:
        yield from make(family + "+", begin, last, place, subject)  # type: ignore[operator]


def _present(words: list[Word], verb: int, make: object) -> Iterator[Candidate]:
    start = clauses.clause_start(words, verb, 0)
    inverted = clauses.is_inverted(words, verb) or start == verb
    end = _end(words, verb + 1, "clause")
    parts = _coordinated(words, verb + 1, end, "clause")
    stop = _before_coordinator(words, verb + 1, parts[0][0]) if parts else end
    subject = _subject(words, start, verb, inverted)
    yield from make("clause", verb if inverted else start, stop, verb, subject)  # type: ignore[operator]
    for begin, last, place in parts:
        yield from make("clause+", begin, last, place, subject)  # type: ignore[operator]


def _subject(words: list[Word], start: int, verb: int, inverted: bool) -> Span | None:
    if not inverted:
        return clauses.trimmed(words, start, verb) if start < verb else None
    stop = next((i for i in range(verb + 1, min(verb + 9, len(words))) if clauses.is_infinitive(words[i].form)), verb + 3)
    return clauses.trimmed(words, min(verb + 1, len(words)), min(stop, len(words)))


def _end(words: list[Word], first: int, shape: str) -> int:
    """Return the end index of a content that begins at `first`: the first edge that closes a clause of this shape."""
    attribution = closed_class("attribution")
    relative = nested = own = False
    for index in range(first + 1, len(words)):
        form, before = words[index].form, words[index - 1].form
        after = words[index + 1].form if index + 1 < len(words) else ""
        if form in ("för", "genom", "så") and after == "att" and before not in ("ansvarar", "ansvar", "förutsättningar", "möjligheter", "svarar"):
            return index
        if form in ("i", "med") and after in ("syfte", "syftet", "målet") and index + 2 < len(words) and words[index + 2].form == "att":
            return index
        if form == "samtidigt" and after == "som":
            return index
        if form in ("”", ";") or (form == "–" and after in attribution):
            return index
        if form == ",":
            if after in attribution or after in ("men", "eftersom", "vilket", "då", "utan", "så", "för", "trots"):
                return index
        if form in ("som", "där", "att", "hur", "vad", "när", "om", "vilka", "vilken", "vilket", "vem", "varför"):
            relative = nested = True
        if clauses.is_finite(form) and form not in ("får", "planer", "planerar", "steg", "står"):
            if index > first + 1 and ((shape == "fronted" and not relative) or (shape == "infinitive" and not nested)):
                return index
            if shape == "fronted clause" and not relative:
                if own:
                    return index
                own = True
            relative = False
    return len(words)


def _coordinated(words: list[Word], first: int, end: int, shape: str) -> list[tuple[int, int, int]]:
    """Return the further statements under one cue: (start, end, verb) for each verb after `och`, `samt` or a comma."""
    parts: list[tuple[int, int, int]] = []
    starts: list[tuple[int, int]] = []
    for index in range(first + 2, end - 1):
        if words[index].form not in ("och", "samt", ",", "eller", "utan"):
            continue
        begin = index + 1
        if words[begin].form in ("att", "och", "samt", "ska", "att"):
            if words[begin].form == "ska" and shape != "modal":
                continue
            begin += words[begin].form != "ska"
        if begin < end and words[begin].form in ("att", "för"):
            begin += 1
        if begin >= end:
            continue
        verb = clauses.skip_adverbs(words, begin)
        if verb >= end:
            continue
        form = words[verb].form
        bare = clauses.is_infinitive(words[index - 1].form) or clauses.is_imperative(words[index - 1].form)
        if bare:
            continue  # `utveckla och stärka skolan`: two verbs, one object
        if shape in ("infinitive", "modal", "fronted"):
            if clauses.is_infinitive(form):
                starts.append((begin, verb))
            elif shape == "modal" and (form == "ska" or _new_clause(words, begin, end)):
                starts.append((begin, verb))
        elif shape == "imperative":
            if clauses.is_imperative(form) or clauses.is_infinitive(form):
                starts.append((begin, verb))
        elif _new_clause(words, begin, end) or clauses.present_lemma(form) or words[index + 1].form == "att":
            starts.append((begin, verb))
    for number, (begin, verb) in enumerate(starts):
        stop = starts[number + 1][0] if number + 1 < len(starts) else end
        stop = _before_coordinator(words, begin, stop) if stop != end else min(end, _end(words, begin, "clause"))
        parts.append((begin, stop, verb))
    return parts


def _new_clause(words: list[Word], begin: int, end: int) -> bool:
    """Tell whether a subject and its finite verb open at `begin`."""
    if words[begin].form in closed_class("pronouns") or words[begin].capital:
        return any(clauses.is_finite(words[i].form) for i in range(begin + 1, min(begin + 4, end)))
    return clauses.is_modal(words[begin].form)


def _before_coordinator(words: list[Word], first: int, stop: int) -> int:
    """Step back over the joining words before `stop`."""
    while stop - 1 > first and words[stop - 1].form in ("och", "samt", "eller", ",", "att", "för", "utan"):
        stop -= 1
    return stop
