"""The health of the bot and its archive: measures both, and says what is wrong, in a sentence each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from retrieval.archive.backup.daily import folder_problem, read_state
from retrieval.archive.integrity import last_check
from retrieval.archive.opening import look_into
from retrieval.archive.sqlite import vitals_file
from retrieval.archive.sqlite.measuring import storage
from retrieval.domain.health import Health, Storage, ago
from retrieval.domain.upkeep import LastCheck
from retrieval.domain.wording import minute
from retrieval.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from retrieval.archive.archive import Archive
    from retrieval.domain.health import Vitals
    from retrieval.domain.upkeep import BackupState

_UNKNOWN: Final = Storage(0, None, writable=True)
_STALE: Final = timedelta(seconds=90)
_RECONNECTING: Final = timedelta(minutes=3)
"""How long a connection may be lost before that is a problem; most are back within a minute."""
_BACKUP_OLD: Final = timedelta(days=2)


def examine_other(
    path: Path, database: str | None = None, *, version: str, backup_path: Path | None, now: datetime
) -> Health:
    """The health of an archive that is not open here, and of its bot on this machine. Changes nothing."""
    path = path.absolute()
    bot = vitals_file.read(path)
    try:
        with look_into(path, database) as archive:
            return examine(archive, bot, version=version, backup_path=backup_path, now=now)
    except ArchiveError as error:
        stored, place = (storage(path), path) if database is None else (_UNKNOWN, "in its database")
        return _judged(_unread(place, stored, bot, version, now), (str(error),))


def examine(archive: Archive, bot: Vitals | None, *, version: str, backup_path: Path | None, now: datetime) -> Health:
    """The health of an open archive, and of its bot. Raises ArchiveError."""
    backups = None if backup_path is None else read_state(archive.bot_state, backup_path)
    health = replace(
        _unread(archive.place, archive.storage(), bot, version, now),
        held=archive.measure(),
        backups=backups,
        checked=_last_check(last_check.read(archive.bot_state), backups),
    )
    unwritable = None if backup_path is None else folder_problem(backup_path)
    is_known = health.backups is not None and health.backups.problem == unwritable
    return _judged(health, () if unwritable is None or is_known else (f"No backup can be made: {unwritable}",))


def _last_check(checked: LastCheck | None, backups: BackupState | None) -> LastCheck | None:
    """The later of `check` and the last good backup, which was checked in the same way."""
    good = None if backups is None else backups.good
    if good is None or (checked is not None and checked.at >= good):
        return checked
    return LastCheck(good, 0)


def _unread(place: object, stored: Storage, bot: Vitals | None, version: str, now: datetime) -> Health:
    """What can be measured without reading the archive."""
    return Health(
        at=now,
        version=version,
        archive=str(place),
        size=stored.size,
        disk=stored.disk,
        held=None,
        backups=None,
        bot=bot,
        writable=stored.writable,
    )


def _judged(health: Health, problems: tuple[str, ...] = ()) -> Health:
    """Add what is wrong."""
    sentences = (
        *problems,
        *_bot_problems(health.bot, health.at),
        *_disk_problems(health),
        *_backup_problems(health),
    )
    if health.checked is not None and health.checked.problems:
        when = ago(health.checked.at, health.at)
        sentences = (*sentences, f"`check` found problems {when}: run it again, and see Damage in config/OPERATING.md.")
    return replace(health, problems=sentences, warnings=tuple(_warnings(health)))


def _bot_problems(bot: Vitals | None, now: datetime) -> Iterator[str]:
    if bot is None:
        yield "The bot does not run, or could not yet write beside the archive."
        return
    if now - bot.at > _STALE:
        yield f"The bot was last heard of {ago(bot.at, now)}: it ended, hangs, or cannot write beside the archive."
        return
    if bot.offline_since is not None and now - bot.offline_since > _RECONNECTING:
        yield f"The bot lost its connection to Discord {ago(bot.offline_since, now)}."
    if bot.trouble is not None:
        yield f"The bot cannot answer: {bot.trouble}"


def _disk_problems(health: Health) -> Iterator[str]:
    if health.disk is not None and health.disk.is_gone:
        yield "The archive's disk is full: the bot answers, and nothing can be added."
    if not health.writable:
        yield (
            "The archive may only be read: the bot answers, and nothing can be added. "
            "Give its user the right to write the file and its folder, and see that the disk is not mounted read-only."
        )


def _backup_problems(health: Health) -> Iterator[str]:
    state = health.backups
    if state is None:
        return
    if state.failed is not None:
        yield f"The backup failed {ago(state.failed, health.at)}: {state.problem}"
    elif state.good is not None and health.at - state.good > _BACKUP_OLD:
        yield f"The last backup was made {ago(state.good, health.at)}."


def _warnings(health: Health) -> Iterator[str]:
    if health.disk is not None and health.disk.is_low and not health.disk.is_gone:
        yield f"The archive's disk has {health.disk.free / 1e6:,.0f} MB left."
    for feed in health.held.failing if health.held else ():
        yield f"Feed {feed.id}, {feed.name}, has failed since {minute(feed.since)}: {feed.error}"
