"""Overrides by hand of who is who: made, undone and read. What they amount to is for `persons` to resolve.

An override names speakers by folded names and articles by what makes them the same article, never by ids of rows: it
holds after an article was removed and added again, and for articles that come later. It is in force in the scopes of
one collection alone. An undone override is kept.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive import audit
from retrieval.archive.articles.rows import ARTICLE, identity_of, same_text, visible_to
from retrieval.archive.integrity.damaged_rows import log_damaged
from retrieval.archive.schema import articles, override_articles, overrides
from retrieval.archive.speakers.persons import ActiveOverrides
from retrieval.domain.ids import SHARED, ArticleId, CollectionId, OverrideId
from retrieval.domain.overrides import CORRECTIONS, Override, OverrideKind
from retrieval.errors import OverrideUnknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from retrieval.archive.articles.rows import Row
    from retrieval.archive.records import Change
    from retrieval.domain.scope import Scope
    from retrieval.domain.upkeep import Action

_KINDS = frozenset(OverrideKind)
_ACTIONS: Final[dict[OverrideKind, Action]] = {
    OverrideKind.MERGE: "speaker merge",
    OverrideKind.APART: "speaker split",
    OverrideKind.PART: "speaker split",
    OverrideKind.ALIAS: "speaker alias",
    **dict.fromkeys(CORRECTIONS, "quotation corrected"),
}


@dataclass(frozen=True, slots=True)
class NewOverride:
    """An override to be stored: as `Override`; a split names a role (`other_key`) or articles."""

    kind: OverrideKind
    key: str
    name: str
    other_key: str | None = None
    other: str | None = None
    articles: tuple[ArticleId, ...] = ()


def active(connection: sa.Connection, scope: Scope) -> ActiveOverrides:
    """Return the overrides in force of who is who: as `of_kinds`."""
    unsplit = ActiveOverrides(of_kinds(connection, scope, _KINDS - CORRECTIONS.keys()))
    splits = [override.id for override in unsplit.splits()]
    article_ids = articles_of(connection, scope, splits)
    return ActiveOverrides(unsplit.overrides, {id_: frozenset(seen) for id_, seen in article_ids.items()})


def of_kinds(connection: sa.Connection, scope: Scope, kinds: Iterable[OverrideKind]) -> tuple[Override, ...]:
    """Return the overrides in force: the shared ones first, each in the order they were made. Skip damaged rows."""
    in_force = overrides.c.collection_id.in_(scope.collections) & overrides.c.undone_at.is_(None)
    shared_first = sa.case((overrides.c.collection_id == SHARED, 0), else_=1)
    rows = connection.execute(sa.select(overrides).where(in_force).order_by(shared_first, overrides.c.id))
    wanted = frozenset(kinds)
    return tuple(_override(row) for row in rows if _is_whole(connection, row) and row.kind in wanted)


def articles_of(
    connection: sa.Connection, scope: Scope, ids: Sequence[int], only: Sequence[int] | None = None
) -> Mapping[int, set[int]]:
    """Return the visible articles that overrides name, by the override's id; those among `only`, where given."""
    article_ids: defaultdict[int, set[int]] = defaultdict(set)
    if ids:
        mark = override_articles.c.mark
        marked = same_text(mark) | (mark == articles.c.address)  # of a text: for every article that prints it
        pairs = sa.select(override_articles.c.override_id, articles.c.id).join_from(override_articles, articles, marked)
        wanted = pairs.where(override_articles.c.override_id.in_(ids), visible_to(scope))
        for override_id, article_id in connection.execute(
            wanted if only is None else wanted.where(articles.c.id.in_(only))
        ):
            article_ids[override_id].add(article_id)
    return article_ids


def state(connection: sa.Connection, collections: Iterable[CollectionId]) -> tuple[int, int]:
    """Return a value that changes whenever an override is made or undone in some collections."""
    counted = sa.select(sa.func.max(overrides.c.id), sa.func.count(overrides.c.undone_at))
    newest, undone = connection.execute(counted.where(overrides.c.collection_id.in_(tuple(collections)))).one()
    return newest or 0, undone


def names(connection: sa.Connection) -> dict[CollectionId, frozenset[str]]:
    """Return the folded names that the overrides in force of each collection are about; an alias changes nobody."""
    about = overrides.c
    in_force = about.undone_at.is_(None) & (about.kind != OverrideKind.ALIAS.value)
    found: defaultdict[CollectionId, set[str]] = defaultdict(set)
    for collection, *keys in connection.execute(
        sa.select(about.collection_id, about.key, about.other_key).where(in_force)
    ):
        found[CollectionId(collection)].update(key for key in keys if key)
    return {collection: frozenset(keys) for collection, keys in found.items()}


def make(connection: sa.Connection, new: NewOverride, change: Change) -> Override:
    """Store an override, and a line about it in the audit."""
    row = {"collection_id": change.collection, "made_at": change.at, "made_by": change.by, **asdict(new)}
    marks = _marks(connection, row.pop("articles"))
    stored = connection.execute(sa.insert(overrides).values(row).returning(*overrides.c)).one()
    if marks:
        connection.execute(sa.insert(override_articles), [{"override_id": stored.id, "mark": mark} for mark in marks])
    audit.note(connection, change, _ACTIONS[new.kind], _detail(new.name, new.other))
    return _override(stored)


def undo(connection: sa.Connection, override_id: OverrideId, change: Change) -> Override:
    """End an override of the collection, with a line about it in the audit. Raises OverrideUnknown."""
    mine = (overrides.c.id == override_id) & (overrides.c.collection_id == change.collection)
    row = connection.execute(sa.select(overrides).where(mine, overrides.c.undone_at.is_(None))).first()
    if row is None:
        raise OverrideUnknown
    connection.execute(sa.update(overrides).where(overrides.c.id == override_id).values(undone_at=change.at))
    audit.note(connection, change, "speaker undo", f"{row.kind}: {_detail(row.name, row.other)}")
    return _override(row)


def carry_over(connection: sa.Connection, old_id: int, new_id: int) -> None:
    """Make the overrides about an article apply to the one that takes its place, too."""
    override_id, mark = override_articles.c.override_id, override_articles.c.mark
    about = sa.select(override_id).where(mark.in_(_marks(connection, [ArticleId(old_id)])))
    new_mark = connection.execute(sa.select(articles.c.content_hash).where(articles.c.id == new_id)).scalar_one()
    marked = sa.select(override_id).where(mark == new_mark)
    rows = sa.select(overrides.c.id, sa.literal(new_mark)).where(
        overrides.c.id.in_(about), overrides.c.id.not_in(marked)
    )
    connection.execute(sa.insert(override_articles).from_select(["override_id", "mark"], rows))


def _marks(connection: sa.Connection, ids: Iterable[ArticleId]) -> tuple[str, ...]:
    """Return what finds articles again: the hash of the text, with and without its source, and the address."""
    marks: set[str | None] = set()
    for row in connection.execute(sa.select(*ARTICLE).where(articles.c.id.in_(tuple(ids)))):
        identity = identity_of(row)
        marks |= {row.content_hash, identity.body_hash, identity.hash_with_source, row.address}
    return tuple(sorted(mark for mark in marks if mark is not None))


def _detail(name: str, other: str | None) -> str:
    return f"{name}: {other}" if other else name


def _is_whole(connection: sa.Connection, row: Row) -> bool:
    if row.kind in _KINDS:
        return True
    log_damaged(connection, "Decision", row.id)
    return False


def _override(row: Row) -> Override:
    """From every column of `overrides`: the fields of an `Override` in their order, and when it was undone."""
    id_, collection, kind, *fields, _undone_at = row
    return Override(id_, collection, OverrideKind(kind), *fields)
