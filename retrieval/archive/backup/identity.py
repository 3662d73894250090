"""Tells whether a backup was made of an archive: both have the same identity, and the archive was not emptied since.

The identity is a random text that is stored in the archive before its first daily backup, and so in every backup.
"""

from __future__ import annotations

import uuid
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from retrieval.archive.sqlite.access import find_access, open_to_read
from retrieval.archive.sqlite.failures import translate_errors
from retrieval.domain.ids import SHARED
from retrieval.errors import ArchiveFull, ArchiveReadOnly

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.archive.bot_state import BotState

_KEY: Final = "identity"
_IDENTITY: Final = "SELECT value FROM bot_state WHERE server = ? AND key = ?"


@dataclass(frozen=True, slots=True)
class Contents:
    """How many articles a file holds, and the identity of its archive, if it has one."""

    articles: int
    identity: str | None

    def is_of_another(self, other: Contents) -> bool:
        """Return whether both archives have an identity, and not the same."""
        return None not in (self.identity, other.identity) and self.identity != other.identity


def identify(bot_state: BotState) -> None:
    """Give the archive an identity if it has none and can be written."""
    if bot_state.get(SHARED, _KEY) is None:
        with suppress(ArchiveFull, ArchiveReadOnly):
            bot_state.put(SHARED, _KEY, uuid.uuid4().hex)


def contents_of(file: Path) -> Contents:
    """Read quickly what an archive or a backup holds, without verifying it. Raises ArchiveError."""
    with translate_errors(file), closing(open_to_read(file, find_access(file))) as connection:
        articles = int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
        row = connection.execute(_IDENTITY, (SHARED, _KEY)).fetchone()
    return Contents(articles, None if row is None else str(row[0]))
