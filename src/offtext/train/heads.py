"""Fits the linear heads of themes and document type on frozen encoder states, and writes them into the model folder.

    python benchmarks/practice.py PRACTICE
    python -m offtext.train.heads models/sv_offtext --annotations ANNOTATIONS --practice PRACTICE --corpora CORPORA

ANNOTATIONS holds `train.texts.jsonl` and `train.gold.jsonl`, PRACTICE the same for our own annotated documents; CORPORA
the files that `corpora/doctypes/sources.toml` names. Our own short texts lie in `corpora/doctypes/LABEL/`, sentences
with their themes in `corpora/themes/`. Every figure printed is cross-validated by document; every
choice (mix, thresholds, temperature) is made on predictions for documents that the parts had not seen.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from offtext.encoder import States, load_encoder
from offtext.encoder.onnx import Encoder
from offtext.labels import DOC_TYPES, THEMES
from offtext.layers.linear import FILE
from offtext.layout import parse
from offtext.layout.structure import Layout
from offtext.train.annotated import read_split
from offtext.train.base import write_manifest
from offtext.train.document_type import fit_document_type
from offtext.train.passages import read_passages
from offtext.train.themes import Annotated, fit_themes
from offtext.train.weak import Typed, beginning, own_documents, weak_documents

SEED = 13
# Our own documents are few and unlike the publishers'; chosen on documents of neither.
PRACTICE_WEIGHT, PASSAGE_WEIGHT = 1.5, 2.0
# Publishers with fewer annotated documents are left out together when figures for new sources are made.
FEW = 5
OWN = "own"


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit both heads from the command line and print the cross-validated figures as JSON."""
    parser = argparse.ArgumentParser(description="Fit the heads of themes and document type.")
    parser.add_argument("model", type=Path, help="model folder with an encoder; the heads are written into it")
    parser.add_argument("--annotations", type=Path, required=True)
    parser.add_argument("--practice", type=Path, help="folder that benchmarks/practice.py wrote")
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--own", type=Path, default=Path("corpora/doctypes"))
    parser.add_argument("--passages", type=Path, default=Path("corpora/themes/passages.txt"))
    parser.add_argument("--cache", type=Path, help="where states are kept between runs (.npz)")
    args = parser.parse_args(arguments)

    encoder = load_encoder(args.model)
    golds = read_annotations(args.annotations, "train")
    for split in ("formal", "informal") if args.practice else ():
        golds += [(text, gold, OWN) for text, gold, _ in read_annotations(args.practice, split)]
    layouts = [parse(text) for text, _, _ in golds]
    states = read_states(encoder, layouts, args.cache)
    passages = read_passages(args.passages)
    passage_layouts = [parse(passage.text) for passage in passages]
    passage_states = read_states(encoder, passage_layouts, args.cache)
    sources = _pooled([publisher for _, _, publisher in golds])
    annotated = [
        Annotated(
            layout,
            state.sentences,
            gold["theme_sentences"],
            gold["themes"],
            source,
            PRACTICE_WEIGHT if source == OWN else 1.0,
        )
        for layout, state, source, (_, gold, _) in zip(layouts, states, sources, golds, strict=True)
    ]
    annotated += [
        Annotated(layout, state.sentences, passage.sentences, None, OWN, PASSAGE_WEIGHT)
        for layout, state, passage in zip(passage_layouts, passage_states, passages, strict=True)
    ]
    arrays, figures = fit_themes(annotated, SEED)

    typed = [Typed(text, gold["doc_type"], 3.0, source) for source, (text, gold, _) in zip(sources, golds, strict=True)]
    held_out = {
        beginning(text) for split in ("train", "dev") for text, _, _ in read_annotations(args.annotations, split)
    }
    more = [*weak_documents(args.own / "sources.toml", args.corpora, held_out, SEED), *own_documents(args.own)]
    more += [Typed(passage.text, passage.kind, 2.0, OWN) for passage in passages]
    more_layouts = [parse(document.text) for document in more]
    states += read_states(encoder, more_layouts, args.cache)
    vectors = np.stack([s.document for s in states])
    type_arrays, type_figures = fit_document_type([*typed, *more], [*layouts, *more_layouts], vectors, SEED)

    write_heads(args.model, {**arrays, **type_arrays}, {**figures, **type_figures})
    print(json.dumps({**figures, **type_figures}, indent=1))


def _pooled(publishers: Sequence[str]) -> list[str]:
    return [name if publishers.count(name) >= FEW else "few" for name in publishers]


def read_annotations(folder: Path, split: str) -> list[tuple[str, dict[str, Any], str]]:
    """Return text, stand-off annotation and publisher of every document of a split."""
    return [(row["text"], gold, _publisher(row.get("source", ""))) for row, gold in read_split(folder, split)]


def read_states(encoder: Encoder, layouts: Sequence[Layout], cache: Path | None) -> list[States]:
    """Return the states of every text; those in the cache, made by the same encoder, are not read again."""
    known: dict[str, npt.NDArray[np.float32]] = {}
    if cache is not None and cache.is_file():
        with np.load(cache, allow_pickle=False) as stored:
            known = {name: stored[name] for name in stored.files}
    made_by = encoder.store.manifest["files"]["encoder.onnx"]
    names = [_name(made_by, layout) for layout in layouts]
    missing = [n for n, name in enumerate(names) if name not in known]
    for start in range(0, len(missing), 64):
        part = missing[start : start + 64]
        for n, states in zip(part, encoder.encode([layouts[n] for n in part]), strict=True):
            known[names[n]] = np.concatenate([states.document[None], states.sentences])
    if cache is not None and missing:
        np.savez(cache, **known)  # type: ignore[arg-type]
    return [States(known[name][1:], known[name][0], encoder.store) for name in names]


def _name(made_by: str, layout: Layout) -> str:
    """Name a text, its sentences and the encoder that read it."""
    ends = ",".join(f"{s.start}-{s.end}" for s in layout.sentences)
    return hashlib.sha256((made_by + ends + layout.text).encode("utf-8", "surrogatepass")).hexdigest()


def write_heads(model: Path, arrays: dict[str, npt.NDArray[Any]], figures: dict[str, float]) -> None:
    """Write the arrays in half precision (they are read in single) and bring the manifest up to date."""
    from safetensors.numpy import save_file

    small = {name: np.ascontiguousarray(array, dtype=np.float16) for name, array in arrays.items()}
    save_file(small, str(model / FILE))
    facts = json.loads((model / "manifest.json").read_text(encoding="utf-8"))
    facts.pop("files", None)
    facts["labels"] = {"themes": list(THEMES), "document_type": list(DOC_TYPES)}
    facts["cross_validated"] = {name: round(value, 3) for name, value in figures.items()}
    write_manifest(model, facts)


def _publisher(source: str) -> str:
    """Name the publisher behind a source id; everything that is not municipal comes from the government's site."""
    first = source.split("/")[0]
    municipal = {
        "suntarbetsliv", "botkyrka", "kungsbacka", "jobtech", "digidemlab", "openup", "mynewsdesk", "party_programmes",
        "student_minutes", "malmo",
    }  # fmt: skip
    return first if first in municipal else "regeringen"


if __name__ == "__main__":
    main()
