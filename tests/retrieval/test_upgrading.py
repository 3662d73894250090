"""An archive of the first release is opened by this one: everything in it answers, whatever cut the upgrade off."""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from retrieval.archive.backing_up import back_up, restore
from retrieval.archive.connections import Connections
from retrieval.archive.migrating import MIGRATIONS, known_steps, last_step
from retrieval.archive.opening import open_archive
from retrieval.archive.vectors import at_rest
from retrieval.assembly import open_newsroom
from retrieval.domain.answers import Answer
from retrieval.domain.ids import SHARED
from retrieval.domain.quotations import QuotationsFound
from retrieval.domain.readers import Reader
from retrieval.ingest import embed_article, read_article
from retrieval.text.names import fold
from tests.articles import BRIDGE
from tests.fakes import HashingEmbedder
from tests.retrieval.killed import draft, settings

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.domain.articles import Draft

EMBEDDER = HashingEmbedder()
ANYONE = Reader()
THEN = "2024-05-07 09:00:00.000000"
MANY, KILLS = 40, 6


def first_release(path: Path, *drafts: Draft) -> None:
    """The archive as the first step's program made it: its tables, its columns, its rows."""
    path.touch(mode=0o600)
    connections = Connections(path, busy_seconds=5)
    with connections.writing() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        insert(connection, "embeddings", id=1, active=True, **asdict(EMBEDDER.spec))
        for article_id, given in enumerate(drafts, 1):
            insert_article(connection, article_id, given)
        insert(connection, "bot_state", server=0, key="seed:gone", value="1", updated_at=THEN)
    connections.close()


def insert_article(connection: sa.Connection, article_id: int, given: Draft) -> None:
    article = embed_article(read_article(given), EMBEDDER)
    insert(
        connection, "articles", id=article_id, content_hash=article.identity.body_hash, title=article.source.title,
        body=article.body, publisher=given.publisher, authors="[]", url=given.url, published_at=THEN, added_at=THEN,
    )  # fmt: skip
    insert(connection, "visibility", article_id=article_id, collection_id=0)
    for ordinal, passage in enumerate(article.passages):
        words = " ".join(passage.words)
        place = {"start": passage.span.start, "end": passage.span.end, "words": len(passage.words)}
        id_ = insert(connection, "passages", article_id=article_id, ordinal=ordinal, **place)
        vector = at_rest(passage.vector, EMBEDDER.spec.dimension)
        insert(connection, "vectors", passage_id=id_, embedding_id=1, vector=vector, tokens=passage.tokens)
        insert(connection, "passage_words", rowid=id_, words=words)
        insert(connection, "changes", passage_id=id_, kind="add")
    for found in article.quotations:
        spans = {"content": found.content, "context": found.context, "cue": found.cue, "mention": found.mention}
        ends = {f"{name}_{end}": getattr(span, end, None) for name, span in spans.items() for end in ("start", "end")}
        kinds = {"kind": found.kind.value, "attribution": found.attribution.value, "confidence": found.confidence}
        id_ = insert(connection, "quotations", article_id=article_id, **ends, **kinds)
        for ordinal, speaker in enumerate(found.speakers):
            known = connection.execute(sa.text("SELECT id FROM speakers WHERE key = :k"), {"k": fold(speaker.name)})
            who = known.scalar() or insert(connection, "speakers", key=fold(speaker.name), name=speaker.name)
            insert(
                connection, "quotation_speakers",
                quotation_id=id_, speaker_id=who, ordinal=ordinal, role=speaker.role,
            )  # fmt: skip


def insert(connection: sa.Connection, table: str, **values: Any) -> int:  # noqa: ANN401  # of any column
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(f":{name}" for name in values)
    inserted = connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)
    return int(inserted.lastrowid or 0)


def step_of(path: Path) -> str:
    connection = sqlite3.connect(path)
    try:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    finally:
        connection.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.sqlite3"


def test_an_archive_of_the_first_release_answers_in_this_one(path: Path) -> None:
    first_release(path, BRIDGE, *map(draft, range(3)))
    assert step_of(path) == "0001"
    with open_newsroom(settings(path), EMBEDDER) as room:
        room.warm_up.result()
        assert not room.is_new
        assert room.check().problems == ()
        assert len(room.articles(ANYONE)) == 4
        answer = room.ask(ANYONE, "why was the harbour bridge closed")
        assert isinstance(answer, Answer)
        assert "bridge" in answer.citations[0].excerpt
        said = room.quotes_by(ANYONE, "Ada Okafor")
        assert isinstance(said, QuotationsFound)
        assert any("Nobody was ever in danger" in cited.words for cited in said.quotations)
        assert room.bot_state.get(SHARED, "seed:gone") == "1"
        assert room.add_article(BRIDGE).article.id in {entry.id for entry in room.articles(ANYONE)}
        assert len(room.articles(ANYONE)) == 4, "a text that the first release knew was taken for a new one"
        room.add_article(draft(77))
        room.remove_article(ANYONE, room.articles(ANYONE)[-1].id)
        assert room.check().problems == ()


def test_a_backup_of_the_first_release_is_restored_as_it_is_and_then_upgraded(path: Path, tmp_path: Path) -> None:
    first_release(path, BRIDGE)
    back_up(path, tmp_path / "backup")
    restore(tmp_path / "backup", path)
    assert step_of(path) == "0001"
    with open_archive(path) as archive:
        assert archive.check().problems == ()
        assert len(archive.articles(ANYONE)) == 1


UPGRADE = """
import sys
from pathlib import Path
import alembic.command
from retrieval.archive.opening import open_archive
print("begun", flush=True)
with open_archive(Path(sys.argv[1])): pass
"""


def test_killed_in_mid_upgrade_the_archive_is_at_the_old_step_or_at_the_new_one(path: Path) -> None:
    made = path.with_name("made.sqlite3")
    first_release(made, *map(draft, range(MANY)))
    content, moments, found = made.read_bytes(), random.Random(3), set[str]()
    newest = last_step()
    for kill in range(KILLS):
        path.write_bytes(content)
        with subprocess.Popen([sys.executable, "-c", UPGRADE, str(path)], stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(moments.uniform(0, 0.3) if kill else 0)
            os.kill(process.pid, signal.SIGKILL)
        found.add(step_of(path))
        assert found <= {"0001", newest}
        with open_archive(path) as archive:
            assert archive.check().problems == ()
            assert len(archive.articles(ANYONE)) == MANY
        for companion in path.parent.glob("news.sqlite3-*"):
            companion.unlink()
    assert "0001" in found, "no kill came before the end"


def test_every_step_has_its_number_and_follows_the_one_before() -> None:
    steps = sorted(known_steps())
    assert steps == [f"{number:04}" for number in range(1, len(steps) + 1)]
    assert all(re.fullmatch(r"\d{4}", step) for step in steps)
