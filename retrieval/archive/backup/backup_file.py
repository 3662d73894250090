"""Backs the archive up while others use it, and restores a backup.

Either way one consistent state is written to a file beside the target, checked as `check` checks an archive, and only
then renamed to the target. Killed at any moment, the target is the old file or the new one, and a damaged archive never
replaces a good backup. Nothing is migrated: a backup stays at the archive's step, and one of an older step is checked
by SQLite alone.
"""

from __future__ import annotations

import errno
import os
import shlex
import shutil
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final

from retrieval.archive.integrity.check import check
from retrieval.archive.sqlite.access import BUSY_SECONDS, find_access, open_to_read, state_of
from retrieval.archive.sqlite.connections import SQLiteConnections
from retrieval.archive.sqlite.failures import translate_errors
from retrieval.archive.sqlite.files import OWNER_ONLY, beside, companions, open_private, try_lock
from retrieval.archive.sqlite.migrating import APPLICATION_ID, last_step, read_step
from retrieval.archive.sqlite.opening import expect_archive
from retrieval.errors import ArchiveCorrupt, ArchiveError, ArchiveLocked, ArchiveReadOnly, ArchiveTooNew, BackupRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


_UNFINISHED: Final = ".unfinished"


class _Damaged(ArchiveCorrupt):
    """The check found problems."""


@dataclass(frozen=True, slots=True)
class Copied:
    """A file that was written: its articles, its bytes, and where the file that it replaced is kept."""

    articles: int
    size: int
    kept: Path | None = None


def back_up(archive: Path, target: Path, *, replace: bool = False) -> Copied:
    """Copy the archive as it is now to `target`, readable by its owner only; return the number of articles and bytes.

    Others may read and write meanwhile; whatever was confirmed before is in it. Raises BackupRefused where the target
    exists and may not be replaced, or is the archive itself; ArchiveError where the archive cannot be read, or the
    target not be written.
    """
    archive, target = archive.resolve(), target.resolve()
    expect_archive(archive)
    if target in {archive, *companions(archive)} or (target.exists() and target.samefile(archive)):
        raise BackupRefused("backup.target_is_archive", target=target)
    if target.exists() and not target.is_file():
        raise BackupRefused("backup.target_is_no_file", target=target)
    if target.exists() and not replace:
        raise BackupRefused("backup.target_exists", target=target)
    if not target.parent.is_dir():
        raise BackupRefused("backup.no_folder", folder=target.parent)
    access = find_access(archive)
    with closing(open_to_read(archive, access)) as source, _naming(target), _unfinished(target) as unfinished:
        articles = _copy(source, archive, unfinished)
        if access.taken_at is not None and access.taken_at.main != state_of(archive).main:
            raise ArchiveLocked(path=archive)
        unfinished.replace(target)
        _flush_folder(target.parent)
    return Copied(articles, target.stat().st_size)


def restore(backup: Path, archive: Path) -> Copied:
    """Put the backup in the archive's place; keep what was there beside it, under another name.

    Raises BackupRefused where the file is no sound archive, ArchiveTooNew for one of a newer release, ArchiveLocked
    while another process has the archive open, or another ArchiveError; nothing is changed then.
    """
    archive, backup = archive.resolve(), backup.resolve()  # a link leads to the disk where the archive is to stay
    if not backup.is_file():
        raise BackupRefused("file.missing", path=backup)
    if archive.exists() and backup.samefile(archive):
        raise BackupRefused("backup.is_archive", backup=backup)
    with translate_errors(archive):
        archive.parent.mkdir(parents=True, exist_ok=True)
    with (
        _refusing(backup),
        closing(open_to_read(backup, find_access(backup))) as source,
        _unfinished(archive) as unfinished,
    ):
        articles = _copy(source, backup, unfinished)
        former = _keep(archive)
        unfinished.replace(archive)
        _flush_folder(archive.parent)
    return Copied(articles, archive.stat().st_size, former)


def _copy(reading: sqlite3.Connection, source: Path, target: Path) -> int:
    """Copy one state of an archive into an empty file and check it; return how many articles. Raises ArchiveError.

    What was deleted in the archive is not in the copy, also not in the free pages of the file.
    """
    with _telling(source, target):
        reading.execute("VACUUM INTO ?", (str(target),))
        with closing(sqlite3.connect(f"{target.as_uri()}?mode=ro", uri=True)) as connection:
            step = read_step(connection, source)
            articles = int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
        problems = _found_by_check(target) if step == last_step() else _found_by_sqlite(target)
        if problems:
            raise _damaged(source, problems)
        with target.open("rb+") as stream:
            os.fsync(stream.fileno())
    return articles


def _found_by_check(copy: Path) -> list[str]:
    with closing(SQLiteConnections(copy, BUSY_SECONDS)) as connections, connections.reading() as connection:
        return list(check(connection, connections).problems)


def _found_by_sqlite(copy: Path) -> list[str]:
    """Check an archive of an older step, whose contents this release does not know.

    Opened for reading alone, SQLite would look at no CHECK constraint.
    """
    with closing(sqlite3.connect(copy)) as connection:
        findings = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        tables = sorted({str(row[0]) for row in connection.execute("PRAGMA foreign_key_check")})
    orphans = [f"Rows of {table} refer to rows that are not there." for table in tables]
    return orphans if findings == ["ok"] else [*findings, *orphans]


def _damaged(source: Path, problems: Sequence[str]) -> _Damaged:
    checking = f"ARCHIVE_PATH={shlex.quote(str(source))} python -m retrieval check"
    if len(problems) == 1:
        return _Damaged("backup.damaged", source=source, problem=problems[0])
    return _Damaged(
        "backup.damaged_often", source=source, problem=problems[0], more=len(problems) - 1, checking=checking
    )


@contextmanager
def _telling(source: Path, target: Path) -> Iterator[None]:
    """Name in errors the file that they concern: the source for damage, the target for want of room."""
    try:
        with translate_errors(target.with_name(target.name.removesuffix(_UNFINISHED))):
            yield
    except (ArchiveTooNew, _Damaged):
        raise
    except (ArchiveCorrupt, ArchiveLocked) as error:
        raise type(error)(path=source) from error


@contextmanager
def _naming(backup: Path) -> Iterator[None]:
    """Name the backup, and not the archive, where the backup cannot be written."""
    try:
        yield
    except ArchiveReadOnly as error:
        raise ArchiveReadOnly("backup.unwritable", backup=backup) from error


@contextmanager
def _refusing(backup: Path) -> Iterator[None]:
    """Refuse a file that is no archive as a backup."""
    try:
        yield
    except ArchiveCorrupt as error:
        if isinstance(error, _Damaged):
            raise BackupRefused("backup.not_sound_because", backup=backup, error=error) from error
        raise BackupRefused("backup.not_sound", backup=backup) from error


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """Make an empty, locked file beside the target, or empty a leftover; delete it at the end."""
    path = beside(target, _UNFINISHED)
    with translate_errors(target):
        handle = open_private(path)
    try:
        with translate_errors(target):
            if not _is_ours(handle, path):
                raise BackupRefused("backup.being_written", path=path)
            os.fchmod(handle, OWNER_ONLY)
            os.truncate(handle, 0)
            yield path
    finally:
        if _is_ours(handle, path):
            for each in (path, *companions(path)):
                each.unlink(missing_ok=True)
        os.close(handle)


def _is_ours(handle: int, path: Path) -> bool:
    """Return whether this process has the lock of the open file, and the file still has its name."""
    try:
        return try_lock(handle) and os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def _keep(archive: Path) -> Path | None:
    """Give the archive that is there a second name; None where there is none. Raises ArchiveLocked.

    The log of a damaged archive goes along: SQLite would take it for the restored one's.
    """
    if not archive.exists():
        return None
    _fold(archive)
    kept = _free_name(archive)
    with translate_errors(archive):
        try:
            os.link(archive, kept)
        except OSError as error:
            if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EMLINK}:
                raise
            shutil.copy2(archive, kept)
        for left, name in zip(companions(archive), companions(kept), strict=True):
            if left.exists():
                left.replace(name)
    return kept


def _fold(archive: Path) -> None:
    """Fold the write-ahead log into the file. SQLite does it only where no other process has the archive open."""
    try:
        with translate_errors(archive), closing(sqlite3.connect(archive, timeout=1.0)) as connection:
            if connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
                connection.execute("PRAGMA journal_mode = DELETE")
    except ArchiveLocked as error:
        raise ArchiveLocked("backup.archive_in_use", archive=archive) from error
    except ArchiveError:
        return  # it is damaged, which may be why a backup is restored


def _free_name(archive: Path) -> Path:
    suffixes = (f".before-restore{f'-{number}' if number else ''}" for number in count())
    return next(path for suffix in suffixes if not (path := beside(archive, suffix)).exists())


def _flush_folder(folder: Path) -> None:
    """Make the new name outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
