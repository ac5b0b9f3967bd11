"""The encoder in torch: the same windows and states as at run time, from a network that is not exported yet."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from offtext.encoder import Encoder, Store
from offtext.encoder.tokens import Tokens
from offtext.encoder.windows import Floats, Window
from offtext.train.multitask.network import Network
from offtext.train.multitask.tasks import TASKS, TOKEN_TASKS

if TYPE_CHECKING:
    import tokenizers


class TorchEncoder(Encoder):
    """Reads with a network in full precision; everything else is as with the exported model.

    Args:
        network: What reads.
        tokenizer: Its tokenizer, without truncation and padding.
        length: Most tokens in a window, special ones included.
    """

    def __init__(self, network: Network, tokenizer: tokenizers.Tokenizer, *, length: int) -> None:
        super().__init__(Store(Path(), describe(network, length)), threads=1)
        self.network = network
        self.__dict__["_tokenizer"] = tokenizer  # in the place of the one that would be read from a folder

    @torch.no_grad()
    def _read(self, tokens: Tokens, window: Window) -> tuple[Window, Floats, Floats]:
        opening, closing = self._frame
        ids = [*opening, *tokens.ids[window.start : window.end], *closing]
        row = torch.tensor([ids])
        last, mixed = self.network.states(row, torch.ones_like(row))
        scores = self.network.every_score(last, mixed)
        inside = slice(len(opening), len(ids) - len(closing))
        return window, scores[0, inside].float().numpy(), mixed[0, inside].float().numpy()


def describe(network: Network, length: int) -> dict[str, Any]:
    """Return what the manifest of a model says of its shape: width, longest window, the heads in order."""
    order = [*TOKEN_TASKS, *(name for name in TASKS if name not in TOKEN_TASKS)]
    heads = [{"task": name, "form": TASKS[name].form, "labels": list(TASKS[name].labels)} for name in order]
    return {
        "name": "untitled",
        "version": "0",
        "width": int(network.encoder.config.hidden_size),
        "max_tokens": min(length, network.longest),
        "heads": heads,
        "files": {},
    }
