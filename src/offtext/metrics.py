"""How right an analysis is: scores per layer against annotations, with confidence intervals.

What counts as found:

====================  ==================================================================================
mention               the same start, end and kind
actor                 one to one, the same kind, most shared mention characters first
quote                 characters of the spans overlap with Jaccard ≥ 0.8, one to one, best first
quote+speaker         such a quote whose speaker is the matching actor, or null in both
goal                  Jaccard ≥ 0.5
theme sentence        the same label, Jaccard of the sentences ≥ 0.5
tie                   an unordered pair of matching actors in one collaboration
====================  ==================================================================================

A document is scored once (`score_document`); `figures` and `intervals` sum documents, so that the interval
resamples what was drawn: documents, not mentions (bootstrap; Efron & Tibshirani 1993, ch. 13).
"""

from __future__ import annotations

import random
import statistics
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sklearn.metrics import roc_auc_score

from offtext.labels import ACTOR_KINDS, QUOTE_KINDS, THEMES

Record = Mapping[str, Any]
Ranges = list[tuple[int, int]]

COUNTED = (
    "mention",
    "mention person",
    "mention organisation",
    "actor",
    "quote",
    "quote+speaker",
    "quote direct",
    "quote direct+speaker",
    "quote indirect",
    "goal",
    "theme sentence",
    "tie",
)
QUOTE_JACCARD, GOAL_JACCARD, SENTENCE_JACCARD, ROLE_JACCARD = 0.8, 0.5, 0.5, 0.5


@dataclass
class DocumentScore:
    """What was right in one document.

    Attributes:
        doc_type: The annotated and the found label.
        hits, gold, found: Numbers per row of `COUNTED` (and 'theme sentence LABEL').
        right: Yes or no per question asked of a matched item: 'role', 'goal kind', 'meta date' …
        themes: Per theme the found score and the annotated level 0, 1 or 2.
    """

    doc_type: tuple[str, str]
    hits: Counter[str] = field(default_factory=Counter)
    gold: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    right: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    themes: dict[str, tuple[float, int]] = field(default_factory=dict)

    def count(self, row: str, hits: int, gold: int, found: int) -> None:
        """Add to one row."""
        self.hits[row] += hits
        self.gold[row] += gold
        self.found[row] += found


def score_document(gold: Record, found: Record) -> DocumentScore:
    """Compare an analysis (`Analysis.to_dict`) with the annotation of the same text in stand-off form."""
    doc_type = found["doc_type"]
    score = DocumentScore((gold["doc_type"], doc_type if isinstance(doc_type, str) else doc_type["label"]))
    twin = _score_actors(score, gold, found)
    _score_quotes(score, gold, found, twin)
    _score_goals(score, gold, found, twin)
    _score_themes(score, gold, found)
    _score_ties(score, gold, found, twin)
    _score_metadata(score, gold["meta"], found["meta"], twin)
    return score


def _score_actors(score: DocumentScore, gold: Record, found: Record) -> dict[str, str]:
    for kind in ACTOR_KINDS:
        here, there = (
            {(m["start"], m["end"]) for a in side["actors"] if a["kind"] == kind for m in a["mentions"]}
            for side in (gold, found)
        )
        for row in (f"mention {kind}", "mention"):
            score.count(row, len(here & there), len(here), len(there))

    pairs = match("actors", gold["actors"], found["actors"])
    score.count("actor", len(pairs), len(gold["actors"]), len(found["actors"]))
    twin = {g["id"]: f["id"] for g, f in pairs}
    for g, f in pairs:
        if g["kind"] == "organisation":
            score.right["org_type"].append(g.get("org_type") == f.get("org_type"))
            continue
        if g.get("role") or f.get("role"):
            score.right["role"].append(_same_role(g.get("role"), f.get("role")))
        if g.get("party") or f.get("party"):
            score.right["party"].append(_fold(g.get("party")) == _fold(f.get("party")))
        if g.get("affiliation") or f.get("affiliation"):
            score.right["affiliation"].append(_same_actor(g.get("affiliation"), f.get("affiliation"), twin))
    return twin


def _score_quotes(score: DocumentScore, gold: Record, found: Record, twin: Mapping[str, str]) -> None:
    for kind in (None, *QUOTE_KINDS):
        row = f"quote {kind}" if kind else "quote"
        g_quotes, f_quotes = ([q for q in side["quotes"] if kind in (None, q["kind"])] for side in (gold, found))
        pairs = match("quotes", g_quotes, f_quotes)
        right = [twin.get(g["speaker"]) == f.get("speaker") if g["speaker"] else not f.get("speaker") for g, f in pairs]
        score.count(row, len(pairs), len(g_quotes), len(f_quotes))
        score.count(f"{row}+speaker", sum(right), len(g_quotes), len(f_quotes))
        if kind is None:
            score.right["speaker of found quote"] += right


def _score_goals(score: DocumentScore, gold: Record, found: Record, twin: Mapping[str, str]) -> None:
    g_goals, f_goals = gold["goals"], found["goals"]
    pairs = match("goals", g_goals, f_goals)
    score.count("goal", len(pairs), len(g_goals), len(f_goals))
    for g, f in pairs:
        score.right["goal kind"].append(g["kind"] == f["kind"])
        if g.get("holder") or f.get("holder"):
            score.right["goal holder"].append(_same_actor(g.get("holder"), f.get("holder"), twin))
        for part in ("beneficiary", "deadline"):
            if g.get(part) or f.get(part):
                both = bool(g.get(part) and f.get(part))
                score.right[f"goal {part}"].append(both and _jaccard([g[part]], [f[part]]) >= GOAL_JACCARD)
    # recall over annotated goals, precision over found ones: hits differ, hence two rows
    g_all, f_all = _ranges(g_goals), _ranges(f_goals)
    touched, touching = (
        sum(bool(_overlap([(x["start"], x["end"])], other)) for x in goals)
        for goals, other in ((g_goals, f_all), (f_goals, g_all))
    )
    score.count("goal touched, recall", touched, len(g_goals), 0)
    score.count("goal touched, precision", touching, 0, len(f_goals))


def _score_themes(score: DocumentScore, gold: Record, found: Record) -> None:
    for theme in THEMES:
        g, f = ([s for s in side["theme_sentences"] if theme in s["labels"]] for side in (gold, found))
        hits = len(match("theme_sentences", g, f))
        score.count(f"theme sentence {theme}", hits, len(g), len(f))
        score.count("theme sentence", hits, len(g), len(f))
        score.themes[theme] = (float(found["themes"].get(theme, 0)), int(gold["themes"].get(theme, 0)))


def _score_ties(score: DocumentScore, gold: Record, found: Record, twin: Mapping[str, str]) -> None:
    def ties(side: Record, name: Callable[[str], str]) -> set[tuple[str, str]]:
        out = set()
        for tie in side["collaborations"]:
            for n, first in enumerate(tie["parties"]):
                for second in tie["parties"][n + 1 :]:
                    if first != second:
                        low, high = sorted((name(first), name(second)))
                        out.add((low, high))
        return out

    g, f = ties(gold, lambda a: twin.get(a, f"missed {a}")), ties(found, lambda a: a)
    score.count("tie", len(g & f), len(g), len(f))


def _score_metadata(score: DocumentScore, gold: Record, found: Record, twin: Mapping[str, str]) -> None:
    for key in ("date", "diary_number"):
        if gold.get(key) or found.get(key):
            score.right[f"meta {key}"].append(_fold(gold.get(key)) == _fold(found.get(key)))
    for key in ("sender", "recipient", "signatory"):
        g, f = {twin.get(a, f"missed {a}") for a in gold.get(key) or []}, set(found.get(key) or [])
        if g or f:
            score.right[f"meta {key}"].append(bool(g & f))


def figures(scores: Sequence[DocumentScore]) -> dict[str, Any]:
    """Sum documents into figures: F, P, R per counted row, accuracies, and theme ranking measures.

    Returns:
        A JSON-like dictionary: rows of `COUNTED` hold 'p', 'r', 'f' in [0, 1] with 'gold' and 'found' as counts;
        rows that end in ' accuracy' hold 'right', 'of', 'accuracy'; 'by theme' holds a row a theme.
    """
    labels = sorted({gold for score in scores for gold in (score.doc_type[0],)})
    out: dict[str, Any] = {
        "doc_type accuracy": statistics.mean(gold == found for gold, found in (s.doc_type for s in scores)),
        "doc_type macro F1": statistics.mean(_label_f(label, [s.doc_type for s in scores]) for label in labels),
    }
    out |= {row: _prf(scores, row) for row in COUNTED}
    recall = _prf(scores, "goal touched, recall")
    precision = _prf(scores, "goal touched, precision")
    out["goal touched"] = {
        "p": precision["p"],
        "r": recall["r"],
        "f": _f(precision["p"], recall["r"]),
        "gold": recall["gold"],
        "found": precision["found"],
    }
    by_theme = {theme: _theme_figures(scores, theme) for theme in THEMES}
    annotated = [theme for theme in THEMES if _total(scores, "gold", f"theme sentence {theme}")]
    out["theme sentence macro F1"] = statistics.mean([by_theme[theme]["sentence F1"] for theme in annotated] or [0.0])
    for question in sorted({question for score in scores for question in score.right}):
        answers = [answer for score in scores for answer in score.right.get(question, ())]
        accuracy = statistics.mean(answers) if answers else None
        out[f"{question} accuracy"] = {"right": sum(answers), "of": len(answers), "accuracy": accuracy}
    for measure, key in (("AP", "doc AP"), ("AUROC", "doc AUROC")):
        known = [row[key] for row in by_theme.values() if row[key] is not None]
        out[f"theme doc mean {measure}"] = statistics.mean(known or [0.0])
    out["by theme"] = by_theme
    return out


def intervals(
    scores: Sequence[DocumentScore], rows: Iterable[str], *, draws: int = 1000, seed: int = 1
) -> dict[str, tuple[float, float]]:
    """Say how far the F (or accuracy) of `rows` would move with other documents of the same sort.

    Returns:
        Per row the 2.5th and 97.5th percentile over `draws` bootstrap samples of documents.
    """
    chance, rows = random.Random(seed), list(rows)
    drawn: dict[str, list[float]] = {row: [] for row in rows}
    for _ in range(draws):
        sample = chance.choices(scores, k=len(scores))
        for row in rows:
            if row == "doc_type accuracy":
                drawn[row].append(statistics.mean(gold == found for gold, found in (s.doc_type for s in sample)))
            else:
                drawn[row].append(_prf(sample, row)["f"])
    cut = {row: sorted(values) for row, values in drawn.items()}
    return {row: (values[int(0.025 * draws)], values[int(0.975 * draws) - 1]) for row, values in cut.items()}


def average_precision(scored: Iterable[tuple[float, bool]]) -> float | None:
    """Return the mean precision at each positive, equal scores ranked against us; None without positives.

    scikit-learn's average precision treats equal scores as one threshold; here a layer that gives every document
    the same score must not gain from it.

    >>> average_precision([(0.9, True), (0.5, False), (0.1, True)])
    0.8333333333333333
    """
    precisions, hits = [], 0
    for rank, (_, positive) in enumerate(sorted(scored, key=lambda s: (-s[0], s[1])), 1):
        if positive:
            hits += 1
            precisions.append(hits / rank)
    return statistics.mean(precisions) if precisions else None


def _theme_figures(scores: Sequence[DocumentScore], theme: str) -> dict[str, Any]:
    rows = [score.themes[theme] for score in scores]
    present, found = [level > 0 for _, level in rows], [value for value, _ in rows]
    return {
        "sentence F1": _prf(scores, f"theme sentence {theme}")["f"],
        "doc AP": average_precision((value, level > 0) for value, level in rows),
        "doc AUROC": float(roc_auc_score(present, found)) if 0 < sum(present) < len(rows) else None,
        "docs": sum(present),
    }


def _total(scores: Sequence[DocumentScore], part: str, row: str) -> int:
    return sum(getattr(score, part)[row] for score in scores)


def _prf(scores: Sequence[DocumentScore], row: str) -> dict[str, Any]:
    hits, gold, found = (_total(scores, part, row) for part in ("hits", "gold", "found"))
    p, r = hits / found if found else 0.0, hits / gold if gold else 0.0
    return {"p": p, "r": r, "f": _f(p, r), "gold": gold, "found": found}


def _f(p: float, r: float) -> float:
    return 2 * p * r / (p + r) if p + r else 0.0


def _label_f(label: str, types: list[tuple[str, str]]) -> float:
    hits = sum(gold == found == label for gold, found in types)
    return 2 * hits / (sum(gold == label for gold, _ in types) + sum(found == label for _, found in types))


def match(layer: str, gold: Sequence[Record], found: Sequence[Record]) -> list[tuple[Record, Record]]:
    """Pair annotated with found items, one to one, most alike first; equally alike ones from the end of the text.

    Args:
        layer: 'actors', 'quotes', 'goals' or 'theme_sentences': what counts as found stands at the top.
        gold: Annotated items; of theme sentences those that carry one and the same label.
        found: Found items, likewise.
    """
    likeness, least = _ALIKE[layer]
    alike = ((likeness(g, f), i, j) for i, g in enumerate(gold) for j, f in enumerate(found))
    free_gold, free_found, out = set(range(len(gold))), set(range(len(found))), []
    for _, i, j in sorted((row for row in alike if row[0] >= least), reverse=True):
        if i in free_gold and j in free_found:
            free_gold.remove(i)
            free_found.remove(j)
            out.append((gold[i], found[j]))
    return out


def _shared(a: Record, b: Record) -> float:
    return _overlap(_ranges(a["mentions"]), _ranges(b["mentions"])) if a["kind"] == b["kind"] else 0


_ALIKE: dict[str, tuple[Callable[[Record, Record], float], float]] = {
    "actors": (_shared, 1),
    "quotes": (lambda a, b: _jaccard(a["spans"], b["spans"]), QUOTE_JACCARD),
    "goals": (lambda a, b: _jaccard([a], [b]), GOAL_JACCARD),
    "theme_sentences": (lambda a, b: _jaccard([a], [b]), SENTENCE_JACCARD),
}


def _ranges(spans: Iterable[Record]) -> Ranges:
    """Merge spans into ordered ranges without overlap."""
    merged: Ranges = []
    for start, end in sorted((span["start"], span["end"]) for span in spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _overlap(a: Ranges, b: Ranges) -> int:
    return sum(max(0, min(a_end, b_end) - max(a_start, b_start)) for a_start, a_end in a for b_start, b_end in b)


def _jaccard(a: Iterable[Record], b: Iterable[Record]) -> float:
    a_ranges, b_ranges = _ranges(a), _ranges(b)
    both = _overlap(a_ranges, b_ranges)
    either = sum(end - start for start, end in a_ranges + b_ranges) - both
    return both / either if either else 0.0


def _same_actor(gold: str | None, found: str | None, twin: Mapping[str, str]) -> bool:
    return gold is not None and found is not None and twin.get(gold) == found


def _same_role(a: str | None, b: str | None) -> bool:
    first, second = set((_fold(a) or "").split()), set((_fold(b) or "").split())
    return bool(first | second) and len(first & second) / len(first | second) >= ROLE_JACCARD


def _fold(value: Any) -> str | None:
    return " ".join(str(value).casefold().split()) if value else None
