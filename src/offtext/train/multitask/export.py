"""From a trained network to the files that offtext reads with: ONNX in 8 bits and a half-precision checkpoint.

Inputs are never padded: the runtime sends one window at a time, because 8-bit activations are scaled by what else is
in the batch, and the same text must give the same result in any company.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from offtext.encoder import Encoder
from offtext.encoder.tokens import tokenise
from offtext.train.multitask.network import RELEASED, Network
from offtext.train.multitask.torch_encoder import TorchEncoder

OPSET = 18
ONNX = "encoder.onnx"


class _Graph(nn.Module):
    """What is exported: ids of one window in; scores of all heads and the mixed states out, token by token."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        last, mixed = self.network.states(input_ids, torch.ones_like(input_ids))
        return self.network.every_score(last, mixed), mixed


def export_onnx(network: Network, folder: Path, *, longest: int, quantise: bool = True) -> None:
    """Write `encoder.onnx` with the input `input_ids` and the outputs `scores` and `states`; lengths are free.

    Args:
        network: What to export; made with `attention='eager'`, whose graph every runtime can run.
        folder: Where to write; made if missing.
        longest: Most tokens in a window.
        quantise: Store and compute with 8-bit integers: a quarter of the size, about twice the speed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokens = torch.arange(5, 5 + min(16, longest)).remainder(network.encoder.config.vocab_size)[None]
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / ONNX
        torch.onnx.export(
            _Graph(network).eval(),
            (tokens,),
            str(exact),
            input_names=["input_ids"],
            output_names=["scores", "states"],
            dynamic_shapes={"input_ids": {1: torch.export.Dim("length", min=1, max=longest)}},
            opset_version=OPSET,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
        if quantise:
            _quantise(exact, folder / ONNX)
        else:
            (folder / ONNX).write_bytes(exact.read_bytes())


def save_checkpoint(network: Network, folder: Path) -> None:
    """Write `encoder.safetensors` and `config.json`: every weight in half precision, to train further from."""
    halves = {name: value.half().contiguous() for name, value in network.state_dict().items()}
    save_file(halves, folder / RELEASED)
    network.encoder.config.save_pretrained(folder)


def parity(exact: TorchEncoder, exported: Encoder, texts: Sequence[str]) -> dict[str, float]:
    """Compare the exported model with the network.

    Returns:
        'max' and 'mean' of the absolute differences of scores; 'agree', the share of tokens whose best class is the
        same in every task; 'tokens', how many were compared.
    """
    gaps, same = [], []
    for text in texts:
        tokens = tokenise(text, [(0, len(text))], exact._tokenizer)
        one, other = exact.read([tokens])[0].scores, exported.read([tokens])[0].scores
        if one is None or other is None or not len(one.logits):
            continue
        gaps.append(np.abs(one.logits - other.logits))
        same.append(np.all([one.of(t).argmax(1) == other.of(t).argmax(1) for t in one.columns], axis=0))
    every = np.concatenate(gaps)
    return {
        "max": float(every.max()),
        "mean": float(every.mean()),
        "agree": float(np.concatenate(same).mean()),
        "tokens": float(len(every)),
    }


def _quantise(exact: Path, small: Path) -> None:
    """8-bit weights a channel, embeddings too; full range (a reduced one cost four points of entity F1)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    prepared = exact.with_name("prepared.onnx")
    quant_pre_process(str(exact), str(prepared), skip_symbolic_shape=True)
    options: dict[str, Any] = {"per_channel": True, "reduce_range": False, "weight_type": QuantType.QInt8}
    quantize_dynamic(str(prepared), str(small), op_types_to_quantize=["MatMul", "Gemm", "Gather"], **options)
