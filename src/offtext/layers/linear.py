"""Linear heads on words: hashed word and character n-grams in, one logit a label out.

A head is a few arrays in `heads.safetensors`: nothing is unpickled, and the n-grams need no vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from offtext.encoder.store import Store

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

Floats = npt.NDArray[np.float32]

WORD_BITS, CHAR_BITS = 15, 16
FILE = "heads.safetensors"
# half a surrogate pair cannot be hashed
_SAFE = dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


@dataclass(frozen=True)
class Head:
    """One linear head for a fixed list of labels.

    *Shape:* `idf` ``(2**WORD_BITS + 2**CHAR_BITS,)`` · `ngrams` ``(the same, labels)`` · `ngrams_intercept`
    ``(labels,)``.
    """

    idf: Floats
    ngrams: Floats
    ngrams_intercept: Floats

    def of_texts(self, texts: Sequence[str]) -> Floats:
        """Return the logits that the words of each text speak for. *Shape:* ``(len(texts), labels)``."""
        if not texts:
            return np.zeros((0, len(self.ngrams_intercept)), dtype=np.float32)
        weighted = weigh(count_ngrams(texts), self.idf)
        return np.asarray(weighted @ self.ngrams, dtype=np.float32) + self.ngrams_intercept


@cache
def load_arrays(store: Store) -> dict[str, npt.NDArray[Any]]:
    """Return all arrays of the model's heads, in single precision; treat them as read-only, they are shared."""
    from safetensors.numpy import load_file

    return {name: array.astype(np.float32) for name, array in load_file(store.path(FILE)).items()}


@cache
def load_head(store: Store, name: str) -> Head:
    """Return the head called `name` ('themes', 'document_type') of a model.

    Raises:
        ModelError: The model has no heads.
    """
    arrays = load_arrays(store)
    parts = ("idf", "ngrams", "ngrams_intercept")
    return Head(*(arrays[f"{name}.{part}"] for part in parts))


def count_ngrams(texts: Sequence[str]) -> csr_matrix:
    """Return hashed counts of words, word pairs, and three to five characters inside words.

    *Shape:* ``(len(texts), 2**WORD_BITS + 2**CHAR_BITS)``
    """
    from scipy.sparse import csr_matrix, hstack

    words, chars = _vectorisers()
    safe = [text.translate(_SAFE) for text in texts]
    return csr_matrix(hstack([words.transform(safe), chars.transform(safe)]))


def weigh(counts: csr_matrix, idf: Floats) -> csr_matrix:
    """Return logarithmic counts times `idf`, the word half and the character half each of length 1."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.preprocessing import normalize

    weighted = counts.astype(np.float32)
    weighted.data = 1 + np.log(weighted.data)
    weighted = csr_matrix(weighted.multiply(idf[None, :]))
    cut = 1 << WORD_BITS
    return csr_matrix(hstack([normalize(weighted[:, :cut]), normalize(weighted[:, cut:])]))


@cache
def _vectorisers() -> tuple[Any, Any]:
    from sklearn.feature_extraction.text import HashingVectorizer

    shared: dict[str, Any] = {"alternate_sign": False, "norm": None, "lowercase": True, "dtype": np.float32}
    words = HashingVectorizer(ngram_range=(1, 2), n_features=1 << WORD_BITS, token_pattern=r"(?u)\b\w+\b", **shared)
    chars = HashingVectorizer(analyzer="char_wb", ngram_range=(3, 5), n_features=1 << CHAR_BITS, **shared)
    return words, chars
