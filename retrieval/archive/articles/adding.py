"""Decides whether an article is stored, replaces an older version, or is a stored one that becomes visible.

A collection never learns what another one holds. A text that others have is stored once for all of them only where it
comes from the same source; else they would choose each other's headlines. The text of an agency that a second paper
prints is a second article.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import sqlalchemy as sa

from retrieval.archive import audit
from retrieval.archive.articles import inserting, manual_fields, versions
from retrieval.archive.articles.entries import also_in
from retrieval.archive.articles.rows import (
    ARTICLE,
    article_of,
    count,
    identity_of,
    is_other_paper,
    number_columns,
    number_of,
    passage_ids,
    same_text,
    source_of,
)
from retrieval.archive.articles.visibility import exchange, grant, is_visible
from retrieval.archive.feeds.entries import relink
from retrieval.archive.schema import articles, edits, quotation_speakers, quotations, speakers, visibility
from retrieval.archive.speakers import speaker_rows
from retrieval.domain.articles import AddedArticle
from retrieval.domain.ids import SHARED
from retrieval.domain.scope import Scope
from retrieval.text.word_count import count_words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from retrieval.archive.articles.rows import Row
    from retrieval.archive.records import Change, Identity, NewArticle
    from retrieval.domain.embeddings import EmbeddingSpec
    from retrieval.domain.ids import CollectionId


def show_known(
    connection: sa.Connection,
    new: Identity,
    change: Change,
    *,
    given: frozenset[str] = frozenset(),
    embedded: bool = False,
) -> AddedArticle | None:
    """The outcome for an article that the collection has, or that is stored already; None where it has to be stored.

    A shared article becomes the collection's own too, unless a field that was `given` by hand differs from it. An
    article that only others have is used only once this one is `embedded`: else the time of an add would reveal it.
    """
    same_text_rows = [row for row in _with_text(connection, new) if not is_other_paper(row, new.source)]
    own = next((row for row in same_text_rows if is_visible(connection, row.id, change.collection)), None)
    has_moved = own is not None and own.address is not None and own.address == new.former_address
    if own is not None and not has_moved and not _is_confirmed_by(connection, new, own, change.collection):
        return _already_stored(connection, own, new, change.collection)
    old = versions.predecessor(connection, new, change.collection)
    if old is not None and versions.is_older(new, old):
        return _outcome(connection, old.id, change.collection, known=True)
    others = [row for row in same_text_rows if row is not own]
    shared = next((row for row in others if _is_shared_as(connection, row, new, given)), None)
    if shared is not None and old is None:
        return _make_own(connection, shared, new, change)
    same = shared or next((row for row in others if embedded and _same(row, new)), None)
    return None if same is None else _show_or_replace(connection, same.id, old, change)


def add(connection: sa.Connection, new: NewArticle, spec: EmbeddingSpec, change: Change) -> AddedArticle:
    """Store an article that is not stored yet. Raises EmbeddingMismatch, and ValueError for an invalid vector."""
    article_id = inserting.store(connection, new, spec, change.at)
    old = versions.predecessor(connection, new.identity, change.collection)
    return _show_or_replace(connection, article_id, old, change)


def related(
    connection: sa.Connection, new: Identity, collections: Collection[CollectionId]
) -> dict[CollectionId, frozenset[int] | None]:
    """By collection, the ids of what it holds that decides what becomes of an article there.

    None where something was set by hand of it.
    """
    of_text_or_page = same_text(new.body_hash) | articles.c.address.in_(new.addresses)
    ids = connection.scalars(sa.select(articles.c.id).where(of_text_or_page)).all()
    held: dict[CollectionId, frozenset[int] | None] = dict.fromkeys(collections, frozenset())
    for table in (visibility, edits):
        rows = connection.execute(
            sa.select(table.c.collection_id, table.c.article_id).where(table.c.article_id.in_(ids))
        )
        for collection, article_id in rows:
            before = held.get(collection)
            if before is not None:
                held[collection] = None if table is edits else before | {article_id}
    return held


def stored(connection: sa.Connection, new: Identity) -> int | None:
    """The id of the article that has this text from this source, in whatever collection."""
    return next((int(row.id) for row in _with_text(connection, new) if _same(row, new)), None)


def _show_or_replace(connection: sa.Connection, article_id: int, old: Row | None, change: Change) -> AddedArticle:
    """Make a stored article visible to a collection, in place of its older version where there is one."""
    show(connection, article_id, old, change, [change.collection])
    return _outcome(connection, article_id, change.collection, known=False, replaced=old is not None)


def show(
    connection: sa.Connection, article_id: int, old: Row | None, change: Change, collections: Collection[CollectionId]
) -> None:
    """Make a stored article visible to collections, in place of the older version that all of them hold, if any."""
    if old is None:
        grant(connection, article_id, collections, change.at, change.by)
    else:
        versions.keep(connection, old, article_id, collections, change.at)
        relink(connection, old.id, article_id, collections)
        exchange(connection, old.id, article_id, collections, change.by)
    title = connection.execute(sa.select(articles.c.title).where(articles.c.id == article_id)).scalar_one()
    audit.note(connection, change, "article added" if old is None else "article updated", title, collections)


def _is_shared_as(connection: sa.Connection, row: Row, new: Identity, given: frozenset[str]) -> bool:
    """Whether an article is shared, and agrees with what was given by hand."""
    source = source_of(row)
    agrees = all(getattr(source, name) == getattr(new.source, name) for name in given)
    return agrees and is_visible(connection, row.id, SHARED)


def _make_own(connection: sa.Connection, shared: Row, new: Identity, change: Change) -> AddedArticle:
    """Make a shared article the collection's own too, where it stays when it is no longer shared."""
    collection = change.collection
    number = _outcome(connection, shared.id, collection, known=True).number
    show(connection, shared.id, None, change, [collection])
    return replace(_already_stored(connection, shared, new, collection), shared=number)


def _with_text(connection: sa.Connection, new: Identity) -> Sequence[Row]:
    """The stored articles that have this text, fetched ones first."""
    same = sa.select(*ARTICLE).where(same_text(new.body_hash))
    return connection.execute(same.order_by(articles.c.fetched_at.is_(None), articles.c.id)).all()


def _same(row: Row, new: Identity) -> bool:
    return identity_of(row).hash_with_source == new.hash_with_source


def _is_confirmed_by(connection: sa.Connection, new: Identity, row: Row, collection: CollectionId) -> bool:
    """Whether an article that was handed in is now fetched from its page, whose headline and date then replace its own.

    False where the operator shares the article, or where the link was set by hand.
    """
    if new.fetched_at is None or row.fetched_at is not None:
        return False
    if manual_fields.LINK in manual_fields.fields(connection, row.id, collection):
        return False
    return collection == SHARED or not is_visible(connection, row.id, SHARED)


def _already_stored(connection: sa.Connection, row: Row, new: Identity, collection: CollectionId) -> AddedArticle:
    """The stored article; where its page was fetched again, that is recorded."""
    if new.fetched_at is not None and row.fetched_at is not None and row.fetched_at < new.fetched_at:
        checked = sa.update(articles).where(articles.c.id == row.id)
        connection.execute(checked.values(fetched_at=new.fetched_at, gone_at=None))
    return _outcome(connection, row.id, collection, known=True)


def _outcome(
    connection: sa.Connection, article_id: int, collection: CollectionId, *, known: bool, replaced: bool = False
) -> AddedArticle:
    """The value that `show_known` and `add` return."""
    scope = Scope.of(collection)
    row = connection.execute(sa.select(*ARTICLE, *number_columns(scope)).where(articles.c.id == article_id)).one()
    of_article = quotations.c.article_id == article_id
    names = connection.scalars(
        sa.select(sa.func.min(speaker_rows.PRINTED))
        .join_from(speakers, quotation_speakers)
        .join(quotations)
        .where(of_article, ~quotations.c.disputed)
        .group_by(speakers.c.id)
        .order_by(sa.func.min(quotations.c.content_start), sa.func.min(quotation_speakers.c.ordinal))
    )
    return AddedArticle(
        article=replace(article_of(row), added_at=row.got_at),
        known=known,
        passages=len(passage_ids(connection, article_id)),
        quotations=count(connection, quotations, of_article),
        number=number_of(row),
        speakers=tuple(names),
        replaced=replaced,
        words=count_words(row.body),
        also=also_in(connection, scope, row),
    )
