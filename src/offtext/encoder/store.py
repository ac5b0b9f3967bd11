"""Finds a model by name or folder and makes sure that it is whole and unaltered.

A model folder holds `manifest.json`, which names every other file with its sha256. Only ONNX, safetensors, JSON and
TOML are ever loaded: nothing that can run code.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from offtext.errors import ModelError, UnknownName

SUFFIXES = (".onnx", ".safetensors", ".json", ".toml")
DEFAULT = "sv_offtext"


@dataclass(frozen=True)
class Store:
    """A verified model folder.

    Attributes:
        folder: Where it lies.
        manifest: What it says of itself: 'name', 'version', 'layers', 'max_tokens', 'labels', 'licence', 'files' …
        digest: sha256 of the manifest: the same folder with the same digest is the same model.
    """

    folder: Path
    manifest: dict[str, Any] = field(compare=False)
    digest: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """The model's name."""
        return str(self.manifest["name"])

    @property
    def version(self) -> str:
        """The model's version; a change of any file comes with a new one."""
        return str(self.manifest["version"])

    def path(self, file: str) -> Path:
        """Return the path of one of the model's files.

        Raises:
            ModelError: The manifest does not list it.
        """
        if file not in self.manifest["files"]:
            raise ModelError(self.folder, f"it has no {file}", "Use a model that holds it, or train its heads.")
        return self.folder / file

    def has(self, file: str) -> bool:
        """Tell whether the model holds a file of that name."""
        return file in self.manifest["files"]


def open_store(name: str | Path = DEFAULT) -> Store:
    """Return the model called `name`, or the one in the folder `name`; verified once a process.

    Raises:
        UnknownName: There is neither such a model nor such a folder.
        ModelError: The folder is incomplete or a file was altered.
    """
    return _open(_resolve(name).resolve())


def _resolve(name: str | Path) -> Path:
    if Path(name).is_dir():
        return Path(name)
    # in an installed package the models lie inside it; in a source checkout beside `src`
    package = Path(str(files("offtext")))
    homes = (package / "models", package.parent.parent / "models")
    for home in homes:
        if (home / str(name)).is_dir():
            return home / str(name)
    known = {p.name for home in homes if home.is_dir() for p in home.iterdir() if p.is_dir()}
    raise UnknownName("model", str(name), known)


@cache
def _open(folder: Path) -> Store:
    advice = "Install offtext again, or take the folder anew from where it came."
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        listed = dict(manifest["files"])
        _ = manifest["name"], manifest["version"]
    except FileNotFoundError:
        raise ModelError(folder, "manifest.json is missing", advice) from None
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(folder, f"manifest.json is not a manifest ({error!r})", advice) from error
    for file, digest in listed.items():
        if Path(file).name != file or Path(file).suffix not in SUFFIXES:
            raise ModelError(folder, f"{file} is not a kind of file that a model may hold", f"Allowed: {SUFFIXES}.")
        try:
            found = _sha256(folder / file)
        except FileNotFoundError:
            raise ModelError(folder, f"{file} is missing", advice) from None
        if found != digest:
            raise ModelError(folder, f"{file} is not the file that the manifest describes (sha256 differs)", advice)
    return Store(folder, manifest, _sha256(folder / "manifest.json"))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
