"""Opens an SQLite archive: makes its file where there is none, refuses what is none, brings older ones up to date."""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.archive.sqlite.access import BUSY_SECONDS
from retrieval.archive.sqlite.connections import SQLiteConnections
from retrieval.archive.sqlite.failures import translate_errors
from retrieval.archive.sqlite.files import open_private
from retrieval.archive.sqlite.migrating import expect_last_step, migrate
from retrieval.errors import ArchiveCorrupt, ArchiveFull, ArchiveMissing, ArchiveReadOnly

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_log = logging.getLogger(__name__)


@contextmanager
def connect(path: Path, busy_seconds: float = BUSY_SECONDS) -> Iterator[tuple[SQLiteConnections, bool]]:
    """Open the archive at `path` until the end of the block; also yield whether it was made.

    Makes missing folders and the file, which only its owner can read. Where the disk is full or read-only, the archive
    can be read, and written as soon as that is possible again. Raises ArchiveError: ArchiveTooNew, ArchiveCorrupt (not
    an archive), ArchiveReadOnly, ArchiveLocked or ArchiveFull.
    """
    path = path.absolute()
    with translate_errors(path):
        _make_file(path)
    connections = SQLiteConnections(path, busy_seconds)
    try:
        created = migrate(connections)
        if connections.writable:
            with suppress(ArchiveFull, ArchiveReadOnly):  # each way can be read and written, one by several at once
                _write_ahead(connections)
        else:
            _log.warning("%s can only be read: its disk is full, or may not be written", path)
        yield connections, created
    finally:
        connections.close()


@contextmanager
def connect_to_look(path: Path) -> Iterator[SQLiteConnections]:
    """Open an archive for reading alone: make nothing and bring nothing up to date. Raises ArchiveError."""
    expect_archive(path)
    connections = SQLiteConnections(path, BUSY_SECONDS)
    try:
        expect_last_step(connections)
        yield connections
    finally:
        connections.close()


def expect_archive(path: Path) -> None:
    """Raise ArchiveMissing where there is no file, or an empty one, which `connect` would begin anew."""
    path = path.absolute()
    with translate_errors(path):
        if not path.exists() or (path.is_file() and not path.stat().st_size):
            raise ArchiveMissing(path=path)


def _make_file(path: Path) -> None:
    """Make an empty file where there is none; SQLite gives its companions the same permissions."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.close(open_private(path, os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        if not path.is_file():
            raise ArchiveCorrupt(path=path) from None


def _write_ahead(connections: SQLiteConnections) -> None:
    """Let readers go on while somebody writes. The mode stays with the file; SQLite does not wait for locks here."""
    deadline = time.monotonic() + connections.busy_seconds
    with translate_errors(connections.path):
        while True:
            last = time.monotonic() >= deadline
            try:
                return connections.outside("PRAGMA journal_mode = WAL")
            except sa.exc.OperationalError as error:
                busy = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
                if last or not busy:
                    raise
            time.sleep(0.02)
