"""Indices by which the next announcement of very many is found."""

from __future__ import annotations

from alembic import op

revision = "0008_announcements"
down_revision = "0007_reports"
# of an archive that was made by the first release or later, and of one from before it
schema_digests = "66dc1eeeaf853f64cdbcff9f264c47d8 8fc99955144ac0fdd790205754a38e65"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them."""
    op.execute("DROP INDEX ix_announcements_feed_id")
    op.execute("CREATE INDEX ix_announcements_feed_id_collection_id ON announcements (feed_id, collection_id)")
    op.execute("CREATE INDEX ix_announcements_due_at ON announcements (due_at)")
    op.execute("CREATE INDEX ix_announcements_message ON announcements (message)")
