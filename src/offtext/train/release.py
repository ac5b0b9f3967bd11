"""From a training run to a model folder: the network exported, and all that layers weigh it by fitted and calibrated.

    offtext export RUN --recipe RECIPE.toml -o MODEL --annotations FOLDER ... --corpora FOLDER

What layers weigh the model's opinion by (`actors.json`, `goals.json`, `heads.safetensors`) is fitted on what networks
trained without a fold said of its texts; so is every figure that the model card shows for training texts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from offtext.encoder import Encoder, States, Store
from offtext.layers.linear import FILE
from offtext.layout import parse
from offtext.layout.structure import Layout
from offtext.train.actors import fit_actors, rows_of, write_actors
from offtext.train.annotated import Sample, read_sets
from offtext.train.document_type import fit_document_type
from offtext.train.goals import STRENGTH, THRESHOLDS, calibrate, cross_validate, example_of, fit, together
from offtext.train.manifest import write_manifest
from offtext.train.multitask.export import export_onnx, parity, save_checkpoint
from offtext.train.multitask.held import FILE as HELD
from offtext.train.multitask.held import read_held
from offtext.train.multitask.network import Network
from offtext.train.multitask.recipe import Recipe
from offtext.train.multitask.run import tokenizer_of
from offtext.train.multitask.torch_encoder import TorchEncoder, describe
from offtext.train.passages import read_passages
from offtext.train.themes import Annotated, fit_themes
from offtext.train.weak import Typed, beginning, own_documents, weak_documents

SEED = 13
WINDOW = 256
ANNOTATED_WEIGHT, PASSAGE_WEIGHT = 3.0, 2.0
# Publishers with fewer annotated documents are left out together when figures for new sources are made.
FEW = 40
OWN = "own"


@dataclass(frozen=True)
class Sources:
    """Where the texts lie that a model's weights are fitted on.

    Attributes:
        annotations: Folders of annotated sets, see `offtext.train.annotated`.
        sets: The sets, each with its weight.
        corpora: Folder of the files that `types/sources.toml` names.
        types: Our own short documents, a folder a type, and `sources.toml`.
        passages: Our own sentences with their themes.
    """

    annotations: Sequence[Path]
    sets: Mapping[str, float]
    corpora: Path
    types: Path
    passages: Path


def release(
    run: Path, recipe: Recipe, folder: Path, sources: Sources, facts: Mapping[str, Any], *, say: Callable[[str], None]
) -> dict[str, float]:
    """Write a model folder and return every cross-validated figure.

    Args:
        run: Folder that `offtext train` filled, folds and all.
        recipe: The recipe of the run.
        folder: The model's; files of the same names are replaced, others stay.
        sources: What to fit on.
        facts: Put into the manifest: name, version, licence …
        say: Takes lines of progress.
    """
    say("exporting")
    network = Network(run, attention="eager").eval()
    window = min(WINDOW, network.longest)
    export_onnx(network, folder, longest=window)
    save_checkpoint(network, folder)
    tokenizer = tokenizer_of(str(run))
    (folder / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
    own = {**describe(network, window), "layers": int(network.encoder.config.num_hidden_layers), **facts}

    samples = read_sets(sources.annotations, sources.sets)
    text_of = {str(row["id"]): str(row["text"]) for row in recipe.datasets()["train"]}
    unseen = read_held(run / f"fold-{n}" for n in range(recipe.folds) if (run / f"fold-{n}" / HELD).exists())
    said = {text_of[name]: states for name, states in unseen.items()}
    figures: dict[str, float] = {}
    say(f"{len(samples)} annotated documents, {sum(s.text in said for s in samples)} of them read unseen; actors")
    weights, found = fit_actors(rows_of(((s.text, s.text, s.gold) for s in samples), said))
    write_actors(folder, weights)
    figures |= found
    say("goals")
    figures |= _goals(folder, samples, said)
    say("themes")
    layouts = {sample.text: parse(sample.text) for sample in samples}
    arrays, found = fit_themes(_themed(samples, layouts, said, sources), SEED)
    figures |= found
    say("document types")
    typed, found = _types(samples, layouts, said, sources)
    figures |= found
    _save(folder, {**arrays, **typed})

    # not by open_store: what a process has verified once it does not look at again, and more is written below
    encoder = Encoder(Store(folder, write_manifest(folder, own)))
    some = [sample.text[:4000] for sample in samples[:20]]
    centre = np.concatenate([s.sentences for s in encoder.encode([parse(text) for text in some])]).mean(axis=0)
    _save(folder, {**arrays, **typed, "themes.centre": centre})
    compared = parity(TorchEncoder(network, tokenizer, length=window), encoder, some)
    write_manifest(folder, {**own, "cross_validated": _rounded(figures), "parity": _rounded(compared)})
    return figures


def _goals(folder: Path, samples: Sequence[Sample], said: Mapping[str, States]) -> dict[str, float]:
    examples = [example_of(sample, said[sample.text]) for sample in samples if sample.text in said]
    by_set, outcomes = cross_validate(examples, STRENGTH, THRESHOLDS)
    best = max(THRESHOLDS, key=lambda t: together(by_set, t).f)
    weights = replace(fit(examples, threshold=best), calibration=calibrate(outcomes))
    text = json.dumps(asdict(weights), ensure_ascii=False, separators=(",", ":"))
    (folder / "goals.json").write_text(text + "\n", encoding="utf-8")
    return {"goal F1": together(by_set, best).f}


def _themed(
    samples: Sequence[Sample], layouts: Mapping[str, Layout], said: Mapping[str, States], sources: Sources
) -> list[Annotated]:
    names = _pooled([_publisher(sample) for sample in samples])
    found = [
        Annotated(
            layouts[s.text],
            said[s.text].of_sentences["themes"] if s.text in said else None,
            s.gold["theme_sentences"],
            s.gold["themes"],
            name,
            s.weight,
        )
        for s, name in zip(samples, names, strict=True)
    ]
    passages = read_passages(sources.passages)
    return found + [Annotated(parse(p.text), None, p.sentences, None, OWN, PASSAGE_WEIGHT) for p in passages]


def _types(
    samples: Sequence[Sample], layouts: Mapping[str, Layout], said: Mapping[str, States], sources: Sources
) -> tuple[dict[str, Any], dict[str, float]]:
    names = _pooled([_publisher(sample) for sample in samples])
    typed = [Typed(s.text, s.gold["doc_type"], ANNOTATED_WEIGHT, n) for s, n in zip(samples, names, strict=True)]
    known = {beginning(sample.text) for sample in samples}
    more = [
        *weak_documents(sources.types / "sources.toml", sources.corpora, known, SEED),
        *own_documents(sources.types),
    ]
    more += [Typed(p.text, p.kind, PASSAGE_WEIGHT, OWN) for p in read_passages(sources.passages)]
    every = [*typed, *more]
    meaning = [said[d.text].of_document["doc_type"] if d.text in said else None for d in every]
    return fit_document_type(every, [layouts.get(d.text) or parse(d.text) for d in every], meaning, SEED)


def _pooled(publishers: Sequence[str]) -> list[str]:
    return [name if publishers.count(name) >= FEW else "few" for name in publishers]


def _publisher(sample: Sample) -> str:
    """Name who published a document: the first part of its source; everything else is from the government's site."""
    first = sample.source.split("/")[0]
    municipal = {
        "suntarbetsliv", "botkyrka", "kungsbacka", "jobtech", "digidemlab", "openup", "mynewsdesk", "party_programmes",
        "student_minutes", "malmo", OWN,
    }  # fmt: skip
    return first if first in municipal else "regeringen"


def _save(folder: Path, arrays: Mapping[str, Any]) -> None:
    """Write the arrays in half precision (they are read in single)."""
    from safetensors.numpy import save_file

    small = {name: np.ascontiguousarray(array, dtype=np.float16) for name, array in arrays.items()}
    save_file(small, str(folder / FILE))


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}
