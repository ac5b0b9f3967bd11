"""Whom a person represents: every organisation of the text is weighed by where it stands, and nobody with them.

What is weighed is the phrase beside the person, the order and distance of names, the sort of role and of organisation,
and the place in the document (its head, a signature), never a name. The weights are plain JSON
(`lexicon/employer_weights.json`, made by `offtext.train.employers`).
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from offtext.layers.actors.claims import ORGANISATION, PERSON
from offtext.layers.actors.groups import Group
from offtext.lexicon import load_toml

_STEPS = (30, 80, 200, 600, 2000)  # characters between an organisation and a person: near, in the paragraph, afar
_HEAD = 300  # characters at the start of a text that hold a letterhead or a lead
_NEAREST = 6  # names before the person that are weighed, beside the frequent and the first
_FREQUENT = 6
_ABOVE = 500  # characters back to the line of a signature that says for whom it is
_COLUMN = 6  # characters of difference within one column


@cache
def load_employer_weights() -> Mapping[str, float]:
    """Return the packaged weights."""
    data = json.loads((files("offtext.lexicon") / "employer_weights.json").read_text(encoding="utf-8"))
    features: dict[str, float] = data["features"]
    return features


class Employers:
    """Chooses the organisation that each person of one text represents."""

    def __init__(self, text: str, groups: Sequence[Group]) -> None:
        self.text, self.groups = text, groups
        self._bodies = [n for n, group in enumerate(groups) if group.kind == ORGANISATION]
        marks = sorted((claim.start, claim.end, n) for n in self._bodies for claim in groups[n].claims)
        self._marks, self._starts = marks, [start for start, _, _ in marks]
        self._by_claim = {(start, end): n for start, end, n in marks}
        self._frequent = sorted(self._bodies, key=lambda n: -len(groups[n].claims))[:_FREQUENT]
        self._first = list(dict.fromkeys(n for _, _, n in marks[: 3 * _NEAREST]))[:_NEAREST]
        closing = _closing().search(text)
        self._closing = closing.start() if closing else len(text)
        self._formal = _official().search(text, 0, 2 * _HEAD) is not None
        self._senders = [n for n in self._first if not self._addressed(n)]
        self._typed: dict[frozenset[str], list[int]] = {}
        self._previous: int | None = None

    def all(self) -> Iterator[tuple[int, int]]:
        """Yield the number of each person with an employer, and the employer's number."""
        weights = load_employer_weights()
        for number, group in enumerate(self.groups):
            if group.kind != PERSON:
                continue
            best, most = None, float("-inf")
            for body, names in self.weigh(group):
                total = sum(weights.get(name, 0.0) for name in names)
                if total > most:
                    best, most = body, total
            self.remember(best)
            if best is not None:
                yield number, best

    def remember(self, body: int | None) -> None:
        """Note whom a person represents: the next in a list often represents the same."""
        self._previous = body

    def weigh(self, person: Group) -> Iterator[tuple[int | None, list[str]]]:
        """Yield the organisations that a person may represent and None for none, each with its features."""
        at = (person.role_at or person.claims[0]).start
        end = (person.role_at or person.claims[0]).end
        stated = None
        if person.organisation is not None:
            stated = self._by_claim.get((person.organisation.start, person.organisation.end))
        role = person.role.lower() if person.role else ""
        sort, wanted = _sort(role)
        place = bisect_left(self._starts, at)
        before = list(dict.fromkeys(n for _, _, n in reversed(self._marks[max(0, place - 20) : place])))[:_NEAREST]
        after = list(dict.fromkeys(n for _, _, n in self._marks[place : place + 3]))
        owner = self._owner(at)
        signs = "signs" if at > self._closing else "formal" if self._formal else "told"
        above = self._above(at, place)
        candidates = dict.fromkeys(
            [*before, *after, *self._frequent, *self._first, *([] if stated is None else [stated])]
        )
        for body in candidates:
            group = self.groups[body]
            if (sort in ("minister", "statsråd") or person.party) and group.org_type in ("media", "network"):
                continue  # where a politician writes or meets is not whom the politician represents
            marks = [f"order={before.index(body)}" if body in before else "order=none"]
            marks.append(f"gap={self._gap(body, place, at)}")
            if after and after[0] == body:
                close = self._marks[place][0] - end
                marks.append(f"next={sum(close > step for step in _STEPS)}")
            if body == stated:
                marks.append("stated")
            elif stated is not None:
                marks.append("another stated")
            if self._first and body == self._first[0]:
                marks.append("first")
            if self._frequent and body == self._frequent[0]:
                marks.append("main")
            if group.claims[0].start < _HEAD:
                marks.append("head")
            if self._addressed(body):
                marks.append("addressed")
            elif self._senders[:1] == [body]:
                marks.append("sender")
            if wanted:
                marks.append("fits" if group.org_type in wanted else "unfit")
                earlier = [n for n in before if self.groups[n].org_type in wanted]
                if earlier[:1] == [body]:
                    marks.append("nearest fit")
                if self._of_types(wanted) == [body]:
                    marks.append("only fit")
            kin = _kin(group.name.lower())
            if any(word in role for word in kin):
                marks.append("kin of role")
            if any(word in owner for word in kin):
                marks.append("kin of owner")
            if owner.startswith(("vår", "er ")):
                marks.append(f"owner={owner[:2]}")
            if body == self._previous:
                marks.append("same as the last")
            if body in above:
                marks.append("above" if body == above[0] else "above too")
            if body in before:
                between = self._between(body, place, at)
                if between in ("", ",", "(", ":", "|", ")"):
                    marks.append(f"touch={between}")
                elif between.startswith("(") and ")" not in between and len(between) < 120:
                    marks.append("bracket")
            if len(self._bodies) == 1:
                marks.append("only")
            kind = "cabinet" if group.name.lower() == "regeringen" else str(group.org_type)
            names = [f"type={kind}", f"type={kind}&{sort}", f"type={kind}&{signs}"]
            for mark in marks:
                names += [mark, f"{mark}&{signs}", f"{mark}&{sort}", f"{mark}&{kind}"]
            yield body, [*names, *marks]
        told = ["nobody", f"nobody&{signs}", f"nobody&{sort}", f"nobody&bodies={min(3, len(self._bodies))}"]
        told.append(f"nobody&{'stated' if stated is not None else 'unstated'}")
        told.append(f"nobody&{'party' if person.party else 'no party'}&{sort}")
        told.append("nobody&role" if role else "nobody&no role")
        told += ["nobody&after nobody"] if self._previous is None else []
        told += [f"nobody&owner={owner[:2]}"] if owner.startswith(("vår", "er ")) else []
        yield None, told

    def _addressed(self, body: int) -> bool:
        """Tell whether a text is sent to a body: `Till`, or a postal code under the name."""
        claim = self.groups[body].claims[0]
        if claim.start > 2 * _HEAD:
            return False
        before, after = self.text[max(0, claim.start - 12) : claim.start], self.text[claim.end : claim.end + 60]
        return _to().search(before) is not None or _postal().match(after) is not None

    def _of_types(self, wanted: frozenset[str]) -> list[int]:
        """Return the organisations of these types; worked out once a text."""
        if wanted not in self._typed:
            self._typed[wanted] = [n for n in self._bodies if self.groups[n].org_type in wanted]
        return self._typed[wanted]

    def _gap(self, body: int, place: int, at: int) -> str:
        for _, end, n in reversed(self._marks[max(0, place - 20) : place]):
            if n == body:
                line = "" if at - end > _STEPS[-1] or "\n" in self.text[end:at] else "&line"
                return f"{sum(at - end > step for step in _STEPS)}{line}"
        return "none"

    def _owner(self, at: int) -> str:
        """Return the words before a person on the line that may own the role: `kommunens`, `vår`."""
        before = self.text[max(0, at - 60) : at].rpartition("\n")[2].lower()
        match = _owning().search(before)
        return match[0] if match else ""

    def _between(self, body: int, place: int, at: int) -> str:
        """Return the text from the last name of a body to a person, without the genitive -s."""
        for _, end, n in reversed(self._marks[max(0, place - 20) : place]):
            if n == body:
                return self.text[end:at].removeprefix("s ").strip(" \t\n*_") if at - end < 120 else "far"
        return "far"

    def _above(self, at: int, place: int) -> list[int]:
        """Return the bodies that stand above a person in the same column, nearest first: `För Ulvsjö kommun`."""
        column, found = self._column(at), []
        for start, end, n in reversed(self._marks[max(0, place - 8) : place]):
            if at - start > _ABOVE:
                break
            signed = start > self._closing - _COLUMN or at < self._closing
            if signed and "\n" in self.text[end:at] and abs(self._column(start) - column) < _COLUMN and n not in found:
                found.append(n)
        return found

    def _column(self, at: int) -> int:
        return at - self.text.rfind("\n", max(0, at - 400), at)


@cache
def _owning() -> re.Pattern[str]:
    return re.compile(r"\b(?:vår[at]?|er[at]?|\w+(?:ens|ets|nas))\b(?=[^.:;]{0,40}$)")


def _listed(group: str) -> str:
    words: list[str] = load_toml("actor_roles")["employers"][group]
    return "|".join(map(re.escape, words))


@cache
def _closing() -> re.Pattern[str]:
    return re.compile(
        r"(?i)\b(?:hälsning(?:ar)?|vägnar|högaktningsfullt|underskrift(?:er)?|undertecknat)\b|\nför [A-ZÅÄÖ]"
    )


@cache
def _official() -> re.Pattern[str]:
    return re.compile(
        r"(?i)\b(?:dnr|diarienummer|ärendenummer|protokoll|beslut|datum|sammanträde\w*|tjänsteskrivelse|yttrande)\b"
    )


@cache
def _to() -> re.Pattern[str]:
    return re.compile(r"(?:^|\n)[ \t*]*(?:Till|Att)\b[: \t*]*\n?[ \t*]*\Z")


@cache
def _postal() -> re.Pattern[str]:
    return re.compile(r"[^\n]{0,20}\n(?:[^\n]{0,40}\n)?[ \t]*\d{3} ?\d\d\b")


@cache
def _table() -> Mapping[str, frozenset[str]]:
    table: dict[str, list[str]] = load_toml("actor_roles")["employers"]["types"]
    # the longest ending tells most: `hälso- och sjukvårdsdirektör` before `direktör`
    return {ending: frozenset(table[ending]) for ending in sorted(table, key=len, reverse=True)}


def _sort(role: str) -> tuple[str, frozenset[str]]:
    """Return the sort of a role and the types of organisation it belongs to."""
    if not role:
        return "no role", frozenset()
    for ending, types in _table().items():
        if ending in role:
            return ending, types
    for ending in load_toml("actor_roles")["employers"]["sorts"]:
        if ending in role:
            return ending, frozenset()
    return "some role", frozenset()


@cache
def _stems() -> tuple[str, ...]:
    return tuple(load_toml("actor_roles")["employers"]["stems"])


def _kin(name: str) -> tuple[str, ...]:
    """Return the stems of kinds of organisations in a name: a `vattenrådets ordförande` belongs to a `råd`."""
    return tuple(stem for stem in _stems() if stem in name)
