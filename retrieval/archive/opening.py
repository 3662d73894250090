"""Opens an archive: the one in a file, or the one in a database."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from retrieval.archive.archive import Archive
from retrieval.archive.sqlite import opening as sqlite
from retrieval.archive.sqlite.access import BUSY_SECONDS
from retrieval.errors import ArchiveRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path
    from types import ModuleType

    from retrieval.archive.connections import Connections

_NO_DRIVER: Final = (
    "psycopg is not installed: .venv/bin/python -m pip install --require-hashes --requirement requirements/postgres.txt"
)


@contextmanager
def open_archive(path: Path, database: str | None = None, *, busy_seconds: float = BUSY_SECONDS) -> Iterator[Archive]:
    """Open the archive at `path` until the end of the block. Several processes may have it open at once.

    With the address of a `database`, open the one there; what this machine alone keeps of it lies beside `path`. Makes
    an archive where there is none, and brings an older one up to date. Raises ArchiveError. Whether the contents are
    whole is for `Archive.check`.
    """
    with connect(path, database, busy_seconds) as (connections, created):
        yield Archive(connections, created=created)


@contextmanager
def look_into(path: Path, database: str | None = None) -> Iterator[Archive]:
    """Open an archive for reading alone: make nothing and bring nothing up to date. Raises ArchiveError."""
    looking = sqlite.connect_to_look(path) if database is None else _postgres().connect_to_look(database, path)
    with looking as connections:
        yield Archive(connections, created=False)


def expect_archive(path: Path, database: str | None = None) -> None:
    """Raise ArchiveMissing where there is no archive, which `open_archive` would begin."""
    if database is None:
        sqlite.expect_archive(path)
    else:
        with look_into(path, database):
            pass


def connect(path: Path, database: str | None, busy_seconds: float) -> AbstractContextManager[tuple[Connections, bool]]:
    """Open the connections of an archive; also whether it was made."""
    if database is None:
        return sqlite.connect(path, busy_seconds)
    opened: AbstractContextManager[tuple[Connections, bool]] = _postgres().connect(database, path, busy_seconds)
    return opened


def _postgres() -> ModuleType:
    """Import what opens PostgreSQL, whose driver is installed only where it is wanted."""
    try:
        from retrieval.archive.postgres import opening  # noqa: PLC0415 - see above
    except ModuleNotFoundError as error:
        raise ArchiveRefused(path="of DATABASE_URL", cause=_NO_DRIVER) from error
    return opening
