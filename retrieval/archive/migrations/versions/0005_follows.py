"""What members and channels follow, and what is to be announced."""

from __future__ import annotations

from alembic import op

revision = "0005_follows"
down_revision = "0004_changes_by_collection"
# of an archive that was made by the first release or later, and of one from before it
schema_digests = "0cc2f576bd375b91b7e16eee3ef9f747 16431eab7c6d223c4cadcb596f496194"
branch_labels = None
depends_on = None

_FOLLOWS = """
CREATE TABLE follows (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL,
    user_id INTEGER,
    channel_id INTEGER,
    role_id INTEGER,
    kind VARCHAR(16) NOT NULL,
    "key" TEXT NOT NULL,
    name TEXT NOT NULL,
    rhythm VARCHAR(16) NOT NULL,
    made_at DATETIME NOT NULL,
    told_at DATETIME,
    failures INTEGER NOT NULL,
    stopped VARCHAR(16)
)
"""
_ANNOUNCEMENTS = """
CREATE TABLE announcements (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    collection_id INTEGER NOT NULL,
    feed_id INTEGER,
    follow_id INTEGER,
    article_id INTEGER NOT NULL,
    due_at DATETIME NOT NULL,
    message INTEGER,
    CONSTRAINT fk_announcements_feed_id FOREIGN KEY (feed_id, collection_id)
        REFERENCES subscriptions (feed_id, collection_id) ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT fk_announcements_follow_id FOREIGN KEY (follow_id) REFERENCES follows (id) ON DELETE CASCADE,
    CONSTRAINT fk_announcements_article_id FOREIGN KEY (article_id) REFERENCES articles (id) ON DELETE CASCADE
)
"""
_INDICES = (
    "CREATE INDEX ix_follows_collection_id ON follows (collection_id)",
    "CREATE INDEX ix_follows_user_id ON follows (user_id)",
    "CREATE INDEX ix_announcements_article_id ON announcements (article_id)",
    "CREATE INDEX ix_announcements_feed_id ON announcements (feed_id)",
    "CREATE INDEX ix_announcements_follow_id ON announcements (follow_id)",
    "CREATE INDEX ix_announcements_collection_id ON announcements (collection_id)",
)


def upgrade() -> None:
    """Add the tables; what the archive holds already is told to nobody."""
    op.execute("ALTER TABLE article_numbers ADD COLUMN matched INTEGER DEFAULT 0 NOT NULL")
    op.execute("UPDATE article_numbers SET matched = last")
    for statement in (_FOLLOWS, _ANNOUNCEMENTS, *_INDICES):
        op.execute(statement)
