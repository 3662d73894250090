"""Which articles of a feed a server reads and announces."""

from __future__ import annotations

from alembic import op

revision = "0003_feed_filters"
down_revision = "0002_disputed_quotations"
# of an archive that was made by the first release or later, and of one from before it
schema_digests = "eacc28308a578f3d05fb98b9dea83c2b 82c7200d87d4927adbacbdad10654735"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns: no filter yet."""
    for name in ("read_wanted", "read_unwanted", "announced_wanted", "announced_unwanted"):
        op.execute(f"ALTER TABLE subscriptions ADD COLUMN {name} JSON")
