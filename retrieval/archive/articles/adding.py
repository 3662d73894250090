"""Puts an article into the archive, with everything made of it, or shows a known one to one more collection.

A collection never learns what another one holds: a text that others have is known to it only once it has it too, and
shared with them only where it comes from the same source; else they would choose each other's headlines.
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
    """What became of an article that the collection has, or may see; None where it has to be stored first.

    A shared article is kept by the collection too, unless a field that was `given` by hand says something else of it.
    What others have counts only once it was `embedded`: else the time of an add would tell that somebody has it.
    """
    held = _held(connection, new)
    own = next((row for row in held if is_visible(connection, row.id, change.collection)), None)
    if own is not None and not _vouches_for(connection, new, own, change.collection):
        return _known(connection, own, new, change.collection)
    old = versions.predecessor(connection, new, change.collection)
    if old is not None and versions.is_older(new, old):
        return _understood(connection, old.id, change.collection, known=True)
    others = [row for row in held if row is not own]
    shared = next((row for row in others if _is_shared_as(connection, row, new, given)), None)
    if shared is not None and old is None:
        return _keep_shared(connection, shared, new, change)
    same = shared or next((row for row in others if embedded and _same(row, new)), None)
    return None if same is None else _take_in(connection, same.id, old, change)


def add(connection: sa.Connection, new: NewArticle, spec: EmbeddingSpec, change: Change) -> AddedArticle:
    """Store an article that is not known yet. Raises EmbeddingMismatch, and ValueError for a vector that is none."""
    article_id = store(connection, new, spec, change.at)
    return _take_in(connection, article_id, versions.predecessor(connection, new.identity, change.collection), change)


def store(connection: sa.Connection, new: NewArticle, spec: EmbeddingSpec, now: datetime) -> int:
    """Everything that is made of an article, not yet seen by anybody. Raises as `add` does."""
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
    """The article that has this text from this source, whoever sees it."""
    return next((int(row.id) for row in _held(connection, new) if _same(row, new)), None)


def _take_in(connection: sa.Connection, article_id: int, old: _Row | None, change: Change) -> AddedArticle:
    """Show a stored article to a collection, in the place of the older version where there is one."""
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
    """Whether an article is shared, and says what was given by hand."""
    source = source_of(row)
    says = all(getattr(source, name) == getattr(new.source, name) for name in given)
    return says and is_visible(connection, row.id, SHARED)


def _keep_shared(connection: sa.Connection, shared: _Row, new: Identity, change: Change) -> AddedArticle:
    """Show a shared article to a collection that adds it: it stays there when it is not shared any more."""
    collection = change.collection
    number = _understood(connection, shared.id, collection, known=True).number
    grant(connection, shared.id, collection, change.at, change.by)
    note_changes(connection, passage_ids(connection, shared.id), "visibility")
    audit.note(connection, collection, change.by, "article added", shared.title, change.at)
    return replace(_known(connection, shared, new, collection), shared=number)


def _held(connection: sa.Connection, new: Identity) -> Sequence[_Row]:
    """The articles that have this text, fetched ones first."""
    asked = sa.select(*ARTICLE).where(same_text(new.body_hash))
    return connection.execute(asked.order_by(articles.c.fetched_at.is_(None), articles.c.id)).all()


def _same(row: _Row, new: Identity) -> bool:
    return identity_of(row).hash_with_source == new.hash_with_source


def _vouches_for(connection: sa.Connection, new: Identity, row: _Row, collection: CollectionId) -> bool:
    """Whether the bot now got from its page what somebody had handed in: its own headline and date count then.

    But for what the operator shares, which needs no proof from a server, and where somebody set the link by hand.
    """
    if new.fetched_at is None or row.fetched_at is not None:
        return False
    if manual_fields.LINK in manual_fields.fields(connection, row.id, collection):
        return False
    return collection == SHARED or not is_visible(connection, row.id, SHARED)


def _known(connection: sa.Connection, row: _Row, new: Identity, collection: CollectionId) -> AddedArticle:
    """The article as it is; where its page was looked at again, it is there."""
    if new.fetched_at is not None and row.fetched_at is not None and row.fetched_at < new.fetched_at:
        looked_at = sa.update(articles).where(articles.c.id == row.id)
        connection.execute(looked_at.values(fetched_at=new.fetched_at, gone_at=None))
    return _understood(connection, row.id, collection, known=True)


def _insert_article(connection: sa.Connection, new: NewArticle, now: datetime) -> int:
    claimed = new.identity
    taken = sa.select(sa.exists().where(articles.c.content_hash == claimed.body_hash))
    with_source = connection.execute(taken).scalar_one()
    return _insert(
        connection,
        articles,
        content_hash=claimed.hash_with_source if with_source else claimed.body_hash,
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
    known = {speaker: speaker_rows.find_or_add(connection, speaker) for speaker in printed}
    said = [
        {
            "quotation_id": id_,
            "speaker_id": speaker_id,
            "ordinal": ordinal,
            "name": speaker.name,
            "role": speaker.role,
            "rank": speaker.rank,
        }
        for id_, quotation in zip(ids, new, strict=True)
        for speaker_id, (ordinal, speaker) in _each_once(quotation, known).items()
    ]
    if said:
        connection.execute(sa.insert(quotation_speakers), said)


def _each_once(
    quotation: NewQuotation, known: Mapping[NewSpeaker, SpeakerId]
) -> Mapping[SpeakerId, tuple[int, NewSpeaker]]:
    """The speakers of a quotation, by the first place in which each is named."""
    found: dict[SpeakerId, tuple[int, NewSpeaker]] = {}
    for ordinal, speaker in enumerate(quotation.speakers):
        found.setdefault(known[speaker], (ordinal, speaker))
    return found


def _quotation_row(article_id: int, new: NewQuotation) -> dict[str, Any]:
    return {
        "article_id": article_id,
        "content_start": new.content.start,
        "content_end": new.content.end,
        "context_start": new.context.start,
        "context_end": new.context.end,
        "cue_start": new.cue.start if new.cue else None,
        "cue_end": new.cue.end if new.cue else None,
        "mention_start": new.mention.start if new.mention else None,
        "mention_end": new.mention.end if new.mention else None,
        "via_start": new.via.start if new.via else None,
        "via_end": new.via.end if new.via else None,
        "kind": new.kind.value,
        "attribution": new.attribution.value,
        "confidence": new.confidence,
    }


def _insert(connection: sa.Connection, table: sa.Table, **values: Any) -> int:  # noqa: ANN401 - as the columns are
    inserted = connection.execute(sa.insert(table).values(**values))
    assert inserted.inserted_primary_key is not None
    return int(inserted.inserted_primary_key[0])


def _understood(
    connection: sa.Connection, article_id: int, collection: CollectionId, *, known: bool, replaced: bool = False
) -> AddedArticle:
    held = held_for(Scope(None if collection == SHARED else collection))
    row = connection.execute(sa.select(*ARTICLE, *held).where(articles.c.id == article_id)).one()
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
