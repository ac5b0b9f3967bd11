"""Where goals may stand: candidate spans with the cue family that introduces them.

A candidate is cheap and plentiful; `goal_scorer` decides which are goals and of which kind. Families and their patterns
are in `lexicon/goals.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from offtext.document import Span
from offtext.layers import grammar
from offtext.layers.goals import edges
from offtext.layers.grammar import Word, closed_class
from offtext.layout import Block, Layout
from offtext.lexicon import load_toml

_LEFT = 80  # characters before a content that a family's pattern may look at
_MAX_WORDS = 160  # a sentence longer than this is read in pieces of this many words
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
        lead: Family of the lead-in line over a list or over points that begin with `att`, or ''.
        heading: Family of the nearest heading above, or ''.
        siblings: For a list item, how many of ten items of its list open with a verb that can command, '' elsewhere.
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
    siblings: str = ""
    heading: str = ""
    variant: str = ""


Make = Callable[..., Iterator[Candidate]]  # (family, first, last, verb, subject) -> the candidates of one content


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


@lru_cache(1 << 12)
def family_of(shape: str, left: str) -> str | None:
    """Return the first family of a shape whose pattern is found in `left`, or None.

    >>> family_of("att", "målet är att")
    'goal_of'
    """
    return next((family.name for family in families(shape) if family.pattern.search(left)), None)


def find_candidates(layout: Layout) -> list[Candidate]:
    """Return every candidate of a text in reading order; several may overlap."""
    found: list[Candidate] = []
    lists, headings = _lists(layout), _headings(layout)
    for index, sentence in enumerate(layout.sentences):
        block = layout.blocks[sentence.block]
        if block.kind in ("header_field", "signature", "caption", "boilerplate"):
            continue
        words = grammar.words_of(layout.text, sentence.start, sentence.end)
        for low in range(0, len(words), _MAX_WORDS):
            piece = words[low : low + _MAX_WORDS]
            place = (*lists.get(sentence.block, ("", "")), headings[sentence.block])
            found += _of_sentence(layout.text, piece, index, block, place)
    return found


def _lists(layout: Layout) -> dict[int, tuple[str, str]]:
    """Describe, for the list items, the line that leads the list in and the other items of the list."""
    described: dict[int, tuple[str, str]] = {}
    items: list[int] = []
    lead = ""
    for index, block in enumerate((*layout.blocks, None)):
        if block and (block.kind == "list_item" or layout.text.startswith("att ", block.content_start)):
            items.append(index)
            continue
        if items:
            commands = sum(_opens_with_command(layout, layout.blocks[item]) for item in items)
            siblings = f"{10 * commands // len(items)}" if len(items) > 1 else "alone"
            described |= dict.fromkeys(items, (lead, siblings))
            items = []
        if block:
            tail = " ".join(layout.text[max(block.start, block.end - _LEFT) : block.end].lower().split())
            lead = family_of("list", tail.rstrip("*_ ")) or ""
    return described


def _headings(layout: Layout) -> list[str]:
    """Return for each block the family of the nearest heading above it, or ''."""
    families_above: list[str] = []
    current = ""
    for block in layout.blocks:
        families_above.append(current)
        if block.kind == "heading":
            current = family_of("heading", layout.text[block.content_start : block.content_end][:_LEFT].lower()) or ""
    return families_above


def _opens_with_command(layout: Layout, block: Block) -> bool:
    words = grammar.words_of(layout.text, block.content_start, min(block.content_end, block.content_start + 40))
    return bool(words) and (grammar.is_imperative(words[0].form) or grammar.is_infinitive(words[0].form))


def _of_sentence(
    text: str, words: list[Word], sentence: int, block: Block, place: tuple[str, str, str]
) -> Iterator[Candidate]:
    frozen = tuple(words)
    lead, siblings, heading = place
    seen: set[tuple[int, int]] = set()

    def make(family: str, first: int, last: int, verb: int, subject: Span | None = None) -> Iterator[Candidate]:
        for variant, end in (("", last), *_other_ends(words, first, last)):
            span = grammar.trimmed(words, first, end)
            if span and (span.start, span.end) not in seen and span.end - span.start > 4:
                seen.add((span.start, span.end))
                yield Candidate(
                    span.start,
                    span.end,
                    family,
                    first,
                    end,
                    verb,
                    subject,
                    frozen,
                    sentence,
                    lead,
                    siblings,
                    heading,
                    variant,
                )

    if not words:
        return
    if block.kind in _BARE_KINDS or grammar.is_imperative(words[0].form):
        yield from _whole(words, grammar.skip_adverbs(words, 0) if lead else 0, make)
    main = -1
    for index, word in enumerate(words[:-1]):
        if word.form == "att" and not _is_tail_of_modal(words, index):
            yield from _after_att(text, words, index, make)
    for index, word in enumerate(words):
        form = word.form
        if index == 0 and _is_condition(words):
            continue
        if grammar.is_modal(form) and form not in ("skulle", "kunde", "fick"):
            yield from _modal(words, index, make)
            main = index if main < 0 else main
        elif (
            (grammar.present_lemma(form) or form == "är")
            and index
            and words[index - 1].form != "att"
            and (main < 0 or words[index - 1].form in ("vi", "regeringen"))
        ):
            yield from _present(words, index, make)
            main = index if main < 0 else main
        if index + 1 < len(words):
            family = _nominal_family(text, words, index)
            if family:
                yield from make(family, index + 1, edges.clause_end(words, index + 1, "noun"), -1)
    if main < 0:
        yield from _whole(words, 0, make)


def _is_condition(words: list[Word]) -> bool:
    """Tell whether the sentence opens with a condition in question form: `Ska det hålla måste vi börja`."""
    return (
        grammar.is_modal(words[0].form)
        and words[-1].form != "?"
        and any(grammar.is_modal(word.form) or grammar.present_lemma(word.form) for word in words[3:])
    )


def _whole(words: list[Word], start: int, make: Make) -> Iterator[Candidate]:
    """Yield the sentence as it stands: a heading, a list item, a command."""
    end = edges.clause_end(words, start, "imperative")
    parts = edges.coordinated(words, start, end, "imperative")
    yield from make("whole", start, edges.before_coordinator(words, start, parts[0][0]) if parts else end, 0)
    for first, last, verb in parts:
        yield from make("whole+", first, last, verb)


def _other_ends(words: list[Word], first: int, last: int) -> Iterator[tuple[str, int]]:
    """Yield other ends that the same content may have: before a comma, before a joined verb, or one edge later."""
    for index in range(first + 2, last - 1):
        if words[index].form == ",":
            yield "comma", index
            break
    for index in range(first + 2, last - 1):
        form, after = words[index].form, words[index + 1].form
        if form in ("och", "samt") and (grammar.is_infinitive(after) or grammar.is_finite(after) or after == "att"):
            yield "joined", index
            break
    if last < len(words) - 2:
        yield "long", edges.clause_end(words, last + 1, "modal")


def _left(text: str, words: list[Word], index: int) -> str:
    """Return the words up to and including `index`, in lower case with single spaces."""
    end = words[index].end
    return " ".join(text[max(words[0].start, end - _LEFT) : end].lower().split())


@cache
def _closers() -> frozenset[str]:
    """Return the words that the cue of a noun phrase can end with; most words are passed over by this."""
    return frozenset(load_toml("goals")["closers"]["words"].split())


def _nominal_family(text: str, words: list[Word], index: int) -> str | None:
    if words[index].form not in _closers() or words[index + 1].form in ("att", "för", "om", ",", "."):
        return None
    return family_of("nominal", _left(text, words, index))


def _is_tail_of_modal(words: list[Word], att: int) -> bool:
    """Tell whether `att` belongs to `kommer (X) att`, which is one modal."""
    return any(words[index].form in ("kommer",) for index in range(max(0, att - 4), att)) and not any(
        words[index].form in ("om", "till", "för", "på", "av", "är") for index in range(max(0, att - 2), att)
    )


def _after_att(text: str, words: list[Word], att: int, make: Make) -> Iterator[Candidate]:
    family = family_of("att", _left(text, words, att)) or "other_att"
    infinitive = grammar.opens_infinitive(words, att + 1) or words[att + 1].form.endswith("a")
    fronted = att <= 3 and words[0].form in ("för", "genom", "i", "att")
    kind = "infinitive" if infinitive else "clause"
    end = edges.clause_end(words, att + 1, ("fronted" if infinitive else "fronted clause") if fronted else kind)
    first = att + 1
    parts = edges.coordinated(words, first, end, kind)
    stop = parts[0][0] if parts else end
    verb = grammar.skip_adverbs(words, first)
    yield from make(family, first, edges.before_coordinator(words, first, stop) if parts else end, verb)
    for start, last, place in parts:
        yield from make(family + "+", start, last, place)


def _modal(words: list[Word], verb: int, make: Make) -> Iterator[Candidate]:
    form = words[verb].form
    if _leads_to_att(words, verb + 1):
        return
    start = grammar.clause_start(words, verb, 0)
    end = edges.clause_end(words, verb + 1, "modal")
    inverted = grammar.is_inverted(words, verb)
    wish = family_of("after", form)
    if wish:
        first = verb + 1
        if inverted:
            places = range(verb + 1, min(verb + 8, end))
            first = next(
                (i for i in places if grammar.is_infinitive(words[i].form) and words[i - 1].form != "att"), end
            )
        if first >= end or words[first].form == "att":
            return
        family, subject = wish, _subject(words, start, verb, inverted)
    else:
        first = verb if inverted or start == verb else start
        family, subject = family_of("modal", form) or "modal_other", _subject(words, start, verb, inverted)
    parts = edges.coordinated(words, verb + 1, end, "modal")
    stop = edges.before_coordinator(words, verb + 1, parts[0][0]) if parts else end
    yield from make(family, first, stop, verb, subject)
    for begin, last, place in parts:
        yield from make(family + "+", begin, last, place, subject)


def _present(words: list[Word], verb: int, make: Make) -> Iterator[Candidate]:
    if _leads_to_att(words, verb):
        return
    start = grammar.clause_start(words, verb, 0)
    inverted = grammar.is_inverted(words, verb) or start == verb
    end = edges.clause_end(words, verb + 1, "clause")
    parts = edges.coordinated(words, verb + 1, end, "clause")
    stop = edges.before_coordinator(words, verb + 1, parts[0][0]) if parts else end
    subject = _subject(words, start, verb, inverted)
    family = family_of("modal", words[verb].form) or "clause"
    yield from make(family, verb if inverted else start, stop, verb, subject)
    for begin, last, place in parts:
        yield from make("clause+", begin, last, place, subject)


def _leads_to_att(words: list[Word], index: int) -> bool:
    """Tell whether the verb group only introduces (`ska bidra till att …`): the content is after `att`."""
    introducing = closed_class("introduces_att")
    for place in range(index, min(index + 8, len(words))):
        form = words[place].form
        if form in introducing or grammar.present_lemma(form) in introducing:
            rest = [word.form for word in words[place + 1 : place + 5]]
            return rest[:1] == ["att"] or (bool(rest) and rest[0] in ("till", "efter", "på") and rest[1:2] == ["att"])
    return False


def _subject(words: list[Word], start: int, verb: int, inverted: bool) -> Span | None:
    if not inverted:
        return grammar.trimmed(words, start, verb) if start < verb else None
    stop = next(
        (i for i in range(verb + 1, min(verb + 9, len(words))) if grammar.is_infinitive(words[i].form)), verb + 3
    )
    return grammar.trimmed(words, min(verb + 1, len(words)), min(stop, len(words)))
