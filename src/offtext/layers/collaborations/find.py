"""Which organisations a text says work together, in which sentence and on what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from statistics import mean

from offtext.document import Span
from offtext.layers.collaborations.partners import Partners, distinct
from offtext.layers.collaborations.scorer import Pair, find_pairs, load_tie_weights
from offtext.layout.structure import Layout, Sentence
from offtext.lexicon import load_toml
from offtext.record import Actor, Collaboration, ThemeSentence

_LONGEST = 1200  # characters of a sentence that are read; longer ones are tables or lists run together
_MOST_SURE = 0.98


def find_collaborations(
    layout: Layout, actors: Sequence[Actor], theme_sentences: Sequence[ThemeSentence] = ()
) -> tuple[Collaboration, ...]:
    """Return the ties that the text states: two or more organisations, and the sentence that says so.

    A tie needs words that say it (`i samverkan med`, `avtal mellan`, `har enats om`); organisations listed side by
    side are none. A party may be meant by a general word (`kommunen`, `parterna`, `vi`) or stand just before
    (`Uppdraget ska ske i samråd med …`).

    Args:
        layout: The text with its sentences.
        actors: The text's actors.
        theme_sentences: The sentences with their themes; one labelled `collaboration` makes a tie surer.

    Returns:
        Ties in reading order; each set of parties once, with the sentence that says it best.
    """
    partners = Partners(layout, actors)
    if len({n.actor.id for n in partners.mentions}) < 2:
        return ()
    found: list[Collaboration] = []
    for index, theme in enumerate(themes_of_sentences(layout, theme_sentences)):
        sentence = layout.sentences[index]
        if sentence.end - sentence.start <= _LONGEST:
            found += _ties(layout, sentence, find_pairs(partners, index, theme))
    return tuple(_once([*found, *_agreement_head(partners)]))


def themes_of_sentences(layout: Layout, theme_sentences: Sequence[ThemeSentence]) -> Iterator[float | None]:
    """Yield for each sentence the probability that it speaks of collaboration: 0.0 if not, None if nothing is known."""
    labelled = sorted((t.start, t.end, t.scores.get("collaboration", 1.0)) for t in theme_sentences
                      if "collaboration" in t.labels)  # fmt: skip
    at = 0
    for sentence in layout.sentences:
        while at < len(labelled) and labelled[at][1] <= sentence.start:
            at += 1
        if not theme_sentences:
            yield None
        else:
            yield labelled[at][2] if at < len(labelled) and labelled[at][0] < sentence.end else 0.0


def _ties(layout: Layout, sentence: Sentence, pairs: Sequence[Pair]) -> Iterator[Collaboration]:
    """Yield the groups of bodies that likely pairs join."""
    weights = load_tie_weights()
    likely = [(pair, p) for pair in pairs if (p := weights.probability(pair.features)) >= weights.threshold]
    groups: list[list[tuple[Pair, float]]] = []
    for pair, p in likely:
        ids = {pair.first.actor.id, pair.second.actor.id}
        touching = [g for g in groups if any(ids & {o.first.actor.id, o.second.actor.id} for o, _ in g)]
        groups = [g for g in groups if g not in touching] + [[*(x for g in touching for x in g), (pair, p)]]
    for group in groups:
        named = sorted((n for pair, _ in group for n in (pair.first, pair.second)), key=lambda n: n.start)
        topic = _topic(layout.text, max(n.end for n in named), sentence)
        score = min(_MOST_SURE, round(mean(p for _, p in group), 3))
        yield Collaboration(tuple(distinct(named)), Span(sentence.start, sentence.end), topic, score)


def _agreement_head(partners: Partners) -> Iterator[Collaboration]:
    """Yield the tie of an agreement that names its parties in the head, each perhaps on a line of its own."""
    layout, rule = partners.layout, load_toml("collaborations")["agreement_head"]
    opening = re.match(rule["pattern"], layout.text[:600], re.DOTALL)
    if not opening:
        return
    end = opening.end()
    for block in layout.blocks[:12]:
        if block.start > opening.end():
            if block.end - block.start > 200 or len({n.actor.id for n in partners.named(opening.end(), end)}) >= 2:
                break
            end = block.end
    named = [n for n in partners.named(opening.end(), end) if n.how == "named"]
    parties = distinct(named)
    if not 2 <= len(parties) <= 12:
        return
    first = layout.sentence_at(named[0].start)
    if first:
        yield Collaboration(tuple(parties), Span(first.start, first.end), None, float(rule["score"]))


@cache
def _topic_opening() -> re.Pattern[str]:
    return re.compile(load_toml("collaborations")["topic"]["opening"])


_TOPIC_ENDS = re.compile(
    r"[,.;:!?()]|\s(?:som|och att|samt att|eftersom|där|vilket|under 20|från och med|[–-]\s)\b|\n\n"
)


def _topic(text: str, last: int, sentence: Sentence) -> Span | None:
    """Return what the collaboration is about: a short phrase after the parties, verbatim."""
    opening = _topic_opening().search(text, last, min(sentence.end, last + 120))
    if not opening:
        return None
    close = _TOPIC_ENDS.search(text, opening.end(), sentence.end)
    start, end = opening.end(), close.start() if close else sentence.end
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if 2 < end - start <= 160 else None


def _once(found: list[Collaboration]) -> Iterator[Collaboration]:
    """Yield each set of parties once, with its surest sentence, in reading order."""
    best: dict[frozenset[str], Collaboration] = {}
    for tie in found:
        key = frozenset(a.id for a in tie.parties)
        if key not in best or tie.score > best[key].score:
            best[key] = tie
    yield from sorted(best.values(), key=lambda tie: tie.evidence.start)
