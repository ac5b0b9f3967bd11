"""Where a statement ends, and where a coordinated verb starts the next one."""

from __future__ import annotations

from offtext.layers import grammar
from offtext.layers.grammar import Word, closed_class

_OPENERS = frozenset(
    ["som", "där", "att", "hur", "vad", "när", "om", "vilka", "vilken", "vilket", "vem", "varför"]
)  # of subordinate clauses
_KEEPS_FOR_ATT = frozenset(["ansvarar", "ansvar", "förutsättningar", "möjligheter", "svarar"])
_AFTER_COMMA = frozenset(["men", "eftersom", "vilket", "då", "utan", "så", "för", "trots"])
_ALSO_NOUNS = frozenset(["får", "planer", "planerar", "steg", "står"])  # look finite, and mostly are not


def clause_end(words: list[Word], first: int, shape: str) -> int:
    """Return the end index of a content that begins at `first`: the first edge that closes a clause of this shape."""
    attribution = closed_class("attribution")
    relative = nested = own = False
    for index in range(first + 1, len(words)):
        form, before = words[index].form, words[index - 1].form
        after = words[index + 1].form if index + 1 < len(words) else ""
        if form in ("för", "genom", "så") and after == "att" and before not in _KEEPS_FOR_ATT:
            return index
        if (
            form in ("i", "med")
            and after in ("syfte", "syftet", "målet")
            and index + 2 < len(words)
            and words[index + 2].form == "att"
        ):
            return index
        if form == "samtidigt" and after == "som":
            return index
        if form in ("”", ";") or (form == "–" and after in attribution):
            return index
        if form == "," and (after in attribution or after in _AFTER_COMMA):
            return index
        if form in _OPENERS:
            relative = nested = True
        if grammar.is_finite(form) and form not in _ALSO_NOUNS:
            if index > first + 1 and ((shape == "fronted" and not relative) or (shape == "infinitive" and not nested)):
                return index
            if shape == "fronted clause" and not relative:
                if own:
                    return index
                own = True
            relative = False
    return len(words)


def coordinated(words: list[Word], first: int, end: int, shape: str) -> list[tuple[int, int, int]]:
    """Return the further statements under one cue: (start, end, verb) for each verb after `och`, `samt` or a comma."""
    parts: list[tuple[int, int, int]] = []
    starts: list[tuple[int, int]] = []
    for index in range(first + 2, end - 1):
        if words[index].form not in ("och", "samt", ",", "eller", "utan"):
            continue
        begin = index + 1
        if words[begin].form in ("att", "och", "samt", "ska", "att"):
            if words[begin].form == "ska" and shape != "modal":
                continue
            begin += words[begin].form != "ska"
        if begin < end and words[begin].form in ("att", "för"):
            begin += 1
        if begin >= end:
            continue
        verb = grammar.skip_adverbs(words, begin)
        if verb >= end:
            continue
        form = words[verb].form
        bare = grammar.is_infinitive(words[index - 1].form) or grammar.is_imperative(words[index - 1].form)
        if bare:
            continue  # `utveckla och stärka skolan`: two verbs, one object
        if shape in ("infinitive", "modal", "fronted"):
            if grammar.is_infinitive(form) or (shape == "modal" and (form == "ska" or _new_clause(words, begin, end))):
                starts.append((begin, verb))
        elif shape == "imperative":
            if grammar.is_imperative(form) or grammar.is_infinitive(form):
                starts.append((begin, verb))
        elif _new_clause(words, begin, end) or grammar.present_lemma(form) or words[index + 1].form == "att":
            starts.append((begin, verb))
    for number, (begin, verb) in enumerate(starts):
        stop = starts[number + 1][0] if number + 1 < len(starts) else end
        stop = before_coordinator(words, begin, stop) if stop != end else min(end, clause_end(words, begin, "clause"))
        parts.append((begin, stop, verb))
    return parts


def _new_clause(words: list[Word], begin: int, end: int) -> bool:
    """Tell whether a subject and its finite verb open at `begin`."""
    if words[begin].form in closed_class("pronouns") or words[begin].capital:
        return any(grammar.is_finite(words[i].form) for i in range(begin + 1, min(begin + 4, end)))
    definite = words[begin].form.endswith(("en", "et", "na")) and begin + 1 < end
    if definite and words[begin + 1].form not in _ALSO_NOUNS and grammar.is_finite(words[begin + 1].form):
        return True  # `… och kommunen utser …`
    return grammar.is_modal(words[begin].form)


def before_coordinator(words: list[Word], first: int, stop: int) -> int:
    """Step back over the joining words before `stop`."""
    while stop - 1 > first and words[stop - 1].form in ("och", "samt", "eller", ",", "att", "för", "utan"):
        stop -= 1
    return stop
