"""Whatever stands in a column, of whatever type: the check says so, a backup is refused, and everything is answered."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.settings_store import GuildSettingsStore
from retrieval.archive.backup.backup_file import back_up
from retrieval.archive.schema import metadata
from retrieval.domain.scope import Scope
from retrieval.errors import ArchiveCorrupt, NewsError
from tests.retrieval.damaged import HERE, change, fill, problems
from tests.retrieval.test_damaged_answers import QUESTION, newsroom, passages
from tests.support.sizes import some

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.newsroom import Newsroom

_THEN = "2024-03-25 12:00:00.000000"
_MORE = (
    f"INSERT INTO attempts (key, tries, tried_at, problem) VALUES ('{'a' * 64}', 1, '{_THEN}', 'It was too long.')",
    f"INSERT INTO edits (article_id, collection_id, fields, title) VALUES (2, {HERE}, '[\"title\"]', 'Before')",
)

_VALUES = ("x'ff80'", "'x'", "-1", "9223372036854775807")
_COLUMNS = [(table.name, column.name) for table in metadata.sorted_tables for column in table.c]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "news.sqlite3"
    fill(path, 6)
    with closing(sqlite3.connect(path)) as connection:
        for statement in _MORE:
            connection.execute(statement)
        connection.commit()
        connection.execute("PRAGMA journal_mode = DELETE")
    return path


def damaged(sound: Path, path: Path, table: str, column: str, value: str) -> bool:
    """A copy with one value replaced in all rows, or in the last one where they may not be the same."""
    for left in path.parent.glob(f"{path.name}*"):
        left.unlink()
    shutil.copy(sound, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for which in ("", f" WHERE rowid = (SELECT max(rowid) FROM {table})"):
            try:
                changed = connection.execute(f'UPDATE {table} SET "{column}" = {value.format(column)}{which}').rowcount
                connection.commit()
            except sqlite3.Error:
                connection.rollback()
            else:
                return changed > 0
    return False


def questions(room: Newsroom, scope: Scope) -> tuple[Callable[[], object], ...]:
    return (
        lambda: room.ask(scope, QUESTION),
        lambda: [room.quotes_of(scope, one.speaker.id) for one in room.speakers.directory(scope).entries],
        lambda: room.quotes_by(scope, "Ann Lee", "the bridge and the council"),
        lambda: room.articles.page(scope, "bridge"),
        lambda: [room.articles.show(scope, entry.id) for entry in room.articles.entries(scope)],
        lambda: room.articles.export(scope),
        lambda: room.collections.audit(scope),
        lambda: room.about(scope),
        lambda: room.feeds.listed(scope),
        lambda: room.overrides.active(scope),
        GuildSettingsStore(room).load,
    )


@pytest.mark.parametrize(
    ("table", "column", "values"),
    some([(table, column, _VALUES[number % 2 :: 2]) for number, (table, column) in enumerate(_COLUMNS)], 3),
)
def test_no_value_of_any_column_stops_an_answer_or_a_check(
    sound: Path, tmp_path: Path, table: str, column: str, values: tuple[str, ...]
) -> None:
    """Half of the values for a column, the other half for the next one."""
    path, backup = tmp_path / "news.sqlite3", tmp_path / "the.backup"
    for value in values:
        if damaged(sound, path, table, column, value):
            with suppress(NewsError):
                back_up(path, backup, replace=True)
            with suppress(NewsError), newsroom(path) as room:
                for question in questions(room, Scope(HERE)):
                    with suppress(NewsError):
                        question()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE articles SET body = CAST(body AS BLOB) WHERE id = 2",
        "UPDATE embeddings SET dimension = 9223372036854775807",
        "UPDATE passages SET ordinal = CAST('x' AS BLOB) WHERE id = 2",
    ],
)
def test_the_check_says_what_is_of_another_type_and_no_backup_is_replaced(
    sound: Path, tmp_path: Path, damage: str
) -> None:
    path, backup = Path(shutil.copy(sound, tmp_path / "news.sqlite3")), tmp_path / "the.backup"
    change(path, damage)
    backup.write_bytes(b"good")
    assert problems(path)
    with pytest.raises(ArchiveCorrupt):
        back_up(path, backup, replace=True)
    assert backup.read_bytes() == b"good"


def test_a_text_stored_as_bytes_is_still_quoted(sound: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(sound, tmp_path / "news.sqlite3"))
    before = passages(path)
    change(path, "UPDATE articles SET body = CAST(body AS BLOB), title = CAST(title AS BLOB)")
    assert passages(path) == before != []
