"""What members say of words that were shown, and the questions that found no answer."""

from __future__ import annotations

from alembic import op

revision = "0007_reports"
down_revision = "0006_remembered"
# of an archive that was made by the first release or later, and of one from before it
schema_digests = "d17a6864a0170e0c22f4e23feeb6c641 f00bbba13bed5b58a5631c2cb3915307"
branch_labels = None
depends_on = None

_REPORTS = """
CREATE TABLE reports (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL,
    article_id INTEGER NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    user_id INTEGER,
    kind VARCHAR(16) NOT NULL,
    at DATETIME NOT NULL,
    CONSTRAINT ck_reports_span CHECK ("start" >= 0 AND "end" > "start"),
    CONSTRAINT uq_reports_voice UNIQUE (collection_id, article_id, start, "end", user_id),
    CONSTRAINT fk_reports_article_id FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE
)
"""
_UNANSWERED = """
CREATE TABLE unanswered (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL,
    question TEXT NOT NULL,
    at DATETIME NOT NULL
)
"""
_INDICES = (
    "CREATE INDEX ix_reports_article_id ON reports (article_id)",
    "CREATE INDEX ix_reports_user_id ON reports (user_id)",
    "CREATE INDEX ix_unanswered_collection_id ON unanswered (collection_id)",
)


def upgrade() -> None:
    """Add the tables."""
    for statement in (_REPORTS, _UNANSWERED, *_INDICES):
        op.execute(statement)
