"""Of an article whose text a feed carried: what its page said, so that the two do not take turns."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Entries that are known already count as read from their pages."""
    op.add_column("feed_entries", sa.Column("page_hash", sa.String(64)))
