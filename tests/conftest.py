"""What holds for every test.

Properties are tried on the same examples each time, so that a run repeats: 30 of them in `make test`, 100 in
`make soak`, unless a test says another number. For new ones: `HYPOTHESIS_PROFILE=search make test`.
"""

from __future__ import annotations

import gc
import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from retrieval import assembly
from retrieval.adapters.spacy_parser import SpacyParser, installed
from retrieval.archive.sqlite import migrating, opening
from tests.support.reuse import libraries_called_once, open_own_worker, statements_shared, tables_copied, worker_shared
from tests.support.sizes import sized

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.postgres import PostgresServer

_PATIENT = (HealthCheck.too_slow, HealthCheck.data_too_large)  # a busy machine and large inputs are no faults

settings.register_profile(
    "gate", deadline=None, derandomize=True, max_examples=sized(30, 100), suppress_health_check=_PATIENT
)
settings.register_profile("search", deadline=None, max_examples=2000, suppress_health_check=_PATIENT)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))


def pytest_collection_finish() -> None:
    """Keep the garbage collector from going through all modules again and again: a sixth of the processor's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def reused(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with (
        tables_copied(tmp_path_factory.mktemp("tables")),
        statements_shared(),
        worker_shared(),
        libraries_called_once(),
    ):
        yield


@pytest.fixture(scope="session")
def parser() -> Iterator[SpacyParser]:
    """spaCy, loaded once."""
    if not installed():
        pytest.skip("spaCy or its model is not installed")
    with SpacyParser() as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server, started once; it is a failure where there is none."""
    from tests.support.postgres import serving  # noqa: PLC0415 - its driver is for those tests that want it

    with serving() as server:
        yield server


@pytest.fixture
def on_postgres(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """Whoever opens the archive at a path opens a database of the server, which begins empty."""
    from tests.support.postgres import archives_on  # noqa: PLC0415 - as above

    with archives_on(postgres):
        yield postgres


@pytest.fixture(params=["sqlite", "postgres"])
def each_database(request: pytest.FixtureRequest) -> Callable[[Path], str | None]:
    """Run the test twice: with archives in files, and `on_postgres`.

    Return what tells the address of the database that stands for a path, if any.
    """
    if request.param == "sqlite":
        return lambda _: None
    server: PostgresServer = request.getfixturevalue("on_postgres")
    return server.url_of


@pytest.fixture
def own_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """The migrations make the tables of each new archive."""
    monkeypatch.setattr(opening, "migrate", migrating.migrate)


@pytest.fixture
def own_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each newsroom starts the process that reads its articles."""
    monkeypatch.setattr(assembly, "open_worker", open_own_worker)
