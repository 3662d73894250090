"""Cuts the kept paragraphs of a body into passages: whole sentences, near one length, of what stands together.

A passage never reaches over a gap (a caption, page furniture) and never drops a sentence. Cuts fall between paragraphs
where they can, so that a quotation stays with the paragraph that names its speaker.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from retrieval.domain.articles import Span
from retrieval.text.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LONGEST = 1500
"""Characters that no passage exceeds; a sentence that does is cut at a blank."""

FULL = 1100
"""Characters a passage is filled to: about 180 words, what a small embedding model reads of one text."""

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
        start = end + len(body[end : sentence.end]) - len(body[end : sentence.end].lstrip())
    yield Span(start, sentence.end)


def _pack(run: list[list[Span]]) -> list[Span]:
    """The cheapest cut of one run into passages: as full as one another, cuts between paragraphs preferred.

    Dynamic programming over the sentences, as in Knuth and Plass's line breaking (1981): `cheapest[i]` is the least
    cost of everything before sentence i.
    """
    pieces = [piece for paragraph in run for piece in paragraph]
    openings = {paragraph[0].start for paragraph in run}
    length = pieces[-1].end - pieces[0].start
    target = length / -(-length // FULL)
    cheapest = [0.0]
    cut_before = [0]
    for stop in range(1, len(pieces) + 1):
        cost, first = min(
            (cheapest[first] + _cost(pieces[first], pieces[stop - 1], openings, target), first)
            for first in range(_earliest(pieces, stop), stop)
        )
        cheapest.append(cost)
        cut_before.append(first)
    edges = [len(pieces)]
    while edges[-1]:
        edges.append(cut_before[edges[-1]])
    return [Span(pieces[first].start, pieces[stop - 1].end) for first, stop in pairwise(reversed(edges))]


def _earliest(pieces: list[Span], stop: int) -> int:
    """The first sentence from which a passage may run up to sentence `stop` without growing too long."""
    first = stop - 1
    while first and pieces[stop - 1].end - pieces[first - 1].start <= LONGEST:
        first -= 1
    return first


def _cost(first: Span, last: Span, openings: set[int], target: float) -> float:
    """How far a passage from `first` to `last` is from its target length, and whether it begins inside a paragraph."""
    strayed = (last.end - first.start - target) / FULL
    return strayed * strayed + (0.0 if first.start in openings else _CUT_IN_PARAGRAPH)
