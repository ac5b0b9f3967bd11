"""How likely a candidate is a goal of each kind: features of cue and context, and a small linear model.

The weights are plain JSON beside the lexicon (`lexicon/goal_weights.json`, made by `offtext.train.goals`); scoring
needs nothing but sums and one exponential. The family's own precision from the lexicon enters as a prior.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from offtext.encoder import Store
from offtext.layers import grammar
from offtext.layers.goals.cues import Candidate, families
from offtext.layers.goals.tagged import Tags
from offtext.layers.grammar import Word
from offtext.layout import Layout
from offtext.record import DocumentType, Quote

NONE = "none"  # the class of candidates that are no goals
_NUMBER = re.compile(r"\d")
_SHARE = re.compile(r"procent|%|\b(?:halvera|fördubbla|hälften|antalet)")
_DATE = re.compile(r"senast|\b(?:19|20)\d\d\b|kraft\b|utgången av|redovisa|årsskiftet")
_MONTH = r"(?:januari|februari|mars|april|maj|juni|juli|augusti|september|oktober|november|december)"
_TIMES = {  # what a time in or before the content says: a date of fulfilment makes a target, a period does not
    "fulfilled": re.compile(
        rf"\b(?:senast|före|innan|till)\s(?:den\s)?(?:\d|år|{_MONTH}|sommar|jul|hösten|utgång|våren|slut)"
    ),
    "within": re.compile(r"\binom\s(?:en|ett|två|tre|fyra|fem|sex|tolv|\d+)\s"),
    "day": re.compile(rf"\b\d{{1,2}}\s{_MONTH}"),
    "period": re.compile(r"\bunder\s(?:hela\s)?(?:20|år|hösten|våren|vecka|första|andra|perioden)"),
    "onwards": re.compile(r"\b(?:från(?:\soch\smed)?|fr\.o\.m\.)\s(?:den\s)?(?:\d|hösten|våren|årsskiftet|januari)"),
    "year": re.compile(r"\b20[2-9]\d\b"),
}
_FRONT = 60  # characters before the content, in its sentence, where a time of the content may stand
_TIMED = re.compile(r"\d|senast|inom |före |innan |till |under |från ")
_TELLING = frozenset(
    ("inte", "kan", "kunna", "har", "skulle", "var", "är", "hade", "ska", "som", "om", "när", "vi", "ni", "du")
)  # words inside a content that tell a goal from a fact
_CLAUSE_STARTS = frozenset(("om", "när", "eftersom", "trots", "medan", "innan"))


@dataclass(frozen=True)
class Weights:
    """A multinomial linear model over named features."""

    labels: tuple[str, ...]
    bias: tuple[float, ...]
    features: dict[str, tuple[float, ...]]
    threshold: float
    calibration: tuple[float, float] = (1.0, 0.0)

    def calibrated(self, score: float) -> float:
        """Turn the model's probability of a kept candidate into the share of such candidates that are goals."""
        score = min(max(score, 1e-6), 1 - 1e-6)
        slope, offset = self.calibration
        return 1 / (1 + math.exp(-(slope * math.log(score / (1 - score)) + offset)))

    def probabilities(self, features: Sequence[str], prior: float) -> dict[str, float]:
        """Return the probability of each label, `NONE` among them; they sum to 1."""
        rows = [row for row in map(self.features.get, features) if row]
        rows += [self.bias, tuple(weight * prior for weight in self.features.get("prior", ()))]
        totals = [sum(column) for column in zip(*(row for row in rows if row), strict=True)]
        top = max(totals)
        powers = [math.exp(total - top) for total in totals]
        return {label: power / sum(powers) for label, power in zip(self.labels, powers, strict=True)}


FILE = "goals.json"  # in a model's folder: weights that also read what the model says


@cache
def load_weights(store: Store | None = None) -> Weights:
    """Return the weights of a model, or the packaged ones that do without."""
    packaged = files("offtext.lexicon") / "goal_weights.json"
    data = json.loads((packaged if store is None else store.path(FILE)).read_text(encoding="utf-8"))
    features = {name: tuple(row) for name, row in data["features"].items()}
    slope, offset = data["calibration"]
    return Weights(tuple(data["labels"]), tuple(data["bias"]), features, float(data["threshold"]), (slope, offset))


@cache
def _families() -> dict[str, tuple[str, float]]:
    shapes = ("att", "nominal", "modal", "after", "list")
    return {family.name: (family.kind, family.score) for shape in shapes for family in families(shape)}


def prior_of(candidate: Candidate) -> float:
    """Return the log-odds of the precision that the lexicon gives for the candidate's family."""
    score = _families().get(candidate.family.rstrip("+"), ("", 0.15))[1]
    score = min(max(score, 0.01), 0.99)
    return math.log(score / (1 - score))


class Context:
    """What a document gives every candidate: its type, where quotes stand, and the model's tags if there are any."""

    def __init__(
        self, layout: Layout, quotes: Sequence[Quote], doc_type: DocumentType | None, tags: Tags | None = None
    ) -> None:
        self.layout = layout
        self.tags = tags
        self.doc_type = doc_type.label if doc_type else "?"
        spans = sorted((span.start, span.end) for quote in quotes for span in quote.spans)
        self._starts, self._ends = [s for s, _ in spans], [e for _, e in spans]

    def in_quote(self, start: int) -> bool:
        """Tell whether the character at `start` is inside a quote."""
        index = bisect_right(self._starts, start) - 1
        return index >= 0 and start < self._ends[index]


def features_of(candidate: Candidate, context: Context) -> list[str]:
    """Return the names of the features that hold for a candidate, each once."""
    tagged = context.tags.features(candidate) if context.tags is not None else ()
    return list(dict.fromkeys((*_features(candidate, context), *tagged)))


def _features(c: Candidate, context: Context) -> Iterator[str]:
    words, first, last = c.words, c.first, c.last
    while first < last and words[first].start < c.start:
        first += 1
    while last > first and words[last - 1].end > c.end:
        last -= 1
    inside = words[first:last]
    family = c.family
    block = context.layout.blocks[context.layout.sentences[c.sentence].block]
    quoted = "quoted" if context.in_quote(c.start) else "told"
    left = [word.form for word in words[max(0, first - 4) : first]]
    verb = words[c.verb].form if 0 <= c.verb < len(words) else "-"
    lemma = grammar.present_lemma(verb) or verb
    opening = inside[0].form if inside else "-"
    yield f"family={family}"
    yield f"kind={_families().get(family.rstrip('+'), ('-', 0))[0]}"
    yield f"family={family.rstrip('+')}&{quoted}"
    yield f"family={family.rstrip('+')}&{context.doc_type}"
    yield f"type={context.doc_type}"
    if c.variant:
        yield f"variant={c.variant}&{family.rstrip('+')}"
        yield f"variant={c.variant}&{words[last].form if last < len(words) else '$'}"
    for back in (1, 2):
        if last - back >= first:
            yield f"last{back}={words[last - back].form}"
    yield f"block={block.kind}&{family if family in ('whole', 'clause') else 'x'}"
    yield f"block={block.kind}&{context.doc_type}"
    if c.lead:
        yield f"lead={c.lead}"
        yield f"lead={c.lead}&{family}"
        yield f"lead={c.lead}&{context.doc_type}"
    if c.heading:
        yield f"heading={c.heading}"
        yield f"heading={c.heading}&{family}"
        yield f"heading={c.heading}&{block.kind}"
    if c.siblings:
        yield f"siblings={c.siblings}&{context.doc_type}"
        yield f"siblings={c.siblings}&{family}"
        yield f"siblings={c.siblings}&{grammar.is_imperative(opening)}"
    yield f"{quoted}&{context.doc_type}"
    for back, form in enumerate(reversed(left), 1):
        yield f"left{back}={form}"
        yield f"left={form}"
    yield f"left2={' '.join(left[-2:])}"
    yield f"left3={' '.join(left[-3:])}"
    yield f"leftcount={min(first, 6)}"
    yield f"first={opening}"
    yield f"end1={opening[-1:]}&{family}"
    yield f"end2={opening[-2:]}"
    yield f"first2={' '.join(w.form for w in inside[:2])}"
    yield f"verb={lemma}"
    yield f"verb={lemma}&{family.rstrip('+')}"
    if c.verb >= 0:
        yield f"after={words[c.verb + 1].form if c.verb + 1 < len(words) else '-'}"
        infinitive = next((w.form for w in words[c.verb : c.verb + 7] if grammar.is_infinitive(w.form)), "-")
        yield f"infinitive={infinitive.removesuffix('s') if infinitive not in ('finnas', 'mötas') else infinitive}"
        if infinitive.endswith("as"):
            yield "passive infinitive"
    if verb.endswith("s") and grammar.present_lemma(verb):
        yield f"passive&{family}"
        yield f"passive&{context.doc_type}"
    if family in ("clause", "clause+", "whole", "whole+"):
        ahead = any(word.form in grammar.closed_class("ahead") for word in words)
        yield f"ahead={ahead}&{family}"
        yield f"ahead={ahead}&{family}&{context.doc_type}"
        if grammar.present_lemma(opening):
            yield f"opens present&{context.doc_type}"
    yield from _shape(c, words, first, last, opening, family, quoted, context)


def _shape(
    c: Candidate, words: Sequence[Word], first: int, last: int, opening: str, family: str, quoted: str, context: Context
) -> Iterator[str]:
    text = context.layout.text
    inside = words[first:last]
    if c.subject:
        head = text[c.subject.start : c.subject.end]
        forms = head.lower().split()
        pronoun = forms[0] if forms and forms[0] in grammar.closed_class("pronouns") else ""
        yield f"subject={pronoun or ('name' if head[:1].isupper() and first else 'noun')}"
        yield f"subject={pronoun or 'noun'}&{family}&{quoted}"
        yield f"subjecthead={forms[-1] if forms else '-'}"
        yield f"subjectfirst={forms[0] if forms else '-'}"
    else:
        yield f"nosubject&{family}"
    yield f"initial={first == 0 or words[first - 1].end > c.start}&{family}"
    yield f"capital={bool(inside and inside[0].capital)}&{family}"
    if grammar.is_infinitive(opening):
        yield "opens infinitive"
    if grammar.is_imperative(opening):
        yield f"opens imperative&{context.doc_type}"
        yield f"opens imperative&{family}"
    forms_inside = {word.form for word in inside}
    for form in sorted(_TELLING & forms_inside):
        yield f"in={form}"
        yield f"in={form}&{family}"
    outside = [word.form for word in words[:first]]
    finite = next((form for form in outside if grammar.is_finite(form)), "-")
    yield f"main={finite}"
    if finite != "-":
        yield f"main={finite}&{family}" if grammar.is_modal(finite) else f"mainpast={grammar.is_past(finite)}"
    if any(grammar.is_past(form) or form in ("har", "hade") for form in outside):
        yield "past before"
        yield f"past before&{family}"
    if any(grammar.is_past(word.form) for word in inside):
        yield f"past inside&{family}"
    if words and words[0].form in _CLAUSE_STARTS:
        yield f"sentence starts={words[0].form}"
    yield f"right={words[last].form if last < len(words) else '$'}"
    if last < len(words):
        sort = "finite" if grammar.is_finite(words[last].form) else "word" if words[last].form[0].isalpha() else "sign"
        yield f"right sort={sort}&{c.variant}"
        yield f"right sort={sort}&{family.rstrip('+')}"
        if sort == "finite":
            yield f"right sort=finite&{words[0].form == 'för'}"
    if c.variant == "long":
        holds = any(grammar.is_finite(word.form) for word in inside[2:])
        yield f"holds fronted end={holds}&{family}&{outside[:1] == ['för']}"
    yield f"right2={' '.join(w.form for w in words[last : last + 2])}"
    if words and words[-1].form in "?!:":
        yield f"closes={words[-1].form}&{quoted}"
    size = last - first
    bucket = next((top for top in (1, 2, 4, 8, 16) if size <= top), 32)
    yield f"size={bucket}&{family}"
    body = text[c.start : c.end].lower()
    for name, pattern in (("number", _NUMBER), ("share", _SHARE), ("date", _DATE)):
        if pattern.search(body):
            yield name
            yield f"{name}&{family}"
    front = text[max(context.layout.sentences[c.sentence].start, c.start - _FRONT) : c.start].lower() + body
    if _TIMED.search(front):
        for name, pattern in _TIMES.items():
            if pattern.search(front):
                yield f"time={name}"
                yield f"time={name}&{family.rstrip('+')}"
    layout = context.layout
    yield f"place={min(4, 5 * c.start // max(1, len(layout.text)))}"
    yield f"early={c.sentence < 3}&{family}"
    before = layout.sentences[c.sentence - 1] if c.sentence else None
    if before and before.block == layout.sentences[c.sentence].block:
        yield "follows"
    for word in inside[:10]:
        yield f"has={word.form}"
        if len(word.form) > 7:
            yield f"ends={word.form[-5:]}"
