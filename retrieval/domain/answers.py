"""Answers: passages cited as evidence, or the reason for an abstention."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.articles import Source, Span
    from retrieval.domain.ids import ArticleId, PassageId


@dataclass(frozen=True, slots=True)
class CitationRef:
    """What is needed to cite the same words again, after a restart too."""

    passage_id: PassageId
    marked: Span | None


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage shown as evidence: `excerpt` is `span.of(body)`, `marked` the span of the answering sentence.

    `answer` are the words of that sentence that answer by themselves: a name, a date, a number.
    `also` are other articles with nearly the same passage. `disputed` are the words in it that its article denies,
    invents or doubts.
    """

    article_id: ArticleId
    passage_id: PassageId
    source: Source
    span: Span
    excerpt: str
    marked: Span | None = None
    also: tuple[Source, ...] = ()
    disputed: tuple[Span, ...] = ()
    answer: Span | None = None

    def __post_init__(self) -> None:
        if len(self.excerpt) != self.span.end - self.span.start:
            message = f"the excerpt of passage {self.passage_id} is not its span"
            raise ValueError(message)
        if self.marked is not None and not self.span.covers(self.marked):
            message = f"the marked sentence lies outside passage {self.passage_id}"
            raise ValueError(message)
        if self.answer is not None and (self.marked is None or not self.marked.covers(self.answer)):
            message = f"the answer lies outside the marked sentence of passage {self.passage_id}"
            raise ValueError(message)

    @property
    def answering(self) -> str | None:
        """The marked sentence's own words."""
        return None if self.marked is None else self.excerpt[self.marked.start - self.span.start :][: len(self.marked)]

    @property
    def up_to_mark(self) -> str:
        """The excerpt up to the end of the marked sentence."""
        return "" if self.marked is None else self.excerpt[: self.marked.end - self.span.start]

    @property
    def marks_disputed(self) -> bool:
        """Whether the marked sentence holds disputed words."""
        return self.marked is not None and any(self.marked.overlaps(words) for words in self.disputed)

    @property
    def ref(self) -> CitationRef:
        """What a button stores to show the citation again."""
        return CitationRef(self.passage_id, self.marked)


@dataclass(frozen=True, slots=True)
class Example:
    """A question that the archive answers well, and the name of the speaker whom it is about."""

    question: str
    speaker: str


@dataclass(frozen=True, slots=True)
class Context:
    """The passage that answered last, to whose article a question may refer; `chosen`: it does, the member said so."""

    passage_id: PassageId
    chosen: bool = False


class Confidence(StrEnum):
    """How likely it is that the first citation answers."""

    HIGH = "high"
    FAIR = "fair"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Searched:
    """What was searched: the number of articles visible to the scope, and their range of dates, where known.

    `undated` articles were left out, because the filters ask for certain days.
    """

    articles: int
    oldest: datetime | None = None
    newest: datetime | None = None
    undated: int = 0


class TimeDoubt(StrEnum):
    """Why an answer may tell of another time than the question asks about."""

    NEWEST_IS_OLD = "the newest is old"
    NEWER_BELOW = "a newer passage stands further down"
    UNDATED = "undated"
    OTHER_TIME = "another time"


class AbstentionReason(StrEnum):
    """Why no answer is given."""

    EMPTY_ARCHIVE = "empty archive"
    FILTERS_MATCH_NOTHING = "no article of that source and time"
    NOTHING_FOUND = "nothing found"
    NOT_GOOD_ENOUGH = "not good enough"
    SMALL_TALK = "no question about the news"
    TOO_OLD = "nothing from the time that is asked about"


@dataclass(frozen=True, slots=True)
class Answer:
    """The passages that answer, best first, at least one; `probability` (0..1) that the first one does.

    `read_as` are words of the question that were read otherwise than they were typed. `about` is the headline of the
    article that the question was taken to be about, because it does not stand alone. `missing` are the words of the
    question that the first passage of a weak answer lacks. `off_subject` are passages that are not about its subject.
    """

    question: str
    citations: tuple[Citation, ...]
    confidence: Confidence
    probability: float
    searched: Searched
    time_doubt: TimeDoubt | None = None
    read_as: tuple[str, ...] = ()
    about: str | None = None
    missing: tuple[str, ...] = ()
    off_subject: frozenset[PassageId] = frozenset()

    def __post_init__(self) -> None:
        if not self.citations:
            message = "an answer without a citation is an abstention"
            raise ValueError(message)

    @property
    def is_weak(self) -> bool:
        """Whether the archive may not hold the answer, so that no sentence is shown as it."""
        return self.confidence is Confidence.LOW

    @property
    def shown(self) -> tuple[Citation, ...]:
        """The first citation, and of the others those that are about the question's subject."""
        first, *others = self.citations
        return (first, *(one for one in others if one.passage_id not in self.off_subject))

    @property
    def refs(self) -> tuple[CitationRef, ...]:
        """What a button stores to show the citations again, without their marks where the answer is weak."""
        return tuple(replace(one.ref, marked=None) if self.is_weak else one.ref for one in self.shown)


@dataclass(frozen=True, slots=True)
class Abstention:
    """No passage is good enough for an answer.

    `nearest` are the closest ones; the first may be shown as such where it is `on_subject`. `looked_for` are the words
    of the question, `examples` questions that this archive may answer; `read_as` and `about` are as in `Answer`.
    """

    question: str
    reason: AbstentionReason
    probability: float
    searched: Searched
    nearest: tuple[Citation, ...] = ()
    on_subject: bool = True
    looked_for: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    read_as: tuple[str, ...] = ()
    about: str | None = None

    @property
    def shown(self) -> Citation | None:
        """The nearest passage, where it is about the question's subject."""
        return self.nearest[0] if self.nearest and self.on_subject else None
