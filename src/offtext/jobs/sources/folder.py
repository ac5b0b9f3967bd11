"""The files that the arguments of a run stand for: named files, folders with all below them, and globs."""

from __future__ import annotations

import fnmatch
import glob
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from offtext.errors import UnreadableFile
from offtext.jobs.sources.archive import archive_suffix
from offtext.jobs.sources.origin import readable, reason_of
from offtext.readers import ROW_SUFFIXES, SUFFIXES, suffix_of
from offtext.readers.row_files import is_saved_dataset

_LEADS_OUT = "a link that leads out of the folder; not followed. Name its target as an argument"
KNOWN = {*SUFFIXES, *ROW_SUFFIXES}


@dataclass(frozen=True, slots=True)
class Found:
    """A file of a run: where it is, its id, and what is wrong with it if it cannot be opened at all."""

    path: str
    id: str
    error: str = ""
    dataset: bool = False  # a folder that `datasets` saved


@dataclass(frozen=True, slots=True)
class _Root:
    """One argument: a folder, what below it is wanted, and how ids in it begin."""

    folder: str
    prefix: str = ""
    pattern: tuple[str, ...] = ()  # the parts of a glob; none for a folder
    file: str = ""  # the name of a file named directly

    def wants(self, below: str, *, dataset: bool = False) -> bool:
        """Tell whether the argument stands for the file, or the saved dataset, at this path below its folder."""
        if self.file or not below:
            return below == self.file
        parts = below.split("/")
        if any(map(_hidden, parts)):
            return False
        known = dataset or suffix_of(below) in KNOWN or bool(archive_suffix(below))
        if not self.pattern:
            return known
        # A folder that matches stands for what is below it, as when a shell had named it.
        shorter = range(1, len(parts)) if known else ()
        return _matches(parts, self.pattern) or any(_matches(parts[:n], self.pattern) for n in shorter)

    def enters(self, below: str) -> bool:
        """Tell whether something below this folder may be wanted."""
        parts = below.rstrip("/").split("/")
        return (
            not self.pattern
            or any(_matches(parts[:n], self.pattern) for n in range(1, len(parts) + 1))
            or bool(_reached(parts, self.pattern))
        )


def files_of(arguments: Sequence[str | os.PathLike[str]], *, skipped: Counter[str] | None = None) -> Iterator[Found]:
    """Yield the files that the arguments stand for, each once, argument after argument, sorted by code point in each.

    A folder stands for every file below it that a reader knows, hidden ones left out; a file named directly, or by a
    glob, is kept whatever it is, so that what cannot be read is reported and not passed over. A link is followed when
    its target lies in the folder, and never to a folder, whose files are found in their own place. A folder that
    `datasets` saved is one file.

    The id is the path as it was named; of a path from the root, or one that leaves the working folder, the last part
    of its folder and what is below it, so that an archive keeps its ids wherever it is mounted.

    Args:
        arguments: Paths and globs (`*`, `?`, `[…]`, `**`).
        skipped: Counts the files passed over, by suffix.

    Raises:
        UnreadableFile: An argument names nothing; raised before the first file.
    """
    roots = _with_prefixes([_root(os.fspath(argument)) for argument in arguments])
    return _walk_all(roots, Counter() if skipped is None else skipped)


def _root(argument: str) -> _Root:
    path = Path(argument)
    try:
        if path.is_dir():
            return _Root(str(path))
        if path.exists() or path.is_symlink():
            return _Root(str(path.parent), file=path.name)
    except (OSError, ValueError) as error:
        raise UnreadableFile(argument, reason_of(error), "Check the spelling.") from error
    if glob.has_magic(argument):
        parts = path.parts
        plain = next(n for n, part in enumerate(parts) if glob.has_magic(part))
        folder = Path(*parts[:plain])
        if folder.is_dir():
            return _Root(str(folder), pattern=parts[plain:])
    raise UnreadableFile(argument, "there is no such file or folder", "Check the spelling and the working folder.")


def _with_prefixes(roots: Sequence[_Root]) -> list[_Root]:
    """Give each root the beginning of its ids: as few parts of its folder's path as keep different folders apart."""
    places = [Path(os.path.realpath(root.folder)) for root in roots]
    named: dict[str, Path] = {}
    given = []
    for root, place in zip(roots, places, strict=True):
        typed = os.path.normpath(root.folder).replace(os.sep, "/")
        if Path(root.folder).is_absolute() or typed.startswith(".."):
            depth = 1
            while named.setdefault("/".join(place.parts[-depth:]), place) != place:
                depth += 1
            typed = "/".join(place.parts[-depth:]).lstrip("/")
        prefix = "" if typed in (".", "") else f"{readable(typed)}/"
        given.append(_Root(root.folder, prefix, root.pattern, root.file))
    return given


def _walk_all(roots: Sequence[_Root], skipped: Counter[str]) -> Iterator[Found]:
    seen: list[tuple[str, _Root]] = []  # by real folder: what such a root wants was yielded already
    for root in roots:
        place = os.path.realpath(root.folder)
        for below, found in _walk(root, place, skipped):
            path = f"{_slashed(place)}{below}" if below else place
            if not any(_covers(folder, earlier, path, found) for folder, earlier in seen):
                yield found
        seen.append((place, root))


def _covers(folder: str, earlier: _Root, path: str, found: Found) -> bool:
    if path != folder and not path.startswith(_slashed(folder)):
        return False
    return earlier.wants(path[len(_slashed(folder)) :], dataset=found.dataset)


def _walk(root: _Root, place: str, skipped: Counter[str]) -> Iterator[tuple[str, Found]]:
    """Walk a folder in the order of its files' whole ids: `a.txt` before `a/b.txt`, since '.' comes before '/'."""
    if root.file:
        yield root.file, _found(root, root.file)
        return
    if is_saved_dataset(Path(root.folder)):
        yield "", Found(root.folder, root.prefix.rstrip("/") or Path(place).name, dataset=True)
        return
    ahead = [
        ""
    ]  # what is still to be looked at, last first; a stack, since folders may lie deeper than Python recurses
    while ahead:
        below = ahead.pop()
        if below and not below.endswith("/"):
            yield from _file(root, place, below, skipped)
            continue
        folder, inner = Path(root.folder, below), below.rstrip("/")
        if below and is_saved_dataset(folder):
            if root.wants(inner, dataset=True):
                yield inner, Found(str(folder), root.prefix + readable(inner), dataset=True)
            continue
        try:
            with os.scandir(folder) as entries:
                names = sorted((entry.name + "/" if _is_folder(entry) else entry.name) for entry in entries)
        except OSError as error:
            shown = f"{root.prefix}{readable(below)}" or "./"
            yield below, Found(str(folder), shown, f"a folder that cannot be opened ({error.strerror})")
            continue
        ahead.extend(
            below + name
            for name in reversed(names)
            if not _hidden(name) and (not name.endswith("/") or root.enters(below + name))
        )


def _file(root: _Root, place: str, below: str, skipped: Counter[str]) -> Iterator[tuple[str, Found]]:
    path = Path(root.folder, below)
    linked = path.is_symlink()
    if linked and path.is_dir():  # a folder in the folder is found in its own place
        wanted = not root.pattern or root.wants(f"{below}/x.txt")
        error = "" if _inside(path, place) else _LEADS_OUT
    else:
        wanted = root.wants(below)
        error = "" if not linked or _inside(path, place) else _LEADS_OUT
        error = error or ("" if path.exists() else "a link to what is not there" if linked else "gone, or not opened")
        if not wanted and not root.pattern:
            skipped[suffix_of(below)] += 1
    if wanted and (error or path.is_file()):
        yield below, _found(root, below, error)
    elif wanted and not path.is_dir():
        skipped["(no regular file)"] += 1  # a pipe or a device


def _inside(path: Path, place: str) -> bool:
    return _slashed(os.path.realpath(path)).startswith(_slashed(place))


def _found(root: _Root, below: str, error: str = "") -> Found:
    return Found(str(Path(root.folder, below)), root.prefix + readable(below), error)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _hidden(name: str) -> bool:
    return name.startswith((".", "~$"))


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Tell whether the parts of a path match those of a glob; `**` stands for any number of folders."""
    return len(pattern) in _reached(parts, pattern)


def _reached(parts: Sequence[str], pattern: Sequence[str]) -> set[int]:
    """Return how many parts of a glob the parts of a path may have used up: one pass, however many `**` there are."""
    reached = _over_stars({0}, pattern)
    for part in parts:
        stay = {used for used in reached if used < len(pattern) and pattern[used] == "**"}
        ahead = {used + 1 for used in reached if used < len(pattern) and fnmatch.fnmatchcase(part, pattern[used])}
        reached = _over_stars(stay | ahead, pattern)
    return reached


def _over_stars(reached: set[int], pattern: Sequence[str]) -> set[int]:
    found = set(reached)
    for used in reached:
        while used < len(pattern) and pattern[used] == "**":
            used += 1
            found.add(used)
    return found


def _slashed(folder: str) -> str:
    return folder if folder.endswith("/") else folder + "/"
