"""What networks said of texts they had not seen: what later steps are fitted and calibrated on.

The annotated texts are dealt into folds; a network trained without a fold reads it. One file a fold, safetensors.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

from offtext.encoder import Scores, States, Store
from offtext.encoder.states import heads_of
from offtext.encoder.windows import Floats
from offtext.train.multitask.batches import Encoded
from offtext.train.multitask.torch_encoder import TorchEncoder

FILE = "held.safetensors"


def fold_of(id: str, folds: int) -> int:
    """Return the fold of a text; the same in every run, whatever other texts there are."""
    return int.from_bytes(hashlib.sha256(id.encode()).digest()[:4], "big") % folds


def write_held(encoder: TorchEncoder, texts: Sequence[Encoded], folder: Path) -> None:
    """Let a network read texts it was not trained on and keep what it says, in half precision."""
    encoder.network.eval()
    arrays: dict[str, Any] = {}
    for number, encoded in enumerate(texts):
        [states] = encoder.read([encoded.tokens])
        arrays |= {f"{number}.{name}": np.ascontiguousarray(part) for name, part in _parts(states).items()}
    facts = {"ids": [encoded.example.id for encoded in texts], "heads": encoder.store.manifest["heads"]}
    save_file(arrays, folder / FILE, metadata={"facts": json.dumps(facts)})


def _parts(states: States) -> dict[str, Any]:
    parts: dict[str, Any] = {f"sentences.{name}": a.astype(np.float16) for name, a in states.of_sentences.items()}
    parts |= {f"document.{name}": a.astype(np.float16) for name, a in states.of_document.items()}
    if states.scores is not None:
        parts |= {"starts": states.scores.starts, "ends": states.scores.ends}
        parts["logits"] = states.scores.logits.astype(np.float16)
    return parts


def read_held(folders: Iterable[Path]) -> dict[str, States]:
    """Return what was said of every text, by its id; vectors of sentences and documents were not kept."""
    found: dict[str, States] = {}
    for folder in folders:
        with safe_open(folder / FILE, framework="np") as file:
            facts = json.loads(file.metadata()["facts"])
            store = Store(folder, {"name": "held", "version": "0", "heads": facts["heads"], "files": {}})
            names = set(file.keys())
            for number, id in enumerate(facts["ids"]):
                own = {n.split(".", 1)[1]: file.get_tensor(n) for n in names if n.startswith(f"{number}.")}
                found[id] = _states(own, store)
    return found


def _states(parts: dict[str, Any], store: Store) -> States:
    heads = heads_of(store)
    narrow = [head for head in heads if head.form in ("spans", "tokens")]
    of_sentences = {h.task: _floats(parts[f"sentences.{h.task}"]) for h in heads if h.form == "sentences"}
    scores = Scores(
        parts["starts"],
        parts["ends"],
        _floats(parts["logits"]),
        {head.task: head.labels for head in narrow},
        {head.task: (head.first, head.last) for head in narrow},
    )
    count = len(next(iter(of_sentences.values()), ()))
    return States(
        sentences=np.zeros((count, 0), dtype=np.float32),
        document=np.zeros(0, dtype=np.float32),
        store=store,
        scores=scores,
        of_sentences=of_sentences,
        of_document={h.task: _floats(parts[f"document.{h.task}"]) for h in heads if h.form == "document"},
    )


def _floats(array: np.ndarray) -> Floats:
    return np.asarray(array, dtype=np.float32)
