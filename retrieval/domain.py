"""The nouns: frozen values that every module speaks in, and the invariants they keep.

Offsets count characters of an article's `body`, which is normalised once, when the article is added, and never again.
Times are aware and in UTC. No value here knows how it is stored, found or shown.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NewType, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray

    FloatArray: TypeAlias = NDArray[np.float32]
    IntArray: TypeAlias = NDArray[np.int64]

ArticleId = NewType("ArticleId", int)
PassageId = NewType("PassageId", int)
QuotationId = NewType("QuotationId", int)
SpeakerId = NewType("SpeakerId", int)
CollectionId = NewType("CollectionId", int)
"""A Discord server's id, or `SHARED`."""

RulingId = NewType("RulingId", int)
FeedId = NewType("FeedId", int)
UserId = NewType("UserId", int)
"""A Discord user's id."""

ChannelId = NewType("ChannelId", int)
"""A Discord channel's id."""

SHARED = CollectionId(0)
"""The operator's collection, which every reader sees."""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The articles that a question is meant for: of a publisher (part of the name, in any case), of a time.

    An article without a date counts as published when it was added. `since` is included, `until` is not.
    """

    publisher: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a question is asked: a server, or nobody in particular (direct messages, the command line).

    A question sees what the reader may see and, where the reader narrowed it down, nothing else.
    """

    server: CollectionId | None = None
    only: Narrowing | None = None

    @property
    def collections(self) -> tuple[CollectionId, ...]:
        """The collections this reader sees, and nothing else."""
        return (SHARED,) if self.server is None else (SHARED, self.server)


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


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article, the unit that is embedded and found. Its text is `span.of(body)`."""

    id: PassageId
    article_id: ArticleId
    span: Span
    ordinal: int


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role, when the first and the last article that print it were published, where known, and how many do."""

    role: str
    since: datetime | None = None
    until: datetime | None = None
    articles: int = 1


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person, office or group that articles quote, with name, role and rank as an article prints them.

    `role` and `rank` are the latest; `roles` all of them in the order of time, where they were asked for.
    """

    id: SpeakerId
    name: str
    role: str | None = None
    aliases: tuple[str, ...] = ()
    rank: str | None = None
    roles: tuple[RoleHeld, ...] = ()


class QuotationKind(StrEnum):
    """Whether the words between the marks stand as a sentence of their own, or inside the writer's."""

    DIRECT = "direct"
    MIXED = "mixed"


class Attribution(StrEnum):
    """How the speaker of a quotation was found."""

    NAMED = "named"
    CONTINUATION = "continuation"
    PRONOUN = "pronoun"
    ROLE = "role"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words between quotation marks. `content` excludes the marks; `context` is the whole sentence (or more) around it.

    `mention` is where the article says who speaks ("a U.S. official"), `speakers` the persons behind it. Without either
    the article names none that could be told safely; a speaker is never invented. `via` is the outlet that passed the
    words on, where the article says so. `confidence` is the probability (0..1) that the attribution is right.
    """

    id: QuotationId
    article_id: ArticleId
    content: Span
    context: Span
    kind: QuotationKind
    attribution: Attribution
    confidence: float
    speakers: tuple[Speaker, ...] = ()
    cue: Span | None = None
    mention: Span | None = None
    via: Span | None = None

    def __post_init__(self) -> None:
        if not self.context.covers(self.content):
            message = f"quotation {self.id} does not lie within its context"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class CitedQuotation:
    """A quotation ready to be shown: its words and context, verbatim from the body, and where they were published."""

    quotation: Quotation
    source: Source
    words: str
    context: str
    said_by: str | None = None
    """The mention's own words."""
    via: str | None = None
    """The outlet that passed the words on, as printed."""
    paragraph: str = ""
    """The whole paragraph, or paragraphs, that the context stands in."""
    paragraph_start: int = 0
    """Where that begins in the body."""


@dataclass(frozen=True, slots=True)
class SpeakerEntry:
    """A line of a list of speakers: who, and how many quotations of theirs the reader can see."""

    speaker: Speaker
    quotations: int


class RulingKind(StrEnum):
    """What was decided by hand about a speaker: an alias, or whose name it is."""

    MERGE = "merge"
    """A name is that of another speaker."""
    APART = "apart"
    """A name is nobody else's, however much alike."""
    PART = "part"
    """Some quotations under a name are another person's."""
    ALIAS = "alias"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision by hand about who is who, for the readers of one collection.

    `key` is the folded name it is about, `name` that name as it was shown. `other` is the speaker merged into, the role
    or headline that tells the part, or the alias; `other_key` its folded form.
    """

    id: RulingId
    collection: CollectionId
    kind: RulingKind
    key: str
    name: str
    other_key: str | None
    other: str | None
    made_at: datetime
    made_by: UserId | None = None


class PartKind(StrEnum):
    """By what a part of a speaker's quotations can be taken apart."""

    NAME = "name"
    ROLE = "role"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class SpeakerPart:
    """Quotations of a speaker that may be somebody else's: those under one name, with one role, in one article.

    `number` finds it again among the parts of its kind.
    """

    kind: PartKind
    number: int
    label: str
    quotations: int


@dataclass(frozen=True, slots=True)
class SpeakerShown:
    """All that a reader may know of a speaker: who, in how many articles, what can be taken apart, what was decided."""

    speaker: Speaker
    quotations: int
    articles: int
    parts: tuple[SpeakerPart, ...] = ()
    rulings: tuple[Ruling, ...] = ()


@dataclass(frozen=True, slots=True)
class SpeakersRuled:
    """What a decision by hand has come to: the decision, whether it was undone, and the speakers it is about now."""

    ruling: Ruling
    speakers: tuple[SpeakerEntry, ...]
    undone: bool = False


@dataclass(frozen=True, slots=True)
class QuotationsFound:
    """Every visible quotation of one speaker, newest article first.

    Or, where they were narrowed, those that are `about` something, best match first, and how many were left out.
    """

    speaker: Speaker
    quotations: tuple[CitedQuotation, ...]
    about: str | None = None
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class NotQuotedAbout:
    """The speaker is quoted so many times, but never about what was asked."""

    speaker: Speaker
    about: str
    quotations: int


@dataclass(frozen=True, slots=True)
class SpeakerAmbiguous:
    """Several speakers answer to the name that was asked for."""

    name: str
    choices: tuple[SpeakerEntry, ...]


@dataclass(frozen=True, slots=True)
class SpeakerUnknown:
    """Nobody answers to the name; `near` are the most similar names or, where none is, the most quoted."""

    name: str
    near: tuple[SpeakerEntry, ...]


@dataclass(frozen=True, slots=True)
class CitationRef:
    """Enough to cite the same words again after a restart."""

    passage_id: PassageId
    marked: Span | None


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage shown as evidence. `excerpt` is `span.of(body)`; `marked` (body offsets) is the answering sentence.

    `also` are other articles that carry the passage in much the same words.
    """

    article_id: ArticleId
    passage_id: PassageId
    source: Source
    span: Span
    excerpt: str
    marked: Span | None = None
    also: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        if len(self.excerpt) != self.span.end - self.span.start:
            message = f"the excerpt of passage {self.passage_id} is not its span"
            raise ValueError(message)
        if self.marked is not None and not self.span.covers(self.marked):
            message = f"the marked sentence lies outside passage {self.passage_id}"
            raise ValueError(message)

    @property
    def answering(self) -> str | None:
        """The marked sentence's own words."""
        return None if self.marked is None else self.excerpt[self.marked.start - self.span.start :][: len(self.marked)]

    @property
    def ref(self) -> CitationRef:
        """What a button has to remember."""
        return CitationRef(self.passage_id, self.marked)


class Confidence(StrEnum):
    """How sure the archive is that its first citation answers."""

    HIGH = "high"
    FAIR = "fair"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Searched:
    """What a question was put to: the articles the reader can see, and their dates where any are known."""

    articles: int
    oldest: datetime | None = None
    newest: datetime | None = None


class AbstentionReason(StrEnum):
    """Why no answer is given."""

    EMPTY_ARCHIVE = "empty archive"
    NOTHING_MEANT = "no article of that source and time"
    NOTHING_FOUND = "nothing found"
    NOT_GOOD_ENOUGH = "not good enough"


@dataclass(frozen=True, slots=True)
class Answer:
    """The passages that answer, best first; at least one. `probability` (0..1) is that the first one does."""

    question: str
    citations: tuple[Citation, ...]
    confidence: Confidence
    probability: float
    searched: Searched

    def __post_init__(self) -> None:
        if not self.citations:
            message = "an answer without a citation is an abstention"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Abstention:
    """No passage is good enough to be called an answer; `nearest` are the closest ones, which may be shown as such."""

    question: str
    reason: AbstentionReason
    probability: float
    searched: Searched
    nearest: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class EmbeddingSpec:
    """What made a vector. Stored with the vectors; vectors of different specs are never compared.

    `checksum` is the SHA-256 of the model's weights, in hexadecimal. Prefixes are put before a text by the embedder.
    """

    model: str
    revision: str
    dimension: int
    checksum: str
    normalised: bool = True
    passage_prefix: str = ""
    query_prefix: str = ""

    @property
    def label(self) -> str:
        """Model, revision and the beginning of the checksum, for messages."""
        return f"{self.model} ({self.revision}, weights {self.checksum[:8]})"


@dataclass(frozen=True, slots=True)
class QueryEmbedding:
    """A question as vectors: `vector` (d,), and for its t tokens `token_vectors` (t, d) and `token_ids` (t,).

    `token_places`, where the model tells: start and end of each token in the question; (0, 0) for those added to it.
    """

    vector: FloatArray
    token_vectors: FloatArray
    token_ids: IntArray
    token_places: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class PassageEmbedding:
    """A passage as vectors: as `QueryEmbedding`, of as much of the text as the model reads."""

    vector: FloatArray
    token_vectors: FloatArray
    token_places: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that may answer: `similarity` is the cosine (-1..1), `lexical` BM25 (0 and more); higher is nearer."""

    passage_id: PassageId
    similarity: float
    lexical: float


@dataclass(frozen=True, slots=True)
class AddedArticle:
    """What was understood of an article that was handed in.

    `known` says that the reader had this text already, or a newer version of it, and that nothing was changed;
    `replaced` that it took the place of an older version.
    """

    article: Article
    known: bool
    passages: int
    quotations: int
    speakers: tuple[str, ...] = ()
    replaced: bool = False
    words: int = 0


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask whether something has changed since: opaque, sent back as it was."""

    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered with: at most as much as was allowed, unpacked, not yet looked at.

    `url` is where the redirects ended; `moved_to` is the new address where all of them were permanent.
    """

    url: str
    content: bytes
    content_type: str
    charset: str | None = None
    validators: Validators = Validators()
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """Nothing has changed since the validators were given."""


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """A line of a list of articles."""

    id: ArticleId
    source: Source
    added_at: datetime
    passages: int
    quotations: int


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """Some lines of a list of articles: page `number` (from 0) of `size` lines each, of `total`."""

    entries: tuple[ArticleEntry, ...]
    number: int
    total: int
    size: int


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
    `fetched_at` is when its page was last looked at; None for a text that somebody handed in.
    """

    article: Article
    words: int
    passages: int
    quotations: int
    speakers: tuple[tuple[str, int], ...]
    own: bool
    added_at: datetime
    added_by: UserId | None = None
    fetched_at: datetime | None = None
    versions: tuple[Version, ...] = ()


@dataclass(frozen=True, slots=True)
class Exported:
    """A part of a collection as JSON lines; `rest` is what to ask for next, None at the end.

    `left_out` counts articles that alone are larger than a part may be.
    """

    lines: bytes
    articles: int
    rest: ArticleId | None
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A change: when, by whom (None: the bot itself, the command line, or somebody who asked to be forgotten), what."""

    at: datetime
    user: UserId | None
    action: str
    detail: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Some lines of a collection's audit, newest first: page `number` (from 0) of `size` lines each, of `total`."""

    lines: tuple[AuditLine, ...]
    number: int
    total: int
    size: int


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """A feed as one of its subscribers sees it; `articles` are those that came from it and are theirs still.

    `channel` is where its new articles are announced. It is asked next at `due_at`, unless it has `stopped_at` a time
    because it said that it is gone for good.
    """

    id: FeedId
    url: str
    title: str | None
    channel: ChannelId | None
    articles: int
    due_at: datetime
    succeeded_at: datetime | None = None
    failing_since: datetime | None = None
    last_error: str | None = None
    stopped_at: datetime | None = None
    collection: CollectionId = SHARED

    @property
    def name(self) -> str:
        """What it calls itself, or else its address."""
        return self.title or self.url


@dataclass(frozen=True, slots=True)
class FeedAdded:
    """What came of following a feed: `known` where it was followed already, `others` that the same page names.

    `waiting` are the entries that will be read first.
    """

    feed: FeedHealth
    known: bool
    waiting: int = 0
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedNews:
    """An article that is new to a subscriber and is to be announced there, with its best quotation if it has one."""

    collection: CollectionId
    channel: ChannelId
    feed: str
    article_id: ArticleId
    source: Source
    quotation: CitedQuotation | None = None


@dataclass(frozen=True, slots=True)
class FeedUpdate:
    """What one look at a feed brought. `problem` is why there was none; `refused` entries turned out to be no article.

    `left` entries are still to be read, at the next look.
    """

    feed: FeedId
    name: str
    problem: str | None = None
    added: int = 0
    changed: int = 0
    refused: int = 0
    left: int = 0
    news: tuple[FeedNews, ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """What a reader can see of the archive, and what it runs on."""

    articles: int
    passages: int
    quotations: int
    speakers: int
    newest: Source | None
    model: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Outcome of an integrity check; `problems` are sentences, none where all is well."""

    articles: int
    passages: int
    vectors: int
    problems: tuple[str, ...] = field(default=())
