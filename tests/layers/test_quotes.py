"""Quotes as tagged text.

`<direct speaker="Karin Ek">…</direct>` and `<indirect speaker="…">…</indirect>` are what must be found, no more and no
less; `<more>…</more>` is a further part of the quote before it. Without `speaker` the text does not tell. Who is an
actor is said in CAST; the names are invented.
"""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offtext.document import Span
from offtext.layers.quotes import find_quotes
from offtext.layout import Layout, parse
from offtext.lexicon import load_toml
from offtext.record import Actor, DocumentType

CAST = {
    "Karin Ek": ("person", "rektor"),
    "Bo Alm": ("person", "skyddsombud"),
    "Siv Lund": ("person", "civilminister"),
    "Per Dahl": ("person", "projektledare"),
    "Ulvsjö kommun": ("organisation", "municipality"),
    "Vattenverket": ("organisation", "agency"),
    "regeringen": ("organisation", "government"),
}


def actors_of(text: str) -> list[Actor]:
    found = []
    for name, (kind, detail) in CAST.items():
        forms = [name, *name.split()] if kind == "person" else [name, name.capitalize()]
        spans: list[Span] = []
        for form in forms:
            for match in re.finditer(rf"\b{form}(?=\b|s\b)", text):
                span = Span(*match.span())
                if not any(span.overlaps(other) for other in spans):
                    spans.append(span)
        if spans:
            person = kind == "person"
            found.append(
                Actor(
                    f"a{len(found) + 1}",
                    name,
                    kind,
                    tuple(sorted(spans)),
                    None if person else detail,
                    detail if person else None,
                )
            )
    return found


TAG = re.compile(r'<(/?)(direct|indirect|more)(?: speaker="([^"]*)")?>')


def read_tagged(tagged: str) -> tuple[str, list[tuple[str, str | None, list[str]]]]:
    text, expected, at, opened = "", [], 0, 0
    for tag in TAG.finditer(tagged):
        text += tagged[at : tag.start()]
        at = tag.end()
        if not tag[1]:
            opened = len(text)
            if tag[2] != "more":
                expected.append((tag[2], tag[3], []))
        else:
            expected[-1][2].append(text[opened:])
    return text + tagged[at:], expected


CASES = {
    # dash paragraphs
    "attribution after": '– <direct speaker="Karin Ek">Vi börjar i höst</direct>, säger Karin Ek.',
    "attribution with role": '– <direct speaker="Karin Ek">Vi börjar i höst</direct>, säger Karin Ek, rektor på Näsets skola.',
    "role before the name": '– <direct speaker="Siv Lund">Stödet höjs</direct>, säger civilminister Siv Lund.',
    "long title": '– <direct speaker="Siv Lund">Stödet höjs</direct>, säger jämställdhets- och biträdande civilminister Siv Lund (C).',
    "title of several portfolios": '– <direct speaker="Siv Lund">Stödet höjs</direct>, säger skol-, kultur- och civilminister Siv Lund.',
    "a body is not she": 'Karin Ek är rektor. Ulvsjö kommun hoppas att <indirect speaker="Ulvsjö kommun">fler ska söka dit</indirect>.\n\n– <direct speaker="Karin Ek">Det går bra</direct>, säger hon.',
    "past tense": '– <direct speaker="Karin Ek">Vi hann precis</direct>, sa Karin Ek efter mötet.',
    "two sentences": '– <direct speaker="Karin Ek">Vi börjar i höst. Alla är med</direct>, berättar Karin Ek.',
    "question mark": '– <direct speaker="Karin Ek">Vem ska betala?</direct> undrar Karin Ek.',
    "exclamation mark": '– <direct speaker="Karin Ek">Kom hit allihop!</direct> ropar Karin Ek.',
    "full stop before the attribution": '– <direct speaker="Karin Ek">Vi börjar i höst</direct>. säger Karin Ek.',
    "no comma": "– <direct speaker=\"Karin Ek\">Vi börjar i höst</direct> säger Karin Ek.",
    "attribution before": 'Karin Ek, rektor: – <direct speaker="Karin Ek">Vi börjar i höst.</direct>',
    "attribution before, own paragraph": 'Karin Ek förklarar:\n\n– <direct speaker="Karin Ek">Vi börjar i höst.</direct>',
    "pronoun before": 'Karin Ek är rektor. Hon förklarar:\n\n– <direct speaker="Karin Ek">Vi börjar i höst.</direct>',
    "unnamed before": 'Som en av eleverna sa på mötet:\n\n– <direct>Vi vill ha längre raster.</direct>',
    "attribution in the middle": '– <direct speaker="Karin Ek">Vi börjar i höst</direct>, säger Karin Ek. <more>Vi har väntat länge.</more>',
    "middle of a sentence": '– <direct speaker="Karin Ek">Vi börjar i höst</direct>, säger Karin Ek, <more>men det blir dyrt för oss.</more>',
    "next sentence": '– <direct speaker="Karin Ek">Vi börjar i höst.</direct>\n\nDet säger Karin Ek, som är rektor.',
    "same line, next sentence": '– <direct speaker="Karin Ek">Vi börjar i höst</direct>. Det säger Karin Ek.',
    "narration after": '– <direct speaker="Karin Ek">Vi börjar i höst</direct>, säger Karin Ek. Kollegan Bo Alm nickar.',
    "pronoun": 'Karin Ek är rektor.\n\n– <direct speaker="Karin Ek">Vi börjar i höst</direct>, säger hon.',
    "surname": 'Rektor Karin Ek är nöjd.\n\n– <direct speaker="Karin Ek">Vi börjar i höst</direct>, säger Ek.',
    "role alone": 'Siv Lund besökte skolan i går.\n\n– <direct speaker="Siv Lund">Stödet höjs</direct>, säger ministern.',
    "role alone, compound": 'Per Dahl har hjälp av Karin Ek.\n\n– <direct speaker="Per Dahl">Vi är klara</direct>, säger projektledaren.',
    "he and she": 'Karin Ek och Bo Alm möts i dörren.\n\n– <direct speaker="Bo Alm">Vi är klara</direct>, säger han.\n\n– <direct speaker="Karin Ek">Nästan</direct>, svarar hon.',
    "she works with another she": 'Karin Ek har en kollega. Hon arbetar mycket med Siv Lund.\n\n– <direct speaker="Karin Ek">Det går bra</direct>, säger hon.',
    "unnamed after": '– <direct>Vi vill ha längre raster</direct>, säger en av eleverna.',
    "carried over, named in the last": '– <direct speaker="Karin Ek">Vi började i liten skala.</direct>\n\n– <direct speaker="Karin Ek">Sedan växte det</direct>, säger Karin Ek.',
    "carried over, named in the first": '– <direct speaker="Karin Ek">Vi började i liten skala</direct>, säger Karin Ek.\n\n– <direct speaker="Karin Ek">Sedan växte det.</direct>',
    "unattributed after narration": 'Bo Alm är skyddsombud och håller med om det mesta.\n\n– <direct speaker="Bo Alm">Det är mycket att göra.</direct>',
    "two speakers": '– <direct speaker="Karin Ek">Vi börjar i höst</direct>, säger Karin Ek.\n\n– <direct speaker="Bo Alm">Det blir bra</direct>, säger Bo Alm.',
    "hard break in the attribution": '– <direct speaker="Karin Ek">Vi börjar i höst</direct>, säger\nKarin Ek, rektor på Näsets skola.',
    "minus sign as dash": '− <direct speaker="Karin Ek">Vi börjar i höst</direct>, säger Karin Ek.',
    "hyphen as dash": '- <direct speaker="Karin Ek">Vi börjar i höst</direct>, säger Karin Ek.',
    "em dash": '— <direct speaker="Karin Ek">Vi börjar i höst</direct>, säger Karin Ek.',
    "bullet as dash": '• <direct speaker="Karin Ek">Vi börjar i höst</direct>, säger Karin Ek.',
    "dash without space": '–<direct speaker="Karin Ek">Vi börjar i höst</direct>, säger Karin Ek.',
    "dash in italics": '_– <direct speaker="Karin Ek">Vi börjar i höst</direct>, säger Karin Ek._',
    "picture before the dash": '[](https://exempel.se/bild.jpg)– <direct speaker="Karin Ek">Vi börjar i höst</direct>, säger Karin Ek.',
    "and adds": '– <direct speaker="Karin Ek">Vi börjar i höst</direct>, säger Karin Ek och tillägger:\n\n– <direct speaker="Karin Ek">Men det blir dyrt.</direct>',
    "according to": '– <direct speaker="Karin Ek">Vi börjar i höst</direct>, enligt Karin Ek.',
    # quotation marks
    "marks": '”<direct speaker="Karin Ek">Vi börjar i höst</direct>”, säger Karin Ek.',
    "straight marks": '"<direct speaker="Karin Ek">Vi börjar i höst</direct>", säger Karin Ek.',
    "guillemets": '»<direct speaker="Karin Ek">Vi börjar i höst</direct>«, säger Karin Ek.',
    "curly marks": '“<direct speaker="Karin Ek">Vi börjar i höst</direct>”, säger Karin Ek.',
    "single marks": 'Det var i maj. ’<direct speaker="Karin Ek">Vi börjar i höst</direct>’, säger Karin Ek.',
    "marks after a colon": 'Karin Ek skriver: ”<direct speaker="Karin Ek">Vi börjar i höst.</direct>”',
    "marks after att": 'Karin Ek sa att ”<direct speaker="Karin Ek">det blir av i höst</direct>” på mötet.',
    "two marked parts": '”<direct speaker="Karin Ek">Vi börjar i höst</direct>”, säger Karin Ek. ”<more>Det blir bra.</more>”',
    "marks in marks": '”<direct speaker="Karin Ek">Vi sa ’nu kör vi’ i höstas</direct>”, säger Karin Ek.',
    "marks inside a dash paragraph": '– <direct speaker="Karin Ek">Vi frågade: ”<direct>Vem ska betala för det?</direct>” och ingen svarade</direct>, säger Karin Ek.',
    "lines": 'På väggen hörs kommentarer som ”<direct>Vad fint det blev här!</direct>” från alla håll.',
    # block quotes and pull quotes
    "pull quote": '– <direct speaker="Karin Ek">Vi ska våga prova nya sätt i höst</direct>, säger Karin Ek.\n\n> <direct speaker="Karin Ek">Vi ska våga prova nya sätt</direct>\n\nSkolan ligger vid sjön.',
    # interviews
    "bold question": 'Karin Ek är rektor i Ulvsjö.\n\n**Hur går det för er?**\n\n– <direct speaker="Karin Ek">Det går bra.</direct>\n\n– <more>Vi är många som hjälps åt.</more>\n\n**Vad händer nu?**\n\n– <direct speaker="Karin Ek">Vi bygger ut.</direct>',
    "heading question": 'Karin Ek är rektor i Ulvsjö.\n\n## Hur går det för er?\n\n– <direct speaker="Karin Ek">Det går bra.</direct>\n\n## Vad händer nu?\n\n– <direct speaker="Karin Ek">Vi bygger ut.</direct>',
    "italic question": 'Karin Ek är rektor i Ulvsjö.\n\n_Hur går det för er?_\n\n– <direct speaker="Karin Ek">Det går bra.</direct>',
    "plain question": 'Karin Ek är rektor i Ulvsjö.\n\nHur går det för er?\n\n– <direct speaker="Karin Ek">Det går bra.</direct>',
    "attributed answer": 'Vi träffar två personer i dag.\n\n**Hur går det för er?**\n\n– <direct speaker="Bo Alm">Det går bra</direct>, säger Bo Alm.\n\n– <more>Vi är många.</more>',
    "marked answers": 'Karin Ek är rektor i Ulvsjö.\n\n### Hur går det för er?\n\n”<direct speaker="Karin Ek">Det går bra, vi är många som hjälps åt.</direct>”\n\n### Vad händer nu?\n\n”<direct speaker="Karin Ek">Vi bygger ut skolan och börjar med taket.</direct>”',
    "labelled turns": 'Karin Ek: <direct speaker="Karin Ek">Vi har väntat länge på det här.</direct>\n\nBo Alm: <direct speaker="Bo Alm">Jag är inte lika säker på det.</direct>',
    "names as labels of answers": 'Karin Ek och Bo Alm delar på ett rum.\n\n### Hur går det för er?\n\n**Karin Ek:** <direct speaker="Karin Ek">Det går bra.</direct>\n\n**Bo Alm:** <direct speaker="Bo Alm">Det är trångt.</direct>\n\n<more>Men det går.</more>\n\n### Vad händer nu?\n\n**Bo Alm:** <direct speaker="Bo Alm">Vi bygger ut.</direct>',
    "initials as labels": 'Karin Ek och Bo Alm delar på ett rum.\n\nHur går det för er två?\n\nKE: <direct speaker="Karin Ek">Det går bra nästan varje dag.</direct>\n\nBA: <direct speaker="Bo Alm">Utom på måndagar.</direct>\n\nVad händer nu i huset?\n\nBA: <direct speaker="Bo Alm">Vi bygger ut med ett rum till.</direct>',
    "labels without a lead": 'Reportern: Hur går det?\n\nKarin Ek: <direct speaker="Karin Ek">Det går bra.</direct>\n\nReportern: Vad händer nu?\n\nKarin Ek: <direct speaker="Karin Ek">Vi bygger ut.</direct>',
    "a turn without question mark": '# Rektorn som ringer\n\nKarin Ek är rektor i Ulvsjö.\n\n*Hur går det för er?*\n\n<direct speaker="Karin Ek">Jag tycker att det går bra.</direct>\n\n*Du är känd för att ringa alla föräldrar. Berätta.*\n\n<direct speaker="Karin Ek">Ja, jag ringer varje fredag.</direct>\n\n*Vad gör du sedan?*\n\n<direct speaker="Karin Ek">Då går jag hem till min katt.</direct>',
    "others' words in an answer": 'Karin Ek är rektor i Ulvsjö.\n\n**Hur går det för er?**\n\n– <direct speaker="Karin Ek">Bra. Enligt Vattenverket <indirect speaker="Vattenverket">är vårt vatten renast i länet</indirect>.</direct>',
    "voices under their names": '# Tre röster\n\n**Karin Ek, rektor**\n\n<direct speaker="Karin Ek">Vi har fått fler sökande i år.</direct>\n\n**Bo Alm, skyddsombud**\n\n<direct speaker="Bo Alm">Jag ser att bullret har minskat.</direct>',
    "narration inside a dash paragraph": '- <direct speaker="Karin Ek">Vi hade en fin plan. Den höll till lunch.</direct> Karin Ek skrattar lite när hon minns det. Hon är rektor. – <direct speaker="Karin Ek">Det som fungerade var lapparna på dörren.</direct>',
    "presented before marks": '# Ny väg i Ulvsjö\n\nVägen byggs i höst. Hon får medhåll av Bo Alm i Ulvsjö:\n\n”<direct speaker="Bo Alm">Vägen är smal och bilarna är många.</direct>”',
    "marks that close a report": 'Karin Ek betonar att <indirect speaker="Karin Ek">planen är till för eleverna</indirect>, ”<direct speaker="Karin Ek">inte för syns skull</direct>”.',
    "a name for something": 'Karin Ek kallar planen ”<direct speaker="Karin Ek">en lapp på ett öppet sår</direct>”.',
    "phrase in marks inside a report": 'Karin Ek anser att <indirect speaker="Karin Ek">”det stora bygget vid sjön” har gått för fort</indirect>.',
    "as somebody puts it": 'Karin Ek är rektor.\n\n– <direct speaker="Karin Ek">Vi är många</direct>, säger hon.\n\nAlla är lika trötta på onsdagarna i den långa korridoren, som skyddsombudet Bo Alm uttrycker saken.\n\n– <direct speaker="Bo Alm">Det är bullret som gör det.</direct>',
    # reported speech
    "two reports of one subject": 'Karin Ek menar att <indirect speaker="Karin Ek">skolan är för trång</indirect>, men påpekar att <indirect speaker="Karin Ek">taket är nytt</indirect>.',
    "two reports of two subjects": 'Vattenverket uppger att <indirect speaker="Vattenverket">nivån sjunker</indirect>, och Ulvsjö kommun räknar med att <indirect speaker="Ulvsjö kommun">brunnarna sinar i augusti</indirect>.',
    "the writer goes on": 'Enligt Vattenverket <indirect speaker="Vattenverket">räknas sjön som ren</indirect>, men den är inte provtagen i år.',
    "a wish behind a report": 'Ulvsjö kommun bedömer att <indirect speaker="Ulvsjö kommun">tiden är för knapp</indirect> och föreslår ett senare datum.',
    "own survey": 'Enligt Vattenverkets egen mätning <indirect speaker="Vattenverket">sjunker vattnet i sjön varje sommar</indirect>.',
    "menar att": 'Karin Ek menar att <indirect speaker="Karin Ek">skolan behöver fler vuxna</indirect>.',
    "pronoun menar att": 'Karin Ek är rektor. Hon menar att <indirect speaker="Karin Ek">skolan behöver fler vuxna</indirect>.',
    "berättar hur": 'Karin Ek berättar <indirect speaker="Karin Ek">hur eleverna planterade egna träd</indirect>.',
    "framhöll att": 'Rektor Karin Ek framhöll också att <indirect speaker="Karin Ek">skolan behöver fler vuxna</indirect>.',
    "verb before the subject": 'Enklast vore ett lån. Däremot anser Karin Ek att <indirect speaker="Karin Ek">räntan är för hög just nu</indirect>.',
    "och menar att": 'Karin Ek är rektor på skolan och menar att <indirect speaker="Karin Ek">fler vuxna behövs i skolan</indirect>.',
    "municipality": 'Ulvsjö kommun anser att <indirect speaker="Ulvsjö kommun">förslaget saknar en beräkning av kostnaden</indirect>.',
    "vill betona att": 'Ulvsjö kommun vill dock betona att <indirect speaker="Ulvsjö kommun">vägen är smal och olycksdrabbad</indirect>.',
    "in a speech": 'Karin Ek betonade i sitt inledningstal att <indirect speaker="Karin Ek">skolan tillhör hela byn</indirect>.',
    "clause before the cue": '<indirect speaker="Karin Ek">Skolan behöver fler vuxna i korridoren</indirect>, menar Karin Ek.',
    "linking word before the clause": 'Men <indirect speaker="Karin Ek">skolan behöver fler vuxna i korridoren</indirect>, menar Karin Ek.',
    "det menar": '<indirect speaker="Karin Ek">Skolan behöver fler vuxna i korridoren</indirect>. Det menar Karin Ek som är rektor.',
    "enligt first": 'Enligt Karin Ek <indirect speaker="Karin Ek">är skolan för trång för så många elever</indirect>.',
    "enligt last": '<indirect speaker="Karin Ek">Skolan är för trång för så många elever</indirect>, enligt Karin Ek.',
    "enligt in the middle": '<indirect speaker="Karin Ek">Skolan är</indirect>, enligt Karin Ek, <more>för trång för så många elever</more>.',
    "enligt a report": 'Enligt Vattenverkets rapport <indirect speaker="Vattenverket">sjunker vattnet i sjön varje sommar</indirect>.',
    "enligt myndigheten": 'Vattenverket har mätt nivån. Enligt myndigheten <indirect speaker="Vattenverket">sjunker vattnet i sjön</indirect>.',
    "unnamed crowd": 'Forskarna menar att <indirect>vattnet i sjön sjunker snabbare än väntat</indirect>.',
    "advice": 'Karin Ek är rektor. Hennes råd är att <indirect speaker="Karin Ek">börja i liten skala och öva</indirect>.',
    "frågar hur": 'Karin Ek frågar <indirect speaker="Karin Ek">hur länge bron ska vara stängd</indirect>.',
    "undrar om": 'Karin Ek undrar om <indirect speaker="Karin Ek">bron öppnar i tid</indirect>.',
    "apposition before att": 'På mötet sade Per Dahl, projektledare i Ulvsjö, att <indirect speaker="Per Dahl">ingen linje ska läggas ner</indirect>.',
    "two people": 'Karin Ek och Bo Alm är eniga. <indirect speaker="Karin Ek">Skolan behöver fler vuxna</indirect>, menar de.',
    "presented person": 'Karin Ek är rektor.\n\nKim, 9 år:\n\n– <direct>Jag ska låna skidor!</direct>',
    "labelled questions": 'Karin Ek är rektor i Ulvsjö.\n\nFråga: Hur går det för er?\n\nSvar: – <direct speaker="Karin Ek">Det går bra.</direct>',
    "plain interview": 'Möt vår nya rektor\n\nI höst började Karin Ek på skolan.\n\nHur hamnade du här?\n\n<direct speaker="Karin Ek">Jag såg annonsen av en slump.</direct>\n\nVad ser du fram emot?\n\n<direct speaker="Karin Ek">Att träffa eleverna, det gör jag.</direct>',
    "names as labels with dashes": '**Karin Ek:** – <direct speaker="Karin Ek">Jag tycker att vi har kommit långt.</direct>\n\n**Bo Alm:** – <direct speaker="Bo Alm">Jag är inte lika säker.</direct>',
    "as she said": 'Som Karin Ek har sagt: <indirect speaker="Karin Ek">en skola utan böcker är ingen skola</indirect>.',
    "role first in the sentence": 'Siv Lund var på plats. Ministern betonade vikten av att <indirect speaker="Siv Lund">alla skolor har en lokal</indirect>.',
    "enligt a role": 'Per Dahl leder arbetet. <indirect speaker="Per Dahl">Bron blir klar i tid</indirect>, enligt projektledaren.',
    "aside before att": 'Karin Ek menar, i likhet med många andra, att <indirect speaker="Karin Ek">skolan behöver fler vuxna</indirect>.',
    "bare clause with det": 'Karin Ek tycker <indirect speaker="Karin Ek">det är roligt att bygga om</indirect>.',
    "reported list": 'Ulvsjö kommun framhåller att:\n\n- <indirect speaker="Ulvsjö kommun">vägen är smal</indirect>\n- <more>bron är gammal</more>',
    # no quotes
    "condition": 'Om Karin Ek anser att skolan är för trång kan hon söka en dispens. När en lärare meddelar att han slutar ska Ulvsjö kommun få veta det.',
    "wish": 'Karin Ek ser gärna att fler söker tjänsten.',
    "title after a verb": 'Karin Ek säger ja till festen vid namn ”Fest för alla i byn”.',
    "a body's strategy": 'Ulvsjö kommuns strategi som betonar att alla ska lära sig simma gäller till 2027.',
    "task with an infinitive": 'Karin Ek pekar på nämndens uppdrag att bygga bostäder.',
    "plan with an infinitive": 'Karin Ek räknar med att bygga en ny skola.',
    "statement of office": 'Ulvsjö kommun redogör för sitt arbete för att minska bullret i skolan.',
    "list with dashes": 'Vi behöver:\n\n– pennor\n– papper\n– en tavla',
    "list of full items": '- Trygghet: Alla ska våga fråga om hjälp.\n- Ordning: Alla ska hitta sina saker.\n- Lugn: Alla ska få arbetsro.',
    "definition list": '- **Trygghet** – Alla ska våga fråga om hjälp.\n- **Ordning** – Alla ska hitta sina saker.',
    "scare quotes": 'Skolan prövar så kallade ”öppna dörrar” i höst, och Karin Ek är glad.',
    "one word in marks": 'Karin Ek kallar det ”kaos” i korridoren.',
    "title of a work": 'Karin Ek har läst boken ”Vägen till en bättre skola” i sommar.',
    "range": 'Skolan är öppen 8–16 och kostar 10 – 20 kronor om dagen.',
    "minus": '−5 grader var det när skolan öppnade.',
    "bare topic": 'Karin Ek berättar om bygget.',
    "decision": 'Regeringen beslutar att bidraget till skolan ska höjas.',
    "proposal": 'Karin Ek yrkar att ärendet ska återremitteras till nämnden. Bo Alm föreslår att mötet avslutas.',
    "enligt the law": 'Arbetet ska bedrivas enligt skollagen och enligt Ulvsjö kommuns riktlinjer för trygghet.',
    "man säger": 'Man kan säga att det gick bra till slut.',
    "ser till att": 'Karin Ek ser till att alla dörrar är låsta.',
    "page of questions": '# Vanliga frågor\n\n## Vem får söka bidraget?\n\nDu som är över 18 år kan söka.\n\n## När får jag svar?\n\nDu får svar inom tre veckor.',
    "question in narration": 'Vem ska betala? Det frågar sig många i byn.',
    "a hyphen inside": 'Skolan - som ligger vid sjön - öppnar i höst enligt planen.',
}  # fmt: skip

KNOWN_FAILURES = {
    "noun alone for many words": (
        'Karin Ek tog upp bussarna. <indirect speaker="Karin Ek">De är för få</indirect>, och de går för sällan.',
        "free indirect speech has no cue at all",
    ),
    "bare clause": (
        'Karin Ek säger <indirect speaker="Karin Ek">skolan behöver fler vuxna</indirect>.',
        "a reported clause without `att` is not told from an object",
    ),
}


def found_in(text: str, doc_type: str | None = None) -> list[tuple[str, str | None, list[str]]]:
    label = DocumentType(doc_type, 1.0) if doc_type else None
    quotes = find_quotes(parse(text), actors_of(text), label)
    return [(q.kind, q.speaker.name if q.speaker else None, [s.of(text) for s in q.spans]) for q in quotes]


def flat(tagged: str) -> tuple[str, list[tuple[str, str | None, list[str]]]]:
    """Read a tagged text; a quote inside a quote is written inside it."""
    inner = re.search(r'<direct[^>]*>[^<]*(<(direct|indirect)(?: speaker="([^"]*)")?>([^<]*)</\2>)', tagged)
    if not inner:
        return read_tagged(tagged)
    text, expected = read_tagged(tagged.replace(inner[1], inner[4]))
    return text, [*expected, (inner[2], inner[3], [inner[4]])]


@pytest.mark.parametrize("case", CASES)
def test_tagged(case: str) -> None:
    text, expected = flat(CASES[case])
    assert found_in(text) == expected


@pytest.mark.parametrize("case", KNOWN_FAILURES)
def test_known_failure(case: str, request: pytest.FixtureRequest) -> None:
    tagged, reason = KNOWN_FAILURES[case]
    request.applymarker(pytest.mark.xfail(strict=True, reason=reason))
    text, expected = flat(tagged)
    assert found_in(text) == expected


VERBS = load_toml("quotes")["verbs"]


@pytest.mark.parametrize("verb", VERBS, ids=lambda v: v["lemma"])
def test_every_verb_is_the_cue_of_its_example(verb: dict[str, object]) -> None:
    text = str(verb["example"])
    quotes = find_quotes(parse(text), actors_of(text))
    assert quotes
    assert quotes[0].cue is not None
    assert quotes[0].cue.of(text).lower() in [str(form).lower() for form in verb["forms"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize("verb", [v for v in VERBS if "counter_example" in v], ids=lambda v: v["lemma"])
def test_no_verb_quotes_its_counter_example(verb: dict[str, object]) -> None:
    assert found_in(str(verb["counter_example"])) == []


GROUPS = {name: group for name, group in load_toml("quotes").items() if isinstance(group, dict) and "example" in group}


@pytest.mark.parametrize("name", GROUPS)
def test_every_group_matches_its_example_only(name: str) -> None:
    lead = "" if "Karin Ek" in GROUPS[name]["example"] else "Karin Ek är rektor. "
    assert found_in(lead + GROUPS[name]["example"])
    if "counter_example" in GROUPS[name]:
        assert found_in(lead + GROUPS[name]["counter_example"]) == []


def test_answers_carry_their_question_and_quotes_their_cue() -> None:
    text = "Karin Ek är rektor.\n\n**Hur går det för er?**\n\n– Det går bra, säger Karin Ek.\n\n– Vi är många."
    (quote,) = find_quotes(parse(text), actors_of(text))
    assert quote.question is not None
    assert quote.question.of(text) == "Hur går det för er?"
    assert quote.cue is not None
    assert quote.cue.of(text) == "säger"
    assert quote.text == "Det går bra Vi är många."


def test_minutes_have_more_lists_than_voices() -> None:
    text = (
        "Nämnden beslutar:\n\n– Förvaltningen får bygga en ny skola vid sjön.\n\n– Ordföranden skriver under avtalet.\n"
    )
    assert found_in(text, "minutes") == []


def test_a_headline_in_marks_is_the_writers_own_in_an_opinion() -> None:
    text = "# ”Vi höjer stödet till skolan i höst”\n\nDebattartikel av Siv Lund.\n\nSkolan behöver mer."
    assert found_in(text, "opinion") == []


def test_we_is_the_body_that_answers_a_consultation() -> None:
    text = "Ulvsjö kommun\n\nVi anser att tiden är för knapp. Vi vill särskilt framhålla att vägen är smal."
    said = [("indirect", "Ulvsjö kommun", ["tiden är för knapp"]), ("indirect", "Ulvsjö kommun", ["vägen är smal"])]
    assert found_in(text, "consultation") == said
    assert found_in(text, "letter") == []


def test_large_type_in_an_opinion_is_the_writers_own() -> None:
    text = "# Bygg nu\n\nAv Siv Lund, civilminister.\n\nSkolan behöver mer.\n\n> En skola är ett löfte till alla barn."
    assert found_in(text, "opinion") == []


def test_scores_are_probabilities() -> None:
    for tagged in CASES.values():
        text, _ = flat(tagged)
        assert all(0.0 <= q.score <= 1.0 for q in find_quotes(parse(text), actors_of(text)))


@pytest.mark.parametrize(
    "piece",
    [
        "– Ja, säger Karin Ek.\n\n",
        "Han log. ”Hej då”, sa Karin Ek. ",
        "Karin Ek: Ja visst är det så.\n\n",
        "”",
        "> ord och fler ord här\n",
        "a",
        "enligt ",
        ", säger ",
        "– ",
        "**Hur?**\n\n",
    ],
)
def test_time_is_linear(piece: str, assert_linear) -> None:
    def work(size: int) -> None:
        layout, actors = parsed(piece, size)
        find_quotes(layout, actors)

    assert_linear(work, 240_000)


@cache
def parsed(piece: str, size: int) -> tuple[Layout, tuple[Actor, ...]]:
    text = piece * (size // len(piece))
    return parse(text), actors_of(text[:2000])


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from('–-”"’»«“>*_#\n .,:;!?åKarinEk säger menar att enligt<br>[](&\ud800\x00'), max_size=120
    )
)
def test_never_raises(text: str) -> None:
    for quote in find_quotes(parse(text), actors_of(text)):
        assert all(0 <= s.start < s.end <= len(text) for s in quote.spans)
        assert quote.text == " ".join(s.of(text) for s in quote.spans)


def test_empty_text() -> None:
    assert found_in("") == []
