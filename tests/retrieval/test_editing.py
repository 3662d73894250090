"""What is known of an article is edited by hand, in one collection alone, and undone; the text never is."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from retrieval.articles.claims import read_claims, with_claims
from retrieval.domain.answers import Answer
from retrieval.domain.articles import Draft, Notice
from retrieval.domain.editing import Claims
from retrieval.domain.ids import SHARED, ArticleId, CollectionId, UserId
from retrieval.domain.overrides import SplitKind
from retrieval.domain.scope import Filters, Scope
from retrieval.errors import ArticleRejected, ArticleUnknown, NothingToUndo
from tests.support.articles import BRIDGE
from tests.support.fakes import FakeFetcher
from tests.support.newsrooms import newsroom_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.archive.records import Identity
    from retrieval.domain.articles import AddedArticle, ArticleShown, Source
    from retrieval.newsroom import Newsroom

ANYONE, HERE, THERE = Scope(), Scope(CollectionId(11)), Scope(CollectionId(22))
ANN, BEN = UserId(7), UserId(8)
PAGE = "https://courier.example/2024/bridge"
FEED = "https://courier.example/feed.json"
TODAY = datetime.now(UTC)
EXACT = datetime(2024, 5, 7, 14, 5, 33, 123457, tzinfo=UTC)
EVERYTHING = Claims("A bridge is shut", "Índice Político", "2024-05-09", "https://other.example/bridge")


@pytest.fixture
def web() -> FakeFetcher:
    return FakeFetcher()


@pytest.fixture
def room(tmp_path: Path, web: FakeFetcher) -> Iterator[Newsroom]:
    with newsroom_in(tmp_path, fetcher=web) as room:
        yield room
        assert room.check().problems == ()


def page(when: str = "Tuesday", title: str = "Harbour bridge closed", site: str | None = "The Selby Courier") -> str:
    paragraphs = [
        f"The harbour bridge was closed on {when} after an inspector found cracks in two of its bearings.",
        "“Nobody was ever in danger,” said Ada Okafor, the mayor of Port Selby. “But we will not wait for luck.”",
        *[
            f"Engineers of the port authority, who have looked at part {part} of the bridge since winter, hope that "
            "one of its lanes can be opened again within a week, residents were told in a letter that came by post."
            for part in range(4)
        ],
    ]
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    name = f"<meta property='og:site_name' content='{site}'>" if site else ""
    return (
        f"<html><head><title>{title}</title><meta property='og:title' content='{title}'>{name}"
        f"<meta property='article:published_time' content='{TODAY.isoformat()}'></head>"
        f"<body><main><article><h1>{title}</h1>{text}</article></main></body></html>"
    )


def add(room: Newsroom, scope: Scope, draft: Draft = BRIDGE, by: UserId = ANN) -> ArticleId:
    return room.importer.add(draft, scope.server or SHARED, by).article.id


def only(room: Newsroom, scope: Scope) -> ArticleShown:
    (entry,) = room.articles.entries(scope)
    return room.articles.show(scope, entry.id)


def source(room: Newsroom, scope: Scope) -> Source:
    return only(room, scope).article.source


def dumped(path: Path, table: str, *left_out: str) -> list[dict[str, Any]]:
    """All rows of a table, but for some of their columns."""
    with sqlite3.connect(path) as connection:
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]
    return [{name: value for name, value in row.items() if name not in left_out} for row in rows]


def test_an_edit_changes_what_was_typed_and_nothing_else(room: Newsroom) -> None:
    id_ = add(room, HERE, replace(BRIDGE, authors=("Ann Lee",), updated_at=EXACT))
    before = only(room, HERE)
    edited = room.editor.edit(HERE, id_, Claims(publisher=" Índice  Político "), BEN)
    after = only(room, HERE)
    assert edited.fields == ("publisher",)
    assert after.article.source == replace(before.article.source, publisher="Índice Político")
    assert (edited.before, edited.now.article.source) == (before.article.source, after.article.source)
    assert after == replace(before, article=replace(after.article, body=before.article.body), by_hand=("publisher",))
    assert after.article.added_at == before.article.added_at
    asked = replace(HERE, filters=Filters(publisher="indice politico"))
    assert len(room.articles.entries(asked)) == 1
    assert isinstance(room.ask(asked, "why was the harbour bridge closed"), Answer)


def test_every_field_can_be_edited_and_an_article_is_what_it_would_be_if_it_was_added_so(
    room: Newsroom, tmp_path: Path
) -> None:
    text = replace(BRIDGE, text=BRIDGE.text.partition("\n\n")[2], title="Harbour bridge closed")
    edited = room.editor.edit(HERE, add(room, HERE, text), EVERYTHING, ANN)
    assert edited.fields == ("title", "publisher", "published_at", "url")
    now = source(room, HERE)
    assert (now.title, now.publisher, now.url) == (EVERYTHING.title, EVERYTHING.publisher, EVERYTHING.link)
    assert now.published_at == datetime(2024, 5, 9, tzinfo=UTC)
    tables = ("passages", "passage_words", "vectors", "quotations", "quotation_speakers")
    mine = {
        table: dumped(tmp_path / "a.sqlite3", table, "id", "article_id", "passage_id", "quotation_id", "speaker_id")
        for table in tables
    }
    with newsroom_in(tmp_path / "fresh") as fresh:
        add(fresh, HERE, replace(text, title=EVERYTHING.title))
    for table in tables:
        rows = dumped(
            tmp_path / "fresh" / "a.sqlite3", table, "id", "article_id", "passage_id", "quotation_id", "speaker_id"
        )
        assert mine[table] == rows, table


def test_undoing_an_edit_restores_everything_exactly(room: Newsroom, tmp_path: Path) -> None:
    draft = replace(BRIDGE, published_at=EXACT, updated_at=EXACT, fetched_at=EXACT, authors=("Ann Lee",))
    id_ = add(room, HERE, draft)
    tables = ("articles", "passages", "passage_words", "vectors", "quotations", "quotation_speakers", "visibility")
    left_out = ("id", "article_id", "passage_id", "quotation_id", "speaker_id")
    before = {table: dumped(tmp_path / "a.sqlite3", table, *left_out) for table in tables}
    edited = room.editor.edit(HERE, id_, EVERYTHING, BEN)
    undone = room.editor.undo(HERE, edited.now.article.id, BEN)
    assert (undone.now.article.source, undone.fields) == (edited.before, edited.fields)
    assert {table: dumped(tmp_path / "a.sqlite3", table, *left_out) for table in tables} == before
    assert dumped(tmp_path / "a.sqlite3", "edits") == []
    with pytest.raises(NothingToUndo, match=r"^There is nothing to undo\.$"):
        room.editor.undo(HERE, undone.now.article.id, BEN)


def test_what_is_typed_is_checked_and_a_dash_takes_away(room: Newsroom) -> None:
    id_ = add(room, HERE)
    for claims, reason in (
        (Claims(), "Say what to change"),
        (Claims(publisher="The Selby Courier", date="2024-05-07"), "says that already"),
        (Claims(title=" - "), "has a headline"),
        (Claims(title="\u200b"), "has a headline"),
        (Claims(title="x" * 301), "may have 300"),
        (Claims(publisher="x" * 121), "may have 120"),
        (Claims(date="2024-05"), "is no day"),
        (Claims(date="soon"), "is no day"),
        (Claims(date=f"{TODAY + timedelta(days=3):%Y-%m-%d}"), "in the future"),
        (Claims(link="javascript:alert(1)"), "begin with https://"),
        (Claims(link="http://www.courier.example/bridge?utm_source=x"), "the same page"),
    ):
        with pytest.raises(ArticleRejected, match=reason):
            room.editor.edit(HERE, id_, claims)
    assert only(room, HERE).article.id == id_
    room.editor.edit(HERE, id_, Claims(publisher="-", date="-", link="-"))
    now = source(room, HERE)
    assert (now.publisher, now.published_at, now.url) == (None, None, None)


def test_an_edit_in_one_server_changes_nothing_that_another_sees(room: Newsroom) -> None:
    """The two share one stored article."""
    ids = {add(room, scope) for scope in (HERE, THERE)}
    assert len(ids) == 1
    before = only(room, THERE)
    edited = room.editor.edit(HERE, ids.pop(), EVERYTHING, ANN)
    assert only(room, THERE) == before
    assert source(room, HERE).title == EVERYTHING.title
    said = room.ask(THERE, "why was the harbour bridge closed")
    assert isinstance(said, Answer)
    assert said.citations[0].source == before.article.source
    with pytest.raises(ArticleUnknown):
        room.editor.undo(THERE, edited.now.article.id)
    with pytest.raises(ArticleUnknown):
        room.editor.edit(THERE, edited.now.article.id, Claims(title="Ours"))
    room.editor.undo(HERE, edited.now.article.id)
    assert only(room, HERE).article.id == only(room, THERE).article.id


def test_who_adds_the_same_text_from_the_same_page_gets_the_page_s_own_words_of_it(
    room: Newsroom, web: FakeFetcher
) -> None:
    web.page(PAGE, page())
    id_ = room.importer.add_link(HERE, PAGE, ANN).article.id
    room.editor.edit(HERE, id_, Claims(link="https://other.example/", title="Ours"), ANN)
    room.importer.add_link(THERE, PAGE, BEN)
    theirs = source(room, THERE)
    assert (theirs.title, theirs.url) == ("Harbour bridge closed", PAGE)


def test_a_shared_article_is_edited_by_the_operator_alone(room: Newsroom) -> None:
    id_ = add(room, ANYONE)
    with pytest.raises(ArticleUnknown):
        room.editor.edit(HERE, id_, Claims(title="Ours"))
    edited = room.editor.edit(ANYONE, id_, Claims(title="For everybody"))
    assert source(room, HERE).title == "For everybody"
    room.editor.undo(ANYONE, edited.now.article.id)
    assert source(room, HERE).title.startswith("Harbour")


def test_both_are_written_into_the_audit(room: Newsroom) -> None:
    edited = room.editor.edit(HERE, add(room, HERE), Claims(publisher="Reuters", date="2024-05-09", link="-"), BEN)
    room.editor.undo(HERE, edited.now.article.id, ANN)
    undone, done, _ = room.collections.audit(HERE).lines
    headline = "Harbour bridge closed after cracks are found"
    assert (done.user, done.action) == (BEN, "article edited")
    assert done.detail == (
        f"{headline}: publisher “The Selby Courier” to “Reuters”; date “2024-05-07” to “2024-05-09”; "
        "link “https://courier.example/bridge” to “none”"
    )
    assert (undone.user, undone.action) == (ANN, "article edit undone")
    assert "publisher “Reuters” to “The Selby Courier”" in undone.detail


def test_the_last_edit_is_undone_and_then_the_one_before(room: Newsroom) -> None:
    first = room.editor.edit(HERE, add(room, HERE), Claims(title="One"))
    room.editor.edit(HERE, first.now.article.id, Claims(title="Two", publisher="Reuters"))
    room.editor.undo(HERE, only(room, HERE).article.id)
    assert (source(room, HERE).title, source(room, HERE).publisher) == ("One", "The Selby Courier")
    room.editor.undo(HERE, only(room, HERE).article.id)
    assert source(room, HERE).title.startswith("Harbour")
    with pytest.raises(NothingToUndo):
        room.editor.undo(HERE, only(room, HERE).article.id)


def test_what_a_page_says_later_does_not_replace_what_was_set_by_hand(room: Newsroom, web: FakeFetcher) -> None:
    web.page(PAGE, page())
    for scope in (HERE, THERE):
        room.importer.add_link(scope, PAGE, ANN)
    days_ago = TODAY.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=9)
    claims = Claims(title="Ours", date=f"{days_ago:%Y-%m-%d}")
    room.editor.edit(HERE, only(room, HERE).article.id, claims, ANN)
    web.page(PAGE, page("Wednesday", title="Theirs"))
    room.rechecker.recheck(TODAY + timedelta(days=2), 5)
    now = only(room, HERE)
    assert "on Wednesday" in now.article.body
    assert (now.article.source.title, now.article.source.published_at) == ("Ours", days_ago)
    assert len(now.versions) == 1
    assert source(room, THERE).title == "Theirs"
    room.editor.undo(HERE, now.article.id)
    assert source(room, HERE).title == "Harbour bridge closed"
    assert "on Wednesday" in only(room, HERE).article.body


def test_an_edit_while_a_newer_version_is_embedded_is_not_lost(
    room: Newsroom, web: FakeFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.page(PAGE, page())
    room.importer.add_link(HERE, PAGE, ANN)
    web.page(PAGE, page("Wednesday", title="Theirs"))
    archive = room._archive
    show_known, edits = archive.articles.show_known, [Claims(title="Ours")]

    def just_before_an_edit(identity: Identity, **options: Any) -> tuple[Source, AddedArticle | None]:  # noqa: ANN401
        found = show_known(identity, **options)
        if edits:
            room.editor.edit(HERE, only(room, HERE).article.id, edits.pop(), ANN)
        return found

    monkeypatch.setattr(archive.articles, "show_known", just_before_an_edit)
    added = room.importer.add_link(HERE, PAGE, ANN)
    assert added.replaced
    assert "on Wednesday" in only(room, HERE).article.body
    assert source(room, HERE).title == "Ours"


def test_a_link_set_by_hand_is_no_longer_the_page_that_was_fetched(room: Newsroom, web: FakeFetcher) -> None:
    web.page(PAGE, page())
    room.importer.add_link(HERE, PAGE, ANN)
    before = only(room, HERE)
    edited = room.editor.edit(HERE, before.article.id, Claims(link="https://other.example/x", title="Ours"), ANN)
    assert not only(room, HERE).fetched
    web.page(PAGE, page("Wednesday"))
    assert room.rechecker.recheck(TODAY + timedelta(days=2), 5) == 0
    web.page(PAGE, page())
    assert room.importer.add_link(HERE, PAGE, ANN).known
    assert source(room, HERE).url == "https://other.example/x"
    room.editor.undo(HERE, edited.now.article.id)
    assert only(room, HERE).fetched
    assert source(room, HERE) == before.article.source


def test_that_a_page_is_gone_stays_known_of_an_edited_article(room: Newsroom, web: FakeFetcher) -> None:
    web.page(PAGE, page())
    for scope in (HERE, THERE):
        room.importer.add_link(scope, PAGE, ANN)
    web.fails(PAGE, 404)
    room.rechecker.recheck(TODAY + timedelta(days=2), 5)
    edited = room.editor.edit(HERE, only(room, HERE).article.id, Claims(title="Ours"), ANN)
    assert source(room, HERE).notice is Notice.GONE
    relinked = room.editor.edit(HERE, edited.now.article.id, Claims(link="https://other.example/x"), ANN)
    assert source(room, HERE).notice is None
    room.editor.undo(HERE, relinked.now.article.id)
    assert source(room, HERE).notice is Notice.GONE
    web.page(PAGE, page())
    room.rechecker.recheck(TODAY + timedelta(days=5), 5)
    assert source(room, HERE).notice is None


def publish(web: FakeFetcher, when: str, title: str) -> None:
    """The article of a feed, and its page."""
    item = {
        "id": "1",
        "url": PAGE,
        "title": title,
        "date_modified": (TODAY + timedelta(minutes=len(when))).isoformat(),
    }
    listed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "C", "items": [item]})
    web.page(FEED, listed, "application/feed+json")
    web.page(PAGE, page(when, title))


def follow(room: Newsroom, *scopes: Scope) -> None:
    for scope in scopes:
        room.feeds.add(scope, FEED)
        room.feeds.schedule.make_due(scope.own, TODAY)
    room.feeds.update(TODAY)


@pytest.mark.parametrize("scopes", [(HERE,), (HERE, THERE)])
def test_a_feed_that_changes_its_article_leaves_what_was_set_by_hand(
    room: Newsroom, web: FakeFetcher, scopes: tuple[Scope, ...]
) -> None:
    publish(web, "Tuesday", "Bridge closed")
    follow(room, *scopes)
    room.editor.edit(HERE, only(room, HERE).article.id, Claims(title="Ours"), ANN)
    publish(web, "Wednesday", "Bridge open")
    room.feeds.update(TODAY + timedelta(days=1))
    now = only(room, HERE)
    assert (now.article.source.title, "on Wednesday" in now.article.body) == ("Ours", True)
    assert [source(room, scope).title for scope in scopes[1:]] == ["Bridge open"] * (len(scopes) - 1)


def test_a_feed_reaches_no_article_whose_link_was_set_by_hand(room: Newsroom, web: FakeFetcher) -> None:
    publish(web, "Tuesday", "Bridge closed")
    follow(room, HERE)
    room.editor.edit(HERE, only(room, HERE).article.id, Claims(link="https://other.example/x"), ANN)
    publish(web, "Wednesday", "Bridge open")
    room.feeds.update(TODAY + timedelta(days=1))
    assert "on Tuesday" in only(room, HERE).article.body


def test_what_was_given_by_hand_when_it_was_added_stays_too_until_it_is_given_anew(
    room: Newsroom, web: FakeFetcher
) -> None:
    web.page(PAGE, page())
    draft = with_claims(room.importer.draft_from_link(PAGE), read_claims(Claims(title="Ours", publisher="Reuters")))
    added = room.importer.add(draft, CollectionId(11))
    assert (added.article.source.title, added.article.source.publisher) == ("Ours", "Reuters")
    web.page(PAGE, page("Wednesday", title="Theirs"))
    room.rechecker.recheck(TODAY + timedelta(days=2), 5)
    assert "on Wednesday" in only(room, HERE).article.body
    assert (source(room, HERE).title, source(room, HERE).publisher) == ("Ours", "Reuters")
    web.page(PAGE, page("Thursday", title="Theirs"))
    newer = replace(room.importer.draft_from_link(PAGE), fetched_at=TODAY + timedelta(days=3))
    room.importer.add(with_claims(newer, read_claims(Claims(title="Ours again"))), CollectionId(11))
    assert (source(room, HERE).title, source(room, HERE).publisher) == ("Ours again", "Reuters")
    with pytest.raises(NothingToUndo):
        room.editor.undo(HERE, only(room, HERE).article.id)


def test_a_link_given_by_hand_is_not_where_the_text_was_fetched(room: Newsroom, web: FakeFetcher) -> None:
    web.page(PAGE, page())
    room.importer.add_link(HERE, PAGE, ANN, claims=Claims(link=f"{PAGE}?utm_source=mail"))
    assert only(room, HERE).fetched
    room.importer.add_link(THERE, PAGE, BEN, claims=Claims(link="https://other.example/x"))
    assert not only(room, THERE).fetched


@pytest.mark.parametrize(
    ("site", "claims", "publisher"),
    [
        (None, Claims(), "courier.example"),
        (None, Claims(publisher="Reuters"), "Reuters"),
        (None, Claims(publisher="-"), None),
        ("The Selby Courier", Claims(), "The Selby Courier"),
        ("The Selby Courier", Claims(publisher="Reuters"), "Reuters"),
    ],
)
def test_a_publisher_that_nobody_names_is_the_site_of_the_link(
    room: Newsroom, web: FakeFetcher, site: str | None, claims: Claims, publisher: str | None
) -> None:
    web.page(PAGE, page(site=site))
    room.importer.add_link(HERE, PAGE, ANN, claims=claims)
    assert source(room, HERE).publisher == publisher
    if claims.link is None:
        web.page(PAGE, page("Wednesday", site=site))
        room.rechecker.recheck(TODAY + timedelta(days=2), 5)
        assert "on Wednesday" in only(room, HERE).article.body
        assert source(room, HERE).publisher == publisher


def test_a_feed_s_name_is_known_better_than_a_site(room: Newsroom, web: FakeFetcher) -> None:
    item = {"id": "1", "url": PAGE, "title": "Bridge"}
    listed = {"version": "https://jsonfeed.org/version/1.1", "title": "The Selby Courier", "items": [item]}
    web.page(FEED, json.dumps(listed), "application/feed+json")
    web.page(PAGE, page(site=None))
    room.feeds.add(HERE, FEED)
    room.feeds.schedule.make_due(HERE.own, TODAY)
    room.feeds.update(TODAY)
    assert source(room, HERE).publisher == "The Selby Courier"
    web.page(PAGE, page("Wednesday", site=None))
    room.rechecker.recheck(TODAY + timedelta(days=2), 5)
    assert "on Wednesday" in only(room, HERE).article.body
    assert source(room, HERE).publisher == "The Selby Courier"


def test_a_text_without_a_link_has_no_publisher_but_the_one_that_is_given(room: Newsroom) -> None:
    room.importer.add_text(HERE, BRIDGE.text, ANN)
    room.importer.add_file(
        THERE, "bridge.txt", BRIDGE.text.encode(), BEN, claims=Claims("Bridge", "Ours", "2024-05-09")
    )
    assert source(room, HERE).publisher is None
    theirs = source(room, THERE)
    assert (theirs.title, theirs.publisher) == ("Bridge", "Ours")
    assert theirs.published_at == datetime(2024, 5, 9, tzinfo=UTC)
    linked = room.importer.add_text(
        ANYONE, f"{BRIDGE.text} And on.", claims=Claims(link="https://www.Reuters.com:443/x")
    )
    assert linked.article.source.publisher == "reuters.com"


def test_what_is_given_is_checked_before_anything_is_fetched(room: Newsroom, web: FakeFetcher) -> None:
    with pytest.raises(ArticleRejected, match="is no day"):
        room.importer.add_link(HERE, PAGE, ANN, claims=Claims(date="soon"))
    assert web.asked == []


def test_an_article_that_was_removed_or_put_back_is_not_edited_any_more(room: Newsroom, web: FakeFetcher) -> None:
    edited = room.editor.edit(HERE, add(room, HERE), Claims(title="Ours"))
    room.articles.remove(HERE, edited.now.article.id)
    with pytest.raises(ArticleUnknown):
        room.editor.undo(HERE, edited.now.article.id)
    add(room, HERE)
    assert source(room, HERE).title.startswith("Harbour")
    room.collections.erase(CollectionId(11))
    web.page(PAGE, page())
    room.importer.add_link(HERE, PAGE, ANN)
    room.editor.edit(HERE, only(room, HERE).article.id, Claims(title="Ours"))
    web.page(PAGE, page("Wednesday", title="Theirs"))
    newer = room.importer.add_link(HERE, PAGE, ANN)
    room.importer.undo(HERE, newer.article.id)
    assert source(room, HERE).title == "Ours"
    room.collections.erase(CollectionId(11))
    assert room.collections.ids() == ()


def test_what_was_given_by_hand_goes_with_the_article_although_another_server_keeps_it(
    room: Newsroom, web: FakeFetcher
) -> None:
    web.page(PAGE, page())
    ids = {
        room.importer.add_link(scope, PAGE, ANN, claims=Claims(publisher="Reuters")).article.id
        for scope in (HERE, THERE)
    }
    assert len(ids) == 1
    room.articles.remove(HERE, ids.pop())
    room.importer.add_link(HERE, PAGE, ANN)
    assert source(room, HERE).publisher == "The Selby Courier"
    assert source(room, THERE).publisher == "Reuters"


def test_two_of_a_collection_never_become_one(room: Newsroom) -> None:
    first = add(room, ANYONE, replace(BRIDGE, fetched_at=EXACT))
    second = room.editor.edit(ANYONE, first, Claims(link="https://other.example/a"))
    with pytest.raises(ArticleRejected, match="already"):
        room.editor.edit(ANYONE, second.now.article.id, Claims(link="https://other.example/a"))
    assert only(room, ANYONE).article.id == second.now.article.id


def test_a_decision_about_an_article_counts_for_it_once_it_is_edited(room: Newsroom) -> None:
    add(room, HERE, replace(BRIDGE, url=None))
    other = BRIDGE.text.replace("Nobody", "No one").replace("luck", "chance")
    add(room, HERE, Draft(other, "Another bridge"))
    (speaker,) = room.speakers.directory(HERE).entries
    parts = [
        part
        for part in room.speakers.shown(HERE, speaker.speaker.id).split_candidates
        if part.kind is SplitKind.ARTICLE
    ]
    part = next(part for part in parts if part.label.startswith("Harbour"))
    room.overrides.split(HERE, speaker.speaker.id, part.kind, part.number)
    assert len(room.speakers.directory(HERE).entries) == 2
    article = next(entry.id for entry in room.articles.entries(HERE) if entry.source.title.startswith("Harbour"))
    room.editor.edit(HERE, article, Claims(title="Ours"))
    assert len(room.speakers.directory(HERE).entries) == 2
