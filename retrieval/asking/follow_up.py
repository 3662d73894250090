"""Answers a question that may be about the article of the last answer: with that article, without it, or both ways."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from retrieval.domain.answers import Abstention, Answer, Confidence
from retrieval.text.questions.follow_ups import Dependence, dependence
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from retrieval.archive.records import FoundPassage, PassageOutline
    from retrieval.domain.answers import Context
    from retrieval.domain.ids import ArticleId
    from retrieval.text.questions.hints import Hints

_LONGEST_TITLE: Final = 200


@dataclass(frozen=True, slots=True)
class Subject:
    """The article that a question is taken to be about, or none; `certain` where it can be about nothing else."""

    article_id: ArticleId | None = None
    title: str | None = None
    certain: bool = True

    @property
    def is_none(self) -> bool:
        """Whether the question stands alone."""
        return self.article_id is None

    def searched(self, question: str) -> str:
        """The text to search for: the question, and behind it the headline, which tells its subject."""
        return f"{question} {self.title[:_LONGEST_TITLE]}" if self.title else question

    def judged(self, question: str, hints: Hints) -> str:
        """The text that passages are judged by: the member's own words, unless they have no content."""
        return question if _has_content(question, hints) else self.searched(question)

    def told(self, answer: Answer | Abstention, question: str, hints: Hints) -> Answer | Abstention:
        """The answer with its headline; never a strong one where the member's own words did not judge it."""
        answer = replace(answer, about=self.title)
        if isinstance(answer, Abstention) or answer.confidence is not Confidence.HIGH:
            return answer
        if self.is_none or _has_content(question, hints):
            return answer
        first, *others = answer.citations
        return replace(answer, confidence=Confidence.FAIR, citations=(replace(first, answer=None), *others))

    def passages(self, outlines: Iterable[PassageOutline], hints: Hints) -> tuple[PassageOutline, ...]:
        """Those of the article; all where there is none, or where the newest on it is asked for."""
        everywhere = self.is_none or hints.newest
        return tuple(outline for outline in outlines if everywhere or outline.article_id == self.article_id)


def _has_content(question: str, hints: Hints) -> bool:
    return bool(analyse(hints.without(question)))


STANDS_ALONE: Final = Subject()


def subject_of(question: str, context: Context | None, found: Iterable[FoundPassage]) -> Subject:
    """The article that a question is about, where `found` has the passage of its `context`.

    A question that the member asked about an article is about that one, whatever its words.
    """
    article = next((passage.article for passage in found), None)
    if context is None or article is None:
        return STANDS_ALONE
    title = article.source.title
    depends = Dependence.CERTAIN if context.chosen else dependence(question, f"{title}\n{article.body}")
    certain = depends is Dependence.CERTAIN
    return STANDS_ALONE if depends is Dependence.NONE else Subject(article.id, title, certain=certain)


def choose(subject: Subject, find: Callable[[Subject], Answer | Abstention]) -> Answer | Abstention:
    """Answer about the subject; in doubt also without it, and with it only where it is better supported."""
    about = find(subject)
    if subject.certain:
        return about
    alone = find(STANDS_ALONE)
    supported = isinstance(about, Answer) and not about.is_weak and about.probability > alone.probability
    return about if supported else alone
