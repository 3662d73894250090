"""The same page in another version: the newer text takes the older one's place, where it was got, and nowhere else."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from retrieval.archive.opening import open_archive
from retrieval.domain.articles import Notice
from retrieval.domain.ids import SHARED, CollectionId, UserId
from retrieval.domain.scope import Scope
from retrieval.errors import ArticleUnknown
from tests.support.fakes import HashingEmbedder
from tests.support.prepared import NOON, day, new_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from retrieval.archive.archive import Archive
    from retrieval.archive.records import NewArticle
    from retrieval.domain.articles import AddedArticle

pytestmark = pytest.mark.usefixtures("each_database")

EMBEDDER = HashingEmbedder()
HERE, THERE = CollectionId(11), CollectionId(22)
ANN = UserId(7)
PAGE = "https://wire.example/vote"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "news.sqlite3") as opened:
        yield opened


def version(
    text: str,
    *,
    fetched: datetime | None = NOON,
    published: datetime | None = NOON,
    updated: datetime | None = None,
    title: str = "Vote",
    address: str | None = PAGE,
) -> NewArticle:
    article = new_article(title, text, published_at=published)
    source = dataclasses.replace(article.source, updated_at=updated, url=address)
    return dataclasses.replace(article, source=source, address=address, fetched_at=fetched)


def add(
    archive: Archive, article: NewArticle, collection: CollectionId = HERE, now: datetime = NOON, by: UserId = ANN
) -> AddedArticle:
    return archive.articles.add(article, EMBEDDER.spec, collection=collection, now=now, by=by)


def bodies(archive: Archive, collection: CollectionId) -> list[str]:
    scope = Scope(None if collection == SHARED else collection)
    return [archive.articles.show(scope, entry.id).article.body for entry in archive.articles.entries(scope)]


def test_a_newer_text_of_a_page_takes_the_place_of_the_older_and_keeps_its_history(archive: Archive) -> None:
    add(archive, version("the council votes"))
    later = NOON + timedelta(hours=2)
    added = add(archive, version("the council voted", fetched=later), now=later)
    assert (added.replaced, added.known, bodies(archive, HERE)) == (True, False, ["the council voted"])
    shown = archive.articles.show(Scope(HERE), added.article.id)
    (older,) = shown.versions
    assert (older.title, older.words, older.replaced_at) == ("Vote", 3, later)
    assert shown.article.source.updated_at == later
    assert (shown.added_at, shown.added_by) == (NOON, ANN)
    assert archive.check().problems == ()
    assert archive.check().articles == 1


def test_what_another_server_has_stays_until_it_gets_the_version_itself(archive: Archive) -> None:
    for collection in (HERE, THERE):
        add(archive, version("the council votes"), collection)
    assert archive.check().articles == 1
    later = day(1)
    add(archive, version("the council voted", fetched=later), HERE, later)
    assert (bodies(archive, HERE), bodies(archive, THERE)) == (["the council voted"], ["the council votes"])
    (entry,) = archive.articles.entries(Scope(HERE))
    assert archive.articles.show(Scope(HERE), entry.id).versions
    added = add(archive, version("the council voted", fetched=later), THERE, later)
    assert (added.known, added.replaced, added.article.id) == (False, True, entry.id)
    assert archive.check().articles == 1


def test_the_history_of_a_server_is_its_own(archive: Archive) -> None:
    add(archive, version("the council votes"), HERE)
    later = add(archive, version("the council voted", fetched=day(1)), HERE, day(1)).article.id
    assert add(archive, version("the council voted", fetched=day(1)), THERE, day(1)).article.id == later
    assert archive.articles.show(Scope(THERE), later).versions == ()
    assert archive.articles.former(Scope(THERE), later) is None
    archive.articles.remove(Scope(HERE), later, now=day(2))
    add(archive, version("the council voted", fetched=day(1)), HERE, day(2))
    assert archive.articles.show(Scope(HERE), later).versions == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (version("two", updated=day(2)), version("one", updated=day(1), fetched=day(3))),
        (version("two", updated=day(2)), version("one", fetched=day(3))),
        (version("two", published=day(2)), version("one", published=day(1), fetched=day(3))),
        (version("two", fetched=day(2)), version("one", fetched=day(1))),
        (version("two", fetched=None, published=day(2)), version("one", fetched=None, published=day(1))),
    ],
)
def test_an_older_version_that_comes_later_changes_nothing(
    archive: Archive, first: NewArticle, second: NewArticle
) -> None:
    kept = add(archive, first)
    late = add(archive, second, now=day(4))
    assert (late.known, late.article) == (True, kept.article)
    assert bodies(archive, HERE) == ["two"]


def test_a_pasted_text_never_replaces_what_was_fetched(archive: Archive) -> None:
    add(archive, version("the council votes"))
    forged = add(archive, version("the mayor is a crook", fetched=None, published=day(9), updated=day(9)))
    assert not forged.replaced
    assert sorted(bodies(archive, HERE)) == ["the council votes", "the mayor is a crook"]
    again = add(archive, version("the mayor resigned", fetched=None, published=day(10)))
    assert again.replaced
    assert sorted(bodies(archive, HERE)) == ["the council votes", "the mayor resigned"]


def test_what_is_fetched_word_for_word_vouches_for_a_pasted_text_and_tells_its_true_headline(archive: Archive) -> None:
    add(archive, version("the council votes", fetched=None, title="Scandal", published=day(-1)))
    added = add(archive, version("the council votes"))
    assert (added.replaced, added.article.source.title) == (True, "Vote")
    assert bodies(archive, HERE) == ["the council votes"]
    assert archive.check().problems == ()


def test_no_server_replaces_the_headline_that_the_operator_gave_a_shared_text(archive: Archive) -> None:
    shared = add(archive, version("the council votes", fetched=None, title="As the operator calls it"), SHARED)
    add(archive, version("the council votes", fetched=None, title="As the operator calls it"), HERE)
    fetched = add(archive, version("the council votes", title="As a server's page calls it"), HERE)
    assert (fetched.known, fetched.replaced, fetched.article) == (True, False, shared.article)
    assert [entry.source.title for entry in archive.articles.entries(Scope(HERE))] == ["As the operator calls it"]


def test_the_operator_s_own_link_tells_the_true_headline_of_a_shared_text(archive: Archive) -> None:
    add(archive, version("the council votes", fetched=None, title="As it was pasted"), SHARED)
    fetched = add(archive, version("the council votes", title="As its page calls it"), SHARED)
    assert (fetched.known, fetched.replaced) == (False, True)
    assert [entry.source.title for entry in archive.articles.entries(Scope())] == ["As its page calls it"]


def test_a_text_that_another_server_has_under_another_headline_keeps_the_headline_it_comes_with(
    archive: Archive,
) -> None:
    forged = add(archive, version("the council votes", fetched=None, title="Scandal"), HERE)
    honest = add(archive, version("the council votes", fetched=None), THERE)
    assert (honest.known, honest.article.source.title) == (False, "Vote")
    assert honest.article.id != forged.article.id
    assert [entry.source.title for entry in archive.articles.entries(Scope(THERE))] == ["Vote"]
    assert archive.check().problems == ()


def test_a_server_is_not_told_that_another_one_had_the_article(archive: Archive) -> None:
    first = add(archive, version("the council votes"), HERE)
    second = add(archive, version("the council votes", fetched=day(1)), THERE, day(1))
    assert (second.known, second.replaced) == (False, False)
    assert second.article.id == first.article.id
    shown = archive.articles.show(Scope(THERE), second.article.id)
    assert shown.added_at == day(1)


def test_a_shared_article_is_known_to_every_server_and_replaced_in_its_own_collection_alone(archive: Archive) -> None:
    shared = add(archive, version("the council votes"), SHARED)
    assert add(archive, version("the council votes"), HERE).known
    add(archive, version("the council voted", fetched=day(1)), HERE, day(1))
    assert sorted(bodies(archive, HERE)) == ["the council voted", "the council votes"]
    assert bodies(archive, SHARED) == ["the council votes"]
    add(archive, version("the council voted", fetched=day(1)), SHARED, day(1))
    assert bodies(archive, HERE) == bodies(archive, SHARED) == ["the council voted"]
    with pytest.raises(ArticleUnknown):
        archive.articles.show(Scope(), shared.article.id)


def test_only_so_many_versions_are_kept(archive: Archive) -> None:
    for number in range(23):
        at = NOON + timedelta(hours=number)
        for collection in (HERE, THERE) if number < 3 else (HERE,):
            added = add(archive, version(f"text number {number}", fetched=at), collection, at)
    versions = archive.articles.show(Scope(HERE), added.article.id).versions
    assert [kept.replaced_at for kept in versions] == [NOON + timedelta(hours=hour) for hour in range(22, 2, -1)]
    (theirs,) = archive.articles.entries(Scope(THERE))
    assert len(archive.articles.show(Scope(THERE), theirs.id).versions) == 2


def test_a_version_is_put_back_with_the_history_that_it_had(archive: Archive) -> None:
    for number in range(3):
        at = day(number)
        added = add(archive, version(f"text number {number}", fetched=at), now=at)
    former = archive.articles.former(Scope(HERE), added.article.id)
    assert former is not None
    assert (former.text, former.url) == ("text number 1", PAGE)
    entry = archive.articles.put_back(
        Scope(HERE), added.article.id, version("text number 1"), EMBEDDER.spec, now=day(3), by=ANN
    )
    assert bodies(archive, HERE) == ["text number 1"]
    assert len(archive.articles.show(Scope(HERE), entry.id).versions) == 1
    back = archive.articles.show(Scope(HERE), entry.id)
    assert (back.added_at, back.added_by) == (day(0), ANN)
    with pytest.raises(ArticleUnknown):
        archive.articles.put_back(Scope(HERE), entry.id, version("text number 1"), EMBEDDER.spec, now=day(3), by=ANN)
    assert archive.check().problems == ()
    assert archive.check().articles == 1


def test_a_page_that_is_gone_is_flagged_until_it_is_back(archive: Archive) -> None:
    added = add(archive, version("the council votes"))
    archive.pages.checked(added.article.id, day(1), gone=True)
    assert archive.articles.show(Scope(HERE), added.article.id).article.source.notice is Notice.GONE
    assert add(archive, version("the council votes", fetched=day(3))).known
    assert archive.articles.show(Scope(HERE), added.article.id).article.source.notice is None


def test_a_page_that_one_process_checks_is_taken_by_no_other(archive: Archive) -> None:
    stored = {
        add(archive, version(text, address=url)).article.id for text, url in (("one", PAGE), ("two", f"{PAGE}/2"))
    }
    when = {"checked_before": day(1), "published_after": day(-30)}
    taken = [archive.pages.take_due(day(2), **when, limit=1) for _ in range(3)]
    assert {page.article.id for pages in taken for page in pages} == stored
    assert [len(pages) for pages in taken] == [1, 1, 0]
    assert archive.check().problems == ()


def test_every_change_has_a_line_in_the_audit_of_its_collection(archive: Archive) -> None:
    first = add(archive, version("the council votes"))
    assert add(archive, version("the council votes")).known
    second = add(archive, version("the council voted", fetched=day(1)), now=day(1))
    assert first.article.id != second.article.id
    archive.articles.remove(Scope(HERE), second.article.id, now=day(2))
    page = archive.collections.audit(Scope(HERE), number=0, size=10)
    assert [(line.at, line.user, line.action, line.detail) for line in page.lines] == [
        (day(2), None, "article removed", "Vote"),
        (day(1), ANN, "article updated", "Vote"),
        (NOON, ANN, "article added", "Vote"),
    ]
    assert archive.collections.audit(Scope(THERE), number=0, size=10).total == 0
    assert archive.collections.audit(Scope(HERE), number=0, size=10, people_only=True).total == 2
    last = archive.collections.audit(Scope(HERE), number=99, size=2)
    assert (last.number, len(last.lines), last.total) == (1, 1, 3)
