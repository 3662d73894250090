"""Which of a speaker's quotations are about a topic, judged by the sentences around them (`text.questions.evidence`).

A quotation matches as well as the best sentence of its context, from 0 to 1. Those below `LEAST`, or below `SHARE` of
the best match, are left out. Only the topic is embedded; passages bring their stored vectors.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from itertools import accumulate, takewhile
from typing import TYPE_CHECKING, Final

from retrieval.text.questions.evidence import measure_passage
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
"""The similarity below which a sentence is off topic: unrelated sentences reach 0.39 by chance."""

SHARE: Final = 0.6
"""The share of the best similarity that the others must reach."""

_Sentence = tuple["Span", float]
"""A sentence, as offsets into the body, and its token similarity."""


def about(
    topic: str,
    embedding: QueryEmbedding,
    quotations: Iterable[CitedQuotation],
    passages: Iterable[FoundPassage],
    *,
    least: float = LEAST,
) -> tuple[CitedQuotation, ...]:
    """Choose the quotations about `topic`, best match first, ties in the order given; perhaps none.

    `passages` are those that contain the quotations. Shared words count where one is missing or has no token vectors.
    """
    question = understand(topic, embedding)
    places = {article: Places(sentences) for article, sentences in _sentences(question, passages).items()}
    none = Places(())
    matched = [(_match(question, cited, places.get(cited.quotation.article_id, none)), cited) for cited in quotations]
    needed = max(least, SHARE * max((match for match, _ in matched), default=0.0))
    chosen = [(match, cited) for match, cited in matched if match >= needed]
    return tuple(cited for _, cited in sorted(chosen, key=lambda item: -item[0]))


def _sentences(question: Question, passages: Iterable[FoundPassage]) -> Mapping[ArticleId, Sequence[_Sentence]]:
    """The measured sentences of each article that has a passage."""
    by_article: defaultdict[ArticleId, list[_Sentence]] = defaultdict(list)
    items = list(passages)
    compared = compare([item.tokens for item in items], question.rotated_queries)
    for item, tokens in zip(items, compared, strict=True):
        evidence = measure_passage(question, item.article.source.title, item.text, tokens)
        start = item.passage.span.start
        by_article[item.article.id] += [(one.span.moved(start), one.token_similarity) for one in evidence.sentences]
    return by_article


class Places:
    """The measured sentences of one article, sorted by start, for quick look-up by place."""

    def __init__(self, sentences: Sequence[_Sentence]) -> None:
        self._sentences = sorted(sentences, key=lambda item: item[0].start)
        self._ends = list(accumulate((span.end for span, _ in self._sentences), max))

    def around(self, context: Span) -> list[float]:
        """The similarity of each sentence that overlaps a context."""
        first = bisect_right(self._ends, context.start)
        near = map(self._sentences.__getitem__, range(first, len(self._sentences)))
        before = takewhile(lambda item: item[0].start < context.end, near)
        return [similarity for span, similarity in before if span.overlaps(context)]


def _match(question: Question, cited: CitedQuotation, sentences: Places) -> float:
    """The similarity (0..1) of the quotation's best sentence."""
    around = sentences.around(cited.quotation.context)
    return max(around) if around else question.idf_coverage(question.word_mask(frozenset(analyse(cited.context))))
