"""The promises of the library, each with a test: docs/design says what they are."""

import ast
import json
import random
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import offtext
from offtext.document import Document, Span

LETTER = """Kommunstyrelsen
Lindö kommun
Dnr KS 2024/118

Till Region Nordmark

Hej!

Vi vill tacka för mötet den 4 mars. Lindö kommun och Region Nordmark ska tillsammans öppna en mottagning
senast den 1 september 2025, säger Karin Ek, kommunalråd (C).

– Det behövs för barnen, säger hon.

Med vänlig hälsning
Olle Sund
kommundirektör
"""

ODD_TEXTS = {
    "empty": "",
    "blanks": " \n\t \u00a0\u200b",
    "unclosed": "Hon sa: ”Vi börjar i höst och sedan aldrig mer. " * 3,
    "odd marks": '19" skärm, 5\' 11", »hej« «då» “x ”y ’z',
    "surrogate": "Karin \ud83d Ek säger \udc80 att det är bra.",
    "controls": "".join(map(chr, range(32))) + "Karin Ek\x00säger hej.\x1b[31m",
    "english": "The municipality signed an agreement. “We are glad”, said Karin Ek.",
    "romanian": "Comuna a semnat un acord cu județul, a declarat primarul.",
    "emoji": "👩‍👩‍👧 – Så bra! säger Åsa Öst 🎉",
    "right to left": "مرحبا بالعالم – hej, säger Karin Ek.",
    "combining": "A\u030asa O\u0308st a\u0308r rektor i Tranås kommun.",
    "one word": "Hej",
    "marks only": "– – – ” ” » « ** __ ## > > | | []( ",
    "windows line ends": LETTER.replace("\n", "\r\n"),
}


def spans_of(record):
    """Every span in a record, with the text that the record says stands there."""
    for entity in record["entities"]:
        yield entity, None
    for actor in record["actors"]:
        yield from ((mention, None) for mention in actor["mentions"])
    for quote in record["quotes"]:
        yield from ((span, None) for span in quote["spans"])
        yield from ((quote[part], None) for part in ("cue", "question") if quote[part])
        if len(quote["spans"]) == 1:
            yield quote["spans"][0], quote["text"]
    for goal in record["goals"]:
        yield goal, goal["text"]
        yield from ((goal[part], None) for part in ("beneficiary", "deadline") if goal[part])
    for sentence in record["theme_sentences"]:
        yield sentence, sentence["text"]
    for tie in record["collaborations"]:
        yield from ((tie[part], None) for part in ("evidence", "topic") if tie[part])


def scores_of(record):
    yield record["doc_type"]["score"]
    yield from record["doc_type"]["scores"].values()
    yield from record["themes"].values()
    for layer in ("entities", "actors", "quotes", "goals", "collaborations"):
        yield from (item["score"] for item in record[layer])
    for sentence in record["theme_sentences"]:
        yield from sentence["scores"].values()


def check(text, record):
    for span, said in spans_of(record):
        assert 0 <= span["start"] < span["end"] <= len(text), span
        assert said is None or text[span["start"] : span["end"]] == said
        assert not text[span["start"]].isspace()
        assert not text[span["end"] - 1].isspace()
    assert all(0.0 <= score <= 1.0 for score in scores_of(record))
    json.dumps(record)


@pytest.fixture(scope="module", params=["rules", "model"])
def pipeline(request):
    return offtext.Pipeline(model=None if request.param == "rules" else "sv_offtext")


class TestOffsets:
    """1. Offsets count characters of exactly the text that was given."""

    def test_spans_point_into_the_text_given(self, pipeline):
        found = pipeline.analyze(LETTER)
        assert found.text == LETTER
        check(LETTER, found.to_dict())
        assert {m.of(LETTER) for a in found.actors for m in a.mentions} >= {
            "Karin Ek",
            "Lindö kommun",
            "Region Nordmark",
        }

    def test_characters_outside_the_basic_plane_count_as_one(self, pipeline):
        text = "🎉🎉 – Vi börjar i höst, säger Karin Ek."
        [actor] = pipeline.analyze(text).actors
        assert actor.mentions == (Span(text.index("Karin"), len(text) - 1),)

    def test_windows_line_ends_are_kept(self, pipeline):
        text = LETTER.replace("\n", "\r\n")
        assert pipeline.analyze(text).text == text


class TestNothingCutOff:
    """2. Any length is read to the end."""

    def test_the_last_line_of_a_long_text_is_read(self, pipeline):
        filler = "Ärendet bereddes vidare och handlingarna lades till akten. " * 3000
        text = f"{filler}\n\n– Vi börjar i höst, säger Karin Ek, rektor i Tranås kommun.\n"
        found = pipeline.analyze(text)
        assert [quote.speaker.name for quote in found.quotes if quote.speaker][-1:] == ["Karin Ek"]
        assert found.quotes[-1].spans[0].start > len(filler)

    def test_themes_reach_the_last_sentence(self, pipeline):
        filler = "Ärendet lades till akten. " * 3000
        text = f"{filler}\n\nKommunen och regionen ska samverka och ha regelbunden dialog med varandra.\n"
        assert any(s.start > len(filler) for s in pipeline.analyze(text).theme_sentences)


class TestNeverRaises:
    """3. A text never raises."""

    @pytest.mark.parametrize("name", ODD_TEXTS)
    def test_odd_text(self, pipeline, name):
        check(ODD_TEXTS[name], pipeline.analyze(Document.from_text(ODD_TEXTS[name])).to_dict())

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.one_of(
                st.text(max_size=20),
                st.sampled_from([*LETTER.split(" "), "– ", "\n\n", "”", "»", "§ 12 ", "**", "# ", "| ", "\n– ", "?\n"]),
            ),
            max_size=60,
        ).map("".join)
    )
    def test_any_text(self, text):
        check(text, offtext.analyze(Document.from_text(text), model=None).to_dict())

    def test_what_is_odd_is_said(self, pipeline):
        english = "The committee met and decided that all the schools should be open to everyone in the town. " * 8
        assert any("Swedish" in warning for warning in pipeline.analyze(english).warnings)
        assert any("empty" in warning for warning in pipeline.analyze("").warnings)

    @pytest.mark.slow
    @pytest.mark.parametrize("unit", ["a", "– ", "”", "Karin Ek ", "ska ", "\n- ", "(", "1.", "[](", "för att "])
    def test_a_megabyte_of_one_thing(self, unit):
        offtext.analyze(Document.from_text(unit * (1_000_000 // len(unit))), model=None)


def analyze_in_worker(text):
    return offtext.analyze(Document.from_text(text)).to_dict()


class TestSameResult:
    """4. The same text gives the same result: again, in a batch, in a worker."""

    texts = [*ODD_TEXTS.values()] + [LETTER, LETTER * 5, LETTER[200:]]

    def test_alone_and_in_a_batch(self, pipeline):
        alone = [pipeline.analyze(Document.from_text(text)).to_dict() for text in self.texts]
        shuffled = random.Random(1).sample(self.texts, len(self.texts))
        batch = {f.text: f.to_dict() for f in pipeline.analyze_all(map(Document.from_text, shuffled))}
        small = {f.text: f.to_dict() for f in pipeline.analyze_all(map(Document.from_text, self.texts), batch_size=3)}
        for record in alone:
            assert batch[record["text"]] == record
            assert small[record["text"]] == record

    @pytest.mark.slow
    def test_in_a_worker(self):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            assert pool.submit(analyze_in_worker, LETTER).result() == analyze_in_worker(LETTER)


class TestScores:
    """5. Scores are probabilities in [0, 1]."""

    def test_document_types_sum_to_one(self, pipeline):
        scores = pipeline.analyze(LETTER).doc_type.scores
        assert len(scores) == 17
        assert sum(scores.values()) == pytest.approx(1.0, abs=1e-3)

    def test_every_theme_has_a_score(self, pipeline):
        assert len(pipeline.analyze(LETTER).themes) == 13


class TestNothingUnpickled:
    """6. Models load from ONNX, safetensors, JSON and TOML only; no code is run from data."""

    forbidden_modules = {"pickle", "cPickle", "dill", "joblib", "shelve", "marshal", "cloudpickle"}
    forbidden_calls = {"eval", "exec", "compile"}

    @pytest.mark.parametrize("path", sorted(Path(offtext.__file__).parent.rglob("*.py")), ids=lambda path: path.name)
    def test_no_pickle_and_no_eval(self, path):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert not self.forbidden_modules & {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                assert (node.module or "").split(".")[0] not in self.forbidden_modules
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in self.forbidden_calls
            elif isinstance(node, ast.keyword) and node.arg == "allow_pickle":
                assert isinstance(node.value, ast.Constant)
                assert node.value.value is False
