"""Translates errors of PostgreSQL into those of this project. Bugs stay as they are: a broken constraint, wrong SQL."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import psycopg
import sqlalchemy as sa

from retrieval.errors import (
    ArchiveAway,
    ArchiveError,
    ArchiveFull,
    ArchiveLocked,
    ArchiveRefused,
    DatabaseReadOnly,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_KINDS: Final[dict[str, type[ArchiveError]]] = {
    "08": ArchiveAway,
    "25006": DatabaseReadOnly,
    "25P03": ArchiveAway,  # a transaction was idle for too long
    "28": ArchiveRefused,
    "3D000": ArchiveRefused,
    "40001": ArchiveLocked,
    "40P01": ArchiveLocked,
    "42501": ArchiveRefused,
    "53": ArchiveAway,
    "53100": ArchiveFull,
    "55P03": ArchiveLocked,
    "57": ArchiveAway,
    "58": ArchiveAway,
    "XX": ArchiveAway,
}
"""By SQLSTATE, or by its class, which is the first two characters."""


@contextmanager
def translate_errors(place: object) -> Iterator[None]:
    """Raise whatever goes wrong with the database inside the block as an ArchiveError, from its cause."""
    try:
        yield
    except sa.exc.TimeoutError as error:  # every connection is in use
        raise ArchiveLocked(path=place) from error
    except sa.exc.DBAPIError as error:
        kind = kind_of(error.orig)
        if kind is None:
            raise
        raise kind(path=place, cause=" ".join(str(error.orig).split())) from error


def kind_of(error: BaseException | None) -> type[ArchiveError] | None:
    """Return what a driver's error becomes; None for a bug. A lost connection has no SQLSTATE."""
    if not isinstance(error, psycopg.Error):
        return None
    state = error.sqlstate
    if state is None:
        return ArchiveAway if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) else None
    return _KINDS.get(state) or _KINDS.get(state[:2])
