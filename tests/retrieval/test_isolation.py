"""Two servers and what is shared, whatever they do: nobody sees, or is touched by, what another server has.

And the archive holds what somebody sees, nothing else, by any of its tables and by the index.
"""

from __future__ import annotations

import tempfile
from concurrent.futures import Future
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from typing_extensions import override

from retrieval.active_model import ActiveModel
from retrieval.adapters.search.faiss_search import FaissSearch
from retrieval.archive.opening import open_archive
from retrieval.archive.schema import (
    articles,
    audit,
    metadata,
    passages,
    quotation_speakers,
    revisions,
    speakers,
    visibility,
)
from retrieval.articles.importing import Importer
from retrieval.domain.answers import Answer, CitationRef
from retrieval.domain.articles import Draft
from retrieval.domain.ids import SHARED, ArticleId, CollectionId, PassageId, UserId
from retrieval.domain.scope import Scope
from retrieval.errors import ArticleUnknown
from retrieval.newsroom import Newsroom
from tests.support.fakes import HashingEmbedder, PlainArticleReader
from tests.support.sizes import sized

if TYPE_CHECKING:
    from retrieval.archive.archive import Archive
    from retrieval.domain.articles import AddedArticle, ArticleEntry

ONE, OTHER = CollectionId(11), CollectionId(22)
EVERYWHERE = (SHARED, ONE, OTHER)
NAMES = {SHARED: "Ada Okafor", ONE: "Piotr Lindqvist", OTHER: "Linda Sorensen"}
START = datetime(2024, 3, 25, 12, tzinfo=UTC)
EMBEDDER = HashingEmbedder()

collections = st.sampled_from(EVERYWHERE)
headlines = st.sampled_from(["Bridge closed", "Vote put off"])
publishers = st.sampled_from(["The Wire", "The Courier"])
pages = st.sampled_from([None, "https://wire.example/one", "https://wire.example/two"])
texts = st.integers(0, 3)
picks = st.integers(0, 9)


@dataclass(frozen=True)
class View:
    """Everything that a reader can get at."""

    listed: tuple[ArticleEntry, ...]
    pages: object
    shown: object
    titled: object
    speakers: object
    quoted: object
    publishers: object
    about: object
    exported: bytes
    audit: object


def text(number: int, whose: CollectionId, *, private: bool) -> str:
    """One of a few texts; a private one names whose it is."""
    name = NAMES[whose] if private else "Matthew Miller"
    return (
        f"The council met on day {number} to speak of the harbour bridge and of its cracks.\n\n"
        f"“Nothing of day {number} may be lost,” said {name}, the mayor of Port Selby.\n"
    )


class Servers(RuleBasedStateMachine):
    """A newsroom in which everybody does something at random."""

    @initialize()
    def open(self) -> None:
        self.opened = ExitStack()
        folder = Path(self.opened.enter_context(tempfile.TemporaryDirectory()))
        self.archive: Archive = self.opened.enter_context(open_archive(folder / "news.sqlite3"))
        self.search = self.opened.enter_context(closing(FaissSearch(self.archive, EMBEDDER.spec)))
        ready: Future[None] = Future()
        ready.set_result(None)
        importer = Importer(self.archive, ActiveModel(EMBEDDER), PlainArticleReader())
        self.room = Newsroom(self.archive, self.search, ActiveModel(EMBEDDER), importer, ready)
        self.now = START
        self.undoable: dict[CollectionId, list[ArticleId]] = {where: [] for where in EVERYWHERE}
        self.views = {where: self.view(where) for where in EVERYWHERE}

    @override
    def teardown(self) -> None:
        """Whatever was done, by whom and in which order: every checksum is that of what is there."""
        problems = self.archive.check().problems
        self.opened.close()
        assert problems == ()

    @rule(
        where=collections,
        title=headlines,
        publisher=publishers,
        page=pages,
        number=texts,
        private=st.booleans(),
        fetched=st.booleans(),
    )
    def add(
        self,
        where: CollectionId,
        title: str,
        publisher: str,
        page: str | None,
        number: int,
        *,
        private: bool,
        fetched: bool,
    ) -> None:
        self.now += timedelta(minutes=1)
        body = text(number, where, private=private)
        draft = Draft(
            body, title, publisher, url=page, published_at=START, fetched_at=self.now if fetched and page else None
        )
        added = self.room.importer.add(draft, where, UserId(int(where) + 1))
        self.undoable[where].append(added.article.id)
        mine = self.scope(where)
        assert body.strip() in {
            self.archive.articles.show(mine, e.id).article.body for e in self.room.articles.entries(mine)
        }
        self.assert_ours(where, added)
        self.assert_others_are_untouched(where)

    @rule(where=collections, pick=picks)
    def remove(self, where: CollectionId, pick: int) -> None:
        mine = self.room.articles.titled(self.scope(where), "", 25, own=True)
        if mine:
            gone = mine[pick % len(mine)].id
            self.room.articles.remove(self.scope(where), gone, UserId(int(where) + 1))
            assert gone not in {entry.id for entry in self.room.articles.titled(self.scope(where), "", 25, own=True)}
        self.assert_others_are_untouched(where)

    @rule(where=collections, pick=picks)
    def undo(self, where: CollectionId, pick: int) -> None:
        if self.undoable[where]:
            article = self.undoable[where][pick % len(self.undoable[where])]
            with suppress(ArticleUnknown):
                self.room.importer.undo(self.scope(where), article, UserId(int(where) + 1))
        self.assert_others_are_untouched(where)

    @rule(where=st.sampled_from((ONE, OTHER)), article=st.integers(1, 40))
    def remove_what_may_be_somebody_else_s(self, where: CollectionId, article: int) -> None:
        own = {entry.id for entry in self.room.articles.titled(self.scope(where), "", 25, own=True)}
        if article not in own:
            for act in (self.room.articles.remove, self.room.importer.undo):
                try:
                    act(self.scope(where), ArticleId(article))
                except ArticleUnknown:
                    continue
                raise AssertionError(article)
        self.assert_others_are_untouched(where)

    @rule(where=st.sampled_from((ONE, OTHER)))
    def leave(self, where: CollectionId) -> None:
        self.room.bot_state.put(where, "settings", "{}")
        self.room.collections.erase(where)
        self.assert_others_are_untouched(where)
        assert where not in self.room.collections.ids()
        shared = [replace(entry, number=replace(entry.number, shared=True)) for entry in self.views[SHARED].listed]
        assert list(self.views[where].listed) == shared
        assert self.views[where].exported == b""

    @rule(where=st.sampled_from((ONE, OTHER)), minutes=st.integers(0, 10))
    def expire(self, where: CollectionId, minutes: int) -> None:
        self.room.collections.expire(where, datetime.now(UTC) - timedelta(minutes=minutes))
        self.assert_others_are_untouched(where)

    @invariant()
    def nobody_sees_what_is_another_server_s(self) -> None:
        for where in (ONE, OTHER):
            foreign = NAMES[OTHER if where == ONE else ONE]
            assert foreign not in repr(self.views[where])
            for server in (ONE, OTHER):
                assert NAMES[server] not in repr(self.views[SHARED])

    @invariant()
    def nothing_of_another_server_is_cited(self) -> None:
        everything = [CitationRef(PassageId(number), None) for number in range(1, 60)]
        for where in EVERYWHERE:
            scope = self.scope(where)
            seen = {entry.id for entry in self.room.articles.entries(scope)}
            assert {citation.article_id for citation in self.room.cite(scope, everything)} == seen
            answer = self.room.ask(scope, "Nothing of which day may be lost at the harbour bridge?")
            cited = answer.citations if isinstance(answer, Answer) else answer.nearest
            assert {citation.article_id for citation in cited} <= seen

    @invariant()
    def the_archive_holds_what_somebody_sees_and_nothing_else(self) -> None:
        report = self.archive.check()
        assert report.problems == ()
        with self.archive._connections.reading() as connection:
            seen = set(connection.scalars(sa.select(visibility.c.article_id)))
            assert set(connection.scalars(sa.select(articles.c.id))) == seen
            assert set(connection.scalars(sa.select(passages.c.article_id))) == seen
            quoted = set(connection.scalars(sa.select(quotation_speakers.c.speaker_id)))
            assert set(connection.scalars(sa.select(speakers.c.id))) == quoted
            shown = set(connection.execute(sa.select(visibility.c.article_id, visibility.c.collection_id)).all())
            kept = set(connection.execute(sa.select(revisions.c.article_id, revisions.c.collection_id)).all())
            assert kept <= shown
            there = set(connection.scalars(sa.select(passages.c.id)))
        self.search.sync()
        assert set(self.search.indexed_ids().tolist()) == there

    def scope(self, where: CollectionId) -> Scope:
        return Scope(None if where == SHARED else where)

    def assert_others_are_untouched(self, where: CollectionId) -> None:
        """What those see who have nothing to do with a collection is as before; what is shared is everybody's."""
        before, self.views = self.views, {other: self.view(other) for other in EVERYWHERE}
        if where != SHARED:
            assert [self.views[other] for other in EVERYWHERE if other != where] == [
                before[other] for other in EVERYWHERE if other != where
            ]

    def view(self, where: CollectionId) -> View:
        scope, articles = self.scope(where), self.room.articles
        entries = self.room.articles.entries(scope)
        roster = self.room.speakers.like(scope, "")
        return View(
            listed=entries,
            pages=[
                articles.page(scope, search) for search in (None, "bridge", "nothing lost", "Lindqvist", "Sorensen")
            ],
            shown=[articles.show(scope, articles.numbered(scope, entry.number)) for entry in entries],
            titled=[articles.titled(scope, typed, 25) for typed in ("", "vote")],
            speakers=roster,
            quoted=[self.room.quotes_of(scope, entry.speaker.id) for entry in roster],
            publishers=self.room.publishers_like(scope, ""),
            about=replace(self.room.about(scope), model=""),
            exported=articles.export(scope).lines,
            audit=self.room.collections.audit(scope),
        )

    def assert_ours(self, where: CollectionId, added: AddedArticle) -> None:
        """What the adder is told is an article that they see."""
        assert added.article.id in {entry.id for entry in self.room.articles.entries(self.scope(where))}


TestServers = Servers.TestCase
TestServers.settings = settings(max_examples=sized(3, 12), stateful_step_count=15)


@pytest.mark.usefixtures("on_postgres")
def test_servers_whose_archive_is_in_a_database() -> None:
    run_state_machine_as_test(Servers, settings=TestServers.settings)


def test_every_table_that_belongs_to_a_collection_is_erased_with_it() -> None:
    """Erasing goes by the column's name: a new table of collections is found by it, one by another name is not."""
    named = {column.name for table in metadata.sorted_tables for column in table.c if "collection" in column.name}
    assert named == {"collection_id"}
    assert "collection_id" in audit.c
