"""The words of every passage in PostgreSQL: a row for each passage, and an index of its words as they are.

See `archive.full_text`. No parser and no dictionary of PostgreSQL's takes part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import sqlalchemy as sa
from typing_extensions import override

from retrieval.archive.schema import WORDS, passages, visibility

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from retrieval.domain.embeddings import IntArray
    from retrieval.domain.ids import PassageId

TABLES: Final = (
    f"""CREATE TABLE {WORDS} (
        rowid BIGINT PRIMARY KEY REFERENCES passages ON DELETE CASCADE,
        words TEXT COLLATE "C",
        terms TSVECTOR GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED
    )""",
    f"CREATE INDEX {WORDS}_terms ON {WORDS} USING gin (terms)",
)
_TABLE: Final = sa.table(WORDS, sa.column("rowid"), sa.column("words"), sa.column("terms"))
_ROWS: Final = _TABLE.c
_LIST: Final = sa.func.string_to_array(_ROWS.words, sa.literal_column("' '"))


def store(connection: sa.Connection, passage_ids: Sequence[PassageId], words: Iterable[Sequence[str]]) -> None:
    """See `FullText.store`."""
    rows = [{"rowid": int(id_), "words": " ".join(its)} for id_, its in zip(passage_ids, words, strict=True)]
    connection.execute(sa.insert(_TABLE), rows)


def forget(connection: sa.Connection, passage_ids: Iterable[PassageId]) -> None:
    """See `FullText.forget`."""
    connection.execute(sa.delete(_TABLE).where(_ROWS.rowid.in_(list(passage_ids))))


def rebuild(connection: sa.Connection) -> None:
    """See `FullText.rebuild`."""
    connection.exec_driver_sql(f"DROP TABLE {WORDS}")
    for statement in TABLES:
        connection.exec_driver_sql(statement)


def matching(words: Sequence[str]) -> sa.Select[tuple[int]]:
    """See `FullText.matching`."""
    return sa.select(_ROWS.rowid).where(_has(" & ".join(map(_quoted, words))))


def places(connection: sa.Connection, words: Sequence[str]) -> list[IntArray]:
    """See `FullText.places`."""
    return [_places(connection, word) for word in words]


def passages_with(connection: sa.Connection, word: str) -> int:
    """See `FullText.passages_with`."""
    counted = sa.select(sa.func.count()).select_from(_TABLE).where(_has(_quoted(word)))
    return connection.scalar(counted) or 0


def present(connection: sa.Connection, words: Iterable[str]) -> list[str]:
    """See `FullText.present`."""
    return [word for word in words if connection.scalar(sa.select(sa.exists().where(_has(_quoted(word)))))]


def beginning_with(connection: sa.Connection, start: str) -> list[str]:
    """See `FullText.beginning_with`."""
    terms = sa.select(sa.func.unnest(_LIST).label("term")).where(_has(f"{_quoted(start)}:*")).subquery()
    begins = terms.c.term.startswith(start, autoescape=True)
    return list(connection.scalars(sa.select(terms.c.term).where(begins).distinct().order_by(terms.c.term)))


def passages_in(
    connection: sa.Connection, collections: Sequence[int], word: str, others: Sequence[str], most: int
) -> list[int]:
    """See `FullText.passages_in`."""
    wanted = f"{_quoted(word)} & ({' | '.join(map(_quoted, others))})" if others else _quoted(word)
    is_visible = sa.exists().where(
        visibility.c.article_id == passages.c.article_id, visibility.c.collection_id.in_(collections)
    )
    joined = sa.select(passages.c.id).join_from(passages, _TABLE, _ROWS.rowid == passages.c.id)
    return list(connection.scalars(joined.where(_has(wanted), is_visible).order_by(passages.c.id).limit(most)))


def _places(connection: sa.Connection, word: str) -> IntArray:
    times = sa.func.cardinality(sa.func.array_positions(_LIST, sa.cast(word, sa.Text)))
    rows = connection.execute(sa.select(_ROWS.rowid, times).where(_has(_quoted(word))).order_by(_ROWS.rowid)).all()
    ids, counts = (np.fromiter((row[column] for row in rows), np.int64, len(rows)) for column in (0, 1))
    return np.repeat(ids, counts)


def _has(query: str) -> sa.ColumnElement[bool]:
    """Whether a row of the words matches a query of quoted words."""
    return _ROWS.terms.op("@@", return_type=sa.Boolean())(sa.cast(sa.cast(query, sa.Text), _TsQuery))


def _quoted(word: str) -> str:
    return f"'{word}'"


class _TsQuery(sa.types.UserDefinedType[str]):
    """PostgreSQL's type of a text query."""

    cache_ok = True

    @override
    def get_col_spec(self, **kw: Any) -> str:
        """Return its name."""
        return "tsquery"
