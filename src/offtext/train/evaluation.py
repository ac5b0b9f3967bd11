"""How right a model is on annotated texts, and whether its scores mean what they say: what `offtext evaluate` writes.

    offtext evaluate TEXTS.jsonl GOLD.jsonl --model NAME -o FIGURES.json

TEXTS.jsonl holds {"id", "text"} and perhaps "source", whose first part is the publisher; GOLD.jsonl the annotations in
the stand-off form of docs/guidelines.md, one for each text that is to be scored.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from offtext import __version__
from offtext.calibration import Outcome, expected_calibration_error, gather, outcomes, reliability, theme_levels
from offtext.document import Document
from offtext.errors import RecordError, UnreadableFile
from offtext.metrics import COUNTED, DocumentScore, figures, intervals, score_document
from offtext.pipeline import Pipeline

Row = dict[str, Any]
TYPE = "doc_type accuracy"
# What is told of a group of documents: rows with enough annotated items in twenty documents to say something.
GROUPED = (TYPE, "mention", "actor", "quote", "quote+speaker", "goal", "theme sentence")
LEAST = 5  # documents in a group; fewer say nothing, and stand together under OTHERS
OTHERS = "all others"


def evaluate(
    annotated: Sequence[tuple[Row, Row]], pipeline: Pipeline, *, least: int = LEAST, draws: int = 1000
) -> dict[str, Any]:
    """Analyse texts, compare with their annotations and return the figures as JSON types.

    Args:
        annotated: Texts with their annotations, see `read_annotated`.
        pipeline: What analyses them.
        least: Documents that a type or publisher needs for figures of its own.
        draws: Bootstrap samples behind each 95 % interval.

    Returns:
        'figures' as `offtext.metrics.figures`, 'intervals' of its rows, 'types' and 'publishers' (groups of documents,
        each with 'documents' and per row of `GROUPED` 'value', 'low', 'high' and 'annotated'), 'calibration' per layer
        ('count', 'error' and the 'reliability' rows) and 'theme levels' (mean score by annotated level).

    Raises:
        RecordError: A document could not be analysed.
    """
    scores: list[DocumentScore] = []
    given: list[dict[str, list[Outcome]]] = []
    texts = (Document.from_text(row["text"], id=str(row["id"])) for row, _ in annotated)
    for (_, gold), analysis in zip(annotated, pipeline.analyze_all(texts), strict=True):
        if analysis.error:
            raise RecordError(f"{analysis.id}: {analysis.error}")
        found = analysis.to_dict()
        scores.append(score_document(gold, found))
        given.append(outcomes(gold, found))
    levels = theme_levels(scores)
    return {
        "offtext": __version__,
        "model": asdict(pipeline.model),
        "documents": len(scores),
        "figures": figures(scores),
        "intervals": {row: list(ends) for row, ends in intervals(scores, (TYPE, *COUNTED), draws=draws).items()},
        "types": _by_group(scores, [gold["doc_type"] for _, gold in annotated], least, draws),
        "publishers": _by_group(scores, [publisher(row) for row, _ in annotated], least, draws),
        "calibration": {layer: _calibration(pairs) for layer, pairs in gather(given).items()},
        "theme levels": {str(level): {"count": count, "score": mean} for level, (count, mean) in levels.items()},
    }


def publisher(row: Mapping[str, Any]) -> str:
    """Name who published a text: the first part of its source.

    >>> publisher({"source": "ulvsjo/nyheter/2024/broar"})
    'ulvsjo'
    """
    return str(row.get("source") or "").split("/")[0] or "unknown"


def read_annotated(texts: Path, gold: Path) -> list[tuple[Row, Row]]:
    """Return each annotated text as (text row, annotation), in the order of the annotations.

    Raises:
        UnreadableFile: A file is missing or not JSON Lines, an annotation has no text, or there are none.
    """
    by_id = {row["id"]: row for row in _rows(texts, "text")}
    annotations = list(_rows(gold, "doc_type"))
    if not annotations:
        raise UnreadableFile(gold, "no annotations in it")
    for annotation in annotations:
        if annotation["id"] not in by_id:
            raise UnreadableFile(texts, f"no text for the annotation {annotation['id']!r}", "Give the texts of GOLD.")
    return [(by_id[annotation["id"]], annotation) for annotation in annotations]


def _rows(path: Path, needed: str) -> Iterator[Row]:
    try:
        with path.open(encoding="utf-8") as lines:  # not splitlines(), which cuts at signs that a text may hold
            for number, line in enumerate(lines, 1):
                row = json.loads(line)
                if not isinstance(row, dict) or not {"id", needed} <= row.keys():
                    raise UnreadableFile(path, f"line {number} has no 'id' or no '{needed}'")
                yield row
    except OSError as error:
        raise UnreadableFile(path, error.strerror or str(error), "Check the path.") from error
    except ValueError as error:
        raise UnreadableFile(path, f"not JSON Lines ({error})") from error


def _by_group(scores: Sequence[DocumentScore], names: Sequence[str], least: int, draws: int) -> dict[str, Any]:
    members: dict[str, list[DocumentScore]] = defaultdict(list)
    for name, score in zip(names, scores, strict=True):
        members[name if names.count(name) >= least else OTHERS].append(score)
    large = sorted(members.items(), key=lambda item: (item[0] == OTHERS, -len(item[1]), item[0]))
    return {name: _group(own, draws) for name, own in large if len(own) >= least}


def _group(scores: Sequence[DocumentScore], draws: int) -> dict[str, Any]:
    every, spread = figures(scores), intervals(scores, GROUPED, draws=draws)
    group: dict[str, Any] = {"documents": len(scores)}
    for row in GROUPED:
        value, annotated = (every[row], len(scores)) if row == TYPE else (every[row]["f"], every[row]["gold"])
        low, high = spread[row]
        group[row] = {"value": value, "low": low, "high": high, "annotated": annotated} if annotated else None
    return group


def _calibration(pairs: Sequence[Outcome]) -> dict[str, Any]:
    rows = [asdict(row) for row in reliability(pairs)]
    return {"count": len(pairs), "error": expected_calibration_error(pairs), "reliability": rows}


__all__ = ["GROUPED", "LEAST", "OTHERS", "TYPE", "evaluate", "publisher", "read_annotated"]
