"""Whom a person represents: the candidates that are weighed, and what the packaged weights prefer."""

from __future__ import annotations

from offtext.layers.actors.employers import Employers, load_employer_weights
from offtext.layers.actors.groups import gather
from offtext.layout import parse

LETTER = "Ekfors kommun\nDnr 2024/17\n\nTill\nRegion Skåne\n\nMed vänlig hälsning\n\nUlla Lind\nutredare\n"


def test_weights_are_numbers() -> None:
    assert all(isinstance(weight, float) for weight in load_employer_weights().values())


def test_every_body_and_nobody_are_weighed() -> None:
    groups = gather(parse(LETTER))
    employers = Employers(LETTER, groups)
    person = next(group for group in groups if group.kind == "person")
    weighed = dict(employers.weigh(person))
    assert {groups[n].name for n in weighed if n is not None} == {"Ekfors kommun", "Region Skåne"}
    assert None in weighed


def test_the_sender_employs_who_signs() -> None:
    groups = gather(parse(LETTER))
    assert [groups[body].name for _, body in Employers(LETTER, groups).all()] == ["Ekfors kommun"]


def test_no_body_no_employer() -> None:
    text = "Ulla Lind, utredare, svarar."
    assert not list(Employers(text, gather(parse(text))).all())


def test_many_persons_far_from_one_body_take_linear_time() -> None:
    text = "Region Skåne svarar.\n\n" + "\n".join(f"Ulla Lind{'abcdef'[n % 6] * 9}, utredare" for n in range(3000))
    assert gather(parse(text))
    list(Employers(text, gather(parse(text))).all())
