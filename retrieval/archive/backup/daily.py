"""Backups that are made without anybody asking: one a day, verified, named after its day; the oldest are deleted.

A backup is due a day after the last good one; after a failure the next try is an hour later. Old backups go only once
a new one is good. An archive that is another than the newest backup's, or has lost most of its articles since, is not
backed up until the operator accepts it: it would take the place of the good backups one by one. What became of the
last attempt is kept in the archive, where `read_state` finds it; in another folder nothing was tried yet, so that a
changed BACKUP_PATH is tried at once.
"""

from __future__ import annotations

import json
import logging
import os
import re
from contextlib import suppress
from dataclasses import replace
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
    """What became of the last attempts to back up into a folder; an empty state where there were none."""
    try:
        stored = json.loads(bot_state.get(SHARED, _KEY) or "{}")
        if stored.get("folder") not in {None, str(folder.absolute())}:
            return BackupState()
        return BackupState(_moment(stored.get("good")), _moment(stored.get("failed")), stored.get("problem"))
    except (ValueError, TypeError, AttributeError):
        return BackupState()


def folder_problem(folder: Path) -> str | None:
    """Why no backup can be written into the folder, in a sentence; None where one can."""
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
        """Why no backup can be written now, in a sentence; None where one can."""
        return folder_problem(self.folder)

    def if_due(self, now: datetime) -> BackupState | None:
        """Make a backup if it is time for one; what became of it, or None where it was not.

        Raises ArchiveError where the archive cannot be read, or the outcome not be written down.
        """
        state = self._state or read_state(self._bot_state, self.folder)
        if not _is_due(state, now):
            return None
        self._state = self._tried(state, now)
        self._bot_state.put(SHARED, _KEY, _as_text(self._state, self.folder))
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
        except Exception as error:  # noqa: BLE001 - whatever hinders is written down, so that `status` tells it
            _log.exception("The backup failed")
            return replace(state, failed=now, problem=f"The archive could not be backed up: {error!r:.200}")
        return BackupState(good=now)

    def _refuse_loss(self, target: Path, now: datetime) -> None:
        """Raises BackupRefused where the archive is another than the newest backup's, or has lost most of it."""
        newest = self._newest(now)
        if newest is None:
            return
        backup, held = newest
        archive, contents = self._archive, contents_of(self._archive)
        if contents.is_of_another(held):
            raise BackupRefused("backup.of_another_archive", archive=archive, backup=backup, target=target)
        if (left := contents.articles) * 2 < (before := held.articles):
            raise BackupRefused(
                "backup.articles_lost", archive=archive, articles=left, before=before, backup=backup, target=target
            )

    def _newest(self, now: datetime) -> tuple[Path, Contents] | None:
        """The newest backup that can be read, and what it holds."""
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
        """The backups in the folder, oldest first; none where there is no folder.

        One of a day that is yet to come was made while the clock was ahead: it is left alone, and counts for nothing.
        """
        made = (path for path in self.folder.glob("*.backup") if _NAME.fullmatch(path.name))
        return sorted(path for path in made if path.name <= _name(now))


def _name(day: datetime) -> str:
    return f"pullquote-{day:%Y-%m-%d}.backup"


def _is_due(state: BackupState, now: datetime) -> bool:
    """A moment that is yet to come is of a clock that was ahead: it puts nothing off."""
    if state.failed is not None and state.failed <= now < state.failed + _AFTER_FAILURE:
        return False
    return state.good is None or not state.good <= now < state.good + _EVERY


def _as_text(state: BackupState, folder: Path) -> str:
    return json.dumps(
        {
            "folder": str(folder.absolute()),
            "good": None if state.good is None else state.good.isoformat(),
            "failed": None if state.failed is None else state.failed.isoformat(),
            "problem": state.problem,
        }
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
