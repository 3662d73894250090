"""What is told of the archive to those who look after it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from retrieval.domain.articles import Source
    from retrieval.domain.ids import UserId


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
class Expiring:
    """How many of a collection's articles are too old to be kept: those that are by now, and those that will be."""

    now: int
    later: int


@dataclass(frozen=True, slots=True)
class ModelChange:
    """How far the change to another embedding model is: `done` of so many passages have their new vectors."""

    done: int
    passages: int


@dataclass(frozen=True, slots=True)
class About:
    """What a reader can see of the archive, and what it runs on."""

    articles: int
    passages: int
    quotations: int
    speakers: int
    newest: Source | None
    model: str
    change: ModelChange | None = None
    """Of those passages, how many were read for the model that is to come; None where none is."""
    read_only: bool = False
    """Whether nothing can be added or changed, for another reason than a full disk."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """Outcome of an integrity check; `problems` are sentences, none where all is well."""

    articles: int
    passages: int
    vectors: int
    problems: tuple[str, ...] = field(default=())
    in_servers: int = 0
    """How many of the articles only servers' own collections hold."""


@dataclass(frozen=True, slots=True)
class LastCheck:
    """When the archive was last checked, and how many problems were found."""

    at: datetime
    problems: int


@dataclass(frozen=True, slots=True)
class BackupState:
    """What became of the backups that are made without anybody asking.

    `good` is when the last one was written and read again; `failed` and `problem` say when and why the last attempt
    failed, and are None where it did not.
    """

    good: datetime | None = None
    failed: datetime | None = None
    problem: str | None = None
