"""The training loop: epochs of mixed batches, held-out figures after each, checkpoints, resume."""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from offtext.train.multitask.batches import Batch, Encoded, Piece, collate, groups
from offtext.train.multitask.scoring import held_out
from offtext.train.multitask.torch_encoder import TorchEncoder

Say = Callable[[str], None]
SAY_EVERY = 25  # batches: a minute or two on a laptop


@dataclass(frozen=True)
class Settings:
    """How to train.

    Attributes:
        epochs: Passes over the examples.
        length: Tokens in a window, special ones included.
        batch_tokens: Tokens in a batch.
        rate: Highest learning rate of the encoder.
        head_rate: Highest learning rate of the heads.
        warmup: Share of the steps in which the rates rise; after it they fall to nothing.
        patience: Epochs without a better held-out figure before it stops.
        hidden: Share of the tokens that are hidden behind the mask token while training, so that the model learns to
            know a name by what stands around it.
        seed: For shuffling, cutting, hiding and dropout.
        bf16: Compute in bfloat16 where the processor has it.
    """

    epochs: int = 5
    length: int = 256
    batch_tokens: int = 4096
    rate: float = 2e-4
    head_rate: float = 1e-3
    warmup: float = 0.06
    patience: int = 2
    hidden: float = 0.08
    seed: int = 1
    bf16: bool = True


class Trainer:
    """Trains a network; the state after every epoch lies in `folder`, and a new trainer there goes on from it.

    Args:
        encoder: Reads with the network that is to be trained.
        settings: How.
        special: Ids of the tokens that open and close a window.
        pad: Id of the padding token.
        mask: Id of the mask token; None hides nothing.
        folder: For the state and for `best.safetensors`.
        examples: What to train on.
        say: Takes lines of progress.
    """

    def __init__(
        self,
        encoder: TorchEncoder,
        settings: Settings,
        *,
        special: tuple[int, int],
        pad: int,
        mask: int | None,
        folder: Path,
        examples: Sequence[Encoded],
        say: Say,
    ) -> None:
        self.encoder, self.settings, self.special, self.pad = encoder, settings, special, pad
        self.mask, self.examples = mask, examples
        self.network = network = encoder.network
        self.folder, self.say = folder, say
        self.batches_an_epoch = len(self._groups(examples, settings.seed))  # every epoch has about as many
        groups = [
            {"params": list(network.encoder.parameters()), "lr": settings.rate},
            {"params": list(network.heads.parameters()), "lr": settings.head_rate},
        ]
        self.optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, self._rate)
        self.done = 0  # epochs
        self.best: dict[str, float] = {}
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "last.safetensors").exists():
            self._resume()

    def train(self, held: Sequence[Encoded]) -> dict[str, float]:
        """Train to the end and return the held-out figures of the best epoch, whose weights the network then has."""
        while self.done < self.settings.epochs and not self._stale():
            self._epoch()
            figures = self._figures(held)
            mean = sum(figures.values()) / len(figures) if figures else float(self.done)
            self.done += 1
            said = " ".join(f"{name} {value:.3f}" for name, value in figures.items())
            self.say(f"epoch {self.done} held out: mean {mean:.4f} {said}")
            if mean > self.best.get("mean", -1.0):
                self.best = {**figures, "mean": mean, "epoch": float(self.done)}
                save_file(self.network.state_dict(), self.folder / "best.safetensors")
            self._save()
        self.network.load_state_dict(load_file(self.folder / "best.safetensors"))
        return self.best

    def _epoch(self) -> None:
        seed = self.settings.seed * 1000 + self.done
        torch.manual_seed(seed)  # so that a resumed epoch is the same as an unbroken one
        self.network.train()
        sums: dict[str, float] = defaultdict(float)
        started, tokens = time.monotonic(), 0
        for count, rows in enumerate(self._groups(self.examples, seed), 1):
            batch = collate(rows, self.special, self.pad)
            for name, loss in self._step(batch).items():
                sums[name] += loss
            tokens += batch.tokens
            if count % SAY_EVERY == 0:
                rate = tokens / (time.monotonic() - started)
                left = (self.settings.epochs - self.done) * self.batches_an_epoch - count
                minutes = left * tokens / count / rate / 60
                losses = " ".join(f"{name} {value / count:.3f}" for name, value in sums.items())
                place = f"epoch {self.done + 1} batch {count} of about {self.batches_an_epoch}"
                self.say(f"{place}, {rate:.0f} tokens/s, {minutes:.0f} min left: {losses}")

    def _groups(self, examples: Sequence[Encoded], seed: int) -> list[list[Piece]]:
        settings = self.settings
        return groups(examples, length=settings.length - 2, tokens=settings.batch_tokens, seed=seed)

    def _step(self, batch: Batch) -> dict[str, float]:
        if self.mask is not None and self.settings.hidden:
            inside = (batch.sentence >= 0) & (torch.rand(batch.ids.shape) < self.settings.hidden)
            batch.ids[inside] = self.mask
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.settings.bf16):
            losses = self.network.loss(batch)
        torch.stack(list(losses.values())).sum().backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.schedule.step()
        self.optimizer.zero_grad(set_to_none=True)
        return {name: float(loss.detach()) for name, loss in losses.items()}

    def _figures(self, held: Sequence[Encoded]) -> dict[str, float]:
        return held_out(self.encoder, held)

    def _rate(self, step: int) -> float:
        steps = self.batches_an_epoch * self.settings.epochs
        rising = max(1, int(steps * self.settings.warmup))
        return min((step + 1) / rising, max(0.0, (steps - step) / max(1, steps - rising)))

    def _stale(self) -> bool:
        return self.done - self.best.get("epoch", 0.0) >= self.settings.patience > 0 and self.done > 0

    def _save(self) -> None:
        tensors = {f"network.{name}": value for name, value in self.network.state_dict().items()}
        for number, state in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{number}.{key}": value for key, value in state.items()}
        progress = {"epoch": self.done, "step": self.schedule.last_epoch, "best": self.best}
        # the place stands in the weights' own file, renamed when whole: the two cannot come from different epochs
        part = self.folder / "last.safetensors.part"
        save_file(tensors, part, metadata={"progress": json.dumps(progress)})
        part.replace(self.folder / "last.safetensors")

    def _resume(self) -> None:
        with safe_open(self.folder / "last.safetensors", framework="pt") as file:
            progress = json.loads(file.metadata()["progress"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  it is no dictionary
        own = {n.removeprefix("network."): v for n, v in tensors.items() if n.startswith("network.")}
        self.network.load_state_dict(own)
        state = self.optimizer.state_dict()
        for name, value in tensors.items():
            if name.startswith("optimizer."):
                _, number, key = name.split(".", 2)
                state["state"].setdefault(int(number), {})[key] = value
        self.optimizer.load_state_dict(state)
        self.schedule.last_epoch = progress["step"]
        for group, base in zip(self.optimizer.param_groups, self.schedule.base_lrs, strict=True):
            group["lr"] = base * self._rate(progress["step"])
        self.done, self.best = progress["epoch"], progress["best"]
