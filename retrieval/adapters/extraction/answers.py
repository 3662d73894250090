"""The answers of the article worker, as the bot accepts them: every field has its type and its bounds.

Addresses and dates of an article are taken from the draft, never from the worker.
"""

from __future__ import annotations

from itertools import chain, pairwise
from typing import TYPE_CHECKING, Annotated, Final, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from retrieval.adapters.sandbox.worker_client import Many, Moment, Strict
from retrieval.adapters.sandbox.worker_protocol import LONGEST_LINE, MOST_AUTHORS
from retrieval.archive.records import NewQuotation, NewSpeaker, ReadArticle, ReadPassage
from retrieval.domain.articles import Draft, LinkedWords, Notice, Source, Span
from retrieval.domain.limits import MOST_LINKED
from retrieval.domain.quotations import Attribution, QuotationKind
from retrieval.errors import ArticleRejected, messages
from retrieval.reading import linked_words, web_address
from retrieval.text.link_keys import address_key

if TYPE_CHECKING:
    from collections.abc import Iterable

_Cut = Annotated[str, AfterValidator(lambda text: text[:LONGEST_LINE])]
_Line = Annotated[str, StringConstraints(min_length=1, max_length=1_000, pattern=r"^[^\x00-\x09\x0b-\x1f\x7f-\x9f]*$")]
"""A headline, a name or a role; reading makes none longer."""
_Word = Annotated[str, StringConstraints(pattern="^[A-Za-z0-9]+$")]

_Value = Annotated[str, StringConstraints(max_length=100)] | Annotated[int, Field(ge=0, lt=10**9)]

_MOST_VALUES: Final = 8
"""Values of a sentence."""
_MOST_SPEAKERS: Final = 1_000
"""Of one quotation."""
_MOST_PARTS: Final = 100_000
"""Passages, or quotations; an article of 400,000 characters has a thousand."""


class _Linked(Strict):
    words: _Cut
    speaker: _Cut | None
    disputed: bool


class _Draft(Strict):
    text: str
    title: _Cut | None
    publisher: _Cut | None
    authors: Annotated[Many[_Cut], AfterValidator(lambda authors: authors[:MOST_AUTHORS])]
    url: _Cut | None
    published_at: Moment | None
    updated_at: Moment | None
    language: _Cut | None
    linked: Annotated[Many[_Linked], AfterValidator(lambda linked: linked[:MOST_LINKED])]
    partial: bool


class _Source(Strict):
    title: _Line
    publisher: _Line | None
    authors: Many[_Line]
    notice: Notice | None


class _Passage(Strict):
    span: Span
    words: Many[_Word]


class _Speaker(Strict):
    name: _Line
    role: _Line | None
    rank: _Line | None


class _Quotation(Strict):
    content: Span
    context: Span
    kind: QuotationKind
    attribution: Attribution
    confidence: Annotated[float, Field(ge=0.0, le=1.0, allow_inf_nan=False)]
    speakers: Annotated[Many[_Speaker], Field(max_length=_MOST_SPEAKERS)]
    cue: Span | None
    mention: Span | None
    via: Span | None
    disputed: bool
    alleged: Annotated[Many[_Speaker], Field(max_length=_MOST_SPEAKERS)]

    @model_validator(mode="after")
    def _within_context(self) -> Self:
        if not self.context.covers(self.content):
            message = "a quotation outside of its context"
            raise ValueError(message)
        if self.speakers if self.disputed else self.alleged:
            message = "speakers of disputed words, or alleged ones of others"
            raise ValueError(message)
        return self

    @property
    def spans(self) -> Iterable[Span]:
        spans = (self.context, self.cue, self.mention, self.via)
        return (span for span in spans if span is not None)


class _Article(Strict):
    source: _Source
    body: str
    passages: Annotated[Many[_Passage], Field(min_length=1, max_length=_MOST_PARTS)]
    quotations: Annotated[Many[_Quotation], Field(max_length=_MOST_PARTS)]

    @model_validator(mode="after")
    def _in_order_within_body(self) -> Self:
        passages = [passage.span for passage in self.passages]
        turns = [
            each.content for each in self.quotations if each.kind is QuotationKind.TURN
        ]  # with marked words in them
        marked = [each.content for each in self.quotations if each.kind is not QuotationKind.TURN]
        for spans in (passages, turns, marked):
            if any(before.end > after.start for before, after in pairwise(spans)):
                message = "spans that overlap, or are out of order"
                raise ValueError(message)
        if any(
            span.end > len(self.body) for span in chain(passages, *(quotation.spans for quotation in self.quotations))
        ):
            message = "a span outside of the text"
            raise ValueError(message)
        return self


class Rejection(Strict):
    """Why there is no article: a code of a page's or a text's, with the values of its sentence."""

    code: Annotated[str, StringConstraints(pattern=r"^(page|text)\.")]
    values: Annotated[Many[tuple[str, _Value]], Field(max_length=_MOST_VALUES)]
    """Names with values. No object: pydantic would collect the errors of millions of them."""

    @model_validator(mode="after")
    def _has_a_sentence(self) -> Self:
        if self.code not in messages():
            problem = "an unknown code"
            raise ValueError(problem)
        try:
            self.error().text()
        except KeyError as error:
            problem = "a sentence without its values"
            raise ValueError(problem) from error
        return self

    def error(self) -> ArticleRejected:
        """The error that the worker raised."""
        return ArticleRejected(self.code, **dict(self.values))


class WorkerAnswer(Strict):
    """An answer: a draft, an article, or why there is none; `failed` where that was no decision but an exception."""

    draft: _Draft | None = None
    article: _Article | None = None
    refused: Rejection | None = None
    failed: Annotated[str, AfterValidator(lambda cause: cause[:300])] | None = None

    def to_draft(self) -> Draft:
        """The draft. Raises ValueError where there is none."""
        if self.draft is None:
            message = "an answer without a draft"
            raise ValueError(message)
        linked = tuple(LinkedWords(**dict(each)) for each in self.draft.linked)
        return Draft(**{**dict(self.draft), "linked": linked})

    def to_article(self, draft: Draft) -> ReadArticle:
        """The article that the draft was read as. Raises ValueError where there is none that this text can be."""
        if self.article is None or len(self.article.body) > len(draft.text):  # reading only drops characters
            message = "no article, or one longer than the text"
            raise ValueError(message)
        source, url = self.article.source, web_address(draft.url)
        return ReadArticle(
            Source(**dict(source), url=url, published_at=draft.published_at, updated_at=draft.updated_at),
            self.article.body,
            tuple(ReadPassage(passage.span, passage.words) for passage in self.article.passages),
            tuple(_quotation(quotation) for quotation in self.article.quotations),
            address_key(url) if url else None,
            draft.fetched_at,
            linked=linked_words(draft),
        )


def _quotation(quotation: _Quotation) -> NewQuotation:
    named = {
        field: tuple(NewSpeaker(**dict(speaker)) for speaker in getattr(quotation, field))
        for field in ("speakers", "alleged")
    }
    return NewQuotation(**{**dict(quotation), **named})
