"""Cuts the text paragraphs of a body into passages of whole sentences and similar length.

A passage never spans a gap (a caption, page boilerplate) and never drops a sentence. Cuts fall between paragraphs where
they can, so that a quotation stays with the paragraph that names its speaker.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from retrieval.domain.articles import Span
from retrieval.text.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST = 1500
"""Characters that no passage exceeds; a sentence that does is cut at a blank."""

FULL = 1100
"""Characters a passage is filled to: about 180 words, what a small embedding model reads of one text."""

_BLANKS = re.compile(r"\s*")
_CUT_IN_PARAGRAPH = 0.1
"""What a cut within a paragraph costs, in squared shares of `FULL`: as much as a passage a third too short."""


def passages(body: str, paragraphs: Sequence[Span]) -> list[Span]:
    """Passages over the kept `paragraphs` of `body`, in order; each begins and ends with a sentence.

    `paragraphs` are in order and do not overlap. Passages do not overlap either, and every character of a paragraph
    that is not white space is in one of them.
    """
    return [passage for run in _runs(body, paragraphs) for passage in _pack(run)]


def _runs(body: str, paragraphs: Sequence[Span]) -> Iterator[list[list[Span]]]:
    """Paragraphs, as lists of their sentences, with nothing but white space between them."""
    run: list[list[Span]] = []
    for paragraph in paragraphs:
        pieces = [piece for found in sentences(body, paragraph) for piece in _pieces(body, found)]
        if run and body[run[-1][-1].end : paragraph.start].strip():
            yield run
            run = []
        if pieces:
            run.append(pieces)
    if run:
        yield run


def _pieces(body: str, sentence: Span) -> Iterator[Span]:
    """The sentence, or parts of at most `LONGEST` characters, cut at blanks where there are any."""
    start = sentence.start
    while sentence.end - start > LONGEST:
        window = body[start : start + LONGEST]
        end = start + (
            len(window.rstrip()) if body[start + LONGEST].isspace() else max(window.rfind(" "), 0) or LONGEST
        )
        yield Span(start, end)
        start = _BLANKS.match(body, end, sentence.end).end()  # type: ignore[union-attr]  # it matches everywhere
    yield Span(start, sentence.end)


def _pack(run: list[list[Span]]) -> list[Span]:
    """The cheapest cut of one run into passages: as full as one another, cuts between paragraphs preferred.

    Dynamic programming over the sentences, as in Knuth and Plass's line breaking (1981): `cheapest[i]` is the least
    cost of everything before sentence i. A passage costs what its length strays from the target, squared, and more
    where it begins inside a paragraph. All sentences that a passage may begin with are compared at once: lines of one
    letter make hundreds.
    """
    pieces = [piece for paragraph in run for piece in paragraph]
    openings = {paragraph[0].start for paragraph in run}
    length = pieces[-1].end - pieces[0].start
    target = length / -(-length // FULL)
    starts = np.array([piece.start for piece in pieces])
    inside = np.array([0.0 if piece.start in openings else _CUT_IN_PARAGRAPH for piece in pieces])
    cheapest = np.zeros(len(pieces) + 1)
    cut_before = [0]
    earliest = 0
    for stop, last in enumerate(pieces, 1):
        while earliest < stop - 1 and last.end - pieces[earliest].start > LONGEST:
            earliest += 1
        strayed = (last.end - starts[earliest:stop] - target) / FULL
        costs = cheapest[earliest:stop] + (strayed * strayed + inside[earliest:stop])
        first = int(costs.argmin())
        cheapest[stop] = costs[first]
        cut_before.append(earliest + first)
    edges = [len(pieces)]
    while edges[-1]:
        edges.append(cut_before[edges[-1]])
    return [Span(pieces[first].start, pieces[stop - 1].end) for first, stop in pairwise(reversed(edges))]
