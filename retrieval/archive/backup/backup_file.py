"""Backs the archive up while others use it, and puts a backup in its place.

Either way one consistent state is read, written to a file beside the target, checked as `check` checks an archive, and
only then given the target's name: killed at any moment, the target is what it was before or what it is to be, and a
damaged archive never takes the place of a good backup. Nothing is migrated: a backup is of the step that the archive is
at, and one of an older release, which has no checksums yet, is checked by SQLite alone.
"""

from __future__ import annotations

import errno
import fcntl
import os
import shlex
import shutil
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Final

from retrieval.archive.integrity.check import check
from retrieval.archive.sqlite.access import find_reading, state_of
from retrieval.archive.sqlite.connections import Connections
from retrieval.archive.sqlite.failures import translate_errors
from retrieval.archive.sqlite.migrating import APPLICATION_ID, last_step, read_step
from retrieval.archive.sqlite.opening import expect_archive
from retrieval.archive.sqlite.opening_to_read import BUSY_SECONDS, open_to_read
from retrieval.errors import ArchiveCorrupt, ArchiveError, ArchiveLocked, ArchiveReadOnly, ArchiveTooNew, BackupRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


_UNFINISHED: Final = ".unfinished"
_COMPANIONS: Final = ("-wal", "-shm", "-journal")
_OWNER_ALONE: Final = 0o600


class _Damaged(ArchiveCorrupt):
    """The check has found something; the message says what."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What was written: how many articles, and the size of the file in bytes; and what was kept in its place."""

    articles: int
    size: int
    kept: Path | None = None


def back_up(archive: Path, target: Path, *, replace: bool = False) -> Copied:
    """Write the archive as it is now into a file of its own, which only its owner can read.

    Others may read and write meanwhile; whatever was confirmed before is in it. Raises BackupRefused where the target
    is there already and is not to be replaced, or is the archive itself; ArchiveError where there is no archive, it
    cannot be read, or the target not be written.
    """
    archive, target = archive.resolve(), target.resolve()
    expect_archive(archive)
    if target in _files_of(archive) or (target.exists() and target.samefile(archive)):
        raise BackupRefused("backup.target_is_archive", target=target)
    if target.exists() and not target.is_file():
        raise BackupRefused("backup.target_is_no_file", target=target)
    if target.exists() and not replace:
        raise BackupRefused("backup.target_exists", target=target)
    if not target.parent.is_dir():
        raise BackupRefused("backup.no_folder", folder=target.parent)
    access = find_reading(archive, BUSY_SECONDS)
    with closing(open_to_read(archive, access)) as source, _naming(target), _unfinished(target) as unfinished:
        articles = _copy(source, archive, unfinished)
        if access.taken_at is not None and access.taken_at.main != state_of(archive).main:
            raise ArchiveLocked(path=archive)
        unfinished.replace(target)
        _flush_folder(target.parent)
    return Copied(articles, target.stat().st_size)


def restore(backup: Path, archive: Path) -> Copied:
    """Put the backup in the archive's place; what was there is kept beside it, under a name of its own.

    Raises BackupRefused where the file is no sound archive, ArchiveTooNew for one of a newer release, ArchiveLocked
    while another process has the archive open, and what else hinders; nothing is changed then.
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
        closing(open_to_read(backup, find_reading(backup, BUSY_SECONDS))) as source,
        _unfinished(archive) as unfinished,
    ):
        articles = _copy(source, backup, unfinished)
        kept = _keep(archive)
        unfinished.replace(archive)
        _flush_folder(archive.parent)
    return Copied(articles, archive.stat().st_size, kept)


def _copy(reading: sqlite3.Connection, source: Path, target: Path) -> int:
    """One state of an archive into an empty file, read again afterwards; says how many articles. Raises ArchiveError.

    What was deleted in the archive is not in the copy, neither in the free pages of the file.
    """
    with _telling(source, target):
        reading.execute("VACUUM INTO ?", (str(target),))
        with closing(sqlite3.connect(_read_only(target), uri=True)) as connection:
            step = read_step(connection, source)
            articles = int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
        problems = _found_by_check(target) if step == last_step() else _found_by_sqlite(target)
        if problems:
            raise _damaged(source, problems)
        with target.open("rb+") as stream:
            os.fsync(stream.fileno())
    return articles


def _found_by_check(copy: Path) -> list[str]:
    with closing(Connections(copy, BUSY_SECONDS)) as connections, connections.reading() as connection:
        return list(check(connection).problems)


def _found_by_sqlite(copy: Path) -> list[str]:
    """Check an archive of an older step, whose contents this release does not know.

    Opened for reading alone, SQLite would look at no CHECK constraint.
    """
    with closing(sqlite3.connect(copy)) as connection:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        tables = sorted({str(row[0]) for row in connection.execute("PRAGMA foreign_key_check")})
    orphans = [f"Rows of {table} refer to rows that are not there." for table in tables]
    return orphans if found == ["ok"] else [*found, *orphans]


def _damaged(source: Path, problems: Sequence[str]) -> _Damaged:
    checking = f"ARCHIVE_PATH={shlex.quote(str(source))} python -m retrieval check"
    if len(problems) == 1:
        return _Damaged("backup.damaged", source=source, problem=problems[0])
    return _Damaged(
        "backup.damaged_often", source=source, problem=problems[0], more=len(problems) - 1, checking=checking
    )


@contextmanager
def _telling(source: Path, target: Path) -> Iterator[None]:
    """What goes wrong is told of the file that it concerns: damage of the source, want of room of the target."""
    try:
        with translate_errors(target.with_name(target.name.removesuffix(_UNFINISHED))):
            yield
    except (ArchiveTooNew, _Damaged):
        raise
    except (ArchiveCorrupt, ArchiveLocked) as error:
        raise type(error)(path=source) from error


@contextmanager
def _naming(backup: Path) -> Iterator[None]:
    """Another place of the archive is no help where the backup's cannot be written."""
    try:
        yield
    except ArchiveReadOnly as error:
        raise ArchiveReadOnly("backup.unwritable", backup=backup) from error


@contextmanager
def _refusing(backup: Path) -> Iterator[None]:
    """What is no archive is no backup."""
    try:
        yield
    except ArchiveCorrupt as error:
        if isinstance(error, _Damaged):
            raise BackupRefused("backup.not_sound_because", backup=backup, error=error) from error
        raise BackupRefused("backup.not_sound", backup=backup) from error


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """An empty file beside the target, for its owner and this process alone, gone at the end; a leftover is emptied."""
    path = target.with_name(target.name + _UNFINISHED)
    with translate_errors(target):
        handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, _OWNER_ALONE)
    try:
        with translate_errors(target):
            _claim(handle, path)
            os.fchmod(handle, _OWNER_ALONE)
            os.truncate(handle, 0)
            yield path
    finally:
        if _is_at(handle, path):
            for each in _files_of(path):
                each.unlink(missing_ok=True)
        os.close(handle)


def _claim(handle: int, path: Path) -> None:
    """Raises BackupRefused where another process is writing there; its end, however it comes, lets go."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        free = _is_at(handle, path)  # else it was finished, and renamed, between the opening and the claim
    except BlockingIOError:
        free = False
    if not free:
        raise BackupRefused("backup.being_written", path=path)


def _is_at(handle: int, path: Path) -> bool:
    """Whether the open file is still the one of that name, and this process' own."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(handle), path.stat())
    except (BlockingIOError, FileNotFoundError):
        return False


def _keep(archive: Path) -> Path | None:
    """Give what is at the archive's place a second name; None where there is nothing. Raises ArchiveLocked.

    The write-ahead log of a damaged archive goes along: left behind, it would be taken for the restored one's.
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
        for companion in _COMPANIONS:
            left = archive.with_name(archive.name + companion)
            if left.exists():
                left.replace(kept.with_name(kept.name + companion))
    return kept


def _fold(archive: Path) -> None:
    """Fold the write-ahead log into the file, which SQLite does only for somebody who has the archive alone."""
    try:
        with translate_errors(archive), closing(sqlite3.connect(archive, timeout=1.0)) as connection:
            if connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID:
                connection.execute("PRAGMA journal_mode = DELETE")
    except ArchiveLocked as error:
        raise ArchiveLocked("backup.archive_in_use", archive=archive) from error
    except ArchiveError:
        return  # it is damaged, which may be why a backup is restored: it is kept as it is


def _free_name(archive: Path) -> Path:
    names = (f"{archive.name}.before-restore{f'-{number}' if number else ''}" for number in count())
    return next(path for name in names if not (path := archive.with_name(name)).exists())


def _files_of(path: Path) -> tuple[Path, ...]:
    """The file and what SQLite puts beside it."""
    return (path, *(path.with_name(path.name + companion) for companion in _COMPANIONS))


def _read_only(path: Path) -> str:
    return f"{path.as_uri()}?mode=ro"


def _flush_folder(folder: Path) -> None:
    """Let the new name outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
