"""An article that several servers get is stored for all of them at once, and as if for one after the other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest

from retrieval.domain.articles import Draft
from retrieval.domain.editing import Claims
from retrieval.domain.ids import SHARED, CollectionId
from retrieval.domain.scope import Scope
from tests.support.newsrooms import newsroom_in
from tests.support.prepared import NOON, day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from retrieval.domain.articles import Article, Source
    from retrieval.newsroom import Newsroom

TEXT: Final = (
    "The harbour bridge was closed on Monday. Its {} cables had to be replaced, said the mayor, Ada Okafor. " * 5
)
PAGE: Final = Draft(
    TEXT.format(*["first"] * 5),
    "Bridge closed",
    "Courier",
    (),
    "https://courier.example/bridge",
    NOON,
    fetched_at=day(2),
)
OLDER: Final = replace(
    PAGE, text=TEXT.format(*["older"] * 5), published_at=NOON - timedelta(hours=3), fetched_at=day(1)
)
NEWER: Final = replace(PAGE, text=TEXT.format(*["newer"] * 5), updated_at=day(3), fetched_at=day(3))
PASTED: Final = replace(PAGE, url=None, fetched_at=None)
MOVED: Final = replace(PAGE, url="https://courier.example/closed")
STATES: Final = {
    "nothing": (),
    "an older version": (OLDER,),
    "a newer version": (NEWER,),
    "the same": (PAGE,),
    "the same, pasted": (PASTED,),
    "the same of another address": (MOVED,),
    "two": (MOVED, OLDER),
    "edited": (OLDER, Claims(publisher="By hand")),
}
SERVERS: Final = tuple(CollectionId(number) for number in range(1, 3 * len(STATES) + 1))


def prepare(room: Newsroom) -> None:
    """Let three servers be in each state."""
    for place, server in enumerate(SERVERS):
        for step in list(STATES.values())[place % len(STATES)]:
            if isinstance(step, Draft):
                added = room.importer.add(step, server)
            else:
                room.editor.edit(Scope(server), added.article.id, step)


def seen(room: Newsroom, collections: Sequence[CollectionId]) -> list[object]:
    """Everything that a server sees of its articles, their history and its audit."""
    return [_seen(room, Scope(each)) for each in collections if each != SHARED]


def _seen(room: Newsroom, scope: Scope) -> object:
    entries = room.articles.entries(scope)
    shown = [room.articles.show(scope, entry.id) for entry in entries]
    articles = [(one.number, plain(one.article), one.article.body, one.by_hand, len(one.versions)) for one in shown]
    lines = [(line.action, line.detail) for line in room.collections.audit(scope).lines]
    return articles, [one.added_by for one in shown], lines


def plain(article: Article) -> Source:
    """The source, without the time at which this test replaced an older version."""
    updated_at = article.source.updated_at
    return article.source if updated_at is None or updated_at < day(9) else replace(article.source, updated_at=None)


@pytest.mark.parametrize("shared", [False, True], ids=["", "and the shared one"])
@pytest.mark.parametrize("draft", [PAGE, NEWER, PASTED], ids=["a page", "its correction", "a text"])
@pytest.mark.parametrize("moved_from", [None, MOVED.url], ids=["", "moved"])
def test_it_is_stored_for_all_as_for_one_after_the_other(
    tmp_path: Path, draft: Draft, moved_from: str | None, *, shared: bool
) -> None:
    collections = (*([SHARED] if shared else []), *SERVERS)
    (tmp_path / "one").mkdir()
    with newsroom_in(tmp_path) as room, newsroom_in(tmp_path / "one") as other:
        prepare(room)
        prepare(other)
        together = room.importer.add_everywhere(draft, collections, moved_from=moved_from)
        single = {
            each: other.importer.add_everywhere(draft, [each], moved_from=moved_from)[each] for each in collections
        }
        assert seen(room, collections) == seen(other, collections)
        assert together.keys() == single.keys()
        for collection, added in single.items():
            mine = together[collection]
            assert plain(mine.article) == plain(added.article)
            assert (mine.known, mine.replaced, mine.number) == (added.known, added.replaced, added.number), collection
            assert (mine.shared, mine.also) == (added.shared, added.also)
        assert room.check().problems == ()


def test_a_server_that_changed_meanwhile_is_left_to_be_done_alone(tmp_path: Path) -> None:
    with newsroom_in(tmp_path) as room:
        first = room.importer.add(PAGE, SERVERS[0])
        identity = room.importer.read(PAGE, SERVERS).identity
        room.importer.add(OLDER, SERVERS[1])
        done = room.articles.add_alike(first, identity, frozenset(), SERVERS[1:3], now=NOON)
        assert done.keys() == {SERVERS[2]}
        room.articles.remove(Scope(SERVERS[0]), first.article.id)
        room.articles.remove(Scope(SERVERS[2]), first.article.id)
        assert room.articles.add_alike(first, identity, frozenset(), SERVERS[2:4], now=NOON) == {}


def test_thousands_may_get_it(tmp_path: Path) -> None:
    many = [CollectionId(number) for number in range(1, 2_001)]
    with newsroom_in(tmp_path) as room:
        for draft in (OLDER, replace(PAGE, url="https://courier.example/other"), NEWER):
            assert len(room.importer.add_everywhere(draft, many)) == len(many)
        assert len(room.articles.entries(Scope(many[-1]))) == 2
        assert len(room.articles.texts_of_site(str(PAGE.url), many, 9)) == 1
        assert room.articles.texts_of_site(str(PAGE.url), [*many, SHARED], 9) == ()
        assert room.check().problems == ()
