"""Sentences inside a piece of running text.

Every full stop, exclamation mark, question mark and ellipsis is a place where a sentence may end; what stands before it
(abbreviation, initial, number, word) and after it (capital, small letter, digit, sign) decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from offtext.layout.cues import SPACES, words

# the closers belong to the sentence they close: quotation marks, brackets, Markdown's emphasis
_CLOSERS = "\"'”’“»«›´`)\\]*_"
_LINK = r"!?\[\]\([^()\s]{0,1000}(?:\s\"[^\"]{0,200}\")?\)"
_TOKEN_LIMIT = 40  # longest token looked at before a full stop


@cache
def _end() -> re.Pattern[str]:
    # the footnote signs and links that may follow a full stop without a space are taken up later
    return re.compile(rf"[.!?…]+[{_CLOSERS}]*")


@cache
def _lead() -> re.Pattern[str]:
    return re.compile(rf"(?:[{re.escape(SPACES)}]|&nbsp;|<[a-z/][^<>]{{0,200}}>|{_LINK})+", re.IGNORECASE)


@cache
def _bold_lead() -> re.Pattern[str]:
    # `**Ulvsjö.**Text` and `**Karin Ek**Det handlar`: bold runs into the text without a space
    return re.compile(r"\*\*[^*\n]{2,150}\*\*(?=[A-ZÅÄÖ][a-zåäö]|[–—]\s)")


def split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of `text[start:end]` as (start, end), white space and empty links around them left out."""
    at = start
    lead = _bold_lead().match(text, start, end)
    if lead:
        yield from _trimmed(text, at, lead.end())
        at = lead.end()
    for stop in _end().finditer(text, at, end):
        if stop.end() < end and _is_end(text, at, stop.start(), stop.end(), end):
            yield from _trimmed(text, at, stop.end())
            at = stop.end()
    yield from _trimmed(text, at, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    skipped = _lead().match(text, start, end)
    if skipped:
        start = skipped.end()
    while start < end and text[end - 1] in SPACES:
        end -= 1
    for mark in ("**", "__", "*", "_"):
        inner = end - start - 2 * len(mark)
        if inner > 0 and text.startswith(mark, start, end) and text.endswith(mark, start, end):
            if text.find(mark, start + len(mark), end - len(mark)) < 0:
                start, end = start + len(mark), end - len(mark)
            break
    if start < end:
        yield start, end


def _is_end(text: str, first: int, stop: int, after: int, end: int) -> bool:
    """Tell whether a sentence that began at `first` ends with the signs at `stop:after`."""
    signs = text[stop:after]
    at = after
    while at < end and at - after < 50 and text[at] in SPACES:
        at += 1
    if at < end and at > after and text[at] in "[!<&":
        skipped = _lead().match(text, after, end)
        at = skipped.end() if skipped else at
    if at >= end:
        return True
    if at == after:
        return _is_end_without_space(text, first, stop, after, end)
    # look through opening signs at the word that follows
    word = at
    while word < end and word - at < 4 and text[word] in "\"'”’“»«‘„([*_#¿¡":
        word += 1
    bracket = "(" in text[at:word]
    if text[word : word + 1] in "–—−―-•·":
        word += 1
        while word < end and text[word] in SPACES and word - at < 8:
            word += 1
    following = text[word : word + 1]
    mark = signs.rstrip(_CLOSERS.replace("\\", ""))
    if following.islower():
        if "!" in mark or "?" in mark or mark in ("...", "…") or bracket or word > at:
            return False
        return _is_brand(text, word) or _is_plain_word(text, first, stop)
    if following in ",;:)]":
        return False
    if mark != ".":
        return ("…" not in mark and "..." not in mark) or following.isupper()
    return not _holds_on(text, first, stop, word, following)


def _holds_on(text: str, first: int, stop: int, word: int, following: str) -> bool:
    """Tell whether a single full stop before a capital, a digit or a sign belongs to an abbreviation or a number."""
    token = _token(text, first, stop)
    bare = token.lstrip("\"'”’“»«‘„([*_§-–/").lower()
    opens = _next_word(text, word) in words("starters")
    number = following.isdigit()
    if bare.isdigit():
        # `1.` at the head of a sentence numbers it; elsewhere a number closes a sentence before a capital
        return stop - len(bare) - first <= 2 or (number and len(bare) <= 2)
    if len(bare) == 1 and bare.isalpha():
        if number:
            return bare in words("abbreviations.before_number")
        if token[-1:].isupper():
            return not opens or text[word + 1 : word + 2] == "."
        return stop - first <= 2 or (bare in words("abbreviations.inside") and not opens)
    if "." in bare and all(len(part) == 1 for part in bare.split(".")) and token[-1:].isupper():
        return not opens and not number  # K.G. Ek, U.S.A.
    if number and bare in words("abbreviations.before_number"):
        return True
    if bare in words("abbreviations.may_end"):
        return bare == "kap" and stop - first <= 8  # `2 kap. Arbetsformer`
    if bare in words("abbreviations.inside"):
        return "." in bare or not opens
    tail = bare.rpartition("-")[2].rpartition("/")[2]
    return tail != bare and tail in words("abbreviations.inside")


def _is_end_without_space(text: str, first: int, stop: int, after: int, end: int) -> bool:
    """Tell whether a sentence ends where the next begins without a space: `drift.Vi`, `drift.**Vi`, `drift.[](…)`."""
    following = text[after]
    closed = text[stop:after].rstrip("*_") != text[stop:after]
    if following == "[" or following == "!":
        return text.startswith(("[](", "![]("), after)
    if following in "<&":
        tags = _lead().match(text, after, end)
        return bool(tags) and (tags.end() >= end or not text[tags.end()].islower())  # type: ignore[union-attr]
    if not following.isupper() or text[after - 1] in "'’":
        return False
    if closed:
        return True
    token = _token(text, first, stop)
    if len(token) < 3 or not token[-2:].islower() or any(sign in token for sign in "/@._") or token.startswith("www"):
        return False
    if after - stop == 1 and token.lower() in words("abbreviations.inside"):
        return False
    rest = _next_word(text, after)
    tail = after + len(rest)
    # a domain or a file name goes on with a full stop or a slash, a sentence with a space
    return tail >= end or text[tail] in SPACES or text[tail] in ",;:-"


def _token(text: str, first: int, stop: int) -> str:
    at = stop
    floor = max(first, stop - _TOKEN_LIMIT)
    while at > floor and text[at - 1] not in SPACES:
        at -= 1
    return text[at:stop]


def _next_word(text: str, at: int) -> str:
    found = _word().match(text, at)
    return found.group().lower() if found else ""


@cache
def _word() -> re.Pattern[str]:
    return re.compile(r"[^\W\d_]{1,40}")


def _is_brand(text: str, word: int) -> bool:
    # iPhone, eBay: a small letter or two and then a capital
    return bool(re.match(r"[a-zåäö]{1,2}[A-ZÅÄÖ][a-zåäö]", text[word : word + 5]))


def _is_plain_word(text: str, first: int, stop: int) -> bool:
    """Tell whether a full stop before a small letter closes a sentence after all: after a long, common word."""
    token = _token(text, first, stop).lower()
    known = words("abbreviations.inside") | words("abbreviations.may_end") | words("abbreviations.before_number")
    return len(token) >= 5 and token.isalpha() and token not in known
