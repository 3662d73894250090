"""An article that a server removes is gone for everybody there, comes back as it was, or is erased for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from retrieval.archive.schema import articles, edits, revisions, visibility
from retrieval.domain.answers import Abstention, Answer
from retrieval.domain.editing import Claims
from retrieval.domain.ids import SHARED, CollectionId, UserId, bin_of
from retrieval.domain.quotations import SpeakerUnknown
from retrieval.domain.scope import Scope
from tests.support.articles import BAKERY, BRIDGE, SCHOOL
from tests.support.newsrooms import newsroom_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.domain.articles import AddedArticle
    from retrieval.newsroom import Newsroom

ONE, OTHER = Scope(CollectionId(11)), Scope(CollectionId(22))
BY = UserId(5)
QUESTION = "why was the harbour bridge closed"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom_in(tmp_path) as room:
        yield room


def add_bridge(room: Newsroom, scope: Scope = ONE) -> AddedArticle:
    return room.importer.add(BRIDGE, scope.own, BY)


def rows(room: Newsroom, table: sa.Table) -> int:
    with room._archive._connections.reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def test_a_removed_article_is_found_in_no_way_and_comes_back_as_it_was(room: Newsroom) -> None:
    added = add_bridge(room)
    room.editor.edit(ONE, added.article.id, Claims(title="The bridge"), BY)
    (before,) = room.articles.entries(ONE)
    shown = room.articles.show(ONE, before.id)
    answered = room.ask(ONE, QUESTION)
    assert isinstance(answered, Answer)

    assert room.removals.set_aside(ONE, [before.id], BY) == (before,)
    assert room.articles.entries(ONE) == ()
    assert isinstance(room.ask(ONE, QUESTION), Abstention)
    assert isinstance(room.quotes_by(ONE, "Ada Okafor"), SpeakerUnknown)
    assert room.cite(ONE, answered.refs) == ()
    assert room.removals.set_aside(ONE, [before.id], BY) == ()

    assert room.removals.bring_back(OTHER, [before.id], BY) == ()
    assert room.removals.bring_back(ONE, [before.id], BY) == (before,)
    assert room.articles.show(ONE, before.id) == shown
    assert room.ask(ONE, QUESTION) == answered
    assert room.removals.bring_back(ONE, [before.id], BY) == ()
    noted = [line.action for line in room.collections.audit(ONE).lines]
    assert noted[:2] == ["article brought back", "article removed"]


def test_a_removal_in_one_server_changes_nothing_elsewhere(room: Newsroom) -> None:
    ids = [add_bridge(room, scope).article.id for scope in (ONE, OTHER)]
    school = room.importer.add(SCHOOL, SHARED).article.id
    assert [entry.id for entry in room.removals.set_aside(ONE, [*ids, school], BY)] == [ids[0]]
    assert isinstance(room.ask(OTHER, QUESTION), Answer)
    room.removals.erase(room.removals.waiting())
    assert isinstance(room.ask(OTHER, QUESTION), Answer)
    assert len(room.articles.entries(ONE)) == 1
    assert room.check().problems == ()


def test_what_is_erased_is_gone_from_the_archive(room: Newsroom) -> None:
    added = add_bridge(room)
    room.editor.edit(ONE, added.article.id, Claims(title="The bridge"), BY)
    kept = room.importer.add(BAKERY, ONE.own, BY)
    ids = [entry.id for entry in room.articles.entries(ONE)]
    room.removals.set_aside(ONE, ids, BY)
    assert room.removals.waiting() == set(ids)
    assert room.removals.erase([id_ for id_ in ids if id_ != kept.article.id]) == 1
    assert room.removals.waiting() == {kept.article.id}
    assert (rows(room, articles), rows(room, edits), rows(room, revisions)) == (1, 0, 0)
    assert room.removals.bring_back(ONE, ids, BY)[0].id == kept.article.id
    assert room.check().problems == ()


def test_an_article_that_was_added_anew_meanwhile_is_not_brought_back_twice(room: Newsroom) -> None:
    first = add_bridge(room)
    room.removals.set_aside(ONE, [first.article.id], BY)
    again = add_bridge(room)
    assert again.article.id == first.article.id
    assert again.number != first.number
    assert room.removals.bring_back(ONE, [first.article.id], BY) == ()
    assert room.removals.set_aside(ONE, [first.article.id], BY)
    (back,) = room.removals.bring_back(ONE, [first.article.id], BY)
    assert back.number == again.number
    assert room.removals.waiting() == frozenset()


def test_a_server_that_is_erased_leaves_nothing_that_it_removed(room: Newsroom) -> None:
    added = add_bridge(room)
    room.removals.set_aside(ONE, [added.article.id], BY)
    assert ONE.own in room.collections.ids()
    assert bin_of(ONE.own) not in room.collections.ids()
    assert room.collections.erase(ONE.own) == 1
    assert (rows(room, articles), rows(room, visibility)) == (0, 0)


def test_a_member_is_forgotten_in_what_was_removed_too(room: Newsroom) -> None:
    added = add_bridge(room)
    room.removals.set_aside(ONE, [added.article.id], BY)
    room.collections.forget_member(BY)
    with room._archive._connections.reading() as connection:
        assert connection.scalars(sa.select(visibility.c.added_by)).all() == [None]
