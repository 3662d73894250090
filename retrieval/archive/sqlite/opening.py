"""Opens the archive's file: makes it when there is none, refuses what is no archive, brings older ones up to date."""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive.archive import Archive
from retrieval.archive.sqlite.connections import Connections
from retrieval.archive.sqlite.failures import translate_errors
from retrieval.archive.sqlite.migrating import expect_last_step, migrate
from retrieval.errors import ArchiveCorrupt, ArchiveFull, ArchiveMissing, ArchiveReadOnly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUSY_SECONDS: Final = 5.0
"""How long to wait for another process that writes."""
_OWNER_ALONE: Final = 0o600
_log = logging.getLogger(__name__)


@contextmanager
def open_archive(path: Path, *, busy_seconds: float = BUSY_SECONDS) -> Iterator[Archive]:
    """The archive in the file at `path`, closed again at the end. Several processes may have it open at once.

    Missing folders and the file are made, the file readable by its owner alone. Where the disk is full or may only be
    read, it can be read, and be written as soon as that can be done again. Raises ArchiveError: ArchiveTooNew,
    ArchiveCorrupt (not an archive), ArchiveReadOnly, ArchiveLocked or ArchiveFull, each with a sentence that says what
    to do. Whether the contents agree with each other is for `Archive.check` to tell: it reads everything.
    """
    path = path.absolute()
    with translate_errors(path):
        _make_file(path)
    connections = Connections(path, busy_seconds)
    try:
        created = migrate(connections)
        if connections.writable:
            with suppress(ArchiveFull, ArchiveReadOnly):  # each way can be read and written, one by several at once
                _write_ahead(connections)
        else:
            _log.warning("%s can only be read: its disk is full, or may not be written", path)
        yield Archive(connections, created=created)
    finally:
        connections.close()


@contextmanager
def look_into(path: Path) -> Iterator[Archive]:
    """The archive as it is: nothing is made, and nothing brought up to date. For reading alone. Raises ArchiveError."""
    expect_archive(path)
    connections = Connections(path, BUSY_SECONDS)
    try:
        expect_last_step(connections)
        yield Archive(connections, created=False)
    finally:
        connections.close()


def expect_archive(path: Path) -> None:
    """Raises ArchiveMissing where there is no file, or an empty one, which `open_archive` would begin anew."""
    path = path.absolute()
    with translate_errors(path):
        if not path.exists() or (path.is_file() and not path.stat().st_size):
            raise ArchiveMissing(path=path)


def _make_file(path: Path) -> None:
    """An empty file where there is none; SQLite gives its companions the same permissions."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ALONE))
    except FileExistsError:
        if not path.is_file():
            raise ArchiveCorrupt(path=path) from None


def _write_ahead(connections: Connections) -> None:
    """Let readers go on while somebody writes. The mode stays with the file; its change does not wait for locks."""
    deadline = time.monotonic() + connections.busy_seconds
    while not _switched(connections, last=time.monotonic() >= deadline):
        time.sleep(0.02)


def _switched(connections: Connections, *, last: bool) -> bool:
    with translate_errors(connections.path):
        try:
            connections.outside("PRAGMA journal_mode = WAL")
        except sa.exc.OperationalError as error:
            busy = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
            if last or not busy:
                raise
            return False
    return True
