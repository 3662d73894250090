"""Splits English news into sentences, as spans.

It knows ranks and titles (Maj. Gen. Pat Ryder), party tags (I-Vt.), acronyms (a U.S. official), nicknames ("A.J."),
datelines (N.H. (AP) —), footnotes, German ordinals and speech followed by its speaker (“Stop!” Smith said). A period
is judged by the words before and after it. Of line ends only an empty line ends a sentence, so pass headings and list
items one at a time.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from retrieval.domain.articles import Span
from retrieval.text.words import read_words, without_end_marks

if TYPE_CHECKING:
    from collections.abc import Iterator

_END = re.compile(
    r"[.!?…\n](?:(?<!\n)[.!?…]*+[\"'”’)\]»]*+(?P<notes>(?:\[\d{1,3}\]|[¹²³⁰⁴-⁹])*+)(?P<gap>(?=\s))?"
    r"|(?<=\n)[ \t]*+\n\s*+)"
)
"""Begins with a set of characters, so that the search skips all others quickly; `notes` are numbers of footnotes.

A run of marks matches as a whole even where no white space follows (no `gap`), or each mark would be tried again.
"""
_NEXT = re.compile(r"\s*([\"'“‘(\[«]*)(\S*)")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]$")
_INITIAL = re.compile(r"[A-Z]$")
_CLOSING = "\"'”’)]»"
_OPENING = "\"'“‘([«"
_TIMES = ("a.m", "p.m")
_DASH = re.compile(r"[-–—/]")
_LIST_NUMBER = re.compile(r"(?:^|\n)\s*\(?\d{1,3}\.$")
_NUMBER = re.compile(r"[$£€¥]?\d")
_GERMAN_ORDINAL = re.compile(
    r"\b(?:(?<!I )am|vom|zum|zur|im|beim|bis|ab|seit|de[rmns]|das|die)\s\d{1,3}\.$", re.IGNORECASE
)
_LETTERED = re.compile(
    r"\b(?:plan|vitamin|hepatitis|grade|type|group|section|class|team|exhibit|appendix|option|level|gate)\s[A-Z]\.$",
    re.IGNORECASE,
)
"""What a single letter names that is no initial."""

_TITLES = read_words("abbreviated_titles")

_SHORTENED = read_words("abbreviations")

_BEFORE_NUMBERS: Final = frozenset({"art", "ch", "no", "nos", "p", "para", "pg"})
"""Abbreviations only where a number follows: elsewhere these are words, or initials."""

_STARTERS = read_words("sentence_starters")

_CLOCK_NAMES = read_words("clock_names")
_SAYING = re.compile(
    r"\s*(?!(?:He|She|They|We|It|The|An?)\s)(?:(?:(?:[A-Z][\w.’'-]*|the|an?)\s+){1,4})?"
    r"(?:said|says|asked|asks|told|shouted|wrote|tweeted|added|replied|cried|"
    r"yelled|exclaimed|recalled|declared|answered|demanded|wondered|joked|chanted)\b"
)


def sentences(text: str, span: Span | None = None) -> list[Span]:
    """The sentences of `text`, or of `span` of it, in order, without white space around them.

    Only white space lies between them. A blank text has none.
    """
    return list(iter_sentences(text, span))


def iter_sentences(text: str, span: Span | None = None) -> Iterator[Span]:
    """Find the sentences one after another, for a caller that may need only the first."""
    start, stop = (span.start, span.end) if span else (0, len(text))
    begin = start
    for match in _END.finditer(text, start, stop):
        if _is_end(text, match, start, stop):
            if sentence := _trim(text, begin, match.end()):
                yield sentence
            begin = match.end()
    if last := _trim(text, begin, stop):
        yield last


def trim(text: str, span: Span) -> Span | None:
    """`span` without white space at its edges; None if blank."""
    return _trim(text, span.start, span.end)


def _trim(text: str, start: int, stop: int) -> Span | None:
    piece = text[start:stop]
    begin = start + len(piece) - len(piece.lstrip())
    end = start + len(piece.rstrip())
    return Span(begin, end) if begin < end else None


def _is_end(text: str, match: re.Match[str], start: int, stop: int) -> bool:
    """Whether a sentence ends at `match`."""
    mark = match.group()
    if "\n" in mark:
        return True
    if match["gap"] is None:
        return False
    following = _NEXT.match(text, match.end(), stop)
    opened, word = following.groups() if following else ("", "")
    if word[:1].islower() or word.startswith(".") or word == "Inc.":
        return False
    mark = mark.removesuffix(match["notes"])
    stopped = mark.rstrip(_CLOSING)
    closed = stopped != mark
    if mark.startswith("."):
        before = text[max(start, match.start() - 40) : match.start() + len(stopped)]
        if before[-2:-1].isdigit():
            return not _ordinal(before, word)
        speech = closed and before.rsplit(maxsplit=1)[-1][0] not in _OPENING
        return speech or _period_ends(before, opened, word)
    return not (closed and not opened and _SAYING.match(text, match.end(), stop))


def _ordinal(before: str, word: str) -> bool:
    """Whether `before` ends with the number of a list's item, or with an ordinal as German writes it."""
    german = _GERMAN_ORDINAL.search(before) and without_end_marks(word).lower() not in _STARTERS
    return bool(german or _LIST_NUMBER.search(before))


def _period_ends(before: str, opened: str, word: str) -> bool:
    """Whether a period ends its sentence: `before` ends with it; `word` follows, after the marks `opened`."""
    stem = before.rsplit(maxsplit=1)[-1][:-1].lstrip(_OPENING)
    bare = _DASH.split(stem)[-1]
    following = without_end_marks(_DASH.split(word)[0]).lower()
    if bare.lower().endswith(_TIMES):
        return following not in _CLOCK_NAMES
    begins = following in _STARTERS or (bool(opened) and opened[0] not in "([")
    return not _abbreviated(bare, word, starts=begins or bool(_LETTERED.search(before)))


def _abbreviated(bare: str, word: str, *, starts: bool) -> bool:
    """Whether `bare` is an abbreviation within a sentence; `starts`: what follows usually begins one."""
    lower, number = bare.lower(), bool(_NUMBER.match(word))
    if lower in _BEFORE_NUMBERS and (number or len(lower) > 1):
        return number
    if lower in _TITLES or (number and lower in _SHORTENED):
        return True
    shortened = lower in _SHORTENED and (bare[:1].isupper() or "." in bare)
    return not starts and (shortened or bool(_ACRONYM.search(bare) or _INITIAL.match(bare)))
