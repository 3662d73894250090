"""Finds quotation marks and the segments they enclose, paragraph by paragraph, in a text with plain marks.

A mark that is never closed is ignored, unless the next paragraph opens with a mark: then, by printers' convention, the
quotation goes on and each paragraph has one segment. Where the rest of a paragraph is plainly speech, the mark was only
forgotten. Feet and inches are not marks. Whether a segment is a quotation, a title or a nickname is decided elsewhere.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from retrieval.text.attribution.cues import PLAIN_FORMS
from retrieval.text.words import word_list

_OPEN = "“‟"
_CLOSE = "”"
_STRAIGHT = '"＂'
_DOUBLE = re.compile(f"[{_OPEN}{_CLOSE}{_STRAIGHT}]")
_LINE = re.compile(r"[^\n]+")
_BYLINE = re.compile(r"(?:\s*+,)?\s++by (?:the )?[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,5} ?(?=[:,.\n(]|https?:|$)")
_CALLED = re.compile(
    r"\s(?:was|is|were|are|became|made) (?:the|a|an|its|his|her|their) (?:[\w’'-]+ ){0,2}"
    r"(?:headlines?|titles?|captions?|slogans?|mottos?|nicknames?|names?|labels?|hashtags?|chants?|banners?|signs?)\b"
)
_NOTE = re.compile(r"[\[(]?(?:editor[’']?s[’']? note|correction|clarification|an earlier version of)\b", re.IGNORECASE)
_LINK = re.compile(r"[\[(]?\s*+<a\b[^>]*+>(?:(?!</a>).)*+</a>[.\])\s]*+$", re.IGNORECASE | re.DOTALL)
_WORK_BEFORE = re.compile(
    r"\b(?:podcast|song|single|album|film|movie|book|novel|memoir|show|series|sitcom|documentary|musical|magazine|opera|poem|"
    r"button|headline|headlined|edits|edited|hosts|hosted|co-hosts|co-hosted|anchors|starred in|starring in),?\s$",
    re.IGNORECASE,
)
_LONGEST_REST = 1_500
_LEAD = 200
_STOP = re.compile(r"[.!?…][”\"]?\s")
_ENDS = (".", "!", "?", "…")
_SPEECH = "|".join(sorted(PLAIN_FORMS))
_SAID = re.compile(rf"[,.!?]\s[^,.!?]{{0,60}}\b(?:{_SPEECH})\b")
_ANNOUNCED = re.compile(rf"\b(?:{_SPEECH})\b[^.!?]{{0,60}}[:,]\s*+$|\w:\s*+$")
_SPEAKER_HIMSELF = re.compile(r"\b(?:[Ii]|[Ww]e|[Mm]y|[Oo]ur|[Mm]e|[Uu]s|[Yy]ou|[Yy]our)\b")
_ERROR = re.compile(
    r"\b(?:version|article|story|report|reported|column|caption|post|incorrectly|misquoted|mistakenly|misstated|wrongly"
    r"|erroneously|in error|headline)\b|\bnot $"
)
_LONGEST_TITLE = 9
_SMALL_IN_TITLES = word_list("a an the and or but of in on at to for by with from as is")
_LONGEST_LINK = 1000
_INCHES = re.compile(r"\d\s?['’′]\s?\d{1,2}(?:\.\d+|\s?[½¼¾])?$")
_MARKUP = re.compile(r"<[A-Za-z/!][^<>\n]{0,600}>")


@dataclass(frozen=True, slots=True)
class Segment:
    """The characters between two marks: text[start:end], never empty, inside one paragraph.

    `paragraph` counts from 0. `goes_on`: this one has no closing mark, and the quotation continues in the next
    paragraph's first segment.
    """

    start: int
    end: int
    paragraph: int
    goes_on: bool = False


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Return the (start, end) of each paragraph that is not blank, in order, without outer white space.

    Each line is one: those of wrapped text are joined before.
    """
    spans: list[tuple[int, int]] = []
    for line in _LINE.finditer(text):
        printed = line.group()
        if printed.strip():
            spans.append((line.start() + len(printed) - len(printed.lstrip()), line.start() + len(printed.rstrip())))
    return spans


def segments(text: str) -> list[Segment]:
    """Return what is between marks, in order, without overlap. Never raises."""
    spans = paragraphs(text)
    opened_next = [text[start] in _OPEN + _STRAIGHT for start, _ in spans] + [False]
    found: list[Segment] = []
    for number, (start, end) in enumerate(spans):
        for inner_start, inner_end, closed in _double(text, start, end):
            if not text[inner_start:inner_end].strip():
                continue
            follows = found[-1] if found else None
            above = text[spans[number - 1][1] - 1] if number else ""
            rest = _Rest(inner_start, inner_end, start, number, above)
            if closed or opened_next[number + 1] or _is_speech(text, rest, follows):
                found.append(Segment(inner_start, inner_end, number, goes_on=not closed and opened_next[number + 1]))
    return found


@dataclass(frozen=True, slots=True)
class _Rest:
    """The rest of a paragraph behind an opening mark, the paragraph, and the last character of the one above it."""

    start: int
    end: int
    paragraph_start: int
    paragraph: int
    above: str


def _is_speech(text: str, rest: _Rest, before: Segment | None) -> bool:
    """Whether the rest of a paragraph is plainly speech, all of it or after a quotation or words that announce one.

    After these it is one sentence, or sentences by a speaker about himself, which are speech after any sentence.
    """
    if rest.end - rest.start > _LONGEST_REST or not text.endswith(_ENDS, rest.start, rest.end):
        return False
    words, lead = text[rest.start : rest.end], text[max(rest.paragraph_start, rest.start - _LEAD) : rest.start - 1]
    if _SAID.search(words):
        return False
    if not lead.strip():
        goes_on = before is not None and before.goes_on and before.paragraph + 1 == rest.paragraph
        return goes_on or rest.above == ":"
    *earlier, last = _STOP.split(words)
    if earlier and not _SPEAKER_HIMSELF.search(last):
        return False
    ended = lead.rstrip().endswith((".", ":", ","))
    again = before is not None and before.paragraph == rest.paragraph and ended
    himself = lead.rstrip().endswith(".") and bool(_SPEAKER_HIMSELF.search(last))
    return again or himself or bool(_ANNOUNCED.search(lead))


def _double(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Yield (start, end, closed) of what double marks enclose in text[start:end]."""
    marks = [mark.start() for mark in _DOUBLE.finditer(text, start, end)]
    closing = [at for at in marks if text[at] == "”"]
    opened: int | None = None
    nested_until = start
    for at in _outside_tags(text, start, end, marks):
        if at < nested_until or _is_inches(text, start, at, opened=opened is not None):
            continue
        if opened is None:
            opened = at + 1 if _may_open(text, at, end) else None
        elif text[at] in _OPEN and not _closes(text, at, end):
            inner_end = _nested_end(text, opened - 1, (at, end), marks, closing)
            if inner_end is None:
                opened = at + 1  # the mark before was never closed: ignored
            else:
                nested_until = inner_end
        else:
            yield opened, at, True
            opened = None
    if opened is not None and opened < end:
        yield opened, end, False


def _outside_tags(text: str, start: int, end: int, marks: list[int]) -> Iterator[int]:
    """The marks of a paragraph that are outside HTML tags."""
    tags = _MARKUP.finditer(text, start, end)
    tag = next(tags, None)
    for mark in marks:
        while tag is not None and tag.end() <= mark:
            tag = next(tags, None)
        if tag is None or mark < tag.start():
            yield mark


def _may_open(text: str, at: int, end: int) -> bool:
    """Whether a mark may open: a curly opening one, or a straight one directly before a character."""
    if at + 1 >= end or text[at] in _CLOSE:
        return False
    return text[at] in _OPEN or not text[at + 1].isspace()


def _closes(text: str, at: int, end: int) -> bool:
    """Whether an opening mark is in the place of a closing one: after a word, before a gap."""
    return not text[at - 1].isspace() and (at + 1 >= end or not text[at + 1].isalnum())


def _nested_end(text: str, outer: int, inside: tuple[int, int], marks: list[int], closing: list[int]) -> int | None:
    """The end of a curly pair nested in another pair; None without such nesting.

    `inside` is the start of the curly pair and the end of its paragraph.
    """
    inner, end = inside
    place = bisect_left(closing, inner)
    if place == len(closing):
        return None
    closed = closing[place]
    behind = bisect_left(marks, closed + 1)
    if behind == len(marks) or text[marks[behind]] not in (_STRAIGHT if text[outer] in _STRAIGHT else _CLOSE):
        return None
    following = marks[behind]
    return closed + 1 if following + 1 >= end or not text[following + 1].isalnum() else None


def _is_inches(text: str, start: int, at: int, *, opened: bool) -> bool:
    if text[at] not in _STRAIGHT + "”" or at == start or not text[at - 1].isdigit():
        return False
    return not opened or bool(_INCHES.search(text[max(start, at - 12) : at]))


def is_aside(text: str, segment: Segment, paragraph: tuple[int, int]) -> bool:
    """Whether a segment is a headline, the title of a work, the label of a link or what an editor's note takes back.

    A headline has a byline behind it ("Rain at last," by Ana Costa) or is called one there, a title its kind before it
    (the podcast “So, It Rains.”); a link fills its paragraph.
    """
    content = text[segment.start : segment.end].strip("'‘’ ")
    headline = content[:1].isupper() and content[-1:] in ",.?!"
    if (headline and _BYLINE.match(text, segment.end + 1)) or _CALLED.match(text, segment.end + 1):
        return True
    if _NOTE.match(text, *paragraph):
        return bool(_ERROR.search(_sentence_with(text, segment, paragraph)))
    if paragraph[1] - paragraph[0] <= _LONGEST_LINK and _LINK.match(text, *paragraph):
        return True
    words = text[segment.start : segment.end].split()
    named = _WORK_BEFORE.search(text, max(paragraph[0], segment.start - 30), segment.start - 1)
    return named is not None and len(words) <= _LONGEST_TITLE and all(is_in_title(word) for word in words)


def _sentence_with(text: str, segment: Segment, paragraph: tuple[int, int]) -> str:
    """The words before a segment in its sentence, those behind it, and those before it again."""
    lead = _STOP.split(text[max(paragraph[0], segment.start - _LEAD) : segment.start - 1])[-1]
    tail = _STOP.split(text[segment.end + 1 : min(paragraph[1], segment.end + _LEAD)])[0]
    return f"{lead} {tail} {lead}"


def is_in_title(word: str) -> bool:
    """Whether a word may be part of a title: capitalised, or a short function word."""
    first = next((char for char in word if char.isalnum()), "A")
    return not first.islower() or word.strip(".,!?").casefold() in _SMALL_IN_TITLES
