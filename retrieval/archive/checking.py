"""Whether the archive agrees with itself. Reads everything, changes nothing, and says in sentences what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from retrieval.archive import vectors
from retrieval.archive.failures import is_condition
from retrieval.archive.rows import ARTICLE, identity_of
from retrieval.archive.schema import UtcDateTime, articles, embeddings, metadata, passages, quotations
from retrieval.archive.schema import vectors as stored_vectors
from retrieval.archive.words import PLACES, TABLE
from retrieval.domain.upkeep import CheckReport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_IN_USE: Final = sa.select(sa.func.count()).select_from(stored_vectors.join(embeddings)).where(embeddings.c.active)
_AT_A_TIME: Final = 50
_LONGEST_SAID: Final = 100
_NAMED: Final = 5
"""How many ids a sentence names before it goes on with "and n more"."""


def check(connection: sa.Connection) -> CheckReport:
    """Everything that can be told from the file alone. Raises ArchiveCorrupt where it cannot even be read."""
    parts = (_file, _tables, _bodies, _spans, _vectors, _words)
    problems = [problem for part in parts for problem in _read(part, connection)]
    return CheckReport(
        articles=_count(connection, articles),
        passages=_count(connection, passages),
        vectors=connection.execute(_IN_USE).scalar_one(),
        problems=tuple(problems),
    )


def _read(part: Callable[[sa.Connection], Iterator[str]], connection: sa.Connection) -> Iterator[str]:
    """What a part of the check finds; where damage has made a date of no day, or a table without its columns, that."""
    try:
        yield from part(connection)
    except (ValueError, sa.exc.OperationalError) as error:
        if isinstance(error, sa.exc.OperationalError) and is_condition(error):
            raise
        said = str(error.orig if isinstance(error, sa.exc.OperationalError) else error)
        yield f"Something in it cannot be read ({said[:_LONGEST_SAID]!r}). Put a backup in its place."


def _file(connection: sa.Connection) -> Iterator[str]:
    """What SQLite itself finds."""
    found = list(connection.exec_driver_sql("PRAGMA quick_check").scalars())
    if found != ["ok"]:
        yield f"The file is damaged: {found[0]} ({len(found)} findings). Put a backup in its place."
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        tables = ", ".join(sorted({str(row[0]) for row in broken}))
        yield f"{len(broken)} rows refer to rows that are not there, in {tables}."


def _tables(connection: sa.Connection) -> Iterator[str]:
    """Every table has its columns, and every moment in them is one; finds nothing by itself: see `_read`."""
    for table in metadata.sorted_tables:
        connection.execute(sa.select(table).limit(0))
        moments = [column for column in table.c if isinstance(column.type, UtcDateTime)]
        if moments:
            for _ in connection.execute(sa.select(*moments).execution_options(yield_per=_AT_A_TIME)):
                pass
    yield from ()


def _bodies(connection: sa.Connection) -> Iterator[str]:
    rows = connection.execute(sa.select(*ARTICLE).execution_options(yield_per=_AT_A_TIME))
    changed = [row.id for row in rows if row.content_hash not in _hashes(row)]
    if changed:
        yield f"The text of {_named('article', changed)} is not the text that was added."


def _hashes(row: sa.Row[*tuple[Any, ...]]) -> tuple[str, str]:
    """The text's own hash, and that of a text which another source had already."""
    identity = identity_of(row)
    return identity.body_hash, identity.hash_with_source


def _spans(connection: sa.Connection) -> Iterator[str]:
    length = sa.func.length(articles.c.body)
    for table, ends in (
        (passages, (passages.c.end,)),
        (
            quotations,
            (
                quotations.c.content_end,
                quotations.c.context_end,
                quotations.c.cue_end,
                quotations.c.mention_end,
                quotations.c.via_end,
            ),
        ),
    ):
        outside = sa.or_(*(end > length for end in ends))
        ids = connection.scalars(sa.select(table.c.id).join_from(table, articles).where(outside)).all()
        if ids:
            yield f"The text of an article ends before {_named(table.name.removesuffix('s'), ids)}."
    bare = sa.select(articles.c.id).where(~sa.exists().where(passages.c.article_id == articles.c.id))
    ids = connection.scalars(bare).all()
    if ids:
        yield f"No passage is there of {_named('article', ids)}."


def _vectors(connection: sa.Connection) -> Iterator[str]:
    spec = vectors.active_spec(connection)
    active = sa.select(embeddings.c.id).where(embeddings.c.active).scalar_subquery()
    own = sa.exists().where(stored_vectors.c.passage_id == passages.c.id, stored_vectors.c.embedding_id == active)
    without = connection.scalars(sa.select(passages.c.id).where(~own)).all()
    if without:
        yield f"No vector is there of {_named('passage', without)}."
    if spec is not None:
        size = sa.func.length(stored_vectors.c.vector)
        asked = sa.select(stored_vectors.c.passage_id).where(
            stored_vectors.c.embedding_id == active, size != 2 * spec.dimension
        )
        wrong = connection.scalars(asked).all()
        if wrong:
            yield f"The vector of {_named('passage', wrong)} has not {spec.dimension} dimensions."


def _words(connection: sa.Connection) -> Iterator[str]:
    """The full-text table against the passages: the same ones, as many words, and its index as many again."""
    held = sa.table(TABLE, sa.column("rowid"), sa.column("words"))
    blanks = sa.func.length(held.c.words) - sa.func.length(sa.func.replace(held.c.words, " ", ""))
    counted = sa.case((held.c.words == "", 0), else_=blanks + 1)
    joined = sa.outerjoin(passages, held, passages.c.id == held.c.rowid)
    differs = sa.or_(held.c.rowid.is_(None), counted != passages.c.words)
    ids = connection.scalars(sa.select(passages.c.id).select_from(joined).where(differs)).all()
    if ids:
        yield f"The words of {_named('passage', ids)} are not those in the full-text table."
    stray = sa.select(held.c.rowid).where(~sa.exists().where(passages.c.id == held.c.rowid))
    ids = connection.scalars(stray).all()
    if ids:
        yield f"The full-text table still holds {_named('passage', ids)}."
    places = connection.execute(sa.select(sa.func.count()).select_from(sa.table(PLACES))).scalar_one()
    expected = connection.execute(sa.select(sa.func.coalesce(sa.func.sum(passages.c.words), 0))).scalar_one()
    if places != expected:
        yield f"The full-text index holds {places} words, but the passages have {expected}."


def _named(noun: str, ids: Sequence[int]) -> str:
    """Such as "passage 3", or "passages 3, 5, 8, 9, 12 and 4 more"."""
    some = ", ".join(str(id_) for id_ in ids[:_NAMED])
    rest = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
    return f"{noun}{'' if len(ids) == 1 else 's'} {some}{rest}"


def _count(connection: sa.Connection, table: sa.Table) -> int:
    return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
