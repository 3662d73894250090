"""Disputed quotations, unnamed sources by their words, and which version of the extractor read an article."""

from __future__ import annotations

from alembic import op

from retrieval.archive.integrity import checksums

revision = "0002_disputed_quotations"
down_revision = "0001_first_release"
# of an archive that was made by the first release or later, and of one from before it
schema_digests = "3b0c6c85dc5c4986ce0ce5b95b0eeca8 1a8e20bd45b6ea75406d13668b32cc16"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns: nothing is disputed yet, and an older extractor has read every article."""
    with checksums.columns_added(op.get_bind(), "articles"):
        op.execute("ALTER TABLE articles ADD COLUMN extractor INTEGER DEFAULT 0 NOT NULL")
        op.execute("CREATE INDEX ix_articles_extractor ON articles (extractor)")
    with checksums.columns_added(op.get_bind(), "quotations"):
        op.execute("ALTER TABLE quotations ADD COLUMN disputed BOOLEAN DEFAULT 0 NOT NULL")
        op.execute("ALTER TABLE quotations ADD COLUMN unnamed TEXT")
        op.execute("CREATE INDEX disputed_quotations ON quotations (article_id) WHERE disputed = 1")
