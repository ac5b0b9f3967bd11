"""Document type: one of seventeen, from the lexicon's cues, the layout, the words and the model's opinion.

The cues know the forms (a salutation, attendance lists, "nedan kallad") and are all there is for types that training
texts are rare of; words and model know how news, press releases and routines are written.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from offtext.encoder import States
from offtext.encoder.decoding import softmax
from offtext.labels import DOC_TYPES
from offtext.layers.linear import FILE, load_arrays, load_head
from offtext.layout.structure import Layout
from offtext.lexicon import load_toml
from offtext.record import DocumentType

Floats = npt.NDArray[np.float32]

# Where a cue is looked for, in characters.
START, END, WHOLE = 800, 1_200, 30_000
# The words of the first so many characters; a long plan is a plan from its first pages on.
READ = 8_000

_URL = re.compile(r"(?:https?://|www\.)\S{1,300}|\S{1,80}@\S{1,80}")
_NUMBER = re.compile(r"\d+")
_NAME = re.compile(r"(?<=[a-zåäö,] )[A-ZÅÄÖ][\w-]{1,40}(?: [A-ZÅÄÖ][\w-]{1,40}){0,4}")


@dataclass(frozen=True, slots=True)
class Cue:
    """A sign of a type: a pattern in one part of the text, or a number of blocks of a kind."""

    label: str
    id: str
    weight: float
    where: str
    pattern: re.Pattern[str] | None
    block: str | None
    least: int


def find_document_type(layout: Layout, states: States | None) -> DocumentType:
    r"""Return the most likely type with its probability, and the probability of every type.

    Args:
        layout: The text with its blocks.
        states: The encoder's states; None, or a model without heads, decides by cues and layout alone.

    >>> from offtext.layout import parse
    >>> found = find_document_type(parse("# Motion om bryggan\n\nVi yrkar att bryggan lagas.\n\nEva Lind"), None)
    >>> found.label, round(sum(found.scores.values()), 6)
    ('proposal', 1.0)
    """
    evidence = weigh_cues(layout)
    if states is None or not states.store.has(FILE):
        logits = evidence / float(load_toml("doctypes")["temperature"])
    else:
        arrays, head = load_arrays(states.store), load_head(states.store, "document_type")
        words = head.of_texts([masked(layout.text)])[0]
        meaning = states.of_document["doc_type"]
        logits = combine(evidence, words, meaning, arrays["document_type.mix"], arrays["document_type.bias"])
    scores = softmax(logits)
    best = int(np.argmax(scores))
    return DocumentType(
        DOC_TYPES[best], float(scores[best]), {n: float(p) for n, p in zip(DOC_TYPES, scores, strict=True)}
    )


def weigh_cues(layout: Layout) -> Floats:
    """Return the lexicon's evidence for every type, in log odds. *Shape:* ``(types,)``."""
    prior = load_toml("doctypes")["prior"]
    evidence = np.array([float(prior[label]) for label in DOC_TYPES], dtype=np.float32)
    parts = _parts(layout)
    kinds = Counter(block.kind for block in layout.blocks)
    kinds.update(f"{block.kind}:{block.field}" for block in layout.blocks if block.field)
    for cue in cues():
        if cue.pattern is None:
            matched = kinds[str(cue.block)] >= cue.least
        else:
            matched = _matches(cue.pattern, parts[cue.where], cue.least)
        if matched:
            evidence[DOC_TYPES.index(cue.label)] += cue.weight
    return evidence


@cache
def cues() -> tuple[Cue, ...]:
    """Return the lexicon's cues of all types."""
    return tuple(
        Cue(
            label,
            entry["id"],
            float(entry["weight"]),
            entry.get("where", "text"),
            compile_cue(entry["pattern"]) if "pattern" in entry else None,
            entry.get("block"),
            int(entry.get("min", 1)),
        )
        for label, group in load_toml("doctypes")["types"].items()
        for entry in group["cues"]
    )


def compile_cue(pattern: str) -> re.Pattern[str]:
    """Compile a cue: `^` and `$` at line ends; case matters only where the pattern has capital letters."""
    cased = re.search(r"[A-ZÅÄÖ]", re.sub(r"\\[A-Z]", "", pattern))
    return re.compile(pattern, re.MULTILINE if cased else re.MULTILINE | re.IGNORECASE)


def masked(text: str) -> str:
    """Return the text's beginning without names, numbers and addresses, which tell the publisher and not the type.

    >>> masked("I går sa Eva Lind i Ulvsjö 12 ord, se www.ulvsjo.se")
    'I går sa NAMN i NAMN 0 ord, se ADRESS'
    """
    named = _NAME.sub("NAMN", text[:READ])
    return _NUMBER.sub("0", _URL.sub("ADRESS", named))


def combine(evidence: Floats, words: Floats, meaning: Floats, mix: Floats, bias: Floats) -> Floats:
    """Weigh the three opinions into logits; works for one document and for many."""
    return np.asarray(mix[0] * evidence + mix[1] * words + mix[2] * meaning + bias, dtype=np.float32)


def _parts(layout: Layout) -> dict[str, str]:
    text = layout.text
    titles = [layout.content(block)[:300] for block in layout.of_kind("title")]
    if not titles:
        # without a title the first line that says something stands for it
        titles = [layout.content(block)[:150].split("\n", 1)[0] for block in layout.blocks[:1]]
    body = [b for b in layout.blocks if b.kind != "boilerplate"]
    start = body[0].start if body else 0
    end = body[-1].end if body else len(text)
    return {
        "title": "\n".join(titles),
        "start": text[start : start + START],
        "end": text[max(0, end - END) :][: 2 * END],
        "text": text[:WHOLE],
    }


def _matches(pattern: re.Pattern[str], part: str, least: int) -> bool:
    return any(n >= least for n, _ in enumerate(pattern.finditer(part), 1))
