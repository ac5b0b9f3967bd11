"""Which documents there are to analyse: files, folders, and rows of tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from offtext.document import Document
from offtext.errors import OfftextError, UnreadableFile
from offtext.readers import ROW_SUFFIXES, SUFFIXES, read_rows, suffix_of

Work = Path | Document | OfftextError


def files_under(paths: Sequence[Path]) -> list[Path]:
    """Return the files that the paths stand for, in a stable order and each once.

    A folder stands for every file below it that a reader knows, hidden ones left out; a file named directly is kept
    whatever it is, so that what cannot be read is reported and not passed over.

    Raises:
        UnreadableFile: A path does not exist.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            below = (file for file in sorted(path.rglob("*")) if _is_document(file, path))
            found.update(dict.fromkeys(below))
        elif path.exists():
            found[path] = None
        else:
            raise UnreadableFile(path, "there is no such file or folder", "Check the spelling and the working folder.")
    return list(found)


def work_of(files: Sequence[Path], *, text: str = "text", id: str | None = None) -> Iterator[tuple[Path, Work]]:
    """Yield what to analyse, with the file it comes from: a path, or a row of a jsonl, csv or parquet file.

    A table that cannot be read, or breaks off in the middle, is yielded as its error after the rows before it.

    Args:
        files: Files, as `files_under` gives them.
        text: The column of tables that holds the text.
        id: The column that names the row; `file#number` without one.
    """
    for file in files:
        if suffix_of(file.name) not in ROW_SUFFIXES:
            yield file, file
            continue
        try:
            for document in read_rows(file, text=text, id=id):
                yield file, document
        except OfftextError as error:
            yield file, error


def _is_document(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith((".", "~$")) for part in file.relative_to(folder).parts)
    return file.is_file() and not hidden and suffix_of(file.name) in {**SUFFIXES, **ROW_SUFFIXES}
