"""Takes articles in: fetches links, extracts files, reads, embeds and stores them; undoes that.

Articles are added to the scope's own collection: a server's, or the shared one without a server.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

from retrieval.articles.claims import read_claims, with_claims
from retrieval.articles.storing import embed_article, store_article, store_everywhere
from retrieval.domain.articles import Draft
from retrieval.domain.cancellation import NOT_CANCELLED
from retrieval.domain.editing import NO_CLAIMS
from retrieval.domain.file_types import ENDINGS, OLD_OFFICE_ENDINGS
from retrieval.domain.limits import LARGEST_FILE
from retrieval.domain.pages import Fetched, NotModified
from retrieval.errors import ArticleRejected, FetchFailed
from retrieval.text.link_keys import address_key, site
from retrieval.text.page_lines import page_lines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from retrieval.active_model import ActiveModel
    from retrieval.archive.archive import Archive
    from retrieval.archive.records import ReadArticle
    from retrieval.domain.articles import AddedArticle, ArticleEntry
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.editing import Claims
    from retrieval.domain.ids import ArticleId, CollectionId, UserId
    from retrieval.domain.scope import Scope
    from retrieval.ports import ArticleReader, Embedder, Extractor, Fetcher

_TEXTS_OF_SITE: Final = 40
"""Of a site, so many of the newest texts tell which lines are the site's."""


class Importer:
    """Adds articles. Thread-safe. Every method may raise ArchiveError; what takes a `cancellation`, WorkCancelled.

    Without a fetcher and an extractor, only texts can be added.
    """

    def __init__(
        self,
        archive: Archive,
        model: ActiveModel,
        article_reader: ArticleReader,
        fetcher: Fetcher | None = None,
        extractor: Extractor | None = None,
    ) -> None:
        self._archive = archive
        self._model = model
        self.article_reader = article_reader
        self.fetcher = fetcher
        self._extractor = extractor

    def add(
        self,
        draft: Draft,
        collection: CollectionId,
        by: UserId | None = None,
        *,
        cancellation: Cancellation = NOT_CANCELLED,
    ) -> AddedArticle:
        """Read, embed and store an article; the next question finds it. Raises ArticleRejected and ModelUnavailable.

        A text that the collection has already, or that is shared, is not embedded again.
        """
        prepared, given = self._with_page_lines(_with_site(draft), [collection]), draft.by_hand
        read = self.article_reader.read(prepared, cancellation=cancellation)
        added = store_article(self._archive, read, self._model, collection, by, given=given, cancellation=cancellation)
        if given and (not added.known or added.shared is not None):
            self._archive.edits.remember_given(collection, added.article.id, given)
        return replace(added, partial=draft.partial)

    def add_everywhere(
        self, draft: Draft, collections: Iterable[CollectionId], *, moved_from: str | None = None
    ) -> dict[CollectionId, AddedArticle]:
        """Add an article to several collections, a transaction each; it is read and embedded once.

        It replaces the article that was fetched from `moved_from`. Raises ArticleRejected and ModelUnavailable.
        """
        collections = tuple(collections)
        read = self.read(draft, collections)
        read = replace(read, former_address=address_key(moved_from) if moved_from else None)
        return store_everywhere(self._archive, read, self._model, collections)

    def read(self, draft: Draft, collections: Collection[CollectionId]) -> ReadArticle:
        """Read an article as it would be stored in these collections. Raises ArticleRejected."""
        return self.article_reader.read(self._with_page_lines(_with_site(draft), collections))

    def add_link(
        self,
        scope: Scope,
        url: str,
        by: UserId | None = None,
        *,
        claims: Claims = NO_CLAIMS,
        cancellation: Cancellation = NOT_CANCELLED,
    ) -> AddedArticle:
        """Fetch a page and add its article; `claims` take precedence over what the page says.

        Raises AddressRefused, FetchFailed, ArticleRejected and ModelUnavailable.
        """
        given = read_claims(claims)
        draft = with_claims(self.draft_from_link(url, cancellation=cancellation), given)
        return self.add(draft, scope.own, by, cancellation=cancellation)

    def add_file(
        self,
        scope: Scope,
        name: str,
        content: bytes,
        by: UserId | None = None,
        *,
        claims: Claims = NO_CLAIMS,
        cancellation: Cancellation = NOT_CANCELLED,
    ) -> AddedArticle:
        """Add the article in a file; `claims` take precedence over what the file says.

        Raises ArticleRejected and ModelUnavailable.
        """
        given = read_claims(claims)
        draft = with_claims(self.draft_from_file(name, content, cancellation=cancellation), given)
        return self.add(draft, scope.own, by, cancellation=cancellation)

    def add_text(
        self,
        scope: Scope,
        text: str,
        by: UserId | None = None,
        *,
        claims: Claims = NO_CLAIMS,
        cancellation: Cancellation = NOT_CANCELLED,
    ) -> AddedArticle:
        """Add a text that somebody pasted. Raises ArticleRejected and ModelUnavailable."""
        return self.add(with_claims(Draft(text), read_claims(claims)), scope.own, by, cancellation=cancellation)

    def draft_from_link(
        self, url: str, now: datetime | None = None, *, cancellation: Cancellation = NOT_CANCELLED
    ) -> Draft:
        """Fetch the article at an address. Its `url` is the page's canonical one, else where the redirects ended.

        Raises AddressRefused, FetchFailed and ArticleRejected.
        """
        fetcher, extractor = self._engines()
        fetched = fetcher.fetch(url)
        cancellation.check()
        if isinstance(fetched, NotModified):
            raise FetchFailed("site.unchanged_unasked")
        draft = extractor.extract(fetched, cancellation=cancellation)
        return replace(draft, url=draft.url or fetched.url, fetched_at=now or datetime.now(UTC))

    def draft_from_file(self, name: str, content: bytes, *, cancellation: Cancellation = NOT_CANCELLED) -> Draft:
        """Extract the article in a file. Raises ArticleRejected."""
        _, extractor = self._engines()
        ending = PurePath(name).suffix.lower()
        file_type = ENDINGS.get(ending)
        if ending in OLD_OFFICE_ENDINGS:
            raise ArticleRejected("page.old_office")
        if file_type is None:
            raise ArticleRejected("file.unreadable_kind", kinds=", ".join(ENDINGS))
        if len(content) > LARGEST_FILE:
            raise ArticleRejected("file.too_large_to_add", megabytes=LARGEST_FILE // 1_000_000)
        return extractor.extract(Fetched("", content, file_type.media_types[0]), cancellation=cancellation)

    def undo(
        self,
        scope: Scope,
        article_id: ArticleId,
        by: UserId | None = None,
        *,
        cancellation: Cancellation = NOT_CANCELLED,
    ) -> ArticleEntry:
        """Undo an addition: remove the article, or put back the version that it replaced.

        Raises ArticleUnknown and, where a version is put back, ModelUnavailable.
        """
        former = self._archive.articles.former(scope, article_id)
        if former is None:
            cancellation.begin_storing()
            return self._archive.articles.remove(scope, article_id, by)
        read = self.article_reader.read(former, cancellation=cancellation)

        def put_back(embedder: Embedder) -> ArticleEntry:
            old, now = embed_article(read, embedder, cancellation), datetime.now(UTC)
            cancellation.begin_storing()
            return self._archive.articles.put_back(scope, article_id, old, embedder.spec, now=now, by=by)

        return self._model.use(put_back)

    def _with_page_lines(self, draft: Draft, collections: Collection[CollectionId]) -> Draft:
        """The draft with the lines that the collections' other articles of its site have too."""
        if draft.url is None or draft.fetched_at is None:
            return draft
        others = self._archive.articles.texts_of_site(draft.url, collections, _TEXTS_OF_SITE)
        return replace(draft, page_lines=page_lines(draft.text, others))

    def _engines(self) -> tuple[Fetcher, Extractor]:
        """The fetcher and the extractor. Raises ArticleRejected where there are none."""
        if self.fetcher is None or self._extractor is None:
            raise ArticleRejected("article.only_text")
        return self.fetcher, self._extractor


def named_publisher(draft: Draft) -> str | None:
    """The publisher that a page names; None where its site stands for one."""
    return None if draft.publisher == site(draft.url) else draft.publisher


def _with_site(draft: Draft) -> Draft:
    """The draft; where no publisher is known, the site of its link (`reuters.com`), unless somebody removed it."""
    if draft.publisher is not None or "publisher" in draft.by_hand:
        return draft
    return replace(draft, publisher=site(draft.url))
