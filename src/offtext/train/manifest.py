"""The manifest of a model: what it says of itself, and the sha256 of every file that is loaded."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

LISTED = (".onnx", ".safetensors", ".json")  # recipes stand beside the model and are never loaded with it
LEFT_OUT = ("manifest.json", "encoder.safetensors")  # the checkpoint for further training is no part of the package


def write_manifest(folder: str | Path, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Write `manifest.json`, the given facts and the sha256 of every file of the model, and return what it says."""
    folder = Path(folder)
    names = sorted(p.name for p in folder.iterdir() if p.suffix in LISTED and p.name not in LEFT_OUT)
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    manifest = {**facts, "files": files}
    content = json.dumps(manifest, ensure_ascii=False, indent=2)
    (folder / "manifest.json").write_text(content + "\n", encoding="utf-8")
    return manifest
