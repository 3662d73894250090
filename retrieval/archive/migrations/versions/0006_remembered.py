"""What members were shown, for the buttons under it, in a table of its own."""

from __future__ import annotations

from alembic import op

revision = "0006_remembered"
down_revision = "0005_follows"
# of an archive that was made by the first release or later, and of one from before it
schema_digests = "135d4cc9d79d6c9b131403231a0d6483 1a210ba693219c8bd71cba9957183620"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move it from the bot's state, where the kind and the token were one key."""
    op.execute(
        "CREATE TABLE remembered (collection_id INTEGER NOT NULL, kind VARCHAR(16) NOT NULL, token INTEGER NOT NULL,"
        " value TEXT NOT NULL, asker INTEGER, at DATETIME NOT NULL,"
        " CONSTRAINT pk_remembered PRIMARY KEY (collection_id, kind, token))"
    )
    op.execute("CREATE INDEX ix_remembered_asker ON remembered (asker)")
    op.execute("CREATE INDEX ix_remembered_at ON remembered (at)")
    op.execute(
        "INSERT OR IGNORE INTO remembered SELECT server, substr(key, 1, instr(key, ':') - 1),"
        " CAST(substr(key, instr(key, ':') + 1) AS INTEGER), value, member, updated_at"
        " FROM bot_state WHERE member IS NOT NULL"
    )
    op.execute("DELETE FROM bot_state WHERE member IS NOT NULL")
    op.execute("DROP INDEX ix_bot_state_member")
    op.execute("ALTER TABLE bot_state DROP COLUMN member")
