"""run.json: what was run, on what, with which model, settings and versions; and what came of it."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from offtext import __version__
from offtext.encoder import open_store
from offtext.errors import RunRefused
from offtext.jobs.batch import LAYERS_COUNTED
from offtext.jobs.folder import to_json, write_file
from offtext.pipeline import RULES, Pipeline

# what can change a text, a number or a byte of the tables
LIBRARIES = (
    "lxml",
    "numpy",
    "onnxruntime",
    "pyarrow",
    "pypdfium2",
    "python-docx",
    "scikit-learn",
    "striprtf",
    "tokenizers",
)
IDS_NAMED = 100  # of vanished documents, in run.json


@dataclass(frozen=True)
class Settings:
    """What decides the tables; a run goes on only with the same.

    Attributes:
        arguments: Files, folders and patterns, as they were named.
        model: Name or folder; None for rules alone.
        layers: The layers wanted; None for all.
        format: 'parquet' or 'jsonl'.
        text: The column of tables that holds the text.
        id: The column that names their rows.
        html: Whether to write pages.
        shard_size: Documents in a shard, on average.
    """

    arguments: tuple[str, ...]
    model: str | None
    layers: tuple[str, ...] | None = None
    format: str = "parquet"
    text: str = "text"
    id: str | None = None
    html: bool = False
    shard_size: int = 256

    def told(self) -> dict[str, Any]:
        """Return them as they stand in run.json, with the model as it is on disk.

        Raises:
            UnknownName: There is no such model or layer.
            ModelError: The model is incomplete or altered.
        """
        pipeline = Pipeline(model=self.model, layers=self.layers)  # opens nothing large
        model = {"name": RULES.name, "version": RULES.version, "digest": ""}
        if pipeline.encodes and self.model is not None:
            store = open_store(self.model)
            model = {"name": store.name, "version": store.version, "digest": store.digest}
        return {
            "arguments": list(self.arguments),
            "model": model,
            "layers": list(pipeline.layers),
            "format": self.format,
            "text": self.text,
            "id": self.id,
            "html": self.html,
            "shard_size": self.shard_size,
        }


def versions() -> dict[str, str]:
    """Return the versions that results depend on."""
    found = {"offtext": __version__, "python": ".".join(platform.python_version_tuple()[:2])}
    for library in LIBRARIES:
        try:
            found[library] = importlib.metadata.version(library)
        except importlib.metadata.PackageNotFoundError:  # vendored or repackaged
            found[library] = ""
    return found


@dataclass
class Manifest:
    """The content of run.json."""

    folder: Path
    settings: dict[str, Any]
    versions: dict[str, str]
    status: str = "running"
    inputs: dict[str, Any] = field(default_factory=dict)
    shards: dict[str, int] = field(default_factory=dict)
    counts: dict[str, Any] = field(default_factory=dict)
    sessions: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def begin(cls, folder: Path, settings: Mapping[str, Any]) -> Manifest:
        """Return the manifest of the run in a folder, a new one where there is none.

        Raises:
            RunRefused: The run there was made with other settings, model or versions.
        """
        told, with_versions = dict(settings), versions()
        manifest = cls(folder, told, with_versions)
        before = read_manifest(folder)
        if before is None and next((folder / "shards").glob("*.json"), None) is not None:
            raise RunRefused(
                folder,
                "it has finished parts, but no run.json to tell how they were made",
                "Put it back, or say --restart (restart=True) to throw them away.",
            )
        if before is not None:
            # other arguments may name the same documents: whether they do, the work list will tell
            settings_before = {**before.get("settings", {}), "arguments": told["arguments"]}
            changes = _changes(settings_before, told) + _changes(before.get("versions", {}), with_versions)
            if changes:
                raise RunRefused(
                    folder,
                    f"made with other settings: {'; '.join(changes)}",
                    "Take the settings it was made with, choose another folder, or say --restart (restart=True) "
                    "to throw these results away and begin anew.",
                )
            manifest.sessions = [
                {**session, "status": "cut off"} if session["status"] == "running" else session
                for session in before.get("sessions", [])
            ]
        return manifest

    def open_session(self, workers: int, threads: int, timeout_s: float | None) -> None:
        """Note that work begins, and write the file."""
        self.sessions.append(
            {
                "started": _now(),
                "ended": None,
                "status": "running",
                "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
                "workers": workers,
                "threads": threads,
                "timeout_s": timeout_s,
            }
        )
        self.write()

    def close_session(self, status: str, documents: int, seconds: float) -> None:
        """Note how work ended, and write the file."""
        rate = round(documents / seconds, 2) if seconds else 0.0
        self.status = status
        self.sessions[-1] |= {
            "ended": _now(),
            "status": status,
            "documents": documents,
            "seconds": round(seconds, 1),
            "documents_per_second": rate,
        }
        self.write()

    def write(self) -> None:
        """Write run.json."""
        content = {key: value for key, value in vars(self).items() if key != "folder"}
        write_file(self.folder / "run.json", to_json({"offtext": __version__, **content}))


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Return what run.json says; None where there is none.

    Raises:
        RunRefused: It is not JSON.
    """
    try:
        content: dict[str, Any] = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise RunRefused(
            folder, f"its run.json cannot be read ({error})", "Say --restart, or choose another folder."
        ) from error
    return content


def sum_of(markers: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the counts of a run from the markers of its shards."""
    plain: Counter[str] = Counter()
    kinds: dict[str, Counter[str]] = {"doc_types": Counter(), "errors": Counter(), "found": Counter()}
    rows: Counter[str] = Counter()
    for marker in markers:
        plain.update({name: marker[name] for name in ("documents", "duplicates", "failed", "with_warnings")})
        for name, counter in kinds.items():
            counter.update(marker[name])
        rows.update({table: file["rows"] for table, file in marker["files"].items()})
    return {
        **{name: plain[name] for name in ("documents", "duplicates", "failed", "with_warnings")},
        "errors": dict(sorted(kinds["errors"].items())),
        "doc_types": dict(kinds["doc_types"].most_common()),
        "found": {layer: kinds["found"][layer] for layer in LAYERS_COUNTED},
        "rows": dict(rows),
    }


def _changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """Say what differs: 'html was False, is True'."""
    names = dict.fromkeys((*before, *now))
    return [
        f"{name} was {_say(before.get(name))}, is {_say(now.get(name))}"
        for name in names
        if before.get(name) != now.get(name)
    ]


def _say(value: Any) -> str:
    if isinstance(value, Mapping):
        return " ".join(str(each)[:12] for each in value.values() if each)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
