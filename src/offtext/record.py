"""The pieces of a record: one dataclass a layer, in the terms of the annotation guidelines (docs/guidelines.md).

All are frozen: a layer that learns more makes a new one with `dataclasses.replace`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from offtext.document import Span


@dataclass(frozen=True, slots=True)
class DocumentType:
    """The kind of document, with a probability for each of the 17 labels."""

    label: str
    score: float
    scores: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Register:
    """An entry of a public register; `scheme` is 'municipality', 'region', 'agency', 'university' or 'party'."""

    scheme: str
    code: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A name in the text as the field's named-entity scheme has it (UNER): label 'PER', 'ORG' or 'LOC'."""

    start: int
    end: int
    label: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Actor:
    """A named person or organisation that acts, speaks, is addressed or takes part.

    Attributes:
        id: 'a1', 'a2' … in the order of first mention.
        name: The fullest form in the text, without genitive -s.
        kind: 'person' or 'organisation'.
        mentions: Every named mention, in reading order.
        org_type: For organisations, one of the labels in `offtext.labels.ORG_TYPES`.
        role: For persons, title or function as written.
        party: For persons, the party's abbreviation when the text states it.
        affiliation: For persons, the organisation they represent when the text says so.
        register: The entry of a public register that is meant, if one is.
        score: Probability that this is an actor of this kind, in [0, 1].
    """

    id: str
    name: str
    kind: str
    mentions: tuple[Span, ...] = ()
    org_type: str | None = None
    role: str | None = None
    party: str | None = None
    affiliation: Actor | None = None
    register: Register | None = None
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Quote:
    """Something said: 'direct' (the speaker's own words) or 'indirect' (reported).

    `spans` has several parts where an attribution breaks the quote; `text` is the parts joined by a space.
    `cue` is the reporting verb or phrase, `question` the question an interview answer replies to.
    """

    id: str
    kind: str
    spans: tuple[Span, ...]
    text: str
    speaker: Actor | None = None
    cue: Span | None = None
    question: Span | None = None
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Goal:
    """Something an actor wants, intends, has decided, is asked or is held to achieve or do.

    `kind` is 'aim', 'commitment', 'assignment', 'target' or 'need'; `beneficiary` and `deadline` are spans.
    """

    id: str
    kind: str
    start: int
    end: int
    text: str
    holder: Actor | None = None
    beneficiary: Span | None = None
    deadline: Span | None = None
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class ThemeSentence:
    """A sentence that speaks of one or more of the themes; `scores` holds a probability for each of `labels`."""

    start: int
    end: int
    text: str
    labels: tuple[str, ...]
    scores: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Theme:
    """How likely it is that the document speaks of a theme, with the sentences that show it, strongest first."""

    label: str
    score: float
    sentences: tuple[ThemeSentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Collaboration:
    """Organisations that the text says work together: two or more `parties`, and the sentence that says so."""

    parties: tuple[Actor, ...]
    evidence: Span
    topic: Span | None = None
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the document says of itself. `date` is ISO, as far as known: '2019-04-02', '2021-10', '2023'."""

    title: str | None = None
    date: str | None = None
    diary_number: str | None = None
    sender: tuple[Actor, ...] = ()
    recipient: tuple[Actor, ...] = ()
    signatory: tuple[Actor, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """Which model and version made an analysis; two with the same model and text are equal."""

    name: str
    version: str
