"""The tables of a run, as data sets: for pyarrow, pandas, polars, or whatever reads Parquet."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.dataset

from offtext.errors import MissingExtra, RunRefused, UnknownName
from offtext.jobs.manifest import read_manifest
from offtext.tables import SCHEMAS

if TYPE_CHECKING:
    import pandas
    import polars


class Results:
    """What `offtext analyze` left in a folder.

    Only shards that are finished are seen, in the order of the work list; a run that is still going can be read.

    Attributes:
        folder: Where they are.
        run: What `run.json` says: settings, versions, counts, sessions.
        complete: Whether the run has come to its end.
        tables: The names of the tables.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        run = read_manifest(folder)
        if run is None:
            raise RunRefused(folder, "no run.json in it", "Name the folder that was given to `offtext analyze -o`.")
        if run["settings"]["format"] != "parquet":
            raise RunRefused(
                folder, "its tables are JSON lines", "Read analyses/*.jsonl, or run again with --format parquet."
            )
        self.run = run
        self.complete: bool = run["status"] == "finished"
        self.tables = tuple(SCHEMAS)

    def dataset(self, table: str) -> pyarrow.dataset.Dataset:
        """Return a table as a pyarrow data set: it reads what is asked for, when it is asked for.

        Raises:
            UnknownName: There is no such table.
        """
        if table not in SCHEMAS:
            raise UnknownName("table", table, SCHEMAS)
        return pyarrow.dataset.dataset(self._parts(table), schema=SCHEMAS[table], format="parquet")

    def to_arrow(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return a table, or some columns of it, as an Arrow table in memory.

        Raises:
            UnknownName: There is no such table.
        """
        return self.dataset(table).to_table(columns=None if columns is None else list(columns))

    def to_pandas(self, table: str, columns: Sequence[str] | None = None) -> pandas.DataFrame:
        """Return a table, or some columns of it, as a pandas data frame.

        Raises:
            UnknownName: There is no such table.
            MissingExtra: pandas is not installed.
        """
        arrow = self.to_arrow(table, columns)
        try:
            frame: pandas.DataFrame = arrow.to_pandas()
        except ImportError as error:  # pyarrow asks for it
            raise MissingExtra("pandas", "pandas", "a data frame") from error
        return frame

    def to_polars(self, table: str, columns: Sequence[str] | None = None) -> polars.DataFrame:
        """Return a table, or some columns of it, as a polars data frame.

        Raises:
            UnknownName: There is no such table.
            MissingExtra: polars is not installed.
        """
        try:
            import polars
        except ImportError as error:
            raise MissingExtra("polars", "polars", "a polars data frame") from error
        frame = polars.from_arrow(self.to_arrow(table, columns))
        assert isinstance(frame, polars.DataFrame)
        return frame

    def __repr__(self) -> str:
        counts: dict[str, Any] = self.run.get("counts", {})
        rows = ", ".join(f"{name} {rows:,}" for name, rows in counts.get("rows", {}).items())
        return f"<Results {str(self.folder)!r}, {self.run['status']}: {rows or 'nothing yet'}>"

    def _parts(self, table: str) -> list[str]:
        try:
            plan = json.loads((self.folder / "shards.json").read_text(encoding="utf-8"))["shards"]
        except FileNotFoundError:
            return []
        finished = {path.stem for path in (self.folder / "shards").glob("*.json")}
        return [str(self.folder / table / f"{name}.parquet") for name in plan if name.rpartition("-")[2] in finished]


def open_results(folder: str | os.PathLike[str]) -> Results:
    """Open what `offtext analyze` left in a folder.

    Args:
        folder: The folder that was given with `-o`.

    Raises:
        RunRefused: There is no run in it, or its tables are JSON lines.

    Example:
        >>> results = open_results("resultat/")                         # doctest: +SKIP
        >>> results.to_pandas("quotes", ["speaker_name", "text"])       # doctest: +SKIP
    """
    return Results(Path(folder))
