"""Stores an article with everything made of it, or makes a stored one visible to one more collection.

A collection never learns what another one holds. A text that others have is stored once for all of them only where it
comes from the same source; else they would choose each other's headlines.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import sqlalchemy as sa

from retrieval.archive import audit, vectors
from retrieval.archive.articles import manual_fields, versions
from retrieval.archive.articles.rows import (
    ARTICLE,
    article_of,
    held_for,
    identity_of,
    number_of,
    passage_ids,
    same_text,
    source_of,
)
from retrieval.archive.articles.visibility import grant, is_visible, note_changes, revoke
from retrieval.archive.schema import (
    articles,
    passages,
    quotation_speakers,
    quotations,
    speakers,
)
from retrieval.archive.schema import vectors as stored_vectors
from retrieval.archive.speakers import speaker_rows
from retrieval.archive.sqlite import full_text
from retrieval.domain.articles import AddedArticle
from retrieval.domain.ids import SHARED, PassageId
from retrieval.domain.scope import Scope
from retrieval.text.search_keys import search_key
from retrieval.text.word_count import count_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from retrieval.archive.records import Change, Identity, NewArticle, NewPassage, NewQuotation, NewSpeaker
    from retrieval.domain.articles import Span
    from retrieval.domain.embeddings import EmbeddingSpec
    from retrieval.domain.ids import CollectionId, SpeakerId

    _Row: TypeAlias = sa.Row[*tuple[Any, ...]]


def show_known(
    connection: sa.Connection,
    new: Identity,
    change: Change,
    *,
    given: frozenset[str] = frozenset(),
    embedded: bool = False,
) -> AddedArticle | None:
    """The outcome for an article that the collection has, or that is stored already; None where it has to be stored.

    A shared article becomes the collection's own too, unless a field that was `given` by hand differs from it. What
    only others have counts after it was `embedded`: else the time of an add would reveal that somebody has it.
    """
    same_text_rows = _with_text(connection, new)
    own = next((row for row in same_text_rows if is_visible(connection, row.id, change.collection)), None)
    if own is not None and not _vouches_for(connection, new, own, change.collection):
        return _known(connection, own, new, change.collection)
    old = versions.predecessor(connection, new, change.collection)
    if old is not None and versions.is_older(new, old):
        return _understood(connection, old.id, change.collection, known=True)
    others = [row for row in same_text_rows if row is not own]
    shared = next((row for row in others if _is_shared_as(connection, row, new, given)), None)
    if shared is not None and old is None:
        return _keep_shared(connection, shared, new, change)
    same = shared or next((row for row in others if embedded and _same(row, new)), None)
    return None if same is None else _take_in(connection, same.id, old, change)


def add(connection: sa.Connection, new: NewArticle, spec: EmbeddingSpec, change: Change) -> AddedArticle:
    """Store an article that is not stored yet. Raises EmbeddingMismatch, and ValueError for an invalid vector."""
    article_id = store(connection, new, spec, change.at)
    return _take_in(connection, article_id, versions.predecessor(connection, new.identity, change.collection), change)


def store(connection: sa.Connection, new: NewArticle, spec: EmbeddingSpec, now: datetime) -> int:
    """Store an article with everything made of it, in no collection yet; returns its id. Raises as `add` does."""
    embedding_id = vectors.use(connection, spec)
    article_id = _insert_article(connection, new, now)
    stored = _insert_passages(connection, article_id, new.passages)
    rows = [
        {
            "passage_id": id_,
            "embedding_id": embedding_id,
            "vector": vectors.at_rest(passage.vector, spec.dimension),
            "tokens": passage.tokens,
        }
        for id_, passage in zip(stored, new.passages, strict=True)
    ]
    connection.execute(sa.insert(stored_vectors), rows)
    full_text.store(connection, stored, (passage.words for passage in new.passages))
    _insert_quotations(connection, article_id, new.quotations)
    return article_id


def stored(connection: sa.Connection, new: Identity) -> int | None:
    """The id of the article that has this text from this source, in whatever collection."""
    return next((int(row.id) for row in _with_text(connection, new) if _same(row, new)), None)


def _take_in(connection: sa.Connection, article_id: int, old: _Row | None, change: Change) -> AddedArticle:
    """Make a stored article visible to a collection, in place of its older version where there is one."""
    collection, by = change.collection, change.by
    if old is None:
        grant(connection, article_id, collection, change.at, by)
    else:
        versions.keep(connection, old, article_id, collection, change.at)
        revoke(connection, old.id, collection, successor=article_id)
        grant(connection, article_id, collection, old.shown_at or old.added_at, by or old.added_by, number=old.number)
    note_changes(connection, passage_ids(connection, article_id), "add")
    understood = _understood(connection, article_id, collection, known=False, replaced=old is not None)
    action = "article added" if old is None else "article updated"
    audit.note(connection, collection, by, action, understood.article.source.title, change.at)
    return understood


def _is_shared_as(connection: sa.Connection, row: _Row, new: Identity, given: frozenset[str]) -> bool:
    """Whether an article is shared, and agrees with what was given by hand."""
    source = source_of(row)
    agrees = all(getattr(source, name) == getattr(new.source, name) for name in given)
    return agrees and is_visible(connection, row.id, SHARED)


def _keep_shared(connection: sa.Connection, shared: _Row, new: Identity, change: Change) -> AddedArticle:
    """Make a shared article the collection's own too, where it stays when it is no longer shared."""
    collection = change.collection
    number = _understood(connection, shared.id, collection, known=True).number
    grant(connection, shared.id, collection, change.at, change.by)
    note_changes(connection, passage_ids(connection, shared.id), "visibility")
    audit.note(connection, collection, change.by, "article added", shared.title, change.at)
    return replace(_known(connection, shared, new, collection), shared=number)


def _with_text(connection: sa.Connection, new: Identity) -> Sequence[_Row]:
    """The stored articles that have this text, fetched ones first."""
    same = sa.select(*ARTICLE).where(same_text(new.body_hash))
    return connection.execute(same.order_by(articles.c.fetched_at.is_(None), articles.c.id)).all()


def _same(row: _Row, new: Identity) -> bool:
    return identity_of(row).hash_with_source == new.hash_with_source


def _vouches_for(connection: sa.Connection, new: Identity, row: _Row, collection: CollectionId) -> bool:
    """Whether the bot now fetched from its page what was handed in before: the page's headline and date count then.

    Not where the operator shares the article, and not where the link was set by hand.
    """
    if new.fetched_at is None or row.fetched_at is not None:
        return False
    if manual_fields.LINK in manual_fields.fields(connection, row.id, collection):
        return False
    return collection == SHARED or not is_visible(connection, row.id, SHARED)


def _known(connection: sa.Connection, row: _Row, new: Identity, collection: CollectionId) -> AddedArticle:
    """The stored article; where its page was fetched again, that is recorded."""
    if new.fetched_at is not None and row.fetched_at is not None and row.fetched_at < new.fetched_at:
        checked = sa.update(articles).where(articles.c.id == row.id)
        connection.execute(checked.values(fetched_at=new.fetched_at, gone_at=None))
    return _understood(connection, row.id, collection, known=True)


def _insert_article(connection: sa.Connection, new: NewArticle, now: datetime) -> int:
    identity = new.identity
    taken = sa.select(sa.exists().where(articles.c.content_hash == identity.body_hash))
    values = sa.insert(articles).values(
        content_hash=identity.hash_with_source if connection.execute(taken).scalar_one() else identity.body_hash,
        title=new.source.title,
        body=new.body,
        publisher=new.source.publisher,
        authors=list(new.source.authors),
        url=new.source.url,
        published_at=new.source.published_at,
        added_at=now,
        address=new.address,
        updated_at=new.source.updated_at,
        notice=new.source.notice.value if new.source.notice else None,
        fetched_at=new.fetched_at,
        title_key=search_key(new.source.title),
        publisher_key=search_key(new.source.publisher) if new.source.publisher else None,
    )
    primary_key = connection.execute(values).inserted_primary_key
    assert primary_key is not None
    return int(primary_key[0])


def _insert_passages(connection: sa.Connection, article_id: int, new: Sequence[NewPassage]) -> list[PassageId]:
    rows = [
        {
            "article_id": article_id,
            "ordinal": ordinal,
            "start": passage.span.start,
            "end": passage.span.end,
            "words": len(passage.words),
        }
        for ordinal, passage in enumerate(new)
    ]
    connection.execute(sa.insert(passages), rows)
    return passage_ids(connection, article_id)


def _insert_quotations(connection: sa.Connection, article_id: int, new: Sequence[NewQuotation]) -> None:
    if not new:
        return
    inserted = sa.insert(quotations).returning(quotations.c.id, sort_by_parameter_order=True)
    ids = connection.scalars(inserted, [_quotation_row(article_id, quotation) for quotation in new]).all()
    printed = dict.fromkeys(speaker for quotation in new for speaker in quotation.speakers)
    speaker_ids = {speaker: speaker_rows.find_or_add(connection, speaker) for speaker in printed}
    rows = [
        {
            "quotation_id": id_,
            "speaker_id": speaker_id,
            "ordinal": ordinal,
            "name": speaker.name,
            "role": speaker.role,
            "rank": speaker.rank,
        }
        for id_, quotation in zip(ids, new, strict=True)
        for speaker_id, (ordinal, speaker) in _each_once(quotation, speaker_ids).items()
    ]
    if rows:
        connection.execute(sa.insert(quotation_speakers), rows)


def _each_once(
    quotation: NewQuotation, speaker_ids: Mapping[NewSpeaker, SpeakerId]
) -> Mapping[SpeakerId, tuple[int, NewSpeaker]]:
    """The speakers of a quotation, by the first place in which each is named."""
    first: dict[SpeakerId, tuple[int, NewSpeaker]] = {}
    for ordinal, speaker in enumerate(quotation.speakers):
        first.setdefault(speaker_ids[speaker], (ordinal, speaker))
    return first


def _quotation_row(article_id: int, new: NewQuotation) -> dict[str, Any]:
    return {
        "article_id": article_id,
        **_ends("content", new.content),
        **_ends("context", new.context),
        **_ends("cue", new.cue),
        **_ends("mention", new.mention),
        **_ends("via", new.via),
        "kind": new.kind.value,
        "attribution": new.attribution.value,
        "confidence": new.confidence,
    }


def _ends(name: str, span: Span | None) -> dict[str, int | None]:
    """The two columns of a span."""
    return {f"{name}_start": span.start if span else None, f"{name}_end": span.end if span else None}


def _understood(
    connection: sa.Connection, article_id: int, collection: CollectionId, *, known: bool, replaced: bool = False
) -> AddedArticle:
    """What `show_known` and `add` return about an article."""
    numbers = held_for(Scope(None if collection == SHARED else collection))
    row = connection.execute(sa.select(*ARTICLE, *numbers).where(articles.c.id == article_id)).one()
    of_article = quotations.c.article_id == article_id
    names = connection.scalars(
        sa.select(sa.func.min(speaker_rows.PRINTED))
        .join_from(speakers, quotation_speakers)
        .join(quotations)
        .where(of_article)
        .group_by(speakers.c.id)
        .order_by(sa.func.min(quotations.c.content_start), sa.func.min(quotation_speakers.c.ordinal))
    )
    return AddedArticle(
        article=replace(article_of(row), added_at=row.got_at),
        known=known,
        passages=len(passage_ids(connection, article_id)),
        quotations=connection.execute(
            sa.select(sa.func.count()).select_from(quotations).where(of_article)
        ).scalar_one(),
        number=number_of(row),
        speakers=tuple(names),
        replaced=replaced,
        words=count_words(row.body),
    )
