"""The ranking policy: from candidates to an answer with its citations, or to an abstention with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from retrieval.domain import Abstention, AbstentionReason, Answer, Citation, Confidence
from retrieval.errors import QuestionRejected
from retrieval.text.cleaning import normalise
from retrieval.text.sentences import sentences
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.archive.records import FoundPassage
    from retrieval.domain import Candidate, QueryEmbedding, Searched, Span

CANDIDATES = 30
CITED = 10
LONGEST_QUESTION = 300


def check_question(question: str) -> str:
    """The question on one clean line. Raises QuestionRejected."""
    asked = " ".join(normalise(question).text.split())
    if not any(character.isalnum() for character in asked):
        message = "There is no word in that question. Ask it in a few words, like: why was the vote delayed?"
        raise QuestionRejected(message)
    if len(asked) > LONGEST_QUESTION:
        message = f"That question has {len(asked):,} characters; ask it in {LONGEST_QUESTION} or fewer."
        raise QuestionRejected(message)
    return asked


def empty_archive(question: str, searched: Searched) -> Abstention:
    """The abstention of an archive in which the reader sees nothing."""
    return Abstention(question, AbstentionReason.EMPTY_ARCHIVE, 0.0, searched)


def cite(found: FoundPassage, marked: Span | None) -> Citation:
    """A passage as evidence."""
    passage = found.passage
    return Citation(passage.article_id, passage.id, found.article.source, passage.span, found.text, marked)


def answer(
    question: str,
    embedding: QueryEmbedding,  # noqa: ARG001
    candidates: Sequence[Candidate],
    found: Sequence[FoundPassage],
    searched: Searched,
) -> Answer | Abstention:
    """Interim."""
    top = max((c.lexical for c in candidates), default=0.0) or 1.0
    fused = {c.passage_id: 0.5 * c.similarity / 0.7 + 0.5 * c.lexical / top for c in candidates}
    words = set(analyse(question))
    citations = tuple(
        cite(
            item,
            max(
                sentences(item.article.body, item.passage.span),
                key=lambda s: len(words & set(analyse(s.of(item.article.body)))),
            ),
        )
        for item in sorted(found, key=lambda item: -fused[item.passage.id])[:CITED]
    )
    if not citations or max(fused.values()) < 0.5:
        return Abstention(question, AbstentionReason.NOT_GOOD_ENOUGH, 0.2, searched, citations[:1])
    return Answer(question, citations, Confidence.FAIR, 0.6, searched)
