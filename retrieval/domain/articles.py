"""Articles: their text and source, drafts of them, and what lists and details show of them.

Offsets count characters of an article's `body`, which is normalised when the article is added, and never changes.
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
        """The characters of the span. Raises ValueError where the text is too short."""
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
        """The span moved forward by a number of characters."""
        return Span(self.start + by, self.end + by)


class Notice(StrEnum):
    """What people must know before they rely on an article."""

    CORRECTED = "corrected"
    RETRACTED = "retracted"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a text was published, as far as it is known; `notice` is what the publisher said of it since."""

    title: str
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class LinkedWords:
    """What a page's linked data says of words: who said them, or, where they are `disputed`, is said to have."""

    words: str
    speaker: str | None = None
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """An article as it was handed in: raw text, and what is known about it. Nothing has been checked."""

    text: str
    title: str | None = None
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    url: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    fetched_at: datetime | None = None
    """When the bot itself fetched it from `url`; None for a text that was handed in."""
    language: str | None = None
    """As the page declares it, such as `en` or `pt-BR`."""
    by_hand: frozenset[str] = frozenset()
    """The fields of its source that somebody gave by hand."""
    linked: tuple[LinkedWords, ...] = ()
    """What the page's linked data says of words in the text."""
    page_lines: tuple[str, ...] = ()
    """Lines, folded, that stand on other pages of its site too: they are the site's, and in no passage."""
    partial: bool = False
    """Whether its page has more text of which it could not be told whether it is the article's, or keeps the rest."""


@dataclass(frozen=True, slots=True)
class Article:
    """A stored article."""

    id: ArticleId
    source: Source
    body: str
    added_at: datetime

    @property
    def fingerprint(self) -> int:
        """A hash of this version, which buttons carry: they do nothing to a newer version."""
        source = self.source
        fields = (source.title, source.publisher, source.authors, source.url, source.published_at, self.body)
        return int.from_bytes(hashlib.sha256(repr(fields).encode()).digest()[:6])


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of whole sentences of one article: the unit that is embedded and found. Its text is `span.of(body)`."""

    id: PassageId
    article_id: ArticleId
    span: Span
    ordinal: int


@dataclass(frozen=True, slots=True)
class AddedArticle:
    """The outcome of adding an article.

    `known`: the text, or a newer version of it, was stored already, and nothing was changed. `replaced`: it replaced an
    older version. `shared`: its number in the shared collection, where the scope's own collection now holds it too.
    `ignored`: the fields given by hand that were not used. `also`: where else the scope sees the same text printed.
    `partial`: the page may have more of the article.
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
    also: tuple[Source, ...] = ()
    partial: bool = False


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """A line of a list of articles; `added_at` is when the scope got it."""

    id: ArticleId
    number: ArticleNumber
    source: Source
    added_at: datetime
    passages: int
    quotations: int


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Page `number` (from 0) of a list of `total` articles, `size` on a page.

    `undated` articles were left out, since the list is filtered by days and their dates are not known.
    """

    entries: tuple[ArticleEntry, ...]
    number: int
    total: int
    size: int
    undated: int = 0


@dataclass(frozen=True, slots=True)
class LatestArticle:
    """A line of the newest articles; `opening` is its first passage."""

    source: Source
    opening: PassageId
    quotations: int


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest articles or, with a `topic`, those about it: by story, each story and all of them newest first.

    `articles` counts all that might have been listed. `matched`: some article passes the filters. `read_as` are words
    of the topic that were read otherwise than they were typed.
    """

    stories: tuple[tuple[LatestArticle, ...], ...]
    articles: int
    topic: str | None = None
    read_as: tuple[str, ...] = ()
    matched: bool = True

    @property
    def listed(self) -> int:
        """How many articles are listed."""
        return sum(map(len, self.stories))


@dataclass(frozen=True, slots=True)
class Version:
    """An older version of an article, as one collection had it until it was replaced."""

    title: str
    words: int
    published_at: datetime | None
    updated_at: datetime | None
    replaced_at: datetime


@dataclass(frozen=True, slots=True)
class ArticleShown:
    """All that a scope may know of one article.

    `own`: it is in the scope's own collection, and not only in the shared one; only then is `added_by` known.
    `fetched`: the bot got the text from its page. When the page was last checked is left out, since that may have been
    for another server.
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
    """The fields of the source that were set by hand in the own collection."""
    also: tuple[Source, ...] = ()
    """Where else the scope sees the same text printed."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A part of a collection as JSON lines; the next part begins after number `rest`, which is None at the end.

    `left_out` counts articles that are larger than a whole part.
    """

    lines: bytes
    articles: int
    rest: int | None
    left_out: int = 0
