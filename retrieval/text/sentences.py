"""Splits English news into sentences, as spans.

It knows ranks and titles (Maj. Gen. Pat Ryder), party tags (I-Vt.), acronyms (a U.S. official) and speech followed by
its speaker (“Stop!” Smith said). A period is judged by the words before and after it. Of line ends only an empty line
ends a sentence, so pass headings and list items one at a time.
"""

from __future__ import annotations

import re
from itertools import pairwise

from retrieval.domain.articles import Span
from retrieval.text.words import read_words, without_end_marks

_END = re.compile(r"[.!?…\n](?:(?<!\n)[.!?…]*+[\"'”’)\]»]*+(?P<gap>(?=\s))?|(?<=\n)[ \t]*+\n\s*+)")
"""Begins with a set of characters, so that the search skips all others quickly.

A run of marks matches as a whole even where no white space follows (no `gap`), or each mark would be tried again.
"""
_NEXT = re.compile(r"\s*([\"'“‘(\[«]*)(\S*)")
_ACRONYM = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]$")
_INITIAL = re.compile(r"[A-Z]$")
_CLOSING = tuple("\"'”’)]»")
_TIMES = ("a.m", "p.m")
_DASH = re.compile(r"[-–—/]")
_LIST_NUMBER = re.compile(r"(?:^|\n)\s*\(?\d{1,3}\.$")

_TITLES = read_words("abbreviated_titles")

_SHORTENED = read_words("abbreviations")

_STARTERS = read_words("sentence_starters")

_CLOCK_NAMES = read_words("clock_names")
_SAYING = re.compile(
    r"\s*(?:(?:(?:[A-Z][\w.’'-]*|the|an?)\s+){1,4})?(?:said|says|asked|asks|told|shouted|wrote|tweeted|added|replied|cried|"
    r"yelled|exclaimed|recalled|declared|answered|demanded|wondered|joked|chanted)\b"
)


def sentences(text: str, span: Span | None = None) -> list[Span]:
    """The sentences of `text`, or of `span` of it, in order, without white space around them.

    Only white space lies between them. A blank text has none.
    """
    start, stop = (span.start, span.end) if span else (0, len(text))
    ends = [match for match in _END.finditer(text, start, stop) if _is_end(text, match, start, stop)]
    edges = [start, *(match.end() for match in ends), stop]
    trimmed = (_trim(text, first, last) for first, last in pairwise(edges))
    return [sentence for sentence in trimmed if sentence]


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
    closed = mark.endswith(_CLOSING)
    if mark.startswith("."):
        before = text[max(start, match.start() - 40) : match.end()]
        numbers = before[-2:-1].isdigit() and _LIST_NUMBER.search(before)
        return not numbers and (closed or _period_ends(before, opened, word))
    return not (closed and not opened and _SAYING.match(text, match.end(), stop))


def _period_ends(before: str, opened: str, word: str) -> bool:
    """Whether a period ends its sentence: `before` ends with it; `word` follows, after the marks `opened`."""
    stem = before.rsplit(maxsplit=1)[-1][:-1].lstrip("\"'“‘([«")
    bare = _DASH.split(stem)[-1]
    following = without_end_marks(word).lower()
    if bare.lower().endswith(_TIMES):
        return following not in _CLOCK_NAMES
    return not _abbreviated(bare, word, starts=bool(opened) or following in _STARTERS)


def _abbreviated(bare: str, word: str, *, starts: bool) -> bool:
    """Whether `bare` is an abbreviation within a sentence; `starts`: what follows usually begins one."""
    lower, number = bare.lower(), word[:1].isdigit()
    if lower in {"no", "nos"}:
        return number
    if lower in _TITLES or (number and lower in _SHORTENED):
        return True
    shortened = lower in _SHORTENED and (bare[:1].isupper() or "." in bare)
    return not starts and (shortened or bool(_ACRONYM.search(bare) or _INITIAL.match(bare)))
