"""Quotations: words between marks, who said them, and what is found when somebody is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.articles import Source, Span
    from retrieval.domain.ids import ArticleId, QuotationId, SpeakerId


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
    newest: str | None = None
    """Date and headline of the newest article that quotes them, where another speaker of the list looks the same."""


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
