"""Training examples as a dataset: nothing is lost on the way, and what does not fit is refused."""

from dataclasses import replace

import pytest

datasets = pytest.importorskip("datasets")

from offtext.document import Span  # noqa: E402
from offtext.errors import ConfigError  # noqa: E402
from offtext.train.multitask.corpus import Example, Labelled  # noqa: E402
from offtext.train.multitask.features import FEATURES, from_dataset, to_dataset  # noqa: E402

TEXT = "Karin Ek är rektor. Vi samverkar."
FULL = Example(
    "d1",
    TEXT,
    (Span(0, 19), Span(20, 33)),
    {"actors": (Labelled(0, 8, "person"),), "goals": ()},
    themes={1: ("collaboration", "trust")},
    doc_type="news",
    weight=0.5,
    folded=True,
)
# nothing found is not the same as nobody looked
BARE = Example("d2", "Hej!", (Span(0, 4),), themes={})
UNREAD = Example("d3", "", ())


def test_examples_come_back_as_they_were(tmp_path):
    made = to_dataset([FULL, BARE, UNREAD])
    assert made.features == FEATURES
    assert list(from_dataset(made)) == [FULL, BARE, UNREAD]
    made.save_to_disk(str(tmp_path / "set"))
    assert list(from_dataset(datasets.load_from_disk(str(tmp_path / "set")))) == [FULL, BARE, UNREAD]


def test_no_examples():
    assert list(from_dataset(to_dataset([]))) == []


def test_other_features_are_refused():
    with pytest.raises(ConfigError, match=r"features text, label; a training set has id, text"):
        list(from_dataset(datasets.Dataset.from_dict({"text": ["Hej!"], "label": [1]})))


@pytest.mark.parametrize(("task", "label"), [("actors", "animal"), ("actor", "person")])
def test_an_unknown_label_or_task_is_refused(task, label):
    wrong = replace(FULL, spans={task: (Labelled(0, 8, label),)})
    with pytest.raises(ConfigError, match=f"d1: '{label}' is no label of the task '{task}'"):
        list(from_dataset(to_dataset([wrong])))
