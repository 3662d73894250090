"""Checks that the archive is what was stored: reads everything, changes nothing, and says in sentences what is wrong.

What the database itself knows comes first: see `Connections.checks`. The rest is measured: that texts have their hash,
that spans lie in order and inside their texts, that vectors have length one, that tokens unpack, and that the full-text
table has the words of every passage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from retrieval.archive import vectors
from retrieval.archive.articles.rows import count, has_original_text
from retrieval.archive.column_types import UNREADABLE, UtcDateTime
from retrieval.archive.integrity.damaged_rows import say_of
from retrieval.archive.measuring import in_servers_alone
from retrieval.archive.schema import articles, embeddings, metadata, passage_words, passages, quotations
from retrieval.archive.schema import vectors as stored_vectors
from retrieval.domain.upkeep import CheckReport
from retrieval.text.token_vectors import is_packed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.archive.articles.rows import Row
    from retrieval.archive.connections import Check, Connections

_AT_A_TIME: Final = 50
_LONGEST_CAUSE: Final = 100


def check(connection: sa.Connection, database: Connections) -> CheckReport:
    """Check everything that the archive alone can tell. Raises ArchiveCorrupt where it cannot even be read."""
    parts = (*database.checks, _tables, _bodies, _passages, _quotations, _vectors, _words)
    problems = [problem for part in parts for problem in _read(part, connection, database)]
    return CheckReport(
        articles=count(connection, articles),
        passages=count(connection, passages),
        vectors=count(connection, stored_vectors.join(embeddings), embeddings.c.active),
        problems=tuple(problems),
        in_servers=in_servers_alone(connection),
    )


def _read(part: Check, connection: sa.Connection, database: Connections) -> Iterator[str]:
    """Run a part of the check; where damage stops it, report that as a problem."""
    try:
        yield from part(connection)
    except Exception as error:  # damage can make any value out of any other, and so any error
        if isinstance(error, sa.exc.DBAPIError) and database.kind_of(error.orig):
            raise
        text = str(error.orig if isinstance(error, sa.exc.DBAPIError) else error)
        yield f"Something in it cannot be read ({text[:_LONGEST_CAUSE]!r}). Put a backup in its place."


def _tables(connection: sa.Connection) -> Iterator[str]:
    """Check that every table has its columns, and that every time in them is one."""
    for table in metadata.sorted_tables:
        connection.execute(sa.select(table).limit(0))
        moments = [column for column in table.c if isinstance(column.type, UtcDateTime)]
        rows = connection.execute(sa.select(*moments).execution_options(yield_per=_AT_A_TIME)) if moments else ()
        wrong = sum(UNREADABLE in row for row in rows)
        if wrong:
            yield f"{wrong} rows of {table.name} have a time that is none."


def _bodies(connection: sa.Connection) -> Iterator[str]:
    columns = sa.select(articles.c.id, articles.c.content_hash, articles.c.body)
    rows = connection.execute(columns.execution_options(yield_per=_AT_A_TIME))
    changed = [row.id for row in rows if not has_original_text(row)]
    yield from say_of("The text of {} is not the text that was added.", "article", changed)


def _passages(connection: sa.Connection) -> Iterator[str]:
    """Check that each article has passages, numbered from 0, one after the other, inside the text."""
    outside = passages.c.end > sa.func.length(articles.c.body)
    ids = connection.scalars(sa.select(passages.c.id).join_from(passages, articles).where(outside)).all()
    yield from say_of("The text of an article ends before {}.", "passage", ids)
    before = passages.alias()
    follows = (before.c.article_id == passages.c.article_id) & (before.c.ordinal == passages.c.ordinal - 1)
    joined = sa.select(passages.c.id).select_from(sa.outerjoin(passages, before, follows))
    misplaced = (passages.c.ordinal != 0) & sa.or_(before.c.id.is_(None), before.c.end > passages.c.start)
    ids = connection.scalars(joined.where(misplaced).order_by(passages.c.id)).all()
    yield from say_of("Passages of an article are not in their order: see {}.", "passage", ids)
    bare = sa.select(articles.c.id).where(~sa.exists().where(passages.c.article_id == articles.c.id))
    yield from say_of("No passage is there of {}.", "article", connection.scalars(bare).all())


def _quotations(connection: sa.Connection) -> Iterator[str]:
    """Check that each quotation lies inside the text, and its words inside their context."""
    of = quotations.c
    ends = (of.content_end, of.context_end, of.cue_end, of.mention_end, of.via_end)
    outside = sa.or_(*(end > sa.func.length(articles.c.body) for end in ends))
    ids = connection.scalars(sa.select(of.id).join_from(quotations, articles).where(outside)).all()
    yield from say_of("The text of an article ends before {}.", "quotation", ids)
    torn = sa.or_(of.content_start < of.context_start, of.content_end > of.context_end)
    ids = connection.scalars(sa.select(of.id).where(torn)).all()
    yield from say_of("The words of {} do not lie within their context.", "quotation", ids)


def _vectors(connection: sa.Connection) -> Iterator[str]:
    active = sa.select(embeddings.c.id).where(embeddings.c.active).scalar_subquery()
    own = sa.exists().where(stored_vectors.c.passage_id == passages.c.id, stored_vectors.c.embedding_id == active)
    without = connection.scalars(sa.select(passages.c.id).where(~own)).all()
    yield from say_of("No vector is there of {}.", "passage", without)
    for model in connection.execute(sa.select(embeddings)).all():
        if 0 < model.dimension <= vectors.MOST_DIMENSIONS:
            yield from _vectors_of(connection, model)
        else:
            yield f"Model {model.id} cannot have {model.dimension} dimensions."


def _vectors_of(connection: sa.Connection, model: Row) -> Iterator[str]:
    """Check that each vector has its dimensions and length one, and that the tokens beside it unpack."""
    of_model = sa.select(stored_vectors).where(stored_vectors.c.embedding_id == model.id)
    result = connection.execute(of_model.execution_options(yield_per=_AT_A_TIME))
    short, wrong, torn = list[int](), list[int](), list[int]()
    for rows in result.partitions():
        whole = vectors.readable([row.vector for row in rows], model.dimension).whole.tolist()
        short += [row.passage_id for row in rows if len(row.vector) != 2 * model.dimension]
        wrong += [row.passage_id for row, is_whole in zip(rows, whole, strict=True) if not is_whole]
        torn += [row.passage_id for row in rows if row.tokens is not None and not is_packed(row.tokens)]
    yield from say_of(f"The vector of {{}} has not {model.dimension} dimensions.", "passage", short)
    yield from say_of("The vector of {} has not length one.", "passage", wrong)
    yield from say_of("The tokens of {} cannot be unpacked.", "passage", torn)


def _words(connection: sa.Connection) -> Iterator[str]:
    """Check that the full-text table has the same passages with as many words each."""
    stored = passage_words
    blanks = sa.func.length(stored.c.words) - sa.func.length(sa.func.replace(stored.c.words, " ", ""))
    counted = sa.case((stored.c.words == "", 0), else_=blanks + 1)
    joined = sa.outerjoin(passages, stored, passages.c.id == stored.c.rowid)
    differs = sa.or_(stored.c.rowid.is_(None), counted != passages.c.words)
    ids = connection.scalars(sa.select(passages.c.id).select_from(joined).where(differs)).all()
    yield from say_of("The words of {} are not those in the full-text table.", "passage", ids)
    stray = sa.select(stored.c.rowid).where(~sa.exists().where(passages.c.id == stored.c.rowid))
    yield from say_of("The full-text table still holds {}.", "passage", connection.scalars(stray).all())
