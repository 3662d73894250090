"""The health of the bot and its archive, for the operator. It holds nothing of questions or members."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from retrieval.domain.wording import minute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.domain.ids import FeedId
    from retrieval.domain.upkeep import BackupState, LastCheck

_LITTLE: Final = 100_000_000
_ENOUGH: Final = 2_000_000_000
_NOTHING: Final = 1_000_000
_UNITS: Final = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


@dataclass(frozen=True, slots=True)
class DiskRoom:
    """Bytes of the disk that holds the archive."""

    free: int
    total: int

    @property
    def is_low(self) -> bool:
        """Whether less than a tenth, or less than 100 MB, is left; 2 GB are enough on any disk."""
        return self.free < max(_LITTLE, min(self.total // 10, _ENOUGH))

    @property
    def is_gone(self) -> bool:
        """Whether nothing can be added any more."""
        return self.free < _NOTHING


@dataclass(frozen=True, slots=True)
class Storage:
    """Where an archive is kept: the bytes that it takes, the room on its disk if known, and whether it is writable."""

    size: int
    disk: DiskRoom | None
    writable: bool


@dataclass(frozen=True, slots=True)
class FailingFeed:
    """A feed that fails, listed once however many collections follow it."""

    id: FeedId
    name: str
    since: datetime
    error: str


@dataclass(frozen=True, slots=True)
class Measured:
    """How much all collections hold together, and the feeds that fail."""

    articles: int
    passages: int
    failing: tuple[FailingFeed, ...]
    in_servers: int = 0
    """How many of the articles only servers' own collections hold."""
    outdated: int = 0
    """How many of the articles are still to be read again for their quotations."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """What the running bot reports of itself, a few times a minute."""

    at: datetime
    version: str
    started: datetime
    servers: int
    connected_since: datetime | None
    offline_since: datetime | None
    """Since when it has no connection to Discord; None while it has one."""
    answers: int
    refusals: int
    faults: int
    last_answer: datetime | None
    hour: int
    """How many answers of the last hour were measured."""
    median_ms: float | None
    p95_ms: float | None
    trouble: str | None = None
    """Why it cannot answer, although it runs."""
    preview: bool = False
    """Whether it runs in a local page, without Discord."""

    def parts(self) -> Iterator[str]:
        """The figures, for a line."""
        yield "preview in a local page" if self.preview else f"{self.servers} servers"
        if self.connected_since is not None:
            yield f"connected since {minute(self.connected_since)}"
        yield f"{self.answers} answers, {self.refusals} refusals, {self.faults} faults since the start"
        if self.median_ms is not None and self.p95_ms is not None:
            yield f"median {self.median_ms:.0f} ms and p95 {self.p95_ms:.0f} ms in the last hour"


@dataclass(frozen=True, slots=True)
class Health:
    """Everything that `python -m retrieval status` prints; None is what could not be read.

    `problems` need the operator now; `warnings` will become problems if nothing is done.
    """

    at: datetime
    version: str
    archive: str
    size: int
    disk: DiskRoom | None
    held: Measured | None
    backups: BackupState | None
    """None where daily backups are not configured."""
    bot: Vitals | None
    writable: bool = True
    """Whether the archive's file and folder may be written."""
    checked: LastCheck | None = None
    """When `check` or a daily backup last read all of it."""
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether nothing needs the operator now."""
        return not self.problems

    @property
    def line(self) -> str:
        """A summary in one line, for the log."""
        return "; ".join(self._parts())

    def _parts(self) -> Iterator[str]:
        yield "well" if self.is_well else "unwell"
        yield f"version {self.version}"
        if self.bot is not None:
            yield from self.bot.parts()
        if self.held is not None:
            yield f"{self.held.articles} articles, {self.held.passages} passages"
        yield f"archive {self.size / 1e6:.1f} MB"
        if self.disk is not None:
            yield f"{self.disk.free / 1e6:.0f} MB of the disk left"
        if self.backups is not None:
            yield f"last backup {minute(self.backups.good)}" if self.backups.good else "no backup yet"
        yield from self.problems
        yield from self.warnings


def ago(moment: datetime, now: datetime) -> str:
    """Such as "12 minutes ago"."""
    for unit, name in _UNITS:
        number = (now - moment) // unit
        if number:
            return f"{number} {name}{'' if number == 1 else 's'} ago"
    return "just now"
