"""Quotations, their speakers, and the results of looking a speaker up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.articles import Source, Span
    from retrieval.domain.ids import ArticleId, QuotationId, SpeakerId

SURE: Final = 0.8
"""The least probability of a speaker who is as good as certain."""

_FEWEST_WORDS = 4
"""Fewer words than this that run on in the writer's sentence are a fragment."""


@dataclass(frozen=True, slots=True)
class RoleHeld:
    """A role, the dates of the first and last article that print it, where known, and the number of articles."""

    role: str
    since: datetime | None = None
    until: datetime | None = None
    articles: int = 1


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person, office or group that articles quote, with name, role and rank as printed.

    `role` and `rank` are the latest; `roles` are all in order of time, where requested.
    """

    id: SpeakerId
    name: str
    role: str | None = None
    aliases: tuple[str, ...] = ()
    rank: str | None = None
    roles: tuple[RoleHeld, ...] = ()


class QuotationKind(StrEnum):
    """Whether the words between the marks are a sentence of their own or part of the writer's.

    A turn is a paragraph of a labelled speaker in a transcript, which has no marks.
    """

    DIRECT = "direct"
    MIXED = "mixed"
    TURN = "turn"


class Attribution(StrEnum):
    """How the speaker of a quotation was found."""

    NAMED = "named"
    CONTINUATION = "continuation"
    PRONOUN = "pronoun"
    ROLE = "role"
    UNKNOWN = "unknown"
    BY_HAND = "by hand"


NAMED: Final = (Attribution.NAMED, Attribution.CONTINUATION)
"""How the speaker of a quotation was found that is announced without being asked for."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Words between quotation marks, or of a turn. `content` excludes the marks; `context` is the sentence, or more.

    `mention` is where the article names who speaks ("a U.S. official"), `speakers` the persons behind it; both are
    empty where no speaker can be told safely. `via` is the outlet or person that passed the words on, where named.
    `confidence` is the probability (0..1) that the attribution is right. Words that the article denies, invents or
    doubts are `disputed`: they have no speakers, and `alleged` are those who are said to have said them.
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
    disputed: bool = False
    alleged: tuple[Speaker, ...] = ()

    def __post_init__(self) -> None:
        if not self.context.covers(self.content):
            message = f"quotation {self.id} does not lie within its context"
            raise ValueError(message)

    @property
    def is_sure(self) -> bool:
        """Whether who is named as its speaker is as good as certain."""
        return self.confidence >= SURE


@dataclass(frozen=True, slots=True)
class CitedQuotation:
    """A quotation ready to be shown: its words and context, verbatim from the body, and their source."""

    quotation: Quotation
    source: Source
    words: str
    context: str
    said_by: str | None = None
    """The words of the mention."""
    via: str | None = None
    """Who passed the words on, as printed."""
    paragraph: str = ""
    """The paragraph, or paragraphs, of the context."""
    paragraph_start: int = 0
    """Its offset in the body."""
    also: tuple[Source, ...] = ()
    """Where else the same words are printed in the same sentence."""

    @property
    def up_to_words(self) -> str:
        """The paragraph up to the end of the words."""
        return self.paragraph[: self.quotation.content.end - self.paragraph_start]

    @property
    def is_fragment(self) -> bool:
        """Whether the words are a few that run on in the writer's sentence, and say little without it."""
        return self.quotation.kind is QuotationKind.MIXED and len(self.words.split()) < _FEWEST_WORDS


@dataclass(frozen=True, slots=True)
class NewestArticle:
    """What tells a speaker from another of the same name and role: the newest article that quotes them."""

    title: str
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class SpeakerEntry:
    """A line of a list of speakers, with the number of their quotations visible to the scope."""

    speaker: Speaker
    quotations: int
    newest: NewestArticle | None = None
    """The newest article that quotes them, where two speakers of the list look the same."""


@dataclass(frozen=True, slots=True)
class QuotationsFound:
    """Every visible quotation of one speaker, newest article first; or those `about` a topic, best match first.

    `left_out` counts the quotations that are not about the topic. `disputed` are words that articles deny, invent or
    doubt; they are never among the `quotations`.
    """

    speaker: Speaker
    quotations: tuple[CitedQuotation, ...]
    about: str | None = None
    left_out: int = 0
    disputed: tuple[CitedQuotation, ...] = ()


@dataclass(frozen=True, slots=True)
class NotQuotedAbout:
    """The speaker has this many quotations, but none about the topic.

    Without a topic, none that the filters let through.
    """

    speaker: Speaker
    about: str | None
    quotations: int


@dataclass(frozen=True, slots=True)
class SpeakerQuotations:
    """What one speaker said, newest article first; all of it is surely theirs, and none of it is disputed."""

    speaker: Speaker
    quotations: tuple[CitedQuotation, ...]


@dataclass(frozen=True, slots=True)
class SpeakersQuoted:
    """Who is quoted about a topic, or in the article of that headline; who is quoted in the newest article comes first.

    `read_as` are words of the topic that were read otherwise than they were typed.
    """

    subject: str
    speakers: tuple[SpeakerQuotations, ...]
    read_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SpeakerAmbiguous:
    """Several speakers match the name."""

    name: str
    choices: tuple[SpeakerEntry, ...]


@dataclass(frozen=True, slots=True)
class SpeakerUnknown:
    """No speaker matches the name; `near` are the most similar names or, without any, the most quoted."""

    name: str
    near: tuple[SpeakerEntry, ...]


@dataclass(frozen=True, slots=True)
class UnnamedSources:
    """No speaker has the name, but articles quote somebody unnamed in these words ("a U.S. official").

    The newest article first.
    """

    words: str
    quotations: tuple[CitedQuotation, ...]


ComparedSide: TypeAlias = QuotationsFound | NotQuotedAbout | SpeakerAmbiguous | SpeakerUnknown
"""What came of looking up one of two speakers who are compared."""
