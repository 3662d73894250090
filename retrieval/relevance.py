"""Which of a speaker's quotations are about something: by the sentences they stand in, from what is stored already.

A quotation matches as well as the best sentence of its context does (`text.evidence`), from 0 to 1. Left out is what
matches less than `LEAST`, and what matches less than `SHARE` of the best. Nothing is embedded but what was asked.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING, Final

from retrieval.text.questions.evidence import weigh
from retrieval.text.questions.question import understand
from retrieval.text.token_vectors import compare
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrieval.archive.records import FoundPassage
    from retrieval.domain.articles import Span
    from retrieval.domain.embeddings import QueryEmbedding
    from retrieval.domain.ids import ArticleId
    from retrieval.domain.quotations import CitedQuotation
    from retrieval.text.questions.question import Question

LEAST: Final = 0.4
"""The likeness below which a sentence is about something else: sentences that share a topic by chance reach 0.39."""

SHARE: Final = 0.6
"""The part of the best likeness that the others must reach."""

_Weighed = tuple["Span", float]
"""A sentence, in the body's offsets, and its likeness."""


def about(
    asked: str, embedding: QueryEmbedding, quotations: Iterable[CitedQuotation], passages: Iterable[FoundPassage]
) -> tuple[CitedQuotation, ...]:
    """The quotations that are about `asked`, best match first, equals in the order given; perhaps none.

    `passages` are those that hold the quotations. Where one has no token vectors, or is missing, shared words count.
    """
    question = understand(asked, embedding)
    sentences = _weighed(question, passages)
    places = {article: Places(weighed) for article, weighed in sentences.items()}
    none = Places(())
    matched = [(_match(question, cited, places.get(cited.quotation.article_id, none)), cited) for cited in quotations]
    needed = max(LEAST, SHARE * max((match for match, _ in matched), default=0.0))
    kept = [(match, cited) for match, cited in matched if match >= needed]
    return tuple(cited for _, cited in sorted(kept, key=lambda item: -item[0]))


def _weighed(question: Question, passages: Iterable[FoundPassage]) -> Mapping[ArticleId, Sequence[_Weighed]]:
    """By article, its weighed sentences; none for an article without a passage."""
    weighed: defaultdict[ArticleId, list[_Weighed]] = defaultdict(list)
    held = list(passages)
    compared = compare([found.tokens for found in held], question.directions)
    for found, tokens in zip(held, compared, strict=True):
        evidence = weigh(question, found.article.source.title, found.text, tokens)
        start = found.passage.span.start
        weighed[found.article.id] += [(item.span.moved(start), item.likeness) for item in evidence.sentences]
    return weighed


class Places:
    """The weighed sentences of one article, in the order of their starts, found without a look at those far away."""

    def __init__(self, sentences: Sequence[_Weighed]) -> None:
        self._sentences = sorted(sentences, key=lambda item: item[0].start)
        self._ends = list(accumulate((span.end for span, _ in self._sentences), max))

    def around(self, context: Span) -> list[float]:
        """The likeness of each sentence that overlaps a context."""
        first = bisect_right(self._ends, context.start)
        near = map(self._sentences.__getitem__, range(first, len(self._sentences)))
        before = takewhile(lambda item: item[0].start < context.end, near)
        return [likeness for span, likeness in before if span.overlaps(context)]


def _match(question: Question, cited: CitedQuotation, sentences: Places) -> float:
    """The likeness (0..1) of the quotation's best sentence."""
    around = sentences.around(cited.quotation.context)
    return max(around) if around else question.coverage(question.held(frozenset(analyse(cited.context))))
