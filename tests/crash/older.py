"""Archives as older releases left them, one for each step: what those releases stored is in them, row by row."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from retrieval.archive.sqlite.connections import Connections
from retrieval.archive.sqlite.migrating import MIGRATIONS, known_steps, last_step
from retrieval.archive.vectors import at_rest
from retrieval.ingest import embed_article
from retrieval.reading import read_article
from retrieval.text.names.names import fold
from tests.support.fakes import HashingEmbedder

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.domain.articles import Draft

FIRST = "0001"
THEN = "2024-05-07 09:00:00.000000"
_HASH = "a" * 64

_SINCE: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "0002": [
        ("revisions", {
            "article_id": 1, "collection_id": 0, "content_hash": _HASH, "title": "Before", "body": "As it was before.",
            "added_at": THEN, "replaced_at": THEN,
        }),
        ("feeds", {"id": 1, "url": "https://courier.example/rss", "due_at": THEN, "failures": 2, "last_error": "It"}),
        ("subscriptions", {"feed_id": 1, "collection_id": 11, "channel_id": 5, "added_by": 7, "added_at": THEN}),
        ("feed_entries", {
            "feed_id": 1, "key": _HASH, "version": _HASH, "article_id": 1, "attempts": 0, "seen_at": THEN,
        }),
        ("audit", {"collection_id": 0, "at": THEN, "user_id": 7, "action": "article added", "detail": "Before"}),
    ],
    "0003": [
        ("rulings", {
            "id": 1, "collection_id": 0, "kind": "alias", "key": "ada okafor", "name": "Ada Okafor", "other": "Ms. O.",
            "made_at": THEN, "made_by": 7,
        }),
        ("ruling_articles", {"ruling_id": 1, "mark": _HASH}),
    ],
}  # fmt: skip
"""What a release of that step could store for the first time."""


def older_steps() -> list[str]:
    """Every step that an archive may have been left at, but for this release's own."""
    return sorted(known_steps() - {last_step()})


def archive_at(step: str, path: Path, *drafts: Draft) -> None:
    """An archive as the program of that step made it: its tables, its columns, and rows in all of them."""
    path.touch(mode=0o600)
    connections = Connections(path, busy_seconds=5)
    with connections._alone() as connection, connection.begin():
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST)
        _insert(connection, "embeddings", id=1, active=True, **asdict(HashingEmbedder().spec))
        for article_id, given in enumerate(drafts, 1):
            _insert_article(connection, article_id, given)
        _insert(connection, "bot_state", server=0, key="seed:gone", value="1", updated_at=THEN)
        if step != FIRST:
            command.upgrade(config, step)
        for since in sorted(known for known in _SINCE if known <= step):
            for table, values in _SINCE[since]:
                _insert(connection, table, **values)
    connections.close()


def step_of(path: Path) -> str:
    """The step that an archive is at."""
    connection = sqlite3.connect(path)
    try:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    finally:
        connection.close()


def rows_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Everything that stands in an archive, by table; of the full-text index what was put into it."""
    connection = sqlite3.connect(path)
    connection.row_factory = sqlite3.Row
    try:
        names = [str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        ours = [name for name in names if not name.startswith(("sqlite_", "passage_words_", "alembic_", "checksums"))]
        return {name: [dict(row) for row in connection.execute(f"SELECT rowid, * FROM {name}")] for name in ours}
    finally:
        connection.close()


def lost(before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]) -> list[str]:
    """The tables of which something that was there is there no more, or no more the same."""
    found = []
    for table, rows in before.items():
        names = rows[0].keys() if rows else ()
        kept = [{name: row.get(name, _HASH) for name in names} for row in after.get(table, [])]
        if kept != [dict(row) for row in rows] and rows:
            found.append(table)
    return found


def _insert_article(connection: sa.Connection, article_id: int, given: Draft) -> None:
    article = embed_article(read_article(given), HashingEmbedder())
    _insert(
        connection, "articles", id=article_id, content_hash=article.identity.body_hash, title=article.source.title,
        body=article.body, publisher=given.publisher, authors="[]", url=given.url, published_at=THEN, added_at=THEN,
    )  # fmt: skip
    _insert(connection, "visibility", article_id=article_id, collection_id=0)
    for ordinal, passage in enumerate(article.passages):
        words = " ".join(passage.words)
        place = {"start": passage.span.start, "end": passage.span.end, "words": len(passage.words)}
        id_ = _insert(connection, "passages", article_id=article_id, ordinal=ordinal, **place)
        vector = at_rest(passage.vector, HashingEmbedder().spec.dimension)
        _insert(connection, "vectors", passage_id=id_, embedding_id=1, vector=vector, tokens=passage.tokens)
        _insert(connection, "passage_words", rowid=id_, words=words)
        _insert(connection, "changes", passage_id=id_, kind="add")
    for found in article.quotations:
        spans = {"content": found.content, "context": found.context, "cue": found.cue, "mention": found.mention}
        ends = {f"{name}_{end}": getattr(span, end, None) for name, span in spans.items() for end in ("start", "end")}
        kinds = {"kind": found.kind.value, "attribution": found.attribution.value, "confidence": found.confidence}
        id_ = _insert(connection, "quotations", article_id=article_id, **ends, **kinds)
        for ordinal, speaker in enumerate(found.speakers):
            known = connection.execute(sa.text("SELECT id FROM speakers WHERE key = :k"), {"k": fold(speaker.name)})
            who = known.scalar() or _insert(connection, "speakers", key=fold(speaker.name), name=speaker.name)
            _insert(
                connection, "quotation_speakers",
                quotation_id=id_, speaker_id=who, ordinal=ordinal, role=speaker.role,
            )  # fmt: skip


def _insert(connection: sa.Connection, table: str, **values: Any) -> int:  # noqa: ANN401  # of any column
    names = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join(f":{name}" for name in values)
    inserted = connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({marks})"), values)
    return int(inserted.lastrowid or 0)
