"""Who is said to work together: parties tagged <a> … </a>, the sentence that says so in <tie>, the topic in <topic>."""

from __future__ import annotations

import re
from typing import Any

import pytest

from offtext.document import Span
from offtext.layers.collaborations import find_collaborations
from offtext.layout import parse
from offtext.lexicon import load_toml
from offtext.record import Actor, ThemeSentence

BODIES = ("Ulvsjö kommun", "Region Nordmark", "Vattenverket", "Skogsrådet", "Norrviks kommun", "Regeringen", "NKR")


def read(tagged: str) -> tuple[str, tuple[Actor, ...], set[str], str | None, str | None]:
    """Return the text, its actors, the tagged parties, the tagged sentence and topic."""
    parties = set(re.findall(r"<a>(.*?)</a>", tagged))
    plain = {}
    for tag in ("tie", "topic"):
        inner = re.search(rf"<{tag}>(.*?)</{tag}>", tagged, re.DOTALL)
        plain[tag] = re.sub(r"</?\w+>", "", inner[1]) if inner else None
    text = re.sub(r"</?(?:a|tie|topic)>", "", tagged)
    return text, actors_in(text), parties, plain["tie"], plain["topic"]


def actors_in(text: str) -> tuple[Actor, ...]:
    """Return the invented bodies that a text names, and one person of Region Nordmark."""
    actors: list[Actor] = []
    for name in BODIES:
        spans = tuple(Span(m.start(), m.end()) for m in re.finditer(re.escape(name), text))
        if spans:
            org_type = {"Regeringen": "government"}.get(name, "municipality" if "kommun" in name else "agency")
            actors.append(Actor(name, name, "organisation", spans, org_type))
    spans = tuple(Span(m.start(), m.end()) for m in re.finditer("Karin Ek", text))
    body = next((a for a in actors if a.name == "Region Nordmark"), None)
    if spans and body:
        actors.append(Actor("Karin Ek", "Karin Ek", "person", spans, affiliation=body))
    return tuple(actors)


TIES = [
    "<tie><a>Ulvsjö kommun</a> samverkar med <a>Region Nordmark</a> om <topic>nära vård</topic>.</tie>",
    "<tie>Det är ett avtal mellan <a>Ulvsjö kommun</a>, <a>Region Nordmark</a> och <a>Vattenverket</a>.</tie>",
    "<tie><a>Region Nordmark</a> och <a>Ulvsjö kommun</a> har enats om <topic>en gemensam plan</topic>.</tie>",
    "Bron är klar. <tie>Därför samarbetar <a>Vattenverket</a> med <a>Skogsrådet</a> och <a>Ulvsjö kommun</a>.</tie>",
    "<tie>Regeringen ger <a>Vattenverket</a> och <a>Skogsrådet</a> i uppdrag att gemensamt kartlägga riskerna.</tie>",
    "Vattenverket får ett nytt uppdrag. <tie>Uppdraget ska genomföras i samråd med <a>Skogsrådet</a>.</tie><a>Vattenverket</a>",
    "<tie><a>Ulvsjö kommun</a> har tecknat avtal med <a>Region Nordmark</a>.</tie>",
    "<tie>Dagen arrangeras av <a>Ulvsjö kommun</a> och <a>Skogsrådet</a>.</tie>",
    "<tie>Karin Ek arbetar nära <a>Ulvsjö kommun</a>, tillsammans med <a>Vattenverket</a>.</tie> Det säger Skogsrådet.",
    "<tie><a>Norrviks kommun</a> och <a>Ulvsjö kommun</a> köper från i höst in all skolmat ihop.</tie>",
    "<tie><a>Norrviks kommun</a>, <a>Ulvsjö kommun</a> och <a>NKR</a> lämnar in en gemensam ansökan.</tie>",
    "<tie><a>Skogsrådet</a> har erbjudit sig att dela med sig av sina kartor till <a>Norrviks kommun</a>.</tie>",
    "<tie><a>Region Nordmark</a> och <a>NKR</a> startar nu ett lager tillsammans med <a>Skogsrådet</a>.</tie>",
    "<tie>Det avtal om brandbilar som <a>Norrviks kommun</a> och <a>Ulvsjö kommun</a> undertecknade gäller i tre år.</tie>",
    "# <tie><a>Norrviks kommun</a> och <a>Ulvsjö kommun</a> bildar en gemensam nämnd</tie>",
    "- <tie><a>Skogsrådet</a> och <a>Vattenverket</a> tar fram en gemensam karta</tie>",
    "<tie><a>Vattenverket</a> bistår <a>Norrviks kommun</a> i arbetet med <topic>dammarna</topic>.</tie>",
]


@pytest.mark.parametrize("tagged", TIES)
def test_a_stated_tie(tagged: str) -> None:
    if tagged.endswith("</tie><a>Vattenverket</a>"):
        tagged, extra = tagged.removesuffix("<a>Vattenverket</a>"), {"Vattenverket"}
    else:
        extra = set()
    text, actors, parties, evidence, topic = read(tagged)
    found = find_collaborations(parse(text), actors)
    assert len(found) == 1
    assert {party.name for party in found[0].parties} == parties | extra
    assert found[0].evidence.of(text) == evidence
    if topic:
        assert found[0].topic is not None
        assert found[0].topic.of(text) == topic
    assert 0 < found[0].score < 1


@pytest.mark.parametrize(
    "text",
    [
        "Remissen går till Ulvsjö kommun, Region Nordmark, Vattenverket och Skogsrådet.",
        "Skillnaderna mellan Ulvsjö kommun och Region Nordmark är stora.",
        "Regeringen granskar Vattenverket och Skogsrådet.",
        "Ulvsjö kommun samverkar inte med Region Nordmark: det saknas samverkan med Vattenverket.",
        "Ulvsjö kommun samverkar med civilsamhället.",
        "Regeringen har överlämnat ärendet till Vattenverket.",
        "",
    ],
)
def test_no_tie(text: str) -> None:
    assert find_collaborations(parse(text), actors_in(text)) == ()


def test_a_person_stands_for_their_body() -> None:
    text = "Karin Ek vid Region Nordmark talade. Karin Ek samarbetar med Ulvsjö kommun om bussarna."
    found = find_collaborations(parse(text), actors_in(text))
    assert [{p.name for p in tie.parties} for tie in found] == [{"Region Nordmark", "Ulvsjö kommun"}]


def test_the_theme_of_the_sentence_moves_the_score() -> None:
    text = "Ulvsjö kommun och Region Nordmark har enats om en plan."
    layout, actors = parse(text), actors_in(text)
    labelled = find_collaborations(layout, actors, (ThemeSentence(0, len(text), text, ("collaboration",)),))[0].score
    alone = find_collaborations(layout, actors)[0].score
    assert labelled > alone


MEANT = [
    "Ulvsjö kommun har en ny plan. Nu ska kommunen samarbeta med Vattenverket om dammen.",
    "Vattenverket har en ny chef. I somras slöt myndigheten ett avtal med Ulvsjö kommun.",
    "Parter i avtalet är Ulvsjö kommun och Vattenverket. Parterna driver tillsammans en skola.",
    "Vattenverket har mätt dammen. Arbetet sker tillsammans med Ulvsjö kommun.",
]


@pytest.mark.parametrize("text", MEANT)
def test_a_general_word_stands_for_a_body(text: str) -> None:
    found = find_collaborations(parse(text), actors_in(text))
    assert [{p.name for p in tie.parties} for tie in found] == [{"Ulvsjö kommun", "Vattenverket"}]


def test_themes_that_miss_the_sentence_do_not_silence_it() -> None:
    text = "Solen sken hela dagen. Ulvsjö kommun samverkar med Region Nordmark om bussar."
    other = (ThemeSentence(0, 22, text[:22], ("outcomes",)),)
    assert len(find_collaborations(parse(text), actors_in(text), other)) == 1


def test_one_pair_is_reported_once() -> None:
    text = "Ulvsjö kommun samverkar med Vattenverket. Det finns ett avtal mellan Vattenverket och Ulvsjö kommun."
    found = find_collaborations(parse(text), actors_in(text))
    assert len(found) == 1
    assert found[0].evidence.of(text).startswith("Det finns ett avtal")


RULES = [
    (family, rule)
    for family, rules in load_toml("collaborations").items()
    if isinstance(rules, list) and family != "word"
    for rule in rules
]


@pytest.mark.parametrize(("family", "rule"), RULES, ids=[family for family, _ in RULES])
def test_every_rule_has_an_example(family: str, rule: dict[str, Any]) -> None:
    text = rule["example"]
    found = find_collaborations(parse(text), actors_in(text))
    assert [{p.name for p in tie.parties} for tie in found] == [set(rule["parties"])]
    assert find_collaborations(parse(rule["counter_example"]), actors_in(rule["counter_example"])) == ()


def test_an_agreement_names_its_parties_in_the_head() -> None:
    rule = load_toml("collaborations")["agreement_head"]
    found = find_collaborations(parse(rule["example"]), actors_in(rule["example"]))
    assert [{p.name for p in tie.parties} for tie in found] == [set(rule["parties"])]
    assert find_collaborations(parse(rule["counter_example"]), actors_in(rule["counter_example"])) == ()


@pytest.mark.parametrize("rule", load_toml("collaborations")["word"], ids=lambda rule: rule["name"])
def test_every_word_family_has_an_example(rule: dict[str, str]) -> None:
    assert re.search(rule["pattern"], rule["example"])
    assert not re.search(rule["pattern"], "Solen sken över byn")


@pytest.mark.parametrize("rule", load_toml("collaborations")["general"]["heads"], ids=lambda rule: rule["words"][0])
def test_every_general_word_has_an_example(rule: dict[str, Any]) -> None:
    words = re.findall(r"\w+", rule["example"].casefold())
    assert set(words) & {*rule["words"], *rule.get("many", ())}
    re.compile(rule["name"])


@pytest.mark.parametrize("name", ["implicit", "not_ties", "topic"])
def test_other_patterns_have_examples(name: str) -> None:
    rule = load_toml("collaborations")[name]
    pattern = rule.get("pattern") or rule.get("opening") or rule["subjects"]
    assert re.search(pattern, rule["example"])
    assert not re.search(pattern, rule["counter_example"])


@pytest.mark.parametrize(
    "text",
    [
        "samarbete " * 20_000,
        "a" * 200_000,
        "Vattenverket, " * 10_000,
        "Vattenverket. " * 5_000,
        "Vattenverket och Skogsrådet samverkar med kommunen. " * 5_000,
        "Vattenverket samverkar med oss " * 5_000,
    ],
)
def test_long_texts_take_little_time(text: str) -> None:
    find_collaborations(parse(text), actors_in(text))
