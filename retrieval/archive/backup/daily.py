"""Daily backups: verified, named after their day; the oldest are deleted once a new one is good.

A backup is due a day after the last good one, or an hour after a failure. An archive that is another than the newest
backup's, or has lost most of its articles since, is not backed up until the operator accepts it: it would replace the
good backups one by one. The outcome of the last attempt is kept in the archive with its folder, so that a changed
BACKUP_PATH is tried at once.
"""

from __future__ import annotations

import json
import logging
import os
import re
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from retrieval.archive.backup.backup_file import back_up
from retrieval.archive.backup.identity import contents_of, identify
from retrieval.archive.sqlite.failures import translate_errors
from retrieval.domain.ids import SHARED
from retrieval.domain.upkeep import BackupState
from retrieval.errors import ArchiveError, BackupRefused

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.archive.backup.identity import Contents
    from retrieval.archive.bot_state import BotState

_log = logging.getLogger(__name__)
_KEY: Final = "backups"
_EVERY: Final = timedelta(days=1)
_AFTER_FAILURE: Final = timedelta(hours=1)
_NAME: Final = re.compile(r"pullquote-\d{4}-\d\d-\d\d\.backup")


def read_state(bot_state: BotState, folder: Path) -> BackupState:
    """Return what became of the last attempts to back up into a folder; an empty state where there were none."""
    try:
        stored = json.loads(bot_state.get(SHARED, _KEY) or "{}")
        if stored.get("folder") not in {None, str(folder.absolute())}:
            return BackupState()
        good, failed = (stored.get(name) and datetime.fromisoformat(stored[name]) for name in ("good", "failed"))
        return BackupState(good, failed, stored.get("problem"))
    except (ValueError, TypeError, AttributeError):
        return BackupState()


def folder_problem(folder: Path) -> str | None:
    """Return why no backup can be written into a folder, in a sentence; None where one can."""
    try:
        if not folder.exists():
            return f"There is no folder {folder}. Make it, mount its disk, or set BACKUP_PATH to another one."
        if not folder.is_dir():
            return f"{folder} is no folder. Set BACKUP_PATH to one."
    except OSError as error:
        return f"The folder {folder} cannot be reached ({error.strerror}). Give this user the right to use it."
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"Nothing can be written in {folder}. Give this user the right to write there, or set BACKUP_PATH."
    return None


class Backups:
    """The backups of one archive in one folder. Used by one thread at a time."""

    def __init__(self, archive: Path, folder: Path, keep: int, bot_state: BotState) -> None:
        self._archive = archive
        self.folder = folder
        self._keep = keep
        self._bot_state = bot_state
        self._state: BackupState | None = None

    def folder_problem(self) -> str | None:
        """Return why no backup can be written now, in a sentence; None where one can."""
        return folder_problem(self.folder)

    def if_due(self, now: datetime) -> BackupState | None:
        """Make a backup if one is due; return what became of it, or None where none was due.

        Raises ArchiveError where the archive cannot be read, or the outcome not be stored.
        """
        state = self._state or read_state(self._bot_state, self.folder)
        if not _is_due(state, now):
            return None
        self._state = self._tried(state, now)
        stored = {"folder": str(self.folder.absolute()), **asdict(self._state)}
        self._bot_state.put(SHARED, _KEY, json.dumps(stored, default=datetime.isoformat))
        return self._state

    def _tried(self, state: BackupState, now: datetime) -> BackupState:
        target = self.folder / _name(now)
        problem = self.folder_problem()
        if problem is not None:
            return replace(state, failed=now, problem=problem)
        try:
            identify(self._bot_state)
            self._refuse_loss(target, now)
            back_up(self._archive, target, replace=True)
            self._prune(now)
        except (ArchiveError, BackupRefused) as error:
            return replace(state, failed=now, problem=str(error))
        except Exception as error:  # noqa: BLE001 - any failure is stored, so that `status` reports it
            _log.exception("The backup failed")
            return replace(state, failed=now, problem=f"The archive could not be backed up: {error!r:.200}")
        return BackupState(good=now)

    def _refuse_loss(self, target: Path, now: datetime) -> None:
        """Raise BackupRefused where the archive is another than the newest backup's, or has lost most articles."""
        newest = self._newest(now)
        if newest is None:
            return
        backup, its_contents = newest
        archive, contents = self._archive, contents_of(self._archive)
        if contents.is_of_another(its_contents):
            raise BackupRefused("backup.of_another_archive", archive=archive, backup=backup, target=target)
        if (left := contents.articles) * 2 < (before := its_contents.articles):
            raise BackupRefused(
                "backup.articles_lost", archive=archive, articles=left, before=before, backup=backup, target=target
            )

    def _newest(self, now: datetime) -> tuple[Path, Contents] | None:
        """Return the newest backup that can be read, and what it holds."""
        for path in reversed(self._made(now)):
            with suppress(ArchiveError):
                return path, contents_of(path)
        return None

    def _prune(self, now: datetime) -> None:
        """Delete all but the newest backups; files of other names are left alone."""
        with translate_errors(self.folder):
            for path in self._made(now)[: -self._keep]:
                path.unlink()

    def _made(self, now: datetime) -> list[Path]:
        """Return the backups in the folder, oldest first.

        Skip those of a day that is yet to come: they were made while the clock was ahead.
        """
        made = (path for path in self.folder.glob("*.backup") if _NAME.fullmatch(path.name))
        return sorted(path for path in made if path.name <= _name(now))


def _name(day: datetime) -> str:
    return f"pullquote-{day:%Y-%m-%d}.backup"


def _is_due(state: BackupState, now: datetime) -> bool:
    """Return whether a backup is due. A moment that is yet to come is of a clock that was ahead: ignore it."""
    if state.failed is not None and state.failed <= now < state.failed + _AFTER_FAILURE:
        return False
    return state.good is None or not state.good <= now < state.good + _EVERY
