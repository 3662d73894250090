"""Who is who, as decided by hand: made, undone and read. What the decisions amount to is told by `persons`.

A decision names speakers by their folded names and articles by what makes them the same article, never by ids of rows:
so it holds after an article was removed and added again, and for articles that come later. It counts for the readers
of one collection alone. An undone decision is kept, and counts no more.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from retrieval.archive import audit
from retrieval.archive.articles.rows import ARTICLE, identity_of, visible_to
from retrieval.archive.integrity.damaged_rows import log_damaged
from retrieval.archive.schema import articles, override_articles, overrides
from retrieval.domain.ids import SHARED, ArticleId, CollectionId, OverrideId, UserId
from retrieval.domain.overrides import Override, OverrideKind
from retrieval.errors import OverrideUnknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from retrieval.domain.scope import Scope

    _Row: TypeAlias = sa.Row[*tuple[Any, ...]]

_KINDS = frozenset(OverrideKind)
_ACTIONS = {
    OverrideKind.MERGE: "speaker merge",
    OverrideKind.APART: "speaker split",
    OverrideKind.PART: "speaker split",
    OverrideKind.ALIAS: "speaker alias",
}


@dataclass(frozen=True, slots=True)
class NewOverride:
    """A decision to be written down: as `Ruling`; a part is told by its role (`other_key`) or by its articles."""

    kind: OverrideKind
    key: str
    name: str
    other_key: str | None = None
    other: str | None = None
    articles: tuple[ArticleId, ...] = ()


def in_force(connection: sa.Connection, collections: Iterable[CollectionId]) -> tuple[Override, ...]:
    """The decisions that count in some collections: the shared ones first, each in the order they were made."""
    counting = overrides.c.collection_id.in_(tuple(collections)) & overrides.c.undone_at.is_(None)
    order = sa.case((overrides.c.collection_id == SHARED, 0), else_=1)
    rows = connection.execute(sa.select(overrides).where(counting).order_by(order, overrides.c.id))
    return tuple(_override(row) for row in rows if _is_whole(connection, row))


def state(connection: sa.Connection, collections: Iterable[CollectionId]) -> tuple[int, int]:
    """What changes whenever a decision is made or undone in some collections."""
    counted = sa.select(sa.func.max(overrides.c.id), sa.func.count(overrides.c.undone_at))
    newest, undone = connection.execute(counted.where(overrides.c.collection_id.in_(tuple(collections)))).one()
    return newest or 0, undone


def make(
    connection: sa.Connection, collection: CollectionId, new: NewOverride, user: UserId | None, now: datetime
) -> Override:
    """Write a decision down, and a line about it into the audit."""
    values = {
        "collection_id": collection,
        "kind": new.kind.value,
        "key": new.key,
        "name": new.name,
        "other_key": new.other_key,
        "other": new.other,
        "made_at": now,
        "made_by": user,
    }
    inserted = connection.execute(sa.insert(overrides).values(values)).inserted_primary_key
    assert inserted is not None
    marks = _marks(connection, new.articles)
    if marks:
        connection.execute(sa.insert(override_articles), [{"override_id": inserted[0], "mark": mark} for mark in marks])
    audit.note(connection, collection, user, _ACTIONS[new.kind], _detail(new.name, new.other), now)
    return _override(connection.execute(sa.select(overrides).where(overrides.c.id == inserted[0])).one())


def undo(
    connection: sa.Connection, collection: CollectionId, override_id: OverrideId, user: UserId | None, now: datetime
) -> Override:
    """Let a decision of this collection count no more; a line about it into the audit. Raises OverrideUnknown."""
    mine = (overrides.c.id == override_id) & (overrides.c.collection_id == collection)
    row = connection.execute(sa.select(overrides).where(mine, overrides.c.undone_at.is_(None))).first()
    if row is None:
        raise OverrideUnknown
    connection.execute(sa.update(overrides).where(overrides.c.id == override_id).values(undone_at=now))
    audit.note(connection, collection, user, "speaker undo", f"{row.kind}: {_detail(row.name, row.other)}", now)
    return _override(row)


def articles_of(connection: sa.Connection, scope: Scope, which: Iterable[Override]) -> Mapping[int, frozenset[int]]:
    """For each of some decisions, the articles that it is about and that the reader sees now."""
    found: dict[int, set[int]] = defaultdict(set)
    ids = [override.id for override in which]
    if ids:
        mark = override_articles.c.mark
        marked = (mark == articles.c.content_hash) | (mark == articles.c.address)
        asked = sa.select(override_articles.c.override_id, articles.c.id).join_from(override_articles, articles, marked)
        for override_id, article_id in connection.execute(
            asked.where(override_articles.c.override_id.in_(ids), visible_to(scope))
        ):
            found[override_id].add(article_id)
    return {override_id: frozenset(seen) for override_id, seen in found.items()}


def carry_over(connection: sa.Connection, old_id: int, new_id: int) -> None:
    """What was decided about an article was decided about another that takes its place, too."""
    about = sa.select(override_articles.c.override_id).where(
        override_articles.c.mark.in_(_marks(connection, [ArticleId(old_id)]))
    )
    mark = connection.execute(sa.select(articles.c.content_hash).where(articles.c.id == new_id)).scalar_one()
    marked = sa.select(override_articles.c.override_id).where(override_articles.c.mark == mark)
    rows = sa.select(overrides.c.id, sa.literal(mark)).where(overrides.c.id.in_(about), overrides.c.id.not_in(marked))
    connection.execute(sa.insert(override_articles).from_select(["override_id", "mark"], rows))


def _marks(connection: sa.Connection, ids: Iterable[ArticleId]) -> tuple[str, ...]:
    """What finds articles again: the hash of the text, with and without its source, and the address."""
    marks: set[str | None] = set()
    for row in connection.execute(sa.select(*ARTICLE).where(articles.c.id.in_(tuple(ids)))):
        identity = identity_of(row)
        marks |= {row.content_hash, identity.body_hash, identity.hash_with_source, row.address}
    return tuple(sorted(mark for mark in marks if mark is not None))


def _detail(name: str, other: str | None) -> str:
    return f"{name}: {other}" if other else name


def _is_whole(connection: sa.Connection, row: _Row) -> bool:
    if row.kind in _KINDS:
        return True
    log_damaged(connection, "Decision", row.id)
    return False


def _override(row: _Row) -> Override:
    return Override(
        id=OverrideId(row.id),
        collection=CollectionId(row.collection_id),
        kind=OverrideKind(row.kind),
        key=row.key,
        name=row.name,
        other_key=row.other_key,
        other=row.other,
        made_at=row.made_at,
        made_by=None if row.made_by is None else UserId(row.made_by),
    )
