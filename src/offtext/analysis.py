"""What comes out: every layer of one text, and the same as plain JSON types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from offtext.document import Source, Span
from offtext.errors import RecordError
from offtext.record import (
    Actor,
    Collaboration,
    DocumentType,
    Entity,
    Goal,
    Metadata,
    Model,
    Quote,
    Register,
    Theme,
    ThemeSentence,
)

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Analysis:
    """Every layer of one text.

    Attributes:
        error: None, or in a batch why the document could not be analysed; all layers are empty then.

    Example:
        >>> import offtext
        >>> found = offtext.analyze("– Vi börjar i höst, säger Karin Ek, rektor i Tranås kommun.")
        >>> [(quote.text, quote.speaker.name) for quote in found.quotes]
        [('Vi börjar i höst', 'Karin Ek')]
    """

    id: str
    text: str
    doc_type: DocumentType
    source: Source = Source()
    meta: Metadata = Metadata()
    entities: tuple[Entity, ...] = ()
    actors: tuple[Actor, ...] = ()
    quotes: tuple[Quote, ...] = ()
    goals: tuple[Goal, ...] = ()
    themes: dict[str, Theme] = field(default_factory=dict)
    theme_sentences: tuple[ThemeSentence, ...] = ()
    collaborations: tuple[Collaboration, ...] = ()
    warnings: tuple[str, ...] = ()
    model: Model = Model("rules", "0")
    error: str | None = None

    def to_dict(self, *, text: bool = True) -> dict[str, Any]:
        """Return the record as plain JSON types, actors named by their id and spans as `start`, `end`.

        Args:
            text: False leaves out the document's text; the pieces in quotes, goals and sentences stay.
        """
        record: dict[str, Any] = {
            "id": self.id,
            "source": _plain(self.source),
            "text": self.text,
            "doc_type": _plain(self.doc_type),
            "meta": _plain(self.meta),
            "entities": _plain(self.entities),
            "actors": _plain(self.actors),
            "quotes": _plain(self.quotes),
            "goals": _plain(self.goals),
            "themes": {label: theme.score for label, theme in self.themes.items()},
            "theme_sentences": _plain(self.theme_sentences),
            "collaborations": _plain(self.collaborations),
            "warnings": list(self.warnings),
            "model": _plain(self.model),
            "error": self.error,
        }
        if not text:
            del record["text"]
        return record

    @classmethod
    def from_dict(cls, record: Mapping[str, Any], *, text: str | None = None) -> Analysis:
        """Build an analysis from `to_dict`'s record; give the `text` when the record was made without it.

        Raises:
            RecordError: The record lacks a part, or names an actor that it does not hold.
        """
        try:
            return _analysis(record, record["text"] if text is None else text)
        except (KeyError, TypeError, AttributeError) as error:
            raise RecordError(
                f"record {record.get('id')!r}: {type(error).__name__} at {error}. "
                "Give a dictionary made by Analysis.to_dict; with text=False, give the text as well."
            ) from error

    def to_frame(self, table: str = "actors") -> pandas.DataFrame:
        """Return one layer as a pandas data frame; the tables are those of `offtext.tables.SCHEMAS`.

        Raises:
            UnknownName: There is no such table; the message lists them.
            MissingExtra: pandas is not installed.
        """
        from offtext.tables import frame_of

        return frame_of([self.to_dict()], table)

    def _repr_html_(self) -> str:
        from offtext.plot.highlight import to_html

        return to_html(self.to_dict())


def _plain(value: Any) -> Any:
    """Turn a dataclass into plain types; an actor inside another record becomes its id."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    names = getattr(value, "__dataclass_fields__", None)
    if names is None:
        return value
    return {name: _refer(getattr(value, name)) for name in names}


def _refer(value: Any) -> Any:
    if isinstance(value, Actor):
        return value.id
    if isinstance(value, tuple):
        return [_refer(item) for item in value]
    return _plain(value)


def _analysis(record: Mapping[str, Any], text: str) -> Analysis:
    actors = _actors(record["actors"])
    sentences = tuple(ThemeSentence(**{**s, "labels": tuple(s["labels"])}) for s in record["theme_sentences"])

    def actor(id: str | None) -> Actor | None:
        return None if id is None else actors[id]

    def several(ids: list[str]) -> tuple[Actor, ...]:
        return tuple(actors[id] for id in ids)

    quotes = (
        {
            **q,
            "spans": tuple(Span(**s) for s in q["spans"]),
            "speaker": actor(q["speaker"]),
            "cue": _span(q["cue"]),
            "question": _span(q["question"]),
        }
        for q in record["quotes"]
    )
    goals = (
        {**g, "holder": actor(g["holder"]), "beneficiary": _span(g["beneficiary"]), "deadline": _span(g["deadline"])}
        for g in record["goals"]
    )
    ties = (
        {**c, "parties": several(c["parties"]), "evidence": Span(**c["evidence"]), "topic": _span(c["topic"])}
        for c in record["collaborations"]
    )
    roles = {key: several(record["meta"][key]) for key in ("sender", "recipient", "signatory")}
    return Analysis(
        id=record["id"],
        text=text,
        source=Source(**record["source"]),
        doc_type=DocumentType(**record["doc_type"]),
        meta=Metadata(**{**record["meta"], **roles}),
        entities=tuple(Entity(**e) for e in record["entities"]),
        actors=tuple(actors.values()),
        quotes=tuple(Quote(**q) for q in quotes),
        goals=tuple(Goal(**g) for g in goals),
        themes=themes_of(record["themes"], sentences),
        theme_sentences=sentences,
        collaborations=tuple(Collaboration(**c) for c in ties),
        warnings=tuple(record["warnings"]),
        model=Model(**record["model"]),
        error=record["error"],
    )


def _actors(records: list[dict[str, Any]]) -> dict[str, Actor]:
    """Build the actors of a record in its order; organisations first, since persons refer to them."""
    built: dict[str, Actor] = {}
    for record in sorted(records, key=lambda r: r["affiliation"] is not None):
        fields = {
            **record,
            "mentions": tuple(Span(**m) for m in record["mentions"]),
            "affiliation": None if record["affiliation"] is None else built[record["affiliation"]],
            "register": None if record["register"] is None else Register(**record["register"]),
        }
        built[record["id"]] = Actor(**fields)
    return {record["id"]: built[record["id"]] for record in records}


def themes_of(scores: Mapping[str, float], sentences: tuple[ThemeSentence, ...]) -> dict[str, Theme]:
    """Join document scores with their evidence: per theme its sentences, strongest first."""
    return {
        label: Theme(
            label, score, tuple(sorted((s for s in sentences if label in s.labels), key=lambda s: -s.scores[label]))
        )
        for label, score in scores.items()
    }


def _span(value: Mapping[str, int] | None) -> Span | None:
    return None if value is None else Span(**value)
