"""Heads of sentences and documents that begin where a linear probe ends, not at random.

The states of a sentence encoder lie in a narrow band. A head that begins at random needs thousands of steps to tell
them apart, and until then its errors pull the encoder about; fitted first, it keeps what the encoder knows (linear
probing, then fine-tuning; Kumar et al. 2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from torch import nn

from offtext.encoder.windows import Floats
from offtext.train.multitask.batches import Encoded
from offtext.train.multitask.network import Network
from offtext.train.multitask.tasks import TASKS
from offtext.train.multitask.torch_encoder import TorchEncoder

# Inverse strength of the quadratic penalties, on states of variance 1.
C_SENTENCES, C_DOCUMENTS = 0.003, 0.02


def probe(encoder: TorchEncoder, examples: Sequence[Encoded]) -> None:
    """Fit the heads of themes and document type on the states that the encoder gives now.

    Args:
        encoder: Reads with the network whose heads are set.
        examples: What it will be trained on; those without themes or type are passed over for that head.
    """
    encoder.network.eval()
    sentences, carried, documents, types = [], [], [], []
    labels = TASKS["themes"].labels
    for encoded in examples:
        example = encoded.example
        if example.themes is None and example.doc_type is None:
            continue
        [states] = encoder.read([encoded.tokens])
        if example.themes is not None:
            sentences.append(states.sentences)
            carried += [[label in example.themes.get(n, ()) for label in labels] for n in range(len(states.sentences))]
        if example.doc_type is not None:
            documents.append(states.document)
            types.append(TASKS["doc_type"].labels.index(example.doc_type))
    if carried:
        gold = np.array(carried)
        known = [n for n in range(len(labels)) if 0 < gold[:, n].sum() < len(gold)]
        weight, bias = _fit(np.concatenate(sentences), [gold[:, n] for n in known], C_SENTENCES)
        _set(encoder.network, "themes", known, weight, bias)
    if len(set(types)) > 1:
        own = np.array(types)
        known = sorted(set(types))
        weight, bias = _fit(np.stack(documents), [own == n for n in known], C_DOCUMENTS)
        _set(encoder.network, "doc_type", known, weight, bias)


def _fit(states: Floats, columns: Sequence[Any], strength: float) -> tuple[Floats, Floats]:
    """Fit one logistic regression a column and return weights for the raw states."""
    mean, scale = states.mean(axis=0), states.std(axis=0) + 1e-6
    scaled = (states - mean) / scale
    models = [LogisticRegression(C=strength, max_iter=300).fit(scaled, column) for column in columns]
    weight = np.stack([m.coef_[0] for m in models]) / scale
    bias = np.array([m.intercept_[0] for m in models]) - weight @ mean
    return weight.astype(np.float32), bias.astype(np.float32)


@torch.no_grad()
def _set(network: Network, task: str, rows: Sequence[int], weight: Floats, bias: Floats) -> None:
    head = cast(nn.Linear, network.heads[task])
    head.weight[rows] = torch.from_numpy(weight)
    head.bias[rows] = torch.from_numpy(bias)
