"""Connections to PostgreSQL: readers read one state each, and one process writes at a time, on whatever machine.

A writer first takes the archive's lock, and reads committed rows: so it sees what the writer before it has stored, and
the numbers of changes are in the order in which they can be seen. Nothing outlives its transaction, so that a pooler of
transactions may stand before the database.
"""

from __future__ import annotations

import zlib
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import psycopg
import sqlalchemy as sa
from psycopg.conninfo import conninfo_to_dict
from typing_extensions import override

from retrieval.archive.integrity.damaged_rows import PLACE
from retrieval.archive.postgres.failures import kind_of, translate_errors
from retrieval.archive.postgres.follower import PostgresFollower
from retrieval.domain.fair_lock import FairLock
from retrieval.domain.health import Storage
from retrieval.errors import ArchiveLocked, ArchiveRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.pool import ConnectionPoolEntry

    from retrieval.errors import ArchiveError

_LOCKS: Final = 0x50514F54
"""The first half of every advisory lock's number: "PQOT"."""
_WRITERS: Final = 0
_POOL: Final = 4
_STATEMENT_SECONDS: Final = 30.0
_IDLE_SECONDS: Final = 60.0
_NETWORK: Final = {
    "connect_timeout": 3,
    "tcp_user_timeout": 5000,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "application_name": "pullquote",
    "prepare_threshold": None,
}


class PostgresConnections:
    """A pool of connections to one database, as `Connections` says. Thread-safe.

    Raises ArchiveRefused for an address that is none.
    """

    checks = ()

    def __init__(self, url: str, path: Path, busy_seconds: float) -> None:
        try:
            address = conninfo_to_dict(url)
        except psycopg.ProgrammingError as error:
            raise ArchiveRefused(path="DATABASE_URL", cause=" ".join(str(error).split())) from error
        self.path = path
        self.place = f"{address.get('dbname') or 'of the default name'} on {address.get('host') or 'this machine'}"
        self.busy_seconds = busy_seconds
        self._writers = FairLock()
        self._engine = self._make_engine(address)
        self._readers = self._engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """See `Connections.reading`."""
        with translate_errors(self.place), self._readers.begin() as connection:
            self.limit(connection)
            yield connection

    @contextmanager
    def writing(self, *, turn_seconds: float | None = None) -> Iterator[sa.Connection]:
        """See `Connections.writing`."""
        with translate_errors(self.place), ExitStack() as turn:
            try:  # threads take turns, so that those who wait take no connections from those who read
                seconds = self.busy_seconds if turn_seconds is None else turn_seconds
                turn.enter_context(self._writers.held(seconds=seconds))
            except TimeoutError as error:
                raise ArchiveLocked(path=self.place) from error
            with self._engine.begin() as connection:
                self.limit(connection)
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCKS, _WRITERS)))
                yield connection

    @contextmanager
    def noting(self, *, turn_seconds: float | None = None) -> Iterator[sa.Connection]:  # noqa: ARG002 - it waits for none
        """See `Connections.noting`."""
        with translate_errors(self.place), self._engine.begin() as connection:
            self.limit(connection)
            yield connection

    @contextmanager
    def migrating(self) -> Iterator[sa.Connection]:
        """Begin a transaction that changes the tables, alone, however long it takes."""
        with translate_errors(self.place), self._engine.begin() as connection:
            self.limit(connection, statement_seconds=0, lock_seconds=0)
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCKS, _WRITERS)))
            yield connection

    def follow(self) -> PostgresFollower:
        """See `Connections.follow`."""
        return PostgresFollower(self)

    def hold(self) -> sa.Connection:
        """Return a connection to keep, whose `begin()` reads. Its `close()` gives it back."""
        with translate_errors(self.place):
            return self._readers.connect()

    @contextmanager
    def claim(self, work: str) -> Iterator[bool]:
        """See `Connections.claim`. The claim of a machine that is gone ends after a minute."""
        key = zlib.crc32(work.encode()) >> 1
        with translate_errors(self.place), self._engine.begin() as connection:
            self.limit(connection, idle_seconds=0)
            connection.execute(sa.select(sa.func.set_config("tcp_keepalives_idle", "30", True)))  # noqa: FBT003 - SQL's
            yield bool(connection.scalar(sa.select(sa.func.pg_try_advisory_xact_lock(_LOCKS, key))))

    def storage(self) -> Storage:
        """See `Connections.storage`. The disk is the server's own."""
        measured = (sa.func.pg_database_size(sa.func.current_database()), sa.func.pg_is_in_recovery())
        with self.reading() as connection:
            size, is_replica = connection.execute(sa.select(*measured)).one()
        return Storage(size, None, not is_replica)

    def kind_of(self, error: BaseException | None) -> type[ArchiveError] | None:
        """See `Connections.kind_of`."""
        return kind_of(error)

    def limit(
        self,
        connection: sa.Connection,
        *,
        lock_seconds: float | None = None,
        statement_seconds: float = _STATEMENT_SECONDS,
        idle_seconds: float = _IDLE_SECONDS,
    ) -> None:
        """Bound how long a transaction that has just begun may wait; 0 is for ever."""
        limits = {
            "lock_timeout": self.busy_seconds if lock_seconds is None else lock_seconds,
            "statement_timeout": statement_seconds,
            "idle_in_transaction_session_timeout": idle_seconds,
        }
        for_now = True
        connection.execute(
            sa.select(*(sa.func.set_config(name, str(int(each * 1000)), for_now) for name, each in limits.items()))
        )

    def _make_engine(self, address: dict[str, Any]) -> sa.Engine:
        engine = sa.create_engine(
            "postgresql+psycopg://",
            connect_args={**_NETWORK, **address, "cursor_factory": partial(_in_binary, psycopg.Cursor)},
            isolation_level="READ COMMITTED",
            pool_size=_POOL,
            max_overflow=_POOL,
            pool_timeout=self.busy_seconds,
            pool_pre_ping=True,
        )
        sa.event.listen(engine, "connect", self._prepare)
        return engine

    def _prepare(self, connection: Any, entry: ConnectionPoolEntry) -> None:  # noqa: ANN401 - SQLAlchemy's wrapper of any driver
        connection.server_cursor_factory = partial(_in_binary, psycopg.ServerCursor)
        entry.info[PLACE] = self.place

    @override
    def __repr__(self) -> str:
        return f"<connections to {self.place}>"  # never the password

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _in_binary(kind: Any, *arguments: Any, **options: Any) -> Any:  # noqa: ANN401 - psycopg's
    """Make a cursor that takes values as bytes, not as text: vectors come four times as fast."""
    cursor = kind(*arguments, **options)
    cursor.format = psycopg.pq.Format.BINARY
    return cursor
