"""The model: one encoder, and a linear head a task."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional
from transformers import AutoConfig, AutoModel, PreTrainedModel

from offtext.errors import ModelError
from offtext.train.multitask.batches import UNKNOWN, Batch
from offtext.train.multitask.tasks import TASKS, TOKEN_TASKS

DROPOUT = 0.1
HEADS = "heads.safetensors"  # of a run
RELEASED = "encoder.safetensors"  # of a model: everything, in half precision


class Network(nn.Module):
    """The encoder with every head.

    Tags are read off the last layer. What is said of sentences and documents is read off the mean over their tokens of
    a learned mixture of all layers (scalar mix; Peters et al. 2018).

    Args:
        checkpoint: A hub id or folder of a BERT-like encoder; one that was trained here brings its heads,
            and so does the folder of a model.
        layers: How many of its layers to keep, from the lowest; all when None.
        attention: 'sdpa' to train with, 'eager' to export.
    """

    def __init__(self, checkpoint: str | Path, *, layers: int | None = None, attention: str = "sdpa") -> None:
        super().__init__()
        config = AutoConfig.from_pretrained(checkpoint)
        if layers is not None:
            if layers > config.num_hidden_layers:
                raise ModelError(checkpoint, f"it has {config.num_hidden_layers} layers, {layers} were asked for")
            config.num_hidden_layers = layers
        # inside the encoder the random numbers of dropout alone would cost a third of a training step on a CPU;
        # tokens are hidden instead
        config.attention_probs_dropout_prob = config.hidden_dropout_prob = 0.0
        released = Path(checkpoint) / RELEASED
        options = {"dtype": torch.float32, "attn_implementation": attention, **_without_pooler(config.model_type)}
        self.encoder: PreTrainedModel = (
            AutoModel.from_config(config, **options)  # type: ignore[no-untyped-call]
            if released.is_file()
            else AutoModel.from_pretrained(checkpoint, config=config, **options)
        )
        width = config.hidden_size
        self.mixture = nn.Parameter(torch.zeros(config.num_hidden_layers))
        self.dropout = nn.Dropout(DROPOUT)
        self.heads = nn.ModuleDict({name: nn.Linear(width, len(task.tags)) for name, task in TASKS.items()})
        if released.is_file():
            self._go_on_from({name: value.float() for name, value in load_file(released).items()})
        elif (trained := Path(checkpoint) / HEADS).is_file():
            self._go_on_from(load_file(trained))

    def _go_on_from(self, parts: dict[str, torch.Tensor]) -> None:
        own = self.state_dict()
        fitting = {name: value for name, value in parts.items() if name in own and own[name].shape == value.shape}
        self.load_state_dict(fitting, strict=False)

    @property
    def longest(self) -> int:
        """Most tokens that the encoder has positions for, special ones included."""
        config = self.encoder.config
        # RoBERTa-like models begin to count positions after the padding index
        taken = config.pad_token_id + 1 if config.model_type in ("roberta", "xlm-roberta", "camembert") else 0
        return int(config.max_position_embeddings) - taken

    @property
    def parts(self) -> dict[str, torch.Tensor]:
        """What was trained beside the encoder: the heads and the mixture of layers."""
        return {name: value for name, value in self.state_dict().items() if not name.startswith("encoder.")}

    def states(self, ids: torch.Tensor, mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the last layer's states and the mixture of all layers, both ``(rows, tokens, width)``."""
        found = self.encoder(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states
        share = self.mixture.softmax(0)
        mixed = found[1] * share[0]
        for layer in range(1, len(share)):
            mixed = mixed + found[layer + 1] * share[layer]
        return found[-1], mixed

    def token_scores(self, last: torch.Tensor) -> dict[str, torch.Tensor]:
        """Return scores per token, ``(rows, tokens, classes)``, for the tasks of form 'spans' and 'tokens'."""
        last = self.dropout(last)
        return {name: self.heads[name](last) for name in TOKEN_TASKS}

    def sentence_scores(self, mixed: torch.Tensor, sentence: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        """Return theme scores of sentences, ``(sentences, labels)``.

        Args:
            mixed: The mixture of layers.
            sentence: Local number of each token's sentence, -1 outside; ``(rows, tokens)``.
            rows: Which (row, local sentence) to score; ``(sentences, 2)``.
        """
        most = int(sentence.max()) + 1 if sentence.numel() else 0
        # one row of sums a sentence, one more for the tokens outside
        place = torch.where(sentence < 0, most, sentence) + torch.arange(len(sentence))[:, None] * (most + 1)
        sums = mixed.new_zeros(len(sentence) * (most + 1), mixed.shape[-1])
        sums = sums.index_add(0, place.flatten(), mixed.flatten(0, 1))
        counts = torch.bincount(place.flatten(), minlength=len(sums)).clamp(min=1)
        wanted = rows[:, 0] * (most + 1) + rows[:, 1]
        pooled = sums[wanted] / counts[wanted][:, None]
        return cast(torch.Tensor, self.heads["themes"](self.dropout(pooled)))

    def document_scores(self, mixed: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return document-type scores of windows: the mean of their tokens, ``(rows, labels)``."""
        weights = mask[..., None].to(mixed.dtype)
        pooled = (mixed * weights).sum(1) / weights.sum(1)
        return cast(torch.Tensor, self.heads["doc_type"](self.dropout(pooled)))

    def every_score(self, last: torch.Tensor, mixed: torch.Tensor) -> torch.Tensor:
        """Return what every head says of every token, side by side: ``(rows, tokens, classes)``.

        The score of a sentence or document is the mean over its tokens, since its head is linear.
        """
        pooled = [self.heads[name](mixed) for name in TASKS if name not in TOKEN_TASKS]
        return torch.cat([*self.token_scores(last).values(), *pooled], dim=-1)

    def loss(self, batch: Batch) -> dict[str, torch.Tensor]:
        """Return the weighted loss a task; tasks that no row is annotated for are left out."""
        last, mixed = self.states(batch.ids, batch.mask)
        out = {}
        for name, scores in self.token_scores(last).items():
            known = batch.tags[name] != UNKNOWN
            if known.any():
                each = functional.cross_entropy(scores[known].float(), batch.tags[name][known], reduction="none")
                out[name] = TASKS[name].weight * _mean(each, batch.weight[:, None].expand_as(known)[known])
        if len(batch.themes):
            scores = self.sentence_scores(mixed, batch.sentence, batch.theme_rows).float()
            each = functional.binary_cross_entropy_with_logits(scores, batch.themes, reduction="none").mean(1)
            out["themes"] = TASKS["themes"].weight * _mean(each, batch.weight[batch.theme_rows[:, 0]])
        known = batch.doc_type != UNKNOWN
        if known.any():
            scores = self.document_scores(mixed, batch.mask)[known].float()
            each = functional.cross_entropy(scores, batch.doc_type[known], reduction="none")
            out["doc_type"] = TASKS["doc_type"].weight * _mean(each, batch.weight[known])
        return out


def _mean(losses: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return (losses * weight).sum() / weight.sum()


def _without_pooler(model_type: str) -> dict[str, bool]:
    # a pooler would be made at random and never used; not every architecture knows the word
    return {"add_pooling_layer": False} if model_type in ("bert", "roberta", "xlm-roberta", "camembert") else {}
