"""Turns of two people who speak in quotations without a clause: questions and answers, paragraph by paragraph.

After “…?” asked one and “…” answered another, bare paragraphs that are by turns a question and an answer go on between
the two. A question right before an answer in one line (“How?” “Well,” he replied) is not the words of who answers.
"""

import re
from dataclasses import replace
from itertools import pairwise

from retrieval.domain.articles import Span
from retrieval.domain.quotations import Attribution
from retrieval.text.attribution.attributed import AttributedSegment
from retrieval.text.attribution.split_text import SplitText

_LETTER = re.compile(r"[^\W_]")
_PROBABILITY = 0.8


def tell_turns(article: SplitText, attributed: list[AttributedSegment]) -> list[AttributedSegment]:
    """The segments, bare questions and answers with the one of two speakers whose turn it is."""
    revised = [_without_answerer(article.text, *pair) for pair in pairwise(attributed)]
    revised += attributed[-1:]
    for number in range(2, len(revised)):
        one, before, earlier = revised[number], revised[number - 1], revised[number - 2]
        if _is_bare(article, one) and _alternate(article, earlier, before, one):
            revised[number] = replace(
                earlier, segment=one.segment, cue=None, attribution=Attribution.CONTINUATION, probability=_PROBABILITY
            )
    return revised


def _without_answerer(text: str, one: AttributedSegment, following: AttributedSegment) -> AttributedSegment:
    """A question without the speaker of the answer that follows in its line."""
    beside = _LETTER.search(text, one.segment.end, following.segment.start) is None
    same_line = one.segment.paragraph == following.segment.paragraph and beside
    answered = following.cue is not None and following.cue.start >= following.segment.end
    if not (same_line and answered and _asks(text, one) and one.mention == following.mention):
        return one
    return replace(one, mention=None, cue=None, person=None, attribution=Attribution.UNKNOWN, probability=0.0)


def _alternate(
    article: SplitText, earlier: AttributedSegment, before: AttributedSegment, one: AttributedSegment
) -> bool:
    """Whether three quotations in three paragraphs are by turns a question and an answer of two people."""
    numbers = [turn.segment.paragraph for turn in (earlier, before, one)]
    if numbers != list(range(numbers[0], numbers[0] + 3)) or earlier.mention is None or before.mention is None:
        return False
    if (earlier.person or earlier.mention.of(article.text)) == (before.person or before.mention.of(article.text)):
        return False
    asks = [_asks(article.text, turn) for turn in (earlier, before, one)]
    return asks in ([True, False, True], [False, True, False])


def _is_bare(article: SplitText, one: AttributedSegment) -> bool:
    """Whether a quotation fills its paragraph."""
    paragraph = article.paragraphs[one.segment.paragraph]
    opened = Span(paragraph.start, one.segment.start)
    return len(opened) == 1 and _LETTER.search(article.text, one.segment.end, paragraph.end) is None


def _asks(text: str, one: AttributedSegment) -> bool:
    return text[one.segment.end - 1] == "?"
