"""Excerpts: words of one article by their place, with what stands around them and what proves them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.articles import Source, Span
    from retrieval.domain.ids import ArticleId
    from retrieval.domain.quotations import CitedQuotation


@dataclass(frozen=True, slots=True)
class ExcerptRef:
    """What is needed to find the same words again: an article's text never changes."""

    article_id: ArticleId
    span: Span


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Words that were shown: `text` is the article's text from `start` on, whole paragraphs around the words.

    `is_passage`: they are more than a sentence or a quotation. `quotation` is the one that consists of these words,
    where a speaker is named, described or alleged. `disputed` are words in `text` that the article denies, invents or
    doubts. `text_hash` is the SHA-256 of the whole stored text, of `length` characters; `got_at` is when the
    scope got it, from its page where it was `fetched`.
    """

    ref: ExcerptRef
    source: Source
    text: str
    start: int
    paragraph: Span
    length: int
    text_hash: str
    got_at: datetime
    fetched: bool
    is_passage: bool
    quotation: CitedQuotation | None = None
    disputed: tuple[Span, ...] = ()

    @property
    def words(self) -> str:
        """The words themselves."""
        return self.of(self.ref.span)

    @property
    def words_hash(self) -> str:
        """The SHA-256 of the words in UTF-8."""
        return hashlib.sha256(self.words.encode(errors="replace")).hexdigest()

    @property
    def is_disputed(self) -> bool:
        """Whether the article denies, invents or doubts some of the words."""
        return any(self.ref.span.overlaps(words) for words in self.disputed)

    def of(self, span: Span) -> str:
        """The characters of a span within `text`. Raises ValueError where it lies outside."""
        return span.moved(-self.start).of(self.text)
