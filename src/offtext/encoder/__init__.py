"""The encoder: reads every text once and tells the layers what it makes of its tokens, its sentences and the whole.

encoder = load_encoder()
states = encoder.encode([layout])[0]
"""

from __future__ import annotations

from pathlib import Path

from offtext.encoder.onnx import Encoder
from offtext.encoder.states import Scores, States, scores_for
from offtext.encoder.store import DEFAULT, Store, open_store

__all__ = ["Encoder", "Scores", "States", "Store", "load_encoder", "open_store", "scores_for"]


def load_encoder(name: str | Path = DEFAULT, threads: int | None = None) -> Encoder:
    """Return the encoder of a model, by its name or its folder; the model's files are verified once a process.

    Args:
        name: 'sv_offtext', which comes with offtext, or a folder made by `offtext export`.
        threads: How many windows are read at the same time; as many as there are cores when None. The result is the
            same for any number.

    Raises:
        UnknownName: There is no such model.
        ModelError: The model is incomplete or a file of it was altered.
    """
    return Encoder(open_store(name), threads)
