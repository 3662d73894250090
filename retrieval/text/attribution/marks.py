"""Where quotation marks stand in a text, and what they enclose.

Works paragraph by paragraph. A mark that is never closed is refused and the rest is kept, unless the next
paragraph opens with a mark of its own: then the quotation goes on (the printers' convention) and each
paragraph is one segment. Apostrophes, feet and inches are not marks. What a segment *is* (a quotation, a
title, a nickname) is not decided here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPEN = "“„‟«"
_CLOSE = "”»"
_STRAIGHT = '"＂'
_DOUBLE = frozenset(_OPEN + _CLOSE + _STRAIGHT)
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
_LINE_END = re.compile(r"\s*\n\s*")
_SINGLE_END = re.compile(r"(\S)[^\S\n]*\n(?=[^\S\n]*\S)")
_SENTENCE_ENDS = frozenset(".!?:;…”\"’')]—")
_BYLINE = re.compile(r"\s*,?\s+by (?:[A-Z][\w.’'-]*[ ]?){1,6}(?=[:,.\n(]|https?:|$)")
_INCHES = re.compile(r"\d\s?['’′]\s?\d{1,2}(?:\.\d+|\s?[½¼¾])?$")
_MARKUP = re.compile(r"<[A-Za-z/!][^<>\n]{0,600}>")
_DOUBLED = re.compile(r"''|``|’’|‘‘")
_SINGLE_OPEN = re.compile(r"(?<![\w’'‘])[‘'](?=\w)")
_SINGLE_CLOSE = re.compile(r"(?<=[,.?!…])[’'](?!\w)")


@dataclass(frozen=True, slots=True)
class Segment:
    """The characters between two marks: text[start:end], never empty, inside one paragraph.

    `paragraph` counts from 0. `goes_on` says that the quotation continues in the next paragraph's first
    segment (this one has no closing mark).
    """

    start: int
    end: int
    paragraph: int
    goes_on: bool = False


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of each paragraph that holds anything, in order, without outer white space.

    Blank lines part paragraphs, and so do plain line ends, unless they are those of a text wrapped at a fixed width:
    there lines mostly break off in mid-sentence.
    """
    parting = _BLANK_LINE if _is_wrapped(text) else _LINE_END
    found: list[tuple[int, int]] = []
    start = 0
    for gap in [*parting.finditer(text), None]:
        end = gap.start() if gap else len(text)
        raw = text[start:end]
        if raw.strip():
            found.append((start + len(raw) - len(raw.lstrip()), start + len(raw.rstrip())))
        start = gap.end() if gap else end
    return found


def _is_wrapped(text: str) -> bool:
    ends = [match.group(1) in _SENTENCE_ENDS for match in _SINGLE_END.finditer(text)]
    return bool(ends) and sum(ends) < len(ends) / 2


def segments(text: str) -> list[Segment]:
    """Return what stands between marks, in order, without overlap. Never raises."""
    spans = paragraphs(text)
    find = _double if any(mark in text for mark in _DOUBLE) else _single
    opened_next = [False] * (len(spans) + 1)
    for number, (start, _) in enumerate(spans):
        opened_next[number] = text[start] in _OPEN + _STRAIGHT
    found: list[Segment] = []
    for number, (start, end) in enumerate(spans):
        for inner_start, inner_end, closed in find(text, start, end):
            if not text[inner_start:inner_end].strip():
                continue
            if closed or opened_next[number + 1]:
                found.append(Segment(inner_start, inner_end, number, goes_on=not closed))
    return found


def _double(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, closed) of what double marks enclose in one paragraph."""
    markup = [(tag.start() + start, tag.end() + start) for tag in _MARKUP.finditer(text[start:end])]
    opened: int | None = None
    nested_until = start
    for at in range(start, end):
        if text[at] not in _DOUBLE or at < nested_until or any(a <= at < b for a, b in markup):
            continue
        if _is_inches(text, start, at, opened=opened is not None):
            continue
        if opened is None:
            opened = at + 1 if _may_open(text, at, end) else None
        elif text[at] in _OPEN and not _closes(text, at, end):
            inner_end = _nested_end(text, opened - 1, at, end)
            if inner_end is None:
                opened = at + 1  # the mark before was never closed: refused
            else:
                nested_until = inner_end
        else:
            yield opened, at, True
            opened = None
    if opened is not None and opened < end:
        yield opened, end, False


def _may_open(text: str, at: int, end: int) -> bool:
    """A curly opening mark opens; a straight one only when something follows it directly."""
    if at + 1 >= end or text[at] in _CLOSE:
        return False
    return text[at] in _OPEN or not text[at + 1].isspace()


def _closes(text: str, at: int, end: int) -> bool:
    """An opening mark typed where a closing one belongs: after a word, before a gap."""
    return not text[at - 1].isspace() and (at + 1 >= end or not text[at + 1].isalnum())


def _nested_end(text: str, outer: int, inner: int, end: int) -> int | None:
    """Where a curly pair ends that stands inside a straight pair, or None when there is no such nesting."""
    if text[outer] not in _STRAIGHT:
        return None
    closing = text.find("”", inner, end)
    following = next((at for at in range(closing + 1, end) if text[at] in _DOUBLE), None)
    if closing < 0 or following is None or text[following] not in _STRAIGHT:
        return None
    return closing + 1 if following + 1 >= end or not text[following + 1].isalnum() else None


def _is_inches(text: str, start: int, at: int, *, opened: bool) -> bool:
    if text[at] not in _STRAIGHT + "”" or at == start or not text[at - 1].isdigit():
        return False
    return not opened or bool(_INCHES.search(text[max(start, at - 12) : at]))


def _single(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Yield what single marks enclose, for a text that has no double mark at all.

    Doubled apostrophes are marks too. Of single ones only pairs whose closing mark follows punctuation
    count: anything looser takes apostrophes for marks.
    """
    at = start
    doubled = _DOUBLED.search(text) is not None
    opening_mark, closing_mark = (_DOUBLED, _DOUBLED) if doubled else (_SINGLE_OPEN, _SINGLE_CLOSE)
    while (opening := opening_mark.search(text, at, end)) is not None:
        closing = closing_mark.search(text, opening.end(), end)
        if closing is None:
            return
        yield opening.end(), closing.start(), True
        at = closing.end()


def is_headline(text: str, segment: Segment) -> bool:
    """Whether a byline follows directly, as behind the title of a listed article: "Rain at last," by Ana Costa."""
    return _BYLINE.match(text, segment.end + 1) is not None
