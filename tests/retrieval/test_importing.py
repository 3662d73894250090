"""Articles come in from links, files and pasted texts; their pages are looked at again."""

from __future__ import annotations

import json
import re
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from retrieval.archive.articles import collections
from retrieval.archive.schema import articles
from retrieval.domain.articles import Draft, Notice
from retrieval.domain.editing import Claims
from retrieval.domain.ids import SHARED, ArticleId, CollectionId, UserId
from retrieval.domain.scope import Scope
from retrieval.errors import AddressRefused, ArticleRejected, ArticleUnknown, FetchFailed
from tests.support.articles import BAKERY, BRIDGE, SCHOOL
from tests.support.fakes import FakeFetcher
from tests.support.newsrooms import newsroom_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.domain.feeds import FeedUpdate
    from retrieval.newsroom import Newsroom

HERE, THERE = Scope(CollectionId(11)), Scope(CollectionId(22))
ANN = UserId(7)
SOMEBODY, OTHER = UserId(777000111222333444), UserId(777000111222333555)
PAGE = "https://courier.example/2024/bridge"
FEED = "https://courier.example/feed.json"
TODAY = datetime.now(UTC)


@pytest.fixture
def web() -> FakeFetcher:
    return FakeFetcher()


@pytest.fixture
def room(tmp_path: Path, web: FakeFetcher) -> Iterator[Newsroom]:
    with newsroom_in(tmp_path, fetcher=web) as room:
        yield room


def page(when: str = "Tuesday", *, title: str = "Harbour bridge closed", more: str = "", body: bool = True) -> str:
    """A page of a newspaper, published today."""
    paragraphs = [
        f"The harbour bridge was closed on {when} after an inspector found cracks in two of its bearings.",
        "“Nobody was ever in danger,” said Ada Okafor, the mayor of Port Selby. “But we will not wait for luck.”",
        *[
            f"Engineers of the port authority, who have looked at part {part} of the bridge since winter, hope that "
            "one of its lanes can be opened again within a week, residents were told in a letter that came by post."
            for part in range(4)
        ],
        more,
    ]
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs if paragraph and body)
    return (
        f"<html><head><title>{title}</title><meta property='og:title' content='{title}'>"
        f"<meta property='article:published_time' content='{TODAY.isoformat()}'>"
        "<meta property='og:site_name' content='The Selby Courier'></head>"
        f"<body><main><article><h1>{title}</h1>{text}</article></main></body></html>"
    )


def test_a_link_is_fetched_and_its_article_added_to_the_server(room: Newsroom, web: FakeFetcher) -> None:
    web.page(PAGE, page())
    added = room.importer.add_link(HERE, PAGE, ANN)
    assert (added.known, added.article.source.title) == (False, "Harbour bridge closed")
    assert added.speakers == ("Ada Okafor",)
    assert room.about(THERE).articles == 0
    shown = room.articles.show(HERE, added.article.id)
    assert (shown.added_by, shown.own) == (ANN, True)
    assert shown.fetched
    web.page(f"{PAGE}?utm_source=feed", page())
    again = room.importer.add_link(HERE, f"{PAGE}?utm_source=feed", ANN)
    assert (again.known, again.article.id) == (True, added.article.id)


def test_a_link_that_cannot_be_had_leaves_nothing(room: Newsroom, web: FakeFetcher) -> None:
    web.refuses("http://10.0.0.1/")
    web.fails(PAGE, 503)
    web.page("https://courier.example/empty", page(body=False))
    with pytest.raises(AddressRefused):
        room.importer.add_link(HERE, "http://10.0.0.1/", ANN)
    with pytest.raises(FetchFailed):
        room.importer.add_link(HERE, PAGE, ANN)
    with pytest.raises(ArticleRejected):
        room.importer.add_link(HERE, "https://courier.example/empty", ANN)
    assert room.about(HERE).articles == 0


def test_a_file_and_a_pasted_text_are_added(room: Newsroom) -> None:
    added = room.importer.add_file(HERE, "bridge.html", page().encode(), ANN)
    assert added.article.source.title == "Harbour bridge closed"
    assert not room.articles.show(HERE, added.article.id).fetched
    pasted = room.importer.add_text(HERE, BAKERY.text, ANN, claims=Claims("Bread", date="2024-06-01", link=PAGE))
    source = pasted.article.source
    assert (source.title, source.url, source.published_at) == ("Bread", PAGE, datetime(2024, 6, 1, tzinfo=UTC))


def test_what_is_said_of_a_pasted_text_is_checked(room: Newsroom) -> None:
    with pytest.raises(ArticleRejected, match="is no day"):
        room.importer.add_text(HERE, BAKERY.text, claims=Claims(date="soon"))
    with pytest.raises(ArticleRejected, match="begin with https://"):
        room.importer.add_text(HERE, BAKERY.text, claims=Claims(link="ftp://courier.example/"))
    assert room.about(HERE).articles == 0


def test_undoing_a_new_article_removes_it_and_undoing_a_version_puts_the_older_back(
    room: Newsroom, web: FakeFetcher
) -> None:
    web.page(PAGE, page())
    first = room.importer.add_link(HERE, PAGE, ANN)
    web.page(PAGE, page("Wednesday"))
    second = room.importer.add_link(HERE, PAGE, ANN)
    assert second.replaced
    back = room.importer.undo(HERE, second.article.id, ANN)
    assert room.articles.show(HERE, back.id).article.body == first.article.body
    room.importer.undo(HERE, back.id, ANN)
    assert room.about(HERE).articles == 0
    with pytest.raises(ArticleUnknown):
        room.importer.undo(HERE, back.id, ANN)
    assert room.check().problems == ()


def fetched_at(room: Newsroom, article: ArticleId) -> object:
    with room._archive._connections.reading() as connection:
        return connection.scalar(sa.select(articles.c.fetched_at).where(articles.c.id == article))


def test_undoing_a_version_leaves_every_date_as_it_was(room: Newsroom, web: FakeFetcher) -> None:
    def dated(when: str, updated: datetime) -> str:
        changed = f"<meta property='article:modified_time' content='{updated.isoformat()}'></head>"
        return page(when).replace("</head>", changed)

    web.page(PAGE, dated("Tuesday", TODAY + timedelta(hours=1)))
    first = room.importer.add_link(HERE, PAGE, ANN)
    before = room.articles.show(HERE, first.article.id)
    web.page(PAGE, dated("Wednesday", TODAY + timedelta(hours=2)))
    second = room.importer.add_link(HERE, PAGE, UserId(8))
    assert second.replaced
    last_look = fetched_at(room, second.article.id)
    after = room.articles.show(HERE, room.importer.undo(HERE, second.article.id, UserId(8)).id)
    assert before.article.source.updated_at == TODAY + timedelta(hours=1)
    assert after.article.source == before.article.source
    assert (after.added_at, fetched_at(room, after.article.id)) == (before.added_at, last_look)


def test_a_page_cut_to_a_teaser_never_replaces_its_article_and_a_shortened_one_does(
    room: Newsroom, web: FakeFetcher
) -> None:
    def long_page(paragraphs: int) -> str:
        return page(
            more="</p><p>".join(f"Port officials gave report {part} of the closing." for part in range(paragraphs))
        )

    web.page(PAGE, long_page(60))
    whole = room.importer.add_link(HERE, PAGE, ANN).article.body
    web.page(PAGE, long_page(10))
    room.rechecker.recheck(TODAY + timedelta(days=2), 10)
    (entry,) = room.articles.entries(HERE)
    assert bodies(room, entry.id) == whole
    web.page(PAGE, long_page(40))
    room.rechecker.recheck(TODAY + timedelta(days=4), 10)
    (entry,) = room.articles.entries(HERE)
    assert len(bodies(room, entry.id)) < len(whole)
    assert "report 39 of" in bodies(room, entry.id)


def test_pages_are_looked_at_again_once_a_day_the_oldest_look_first(room: Newsroom, web: FakeFetcher) -> None:
    other = f"{PAGE}-two"
    web.page(PAGE, page())
    web.page(other, page("Friday"))
    for url in (PAGE, other):
        room.importer.add_link(HERE, url, ANN)
    room.importer.add(SCHOOL, SHARED)
    web.asked.clear()
    now = datetime.now(UTC)
    assert room.rechecker.recheck(now + timedelta(hours=23), 10) == 0
    assert room.rechecker.recheck(now + timedelta(hours=25), 1) == 1
    assert [url for url, _ in web.asked] == [PAGE]
    assert room.rechecker.recheck(now + timedelta(hours=25), 10) == 1
    assert room.rechecker.recheck(now + timedelta(hours=26), 10) == 0
    assert room.rechecker.recheck(now + timedelta(days=31), 10) == 0


def test_a_page_that_is_gone_flags_its_article_in_every_answer_until_it_is_back(
    room: Newsroom, web: FakeFetcher
) -> None:
    web.page(PAGE, page())
    added = room.importer.add_link(HERE, PAGE, ANN)
    web.fails(PAGE, 410)
    room.rechecker.recheck(TODAY + timedelta(days=2), 10)
    assert room.articles.show(HERE, added.article.id).article.source.notice is Notice.GONE
    web.fails(PAGE, 503)
    room.rechecker.recheck(TODAY + timedelta(days=4), 10)
    assert room.articles.show(HERE, added.article.id).article.source.notice is Notice.GONE
    web.page(PAGE, page())
    room.rechecker.recheck(TODAY + timedelta(days=6), 10)
    assert room.articles.show(HERE, added.article.id).article.source.notice is None


def test_a_changed_page_is_a_new_version_wherever_the_old_one_is_seen(room: Newsroom, web: FakeFetcher) -> None:
    web.page(PAGE, page())
    for scope in (HERE, THERE):
        room.importer.add_link(scope, PAGE, ANN)
    web.page(PAGE, page("Wednesday", more="Correction: An earlier version of this article misstated the day."))
    later = TODAY + timedelta(days=2)
    assert room.rechecker.recheck(later, 10) == 1
    for scope in (HERE, THERE):
        (entry,) = room.articles.entries(scope)
        shown = room.articles.show(scope, entry.id)
        assert "Wednesday" in shown.article.body
        assert (shown.article.source.notice, shown.added_by, len(shown.versions)) == (Notice.CORRECTED, ANN, 1)
        assert entry.source.updated_at == shown.versions[0].replaced_at
    assert room.check().articles == 1
    assert room.check().problems == ()


def test_a_page_that_turned_into_something_else_changes_nothing(room: Newsroom, web: FakeFetcher) -> None:
    web.page(PAGE, page())
    body = room.importer.add_link(HERE, PAGE, ANN).article.body
    elsewhere = f"{PAGE}-elsewhere"
    web.page(elsewhere, page("Sunday", title="Another story"))
    web.moved(PAGE, elsewhere)
    room.rechecker.recheck(TODAY + timedelta(days=2), 10)
    web.page(PAGE, page(body=False))
    room.rechecker.recheck(TODAY + timedelta(days=4), 10)
    (entry,) = room.articles.entries(HERE)
    assert room.articles.show(HERE, entry.id).article.body == body


def bodies(room: Newsroom, article_id: ArticleId) -> str:
    return room.articles.show(HERE, article_id).article.body


def feed_of(*, when: str = "Tuesday", version: int = 1, carried: bool = True) -> str:
    """A feed of one article, published at a certain hour, with its whole text where it is `carried`."""
    text = "".join(re.findall("<p>.*?</p>", page(when, more="This is how readers of the feed are greeted.")))
    entry = {"id": "1", "url": PAGE, "title": "Harbour bridge closed", "date_published": TODAY.isoformat()}
    if carried:
        entry["content_html"] = text
    entry["summary"] = f"In short, edition {version}."
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "The Selby Courier", "items": [entry]}
    return json.dumps(feed)


@pytest.fixture
def followed(room: Newsroom, web: FakeFetcher) -> Newsroom:
    """A server that follows a feed which carries the text of a page, and both have been read."""
    web.page(FEED, feed_of(), "application/feed+json")
    web.page(PAGE, page())
    room.feeds.add(HERE, FEED)
    assert look_at_the_feed(room, TODAY).added == 1
    return room


def look_at_the_feed(room: Newsroom, now: datetime) -> FeedUpdate:
    room.feeds.schedule.make_due(HERE.own, now)
    update = room.feeds.update(now)
    assert update is not None
    assert update.problem is None
    return update


def test_the_text_of_a_feed_and_that_of_its_page_do_not_take_turns(followed: Newsroom, web: FakeFetcher) -> None:
    for day in (2, 4, 6):
        assert followed.rechecker.recheck(TODAY + timedelta(days=day), 10) == 1
        look_at_the_feed(followed, TODAY + timedelta(days=day, hours=1))
        (entry,) = followed.articles.entries(HERE)
        assert "readers of the feed" in bodies(followed, entry.id)
        assert followed.articles.show(HERE, entry.id).versions == ()
    web.fails(PAGE, 410)
    followed.rechecker.recheck(TODAY + timedelta(days=8), 10)
    assert followed.articles.show(HERE, entry.id).article.source.notice is Notice.GONE


def test_a_page_that_changes_beside_its_feed_is_a_version_and_the_feed_s_next_is_another(
    followed: Newsroom, web: FakeFetcher
) -> None:
    followed.rechecker.recheck(TODAY + timedelta(days=2), 10)
    web.page(PAGE, page("Wednesday"))
    followed.rechecker.recheck(TODAY + timedelta(days=4), 10)
    (entry,) = followed.articles.entries(HERE)
    assert "closed on Wednesday" in bodies(followed, entry.id)
    assert [feed.articles for feed in followed.feeds.listed(HERE)] == [1]
    web.page(FEED, feed_of(when="Thursday", version=2), "application/feed+json")
    assert look_at_the_feed(followed, TODAY + timedelta(days=5)).changed == 1
    for day in (6, 8):
        followed.rechecker.recheck(TODAY + timedelta(days=day), 10)
        (entry,) = followed.articles.entries(HERE)
        assert "closed on Thursday" in bodies(followed, entry.id)
        assert len(followed.articles.show(HERE, entry.id).versions) == 2


def test_a_correction_on_the_page_counts_although_the_text_is_the_feed_s(followed: Newsroom, web: FakeFetcher) -> None:
    web.page(PAGE, page("Wednesday", more="Correction: An earlier version of this article misstated the day."))
    followed.rechecker.recheck(TODAY + timedelta(days=2), 10)
    (entry,) = followed.articles.entries(HERE)
    assert followed.articles.show(HERE, entry.id).article.source.notice is Notice.CORRECTED


def test_a_page_that_tells_only_the_day_is_not_older_than_the_hour_in_its_feed(
    room: Newsroom, web: FakeFetcher
) -> None:
    web.page(FEED, feed_of(carried=False), "application/feed+json")
    midnight = page().replace(TODAY.isoformat(), TODAY.date().isoformat())
    web.page(PAGE, midnight)
    room.feeds.add(HERE, FEED)
    look_at_the_feed(room, TODAY)
    web.page(PAGE, midnight.replace("Tuesday", "Wednesday"))
    room.rechecker.recheck(TODAY + timedelta(days=2), 10)
    (entry,) = room.articles.entries(HERE)
    assert "closed on Wednesday" in bodies(room, entry.id)
    assert entry.source.published_at == TODAY


def test_a_search_finds_words_of_the_headline_and_of_the_text(room: Newsroom) -> None:
    for draft in (BRIDGE, BAKERY, SCHOOL):
        room.importer.add(draft, SHARED)
    found = {
        search: [entry.source.title.split()[0] for entry in room.articles.page(Scope(), search).entries]
        for search in ("bakery", "HARBOUR BRI", "ceilings", "rye oven", "rye engineers", "100%", '"', "")
    }
    assert found == {
        "bakery": ["Oldest"],
        "HARBOUR BRI": ["Harbour"],
        "ceilings": ["School"],
        "rye oven": ["Oldest"],
        "rye engineers": [],
        "100%": [],
        '"': [],
        "": ["Oldest", "Harbour", "School"],
    }


def test_an_export_comes_in_parts_that_together_are_every_article_once(room: Newsroom) -> None:
    for number in range(7):
        room.importer.add(Draft(f"{BRIDGE.text}\n\nThis was part {number} of the report. 日本 🙂"), CollectionId(11))
    room.importer.add(BAKERY, SHARED)
    rest: int | None = 0
    titles, parts = [], 0
    while rest is not None:
        part = room.articles.export(HERE, rest, 1500)
        assert len(part.lines) <= 1500
        titles += [json.loads(line)["text"].splitlines()[-1] for line in part.lines.splitlines()]
        parts += 1
        rest = part.rest
    assert titles == [f"This was part {number} of the report. 日本 🙂" for number in range(7)]
    assert parts > 1
    assert room.articles.export(HERE, 0, 100).left_out == 7


def test_forgetting_somebody_leaves_what_they_did_without_their_name(room: Newsroom) -> None:
    for user in (ANN, UserId(8)):
        room.importer.add(BRIDGE if user == ANN else BAKERY, CollectionId(11), user)
    room.collections.forget_member(ANN)
    assert [line.user for line in room.collections.audit(HERE).lines] == [8, None]
    assert {room.articles.show(HERE, entry.id).added_by for entry in room.articles.entries(HERE)} == {None, 8}


def test_no_table_keeps_the_number_of_somebody_who_was_forgotten(
    room: Newsroom, web: FakeFetcher, tmp_path: Path
) -> None:
    web.page(FEED, feed_of(), "application/feed+json")
    for user in (SOMEBODY, OTHER):
        scope = HERE if user == SOMEBODY else THERE
        room.importer.add(BRIDGE, scope.own, user)
        room.feeds.add(scope, FEED, user)
        who = room.speakers.like(scope, "Ada Okafor", 1)[0]
        room.overrides.alias(scope, who.speaker.id, "The mayor", user)
    tables = {"visibility", "subscriptions", "overrides", "audit"}
    assert tables_with(tmp_path / "a.sqlite3", SOMEBODY) == tables
    room.collections.forget_member(SOMEBODY)
    assert tables_with(tmp_path / "a.sqlite3", SOMEBODY) == set()
    assert tables_with(tmp_path / "a.sqlite3", OTHER) == tables


def tables_with(path: Path, user: UserId) -> set[str]:
    """The tables in which a number stands, in whatever column."""
    connection = sqlite3.connect(path)
    try:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name for name in names if any(user in row for row in connection.execute(f'SELECT * FROM "{name}"'))}
    finally:
        connection.close()


def test_erasing_a_server_leaves_nothing_of_it_and_everything_of_others(room: Newsroom) -> None:
    for where in (SHARED, CollectionId(11), CollectionId(22)):
        room.importer.add(BRIDGE, where)
    room.importer.add(BAKERY, CollectionId(11))
    room.bot_state.put(CollectionId(11), "settings", "{}")
    assert room.collections.erase(CollectionId(11)) == 2
    assert room.collections.ids() == (CollectionId(22),)
    assert room.articles.count(THERE) == 1
    assert room.check().articles == 1


def test_long_articles_are_taken_out_one_in_a_transaction_and_short_ones_some(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []

    real = collections._remove_some

    def spied(connection: sa.Connection, collection: CollectionId, which: sa.ColumnElement[bool]) -> int:
        removed = real(connection, collection, which)
        if collection > SHARED:  # no bin
            taken.append(removed)
        return removed

    monkeypatch.setattr(collections, "_remove_some", spied)
    monkeypatch.setattr(collections, "_CHARACTERS_AT_ONCE", len(BRIDGE.text) + len(BAKERY.text))
    for where in (CollectionId(11), CollectionId(22)):
        for draft in (BRIDGE, BAKERY, replace(SCHOOL, text=f"{SCHOOL.text}\n\n{'It is so. ' * 500}")):
            room.importer.add(draft, where)
    assert room.collections.erase(CollectionId(11)) == 3
    assert taken == [2, 1, 0]
    taken.clear()
    assert room.collections.expire(CollectionId(22), datetime.now(UTC) + timedelta(days=1)) == 3
    assert taken == [2, 1, 0]
    assert room.articles.count(THERE) == 0


def test_lines_of_the_audit_older_than_a_year_go(room: Newsroom) -> None:
    room.importer.add(BRIDGE, CollectionId(11), ANN)
    room.collections.prune_audit(datetime.now(UTC) + timedelta(days=364))
    assert room.collections.audit(HERE).total == 1
    room.collections.prune_audit(datetime.now(UTC) + timedelta(days=366))
    assert room.collections.audit(HERE).total == 0
