"""Where an archive stands is told without Alembic, and as Alembic tells it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from alembic.script import ScriptDirectory

from retrieval.archive.migrations import before_release
from retrieval.archive.sqlite.migrating import MIGRATIONS, known_steps, last_step

if TYPE_CHECKING:
    from pathlib import Path

OPENED = """
import sys
from pathlib import Path
from retrieval.archive.sqlite.opening import open_archive
with open_archive(Path(sys.argv[1])) as archive:
    print(archive.created, "alembic" in sys.modules)
"""


def opened(path: Path) -> str:
    told = subprocess.run([sys.executable, "-c", OPENED, str(path)], capture_output=True, text=True, check=True)
    return told.stdout.strip()


def test_the_steps_are_those_that_alembic_finds() -> None:
    script = ScriptDirectory(str(MIGRATIONS))

    assert known_steps() - {before_release.STEP} == {step.revision for step in script.walk_revisions()}
    assert last_step() == script.get_current_head()


def test_a_new_archive_needs_alembic_and_one_that_is_up_to_date_does_not(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite3"

    assert opened(path) == "True True"
    assert opened(path) == "False False"
