"""Fits how names by rules and names by the model's tags are weighed: a logistic model a kind of actor.

It is fitted on what networks said of texts they had not seen (`offtext.train.multitask.held`), so that tags count for
what they are worth on new texts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from offtext.encoder import States
from offtext.layers.actors.acting import acting, without_credits
from offtext.layers.actors.claims import ORGANISATION, PERSON
from offtext.layers.actors.names import find_names
from offtext.layers.actors.tagged import FEWEST, candidates, features_of
from offtext.layout import parse
from offtext.train.logistic import fit_label

LEAST_COUNT = 5  # a feature seen in fewer candidates is not learned
STRENGTH = 0.3  # inverse strength of the quadratic penalty, chosen by cross-validation
FOLDS = 5


@dataclass(frozen=True)
class Row:
    """One candidate: its text, kind, features, and whether it is a mention of an actor of that kind."""

    document: str
    kind: str
    features: dict[str, float]
    right: bool


def rows_of(texts: Iterable[tuple[str, str, Mapping[str, Any]]], said: Mapping[str, States]) -> list[Row]:
    """Return the candidates of annotated texts (id, text, annotation) that a network has read unseen."""
    found = []
    for name, text, gold in texts:
        states = said.get(name)
        if states is None or states.scores is None:
            continue
        layout = parse(text)
        words, claims = find_names(layout)
        names = candidates(words, claims, without_credits(words, acting(words, claims)), states.scores)
        wanted = {(m["start"], m["end"], a["kind"]) for a in gold["actors"] for m in a["mentions"]}
        for c, features in zip(names, features_of(words, names, states.scores), strict=True):
            found.append(Row(name, c.kind, features, (c.claim.start, c.claim.end, c.kind) in wanted))
    return found


def fit_actors(rows: Sequence[Row]) -> tuple[dict[str, Any], dict[str, float]]:
    """Return the weights as they are written to `actors.json`, and cross-validated figures a kind of actor."""
    bias: dict[str, float] = {}
    features: dict[str, dict[str, float]] = {}
    figures: dict[str, float] = {}
    how = LogisticRegression(C=STRENGTH, max_iter=2000)
    for kind in (PERSON, ORGANISATION):
        own = [row for row in rows if row.kind == kind]
        names = _names(own)
        matrix, labels = _matrix(own, names), np.array([row.right for row in own])
        documents = [row.document for row in own]
        chances = np.zeros(len(own))
        for train, test in GroupKFold(min(FOLDS, len(set(documents)))).split(matrix, labels, documents):
            weights, intercept = fit_label(how, matrix[train], labels[train])
            chances[test] = 1 / (1 + np.exp(-(matrix[test] @ weights + intercept)))
        chosen = chances >= FEWEST
        hits = float((chosen & labels).sum())
        figures |= {
            f"{kind} mention precision": hits / max(1.0, float(chosen.sum())),
            f"{kind} mention recall of candidates": hits / max(1.0, float(labels.sum())),
        }
        weights, intercept = fit_label(how, matrix, labels)
        bias[kind] = round(intercept, 4)
        features[kind] = {n: round(float(w), 4) for n, w in zip(names, weights, strict=True) if abs(w) > 1e-3}
    return {"bias": bias, "features": features}, figures


def write_actors(folder: Path, weights: Mapping[str, Any]) -> None:
    """Write `actors.json` into a model's folder."""
    (folder / "actors.json").write_text(json.dumps(weights, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _names(rows: Sequence[Row]) -> list[str]:
    counts = Counter(name for row in rows for name, value in row.features.items() if value)
    return sorted(name for name, count in counts.items() if count >= LEAST_COUNT)


def _matrix(rows: Sequence[Row], names: Sequence[str]) -> Any:
    return np.array([[row.features.get(name, 0.0) for name in names] for row in rows])
