"""What a document says of itself, in tagged examples: <title>, <date>, <nr>, <from>, <to>, <signed>, <org>, <person>."""

from __future__ import annotations

import re
from typing import Any

import pytest

from offtext.document import Span
from offtext.layers.metadata import find_metadata
from offtext.layers.metadata.document_dates import own_date, own_diary_number
from offtext.layout import parse
from offtext.lexicon import load_toml
from offtext.record import Actor, DocumentType

_TAG = re.compile(r"<(/?)(title|date|nr|from|to|signed|org|person)(?: iso=\"([\d-]+)\")?>")


def read(tagged: str) -> tuple[str, tuple[Actor, ...], dict[str, Any]]:
    """Return the text without tags, its actors, and what the tags say."""
    text, last, opened = "", 0, {}
    people = {name for _, name in re.findall(r"<(signed|person)>(.*?)</", tagged)}
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
            kind = "person" if words in people else "organisation"
            if (span := Span(start, len(text))) not in spans.setdefault((words, kind), []):
                spans[words, kind].append(span)
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

BODY = "Vi har läst er fråga och vill här berätta hur vi ser på saken. Svaret är inte enkelt, men vi gör ett försök."

HEADS = {
    "a letter with two address blocks": (
        "letter",
        f"""<from>Norrviks idrottsförening</from>
c/o Lind
Backen 3

<to>Region Nordmark</to>
Fastighetsenheten
Box 12, Ulvsjö

Norrvik den <date iso="2023-10-03">3 oktober 2023</date>

<title>Angående hyran för Norrvikshallen</title>

{BODY}

Med vänlig hälsning
för <from>Norrviks idrottsförening</from>

<signed>Karin Ek</signed>, ordförande
<signed>Olle Lind</signed>, kassör
""",
    ),
    "a letter to two municipalities": (
        "letter",
        f"""<from>Skogsrådet</from>

Datum: <date iso="2024-02-11">2024-02-11</date>

Vårt dnr: <nr>SR 2024/34</nr>

Ert dnr: KS/2023:99

<to>Ulvsjö kommun</to>, kommunstyrelsen

<to>Norrviks kommun</to>, tekniska nämnden

# <title>Fråga om gemensam skogsvägskarta</title>

Hej!

{BODY}

Med vänlig hälsning

<signed>Karin Ek</signed>

skogschef
""",
    ),
    "a mail": (
        "letter",
        f"""Från: <from>Karin Ek</from> <karin.ek@ulvsjo.example>
Till: <to>Vattenverket</to> <registrator@vatten.example>
Skickat: den <date iso="2024-03-05">5 mars 2024</date> 10:14
Ämne: <title>Provtagning i Ulvsjön</title>

Hej!

{BODY}

Hälsningar
<signed>Karin Ek</signed>
""",
    ),
    "a bold press release": (
        "press_release",
        f"""**PRESSMEDDELANDE** <date iso="2024-05-21">2024-05-21</date> kl. 09.30

# <title>Sex byar delar på en buss</title>

Bussen går varje dag, berättar <from>Region Nordmark</from>. <from>Region Nordmark</from> har köpt in den. {BODY}

För mer information
<person>Olle Lind</person>, presschef, <from>Region Nordmark</from>
""",
    ),
    "a press release under a letterhead": (
        "press_release",
        f"""<from>VATTENVERKET</from>
PRESSMEDDELANDE
<date iso="2024-02-06">2024-02-06</date>
Dnr <nr>2.1-2402-0117</nr>

<title>Vattnet i sjöarna fortsätter att stiga</title>

Det blir varmare och blötare. Resultaten lämnas till <org>regeringen</org> den 1 mars 2026. {BODY}
""",
    ),
    "a strategy adopted by an assembly": (
        "plan",
        f"""Ulvsjö kommun

Antagen av kommunfullmäktige <date iso="2022-12-07">2022-12-07</date>, § 61

Dnr <nr>KS/2022:518</nr>

# <title>Strategi för stadens träd 2023–2030</title>

## Vision

{BODY}
""",
    ),
    "rules of a joint board": (
        "statute",
        f"""<title>REGLEMENTE FÖR FAMILJENÄMNDEN I NORDMARK</title>

Antaget av kommunfullmäktige i Ulvsjö kommun den <date iso="2021-09-26">26 september 2021</date>, §
118, och av kommunfullmäktige i Norrviks kommun den 29 september 2021, § 87
Dnr <nr>KS 2021/154</nr>
Gäller från den 1 januari 2022

1 kap. Nämndens uppgifter

1 § {BODY}
""",
    ),
    "a fact sheet with a month": (
        "information",
        f"""<title>Om strömmen försvinner</title>
Faktablad till hushåll, <date iso="2024-03">mars 2024</date>

{BODY}
""",
    ),
    "a page of an intranet": (
        "interview",
        f"""Intranätet / Aktuellt / Hallå där

<title>Hallå där, Olle Lind ...</title>

<date iso="2023-11-08">2023-11-08</date> | 3 kommentarer

... vaktmästare på Skolnätet i Nordmark, som just har bytt fyrtio dörrar på en vecka.

Varför just dörrar?
Därför att alla använder dem och ingen ser dem. {BODY}
""",
    ),
    "an agreement with its number first": (
        "agreement",
        f"""Dnr <nr>2023/UPH-044</nr>

# <title>Samverkansavtal om gemensam mat</title>

Mellan nedanstående parter har följande avtal träffats.

## § 1 Bakgrund

{BODY}

Ulvsjö den <date iso="2023-06-01">1 juni 2023</date>

<signed>Karin Ek</signed>

kommunchef

<signed>Olle Lind</signed>

ekonomichef
""",
    ),
    "minutes with a number like a month": (
        "minutes",
        f"""Skolnätet i Nordmark

Dnr <nr>SNN 2024-11</nr>

# <title>Protokoll från styrelsemöte 2/2024</title>

Tid: Tisdag den <date iso="2024-04-23">23 april 2024</date> kl. 13.00–15.40

Plats: Stadshuset

## § 14 Mötets öppnande

{BODY} Nästa möte hålls den 4 juni 2024.
""",
    ),
    "a decision signed by hand": (
        "decision",
        f"""ULVSJÖ KOMMUN
Socialnämnden                                   BESLUT

Datum: <date iso="2024-10-16">16 oktober 2024</date>
Dnr: <nr>SN 2024/0287</nr>

<title>Nytt arbetssätt för trygg hemgång</title>

{BODY}

<signed>Karin Ek</signed>
ordförande i socialnämnden

Expedieras till: Region Nordmark
""",
    ),
    "a decision approved digitally": (
        "decision",
        f"""**<from>Vattenverket</from>**
**BESLUT**
**Datum** <date iso="2024-03-19">2024-03-19</date>
**Diarienummer** <nr>537-1820-2024</nr>

<to>Ulvsjö kommun</to>
Storgatan 8
314 80 Ulvsjö

# <title>Bidrag till provtagning i Ulvsjön</title>

{BODY}

Beslutet har fattats av avdelningschef <signed>Karin Ek</signed> med <signed>Olle Lind</signed> som föredragande.

*Detta beslut har godkänts digitalt och saknar därför namnunderskrifter.*
""",
    ),
    "an answer signed digitally": (
        "consultation",
        f"""| | |
|---|---|
| **<from>Skogsrådet</from>** | **YTTRANDE** |
| Datum | <date iso="2025-01-15">2025-01-15</date> |
| Diarienummer | <nr>SR 1.2-2024/1107</nr> |
| Ert diarienummer | 2024-04410 |
| Mottagare | <to>Vattenverket</to> |

# <title>Yttrande över promemorian Rent vatten</title>

{BODY}

Detta yttrande har beslutats av generaldirektör <signed>Karin Ek</signed> efter föredragning av <person>Olle Lind</person>.
""",
    ),
    "a letter that says it is signed digitally": (
        "letter",
        f"""<from>Vattenverket</from>
Handläggare: <person>Olle Lind</person>
<date iso="2024-08-30">2024-08-30</date>

Till
<to>Skogsrådet</to>

<title>Begäran om kartor</title>

{BODY}

Undertecknat digitalt av
<signed>Karin Ek</signed>
""",
    ),
    "a column with its author below": (
        "opinion",
        f"""# <title>Den dyraste bänken i byn</title>

Krönika, <date iso="2024-08">augusti 2024</date>

{BODY}

*<signed>Karin Ek</signed> är utredare och skriver varannan månad om vardag.*
""",
    ),
    "a citizen's letter": (
        "letter",
        f"""Norrvik den <date iso="2022-02-02">2 februari 2022</date>

Till <to>Ulvsjö kommun</to>
<to>Byggnadsnämnden</to>

<title>Mörkret på Strandvägen</title>

{BODY}

Med vänlig hälsning
<from><signed>Karin Ek</signed></from>
""",
    ),
    "a mail to a registrar": (
        "letter",
        f"""Från: <from><person>Karin Ek</person></from> <karin.ek@ulvsjo.example>
Till: registrator@skogsradet.example
Kopia: <person>Olle Lind</person> (<org>Region Nordmark</org>)
Skickat: den <date iso="2022-03-06">6 mars 2022</date> 15:42
Ämne: Dnr <nr>537-2291-2022</nr> – <title>karta över vägarna?</title>

Hej!

Tack för mötet med er på <to>Skogsrådet</to>. {BODY}
""",
    ),
    "a decision with the number of a company": (
        "decision",
        f"""                              Beslut
                              <date iso="2022-10-08">2022-10-08</date>
                              Dnr <nr>VV 2022:3312</nr>

<to>Stiftelsen Bron</to>
Org.nr 802477-0000

# <title>Beslut efter tillsyn av Norrviksbron</title>

{BODY}
""",
    ),
    "a letter with columns": (
        "letter",
        f"""<from>Norrviks Energi AB</from>                              Norrvik <date iso="2022-09-28">2022-09-28</date>
Kundservice
                                     <to>Föreningen Sjöboden</to>
                                     Hamnvägen 8 A
                                     974 31 Norrvik

<title>Nytt pris från den 1 januari 2023</title>

Bästa kund,

{BODY}

Med vänliga hälsningar

<signed>Karin Ek</signed>, marknadschef
""",
    ),
    "minutes in columns": (
        "minutes",
        f"""ULVSJÖ KOMMUN                     <title>SAMMANTRÄDESPROTOKOLL</title>                    1 (5)
Omsorgsnämnden                      Sammanträdesdatum
                                    <date iso="2022-04-23">2022-04-23</date>

Plats och tid         Förvaltningshuset, sal Älven, kl 08.30–12.10

{BODY}
""",
    ),
    "a magazine": (
        "news",
        f"""NORDMARKSNYTT, nr 2 <date iso="2022">2022</date>

<title>Teamet ringer på innan det blir akut</title>

{BODY}
""",
    ),
    "a release with place and day": (
        "press_release",
        f"""**Pressmeddelande, Norrvik <date iso="2022-09-11">11 september 2022</date>**

# <title>Hyresgästerna får del av solen</title>

{BODY}
""",
    ),
    "a page that was looked through": (
        "information",
        f"""Sidan senast granskad <date iso="2022-01-28">2022-01-28</date>

# <title>Så ansöker du om färdtjänst</title>

{BODY}
""",
    ),
    "a declaration on two lines": (
        "agreement",
        f"""<title>AVSIKTSFÖRKLARING

om ett lärcentrum i Nordmark</title>

1. Parter

{BODY}
""",
    ),
    "a blog": (
        "opinion",
        f"""Kommundirektörens blogg

# <title>Det svåraste ordet</title>

Postat av <person>Karin Ek</person>, fredag <date iso="2022-11-17">17 november 2022</date>

{BODY}
""",
    ),
    "an item of minutes": (
        "minutes",
        f"""Ulvsjö kommun

Kommunstyrelsen

Sammanträdesprotokoll

Sammanträdesdatum: <date iso="2025-02-25">2025-02-25</date>

Dnr <nr>KS 2024/412</nr>

# KS § 38 <title>Yttrande över förslag till naturreservat</title>

{BODY}
""",
    ),
}

DOCUMENTS = [
    ("letter", LETTER),
    ("press_release", RELEASE),
    ("decision", COMMISSION),
    ("speech", SPEECH),
    ("opinion", OPINION),
    ("news", NEWS),
    ("instruction", PLAN),
]


@pytest.mark.parametrize(
    ("doc_type", "tagged"),
    [*DOCUMENTS, *HEADS.values()],
    ids=[*(kind for kind, _ in DOCUMENTS), *HEADS],
)
def test_a_document_tells_of_itself(doc_type: str, tagged: str) -> None:
    text, actors, told = read(tagged)
    found = find_metadata(parse(text), actors, DocumentType(doc_type, 1.0))
    assert (found.title or "").split() == (told["title"] or "").split()
    assert found.date == told["date"]
    assert found.diary_number == told["nr"]
    assert {a.name for a in found.sender} == set(told["from"])
    assert {a.name for a in found.recipient} == set(told["to"])
    assert {a.name for a in found.signatory} == set(told["signed"])


@pytest.mark.parametrize("rule", load_toml("metadata")["date"], ids=lambda rule: rule["name"])
def test_every_date_rule_has_an_example(rule: dict[str, Any]) -> None:
    doc_type = rule.get("doc_type") or ("speech" if rule["name"] == "byline" else None)
    mark = {"title": "# ", "imprint": "# Om strömmen försvinner\n\n"}.get(rule["name"], "")
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


@pytest.mark.parametrize("key", ["decided_by", "digital"])
def test_who_signs_without_a_pen(key: str) -> None:
    rule = load_toml("metadata")["signature"]
    assert re.search(rule[key], rule[f"{key}_example"].removesuffix("Karin Ek"))
    assert not re.search(rule[key], "Vi talade med ")


def test_a_page_names_its_publisher() -> None:
    text = "# Nytt vattenråd\n\nUlvsjö kommun bildar ett råd. Norrån hör till Vattenrådet."
    actors = (
        Actor("a1", "Ulvsjö kommun", "organisation", (Span(18, 31),), "municipality"),
        Actor("a2", "Vattenrådet", "organisation", (Span(text.index("Vattenrådet"), len(text) - 1),), "network"),
    )
    found = find_metadata(parse(text), actors, DocumentType("press_release", 1.0), {"author": "Vattenrådet"})
    assert [a.id for a in found.sender] == ["a2"]


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
