"""What is handed to the archive, and what it hands out, beyond the nouns of the domain.

The new ones check themselves, so that an article is refused as a whole before anything of it is written.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.articles import Article, Passage, Source, Span
    from retrieval.domain.embeddings import FloatArray
    from retrieval.domain.ids import CollectionId, PassageId, UserId
    from retrieval.domain.quotations import Attribution, QuotationKind


HALF: Final = 32
"""Hexadecimal digits of a hash that are its text's, whatever its source."""


def content_hash(body: str) -> str:
    """The SHA-256 of a body, in hexadecimal: what makes two articles the same."""
    return hashlib.sha256(body.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells whether an article is known, or a version of a known one, before anything is embedded.

    `address` is what links to the same article have in common. `fetched_at` is when the bot itself got the text from
    there, and None where somebody handed it in, whatever they say of it.
    """

    source: Source
    body_hash: str
    address: str | None = None
    fetched_at: datetime | None = None

    @property
    def hash_with_source(self) -> str:
        """What makes it the same article as another one that has the same text from the same source.

        It is stored for a body that somebody else had handed in as another source's: theirs stays theirs, and unseen.
        Its first half is that of the body's own hash, so that articles of the same text are found by it.
        """
        source, fetched = self.source, self.fetched_at is not None
        published = None if source.published_at is None else source.published_at.timestamp()
        address = self.address or source.url
        claims = [self.body_hash, source.title, source.publisher, source.authors, address, published, fetched]
        return self.body_hash[:HALF] + hashlib.sha256(json.dumps(claims).encode()).hexdigest()[HALF:]


@dataclass(frozen=True, slots=True)
class Change:
    """In which collection something is changed, when, and by whom: None is the bot itself, or the command line."""

    collection: CollectionId
    at: datetime
    by: UserId | None = None


@dataclass(frozen=True, slots=True, eq=False)
class NewPassage:
    """A passage to store. `words`: the title's analysed words, then the passage's; `vector`: (d,), of length one.

    `tokens` is whatever re-ranking wants to find again beside the passage; the archive never looks into it.
    """

    span: Span
    words: tuple[str, ...]
    vector: FloatArray
    tokens: bytes | None = None


@dataclass(frozen=True, slots=True)
class NewSpeaker:
    """A speaker as one article prints them; the archive tells whether it knows them already."""

    name: str
    role: str | None = None
    rank: str | None = None


@dataclass(frozen=True, slots=True)
class NewQuotation:
    """A quotation to store, with the speakers to whom the article attributes it, perhaps none."""

    content: Span
    context: Span
    kind: QuotationKind
    attribution: Attribution
    confidence: float
    speakers: tuple[NewSpeaker, ...] = ()
    cue: Span | None = None
    mention: Span | None = None
    via: Span | None = None


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """A passage as it was cut. `words`: the title's analysed words, then the passage's."""

    span: Span
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article as it was understood, or as it is stored, without any vector."""

    source: Source
    body: str
    passages: tuple[ReadPassage, ...]
    quotations: tuple[NewQuotation, ...]
    address: str | None = None
    fetched_at: datetime | None = None

    @property
    def identity(self) -> Identity:
        """What makes it the same as another article, or a version of one."""
        return Identity(self.source, content_hash(self.body), self.address, self.fetched_at)


@dataclass(frozen=True, slots=True, eq=False)
class NewArticle:
    """An article to store: its normalised body and all that was made of it. Raises ValueError where they disagree."""

    source: Source
    body: str
    passages: tuple[NewPassage, ...]
    quotations: tuple[NewQuotation, ...] = ()
    address: str | None = None
    fetched_at: datetime | None = None

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

    @property
    def identity(self) -> Identity:
        """What makes it the same article as another, or a version of it."""
        return Identity(self.source, content_hash(self.body), self.address, self.fetched_at)


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A stored passage in its article, with the `tokens` that were stored for the model in use."""

    passage: Passage
    article: Article
    tokens: bytes | None

    @property
    def text(self) -> str:
        """The passage's words, verbatim from the body."""
        return self.passage.span.of(self.article.body)


class PassageOutline(NamedTuple):
    """What tells how much a stored passage promises before it is read: a tuple, since a question wants a hundred.

    `publisher` and `published_at` are its article's, where they were asked for.
    """

    passage_id: PassageId
    ordinal: int
    tokens: bytes | None
    publisher: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PassageText:
    """A stored passage as an embedder wants it."""

    passage_id: PassageId
    title: str
    text: str


@dataclass(frozen=True, slots=True, eq=False)
class NewVector:
    """A vector (d,) of length one for a stored passage, made by another model than the one in use."""

    passage_id: PassageId
    vector: FloatArray
    tokens: bytes | None = None
