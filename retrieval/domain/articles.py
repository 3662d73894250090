"""Articles: their text and where it was published, and how they are told of when they are looked after.

Offsets count characters of an article's `body`, which is normalised once, when the article is added, and never again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.ids import ArticleId, ArticleNumber, PassageId, UserId


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters `start` to `end` (exclusive) of an article's body; never empty."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            message = f"not a span: {self.start}:{self.end}"
            raise ValueError(message)

    def of(self, text: str) -> str:
        """The characters themselves; raises ValueError where the text is too short to hold them."""
        if self.end > len(text):
            message = f"span {self.start}:{self.end} runs past a text of {len(text)} characters"
            raise ValueError(message)
        return text[self.start : self.end]

    def __len__(self) -> int:
        return self.end - self.start

    def covers(self, other: Span) -> bool:
        """Whether every character of `other` lies within this span."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def moved(self, by: int) -> Span:
        """The span `by` characters further on."""
        return Span(self.start + by, self.end + by)


class Notice(StrEnum):
    """What a reader must know before relying on an article."""

    CORRECTED = "corrected"
    RETRACTED = "retracted"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text was published, as far as it is known.

    `notice` is what the publisher has said about the text since, or that its page is gone.
    """

    title: str
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as somebody hands it in: raw text, and what is known about it. Nothing here has been checked."""

    text: str
    title: str | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    fetched_at: datetime | None = None
    """When the bot itself fetched it from `url`; None for a text that somebody handed in."""
    language: str | None = None
    """As the page declares it: `en`, `pt-BR`."""
    by_hand: frozenset[str] = frozenset()
    """The fields of its source that somebody gave by hand, whatever was found."""


@dataclass(frozen=True, slots=True)
class Article:
    """A stored article."""

    id: ArticleId
    source: Source
    body: str
    added_at: datetime

    @property
    def content_hash(self) -> str:
        """The SHA-256 of the body, in hexadecimal; made when asked for, since a question loads a hundred articles."""
        return hashlib.sha256(self.body.encode()).hexdigest()

    @property
    def mark(self) -> int:
        """What tells this version from every other one: a button that names it does nothing to a newer version."""
        source = self.source
        said = (source.title, source.publisher, source.authors, source.url, source.published_at, self.body)
        return int.from_bytes(hashlib.sha256(repr(said).encode()).digest()[:6])


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article, the unit that is embedded and found. Its text is `span.of(body)`."""

    id: PassageId
    article_id: ArticleId
    span: Span
    ordinal: int


@dataclass(frozen=True, slots=True)
class AddedArticle:
    """What was understood of an article that was handed in.

    `known` says that the text was there already, or a newer version of it; `replaced` that it took the place of an
    older version. Nothing was changed where it is `known`, unless it is also `shared`: the number that it has for
    everybody, while the reader's own collection now keeps it too. `ignored` are the fields given by hand that it does
    not say.
    """

    article: Article
    known: bool
    passages: int
    quotations: int
    number: ArticleNumber
    speakers: tuple[str, ...] = ()
    replaced: bool = False
    words: int = 0
    shared: ArticleNumber | None = None
    ignored: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """A line of a list of articles; `added_at` is when the reader got it."""

    id: ArticleId
    number: ArticleNumber
    source: Source
    added_at: datetime
    passages: int
    quotations: int


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Some lines of a list of articles: page `number` (from 0) of `size` lines each, of `total`.

    `undated` articles were left out, since the list is of some days and their dates are not known.
    """

    entries: tuple[ArticleEntry, ...]
    number: int
    total: int
    size: int
    undated: int = 0


@dataclass(frozen=True, slots=True)
class Version:
    """An older text of an article, as one collection had it until it was replaced."""

    title: str
    words: int
    published_at: datetime | None
    updated_at: datetime | None
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class ArticleShown:
    """All that a reader may know of one article: what it is, who is quoted, how it came here, its older versions.

    `own` says that it is in the reader's own collection, and not only in the shared one; only then is `added_by` told.
    `fetched` says that I got the text from its page, and nobody handed it in; when I last looked at the page is not
    told, since that may have been for another server.
    """

    article: Article
    number: ArticleNumber
    words: int
    passages: int
    quotations: int
    speakers: tuple[tuple[str, int], ...]
    own: bool
    added_at: datetime
    added_by: UserId | None = None
    fetched: bool = False
    versions: tuple[Version, ...] = ()
    by_hand: tuple[str, ...] = ()
    """The fields of the source that were set by hand in the reader's own collection."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A part of a collection as JSON lines; the next one begins after number `rest`, which is None at the end.

    `left_out` counts articles that alone are larger than a part may be.
    """

    lines: bytes
    articles: int
    rest: int | None
    left_out: int = 0
