"""Disputed quotations, unnamed sources by their words; linked data of an article, and which extractor read it."""

from __future__ import annotations

from alembic import op

from retrieval.archive.integrity import checksums

revision = "0002_disputed_quotations"
down_revision = "0001_first_release"
# of an archive that was made by the first release or later, and of one from before it
schema_digests = "fbbe3bb926ec89c40630ebffe386b001 7b971718d4835e9e3cd53a10d29fcc0e"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns: nothing is disputed yet, and an older extractor has read every article."""
    with checksums.columns_added(op.get_bind(), "articles"):
        op.execute("ALTER TABLE articles ADD COLUMN linked JSON")
        op.execute("ALTER TABLE articles ADD COLUMN extractor INTEGER DEFAULT 0 NOT NULL")
        op.execute("CREATE INDEX ix_articles_extractor ON articles (extractor)")
    with checksums.columns_added(op.get_bind(), "quotations"):
        op.execute("ALTER TABLE quotations ADD COLUMN disputed BOOLEAN DEFAULT 0 NOT NULL")
        op.execute("ALTER TABLE quotations ADD COLUMN unnamed TEXT")
        op.execute("CREATE INDEX disputed_quotations ON quotations (article_id) WHERE disputed = 1")
