"""A recipe: what to fine-tune, on which texts, how. A TOML file, so that a model can be made again.

::

    [model]
    base = "intfloat/multilingual-e5-small"   # a hub id, or a folder beside the recipe
    layers = 6                                # all when left out
    probe = true                              # heads of sentences and documents begin as linear probes
    folds = 3                                 # none when left out
    fold_epochs = 3                           # as many as of the whole when left out

    [training]                                # the fields of `Settings`
    epochs = 5

    [[data]]
    kind = "annotated"                        # documents annotated for every task
    texts = "train.texts.jsonl"
    gold = "train.gold.jsonl"

    [[data]]
    kind = "iob"                              # a named-entity corpus, one token a line
    file = "talbanken.iob2"
    token = 1
    tag = 2
    held_out = 10                             # every tenth part is kept for choosing
    labels.entities = { PER = "PER", ORG = "ORG", LOC = "LOC" }

    [[data]]
    kind = "typed"                            # documents whose type is known from where they were published
    table = "sources.toml"                    # see offtext.train.weak
    corpora = "public"
    own = "doctypes"                          # our own texts, a folder a type; may be left out
    characters = 1500                         # of each document

    [[data]]
    kind = "dataset"                          # a folder of `Dataset.save_to_disk`: offtext.train.multitask.features
    path = "mine"

    [[data]]
    kind = "annotated"
    texts = "dev.texts.jsonl"
    gold = "dev.gold.jsonl"
    held_out = 1                              # all of it
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from datasets import DatasetDict, load_from_disk

from offtext.errors import ConfigError, UnknownName, UnreadableFile
from offtext.train.multitask.corpus import Example, annotated, iob, typed
from offtext.train.multitask.features import from_dataset, to_dataset
from offtext.train.multitask.loop import Settings
from offtext.train.weak import Typed, beginning, own_documents, weak_documents

_KEYS = {
    "annotated": {"texts", "gold"},
    "iob": {"file", "token", "tag", "labels"},
    "dataset": {"path"},
    "typed": {"table", "corpora", "own", "characters"},
}
_COMMON = {"kind", "weight", "held_out"}


@dataclass(frozen=True)
class Recipe:
    """What a recipe file says, checked.

    Attributes:
        base: Hub id or folder of the encoder to start from.
        layers: How many of its layers to keep; all when None.
        probe: Whether heads of sentences and documents begin as linear probes, see `offtext.train.multitask.probe`.
        folds: Into how many parts the annotated texts are dealt; see `offtext.train.multitask.held`.
        fold_epochs: Epochs of the networks that are trained without a fold.
        settings: How to train.
        data: The `[[data]]` tables as written.
        folder: Where relative paths start: the recipe's folder.
    """

    base: str
    layers: int | None
    probe: bool
    folds: int
    fold_epochs: int
    settings: Settings
    data: tuple[Mapping[str, Any], ...]
    folder: Path

    def datasets(self) -> DatasetDict:
        """Read the data and return what to train on ('train') and what is held out ('held_out'), in the recipe's order.

        Raises:
            UnreadableFile: A file that the recipe names is missing.
        """
        train: list[Example] = []
        held: list[Example] = []
        for table in self.data:
            every = int(table.get("held_out", 0))
            for number, example in enumerate(self._read(table)):
                weighted = replace(example, weight=example.weight * float(table.get("weight", 1.0)))
                (held if every and number % every == 0 else train).append(weighted)
        return DatasetDict(train=to_dataset(train), held_out=to_dataset(held))

    def _read(self, table: Mapping[str, Any]) -> Any:
        if table["kind"] == "annotated":
            return annotated(self.folder / table["texts"], self.folder / table["gold"])
        if table["kind"] == "dataset":
            return from_dataset(load_from_disk(str(self.folder / table["path"])))
        if table["kind"] == "typed":
            return typed(self._typed(table))
        path = self.folder / table["file"]
        options = {key: table[key] for key in ("token", "tag", "labels") if key in table}
        return iob(path, source=path.name.split(".")[0], **options)

    def _typed(self, table: Mapping[str, Any]) -> Iterator[Typed]:
        # the annotated documents stand in the same collections and must not come in by the back door
        known = {beginning(text) for other in self.data if other["kind"] == "annotated" for text in self._texts(other)}
        found = weak_documents(self.folder / table["table"], self.folder / table["corpora"], known, self.settings.seed)
        own = own_documents(self.folder / table["own"]) if "own" in table else iter(())
        for document in (*found, *own):
            yield replace(document, text=document.text[: int(table.get("characters", len(document.text)))])

    def _texts(self, table: Mapping[str, Any]) -> Iterator[str]:
        return (example.text for example in self._read(table))


def load_recipe(path: Path) -> Recipe:
    """Read and check a recipe.

    Raises:
        UnreadableFile: Missing, or not TOML.
        UnknownName: A key or a kind of data that there is not.
        ConfigError: Something it must say is missing.
    """
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise UnreadableFile(path, "there is no such recipe", "Check the path.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableFile(path, f"not TOML ({error})", "See offtext.train.multitask.recipe for the form.") from error
    _only(said, {"model", "training", "data"}, "table")
    model, training, data = said.get("model", {}), said.get("training", {}), said.get("data", [])
    _only(model, {"base", "layers", "probe", "folds", "fold_epochs"}, "key of [model]")
    _only(training, {field.name for field in fields(Settings)}, "key of [training]")
    if "base" not in model or not data:
        raise ConfigError(f"{path}: a recipe needs [model] with base, and at least one [[data]]")
    for table in data:
        if table.get("kind") not in _KEYS:
            raise UnknownName("kind of [[data]]", str(table.get("kind")), _KEYS)
        _only(table, _KEYS[table["kind"]] | _COMMON, f"key of [[data]] of kind {table['kind']}")
    beside = path.parent / model["base"]
    base = str(beside) if beside.is_dir() else model["base"]
    settings = Settings(**training)
    folds, fold_epochs = int(model.get("folds", 0)), int(model.get("fold_epochs", settings.epochs))
    return Recipe(
        base=base,
        layers=model.get("layers"),
        probe=bool(model.get("probe", False)),
        folds=folds,
        fold_epochs=fold_epochs,
        settings=settings,
        data=tuple(data),
        folder=path.parent,
    )


def _only(said: Mapping[str, Any], known: set[str], what: str) -> None:
    for key in said:
        if key not in known:
            raise UnknownName(what, key, known)
