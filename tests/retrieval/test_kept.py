"""What a scope searches, and its publishers, are read once until the archive changes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from unittest.mock import Mock

import pytest

from retrieval.archive.articles.passages import PassageRepository
from retrieval.archive.change_feed import ReadSnapshot
from retrieval.domain.answers import Answer
from retrieval.domain.ids import SHARED, CollectionId
from retrieval.domain.scope import Scope
from tests.support.articles import BAKERY, BRIDGE
from tests.support.newsrooms import newsroom_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.newsroom import Newsroom

ONE, OTHER = Scope(CollectionId(11)), Scope(CollectionId(22))


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    with newsroom_in(tmp_path) as room:
        room.importer.add(BRIDGE, SHARED)
        yield room


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[Scope]:
    counted, read = Counter[Scope](), PassageRepository.publishers

    def publishers(repository: PassageRepository, scope: Scope) -> tuple[str, ...]:
        counted[scope] += 1
        return read(repository, scope)

    monkeypatch.setattr(PassageRepository, "publishers", publishers)
    return counted


def test_it_is_read_once_a_scope_while_nothing_changes(room: Newsroom, reads: Counter[Scope]) -> None:
    for scope in (ONE, OTHER, room.narrowed(ONE, "courier"), ONE, OTHER):
        assert room.publishers_like(scope, "courier") == ("The Selby Courier",)
    assert (reads.total(), reads[ONE], reads[OTHER]) == (3, 1, 1)


def test_it_is_read_again_after_a_change(room: Newsroom, reads: Counter[Scope]) -> None:
    before = room.publishers_like(ONE, "")
    assert room.publishers_like(OTHER, "") == before
    assert ONE.server is not None
    room.importer.add(BAKERY, ONE.server)
    assert set(room.publishers_like(ONE, "")) > set(before)
    assert room.publishers_like(OTHER, "") == before
    assert (reads[ONE], reads[OTHER]) == (2, 1)


def test_what_another_server_changes_is_none_of_it(room: Newsroom, reads: Counter[Scope]) -> None:
    assert ONE.server is not None
    for work in (
        lambda: room.importer.add(BAKERY, ONE.server or SHARED),
        lambda: room.articles.remove(ONE, room.articles.entries(ONE)[0].id),
        lambda: room.collections.erase(ONE.server or SHARED),
    ):
        room.publishers_like(OTHER, "")
        work()
    room.publishers_like(OTHER, "")
    assert reads[OTHER] == 1


def test_what_is_erased_is_not_kept(room: Newsroom) -> None:
    assert ONE.server is not None
    before = room.publishers_like(ONE, "")
    room.importer.add(BAKERY, ONE.server)
    assert room.publishers_like(ONE, "") != before
    room.collections.erase(ONE.server)
    assert room.publishers_like(ONE, "") == before


def test_scopes_that_do_not_come_again_are_forgotten(room: Newsroom, reads: Counter[Scope]) -> None:
    for number in range(1, 301):
        room.publishers_like(Scope(CollectionId(number)), "")
    room.publishers_like(Scope(CollectionId(300)), "")
    assert reads.total() == 300
    room.publishers_like(Scope(CollectionId(1)), "")
    assert reads.total() == 301


def test_a_change_is_looked_up_once_for_all_servers_whose_passages_are_held(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 41):
        room.ask(Scope(CollectionId(number)), "why was the harbour bridge closed")
    room.importer.add(BAKERY, CollectionId(7))
    read = Mock(side_effect=AssertionError("a server's passages are read one by one"))
    monkeypatch.setattr(ReadSnapshot, "passages_in", read)
    assert isinstance(room.ask(ONE, "why was the harbour bridge closed"), Answer)
    assert isinstance(room.ask(Scope(CollectionId(7)), "what did the bakery sell"), Answer)
