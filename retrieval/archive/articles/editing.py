"""Sources that were edited by hand, in one collection only: the title, the publisher, the date or the link.

An article never changes while it has its id, and several collections may see it. So the edited one is stored beside it,
with the same text, and takes its place in that collection alone: under the same number, added when and by whom it was.
What was set by hand is remembered, with what it was before: an edit can be undone, and what a page or a feed says later
does not replace it. A link set by hand is no longer the page that the text was fetched from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import sqlalchemy as sa

from retrieval.archive import audit, schema
from retrieval.archive.articles import adding, copying, manual_fields, versions, visibility
from retrieval.archive.articles.manual_fields import LINK
from retrieval.archive.articles.rows import ARTICLE, source_of
from retrieval.archive.schema import articles, edits
from retrieval.archive.speakers import overrides
from retrieval.domain.editing import EDITABLE, changes
from retrieval.domain.ids import ArticleId
from retrieval.errors import ArticleRejected, ArticleUnknown, NothingToUndo

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from retrieval.archive.records import Change, NewArticle
    from retrieval.domain.articles import Source
    from retrieval.domain.embeddings import EmbeddingSpec
    from retrieval.domain.ids import CollectionId

    _Row: TypeAlias = sa.Row[*tuple[Any, ...]]

_LONGEST_SAID: Final = 60
_PAGE = ("address", "fetched_at", "gone_at")
"""What is known of the page behind the link; it goes with the link, and comes back with it."""


@dataclass(frozen=True, slots=True)
class BeforeEdit:
    """What an article was before its last edit, which set these `fields`."""

    source: Source
    address: str | None
    fetched_at: datetime | None
    fields: tuple[str, ...]


def edit(
    connection: sa.Connection,
    article_id: ArticleId,
    new: NewArticle,
    spec: EmbeddingSpec,
    change: Change,
    *,
    fields: Iterable[str],
) -> ArticleId:
    """Let `new`, the same text with an edited source, take an article's place. Raises ArticleUnknown."""
    old, changed = _own(connection, article_id, change.collection), tuple(fields)
    new_id = _exchange(connection, old, new, spec, change, gone_at=None if LINK in changed else old.gone_at)
    values = {name: getattr(old, name) for name in (*EDITABLE, *_PAGE)}
    values.update(article_id=new_id, collection_id=change.collection, fields=list(changed))
    connection.execute(sa.insert(edits).values(values))
    audit.note(connection, change.collection, change.by, "article edited", _detail(old, new, changed), change.at)
    return ArticleId(new_id)


def undo(
    connection: sa.Connection, article_id: ArticleId, new: NewArticle, spec: EmbeddingSpec, change: Change
) -> ArticleId:
    """Let `new`, the article as it was before its last edit, take its place. Raises ArticleUnknown, NothingToUndo."""
    old, last = _own(connection, article_id, change.collection), _last(connection, article_id, change.collection)
    connection.execute(sa.delete(edits).where(edits.c.id == last.id))
    new_id = _exchange(connection, old, new, spec, change, gone_at=(last if LINK in last.fields else old).gone_at)
    detail = _detail(old, new, last.fields)
    audit.note(connection, change.collection, change.by, "article edit undone", detail, change.at)
    return ArticleId(new_id)


def before(connection: sa.Connection, article_id: ArticleId, collection: CollectionId) -> BeforeEdit:
    """What an article was before its last edit. Raises ArticleUnknown and NothingToUndo."""
    now, last = _own(connection, article_id, collection), _last(connection, article_id, collection)
    page = last if LINK in last.fields else now
    source = replace(copying.source(now), **{name: getattr(last, name) for name in last.fields})
    return BeforeEdit(source, page.address, page.fetched_at, tuple(last.fields))


def check_own(connection: sa.Connection, article_id: ArticleId, collection: CollectionId) -> None:
    """Raise ArticleUnknown where an article is not in a collection, even if its readers see it in another one."""
    _own(connection, article_id, collection)


def _exchange(
    connection: sa.Connection,
    old: _Row,
    new: NewArticle,
    spec: EmbeddingSpec,
    change: Change,
    *,
    gone_at: datetime | None,
) -> int:
    """Store the article unless it is known, and show it where the old one was shown."""
    if new.body != old.body:
        message = "The article was changed meanwhile. Please try again."
        raise ArticleRejected(message)
    new_id = adding.stored(connection, new.identity)
    if new_id == old.id or (new_id is not None and visibility.is_visible(connection, new_id, change.collection)):
        message = "There is an article with this text, headline, publisher, date and page already."
        raise ArticleRejected(message)
    if new_id is None:
        new_id = adding.store(connection, new, spec, old.added_at)
        connection.execute(sa.update(articles).where(articles.c.id == new_id).values(gone_at=gone_at))
    overrides.carry_over(connection, old.id, new_id)
    versions.move(connection, old.id, new_id, change.collection)
    visibility.exchange(connection, old.id, new_id, change.collection, same_page=old.address == new.address)
    return new_id


def _own(connection: sa.Connection, article_id: int, collection: CollectionId) -> _Row:
    mine = (schema.visibility.c.article_id == articles.c.id) & (schema.visibility.c.collection_id == collection)
    row = connection.execute(
        sa.select(*ARTICLE).join_from(articles, schema.visibility, mine).where(articles.c.id == article_id)
    ).first()
    if row is None:
        raise ArticleUnknown
    return row


def _last(connection: sa.Connection, article_id: int, collection: CollectionId) -> _Row:
    """The last edit of an article in a collection; what was given when it was added is none."""
    mine = sa.select(edits).where(manual_fields.of(article_id, collection))
    row = connection.execute(mine.order_by(edits.c.id.desc()).limit(1)).first()
    if row is None or row.title is None:
        raise NothingToUndo
    return row


def _detail(old: _Row, new: NewArticle, fields: Iterable[str]) -> str:
    """Such as "The Vote: publisher “The Wire” to “Reuters”"."""
    told = (
        f"{name} “{_short(before)}” to “{_short(after)}”"
        for name, before, after in changes(source_of(old), new.source, fields)
    )
    return f"{_short(old.title)}: {'; '.join(told)}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SAID else f"{text[: _LONGEST_SAID - 1]}…"
