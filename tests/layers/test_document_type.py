"""Document type: the lexicon's examples, one text of each form by rules alone, and the packaged model."""

import pytest

from offtext.labels import DOC_TYPES
from offtext.layers.document_type import compile_cue, find_document_type, masked
from offtext.layout import parse
from offtext.lexicon import load_toml

ENTRIES = [
    (label, cue) for label, group in load_toml("doctypes")["types"].items() for cue in group["cues"] if "pattern" in cue
]

TEXTS = {
    "letter": """Granåsens byalag

Till: Kommunstyrelsen i Ulvsjö

Hej!

Kan ni sanda backen vid skolan? Vi har bett om det sedan i höstas.

Med vänlig hälsning
Eva Lind
""",
    "minutes": """Protokoll från styrelsemöte

Närvarande: Eva Lind, Per Ek
Justerare: Per Ek

§ 1 Mötet öppnas
§ 2 Val av justerare
§ 3 Bryggan
""",
    "press_release": """PRESSMEDDELANDE

Ulvsjö kommun öppnar ny brygga

– Det är roligt, säger Eva Lind, hamnchef.

Presskontakt: Per Ek
""",
    "consultation": """Yttrande över betänkandet Nya bryggor

Ulvsjö kommun har beretts tillfälle att yttra sig och tillstyrker förslaget.
""",
    "agreement": """Samverkansavtal

Mellan Ulvsjö kommun, nedan kallad kommunen, och Hamnbolaget.

Avtalet gäller till och med 2027 och kan sägas upp av parterna.
""",
    "statute": """Reglemente för hamnnämnden

1 § Nämnden har sju ledamöter.

2 § Nämnden möts varje månad.

3 § Detta reglemente gäller från den 1 maj.
""",
    "proposal": """Motion om fler bryggor

Bryggorna räcker inte till.

Med anledning av ovanstående yrkar vi att kommunen bygger två bryggor.
""",
    "speech": """Hamnchefens tal vid invigningen

Kära vänner!

I dag är en stor dag. Jag är glad att få stå här i dag.

Tack för att ni lyssnade!
""",
    "instruction": """Rutin för nycklar

Gäller för: hamnen

Enhetschefen ansvarar för nycklarna. Personalen ska kvittera.
""",
    "decision": """Uppdrag till Bryggverket att räkna bryggor

Regeringen uppdrar åt Bryggverket att räkna bryggor. Uppdraget ska redovisas senast den 1 maj.
""",
}


@pytest.mark.parametrize(("label", "cue"), ENTRIES, ids=[f"{label}-{c['id']}" for label, c in ENTRIES])
def test_every_cue_matches_its_example_and_not_its_counter_example(label, cue):
    pattern, least = compile_cue(cue["pattern"]), cue.get("min", 1)
    assert len(pattern.findall(cue["example"])) >= least
    assert "counter_example" not in cue or len(pattern.findall(cue["counter_example"])) < least


def test_every_type_has_cues_and_a_prior():
    assert set(load_toml("doctypes")["types"]) == set(load_toml("doctypes")["prior"]) == set(DOC_TYPES)


@pytest.mark.parametrize("label", TEXTS)
def test_rules_alone_know_the_forms(label):
    assert find_document_type(parse(TEXTS[label]), None).label == label


def test_scores_are_a_distribution_over_all_types():
    found = find_document_type(parse(TEXTS["letter"]), None)
    assert set(found.scores) == set(DOC_TYPES)
    assert sum(found.scores.values()) == pytest.approx(1)
    assert found.score == max(found.scores.values())


@pytest.mark.parametrize(
    "text", ["", "\x00", "\ud800", "A" * 1_000_000, "§ 1\n" * 50_000, "Ab " * 100_000, "- " * 9_000]
)
def test_a_text_never_raises(text):
    assert find_document_type(parse(text), None).label in DOC_TYPES


def test_the_publisher_is_hidden_from_the_words():
    assert (
        masked("Mer hos oss i Ulvsjö kommun på https://ulvsjo.se/a den 3 maj")
        == "Mer hos oss i NAMN kommun på ADRESS den 0 maj"
    )


@pytest.mark.parametrize("label", TEXTS)
def test_with_the_encoder(encoder, label):
    layout = parse(TEXTS[label])
    found = find_document_type(layout, encoder.encode([layout])[0])
    assert found.label == label
    assert sum(found.scores.values()) == pytest.approx(1, abs=1e-5)
