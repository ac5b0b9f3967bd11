"""What a document says of itself, in tagged examples: <title>, <date>, <nr>, <from>, <to>, <signed>, <org>, <person>."""

from __future__ import annotations

import re
from typing import Any

import pytest

from offtext.document import Span
from offtext.layers.document_dates import own_date, own_diary_number
from offtext.layers.metadata import find_metadata
from offtext.layout import parse
from offtext.lexicon import load_toml
from offtext.record import Actor, DocumentType

_TAG = re.compile(r"<(/?)(title|date|nr|from|to|signed|org|person)(?: iso=\"([\d-]+)\")?>")


def read(tagged: str) -> tuple[str, tuple[Actor, ...], dict[str, Any]]:
    """Return the text without tags, its actors, and what the tags say."""
    text, last, opened = "", 0, {}
    told: dict[str, Any] = {"title": None, "date": None, "nr": None, "from": [], "to": [], "signed": []}
    spans: dict[tuple[str, str], list[Span]] = {}
    for tag in _TAG.finditer(tagged):
        text += tagged[last : tag.start()]
        last = tag.end()
        if not tag[1]:
            opened[tag[2]] = (len(text), tag[3])
            continue
        start, iso = opened.pop(tag[2])
        words = text[start:]
        if tag[2] in ("title", "date", "nr"):
            told[tag[2]] = iso or words
        else:
            kind = "person" if tag[2] in ("person", "signed") else "organisation"
            spans.setdefault((words, kind), []).append(Span(start, len(text)))
            if tag[2] in told:
                told[tag[2]].append(words)
    text += tagged[last:]
    actors = []
    for n, ((name, kind), where) in enumerate(spans.items(), 1):
        org_type = None if kind == "person" else "government" if name.casefold() == "regeringen" else "agency"
        actors.append(Actor(f"a{n}", name, kind, tuple(where), org_type))
    return text, tuple(actors), told


LETTER = """<from>Ulvsjö kommun</from>
Datum: <date iso="2019-04-02">2019-04-02</date>
Dnr <nr>KS19/203-710</nr>

Till: <to>Region Nordmark</to>

# <title>Fråga om busslinjen mot Norrvik</title>

Hej! Vi undrar när linjen öppnar igen, eftersom många elever i <from>Ulvsjö kommun</from> reser med den varje dag.

Med vänlig hälsning
<signed>Karin Ek</signed>
Trafikstrateg
"""

RELEASE = """PRESSMEDDELANDE <date iso="2024-03-05">2024-03-05</date>

# <title>Fler bussar till hösten</title>

<from>Vattenverket</from> öppnar tre linjer. <from>Vattenverket</from> har beslutat om pengarna den 4 februari 2024.
Arbetet pågår till den 9 juni 2025, skriver <from>Vattenverket</from>.
"""

COMMISSION = """# <title>Uppdrag att följa upp bussreformen</title>

<from>Regeringen</from> uppdrar åt <to>Trafikanalysverket</to> att följa upp reformen. Uppdraget ska redovisas senast
den 1 mars 2026. Synpunkter ska hämtas in från <org>Skogsrådet</org>.
"""

SPEECH = """# <title>Tal vid invigningen av Nya bron</title>

Norrvik, den <date iso="2021-05-04">4 maj 2021</date>.

Det talade ordet gäller.

Kära invånare! Den 3 mars 2019 togs det första spadtaget.
"""

OPINION = """# <title>Bygg bron nu</title>

Debattartikel av <signed>Karin Ek</signed>, Ulvsjö Allehanda, den <date iso="2022-05-04">4 maj 2022</date>.

Bron behövs. Den 1 januari 2020 stängdes den gamla, och <person>Olle Lind</person> har lovat en ny.
"""

NEWS = """# <title>Mässan samlade tusen besökare</title>

Den 4 maj 2022 öppnade mässan i Norrvik. <org>Ulvsjö kommun</org> stod värd, berättar <person>Olle Lind</person>.
"""

PLAN = """Vård- och omsorgsförvaltningen

Dokumentet beslutades den: [<date iso="2023-01-09">2023-01-09</date>]

# RUTIN

<title>Mottagande av nya brukare</title>

## Inledning

Rutinen gäller alla enheter och ska vara känd senast den 4 mars 2023.
"""

DOCUMENTS = [
    ("letter", LETTER),
    ("press_release", RELEASE),
    ("decision", COMMISSION),
    ("speech", SPEECH),
    ("opinion", OPINION),
    ("news", NEWS),
    ("instruction", PLAN),
]


@pytest.mark.parametrize(("doc_type", "tagged"), DOCUMENTS, ids=[kind for kind, _ in DOCUMENTS])
def test_a_document_tells_of_itself(doc_type: str, tagged: str) -> None:
    text, actors, told = read(tagged)
    found = find_metadata(parse(text), actors, DocumentType(doc_type, 1.0))
    assert found.title == told["title"]
    assert found.date == told["date"]
    assert found.diary_number == told["nr"]
    assert {a.name for a in found.sender} == set(told["from"])
    assert {a.name for a in found.recipient} == set(told["to"])
    assert {a.name for a in found.signatory} == set(told["signed"])


@pytest.mark.parametrize("rule", load_toml("metadata")["date"], ids=lambda rule: rule["name"])
def test_every_date_rule_has_an_example(rule: dict[str, Any]) -> None:
    doc_type = "speech" if rule["name"] == "byline" else None
    mark = "# " if rule["name"] == "title" else ""
    assert own_date(parse(f"{mark}{rule['example']}\n\nVi börjar i höst."), doc_type, {})[0] == rule["expected"]
    assert own_date(parse(f"{mark}{rule['counter_example']}\n\nVi börjar i höst."), None, {})[0] is None
    assert 0 < rule["score"] <= 1


@pytest.mark.parametrize("case", load_toml("metadata")["diary_number"]["examples"], ids=lambda case: case["text"])
def test_every_diary_number_form(case: dict[str, str]) -> None:
    assert (own_diary_number(parse(f"Ulvsjö kommun\n{case['text']}\n\nHej!"))[0] or "") == case["expected"]


@pytest.mark.parametrize("group", ["recipient", "sender"])
def test_cues_before_a_name(group: str) -> None:
    rule = load_toml("metadata")[group]
    name = {"recipient": "Statskontoret", "sender": "Ulvsjö kommun"}[group]
    assert re.search(rule["before"], rule["example"].split(name)[0])
    assert not re.search(rule["before"], rule["counter_example"].split(name)[0])


def test_titles_that_say_little() -> None:
    rule = load_toml("metadata")["title"]
    assert re.fullmatch(rule["paper"], rule["example"])
    assert not re.fullmatch(rule["paper"], rule["counter_example"])


def test_file_properties_help_where_the_text_is_silent() -> None:
    told = {
        "title": "Månadsbrev",
        "date": "2024-05-03T10:00:00Z",
        "from": "Karin Ek <karin@ulvsjo.example>",
        "to": "Olle Lind",
    }
    actors = (Actor("a1", "Karin Ek", "person"), Actor("a2", "Olle Lind", "person"))
    found = find_metadata(parse("hej och tack för sist, vi hörs."), actors, DocumentType("letter", 1.0), told)
    assert (found.title, found.date) == ("Månadsbrev", "2024-05-03")
    assert ([a.id for a in found.sender], [a.id for a in found.recipient]) == (["a1"], ["a2"])
    text = parse("# Årsbrev\n\nDatum: 2 maj 2023\n\nHej!")
    assert find_metadata(text, (), None, told).date == "2023-05-02"


def test_the_number_of_another_case_is_not_ours() -> None:
    text = "# Uppdrag om skog\n\nArbetet sker inom ramen för regeringens beslut om strategin (dnr N2018/03142/SK)."
    assert own_diary_number(parse(text))[0] is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00\x01",
        "\ud800 Dnr 1",
        "a" * 300_000,
        "2019-04-02 " * 20_000,
        "Dnr " * 50_000,
        "\n" * 50_000,
        "§ " * 50_000,
    ],
    ids=["empty", "blank", "control", "surrogate", "one word", "dates", "cues", "lines", "sections"],
)
def test_any_text_is_read(text: str) -> None:
    actors = (Actor("a1", "Dnr", "organisation", (Span(0, 3),), "agency"),)
    for doc_type in (None, "letter", "minutes", "opinion", "press_release"):
        find_metadata(parse(text), actors, DocumentType(doc_type, 1.0) if doc_type else None)
