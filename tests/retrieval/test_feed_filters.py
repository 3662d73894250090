"""Which articles of a feed are read and announced, by words that must or must not stand in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from retrieval.domain.feeds import WordFilter
from retrieval.domain.ids import ChannelId, CollectionId
from retrieval.domain.scope import Scope
from retrieval.text.word_filters import MOST_WORDS, forbids, lets_through, typed_words
from tests.support.feeds import FEED, FeedRoom, PlainExtractor, Story, open_room

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.domain.articles import Draft
    from retrieval.domain.feeds import FeedUpdate
    from retrieval.domain.pages import Fetched

ONE, OTHER = Scope(CollectionId(11)), Scope(CollectionId(22))
CHANNEL = ChannelId(5)


@pytest.mark.parametrize(
    ("word", "text", "stands"),
    [
        ("ferry", "The Ferry sails", True),
        ("ferry", "Ferryman of the year", False),
        ("ferry*", "Ferryman of the year", True),
        ("*", "anything", False),
        ("night ferry", "A night  ferry\nsails", True),
        ("night ferry", "The ferry sails at night", False),
        ("Orléans", "Orleans at dawn", True),
        ("orleans", "ORLÉANS", True),
        ("søby", "Soby harbour", True),
        ("C++", "Written in C++, they said", True),
        ("a.b", "axb", False),
        ("O’Hara", "O'Hara said", True),
        ("U.S.", "the U.S. said", True),
        ("船", "夜の船は出ない", True),
        ("汽车", "夜の船は出ない", False),
        ("тариф*", "Тарифы выросли", True),
    ],
)
def test_a_word_is_found_whole_whatever_its_case_and_accents(word: str, text: str, *, stands: bool) -> None:
    words = typed_words(word)
    assert lets_through(WordFilter(words), "Headline", text) == (stands or not words)
    assert lets_through(WordFilter((), words), "Headline", text) != (stands and bool(words))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", ()),
        (" , ;", ()),
        ("ferry", ("ferry",)),
        ("ferry, night  train ,Ferry", ("Ferry", "night train")),
        ("船、汽车", ("船", "汽车")),
        ("*, **", ()),
        (",".join(map(str, range(99))), tuple(map(str, range(MOST_WORDS)))),
    ],
)
def test_words_are_typed_with_commas_between(typed: str, words: tuple[str, ...]) -> None:
    assert typed_words(typed) == words


def test_a_headline_alone_keeps_an_article_out_but_never_in() -> None:
    assert forbids(WordFilter((), ("sport",)), "Sport: a cup")
    assert not forbids(WordFilter(("ferry",)), "Sport: a cup")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[FeedRoom]:
    with open_room(tmp_path / "a.sqlite3") as opened:
        yield opened


def look(room: FeedRoom) -> FeedUpdate:
    update = room.feeds.update(datetime.now(UTC) + timedelta(hours=1 + len(room.web.asked)))
    assert update is not None
    return update


def filtered(room: FeedRoom, scope: Scope, only: str = "", without: str = "", *, announcements: bool = False) -> None:
    """Follow the feed with its first story, and then filter it."""
    room.web.publish(Story(1))
    room.feeds.add(scope, FEED, channel=CHANNEL)
    look(room)
    (feed,) = room.feeds.listed(scope)
    room.feeds.set_filter(scope, feed, only, without, announcements_only=announcements)
    room.web.publish(*map(Story, range(1, 5)))


def numbers(room: FeedRoom, scope: Scope) -> set[int]:
    return {int(entry.source.title.split()[2]) for entry in room.archive.articles.entries(scope)}


@pytest.mark.parametrize(
    ("only", "without", "read"),
    [
        ("", "", {1, 2, 3, 4}),
        ("number 3", "", {1, 3}),
        ("counted 2 boats, report 4", "", {1, 2, 4}),
        ("", "counted 2 boats", {1, 3, 4}),
        ("", "number 3, number 4", {1, 2}),
        ("harbour", "report 2", {1, 3, 4}),
        ("submarine", "", {1}),
        ("", "harb*", {1}),
    ],
)
def test_only_articles_that_the_words_let_through_are_read(
    room: FeedRoom, only: str, without: str, read: set[int]
) -> None:
    filtered(room, ONE, only, without)
    update = look(room)
    assert numbers(room, ONE) == read
    assert (update.added, update.rejected, len(room.news())) == (len(read) - 1, 0, len(read) - 1)
    assert look(room).added == 0


def test_a_headline_that_is_not_wanted_costs_no_visit(room: FeedRoom) -> None:
    filtered(room, ONE, "", "number 3")
    look(room)
    assert [room.web.asked_for(Story(number).link) for number in (2, 3, 4)] == [1, 0, 1]


def test_announcements_may_be_filtered_while_everything_is_read(room: FeedRoom) -> None:
    filtered(room, ONE, "number 3", announcements=True)
    look(room)
    assert [news.source.title for news in room.news()] == [Story(3).title]
    assert numbers(room, ONE) == {1, 2, 3, 4}


def test_a_filter_counts_for_its_server_alone(room: FeedRoom) -> None:
    filtered(room, ONE, "number 3")
    room.feeds.add(OTHER, FEED)
    look(room)
    assert (numbers(room, ONE), numbers(room, OTHER)) == ({1, 3}, {1, 2, 3, 4})


def test_an_article_that_was_read_is_kept_up_to_date_whatever_the_filter(room: FeedRoom) -> None:
    filtered(room, ONE, "", "edition 2")
    look(room)
    room.web.publish(Story(1, version=2), Story(5, version=2))
    assert (look(room).changed, numbers(room, ONE)) == (1, {1, 2, 3, 4})


def test_a_filter_without_words_ends_it_and_another_purpose_keeps_its_own(room: FeedRoom) -> None:
    filtered(room, ONE, "number 3")
    (feed,) = room.feeds.listed(ONE)
    feed = room.feeds.set_filter(ONE, feed, "", "sport", announcements_only=True)
    assert (feed.filters.read.wanted, feed.filters.announced.unwanted) == (("number 3",), ("sport",))
    assert room.feeds.set_filter(ONE, feed, "", "").filters.read == WordFilter()
    assert room.feeds.listed(ONE)[0].filters.announced.unwanted == ("sport",)


@pytest.mark.parametrize("partial", [True, False])
def test_a_trial_tells_whether_a_text_may_not_be_whole(
    room: FeedRoom, monkeypatch: pytest.MonkeyPatch, *, partial: bool
) -> None:
    read = PlainExtractor.extract

    def extract(self: PlainExtractor, fetched: Fetched) -> Draft:
        return replace(read(self, fetched), partial=partial)

    monkeypatch.setattr(PlainExtractor, "extract", lambda self, fetched, **_: extract(self, fetched))
    filtered(room, ONE)
    assert room.feeds.trial(ONE, "selby").partial is partial


def test_a_trial_shows_what_is_announced_afterwards(room: FeedRoom) -> None:
    filtered(room, ONE)
    tried = room.feeds.trial(ONE, "selby")
    look(room)
    told = room.news()[-1]
    assert tried.quotation is not None
    assert told.quotation is not None
    assert (tried.source.title, tried.source.url) == (told.source.title, told.source.url)
    assert (tried.quotation.words, tried.quotation.context) == (told.quotation.words, told.quotation.context)
    assert [each.name for each in tried.quotation.quotation.speakers] == ["Ada Okafor"]
