"""Where an archive stands is told without Alembic, and as Alembic tells it; a step that adds a column keeps damage."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from alembic.script import ScriptDirectory

from retrieval.archive.migrations import before_release
from retrieval.archive.sqlite import migrating
from retrieval.archive.sqlite.migrating import MIGRATIONS, SCHEMA, last_step, schema_digest, steps
from tests.retrieval.damaged import change, fill
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

KEPT = sorted((ROOT / "tests" / "retrieval" / "archives").glob("*.sqlite3"))
pytestmark = pytest.mark.usefixtures("own_tables")

OPENED = """
import sys
from pathlib import Path
from retrieval.archive.opening import open_archive
with open_archive(Path(sys.argv[1])) as archive:
    print(archive.created, "alembic" in sys.modules)
"""

NEXT_RELEASE = """
import sys
from pathlib import Path
from retrieval.archive import column_types, schema
for table in (schema.visibility, schema.passages, schema.articles):
    table.append_column(schema.sa.Column("rating", column_types.Share))
from retrieval.archive.sqlite import migrating
from retrieval.archive.opening import open_archive
from retrieval.domain.scope import Scope
migrating.MIGRATIONS = Path(sys.argv[2])
with open_archive(Path(sys.argv[1])) as archive:
    print(*archive.check().problems, sep="\\n")
    archive.articles.remove(Scope(), archive.articles.entries(Scope())[0].id)
    print(*archive.check().problems, sep="\\n")
"""
STEP = """
from alembic import op
from retrieval.archive.integrity import checksums

revision = "9999_rating"
down_revision = "{last}"
schema_digests = "{digest}"


def upgrade() -> None:
    for table in ("visibility", "passages", "articles"):
        with checksums.columns_added(op.get_bind(), table):
            op.execute(f"ALTER TABLE {{table}} ADD COLUMN rating FLOAT")
            op.execute(f"UPDATE {{table}} SET rating = 0.5")
"""


def opened(path: Path) -> str:
    told = subprocess.run([sys.executable, "-c", OPENED, str(path)], capture_output=True, text=True, check=True)
    return told.stdout.strip()


def test_the_steps_are_those_that_alembic_finds() -> None:
    script = ScriptDirectory(str(MIGRATIONS))

    assert steps().keys() - {before_release.STEP} == {step.revision for step in script.walk_revisions()}
    assert last_step() == script.get_current_head()


def test_a_new_step_may_name_no_digest_until_a_test_prints_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "versions").mkdir()
    (tmp_path / "versions" / "9999_rating.py").write_text(STEP.format(last="", digest=""), encoding="utf-8")
    monkeypatch.setattr(migrating, "MIGRATIONS", tmp_path)
    assert steps.__wrapped__()["9999_rating"].schema_digests == frozenset()


def test_a_new_archive_needs_alembic_and_one_that_is_up_to_date_does_not(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite3"

    assert opened(path) == "True True"
    assert opened(path) == "False False"


@pytest.mark.parametrize("kept", [None, *KEPT], ids=lambda kept: "new" if kept is None else kept.stem)
def test_the_last_step_knows_the_schema_that_it_leaves(tmp_path: Path, kept: Path | None) -> None:
    path = tmp_path / "archive.sqlite3"
    if kept is not None:
        shutil.copyfile(kept, path)
    opened(path)
    with closing(sqlite3.connect(path)) as connection:
        digest = schema_digest(connection.execute(SCHEMA))
    assert digest in steps()[last_step()].schema_digests, f"put {digest} into schema_digests of the last step"


def test_a_step_that_adds_a_column_to_articles_keeps_damage_and_adds_none(tmp_path: Path) -> None:
    path, migrations = tmp_path / "archive.sqlite3", tmp_path / "migrations"
    fill(path)
    change(path, "UPDATE visibility SET added_by = 5 WHERE article_id = 2")
    shutil.copytree(MIGRATIONS, migrations)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("BEGIN")
        for table in ("visibility", "passages", "articles"):
            connection.execute(f"ALTER TABLE {table} ADD COLUMN rating FLOAT")
        digest = schema_digest(connection.execute(SCHEMA).fetchall())
        connection.rollback()
    step = STEP.format(last=last_step(), digest=digest)
    (migrations / "versions" / "9999_rating.py").write_text(step, encoding="utf-8")

    ran = subprocess.run(
        [sys.executable, "-c", NEXT_RELEASE, str(path), str(migrations)], stdout=subprocess.PIPE, text=True, check=True
    )

    problem = "Something other than Pullquote has changed the list of servers that see article 2."
    assert ran.stdout.splitlines() == [problem, problem]
