"""Documents of an invented municipal archive, from own templates: letters, minutes, press releases, interviews, plans.

Every text is made from its number alone, so that an archive is the same wherever it is made.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

FIRST = [
    "Maja",
    "Örjan",
    "Fatima",
    "Per-Olof",
    "Signe",
    "Tariq",
    "Ylva",
    "Henning",
    "Aino",
    "Dragana",
    "Elof",
    "Sanna",
    "Ibrahim",
    "Gullan",
    "Åke",
    "Mirja",
]
LAST = [
    "Lindqvist",
    "Åkesson",
    "Nordh",
    "Ek",
    "Sjöbäck",
    "Haddad",
    "Wretling",
    "Öhman",
    "Kallio",
    "Petrov",
    "Frisk",
    "Myrén",
    "Barzani",
    "Tuvesson",
]
PLACES = [
    "Norrtuna",
    "Åvika",
    "Hallbo",
    "Sörby",
    "Ekstad",
    "Lillån",
    "Granköping",
    "Västerhult",
    "Björkäng",
    "Tallunda",
]
ROLES = [
    "rektor",
    "kommunalråd",
    "socialchef",
    "verksamhetschef",
    "upphandlare",
    "biblioteksföreståndare",
    "säkerhetssamordnare",
]
BODIES = [
    "Region Mellanån",
    "Länsstyrelsen i Åns län",
    "föreningen Grannkraft",
    "Högskolan i Ekstad",
    "Sjöräddarna i Hallbo",
]
TOPICS = [
    "nära vård",
    "skolskjutsar",
    "e-arkiv",
    "klimatanpassning",
    "språkstöd",
    "krisberedskap",
    "bibliotek på landet",
    "äldreboenden",
]
FACTS = [
    "Arbetet har pågått sedan {year} och omfattar {number} verksamheter.",
    "Kostnaden delas mellan {place} kommun och {body}.",
    "En arbetsgrupp med företrädare för {number} förvaltningar har tagit fram underlaget.",
    "Förslaget har varit ute på remiss, och {number} svar har kommit in.",
    "Erfarenheterna från {place} visar att det går att komma igång inom ett halvår.",
    "Uppföljningen sker två gånger om året och redovisas för nämnden.",
    "Personalen har fått utbildning i samverkan och gemensam dokumentation.",
    "Frågan om {topic} har tagits upp vid {number} möten under året.",
    "De som berörs har bjudits in till dialog i {place}.",
    "Ett gemensamt avtal gäller till och med den 31 december {later}.",
]
GOALS = [
    "Målet är att {number} procent av ärendena ska hanteras gemensamt senast {later}.",
    "Vi vill att fler ska kunna ta del av {topic} i hela kommunen.",
    "Kommunen ska tillsammans med {body} ta fram en plan för {topic} före {later}.",
    "Ambitionen är att halvera väntetiderna till {later}.",
]
QUOTES = [
    "– Utan {body} hade vi inte kommit så här långt med {topic}, säger {name}, {role} i {place} kommun.",
    "”Det viktigaste är att vi litar på varandra”, säger {name}, {role}.",
    "Enligt {name}, {role} vid {body}, behöver {topic} mer tid.",
    "– Vi delar med oss av det vi kan, och det gör grannkommunerna också, berättar {name}.",
]


class Writer:
    """Writes the document of a number."""

    def __init__(self, number: int) -> None:
        self.number, self.dice = number, random.Random(f"arkiv {number}")

    def text(self) -> str:
        """Return the document as light Markdown."""
        makes = (self._letter, self._minutes, self._press_release, self._interview, self._plan)
        return self.dice.choices(makes, (5, 4, 3, 2, 1))[0]()

    def _fill(self, sentences: list[str]) -> str:
        dice = self.dice
        year = dice.randint(2012, 2024)
        return dice.choice(sentences).format(
            year=year,
            later=year + dice.randint(2, 9),
            number=dice.randint(3, 90),
            place=dice.choice(PLACES),
            body=dice.choice(BODIES),
            topic=dice.choice(TOPICS),
            role=dice.choice(ROLES),
            name=self._name(),
        )

    def _name(self) -> str:
        return f"{self.dice.choice(FIRST)} {self.dice.choice(LAST)}"

    def _paragraph(self, *, goal: float = 0.25) -> str:
        sentences = [self._fill(FACTS) for _ in range(self.dice.randint(2, 6))]
        if self.dice.random() < goal:
            sentences.append(self._fill(GOALS))
        return " ".join(sentences)

    def _body(self, least: int, most: int, quotes: float = 0.3) -> list[str]:
        parts = []
        for _ in range(self.dice.randint(least, most)):
            parts.append(self._paragraph())
            if self.dice.random() < quotes:
                parts.append(self._fill(QUOTES))
        return parts

    def _head(self) -> tuple[str, str, str]:
        dice = self.dice
        date = f"{dice.randint(2014, 2024)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
        return dice.choice(PLACES), dice.choice(TOPICS), date

    def _letter(self) -> str:
        place, topic, date = self._head()
        head = [f"{place} kommun", f"Datum: {date}", f"Diarienummer: KS {date[:4]}/{self.number}"]
        head += [f"Till: {self.dice.choice(BODIES)}", f"# Skrivelse om {topic}"]
        return "\n\n".join(
            [*head, *self._body(2, 7, 0.1), "Med vänlig hälsning", f"{self._name()}\n{self.dice.choice(ROLES)}"]
        )

    def _minutes(self) -> str:
        place, topic, date = self._head()
        present = "\n".join(f"- {self._name()}, {self.dice.choice(ROLES)}" for _ in range(self.dice.randint(4, 14)))
        points = [
            f"## § {n} {self.dice.choice(TOPICS).capitalize()}\n\n{self._paragraph()}\n\nBeslut: {self._fill(GOALS)}"
            for n in range(1, self.dice.randint(3, 9))
        ]
        head = f"# Protokoll från samverkansgruppen för {topic}\n\n{place}, {date}\n\nNärvarande:\n\n{present}"
        return "\n\n".join([head, *points, f"Vid protokollet\n\n{self._name()}"])

    def _press_release(self) -> str:
        place, topic, date = self._head()
        return "\n\n".join([f"# {place} satsar på {topic}", f"Pressmeddelande {date}", *self._body(3, 7, 0.6)])

    def _interview(self) -> str:
        place, topic, _ = self._head()
        turns = [
            f"**Hur ser ni på {self.dice.choice(TOPICS)}?**\n\n– {self._paragraph()}"
            for _ in range(self.dice.randint(3, 9))
        ]
        head = f"# Fem frågor om {topic}\n\nVi träffar {self._name()}, {self.dice.choice(ROLES)} i {place} kommun."
        return "\n\n".join([head, *turns])

    def _plan(self) -> str:
        place, topic, date = self._head()
        chapters = ("Bakgrund", "Nuläge", "Mål", "Insatser", "Uppföljning")
        parts = [
            f"## {n}. {chapter}\n\n" + "\n\n".join(self._body(3, 9, 0.05)) for n, chapter in enumerate(chapters, 1)
        ]
        return "\n\n".join([f"# Plan för {topic}\n\nAntagen av kommunfullmäktige i {place} {date}", *parts])

    def long_plan(self, pages: int) -> str:
        """Return a plan of so many pages, about 2,500 characters each."""
        parts = [f"# Översiktsplan för {self.dice.choice(PLACES)}"]
        for page in range(1, pages + 1):
            parts.append(f"## {page} {self.dice.choice(TOPICS).capitalize()}")
            while sum(map(len, parts)) < page * 2500 and len(parts) < page * 12:
                parts += self._body(1, 2, 0.1)
        return "\n\n".join(parts)


def corpus_texts(folder: Path, count: int) -> Iterator[str]:
    """Yield up to `count` texts of public corpora, from gzipped JSON lines below a folder; none without it."""
    files = sorted(folder.rglob("*.jsonl.gz"))
    left = count
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines):
                if left == 0 or number >= -(-count // max(1, len(files))):
                    break
                text = json.loads(line).get("text")
                if isinstance(text, str) and 200 < len(text) < 60_000:
                    left -= 1
                    yield text
