"""offtext inside spaCy: a `Language` whose documents carry the analysis.

One component does all layers, because they share one pass of the encoder; `layers` in its config chooses. The analysis
lies in `doc.user_data` as plain types, so that it survives `DocBin` and `to_bytes`, and `doc._.offtext` rebuilds it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from offtext.analysis import Analysis
from offtext.document import Document
from offtext.errors import MissingExtra
from offtext.pipeline import BATCH_SIZE, DEFAULT_MODEL, LAYERS, Pipeline

try:
    import spacy
    from spacy.language import Language
    from spacy.tokens import Doc, Span
    from spacy.util import filter_spans, minibatch
except ImportError as error:
    raise MissingExtra("spacy", "spacy", "offtext.load()") from error

_KEY = "offtext"
SPAN_GROUPS = ("actors", "quotes", "goals", "theme_sentences")


def make_language(model: str | None, layers: Collection[str] | None) -> Language:
    """Return a blank Swedish pipeline with the offtext component; see `offtext.load`."""
    nlp = spacy.blank("sv")
    nlp.add_pipe("offtext", config={"model": model, "layers": sorted(layers) if layers is not None else list(LAYERS)})
    return nlp


class Component:
    """The component `offtext`: analyses the text of a `Doc` and attaches the result."""

    def __init__(self, model: str | None, layers: Collection[str]) -> None:
        self._pipeline = Pipeline(model=model, layers=layers)

    def __call__(self, doc: Doc) -> Doc:
        """Analyse one document."""
        return attach(doc, self._pipeline.analyze(Document.from_text(doc.text)))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH_SIZE) -> Iterator[Doc]:
        """Analyse a stream of documents; several are encoded side by side."""
        for docs in minibatch(stream, batch_size):  # type: ignore[no-untyped-call]
            found = self._pipeline.analyze_all((Document.from_text(doc.text) for doc in docs), batch_size=batch_size)
            yield from (attach(doc, analysis) for doc, analysis in zip(docs, found, strict=True))


@Language.factory("offtext", default_config={"model": DEFAULT_MODEL, "layers": list(LAYERS)}, assigns=["doc.ents"])
def make_component(nlp: Language, name: str, model: str | None, layers: list[str]) -> Component:
    """Make the component from a spaCy config."""
    return Component(model, layers)


def attach(doc: Doc, analysis: Analysis) -> Doc:
    """Put an analysis of `doc.text` on the doc: extension, entities and span groups."""
    doc.user_data[_KEY] = analysis.to_dict(text=False)
    entities = (_span(doc, e.start, e.end, e.label) for e in analysis.entities)
    doc.ents = filter_spans([span for span in entities if span is not None])
    found: dict[str, Iterator[Span | None]] = {
        "actors": (_span(doc, m.start, m.end, a.kind) for a in analysis.actors for m in a.mentions),
        "quotes": (_span(doc, s.start, s.end, q.kind) for q in analysis.quotes for s in q.spans),
        "goals": (_span(doc, g.start, g.end, g.kind) for g in analysis.goals),
        "theme_sentences": (_span(doc, s.start, s.end, label) for s in analysis.theme_sentences for label in s.labels),
    }
    for group in SPAN_GROUPS:
        doc.spans[group] = [span for span in found[group] if span is not None]
    return doc


def _span(doc: Doc, start: int, end: int, label: str) -> Span | None:
    return doc.char_span(start, end, label=label, alignment_mode="expand")


def _analysis_of(doc: Doc) -> Analysis | None:
    record: dict[str, Any] | None = doc.user_data.get(_KEY)
    return None if record is None else Analysis.from_dict(record, text=doc.text)


Doc.set_extension("offtext", getter=_analysis_of, force=True)
