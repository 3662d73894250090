"""What the buttons under a member's answers need: kept by collection, kind and token, the newest, for a while."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from retrieval.archive.members import remembered
from retrieval.archive.opening import open_archive
from retrieval.domain.ids import SHARED, CollectionId, UserId

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.archive.archive import Archive

HERE = CollectionId(2**62)
ANN, BEN = UserId(1), UserId(2)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "news.sqlite3") as archive:
        yield archive


def put(
    archive: Archive, collection: CollectionId, kind: str, token: int, asker: UserId = ANN, *, most: int = 99
) -> None:
    value = f"{collection} {kind} {token} {asker}"
    archive.remembered.put(collection, kind, token, value, asker, most=most, turn_seconds=9)


def tokens(archive: Archive, collection: CollectionId, kind: str) -> list[int]:
    return [token for token in range(300) if archive.remembered.get(collection, kind, token) is not None]


def test_what_was_put_last_counts_and_belongs_to_its_asker(archive: Archive) -> None:
    assert archive.remembered.get(HERE, "answer", 1) is None
    put(archive, HERE, "answer", 1, ANN)
    put(archive, HERE, "answer", 1, BEN)
    assert archive.remembered.get(HERE, "answer", 1) == f"{HERE} answer 1 2"
    assert [archive.remembered.forget(member) for member in (ANN, BEN)] == [0, 1]
    assert archive.check().problems == ()


def test_a_member_is_forgotten_in_every_collection_and_nobody_else(archive: Archive) -> None:
    for collection in (SHARED, HERE):
        for number in range(6):
            put(archive, collection, "answer", number, UserId(number % 2))
        put(archive, collection, "list", 1, ANN)
    assert archive.remembered.forget(ANN) == 8
    assert tokens(archive, HERE, "answer") == tokens(archive, SHARED, "answer") == [0, 2, 4]
    assert archive.remembered.forget(ANN) == 0


def test_a_server_is_erased_with_what_its_members_were_shown(archive: Archive) -> None:
    put(archive, HERE, "answer", 1)
    put(archive, SHARED, "answer", 1)
    assert archive.collections.ids() == (HERE,)
    archive.collections.erase(HERE)
    assert (tokens(archive, HERE, "answer"), tokens(archive, SHARED, "answer")) == ([], [1])
    assert archive.collections.ids() == ()


def test_what_is_old_is_pruned(archive: Archive) -> None:
    put(archive, HERE, "answer", 1)
    assert archive.remembered.prune(datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert archive.remembered.prune(datetime.now(UTC) + timedelta(days=1)) == 1


def test_of_a_kind_the_newest_are_kept_in_each_collection(archive: Archive) -> None:
    for number in range(10, 20):
        put(archive, HERE, "answer", number, most=4)
        put(archive, SHARED, "answer", number, most=8)
        put(archive, HERE, "list", number)
    assert tokens(archive, HERE, "answer") == list(range(16, 20))
    assert (len(tokens(archive, SHARED, "answer")), len(tokens(archive, HERE, "list"))) == (8, 10)


def test_what_was_kept_before_the_limit_goes_little_by_little(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "_PRUNED_AT_ONCE", 5)
    for number in range(100, 120):
        put(archive, HERE, "answer", number)
    for left in (16, 12, 8, 4, 4):
        put(archive, HERE, "answer", 200 - left, most=4)
        assert len(tokens(archive, HERE, "answer")) == left
    assert 196 in tokens(archive, HERE, "answer")


def test_old_ones_and_those_of_a_member_are_found_by_an_index(archive: Archive) -> None:
    with archive._connections.reading() as connection:
        for column in ("asker", "at"):
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN DELETE FROM remembered WHERE {column} < 5").all()
            assert f"ix_remembered_{column}" in str(plan)
