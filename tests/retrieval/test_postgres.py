"""What is of PostgreSQL alone. That archives are the same in it as in a file is tested with `each_database`."""

from __future__ import annotations

import os
import threading
from contextlib import closing
from typing import TYPE_CHECKING

import psycopg
import pytest
import sqlalchemy as sa
from pydantic import SecretStr
from typer.testing import CliRunner

from retrieval.adapters.search.faiss_search import FaissSearch
from retrieval.archive.opening import look_into, open_archive
from retrieval.archive.postgres.connections import PostgresConnections
from retrieval.archive.schema import articles
from retrieval.assembly import open_newsroom
from retrieval.cli.app import app
from retrieval.domain.answers import Answer
from retrieval.domain.ids import SHARED
from retrieval.domain.scope import Scope
from retrieval.errors import ArchiveAway, ArchiveLocked, ArchiveMissing, ArchiveRefused, DatabaseReadOnly
from tests.support.fakes import FakeFetcher, HashingEmbedder
from tests.support.newsrooms import settings_in
from tests.support.prepared import NOON, new_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.archive.archive import Archive
    from tests.support.postgres import PostgresServer

_TERMINATE = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'pullquote'"
EMBEDDER = HashingEmbedder(dimension=16)
ANYONE = Scope()


@pytest.fixture
def url(postgres: PostgresServer) -> str:
    """An empty database."""
    return postgres.new()


@pytest.fixture
def archive(url: str, tmp_path: Path) -> Iterator[Archive]:
    """An empty one."""
    with open_archive(tmp_path / "news", url, busy_seconds=0.3) as opened:
        yield opened


def add(archive: Archive, title: str, text: str = "The ferry stays in port.") -> None:
    archive.articles.add(new_article(title, text, embedder=EMBEDDER), EMBEDDER.spec, collection=SHARED, now=NOON)


def run(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())


def test_an_empty_database_becomes_an_archive_and_is_found_again(url: str, tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissing, match="holds no archive yet"), look_into(tmp_path / "news", url):
        pass
    with open_archive(tmp_path / "news", url) as archive:
        assert archive.created
        add(archive, "Ferry in port")
        assert archive.check().problems == ()
    with open_archive(tmp_path / "elsewhere" / "news", url) as archive, look_into(tmp_path / "news", url) as other:
        assert not archive.created
        assert [entry.source.title for entry in other.articles.entries(ANYONE)] == ["Ferry in port"]
        assert archive.storage().size > 0


def test_several_may_make_the_same_archive_at_the_same_moment(url: str, tmp_path: Path) -> None:
    made: list[bool | Exception] = []

    def make() -> None:
        try:
            with open_archive(tmp_path / "news", url) as archive:
                made.append(archive.created)
        except Exception as error:  # noqa: BLE001 - told to the test below
            made.append(error)

    threads = [threading.Thread(target=make) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, made)) == ["False", "False", "True"]


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("CREATE TABLE orders (id INTEGER)", "another program"),
        ("CREATE TABLE alembic_version AS SELECT '9999_far_ahead' AS version_num", "newer release"),
    ],
)
def test_a_database_of_another_program_or_release_is_left_alone(
    url: str, tmp_path: Path, statement: str, said: str
) -> None:
    run(url, statement)
    with pytest.raises(ArchiveRefused, match=said), open_archive(tmp_path / "news", url):
        pass
    with pytest.raises(psycopg.errors.UndefinedTable):
        run(url, "SELECT * FROM articles")


def test_a_server_that_does_not_answer_and_an_address_that_is_none_are_told_without_the_password(
    tmp_path: Path,
) -> None:
    away = f"postgresql://bot:secret@/news?host={tmp_path}"
    with pytest.raises(ArchiveAway, match=rf"news on {tmp_path}.*cannot be reached just now") as caught:
        open_archive(tmp_path / "news", away).__enter__()
    assert "secret" not in str(caught.value)
    with pytest.raises(ArchiveRefused, match="Check DATABASE_URL") as refused:
        open_archive(tmp_path / "news", "postgresql://bot:secret@host/news?colour=red").__enter__()
    assert "secret" not in str(refused.value)


def test_one_writes_at_a_time_and_notes_do_not_wait(archive: Archive, url: str, tmp_path: Path) -> None:
    with closing(PostgresConnections(url, tmp_path / "other", 5)) as other, other.writing():
        with pytest.raises(ArchiveLocked, match="another process"):
            add(archive, "Ferry in port")
        archive.bot_state.put(SHARED, "colour", "green")
    add(archive, "Ferry in port")
    assert archive.bot_state.get(SHARED, "colour") == "green"


def test_work_is_claimed_by_one_and_free_when_it_ends(archive: Archive, url: str, tmp_path: Path) -> None:
    with open_archive(tmp_path / "other", url) as other:
        with archive.rereading.claim() as first, other.rereading.claim() as second, other.models.claim() as third:
            assert (first, second, third) == (True, False, True)
        with other.rereading.claim() as again:
            assert again


def test_a_database_that_takes_no_writes_says_so(archive: Archive) -> None:
    with pytest.raises(DatabaseReadOnly, match="takes no writes"), archive._connections.reading() as connection:
        connection.execute(sa.delete(articles))


def test_a_user_without_rights_is_told_what_to_check(archive: Archive, url: str, tmp_path: Path) -> None:
    assert archive.created
    run(url, "CREATE ROLE guest LOGIN")
    with pytest.raises(ArchiveRefused, match=r"permission denied.*Check DATABASE_URL"):
        open_archive(tmp_path / "other", url.replace("postgres@", "guest@")).__enter__()


def test_what_postgresql_cannot_store_of_a_text_is_replaced(archive: Archive) -> None:
    archive.bot_state.put(SHARED, "a\0b", "half \ud800 a pair, and \0")
    assert archive.bot_state.get(SHARED, "a\0b") == "half ? a pair, and \ufffd"


def test_a_search_goes_on_after_its_connection_was_lost_and_begins_anew(archive: Archive, url: str) -> None:
    """Another server may have taken over, which knows nothing of the last changes that were followed."""
    add(archive, "Ferry in port")
    asked = EMBEDDER.embed_query("Ferry in port").vector
    with closing(FaissSearch(archive, EMBEDDER.spec)) as search:
        (before,) = search.candidates(ANYONE, asked, [], 5)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("UPDATE vectors SET vector = %s", [(-asked).astype("<f2").tobytes()])
            connection.execute(_TERMINATE)
        (after,) = search.candidates(ANYONE, asked, [], 5)
        assert before.similarity > -0.9
        assert after.similarity == pytest.approx(-1, abs=1e-3)


def test_while_the_database_is_away_that_is_said_and_all_goes_on_when_it_is_back(
    archive: Archive, url: str, postgres: PostgresServer
) -> None:
    add(archive, "Ferry in port")
    database, asked = url.partition("@/")[2].partition("?")[0], EMBEDDER.embed_query("ferry").vector
    with closing(FaissSearch(archive, EMBEDDER.spec)) as search:
        postgres.run(f"ALTER DATABASE {database} ALLOW_CONNECTIONS false")
        postgres.run(_TERMINATE)
        for _ in range(2):
            with pytest.raises(ArchiveAway, match="cannot be reached just now"):
                search.candidates(ANYONE, asked, [], 5)
            with pytest.raises(ArchiveAway):
                add(archive, "Bridge closed", "The bridge is closed.")
        postgres.run(f"ALTER DATABASE {database} ALLOW_CONNECTIONS true")
        add(archive, "Bridge closed", "The bridge is closed.")
        assert len(search.candidates(ANYONE, asked, [], 5)) == 2


def test_words_are_known_used_and_alike(archive: Archive) -> None:
    add(archive, "Ferry in port", "The ferry stays in port, and ferries wait.")
    vocabulary = archive.vocabulary
    assert vocabulary.known(ANYONE, ["ferry", "fer", "of"]) == {"ferry"}
    (used,) = vocabulary.uses(ANYONE, ["ferry", "nowhere"], ["port"])
    assert (used.word, used.passages, used.beside) == ("ferry", 1, 1)
    assert [each.word for each in vocabulary.uses_of_like(ANYONE, "ferrys", [])] == ["ferry", "ferries"]


def test_only_one_model_is_active_and_many_may_be_inactive(archive: Archive, url: str) -> None:
    add(archive, "Ferry in port")
    others = "model, revision, dimension, checksum, normalised, passage_prefix, query_prefix"
    run(url, f"INSERT INTO embeddings ({others}, active) SELECT {others}, false FROM embeddings")
    run(url, f"INSERT INTO embeddings ({others}, active) SELECT {others}, false FROM embeddings LIMIT 1")
    with pytest.raises(psycopg.errors.UniqueViolation):
        run(url, "UPDATE embeddings SET active = true")


def test_texts_are_ordered_by_their_characters_numbers_whatever_the_databases_language(archive: Archive) -> None:
    with archive._connections.reading() as connection:
        collations = connection.execute(
            sa.text("SELECT collation_name FROM information_schema.columns WHERE column_name = 'publisher_key'")
        )
        assert set(collations.scalars()) == {"C"}
        assert connection.scalar(sa.select(articles.c.id)) is None


def test_a_newsroom_answers_from_a_database_and_its_commands_say_what_is_elsewhere(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_in(tmp_path).model_copy(update={"database_url": SecretStr(url)})
    with open_newsroom(settings, EMBEDDER, fetcher=FakeFetcher()) as room:
        room.warm_up.result()
        add(room._archive, "Ferry in port", "The ferry stays in port because of a storm, the harbour said on Monday.")
        answered = room.ask(ANYONE, "Why does the ferry stay in port?")
        assert isinstance(answered, Answer)
        assert answered.citations[0].source.title == "Ferry in port"
    for name in [name for name in os.environ if name in {"ARCHIVE_PATH", "BACKUP_PATH", "DATABASE_URL"}]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    refused = CliRunner().invoke(app, ["backup", "news.backup"])
    assert (refused.exit_code, "pg_dump" in refused.output) == (2, True)
    status = CliRunner().invoke(app, ["status"]).output
    assert "1 article" in status
    assert "postgres@" not in status
