"""How well the network does by itself on held-out examples: exact spans, theme labels, document types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from offtext.encoder import States
from offtext.encoder.decoding import decode
from offtext.train.multitask.batches import Encoded
from offtext.train.multitask.tasks import TASKS
from offtext.train.multitask.torch_encoder import TorchEncoder

THRESHOLDS = np.linspace(0.1, 0.7, 25)


def held_out(encoder: TorchEncoder, examples: Sequence[Encoded]) -> dict[str, float]:
    """Return one figure a task in [0, 1]: exact span F1, share of right tokens, micro F1 of themes, accuracy."""
    encoder.network.eval()
    hits, gold, given = Counter[str](), Counter[str](), Counter[str]()
    theme_scores, theme_gold = [], []
    for encoded in examples:
        [states] = encoder.read([encoded.tokens])
        for name, tags in encoded.tags.items():
            found, right = _answers(states, name, tags)
            hits[name] += len(found & right)
            gold[name] += len(right)
            given[name] += len(found)
        if encoded.example.themes is not None:
            labels = TASKS["themes"].labels
            theme_scores.append(1 / (1 + np.exp(-states.of_sentences["themes"])))
            theme_gold.append(
                np.array(
                    [[x in encoded.example.themes.get(s, ()) for x in labels] for s in range(len(states.sentences))]
                )
            )
        if encoded.example.doc_type:
            best = int(states.of_document["doc_type"].argmax())
            hits["doc_type"] += TASKS["doc_type"].labels[best] == encoded.example.doc_type
            gold["doc_type"] += 1
            given["doc_type"] += 1
    out = {name: 2 * hits[name] / (gold[name] + given[name]) for name in gold if gold[name] + given[name]}
    if theme_scores:
        scores, truth = np.concatenate(theme_scores), np.concatenate(theme_gold)
        out["themes"] = max(_micro_f(scores >= threshold, truth) for threshold in THRESHOLDS)
    return out


def _answers(states: States, name: str, tags: Any) -> tuple[set[Any], set[Any]]:
    """Return what was found and what is right: spans, or labels of the tokens that have one."""
    if states.scores is None:
        return set(), set()
    made = states.scores.of(name)
    if TASKS[name].form == "tokens":
        known = np.flatnonzero(tags >= 0)
        return {(n, int(made[n].argmax())) for n in known}, {(n, int(tags[n])) for n in known}
    labels = TASKS[name].labels
    right = decode(np.eye(made.shape[1], dtype=np.float32)[np.maximum(tags, 0)] * 20, labels)
    return {(t.start, t.end, t.label) for t in decode(made, labels)}, {(t.start, t.end, t.label) for t in right}


def _micro_f(found: Any, truth: Any) -> float:
    total = found.sum() + truth.sum()
    return float(2 * (found & truth).sum() / total) if total else 0.0
