"""The last step of the versions before the first release, and how its archives become those of the first release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlalchemy as sa

STEP: Final = "0005"
SCHEMA_DIGEST: Final = "33dafeefffdacf96fa56a3192581eb58"
FOLLOWED_BY: Final = "0001_first_release"

_ASKER: Final = "CASE WHEN json_valid(value) THEN json_extract(value, '$.asker') END"
_STATEMENTS: Final = (
    "ALTER TABLE rulings RENAME TO overrides",
    "ALTER TABLE ruling_articles RENAME TO override_articles",
    "ALTER TABLE override_articles RENAME COLUMN ruling_id TO override_id",
    "DROP INDEX ix_rulings_collection_id",
    "CREATE INDEX ix_overrides_collection_id ON overrides (collection_id)",
    "ALTER TABLE subscriptions RENAME COLUMN told_at TO notified_at",
    "DROP TABLE speaker_aliases",  # only archives that are older still have rows in it
    "ALTER TABLE bot_state ADD COLUMN member INTEGER",
    f"UPDATE bot_state SET member = {_ASKER} WHERE typeof({_ASKER}) = 'integer' AND key LIKE '%:%'",  # noqa: S608 - constants
    "CREATE INDEX ix_bot_state_member ON bot_state (member)",
    f"UPDATE alembic_version SET version_num = '{FOLLOWED_BY}'",  # noqa: S608 - likewise
)


def adopt(connection: sa.Connection) -> None:
    """Rename and complete the tables of `STEP`, in the caller's transaction."""
    for statement in _STATEMENTS:
        connection.exec_driver_sql(statement)
