"""From a recipe to a trained checkpoint."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import AutoTokenizer

from offtext.errors import ConfigError, ModelError
from offtext.train.multitask.batches import Encoded, encode
from offtext.train.multitask.features import from_dataset
from offtext.train.multitask.held import FILE, fold_of, write_held
from offtext.train.multitask.loop import Trainer
from offtext.train.multitask.network import HEADS, Network
from offtext.train.multitask.probe import probe
from offtext.train.multitask.recipe import Recipe
from offtext.train.multitask.torch_encoder import TorchEncoder


def train_recipe(recipe: Recipe, folder: Path, *, say: Callable[[str], None] = print) -> dict[str, float]:
    """Train by a recipe and return the held-out figures of the best epoch; the same call resumes a broken run.

    Where the recipe asks for folds, a network is also trained without each of them, and what it says of the texts it
    did not see is kept: later steps are fitted on that.

    Args:
        recipe: What to train on, and how.
        folder: For the checkpoint (`model.safetensors`, `config.json`, `tokenizer.json`, `heads.safetensors`), which
            another recipe may have as its base, `figures.json`, the state to resume from, and a folder a fold.
        say: Takes lines of progress.

    Raises:
        ModelError: The base is no encoder with a fast tokenizer.
        ConfigError: The recipe leaves nothing to train on.
    """
    # the optimiser's memory of rare pieces decays to numbers so small that a processor takes ten times as long over
    # them; threads take the setting over from the one that starts them, so it stands before all else
    torch.set_flush_denormal(True)
    tokenizer = tokenizer_of(recipe.base)
    data = recipe.datasets()
    train_on, held = (
        [encode(example, tokenizer) for example in from_dataset(data[part])] for part in ("train", "held_out")
    )
    if not train_on:
        raise ConfigError("the recipe leaves nothing to train on: every [[data]] is empty or held out")
    if not (folder / "figures.json").exists():
        encoder, figures = _train(recipe, tokenizer, train_on, held, folder, say)
        tokenizer.save(str(folder / "tokenizer.json"))
        encoder.network.encoder.save_pretrained(folder)
        save_file(encoder.network.parts, folder / HEADS)
        said = {"base": recipe.base, "settings": asdict(recipe.settings), "held out": figures}
        (folder / "figures.json").write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
    for fold in range(recipe.folds):
        part = folder / f"fold-{fold}"
        if (part / FILE).exists():
            continue
        say(f"without fold {fold + 1} of {recipe.folds}")
        unseen = [e for e in train_on if e.example.folded and fold_of(e.example.id, recipe.folds) == fold]
        apart = {encoded.example.id for encoded in unseen}
        seen = [encoded for encoded in train_on if encoded.example.id not in apart]
        shorter = replace(recipe, settings=replace(recipe.settings, epochs=recipe.fold_epochs))
        encoder, _ = _train(shorter, tokenizer, seen, held, part, say)
        write_held(encoder, unseen, part)
    return dict(json.loads((folder / "figures.json").read_text(encoding="utf-8"))["held out"])


def _train(
    recipe: Recipe,
    tokenizer: Tokenizer,
    train_on: Sequence[Encoded],
    held: Sequence[Encoded],
    folder: Path,
    say: Callable[[str], None],
) -> tuple[TorchEncoder, dict[str, float]]:
    opening = tokenizer.encode("").ids
    pad, mask = (_id_of(tokenizer, *names) for names in (("<pad>", "[PAD]"), ("<mask>", "[MASK]")))
    torch.manual_seed(recipe.settings.seed)  # the heads begin at random
    network = Network(recipe.base, layers=recipe.layers)
    tokens = sum(len(encoded.tokens.ids) for encoded in train_on)
    say(f"{len(train_on)} texts, {tokens:,} tokens; {len(held)} held out; {torch.get_num_threads()} threads")
    encoder = TorchEncoder(network, tokenizer, length=recipe.settings.length)
    if recipe.probe and not (folder / "last.safetensors").exists():
        say("fitting the heads of sentences and documents on the states as they are")
        probe(encoder, train_on)
    trainer = Trainer(
        encoder,
        recipe.settings,
        special=(opening[0], opening[-1]),
        pad=pad or 0,
        mask=mask,
        folder=folder,
        examples=train_on,
        say=say,
    )
    return encoder, trainer.train(held)


def _id_of(tokenizer: Tokenizer, *names: str) -> int | None:
    return next((id for name in names if (id := tokenizer.token_to_id(name)) is not None), None)


def tokenizer_of(base: str) -> Tokenizer:
    """Return the tokenizer of a checkpoint, without truncation and padding."""
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
