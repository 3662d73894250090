"""The tables of the first release, made by the statements of the SQL file beside this one."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0001_first_release"
down_revision = None
# of an archive that is made anew, and of one from before the release
schema_digests = "9f48026f460ad71922b4d0ad17d95c74 1d8cd0ea22b6d65108a5abcc809b455a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make an archive without articles in an empty database."""
    statements = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split(";\n")
    for statement in filter(str.strip, statements):
        op.get_bind().exec_driver_sql(statement)
