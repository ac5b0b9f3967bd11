"""Find goals: what an actor wants, intends, has decided, is asked or is held to achieve or do.

Candidates come from cues and clause grammar (`goal_cues`, `grammar`), a small linear model keeps those that are goals
and names their kind (`goal_scorer`), and each gets its holder, beneficiary and deadline from the module of that name.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from offtext.encoder import States, scores_for
from offtext.layers.goals.beneficiaries import find_beneficiary
from offtext.layers.goals.cues import Candidate, find_candidates
from offtext.layers.goals.deadlines import find_deadline
from offtext.layers.goals.holders import Holders
from offtext.layers.goals.scorer import FILE, NONE, Context, Weights, features_of, load_weights, prior_of
from offtext.layers.goals.tagged import Tags
from offtext.layout import Layout
from offtext.record import Actor, DocumentType, Goal, Metadata, Quote

_HOPELESS = 0.03  # below this probability of the plain span its variants are not weighed
_SHARED = 0.3  # two goals may share at most this part of the shorter one


def find_goals(
    layout: Layout,
    actors: Sequence[Actor],
    quotes: Sequence[Quote],
    meta: Metadata,
    doc_type: DocumentType | None = None,
    states: States | None = None,
) -> tuple[Goal, ...]:
    """Return the goals of a text in reading order, with kind, holder, beneficiary and deadline.

    Args:
        layout: The text's blocks and sentences.
        actors: Who may hold a goal.
        quotes: Whose words are whose: a goal in a quote is the speaker's or their organisation's.
        meta: Sender and recipient of the document, the holders when no one else is named.
        doc_type: Imperatives are tasks in an instruction and advice elsewhere.
        states: What the model says of the text; None, or a model without weights for goals, decides by cues alone.

    Returns:
        Goals `g1`, `g2` … whose `score` is the probability that the span is a goal.

    Example:
        >>> from offtext.layout import parse
        >>> text = "Syftet är att korta köerna till vården."
        >>> [(goal.kind, goal.text) for goal in find_goals(parse(text), (), (), Metadata())]
        [('aim', 'korta köerna till vården')]
    """
    scores = scores_for(states, FILE)
    tags = Tags(scores) if scores is not None else None
    context = Context(layout, quotes, doc_type, tags)
    weights = load_weights(states.store if states is not None and tags is not None else None)
    candidates = candidates_of(layout, tags)
    scored = score_candidates(candidates, context, weights)
    holders = Holders(layout, actors, quotes, meta, context.doc_type)
    goals: list[Goal] = []
    for number, (c, kind, score) in enumerate(select(candidates, scored, weights.threshold), 1):
        goals.append(
            Goal(
                id=f"g{number}",
                kind=kind,
                start=c.start,
                end=c.end,
                text=layout.text[c.start : c.end],
                holder=holders.of(c, kind),
                beneficiary=find_beneficiary(layout.text, c.start, c.end),
                deadline=find_deadline(layout, c.start, c.end, c.sentence),
                score=round(weights.calibrated(score), 4),
            )
        )
    return tuple(goals)


def candidates_of(layout: Layout, tags: Tags | None) -> list[Candidate]:
    """Return the candidates that cues and grammar give, and those that only the model sees."""
    found = find_candidates(layout)
    return found if tags is None else [*found, *tags.without_cue(layout, found)]


def score_candidates(candidates: Sequence[Candidate], context: Context, weights: Weights) -> list[dict[str, float]]:
    """Return the probabilities of each candidate; other ends of a content that is hardly a goal are not weighed."""
    scored: list[dict[str, float]] = []
    place, chance = (-1, -1), 1.0
    for c in candidates:
        if c.variant and (c.sentence, c.first) == place and chance < _HOPELESS:
            scored.append({NONE: 1.0})
            continue
        scored.append(weights.probabilities(features_of(c, context), prior_of(c)))
        if not c.variant:
            place, chance = (c.sentence, c.first), 1 - scored[-1][NONE]
    return scored


def select(
    candidates: Sequence[Candidate], scored: Sequence[Mapping[str, float]], threshold: float
) -> list[tuple[Candidate, str, float]]:
    """Keep the likeliest candidates that do not stand in each other's way: (candidate, kind, probability), in order."""
    ranked = sorted(
        ((1 - row[NONE], index) for index, row in enumerate(scored) if 1 - row[NONE] >= threshold),
        key=lambda item: (-item[0], item[1]),
    )
    kept: list[tuple[Candidate, str, float]] = []
    spans: list[tuple[int, int]] = []  # of the kept ones, by start
    for score, index in ranked:
        c = candidates[index]
        place = bisect_left(spans, (c.start, c.end))
        # kept spans hardly overlap, so only the nearest can stand in the way: this keeps long sentences linear
        if any(_crowd((c.start, c.end), other) for other in spans[max(0, place - 3) : place + 2]):
            continue
        spans.insert(place, (c.start, c.end))
        kinds = {kind: share for kind, share in scored[index].items() if kind != NONE}
        kept.append((c, max(kinds, key=lambda kind: kinds[kind]), score))
    return sorted(kept, key=lambda item: (item[0].start, item[0].end))


def _crowd(a: tuple[int, int], b: tuple[int, int]) -> bool:
    shared = min(a[1], b[1]) - max(a[0], b[0])
    return shared > _SHARED * min(a[1] - a[0], b[1] - b[0])
