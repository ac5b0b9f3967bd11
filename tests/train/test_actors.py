"""Fitting how names by rules and names by tags are weighed, on rows made up here."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np

from offtext.encoder import Scores, States, Store
from offtext.labels import ACTOR_KINDS, ENTITY_LABELS, ORG_TYPES
from offtext.layers.actors.tagged import Weights, load_weights
from offtext.train.actors import LEAST_COUNT, Row, fit_actors, rows_of, write_actors

TEXT = "Karin Ek möter Tranås kommun."
GOLD = {"actors": [{"kind": "person", "mentions": [{"start": 0, "end": 8}]}]}


def rows():
    """Persons are right where they are tagged, organisations where the rules mean them."""
    found = []
    for n in range(40):
        document, right = f"d{n % 8}", n % 2 == 0
        found.append(Row(document, "person", {"tag": 2.0 if right else -2.0, "meant": 1.0}, right))
        found.append(Row(document, "organisation", {"tag": 0.0, "meant": float(right)}, right))
    return [*found, Row("d0", "person", {"seldom": 1.0, "tag": 2.0, "meant": 1.0}, True)]


def test_weights_follow_what_was_right(tmp_path):
    weights, figures = fit_actors(rows())
    assert figures["person mention precision"] == figures["organisation mention recall of candidates"] == 1.0
    model = Weights(weights["bias"], weights["features"])
    assert model.probability("person", {"tag": 2.0, "meant": 1.0}) > 0.7
    assert model.probability("person", {"tag": -2.0, "meant": 1.0}) < 0.3
    assert model.probability("organisation", {"meant": 1.0}) > 0.7
    assert LEAST_COUNT > 1
    assert "seldom" not in weights["features"]["person"]
    write_actors(tmp_path, weights)
    assert load_weights(Store(tmp_path, {"files": {"actors.json": ""}})) == model
    assert json.loads((tmp_path / "actors.json").read_text(encoding="utf-8")) == weights


def said(tags):
    """What a model says of the text, a token a word, with the given tag of each for actors."""
    places = [(0, 5), (6, 8), (9, 14), (15, 21), (22, 28), (28, 29)]
    tasks = {"actors": ACTOR_KINDS, "entities": ENTITY_LABELS, "org_type": ORG_TYPES}
    sizes = [1 + 2 * len(ACTOR_KINDS), 1 + 2 * len(ENTITY_LABELS), len(ORG_TYPES)]
    edges = np.cumsum([0, *sizes]).tolist()
    logits = np.zeros((len(places), edges[-1]), dtype=np.float32)
    logits[np.arange(len(places)), tags] = 9
    starts, ends = (np.array(side, dtype=np.int64) for side in zip(*places, strict=True))
    columns = dict(zip(tasks, pairwise(edges), strict=True))
    nothing = np.zeros((1, 0), dtype=np.float32)
    return States(nothing, nothing[0], Store(Path(), {"files": {}}), Scores(starts, ends, logits, tasks, columns))


def test_candidates_of_a_text_that_a_network_read_unseen():
    states = said([1, 2, 0, 0, 0, 0])
    found = rows_of([("d1", TEXT, GOLD), ("nobody read it", TEXT, GOLD)], {"d1": states})
    assert {row.document for row in found} == {"d1"}
    person = next(row for row in found if row.kind == "person")
    body = next(row for row in found if row.kind == "organisation")
    assert person.right
    assert person.features["exact"] == 1.0
    assert person.features["tag"] > 3
    assert not body.right
    assert body.features["tag"] < -3
