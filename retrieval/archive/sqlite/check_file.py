"""Checks of an SQLite file that need no knowledge of its tables: SQLite's own, and that every row has its checksum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from retrieval.archive.integrity import checksums
from retrieval.archive.integrity.damaged_rows import name_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

_CONTENT_NOUNS: Final = {
    "articles": "the text or the source of",
    "quotation_speakers": "the speakers quoted in",
    "visibility": "the list of servers that see",
    "revisions": "the history of",
}
"""What a table of an article holds, where its name does not say it."""
_NOUNS: Final = {
    "feeds": "feed",
    "feed_entries": "feed",
    "speakers": "speaker",
    "embeddings": "model",
    "override_articles": "decision",
}
"""By table, the noun of its rows' owner; else a server."""


def check_file(connection: sa.Connection) -> Iterator[str]:
    """Let SQLite check the file, with its indices and references."""
    findings = list(connection.exec_driver_sql("PRAGMA integrity_check").scalars())
    if findings != ["ok"]:
        yield f"The file is damaged: {findings[0]} ({len(findings)} findings). Put a backup in its place."
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        yield f"{len(broken)} rows refer to rows that are not there, in {tables}."


def check_sums(connection: sa.Connection) -> Iterator[str]:
    """Compare every row with the checksums."""
    for part, owners in checksums.differing(connection):
        if part in checksums.OF_ARTICLES:
            changed = f"{_CONTENT_NOUNS.get(part, f'the {part} of')} {name_rows('article', owners)}"
        else:
            owner = "" if owners == [0] else f" about {name_rows(_NOUNS.get(part, 'server'), owners)}"
            changed = f"what is stored in {part}{owner}"
        yield f"Something other than Pullquote has changed {changed}."
