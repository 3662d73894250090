"""Archives as older releases left them: kept files, one for each step that this release can upgrade."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from retrieval.archive.sqlite.migrating import last_step, steps

KEPT: Final = Path(__file__).parents[1] / "retrieval" / "archives"
RENAMED: Final = {
    "rulings": "overrides",
    "ruling_articles": "override_articles",
    "ruling_id": "override_id",
    "told_at": "notified_at",
    "changes.passage_id": "first_passage",
}
"""By the name that a table or column had before the first release, the one that it has now."""
DROPPED: Final = frozenset({"speaker_aliases"})


def older_steps() -> list[str]:
    """Return every step that an archive may have been left at, but for this release's own."""
    return sorted(steps().keys() - {last_step()})


def archive_at(step: str, path: Path) -> None:
    """Make an archive as the program of that step left it, with six articles and rows in all of its tables."""
    shutil.copyfile(KEPT / f"{step}.sqlite3", path)
    path.chmod(0o600)


def step_of(path: Path) -> str:
    """Return the step that an archive is at."""
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def rows_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return every row of an archive, by table; of the full-text index the words that were put into it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        names = [str(row[0]) for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        ours = [name for name in names if not name.startswith(("sqlite_", "passage_words_", "alembic_", "checksums"))]
        return {name: [dict(row) for row in connection.execute(f"SELECT rowid, * FROM {name}")] for name in ours}


def lost(before: dict[str, list[dict[str, Any]]], after: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return the tables of which a row is gone or has changed, other than by the new names of tables and columns."""
    found = []
    for table, stored in before.items():
        rows = [row for row in stored if not str(row.get("key")).startswith("answer:")]  # they are in `remembered` now
        names = {name: RENAMED.get(f"{table}.{name}", RENAMED.get(name, name)) for name in (rows[0] if rows else ())}
        old = [{names[name]: value for name, value in row.items()} for row in rows]
        now = after.get(RENAMED.get(table, table), [])
        kept = [{name: row.get(name) for name in (old[0] if old else ())} for row in now]
        if old and table not in DROPPED and kept != old:
            found.append(table)
    return found
