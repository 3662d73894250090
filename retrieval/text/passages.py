"""Cuts the text paragraphs of a body into passages of whole sentences and similar length.

A passage never spans a gap (a caption, page boilerplate) and never drops a sentence. Cuts fall between paragraphs where
they can, so that a quotation stays with the paragraph that names its speaker, and not behind a heading.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from retrieval.domain.articles import Span
from retrieval.text.boilerplate import SENTENCE_END
from retrieval.text.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST = 1500
"""The most characters of a passage; a longer sentence is cut at a blank."""

FULL = 1100
"""The target length in characters: about 180 words, what a small embedding model reads of a text."""

_REACH = 400
"""The most characters of another passage that are shown with a marked sentence at a passage's edge."""

_BLANKS = re.compile(r"\s*")
_CUT_IN_PARAGRAPH = 0.1
"""The cost of a cut within a paragraph: as much as a passage that is a third too short."""
_CUT_BEHIND_HEADING = 0.5
_LONGEST_HEADING = 80


def passages(body: str, paragraphs: Sequence[Span]) -> list[Span]:
    """Cut the text `paragraphs` of `body` into passages, in order; each begins and ends with a sentence.

    `paragraphs` are in order and do not overlap, nor do passages. Every character of a paragraph that is not white
    space is in one passage.
    """
    return [passage for run in _runs(body, paragraphs) for passage in _pack(body, run)]


def with_continuation(body: str, passage: Span, around: Span, marked: Span) -> Span:
    """The passage and, where the marked sentence is its last or first one, the whole sentences beyond that end.

    They are those of `around`, the passage with its neighbours, as far as a reader needs them.
    """
    start, end = passage.start, passage.end
    if marked.end == end < around.end:
        following = (
            sentence.end
            for sentence in sentences(body, Span(end, around.end))
            if SENTENCE_END.search(sentence.of(body))
        )
        end = max((place for place in following if place <= passage.end + _REACH), default=end)
    if marked.start == start > around.start:
        leading = (sentence.start for sentence in sentences(body, Span(around.start, start)))
        start = min((place for place in leading if place >= passage.start - _REACH), default=start)
    return Span(start, end)


def _runs(body: str, paragraphs: Sequence[Span]) -> Iterator[list[list[Span]]]:
    """Yield runs of paragraphs with only white space between them; a paragraph is a list of its sentences."""
    run: list[list[Span]] = []
    for paragraph in paragraphs:
        pieces = [piece for sentence in sentences(body, paragraph) for piece in _pieces(body, sentence)]
        if run and body[run[-1][-1].end : paragraph.start].strip():
            yield run
            run = []
        if pieces:
            run.append(pieces)
    if run:
        yield run


def _pieces(body: str, sentence: Span) -> Iterator[Span]:
    """Yield the sentence, or parts of at most `LONGEST` characters, cut at blanks if possible."""
    start = sentence.start
    while sentence.end - start > LONGEST:
        window = body[start : start + LONGEST]
        end = start + (
            len(window.rstrip()) if body[start + LONGEST].isspace() else max(window.rfind(" "), 0) or LONGEST
        )
        yield Span(start, end)
        start = _BLANKS.match(body, end, sentence.end).end()  # type: ignore[union-attr]  # it matches everywhere
    yield Span(start, sentence.end)


def _is_heading(body: str, paragraph: Sequence[Span]) -> bool:
    """Whether a paragraph is short, and no sentence."""
    return (
        len(paragraph) == 1 and len(paragraph[0]) <= _LONGEST_HEADING and not SENTENCE_END.search(paragraph[0].of(body))
    )


def _pack(body: str, run: list[list[Span]]) -> list[Span]:
    """Cut one run into passages of similar length, preferably between paragraphs, at the least cost.

    Dynamic programming over the sentences, as in Knuth and Plass's line breaking (1981): `cheapest[i]` is the least
    cost of everything before sentence i. A passage costs the square of its deviation from the target length, and more
    where it begins inside a paragraph, or behind a heading. All possible starts are compared at once, since short lines
    make hundreds.
    """
    pieces = [piece for paragraph in run for piece in paragraph]
    cut_costs = {paragraph[0].start: 0.0 for paragraph in run} | {
        paragraph[0].start: _CUT_BEHIND_HEADING for heading, paragraph in pairwise(run) if _is_heading(body, heading)
    }
    length = pieces[-1].end - pieces[0].start
    target = length / -(-length // FULL)
    starts = np.array([piece.start for piece in pieces])
    before = np.array([cut_costs.get(piece.start, _CUT_IN_PARAGRAPH) for piece in pieces])
    cheapest = np.zeros(len(pieces) + 1)
    cut_before = [0]
    earliest = 0
    for stop, last in enumerate(pieces, 1):
        while earliest < stop - 1 and last.end - pieces[earliest].start > LONGEST:
            earliest += 1
        deviation = (last.end - starts[earliest:stop] - target) / FULL
        costs = cheapest[earliest:stop] + (deviation * deviation + before[earliest:stop])
        first = int(costs.argmin())
        cheapest[stop] = costs[first]
        cut_before.append(earliest + first)
    edges = [len(pieces)]
    while edges[-1]:
        edges.append(cut_before[edges[-1]])
    return [Span(pieces[first].start, pieces[stop - 1].end) for first, stop in pairwise(reversed(edges))]
