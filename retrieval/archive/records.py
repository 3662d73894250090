"""Values that are given to the archive or returned by it, beside those of the domain.

A `NewArticle` checks itself, so that an article is refused as a whole before anything is written.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from retrieval.text.extractor import EXTRACTOR
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.articles import Article, LatestArticle, LinkedWords, Passage, Source, Span
    from retrieval.domain.embeddings import FloatArray
    from retrieval.domain.ids import ArticleId, CollectionId, PassageId, UserId
    from retrieval.domain.quotations import Attribution, QuotationKind


HALF: Final = 32
"""The first hexadecimal digits of a stored hash, which depend on the text alone and not on its source."""


def content_hash(body: str) -> str:
    """The SHA-256 of a body, in hexadecimal."""
    return hashlib.sha256(body.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Identity:
    """What decides whether an article is stored already, or is a version of a stored one, before it is embedded.

    `address` is the key that all links to the article share; `former_address` that of the links to it before its page
    moved, where that is known. `fetched_at` is when the bot itself fetched the text from
    there; None where somebody handed it in, whatever they say of it.
    """

    source: Source
    body_hash: str
    address: str | None = None
    fetched_at: datetime | None = None
    former_address: str | None = None

    @property
    def addresses(self) -> tuple[str, ...]:
        """The address and the former one, as far as they are known."""
        return tuple(each for each in (self.address, self.former_address) if each is not None)

    @property
    def hash_with_source(self) -> str:
        """The hash of text and source, stored where the text is stored already with another source.

        Its first half is that of the body's own hash, so that articles of the same text are found by it.
        """
        source, fetched = self.source, self.fetched_at is not None
        published = None if source.published_at is None else source.published_at.timestamp()
        address = self.address or source.url
        claims = [self.body_hash, source.title, source.publisher, source.authors, address, published, fetched]
        return self.body_hash[:HALF] + hashlib.sha256(json.dumps(claims).encode()).hexdigest()[HALF:]


@dataclass(frozen=True, slots=True)
class Change:
    """The collection, time and author of a change; `by` is None for the bot itself and the command line."""

    collection: CollectionId
    at: datetime
    by: UserId | None = None


@dataclass(frozen=True, slots=True)
class NewSpeaker:
    """A speaker as one article prints them."""

    name: str
    role: str | None = None
    rank: str | None = None


@dataclass(frozen=True, slots=True)
class NewQuotation:
    """A quotation to store, with the speakers to whom the article attributes it, if any.

    Words that the article denies or doubts are `disputed`: they have no speakers, only `alleged` ones.
    """

    content: Span
    context: Span
    kind: QuotationKind
    attribution: Attribution
    confidence: float
    speakers: tuple[NewSpeaker, ...] = ()
    cue: Span | None = None
    mention: Span | None = None
    via: Span | None = None
    disputed: bool = False
    alleged: tuple[NewSpeaker, ...] = ()

    @property
    def meant(self) -> tuple[NewSpeaker, ...]:
        """The speakers, or the alleged ones: a quotation never has both."""
        return self.alleged if self.disputed else self.speakers


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage without a vector. `words`: the title's analysed words, then the passage's."""

    span: Span
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class NewPassage(ReadPassage):
    """A passage to store: its `vector` (d,), of length one, and the packed token vectors for re-ranking."""

    vector: FloatArray
    tokens: bytes | None = None


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article as it was read, or as it is stored, without vectors."""

    source: Source
    body: str
    passages: tuple[ReadPassage, ...]
    quotations: tuple[NewQuotation, ...] = ()
    address: str | None = None
    fetched_at: datetime | None = None
    extractor: int = EXTRACTOR
    """The version of the extractor that found the quotations."""
    linked: tuple[LinkedWords, ...] = ()
    former_address: str | None = None

    @property
    def identity(self) -> Identity:
        """What decides whether it is stored already."""
        return Identity(self.source, content_hash(self.body), self.address, self.fetched_at, self.former_address)

    def with_source(self, source: Source) -> ReadArticle:
        """The same text with another source; each passage's words begin with those of the headline."""
        if source == self.source:
            return self
        title_words, former = analyse(source.title), len(analyse(self.source.title))
        passages = (ReadPassage(passage.span, (*title_words, *passage.words[former:])) for passage in self.passages)
        return replace(self, source=source, passages=tuple(passages))


@dataclass(frozen=True, slots=True, eq=False)
class NewArticle(ReadArticle):
    """An article to store, with everything made of its body. Raises ValueError where a span does not fit the body."""

    passages: tuple[NewPassage, ...]

    def __post_init__(self) -> None:
        if not self.passages:
            message = "an article without a passage cannot be found"
            raise ValueError(message)
        for passage in self.passages:
            passage.span.of(self.body)
        for quotation in self.quotations:
            quotation.context.of(self.body)
            if not quotation.context.covers(quotation.content):
                message = f"the quotation at {quotation.content} does not lie within its context"
                raise ValueError(message)
            for span in (quotation.cue, quotation.mention, quotation.via):
                if span is not None:
                    span.of(self.body)


class SpokenWords(NamedTuple):
    """The words of a quotation in a body, and a speaker as the article prints them."""

    content: Span
    name: str
    role: str | None


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A stored passage in its article, with its `tokens` of the active model.

    `disputed` are the words that the article disputes, `also` the other visible articles with the same text. `around`
    is the passage with the one before and the one behind it, where only white space lies between; None without them.
    `spoken` are the words that its article attributes to somebody, where they were requested.
    """

    passage: Passage
    article: Article
    tokens: bytes | None
    disputed: tuple[Span, ...] = ()
    also: tuple[Source, ...] = ()
    around: Span | None = None
    spoken: tuple[SpokenWords, ...] = ()

    @property
    def text(self) -> str:
        """The passage's text, verbatim from the body."""
        return self.passage.span.of(self.article.body)


class ArticleOpening(NamedTuple):
    """An article of the newest, and the vector (d,) of its first passage; zeros where that is damaged."""

    article: LatestArticle
    vector: FloatArray


class PassageOutline(NamedTuple):
    """What ranks a stored passage before its article is loaded: a tuple, since a question loads a hundred.

    Articles of one text have the same `text_hash`. `publisher` and `published_at` are its article's, where they were
    requested.
    """

    passage_id: PassageId
    article_id: ArticleId
    ordinal: int
    tokens: bytes | None
    text_hash: str
    publisher: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PassageText:
    """A stored passage as it is embedded."""

    passage_id: PassageId
    title: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class NewVector:
    """A vector (d,) of length one for a stored passage, of another model than the active one."""

    passage_id: PassageId
    vector: FloatArray
    tokens: bytes | None = None
