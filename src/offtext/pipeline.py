"""The order of the work: read, lay out, encode once, then layer after layer."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TypeVar

from offtext.analysis import Analysis, themes_of
from offtext.document import Document, Source
from offtext.encoder import Encoder, States, load_encoder
from offtext.errors import OfftextError, UnknownName, UnreadableFile
from offtext.layers.actors import find_actors
from offtext.layers.collaborations import find_collaborations
from offtext.layers.document_type import find_document_type
from offtext.layers.entities import find_entities
from offtext.layers.goals import find_goals
from offtext.layers.metadata import find_metadata
from offtext.layers.quotes import find_quotes
from offtext.layers.themes import find_themes
from offtext.layers.warnings import find_warnings
from offtext.layout import Layout, parse
from offtext.readers import SUFFIXES, read, suffix_of
from offtext.record import DocumentType, Metadata, Model

Item = str | os.PathLike[str] | Document
_T = TypeVar("_T")

DEFAULT_MODEL = "sv_offtext"
RULES = Model("rules", "1")

# What each layer reads of the others; the order is the order of the work.
LAYERS: dict[str, tuple[str, ...]] = {
    "document_type": (),
    "actors": (),
    "metadata": ("document_type", "actors"),
    "quotes": ("document_type", "actors"),
    "goals": ("document_type", "actors", "metadata", "quotes"),
    "themes": (),
    "collaborations": ("actors", "themes"),
}
BATCH_SIZE = 16  # documents encoded side by side: enough to keep the cores busy, few enough to be held at once


class Pipeline:
    """Analyses documents with one model and one choice of layers; make it once, use it for many.

    Args:
        model: Name or folder of a model; None works by rules and registers alone.
        layers: The layers wanted in the result; those they need are worked out too. All by default.
        threads: Threads of the encoder; by default as many as there are cores.

    Raises:
        UnknownName: There is no such layer.
        ModelError: The model is missing, incomplete or altered.

    >>> Pipeline(model=None, layers=["actors"]).analyze("Karin Ek är rektor.").quotes
    ()
    """

    def __init__(
        self, *, model: str | None = DEFAULT_MODEL, layers: Collection[str] | None = None, threads: int | None = None
    ) -> None:
        self.layers = tuple(LAYERS) if layers is None else _checked(layers)
        self._needed = _with_needs(self.layers)
        self._encoder: Encoder | None = load_encoder(model, threads=threads) if model else None
        self.model = RULES if self._encoder is None else Model(self._encoder.name, self._encoder.version)

    def analyze(self, item: Item) -> Analysis:
        """Return the analysis of a path, a `Document` or a plain string.

        Raises:
            InputError: A file that cannot be read; a text never raises.
        """
        document = to_document(item)
        layout = parse(document.text)
        return self.analyze_layout(document, layout, self.encode([layout])[0])

    def analyze_all(self, items: Iterable[Item], *, batch_size: int = BATCH_SIZE) -> Iterator[Analysis]:
        """Yield one analysis an item, in order and lazily; a failure is an analysis with `error` set.

        Args:
            items: Paths, documents or plain strings; read as the results are asked for.
            batch_size: Documents that are encoded side by side. It changes speed and memory, never a result.
        """
        for chunk in _chunks(items, batch_size):
            yield from self._analyze_chunk(chunk)

    def _analyze_chunk(self, items: Sequence[Item]) -> Iterator[Analysis]:
        prepared = [_prepare(item) for item in items]
        good = [each[1] for each in prepared if not isinstance(each, Analysis)]
        try:
            states = iter(self.encode(good))
        except Exception:  # one document must not take its neighbours with it: each is encoded alone below
            states = None
        for each in prepared:
            if isinstance(each, Analysis):
                yield each
                continue
            document, layout = each
            try:
                state = self.encode([layout])[0] if states is None else next(states)
                yield self.analyze_layout(document, layout, state)
            except Exception as error:  # the promise of a batch: a bad document harms itself alone
                yield _failed(document.id, document.source, error)

    @property
    def encodes(self) -> bool:
        """Whether an encoder is at work; by rules alone every state is None."""
        return self._encoder is not None

    def encode(self, layouts: Sequence[Layout]) -> Sequence[States | None]:
        """Return the encoder's states of several texts, read side by side; no state depends on its company."""
        return [None] * len(layouts) if self._encoder is None else self._encoder.encode(layouts)

    def analyze_layout(self, document: Document, layout: Layout, states: States | None) -> Analysis:
        """Run the layers over a document that was laid out and encoded before; for jobs that time each step."""
        need, keep = self._needed, self.layers
        doc_type = find_document_type(layout, states) if "document_type" in need else NO_TYPE
        entities = find_entities(layout, states) if "actors" in need else ()
        actors = find_actors(layout, states) if "actors" in need else ()
        meta = find_metadata(layout, actors, doc_type, document.properties) if "metadata" in need else Metadata()
        quotes = find_quotes(layout, actors, doc_type) if "quotes" in need else ()
        goals = find_goals(layout, actors, quotes, meta, doc_type, states) if "goals" in need else ()
        sentences, scores = find_themes(layout, states) if "themes" in need else ((), {})
        ties = find_collaborations(layout, actors, sentences) if "collaborations" in need else ()
        return Analysis(
            id=document.id,
            text=document.text,
            source=document.source,
            doc_type=doc_type if "document_type" in keep else NO_TYPE,
            meta=meta,
            entities=entities,
            actors=actors,
            quotes=quotes if "quotes" in keep else (),
            goals=goals,
            themes=themes_of(scores, sentences) if "themes" in keep else {},
            theme_sentences=sentences if "themes" in keep else (),
            collaborations=ties,
            warnings=(*document.warnings, *layout.warnings, *find_warnings(layout)),
            model=self.model,
        )


NO_TYPE = DocumentType("other", 0.0)


def to_document(item: Item) -> Document:
    """Return the document that a path, a `Document` or a string stands for.

    A string is a path when it is one line and either names an existing file, or has a reader's suffix and no blank
    (so that a misspelt path is an error and not a very short text); every other string is a text.

    Raises:
        InputError: The file is missing, of an unknown kind, or cannot be read; or the document's own `error` says so.

    >>> to_document("Se bilagan.pdf").source.format
    'text'
    """
    if isinstance(item, Document):
        if item.error is not None:
            raise UnreadableFile(item.id, item.error, "Mend the row in its file.")
        return item
    if isinstance(item, str):
        return read(item) if _names_file(item) else Document.from_text(item)
    return read(item)


def _names_file(text: str) -> bool:
    if not text or len(text) > 1000 or "\n" in text or "\0" in text:
        return False
    try:
        return Path(text).is_file() or (not any(map(str.isspace, text)) and suffix_of(text) in SUFFIXES)
    except (OSError, UnicodeEncodeError):  # a text that no file system could hold as a name
        return False


def _prepare(item: Item) -> tuple[Document, Layout] | Analysis:
    try:
        document = to_document(item)
        return document, parse(document.text)
    except Exception as error:  # the promise of a batch: a bad document harms itself alone
        if isinstance(item, Document):
            return _failed(item.id, item.source, error)
        return _failed(str(item), Source(path=str(item)), error)


def _failed(id: str, source: Source, error: Exception) -> Analysis:
    message = str(error) if isinstance(error, OfftextError) else f"{type(error).__name__}: {error}"
    return Analysis(id=id, text="", source=source, doc_type=NO_TYPE, error=message)


def _checked(layers: Collection[str]) -> tuple[str, ...]:
    for layer in layers:
        if layer not in LAYERS:
            raise UnknownName("layer", layer, LAYERS)
    return tuple(layer for layer in LAYERS if layer in layers)


def _with_needs(layers: Iterable[str]) -> frozenset[str]:
    return frozenset(layer for wanted in layers for layer in (wanted, *LAYERS[wanted]))


def _chunks(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


@cache
def default_pipeline(model: str | None = DEFAULT_MODEL, layers: tuple[str, ...] | None = None) -> Pipeline:
    """Return the pipeline of this model and these layers, made at first use and kept."""
    return Pipeline(model=model, layers=layers)
