"""Names that a register or the lexicon knows, found in a text."""

from __future__ import annotations

from collections.abc import Iterator

from offtext.layers.actors.claims import Claim
from offtext.layers.actors.extents import branch_end
from offtext.layers.actors.gazetteer import Known, known_names
from offtext.layers.actors.heads import context
from offtext.layers.actors.words import CAPITALS, LOWER, Words


def known_claims(words: Words) -> Iterator[Claim]:
    """Yield the names that a register or the lexicon knows, longest first at each word."""
    table = known_names()
    common = context("unions_and_common_words")
    openers = context("sentence_openers")
    ambiguous, acronyms = context("ambiguous_names"), context("acronyms_not_actors")
    for i, low in enumerate(words.low):
        found = None
        for key in _keys(words.form[i], low, words.shape[i]):
            at = _known_at(words, i, table.get(key, ()))
            if at is not None and (found is None or at[1] > found[1]):
                found = at
        if found is None:
            continue
        known, last, end = found
        if last == i:
            if low in common and words.shape[i] == CAPITALS:
                continue
            if words.opens[i] and (low in common or (low in openers and not known.exact)):
                continue
            if (known.words[0].lower() in ambiguous and not known.exact) or known.words[0] in acronyms:
                continue
        if known.kind == "organisation" and words.form[last + 1 : last + 2] == ["AB"] and words.joined[last + 1]:
            last, end = last + 1, words.end[last + 1]
        name_end = last
        if known.org_type is not None and known.kind == "organisation" and words.shape[i] != LOWER:
            plain_claim = Claim(i, last, words.start[i], end, known.kind, "known", "", known.org_type)
            last, end = branch_end(words, plain_claim)
        plain = words.shape[i] == LOWER or (words.opens[i] and last == i and low in context("common_bodies"))
        yield Claim(
            i,
            last,
            words.start[i],
            end,
            known.kind,
            "known_lower" if plain else "known",
            words.text[words.start[i] : end],
            known.org_type,
            3,
            known.name.lower() if last == name_end else "",
        )


def _keys(form: str, low: str, shape: int) -> tuple[str, ...]:
    """Return the forms under which a word may be known: as written, in lower case, without genitive -s."""
    if shape == LOWER:
        return (form, form[:-1]) if form.endswith("s") else (form,)
    if form.endswith(("s", "S")):
        return (form, low, form[:-1], low[:-1])
    return (form, low)


def _known_at(words: Words, i: int, names: tuple[Known, ...]) -> tuple[Known, int, int] | None:
    """Find the longest known name that begins at word `i`: the name, its last word, and its end."""
    for known in names:
        last = i + len(known.words) - 1
        if last >= len(words):
            continue
        if words.shape[i] == LOWER and not known.lower and not known.exact:
            continue
        if not all(words.joined[j] or words.gap(j).strip() in (",", ":") for j in range(i + 1, last + 1)):
            continue
        forms = words.form if known.exact else words.low
        if any(forms[j] != known.words[j - i] for j in range(i, last)):
            continue
        form, wanted = forms[last], known.words[-1]
        if form == wanted:
            return known, last, words.end[last]
        if form[:-1] == wanted and form[-1] == "s" and wanted[-1] not in "sxzSXZ":
            return known, last, words.end[last] - 1
    return None
