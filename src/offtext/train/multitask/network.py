"""The model: one encoder, and a linear head a task on a learned mixture of its layers."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import torch
from torch import nn
from torch.nn import functional
from transformers import AutoConfig, AutoModel, PreTrainedModel

from offtext.errors import ModelError
from offtext.train.multitask.batches import UNKNOWN, Batch
from offtext.train.multitask.tasks import TASKS, Task


class Head(nn.Module):
    """A linear layer on its own mixture of the encoder's layers (scalar mix; Peters et al. 2018)."""

    def __init__(self, task: Task, width: int, layers: int) -> None:
        super().__init__()
        self.mixture = nn.Parameter(torch.linspace(-1.0, 1.0, layers))
        self.dropout = nn.Dropout(0.1)
        self.out = nn.Linear(width, len(task.tags))

    def mixed(self, states: torch.Tensor) -> torch.Tensor:
        """Return the mixture of states: ``(layers, rows, tokens, width)`` to ``(rows, tokens, width)``."""
        return torch.einsum("l,lrtw->rtw", self.mixture.softmax(0), states)

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        """Return scores per class for the last axis of `states`."""
        scores: torch.Tensor = self.out(self.dropout(states))
        return scores


class Network(nn.Module):
    """The encoder with every head.

    Args:
        checkpoint: A hub id or folder of a BERT-like encoder.
        layers: How many of its layers to keep; all when None.
    """

    def __init__(self, checkpoint: str | Path, *, layers: int | None = None) -> None:
        super().__init__()
        config = AutoConfig.from_pretrained(checkpoint)
        if layers is not None:
            if layers > config.num_hidden_layers:
                raise ModelError(checkpoint, f"it has {config.num_hidden_layers} layers, {layers} were asked for")
            config.num_hidden_layers = layers
        self.encoder: PreTrainedModel = AutoModel.from_pretrained(
            checkpoint, config=config, dtype=torch.float32, **_without_pooler(config.model_type)
        )
        depth = config.num_hidden_layers
        self.heads = nn.ModuleDict({name: Head(task, config.hidden_size, depth) for name, task in TASKS.items()})

    def head(self, task: str) -> Head:
        """Return the head of a task."""
        return cast(Head, self.heads[task])

    def states(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the states of every layer. *Shape:* ``(layers, rows, tokens, width)``."""
        found = self.encoder(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states
        return torch.stack(found[1:])

    def token_scores(self, states: torch.Tensor) -> dict[str, torch.Tensor]:
        """Return scores per token for the tasks of form 'spans' and 'tokens'."""
        names = [name for name, task in TASKS.items() if task.form in ("spans", "tokens")]
        return {name: self.head(name)(self.head(name).mixed(states)) for name in names}

    def sentence_scores(self, states: torch.Tensor, sentence: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        """Return theme scores of sentences: the mean of a sentence's tokens, ``(sentences, labels)``.

        Args:
            states: Of every layer.
            sentence: Local number of each token's sentence, -1 outside.
            rows: Which (row, local sentence) to score.
        """
        head = self.head("themes")
        mixed = head.mixed(states)
        member = (sentence[rows[:, 0]] == rows[:, 1:2]).to(mixed.dtype)
        pooled = torch.bmm(member[:, None], mixed[rows[:, 0]])[:, 0] / member.sum(1, keepdim=True).clamp(min=1)
        return cast(torch.Tensor, head(pooled))

    def document_scores(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return document-type scores of windows: the mean of their tokens, ``(rows, labels)``."""
        head = self.head("doc_type")
        mixed = head.mixed(states)
        weights = mask[..., None].to(mixed.dtype)
        return cast(torch.Tensor, head((mixed * weights).sum(1) / weights.sum(1)))

    def loss(self, batch: Batch) -> dict[str, torch.Tensor]:
        """Return the weighted loss a task; tasks that no row is annotated for are left out."""
        states = self.states(batch.ids, batch.mask)
        out = {}
        for name, scores in self.token_scores(states).items():
            known = batch.tags[name] != UNKNOWN
            if known.any():
                each = functional.cross_entropy(scores[known].float(), batch.tags[name][known], reduction="none")
                weight = batch.weight[:, None].expand_as(known)[known]
                out[name] = TASKS[name].weight * (each * weight).sum() / weight.sum()
        if len(batch.themes):
            scores = self.sentence_scores(states, batch.sentence, batch.theme_rows).float()
            out["themes"] = TASKS["themes"].weight * functional.binary_cross_entropy_with_logits(scores, batch.themes)
        if (batch.doc_type != UNKNOWN).any():
            scores = self.document_scores(states, batch.mask).float()
            out["doc_type"] = TASKS["doc_type"].weight * functional.cross_entropy(
                scores, batch.doc_type, ignore_index=UNKNOWN
            )
        return out


def _without_pooler(model_type: str) -> dict[str, bool]:
    # a pooler would be made at random and never used; not every architecture knows the word
    return {"add_pooling_layer": False} if model_type in ("bert", "roberta", "xlm-roberta", "camembert") else {}
