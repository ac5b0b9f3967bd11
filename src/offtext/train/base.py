"""From a Hugging Face encoder to the model folder that offtext reads with: ONNX in 8 bits, tokenizer, manifest.

    python -m offtext.train.base CHECKPOINT models/sv_offtext --layers 12 --prefix 'query: '

CHECKPOINT is a hub id or a folder (`intfloat/multilingual-e5-small`, `KB/bert-base-swedish-cased`, your own). The
encoder is cut after the deepest of the layers whose states are asked for; their mean comes out, one vector a token.
Inputs are never padded: the runtime sends one window at a time, because 8-bit activations are scaled by what else is
in the batch, and the same text must give the same result in any company.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from offtext.errors import MissingExtra, ModelError

if TYPE_CHECKING:
    import torch

OPSET = 18


def export_encoder(
    checkpoint: str | Path,
    folder: str | Path,
    *,
    layers: Sequence[int] = (12,),
    quantise: bool = True,
    max_tokens: int | None = None,
) -> dict[str, Any]:
    """Write `encoder.onnx` and `tokenizer.json` into `folder` and return the facts for the manifest.

    Args:
        checkpoint: A hub id or a folder with `config.json`, weights and `tokenizer.json`; BERT- or RoBERTa-like.
        folder: Where to write; made if missing.
        layers: The layers whose states are averaged, counted from 1; the encoder ends at the deepest.
        quantise: Store and compute with 8-bit integers (a quarter of the size, about twice the speed).
        max_tokens: Longest window with its two special tokens; the checkpoint's own limit when None.

    Raises:
        MissingExtra: torch, transformers or onnx is not installed.
        ModelError: The checkpoint has fewer layers than asked for, or no fast tokenizer.
    """
    try:
        import onnx  # noqa: F401
        import torch
    except ImportError as error:
        raise MissingExtra(error.name or "torch", "train", "Exporting an encoder") from None

    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    module, config = _cut(checkpoint, layers)
    longest = _positions(config) if max_tokens is None else max_tokens
    tokens = torch.arange(5, 5 + min(16, longest)).remainder(config.vocab_size)[None]
    with tempfile.TemporaryDirectory() as scratch:
        exact = Path(scratch) / "encoder.onnx"
        length = torch.export.Dim("length", min=1, max=longest)
        torch.onnx.export(
            module,
            (tokens,),
            str(exact),
            input_names=["input_ids"],
            output_names=["states"],
            dynamic_shapes={"input_ids": {1: length}},
            opset_version=OPSET,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
        if quantise:
            _quantise(exact, folder / "encoder.onnx")
        else:
            (folder / "encoder.onnx").write_bytes(exact.read_bytes())
    _write_tokenizer(checkpoint, folder)
    return {
        "layers": sorted(layers),
        "width": int(config.hidden_size),
        "max_tokens": int(longest),
        "quantised": quantise,
    }


def parity(
    checkpoint: str | Path, folder: str | Path, texts: Sequence[str], *, layers: Sequence[int]
) -> dict[str, float]:
    """Compare the exported encoder with the checkpoint in torch: cosine of the states, token by token.

    Returns:
        'mean', 'p01' (a hundredth of the tokens is below it) and 'min' of the cosines, and 'tokens', how many.
    """
    import numpy as np
    import onnxruntime
    import torch
    from tokenizers import Tokenizer

    module, _ = _cut(checkpoint, layers)
    tokenizer = Tokenizer.from_file(str(Path(folder) / "tokenizer.json"))
    session = onnxruntime.InferenceSession(str(Path(folder) / "encoder.onnx"), providers=["CPUExecutionProvider"])
    cosines = []
    for text in texts:
        ids = np.array([tokenizer.encode(text).ids[:256]], dtype=np.int64)
        found = session.run(None, {"input_ids": ids})[0][0]
        with torch.inference_mode():
            wanted = module(torch.from_numpy(ids))[0].numpy()
        scale = np.linalg.norm(found, axis=1) * np.linalg.norm(wanted, axis=1)
        cosines.append((found * wanted).sum(1) / np.maximum(scale, 1e-12))
    every = np.concatenate(cosines)
    return {
        "mean": float(every.mean()),
        "p01": float(np.quantile(every, 0.01)),
        "min": float(every.min()),
        "tokens": len(every),
    }


def write_manifest(folder: str | Path, facts: dict[str, Any]) -> None:
    """Write `manifest.json`: the given facts and, for every file of the model, its sha256."""
    folder = Path(folder)
    names = sorted(p.name for p in folder.iterdir() if p.suffix in (".onnx", ".safetensors", ".json", ".toml"))
    files = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names if name != "manifest.json"
    }
    content = json.dumps({**facts, "files": files}, ensure_ascii=False, indent=2)
    (folder / "manifest.json").write_text(content + "\n", encoding="utf-8")


def _cut(checkpoint: str | Path, layers: Sequence[int]) -> tuple[torch.nn.Module, Any]:
    """Load the checkpoint in full precision, cut after the deepest layer, giving the mean of `layers`."""
    try:
        import torch
        from transformers import AutoConfig, AutoModel
    except ImportError as error:
        raise MissingExtra(error.name or "transformers", "train", "Reading a checkpoint") from None

    config = AutoConfig.from_pretrained(str(checkpoint))
    if not layers or min(layers) < 1 or max(layers) > config.num_hidden_layers:
        raise ModelError(checkpoint, f"it has {config.num_hidden_layers} layers, asked for {list(layers)}")
    config.num_hidden_layers = max(layers)
    # plain attention: its graph has no fused kernel that a runtime may lack
    encoder = AutoModel.from_pretrained(
        str(checkpoint), config=config, dtype=torch.float32, add_pooling_layer=False, attn_implementation="eager"
    )

    class MeanOfLayers(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
            mask = torch.ones_like(input_ids)
            hidden = self.encoder(input_ids=input_ids, attention_mask=mask, output_hidden_states=True).hidden_states
            return torch.stack([hidden[n] for n in sorted(layers)]).mean(0)

    return MeanOfLayers().eval(), config


def _quantise(exact: Path, small: Path) -> None:
    """8-bit weights a channel, embeddings too; full range (a reduced one cost four points of entity F1)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.quantization.shape_inference import quant_pre_process

    prepared = exact.with_name("prepared.onnx")
    quant_pre_process(str(exact), str(prepared), skip_symbolic_shape=True)
    quantize_dynamic(
        str(prepared),
        str(small),
        op_types_to_quantize=["MatMul", "Gemm", "Gather"],
        per_channel=True,
        reduce_range=False,
        weight_type=QuantType.QInt8,
    )


def _positions(config: Any) -> int:
    # RoBERTa-like models start counting positions after the padding index
    offset = config.pad_token_id + 1 if config.model_type in ("roberta", "xlm-roberta", "camembert") else 0
    return int(config.max_position_embeddings) - offset


def _write_tokenizer(checkpoint: str | Path, folder: Path) -> None:
    from tokenizers import Tokenizer

    local = Path(checkpoint) / "tokenizer.json"
    tokenizer = Tokenizer.from_file(str(local)) if local.is_file() else Tokenizer.from_pretrained(str(checkpoint))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    (folder / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Export from the command line."""
    parser = argparse.ArgumentParser(description="Export an encoder to ONNX in 8 bits.")
    parser.add_argument("checkpoint")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--layers", type=int, nargs="+", default=[12], help="layers whose states are averaged")
    parser.add_argument("--prefix", default="", help="what is put before every sentence (e5: 'query: ')")
    parser.add_argument("--float", action="store_true", help="keep full precision")
    args = parser.parse_args(arguments)
    facts = export_encoder(args.checkpoint, args.folder, layers=args.layers, quantise=not args.float)
    write_manifest(args.folder, {"name": args.folder.name, "version": "0", "prefix": args.prefix, **facts})


if __name__ == "__main__":
    main()
