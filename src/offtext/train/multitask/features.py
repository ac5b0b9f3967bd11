"""Examples as a `datasets.Dataset` with declared features: the form in which training data is kept and exchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from datasets import Dataset, Features, List, Value

from offtext.document import Span
from offtext.errors import ConfigError
from offtext.train.multitask.corpus import Example, Labelled
from offtext.train.multitask.tasks import TASKS

_SPAN = {"start": Value("int64"), "end": Value("int64")}

# `tasks` says which tasks a text is annotated for: nothing found and nobody looked are not the same.
FEATURES = Features(
    {
        "id": Value("string"),
        "text": Value("large_string"),
        "sentences": List(_SPAN),
        "tasks": List(Value("string")),
        "spans": List({"task": Value("string"), **_SPAN, "label": Value("string")}),
        "themes": List({"sentence": Value("int64"), "labels": List(Value("string"))}),
        "doc_type": Value("string"),
        "weight": Value("float32"),
        "folded": Value("bool"),
    }
)


def to_dataset(examples: Iterable[Example]) -> Dataset:
    """Return examples as a dataset; `Dataset.save_to_disk` keeps it for a recipe with `kind = "dataset"`."""
    rows = [_row(example) for example in examples]
    # not `from_list`, which has no columns where there are no rows
    return Dataset.from_dict({name: [row[name] for row in rows] for name in FEATURES}, features=FEATURES)


def from_dataset(dataset: Dataset) -> Iterator[Example]:
    """Yield the examples of a dataset.

    Raises:
        ConfigError: It has other features, or a label that the task does not have.
    """
    if dataset.features != FEATURES:
        wanted = ", ".join(FEATURES)
        raise ConfigError(f"the dataset has the features {', '.join(dataset.features)}; a training set has {wanted}")
    for row in dataset:
        yield _example(row)


def _row(example: Example) -> dict[str, Any]:
    tasks = [*example.spans]
    tasks += ["themes"] if example.themes is not None else []
    tasks += ["doc_type"] if example.doc_type is not None else []
    return {
        "id": example.id,
        "text": example.text,
        "sentences": [{"start": s.start, "end": s.end} for s in example.sentences],
        "tasks": tasks,
        "spans": [
            {"task": task, "start": s.start, "end": s.end, "label": s.label}
            for task, spans in example.spans.items()
            for s in spans
        ],
        "themes": [{"sentence": n, "labels": list(labels)} for n, labels in (example.themes or {}).items()],
        "doc_type": example.doc_type,
        "weight": example.weight,
        "folded": example.folded,
    }


def _example(row: dict[str, Any]) -> Example:
    spans: dict[str, list[Labelled]] = {task: [] for task in row["tasks"] if task not in ("themes", "doc_type")}
    for s in row["spans"]:
        if s["task"] not in TASKS or s["label"] not in TASKS[s["task"]].labels:
            raise ConfigError(f"{row['id']}: {s['label']!r} is no label of the task {s['task']!r}")
        spans[s["task"]].append(Labelled(s["start"], s["end"], s["label"]))
    return Example(
        id=row["id"],
        text=row["text"],
        sentences=tuple(Span(s["start"], s["end"]) for s in row["sentences"]),
        spans={task: tuple(found) for task, found in spans.items()},
        themes={t["sentence"]: tuple(t["labels"]) for t in row["themes"]} if "themes" in row["tasks"] else None,
        doc_type=row["doc_type"],
        weight=row["weight"],
        folded=row["folded"],
    )
