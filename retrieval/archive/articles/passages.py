"""Passages that a scope may see, for questions; and what a scope can see in all.

Damaged rows are skipped and logged: nothing of an article is quoted whose text is not the one that was added.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import sqlalchemy as sa

from retrieval.archive import vectors
from retrieval.archive.articles.rows import (
    SOURCE,
    count,
    count_undated,
    has_original_text,
    newest_first,
    passage_of,
    revised_column,
    same_text,
    sees_disputed,
    source_of,
    visible_to,
)
from retrieval.archive.connections import Repository
from retrieval.archive.integrity.damaged_rows import log_damaged
from retrieval.archive.records import HALF, FoundPassage, PassageOutline, SpokenWords
from retrieval.archive.schema import articles, embeddings, passages, quotation_speakers, quotations, speakers
from retrieval.archive.schema import vectors as stored_vectors
from retrieval.archive.speakers import correcting
from retrieval.archive.speakers.corrections import applied, is_disputed
from retrieval.archive.speakers.speaker_rows import PRINTED
from retrieval.domain.answers import Searched
from retrieval.domain.articles import Article, Span
from retrieval.domain.ids import ArticleId, PassageId
from retrieval.domain.upkeep import About
from retrieval.text.token_vectors import is_packed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from retrieval.archive.articles.rows import Row
    from retrieval.archive.speakers.corrections import Corrections
    from retrieval.domain.articles import Source
    from retrieval.domain.embeddings import EmbeddingSpec, FloatArray
    from retrieval.domain.ids import SpeakerId
    from retrieval.domain.scope import Scope

_beside: Final = passages.alias()
_NEIGHBOURS: Final = (
    sa.select(passages.c.id, _beside.c.start, _beside.c.end)
    .join_from(passages, _beside, _beside.c.article_id == passages.c.article_id)
    .where(
        passages.c.id.in_(sa.bindparam("ids", expanding=True)),
        _beside.c.ordinal.in_((passages.c.ordinal - 1, passages.c.ordinal + 1)),
    )
)
"""The spans of the passages before and behind some passages."""
_SPOKEN: Final = (
    sa.select(
        quotations.c.id,
        quotations.c.article_id,
        quotations.c.content_start,
        quotations.c.content_end,
        quotation_speakers.c.speaker_id,
        PRINTED.label("name"),
        speakers.c.key,
        quotation_speakers.c.role,
    )
    .join_from(quotations, quotation_speakers)
    .join(speakers)
    .where(quotations.c.article_id.in_(sa.bindparam("ids", expanding=True)), ~quotations.c.disputed)
)
"""The words of some articles with their speakers."""
_SCOPES: Final = 256
"""Scopes whose statements are kept, since building one takes longer than running it."""


class PassageRepository(Repository):
    """The passages of an archive, a transaction a method. Thread-safe. Every method may raise ArchiveError."""

    def find(self, scope: Scope, ids: Sequence[PassageId], *, spoken: bool = False) -> tuple[FoundPassage, ...]:
        """The visible ones of the passages with their articles, in the order of `ids`; `spoken` adds who said what."""
        with self._connections.reading() as connection:
            by_id = {row.id: row for row in connection.execute(_passages_by_id(scope), {"ids": ids})}
            rows = [by_id[id_] for id_ in ids if id_ in by_id]
            corrections = _corrections(connection, scope, rows)
            found = _found(connection, scope, rows, corrections)
            found = _with_spoken(connection, found, corrections) if spoken else found
            return _with_neighbours(connection, found)

    def outlines(
        self, scope: Scope, ids: Sequence[PassageId], made_by: EmbeddingSpec, *, sources: bool = True
    ) -> tuple[PassageOutline, ...]:
        """What is needed to rank the visible ones of the passages, in no order; publishers and dates with `sources`.

        Raises EmbeddingMismatch where the active model, whose tokens are returned, is not `made_by`.
        """
        with self._connections.reading() as connection:
            vectors.expect(connection, made_by)
            rows = connection.execute(_outlines_by_id(scope, sources=sources), {"ids": ids})
            return tuple(PassageOutline(*row) for row in rows if _is_readable(connection, row))

    def vectors(self, article_id: ArticleId, made_by: EmbeddingSpec) -> tuple[list[PassageId], FloatArray]:
        """The ids of an article's passages and (n, d) their vectors, without damaged ones.

        Raises EmbeddingMismatch as `outlines` does.
        """
        of_article = sa.select(passages.c.id, stored_vectors.c.vector).join_from(passages, stored_vectors)
        of_article = of_article.join(embeddings).where(embeddings.c.active, passages.c.article_id == article_id)
        with self._connections.reading() as connection:
            vectors.expect(connection, made_by)
            rows = connection.execute(of_article.order_by(passages.c.ordinal)).all()
        stored = vectors.readable([row.vector for row in rows], made_by.dimension)
        ids = [PassageId(row.id) for row, is_whole in zip(rows, stored.whole.tolist(), strict=True) if is_whole]
        return ids, stored.codes[stored.whole].view("<f2").astype(np.float32)

    def quoted(
        self, scope: Scope, names: Sequence[SpeakerId], made_by: EmbeddingSpec | None = None
    ) -> tuple[FoundPassage, ...]:
        """The visible passages that overlap the context of a quotation under any of the stored names, in no order.

        Raises EmbeddingMismatch as `outlines` does.
        """
        of_article = passages.alias()
        overlapping = (
            sa.select(of_article.c.id)
            .join_from(quotation_speakers, quotations)
            .join(of_article, of_article.c.article_id == quotations.c.article_id)
            .where(
                quotation_speakers.c.speaker_id.in_(names),
                sees_disputed(scope),
                quotations.c.context_start < of_article.c.end,
                quotations.c.context_end > of_article.c.start,
            )
        )
        with self._connections.reading() as connection:
            if made_by is not None:
                vectors.expect(connection, made_by)
            rows = connection.execute(_passages(scope, passages.c.id.in_(overlapping), *_found_columns(scope)))
            readable = [row for row in rows if _is_readable(connection, row)]
            return _found(connection, scope, readable, _corrections(connection, scope, readable))

    def searched(self, scope: Scope) -> Searched:
        """How many articles a question in this scope searches, and the dates of the oldest and the newest."""
        dates = articles.c.published_at
        bounds = sa.select(sa.func.count(), sa.func.min(dates).label("oldest"), sa.func.max(dates).label("newest"))
        with self._connections.reading() as connection:
            row = connection.execute(bounds.select_from(articles).where(visible_to(scope))).one()
            return Searched(row[0], row.oldest, row.newest, count_undated(connection, scope))

    def publishers(self, scope: Scope) -> tuple[str, ...]:
        """The publishers of the visible articles, the most frequent first, then by name."""
        name = articles.c.publisher
        named = sa.select(name).where(visible_to(scope), name.is_not(None)).group_by(name)
        with self._connections.reading() as connection:
            return tuple(connection.scalars(named.order_by(sa.func.count().desc(), name)))

    def about(self, scope: Scope) -> About:
        """How much is visible, the newest dated article, and the active model (an empty string where there is none)."""
        visible = visible_to(scope)
        newest = sa.select(*SOURCE, revised_column(scope)).where(visible, articles.c.published_at.is_not(None))
        quoted = sa.select(quotation_speakers.c.speaker_id).join_from(quotation_speakers, quotations).join(articles)
        with self._connections.reading() as connection:
            row = connection.execute(newest.order_by(*newest_first(scope)).limit(1)).first()
            spec = vectors.active_spec(connection)
            return About(
                articles=count(connection, articles, visible),
                passages=count(connection, passages.join(articles), visible),
                quotations=count(connection, quotations.join(articles), visible, sees_disputed(scope)),
                speakers=count(connection, quoted.where(visible, sees_disputed(scope)).distinct().subquery()),
                newest=None if row is None else source_of(row),
                model="" if spec is None else spec.label,
                read_only=not self._connections.storage().writable,
            )


def _passages(
    scope: Scope, which: sa.ColumnElement[bool], *columns: sa.ColumnElement[Any]
) -> sa.Select[*tuple[Any, ...]]:
    """Select columns of the visible ones of some passages, of their articles and of the active vectors."""
    active = sa.select(embeddings.c.id).where(embeddings.c.active).scalar_subquery()
    with_vector = (stored_vectors.c.passage_id == passages.c.id) & (stored_vectors.c.embedding_id == active)
    joined = sa.select(*columns).join_from(passages, articles).outerjoin(stored_vectors, with_vector)
    return joined.where(which, visible_to(scope))


@lru_cache(maxsize=_SCOPES)
def _passages_by_id(scope: Scope) -> sa.Select[*tuple[Any, ...]]:
    return _passages(scope, passages.c.id.in_(sa.bindparam("ids", expanding=True)), *_found_columns(scope))


@lru_cache(maxsize=_SCOPES)
def _outlines_by_id(scope: Scope, *, sources: bool) -> sa.Select[*tuple[Any, ...]]:
    """The columns of `PassageOutline`. Those of articles are stored behind the long texts, and cost as much to read."""
    more = (articles.c.publisher, articles.c.published_at) if sources else ()
    text_hash = sa.func.substr(articles.c.content_hash, 1, HALF)
    columns = (passages.c.id, passages.c.article_id, passages.c.ordinal, stored_vectors.c.tokens, text_hash, *more)
    return _passages(scope, passages.c.id.in_(sa.bindparam("ids", expanding=True)), *columns)


def _found_columns(scope: Scope) -> tuple[sa.ColumnElement[Any], ...]:
    """The columns that `_found` reads."""
    of_article = (articles.c.content_hash, articles.c.body, articles.c.added_at, *SOURCE, revised_column(scope))
    return (*passages.c, stored_vectors.c.tokens, *of_article)


def _corrections(connection: sa.Connection, scope: Scope, rows: Sequence[Row]) -> Corrections:
    """The corrections of quotations in the articles of some passages."""
    return correcting.in_force(connection, scope, sorted({row.article_id for row in rows}))


def _found(
    connection: sa.Connection, scope: Scope, rows: Sequence[Row], corrections: Corrections
) -> tuple[FoundPassage, ...]:
    """Map rows to passages; those of one article share it. Damaged rows are skipped."""
    articles_by_id: dict[int, Article | None] = {}
    article_ids = sorted({row.article_id for row in rows})
    disputed = _disputed(connection, article_ids, corrections)
    also = _also(connection, scope, article_ids)
    whole = []
    for row in rows:
        if row.article_id not in articles_by_id:
            articles_by_id[row.article_id] = _whole_article(connection, row)
        article = articles_by_id[row.article_id]
        try:
            if article is not None:
                passage = passage_of(row)
                passage.span.of(article.body)
                words, others = tuple(disputed[row.article_id]), tuple(also[row.article_id])
                whole.append(FoundPassage(passage, article, row.tokens, words, others))
        except (ValueError, TypeError):
            log_damaged(connection, "Passage", row.id)
    return tuple(whole)


def _with_neighbours(connection: sa.Connection, found: Sequence[FoundPassage]) -> tuple[FoundPassage, ...]:
    """Add what is around each passage. A damaged neighbour is none."""
    beside: defaultdict[int, list[Span]] = defaultdict(list)
    for passage_id, start, end in connection.execute(_NEIGHBOURS, {"ids": [item.passage.id for item in found]}):
        if 0 <= start < end:
            beside[passage_id].append(Span(start, end))
    return tuple(replace(item, around=_joined(item, beside[item.passage.id])) for item in found)


def _with_spoken(
    connection: sa.Connection, found: Sequence[FoundPassage], corrections: Corrections
) -> tuple[FoundPassage, ...]:
    """Add the words that each article attributes to somebody, as corrected. Damaged rows are skipped."""
    ids = sorted({one.article.id for one in found})
    by_article: defaultdict[int, list[SpokenWords]] = defaultdict(list)
    for said in applied(connection.execute(_SPOKEN, {"ids": ids}), corrections, disputed=False):
        if 0 <= said.content_start < said.content_end:
            words = SpokenWords(Span(said.content_start, said.content_end), said.name, said.role)
            by_article[said.article_id].append(words)
    return tuple(replace(one, spoken=tuple(by_article[one.article.id])) for one in found)


def _joined(found: FoundPassage, beside: Sequence[Span]) -> Span:
    """The passage and those beside it that only white space parts from it."""
    body, (start, end) = found.article.body, (found.passage.span.start, found.passage.span.end)
    before = [span.start for span in beside if span.end <= start and not body[span.end : start].strip()]
    behind = [
        span.end for span in beside if end <= span.start < span.end <= len(body) and not body[end : span.start].strip()
    ]
    return Span(min(before, default=start), max(behind, default=end))


def _also(connection: sa.Connection, scope: Scope, article_ids: Sequence[int]) -> Mapping[int, Sequence[Source]]:
    """The sources of the other visible articles that print the text of each article, newest first."""
    by_article: defaultdict[int, list[Source]] = defaultdict(list)
    for row in connection.execute(_same_texts(scope), {"ids": article_ids}):
        by_article[row.printed_in].append(source_of(row))
    return by_article


@lru_cache(maxsize=_SCOPES)
def _same_texts(scope: Scope) -> sa.Select[*tuple[Any, ...]]:
    printed = articles.alias()
    others = same_text(printed.c.content_hash) & (articles.c.id != printed.c.id)
    columns = (printed.c.id.label("printed_in"), *SOURCE, revised_column(scope))
    joined = sa.select(*columns).join_from(printed, articles, others)
    which = printed.c.id.in_(sa.bindparam("ids", expanding=True)) & visible_to(scope)
    return joined.where(which).order_by(*newest_first(scope))


def _disputed(
    connection: sa.Connection, article_ids: Sequence[int], corrections: Corrections
) -> Mapping[int, Sequence[Span]]:
    """The words of disputed quotations, by article."""
    of = quotations.c
    which = is_disputed(corrections) & of.article_id.in_(sa.bindparam("ids", expanding=True))
    spans = sa.select(of.article_id, of.content_start, of.content_end).where(which).order_by(of.content_start)
    by_article: defaultdict[int, list[Span]] = defaultdict(list)
    for article_id, start, end in connection.execute(spans, {"ids": article_ids}):
        if 0 <= start < end:  # else it is damaged
            by_article[article_id].append(Span(start, end))
    return by_article


def _whole_article(connection: sa.Connection, row: Row) -> Article | None:
    """The article of a passage; None where its text is damaged."""
    if not has_original_text(row):
        log_damaged(connection, "Article", row.article_id)
        return None
    return Article(ArticleId(row.article_id), source_of(row), row.body, row.added_at)


def _is_readable(connection: sa.Connection, row: Row) -> bool:
    """Whether a passage has a place in its article, and tokens that unpack where it has some."""
    if row.ordinal >= 0 and (row.tokens is None or is_packed(row.tokens)):
        return True
    log_damaged(connection, "Passage", row.id)
    return False
