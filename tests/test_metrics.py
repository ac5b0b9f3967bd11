"""The library's measures against the reference scorer and against figures worked out by hand."""

import importlib.util
import json
import random
from pathlib import Path

import pytest

from offtext.labels import GOAL_KINDS, THEMES
from offtext.metrics import COUNTED, average_precision, figures, intervals, score_document

SHARED = Path(__file__).parents[2] / "shared"


def record(**parts):
    empty = {"id": "d", "doc_type": "letter", "meta": {}, "themes": {}}
    return {**empty, "actors": [], "quotes": [], "goals": [], "theme_sentences": [], "collaborations": [], **parts}


def span(start, end):
    return {"start": start, "end": end}


def actor(id, *mentions, kind="person", **fields):
    return {"id": id, "kind": kind, "mentions": [span(*m) for m in mentions], **fields}


def quote(start, end, speaker=None, kind="direct"):
    return {"kind": kind, "spans": [span(start, end)], "speaker": speaker}


def test_mention_needs_the_same_span_and_kind():
    gold = record(actors=[actor("a1", (0, 8), (20, 22)), actor("a2", (30, 40), kind="organisation")])
    found = record(actors=[actor("x", (0, 8), (20, 23)), actor("y", (30, 40))])
    out = figures([score_document(gold, found)])
    assert out["mention"] == {"p": 1 / 3, "r": 1 / 3, "f": pytest.approx(1 / 3), "gold": 3, "found": 3}
    assert out["mention organisation"]["r"] == 0


def test_speaker_counts_through_the_matching_actor():
    gold = record(actors=[actor("a1", (0, 8))], quotes=[quote(10, 20, "a1"), quote(30, 40)])
    found = record(actors=[actor("x", (0, 8))], quotes=[quote(10, 19, "x"), quote(30, 40, "x")])
    out = figures([score_document(gold, found)])
    assert (out["quote"]["f"], out["quote+speaker"]["f"]) == (1.0, 0.5)


def test_role_needs_half_of_the_words():
    gold = record(actors=[actor("a1", (0, 8), role="ordförande i nämnden")])
    found = record(actors=[actor("x", (0, 8), role="ordförande")])
    assert figures([score_document(gold, found)])["role accuracy"]["right"] == 0


def test_goal_half_overlap_counts_and_touch_is_looser():
    goals = [{"kind": "aim", **span(0, 10)}, {"kind": "aim", **span(20, 30)}]
    shifted = [{"kind": "need", **span(2, 10)}, {"kind": "aim", **span(29, 40)}]
    out = figures([score_document(record(goals=goals), record(goals=shifted))])
    assert (out["goal"]["f"], out["goal touched"]["f"]) == (0.5, 1.0)
    assert out["goal kind accuracy"]["right"] == 0


def test_equal_scores_rank_against_us():
    assert average_precision([(0.5, True), (0.5, False)]) == 0.5
    assert average_precision([(0.5, False)]) is None


def test_interval_holds_the_figure_and_shrinks_to_a_point_when_documents_agree():
    same = [score_document(record(quotes=[quote(0, 9)]), record(quotes=[quote(0, 9)])) for _ in range(5)]
    assert intervals(same, ["quote"], draws=50) == {"quote": (1.0, 1.0)}
    mixed = same + [score_document(record(quotes=[quote(0, 9)]), record())]
    low, high = intervals(mixed, ["quote"], draws=200)["quote"]
    assert low < figures(mixed)["quote"]["f"] <= high


def disturbed(gold, chance):
    """An analysis that is wrong in every way the measures look at."""
    found = json.loads(json.dumps(gold))
    for part in ("actors", "quotes", "goals", "theme_sentences", "collaborations"):
        found[part] = [item for item in found[part] if chance.random() > 0.2]
    for goal in found["goals"]:
        goal["end"] += chance.randint(-3, 12)
        goal["kind"] = chance.choice(GOAL_KINDS)
    for quote_ in found["quotes"]:
        quote_["spans"][0]["start"] += chance.randint(0, 9)
        quote_["speaker"] = chance.choice([quote_["speaker"], None, *[a["id"] for a in found["actors"]]])
    for person in found["actors"]:
        person["role"] = chance.choice([person["role"], None, "rektor"])
        person["mentions"] = [m for m in person["mentions"] if chance.random() > 0.2]
    found["themes"] = {theme: round(chance.random(), 1) for theme in THEMES}
    found["doc_type"] = {"label": chance.choice([gold["doc_type"], "letter"])}
    return found


@pytest.mark.skipif(not SHARED.exists(), reason="the reference scorer and annotations (../shared) are not here")
@pytest.mark.parametrize("seed", [1, 2])
def test_same_figures_as_the_reference_scorer(seed):
    spec = importlib.util.spec_from_file_location("reference", SHARED / "annotation" / "score.py")
    reference = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(reference)
    chance = random.Random(seed)
    lines = (SHARED / "annotations/dev.gold.jsonl").read_text(encoding="utf-8").splitlines()
    golds = [json.loads(line) for line in lines]
    tally, scores = reference.Tally(), []
    for gold in golds:
        found = disturbed(gold, chance)
        reference.score_document(tally, gold, found)
        scores.append(score_document(gold, found))
    theirs, ours = reference.report(tally), figures(scores)
    assert set(theirs) == set(ours)
    assert set(COUNTED) <= set(theirs)
    for row, figure in theirs.items():
        if isinstance(figure, dict) and row == "by theme":
            for theme, values in figure.items():
                assert ours[row][theme] == pytest.approx(values)
        else:
            assert ours[row] == pytest.approx(figure), row
