"""Everything offtext raises on purpose.

::

    OfftextError
    ├── InputError              what was given in cannot be used
    │   ├── UnknownFormat       no reader for this kind of file
    │   ├── UnreadableFile      missing, empty of text, encrypted, broken, too large
    │   └── MissingExtra        a library that is not installed; the message has the install line
    ├── ConfigError             a setting or a knowledge file is wrong
    │   ├── UnknownName         a label, layer, table or format that does not exist
    │   ├── LexiconError        an entry of `lexicon/` that breaks its own rules
    │   ├── ModelError          a model folder that is incomplete, altered or of another version
    │   └── RunRefused          a result folder that another run holds, or that was made with other settings
    ├── RunStopped              a run that its surroundings ended: a full disk, workers that do not start
    └── RecordError             a dictionary that is not an analysis

A *text* never raises: what is odd about it is said in `Analysis.warnings`. Every message says what is wrong,
where, what is allowed and what to do; the attributes carry the same facts for programs.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path


class OfftextError(Exception):
    """Base of every error offtext raises on purpose: catch this one to catch them all."""


class InputError(OfftextError):
    """What was given in cannot be used as it is."""


class UnknownFormat(InputError):
    """No reader knows this kind of file."""

    def __init__(self, path: str | Path, suffix: str, known: Iterable[str]) -> None:
        self.path, self.suffix, self.known = str(path), suffix, tuple(sorted(known))
        shown = f"'{suffix}'" if suffix else "a file without suffix"
        super().__init__(
            f"{self.path}: no reader for {shown}. Known: {', '.join(self.known)}."
            f"{_did_you_mean(suffix, self.known)} Convert the file, or name its format with format=."
        )


class UnreadableFile(InputError):
    """A file of a known kind that cannot be read; `reason` says why, `advice` what to do."""

    def __init__(self, path: str | Path, reason: str, advice: str = "") -> None:
        self.path, self.reason, self.advice = str(path), reason, advice
        super().__init__(f"{self.path}: {reason}." + (f" {advice}" if advice else ""))


class MissingExtra(InputError):
    """A library that this work needs is not installed."""

    def __init__(self, library: str, extra: str, purpose: str) -> None:
        self.library, self.extra, self.purpose = library, extra, purpose
        super().__init__(f"{purpose} needs '{library}', which is not installed. Run: pip install 'offtext[{extra}]'")


class ConfigError(OfftextError):
    """A setting or a knowledge file is wrong."""


class UnknownName(ConfigError):
    """A name that is not one of the known ones.

    >>> str(UnknownName("theme", "trusst", ["trust", "dialogue"]))
    "unknown theme 'trusst'. Known: dialogue, trust. Did you mean 'trust'?"
    """

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        self.what, self.name, self.known = what, name, tuple(sorted(known))
        super().__init__(f"unknown {what} '{name}'. Known: {', '.join(self.known)}.{_did_you_mean(name, self.known)}")


class LexiconError(ConfigError):
    """An entry of the lexicon breaks its own rules."""

    def __init__(self, file: str, entry: str, reason: str) -> None:
        self.file, self.entry, self.reason = file, entry, reason
        super().__init__(f"lexicon/{file}, entry '{entry}': {reason}.")


class ModelError(ConfigError):
    """A model folder is incomplete, altered or of another version."""

    def __init__(self, folder: str | Path, reason: str, advice: str = "") -> None:
        self.folder, self.reason, self.advice = str(folder), reason, advice
        super().__init__(f"model {self.folder}: {reason}." + (f" {advice}" if advice else ""))


class RunRefused(ConfigError):
    """A result folder that another run holds, that was made with other settings, or that is none."""

    def __init__(self, folder: str | Path, reason: str, advice: str = "") -> None:
        self.folder, self.reason, self.advice = str(folder), reason, advice
        super().__init__(f"results {self.folder}: {reason}." + (f" {advice}" if advice else ""))


class RunStopped(OfftextError):
    """A run that its surroundings ended; what was finished is kept, and the same command goes on."""

    def __init__(self, reason: str, advice: str = "") -> None:
        self.reason, self.advice = reason, advice
        super().__init__(f"stopped: {reason}." + (f" {advice}" if advice else ""))


class RecordError(OfftextError):
    """A dictionary is not an analysis of this version."""


def _did_you_mean(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f" Did you mean '{close[0]}'?" if close else ""
