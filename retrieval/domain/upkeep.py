"""What moderators and the operator are shown of the archive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.articles import Source
    from retrieval.domain.ids import UserId

Action: TypeAlias = Literal[
    "article added",
    "article brought back",
    "article edit undone",
    "article edited",
    "article put back",
    "article removed",
    "article updated",
    "articles expired",
    "feed added",
    "feed changed",
    "feed removed",
    "follow added",
    "follow changed",
    "follow removed",
    "quotation corrected",
    "settings changed",
    "speaker alias",
    "speaker merge",
    "speaker split",
    "speaker undo",
]
"""What the audit says was done: stored in English, and shown in each reader's language."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A change: when, by whom (None: the bot itself, the command line, or somebody who asked to be forgotten), what."""

    at: datetime
    user: UserId | None
    action: str
    detail: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Page `number` (from 0) of a collection's `total` audit lines, newest first, `size` on a page."""

    lines: tuple[AuditLine, ...]
    number: int
    total: int
    size: int


@dataclass(frozen=True, slots=True)
class Expiring:
    """How many of a collection's articles are too old to be kept `now`, and how many will be `later`."""

    now: int
    later: int


@dataclass(frozen=True, slots=True)
class ModelChange:
    """Progress of a change of the embedding model: `done` of the `passages` have new vectors."""

    done: int
    passages: int


@dataclass(frozen=True, slots=True)
class Rereading:
    """How many of the `articles` the present version of the extractor has read (`done`)."""

    done: int
    articles: int


@dataclass(frozen=True, slots=True)
class About:
    """What a scope can see of the archive, and the model that it runs on."""

    articles: int
    passages: int
    quotations: int
    speakers: int
    newest: Source | None
    model: str
    change: ModelChange | None = None
    """The change to another model, of the visible passages; None where there is none."""
    rereading: Rereading | None = None
    """How far the visible articles are read again for quotations; None where all are."""
    read_only: bool = False
    """Whether nothing can be changed, for another reason than a full disk."""
    passages_read: int | None = None
    """How many passages of a question the reader reads; 0 where the machine is too slow, None without a reader."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The outcome of an integrity check; `problems` are sentences, empty where all is well."""

    articles: int
    passages: int
    vectors: int
    problems: tuple[str, ...] = ()
    in_servers: int = 0
    """How many of the articles only servers' own collections hold."""


@dataclass(frozen=True, slots=True)
class LastCheck:
    """When the archive was last checked, and how many problems that found."""

    at: datetime
    problems: int


@dataclass(frozen=True, slots=True)
class BackupState:
    """The state of the daily backups: when the last one was written and verified (`good`).

    `failed` and `problem` say when and why the last attempt failed; None where it did not.
    """

    good: datetime | None = None
    failed: datetime | None = None
    problem: str | None = None
