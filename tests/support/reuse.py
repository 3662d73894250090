"""What is made once for a whole run of the tests, since it costs more than most of them.

These are the tables of a new archive, the SQL of the statements, the process that reads articles, the certificates of
the system and the command line's parser. A module whose tests are about the tables or the process asks for `own_tables`
or `own_worker` instead.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import httpcore2
import pytest
import sqlalchemy as sa
import typer.main

from config.settings import QuotationParser
from retrieval import assembly
from retrieval.adapters.extraction.client import ArticleWorker
from retrieval.archive.opening import open_archive
from retrieval.archive.sqlite import opening
from retrieval.archive.sqlite.connections import SQLiteConnections
from retrieval.archive.sqlite.migrating import migrate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from config.settings import Settings

open_own_worker = assembly.open_worker


@contextmanager
def tables_copied(folder: Path) -> Iterator[None]:
    """Until the block ends a new archive begins as a copy of one that the migrations made in `folder`."""
    with open_archive(folder / "empty.sqlite3"):
        pass
    empty = (folder / "empty.sqlite3").read_bytes()

    def begin(connections: SQLiteConnections) -> bool:
        if connections.path.stat().st_size:
            return migrate(connections)
        connections.path.write_bytes(empty)
        return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "migrate", begin)
        yield


@contextmanager
def statements_shared() -> Iterator[None]:
    """Until the block ends a statement is compiled to SQL once, and no more once for each archive."""
    model, make_engine = sa.create_engine("sqlite://", query_cache_size=5_000), SQLiteConnections._make_engine
    model.connect().close()  # tells the dialect which SQLite this is

    def make(connections: SQLiteConnections) -> sa.Engine:
        engine = make_engine(connections)
        engine.dialect, engine._compiled_cache = model.dialect, model._compiled_cache
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLiteConnections, "_make_engine", make)
        yield


@contextmanager
def worker_shared() -> Iterator[None]:
    """Until the block ends newsrooms that find quotations by rules have their articles read by one process."""
    with ArticleWorker() as worker, pytest.MonkeyPatch.context() as patch:

        @contextmanager
        def open_worker(settings: Settings) -> Iterator[ArticleWorker]:
            if settings.quotation_parser is QuotationParser.RULES:
                yield worker
            else:
                with open_own_worker(settings) as own:
                    yield own

        patch.setattr(assembly, "open_worker", open_worker)
        yield


@contextmanager
def libraries_called_once() -> Iterator[None]:
    """Until the block ends certificates are read once, and the command line's parser is built once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpcore2, "default_ssl_context", cache(httpcore2.default_ssl_context))
        patch.setattr("typer.testing._get_command", cache(typer.main.get_command))
        yield
