"""Edits the headline, publisher, date and link of an article by hand, in the own collection, and undoes that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from retrieval.archive.records import Change
from retrieval.articles.claims import read_claims
from retrieval.articles.storing import embed_article
from retrieval.domain.cancellation import NOT_CANCELLED
from retrieval.domain.editing import Edited
from retrieval.errors import ArticleRejected
from retrieval.text.link_keys import address_key

if TYPE_CHECKING:
    from retrieval.active_model import ActiveModel
    from retrieval.archive.archive import Archive
    from retrieval.archive.records import NewArticle, ReadArticle
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.editing import Claims
    from retrieval.domain.ids import ArticleId, UserId
    from retrieval.domain.scope import Scope
    from retrieval.ports import Embedder


class Editor:
    """Edits articles. Thread-safe. Every method may raise ArchiveError, ModelUnavailable and WorkCancelled."""

    def __init__(self, archive: Archive, model: ActiveModel) -> None:
        self._articles = archive.articles
        self._edits = archive.edits
        self._model = model

    def edit(
        self,
        scope: Scope,
        article_id: ArticleId,
        claims: Claims,
        by: UserId | None = None,
        *,
        cancellation: Cancellation = NOT_CANCELLED,
    ) -> Edited:
        """Set what was typed. Raises ArticleUnknown, and ArticleRejected for what is invalid or changes nothing."""
        before = self._articles.show(scope, article_id).article.source
        new, fields = _edited(self._edits.stored(scope, article_id), claims)

        def store(embedder: Embedder) -> ArticleId:
            made, change = _embedded(new, embedder, cancellation), Change(scope.own, datetime.now(UTC), by)
            return self._edits.edit(article_id, made, embedder.spec, fields, change)

        return Edited(self._articles.show(scope, self._model.use(store)), before, tuple(fields))

    def undo(
        self,
        scope: Scope,
        article_id: ArticleId,
        by: UserId | None = None,
        *,
        cancellation: Cancellation = NOT_CANCELLED,
    ) -> Edited:
        """Restore the fields of the last edit to their former values. Raises ArticleUnknown and NothingToUndo."""
        before = self._articles.show(scope, article_id).article.source
        old, fields = self._edits.before(scope, article_id)

        def store(embedder: Embedder) -> ArticleId:
            made, change = _embedded(old, embedder, cancellation), Change(scope.own, datetime.now(UTC), by)
            return self._edits.undo(article_id, made, embedder.spec, change)

        return Edited(self._articles.show(scope, self._model.use(store)), before, fields)


def _edited(stored: ReadArticle, claims: Claims) -> tuple[ReadArticle, list[str]]:
    """The article with what was typed, and the fields that change. Raises ArticleRejected."""
    if not claims:
        raise ArticleRejected("article.no_change_named")
    given = {name: value for name, value in read_claims(claims).items() if value != getattr(stored.source, name)}
    if not given:
        raise ArticleRejected("article.nothing_to_change")
    new = stored.with_source(replace(stored.source, **given))
    return (_relinked(new, stored) if "url" in given else new), list(given)


def _relinked(new: ReadArticle, stored: ReadArticle) -> ReadArticle:
    """The article with its new link, whose page the text was not fetched from. Raises ArticleRejected."""
    address = address_key(new.source.url) if new.source.url else None
    if address is not None and address == stored.address:
        raise ArticleRejected("article.same_link")
    return replace(new, address=address, fetched_at=None)


def _embedded(new: ReadArticle, embedder: Embedder, cancellation: Cancellation) -> NewArticle:
    """An article embedded again with another source: the headline is part of what is embedded."""
    made = embed_article(new, embedder, cancellation)
    cancellation.begin_storing()
    return made
