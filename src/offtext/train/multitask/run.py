"""From a recipe to a trained checkpoint."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import AutoTokenizer

from offtext.errors import ConfigError, ModelError
from offtext.train.multitask.batches import encode
from offtext.train.multitask.loop import Trainer
from offtext.train.multitask.network import HEADS, Network
from offtext.train.multitask.recipe import Recipe
from offtext.train.multitask.torch_encoder import TorchEncoder


def train_recipe(recipe: Recipe, folder: Path, *, say: Callable[[str], None] = print) -> dict[str, float]:
    """Train by a recipe and return the held-out figures of the best epoch; the same call resumes a broken run.

    Args:
        recipe: What to train on, and how.
        folder: For the checkpoint (`model.safetensors`, `config.json`, `tokenizer.json`, `heads.safetensors`), which
            another recipe may have as its base, `figures.json`, and the state to resume from.
        say: Takes lines of progress.

    Raises:
        ModelError: The base is no encoder with a fast tokenizer.
        ConfigError: The recipe leaves nothing to train on.
    """
    tokenizer = _tokenizer(recipe.base)
    opening = tokenizer.encode("").ids
    pad = tokenizer.token_to_id("<pad>")
    pad = tokenizer.token_to_id("[PAD]") if pad is None else pad
    train_on, held = ([encode(example, tokenizer) for example in part] for part in recipe.examples())
    if not train_on:
        raise ConfigError("the recipe leaves nothing to train on: every [[data]] is empty or held out")
    torch.manual_seed(recipe.settings.seed)  # the heads begin at random
    network = Network(recipe.base, layers=recipe.layers)
    tokens = sum(len(encoded.tokens.ids) for encoded in train_on)
    say(f"{len(train_on)} texts, {tokens:,} tokens; {len(held)} held out; {torch.get_num_threads()} threads")
    encoder = TorchEncoder(network, tokenizer, length=recipe.settings.length)
    trainer = Trainer(
        encoder,
        recipe.settings,
        special=(opening[0], opening[-1]),
        pad=pad or 0,
        folder=folder,
        tokens=tokens,
        say=say,
    )
    figures = trainer.train(train_on, held)
    tokenizer.save(str(folder / "tokenizer.json"))
    network.encoder.save_pretrained(folder)
    save_file(network.parts, folder / HEADS)
    said = {"base": recipe.base, "settings": asdict(recipe.settings), "held out": figures}
    (folder / "figures.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    return figures


def _tokenizer(base: str) -> Tokenizer:
    local = Path(base) / "tokenizer.json"
    if local.is_file():
        tokenizer = Tokenizer.from_file(str(local))
    else:
        fast = AutoTokenizer.from_pretrained(base)
        if not fast.is_fast:
            raise ModelError(base, "its tokenizer gives no character offsets", "Choose a model with tokenizer.json.")
        tokenizer = fast.backend_tokenizer
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
