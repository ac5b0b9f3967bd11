"""How well the network does by itself on held-out examples: exact spans, theme labels, document types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from offtext.encoder.decoding import decode
from offtext.encoder.windows import plan
from offtext.train.multitask.batches import Encoded, Piece, collate
from offtext.train.multitask.network import Network
from offtext.train.multitask.tasks import TASKS

OVERLAP = 48
THRESHOLDS = np.linspace(0.1, 0.7, 25)


@torch.no_grad()
def outputs(network: Network, encoded: Encoded, *, length: int, special: tuple[int, int], pad: int) -> dict[str, Any]:
    """Return the scores of one example, windows merged: arrays per task, float32.

    *Shape:* tasks of tokens ``(tokens, classes)``, 'themes' ``(sentences, labels)``, 'doc_type' ``(labels,)``.
    """
    count = len(encoded.example.sentences)
    edges = np.searchsorted(encoded.sentence, np.arange(count + 1))
    found: dict[str, list[Any]] = {name: [] for name, task in TASKS.items() if task.form in ("spans", "tokens")}
    themes = np.zeros((count, len(TASKS["themes"].labels)), dtype=np.float32)
    doc_type = np.zeros(len(TASKS["doc_type"].labels), dtype=np.float32)
    for window in plan(edges, length, min(OVERLAP, length // 4)):
        batch = collate([Piece(encoded, window.start, window.end)], special, pad)
        states = network.states(batch.ids, batch.mask)
        keep = slice(1 + window.keep_start - window.start, 1 + window.keep_end - window.start)
        for name, scores in network.token_scores(states).items():
            found[name].append(scores[0, keep].float().numpy())
        first = int(encoded.sentence[window.start])
        for s in np.unique(encoded.sentence[window.keep_start : window.keep_end]):
            row = torch.tensor([[0, int(s) - first]])
            themes[s] = network.sentence_scores(states, batch.sentence, row)[0].float().numpy()
        share = (window.keep_end - window.keep_start) / max(len(encoded.ids), 1)
        doc_type += share * network.document_scores(states, batch.mask)[0].float().numpy()
    width = {name: len(TASKS[name].tags) for name in found}
    joined = {n: np.concatenate(v) if v else np.zeros((0, width[n]), np.float32) for n, v in found.items()}
    return {**joined, "themes": themes, "doc_type": doc_type}


def held_out(
    network: Network, examples: Sequence[Encoded], *, length: int, special: tuple[int, int], pad: int
) -> dict[str, float]:
    """Return one figure a task in [0, 1]: exact span F1, share of right tokens, micro F1 of themes, accuracy."""
    network.eval()
    hits, gold, given = Counter[str](), Counter[str](), Counter[str]()
    theme_scores, theme_gold = [], []
    for encoded in examples:
        made = outputs(network, encoded, length=length, special=special, pad=pad)
        for name, tags in encoded.tags.items():
            if TASKS[name].form == "tokens":
                known = tags >= 0
                hits[name] += int((made[name][known].argmax(1) == tags[known]).sum())
                gold[name] += int(known.sum())
                given[name] += int(known.sum())
                continue
            right = {
                (t.start, t.end, t.label) for t in decode(_one_hot(tags, len(TASKS[name].tags)), TASKS[name].labels)
            }
            found = {(t.start, t.end, t.label) for t in decode(made[name], TASKS[name].labels)}
            hits[name] += len(right & found)
            gold[name] += len(right)
            given[name] += len(found)
        if encoded.example.themes is not None:
            theme_scores.append(1 / (1 + np.exp(-made["themes"])))
            labels = TASKS["themes"].labels
            theme_gold.append(
                [[x in encoded.example.themes.get(s, ()) for x in labels] for s in range(len(made["themes"]))]
            )
        if encoded.example.doc_type:
            hits["doc_type"] += TASKS["doc_type"].labels[int(made["doc_type"].argmax())] == encoded.example.doc_type
            gold["doc_type"] += 1
            given["doc_type"] += 1
    out = {name: 2 * hits[name] / (gold[name] + given[name]) for name in gold if gold[name] + given[name]}
    if theme_scores:
        scores, truth = (
            np.concatenate(theme_scores),
            np.concatenate([np.array(g).reshape(-1, scores_width()) for g in theme_gold]),
        )
        out["themes"] = max(_micro_f(scores >= threshold, truth) for threshold in THRESHOLDS)
    return out


def scores_width() -> int:
    """Return the number of themes."""
    return len(TASKS["themes"].labels)


def _micro_f(found: Any, truth: Any) -> float:
    total = found.sum() + truth.sum()
    return float(2 * (found & truth).sum() / total) if total else 0.0


def _one_hot(tags: Any, classes: int) -> Any:
    return np.eye(classes, dtype=np.float32)[np.maximum(tags, 0)] * 20
