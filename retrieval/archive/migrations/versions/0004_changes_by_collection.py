"""The last change of each collection; one change an article, not one a passage; an index of what is read of all."""

from __future__ import annotations

from alembic import op

revision = "0004_changes_by_collection"
down_revision = "0003_feed_filters"
# of an archive that was made by the first release or later, and of one from before it
schema_digests = "3b451cb6b552a2d4e077f1f88fef8015 0ecaf243e922e7b797edd3187f5ccdcd"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them: what has changed is known from now on."""
    op.execute("ALTER TABLE changes RENAME COLUMN passage_id TO first_passage")
    op.execute("ALTER TABLE changes ADD COLUMN last_passage INTEGER DEFAULT 0 NOT NULL")
    op.execute("UPDATE changes SET last_passage = first_passage")
    op.execute("CREATE INDEX article_sources ON articles (id, published_at, publisher, publisher_key)")
    op.execute(
        "CREATE TABLE collection_changes (collection_id INTEGER NOT NULL, last INTEGER NOT NULL,"
        " CONSTRAINT pk_collection_changes PRIMARY KEY (collection_id))"
    )
