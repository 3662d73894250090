"""What one server sees is the same whatever another one does: everything is done twice, once without the other.

Compared is all that members and moderators of a server can get at, with its numbers and times. Left out are the ids of
rows, which nobody is shown, and when a feed is asked next, which only the operator is told.
"""

from __future__ import annotations

import dataclasses
from concurrent.futures import Future
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from retrieval.active_model import ActiveModel
from retrieval.adapters.search.faiss_search import FaissSearch
from retrieval.archive.articles import collections, repository
from retrieval.articles import importing, storing
from retrieval.articles.importing import Importer
from retrieval.domain.articles import Draft
from retrieval.domain.ids import SHARED, ChannelId, CollectionId, UserId
from retrieval.domain.scope import Scope
from retrieval.errors import NewsError
from retrieval.feeds import entry_reader
from retrieval.newsroom import Newsroom
from tests.support import feeds
from tests.support.fakes import HashingEmbedder, PlainArticleReader
from tests.support.feeds import SITE, FeedRoom, Story, Web, open_room
from tests.support.sizes import sized

if TYPE_CHECKING:
    from pathlib import Path

ONE, OTHER = CollectionId(11), CollectionId(22)
FEEDS = (f"{SITE}/rss", "https://wire.example/rss")
LEFT_OUT = {"id", "article_id", "passage_id", "due_at", "collection"}
EMBEDDER = HashingEmbedder()
LOOKS = timedelta(hours=25)
"""Between two looks at the feeds: longer than a failing feed is left alone, so that all are asked at each."""


class World:
    """The time, and what has been published; the same in both runs."""

    now = datetime(2026, 11, 3, 12, tzinfo=UTC)


class Clock(datetime):
    """`datetime` whose `now` is the world's."""

    @classmethod
    @override
    def now(cls, tz: tzinfo | None = None) -> Self:  # as datetime's
        return World.now  # type: ignore[return-value]


class Step(NamedTuple):
    """What is done, by whom (the world, where it is nobody's), and two numbers that say to what."""

    what: str
    who: CollectionId | None
    which: int
    number: int


class Run:
    """An archive with two servers, feeds and their pages."""

    def __init__(self, path: Path) -> None:
        World.now = datetime(2026, 11, 3, 12, tzinfo=UTC)
        self.opened = ExitStack()
        self.web = Web()
        self.listed = [[1], [101]]
        for which in range(len(FEEDS)):
            self.publish(which)
        self.feeds: FeedRoom = self.opened.enter_context(open_room(path, self.web, lambda: World.now))
        archive = self.feeds.archive
        search = self.opened.enter_context(closing(FaissSearch(archive, EMBEDDER.spec)))
        ready: Future[None] = Future()
        ready.set_result(None)
        self.room = Newsroom(
            archive,
            search,
            ActiveModel(EMBEDDER),
            Importer(archive, ActiveModel(EMBEDDER), PlainArticleReader()),
            ready,
        )

    def publish(self, which: int) -> None:
        stories = [Story(number) for number in reversed(self.listed[which])]
        self.web.publish(*stories, at=FEEDS[which], title=f"Paper {which}")

    def do(self, step: Step) -> None:
        if step.who is None:
            getattr(self, f"world_{step.what}")(step.which % len(FEEDS), step.number)
        else:
            getattr(self, step.what)(step.who, step.which, step.number)

    # The world

    def world_publish(self, which: int, number: int) -> None:
        start = self.listed[which][-1] + 1
        self.listed[which] += range(start, start + 1 + number)
        self.publish(which)

    def world_breaks(self, which: int, number: int) -> None:
        self.web.fails(Story(self.listed[which][-1 - number % len(self.listed[which])]).link, 404)

    def world_fails(self, which: int, number: int) -> None:
        self.web.fails(FEEDS[which], 410 if number % 3 == 0 else 500)

    def world_recovers(self, which: int, number: int) -> None:  # noqa: ARG002  # as the others
        self.publish(which)

    def world_look(self, which: int, number: int) -> None:  # noqa: ARG002  # as the others
        World.now += LOOKS
        while self.feeds.feeds.update(World.now) is not None:
            pass
        World.now += timedelta(minutes=1)

    # A server

    def add(self, who: CollectionId, which: int, number: int) -> None:
        met = f"The council met on day {which} to speak of the bridge."
        said = f"“Day {which} counts,” said Ada Okafor, the mayor."
        paper, site = ("The Wire", SITE) if number < 5 else ("The Gazette", "https://gazette.example")
        page = [None, f"{site}/{which}", f"{site}/page"][number % 3]
        draft = Draft(
            f"{met}\n\n{said}",
            f"Bridge {which}" if number % 4 else f"Bridge {which} of {paper}",
            paper,
            url=page,
            published_at=World.now if number % 4 else None,
            fetched_at=World.now if page and number % 2 else None,
        )
        self.room.importer.add(draft, who, UserId(int(who) + 1))

    def remove(self, who: CollectionId, which: int, number: int) -> None:  # noqa: ARG002  # as the others
        own = self.room.articles.titled(scope(who), "", 25, own=True)
        if own:
            chosen = sorted(own, key=lambda entry: entry.number)[which % len(own)]
            self.room.articles.remove(scope(who), chosen.id, UserId(int(who) + 1))

    def follow(self, who: CollectionId, which: int, number: int) -> None:
        which %= len(FEEDS)
        with suppress(NewsError):
            self.feeds.feeds.add(scope(who), FEEDS[which], UserId(int(who) + 1), ChannelId(5) if number % 2 else None)

    def unfollow(self, who: CollectionId, which: int, number: int) -> None:  # noqa: ARG002  # as the others
        for feed in self.feeds.feeds.listed(scope(who)):
            if feed.url == FEEDS[which % len(FEEDS)]:
                self.feeds.feeds.remove(scope(who), feed.id)

    def seen(self, who: CollectionId) -> object:
        """Everything that a server gets to see."""
        mine, articles = scope(who), self.room.articles
        entries = articles.titled(mine, "", 25)
        roster = self.room.speakers.like(mine, "")
        return plain(
            (
                sorted(entries, key=lambda entry: entry.number),
                [articles.page(mine, search) for search in (None, "bridge")],
                [
                    articles.show(mine, articles.numbered(mine, entry.number))
                    for entry in sorted(entries, key=lambda e: e.number)
                ],
                roster,
                [self.room.quotes_of(mine, entry.speaker.id) for entry in roster],
                self.room.ask(mine, "when did the council speak of the bridge"),
                dataclasses.replace(self.room.about(mine), model=""),
                articles.export(mine).lines,
                self.room.collections.audit(mine),
                self.feeds.feeds.listed(mine),
                [feed for feed in self.feeds.feeds.failing(World.now) if feed.collection == who],
            )
        )


def scope(who: CollectionId) -> Scope:
    return Scope(None if who == SHARED else who)


def plain(value: Any) -> Any:  # noqa: ANN401  # anything that a newsroom says
    """The value without what nobody is shown."""
    if dataclasses.is_dataclass(value):
        fields = [field.name for field in dataclasses.fields(value) if field.name not in LEFT_OUT]
        return type(value).__name__, {name: plain(getattr(value, name)) for name in fields}
    if isinstance(value, (tuple, list)):
        return [plain(each) for each in value]
    return value


numbers = st.integers(0, 7)
servers = st.sampled_from((ONE, OTHER, OTHER))
acts = st.sampled_from(("add", "add", "remove", "follow", "follow", "unfollow"))
events = st.sampled_from(("publish", "publish", "breaks", "fails", "recovers", "look", "look", "look"))
steps = st.lists(
    st.one_of(st.builds(Step, acts, servers, numbers, numbers), st.builds(Step, events, st.none(), numbers, numbers)),
    min_size=4,
    max_size=25,
)


@pytest.fixture(autouse=True)
def _times(monkeypatch: pytest.MonkeyPatch) -> None:
    """The world's time for whatever is written down; feeds begin with three entries, and two are read at a look."""
    for module in (storing, importing, repository, collections, feeds):
        monkeypatch.setattr(module, "datetime", Clock)
    monkeypatch.setattr(entry_reader, "FIRST", 3)
    monkeypatch.setattr(entry_reader, "AT_ONCE", 3)


def sights(folder: Path, steps: list[Step]) -> list[object]:
    """What one server sees after each step that is not the other's."""
    folder.mkdir()
    run, seen = Run(folder / "a.sqlite3"), []
    with run.opened:
        for step in steps:
            run.do(step)
            if step.who != OTHER:
                seen.append(run.seen(ONE))
    return seen


@settings(max_examples=sized(8, 25))
@given(steps=steps)
def test_a_server_sees_the_same_whatever_another_one_does(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step]
) -> None:
    folder = tmp_path_factory.mktemp("runs")
    alone = [step for step in steps if step.who != OTHER]
    done = zip(sights(folder / "both", steps), sights(folder / "alone", alone), alone, strict=True)
    for with_other, without, step in done:
        assert with_other == without, step
