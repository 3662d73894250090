"""Takes an article out of a reader's own collection, and out of the archive when nobody is left who sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.archive import identity, words
from retrieval.archive.adding import note
from retrieval.archive.reading import article_entries
from retrieval.archive.rows import in_collections, passage_ids
from retrieval.archive.schema import articles, quotation_speakers, quotations, visibility
from retrieval.domain import SHARED, SpeakerId
from retrieval.errors import ArticleUnknown

if TYPE_CHECKING:
    from retrieval.domain import ArticleEntry, ArticleId, Reader


def remove(connection: sa.Connection, reader: Reader, article_id: ArticleId) -> ArticleEntry:
    """The article as it was. A server removes what it added itself; nobody in particular removes what is shared.

    Raises ArticleUnknown when the article is not in that collection, even if the reader sees it in another one.
    """
    own = SHARED if reader.server is None else reader.server
    entries = article_entries(connection, in_collections([own]) & (articles.c.id == article_id))
    if not entries:
        raise ArticleUnknown(article_id)
    shown = visibility.c.article_id == article_id
    connection.execute(sa.delete(visibility).where(shown, visibility.c.collection_id == own))
    still_seen = connection.execute(sa.select(sa.exists().where(shown))).scalar_one()
    gone = passage_ids(connection, article_id)
    note(connection, gone, "visibility" if still_seen else "remove")
    if not still_seen:
        words.forget(connection, gone)
        speakers = _quoted_in(connection, article_id)
        connection.execute(sa.delete(articles).where(articles.c.id == article_id))
        identity.forget_silent(connection, speakers)
    return entries[0]


def _quoted_in(connection: sa.Connection, article_id: ArticleId) -> list[SpeakerId]:
    found = connection.scalars(
        sa.select(quotation_speakers.c.speaker_id)
        .join_from(quotation_speakers, quotations)
        .where(quotations.c.article_id == article_id)
        .distinct()
    )
    return [SpeakerId(id_) for id_ in found]
