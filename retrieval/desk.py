"""Takes articles in from the world, and looks after them: shows, lists, exports, removes, puts back, looks again.

Everything is done for a reader, in whose own collection it happens: a server's, or the shared one where there is none.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from retrieval.archive.articles.removing import own_collection
from retrieval.claims import read_claims, with_claims
from retrieval.domain.articles import Draft, Notice
from retrieval.domain.cancellation import NOT_CANCELLED
from retrieval.domain.editing import NO_CLAIMS
from retrieval.errors import AddressRefused, ArticleRejected, FetchFailed
from retrieval.gathering import named_publisher, with_site
from retrieval.ingest import embed_article, embedding_once, store_article
from retrieval.text.word_count import count_words
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from retrieval.archive.archive import Archive
    from retrieval.archive.articles.listing import DuePage
    from retrieval.archive.records import ReadArticle
    from retrieval.domain.articles import AddedArticle, ArticleEntry, ArticlePage, ArticleShown, Exported, Source
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.editing import Claims
    from retrieval.domain.ids import ArticleId, ArticleNumber, CollectionId, UserId
    from retrieval.domain.scope import Scope
    from retrieval.domain.upkeep import AuditPage, Expiring
    from retrieval.gathering import Gatherer
    from retrieval.models import Models
    from retrieval.ports import ArticleReader, Embedder

PAGE: Final = 8
"""Articles in a page of a list."""
AUDITED: Final = 10
"""Lines in a page of the audit."""
PART: Final = 9_000_000
"""Bytes of a part of an export: below what Discord takes as one file."""

_A_DAY: Final = timedelta(days=1)
_RECHECKED_EVERY: Final = _A_DAY
_RECHECKED_FOR: Final = timedelta(days=30)
_AUDIT_KEPT: Final = timedelta(days=365)
_LEFT: Final = 0.5
"""A page that lost more than half of its words is a teaser or an error, not a new version."""

log = logging.getLogger(__name__)


class Desk:
    """What moderators and the background do with articles. Thread-safe. Every method may raise ArchiveError.

    What takes long can be cancelled, and then raises WorkCancelled.
    """

    def __init__(
        self, archive: Archive, models: Models, article_reader: ArticleReader, gatherer: Gatherer | None = None
    ) -> None:
        self._archive = archive
        self._models = models
        self._article_reader = article_reader
        self._gatherer = gatherer

    # Taking in

    def add(
        self,
        draft: Draft,
        collection: CollectionId,
        by: UserId | None = None,
        *,
        cancellation: Cancellation = NOT_CANCELLED,
    ) -> AddedArticle:
        """Understand, embed and store an article; the next question finds it.

        Raises ArticleRejected and ModelUnavailable. A text that the collection has already, or that is shared, is not
        embedded again.
        """
        read, given = self._article_reader.read(with_site(draft), cancellation=cancellation), draft.by_hand
        added = store_article(self._archive, read, self._models, collection, by, given=given, cancellation=cancellation)
        if given and (not added.known or added.shared is not None):
            self._archive.shelf.set_by_hand(collection, added.article.id, given)
        return added

    def add_link(
        self,
        scope: Scope,
        url: str,
        by: UserId | None = None,
        *,
        claims: Claims = NO_CLAIMS,
        cancellation: Cancellation = NOT_CANCELLED,
    ) -> AddedArticle:
        """Fetch a page and add its article, with what somebody says of it before what the page says.

        Raises AddressRefused, FetchFailed, ArticleRejected and ModelUnavailable.
        """
        given = read_claims(claims)
        draft = with_claims(self.gatherer.from_link(url, cancellation=cancellation), given)
        return self.add(draft, own_collection(scope), by, cancellation=cancellation)

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
        """Add the article in a file, text, a page, a mail or a PDF, with what somebody says of it.

        Raises ArticleRejected and ModelUnavailable.
        """
        given = read_claims(claims)
        draft = with_claims(self.gatherer.from_file(name, content, cancellation=cancellation), given)
        return self.add(draft, own_collection(scope), by, cancellation=cancellation)

    def add_text(
        self,
        scope: Scope,
        text: str,
        by: UserId | None = None,
        *,
        claims: Claims = NO_CLAIMS,
        cancellation: Cancellation = NOT_CANCELLED,
    ) -> AddedArticle:
        """Add a text that somebody pasted, with what they say of it. Raises ArticleRejected and ModelUnavailable."""
        draft = with_claims(Draft(text), read_claims(claims))
        return self.add(draft, own_collection(scope), by, cancellation=cancellation)

    @property
    def gatherer(self) -> Gatherer:
        """What gets articles from links and files. Raises ArticleRejected where there is no way out to the web."""
        if self._gatherer is None:
            message = "I cannot fetch pages or read files here. Paste the text instead."
            raise ArticleRejected(message)
        return self._gatherer

    # Looking after

    def remove(self, scope: Scope, article_id: ArticleId, by: UserId | None = None) -> ArticleEntry:
        """Take an article, with its quotations, vectors and history, from the reader's own collection.

        Raises ArticleUnknown.
        """
        return self._archive.remove(scope, article_id, now=datetime.now(UTC), by=by)

    def undo(
        self,
        scope: Scope,
        article_id: ArticleId,
        by: UserId | None = None,
        *,
        cancellation: Cancellation = NOT_CANCELLED,
    ) -> ArticleEntry:
        """Undo that an article was added: remove it, or put back the version that it replaced.

        Raises ArticleUnknown and, where a version is put back, ModelUnavailable.
        """
        former = self._archive.shelf.former(scope, article_id)
        if former is None:
            cancellation.begin_storing()
            return self.remove(scope, article_id, by)
        source = former.source
        read = self._article_reader.read(
            Draft(
                former.body,
                title=source.title,
                publisher=source.publisher,
                authors=source.authors,
                url=source.url,
                published_at=source.published_at,
                updated_at=source.updated_at,
                fetched_at=former.fetched_at,
            ),
            cancellation=cancellation,
        )

        def put_back(embedder: Embedder) -> ArticleEntry:
            old, now = embed_article(read, embedder, cancellation), datetime.now(UTC)
            cancellation.begin_storing()
            return self._archive.shelf.put_back(scope, article_id, old, embedder.spec, now=now, by=by)

        return self._models.use(put_back)

    def page(self, scope: Scope, search: str | None = None, number: int = 0) -> ArticlePage:
        """A page of what the reader sees, newest first; `search` is for words of the headline or of the text."""
        wanted = (search or "").strip()
        return self._archive.shelf.page(
            scope, search=wanted, words=analyse(wanted) if wanted else (), number=number, size=PAGE
        )

    def amount(self, scope: Scope) -> int:
        """How many articles are in the reader's own collection."""
        return self._archive.shelf.amount(scope)

    def titled(self, scope: Scope, typed: str, limit: int, *, own: bool = False) -> tuple[ArticleEntry, ...]:
        """Articles whose headline holds what was typed, newest first; with `own`, of the reader's collection alone."""
        return self._archive.shelf.titled(scope, typed.strip(), limit, own=own)

    def numbered(self, scope: Scope, number: ArticleNumber) -> ArticleId:
        """The article that has this number for the reader. Raises ArticleUnknown."""
        return self._archive.shelf.numbered(scope, number)

    def show(self, scope: Scope, article_id: ArticleId) -> ArticleShown:
        """All about one article. Raises ArticleUnknown."""
        return self._archive.shelf.shown(scope, article_id)

    def export(self, scope: Scope, after: int = 0, room: int = PART) -> Exported:
        """A part of the reader's own collection as JSON lines; `rest` of it is what to go on `after`."""
        return self._archive.shelf.export(scope, after, room)

    def note(self, scope: Scope, action: str, detail: str, by: UserId | None) -> None:
        """Write into the audit what was done outside of the archive."""
        self._archive.shelf.note(scope, action, detail, now=datetime.now(UTC), by=by)

    def audit(self, scope: Scope, number: int = 0, *, people_only: bool = False) -> AuditPage:
        """A page of what was changed in the reader's own collection, newest first."""
        return self._archive.shelf.audit(scope, number=number, size=AUDITED, people_only=people_only)

    def expiring(self, scope: Scope, days: int) -> Expiring:
        """How many articles of the reader's own collection are older than so many days, and how many are not yet."""
        return self._archive.shelf.expiring(scope, datetime.now(UTC) - timedelta(days=days))

    def forget_user(self, user: UserId) -> None:
        """What a member added or did stays, without their id."""
        self._archive.shelf.forget_user(user)

    def erase(self, collection: CollectionId) -> int:
        """Erase everything of a server; says how many articles it were."""
        return self._archive.shelf.erase(collection)

    # In the background

    def collections(self) -> tuple[CollectionId, ...]:
        """Every server for which anything is kept."""
        return self._archive.shelf.collections()

    def expire(self, collection: CollectionId, older_than: datetime) -> int:
        """Take out what a collection got before a moment; says how many articles it were."""
        return self._archive.shelf.expire(collection, older_than, datetime.now(UTC))

    def prune_audit(self, now: datetime) -> None:
        """Drop the audit's lines that are older than a year."""
        self._archive.shelf.prune_audit(now - _AUDIT_KEPT)

    def recheck(self, now: datetime, limit: int) -> int:
        """Look again at the pages of at most `limit` articles of the last thirty days, each once a day.

        A page that is gone is flagged, and no longer once it is back; a changed text is a new version wherever the old
        one is seen. Says how many pages it looked at.
        """
        if self._gatherer is None:
            return 0
        due = self._archive.shelf.due(
            checked_before=now - _RECHECKED_EVERY, published_after=now - _RECHECKED_FOR, limit=limit
        )
        for page in due:
            self._look_again(page, now)
        return len(due)

    def _look_again(self, page: DuePage, now: datetime) -> None:
        article, shelf = page.article, self._archive.shelf
        assert article.source.url is not None
        try:
            draft = _no_poorer(self.gatherer.from_link(article.source.url, now), article.source)
            read = self._article_reader.read(draft, by_rules=True)
        except FetchFailed as error:
            shelf.looked_at(article.id, now, gone=True if error.gone else None)
            return
        except (AddressRefused, ArticleRejected) as error:
            log.info("article %d stays as it is: %s", article.id, error)
            shelf.looked_at(article.id, now, gone=None)
            return
        shelf.looked_at(article.id, now, gone=False)
        shrunk = count_words(read.body) < _LEFT * count_words(article.body)
        shrunk = shrunk and read.source.notice is not Notice.RETRACTED
        if read.body == article.body or read.address != page.address or shrunk:
            return
        if not _has_changed(page, read):
            shelf.page_said(article.id, read.identity.body_hash)
            return
        understood = self._article_reader.read(draft)
        embed = embedding_once()
        for collection in page.collections:
            store_article(self._archive, understood, self._models, collection, embed=embed)


def _has_changed(page: DuePage, read: ReadArticle) -> bool:
    """Whether a page says something new. A feed's own text differs from its page's: that alone is no news.

    But that it was corrected or retracted is, wherever it is said first.
    """
    if page.page_hash is None:
        return True
    if read.source.notice not in {None, page.article.source.notice}:
        return True
    return page.page_hash not in {"", read.identity.body_hash}


def _no_poorer(draft: Draft, known: Source) -> Draft:
    """What was fetched just now is not older than what is known, though a feed tells the hour and its page the day.

    And it has the publisher that is known, where the page names none.
    """
    published, updated = draft.published_at, draft.updated_at
    if known.published_at is not None and (published is None or abs(published - known.published_at) < _A_DAY):
        published = known.published_at
    if known.updated_at is not None and (updated is None or updated < known.updated_at):
        updated = known.updated_at
    return replace(
        draft,
        publisher=named_publisher(draft) or known.publisher or draft.publisher,
        published_at=published,
        updated_at=updated,
    )
