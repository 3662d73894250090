"""What the bot remembers: by server and key, until it is replaced, deleted or pruned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from retrieval.archive import bot_state
from retrieval.archive.schema import bot_state as table
from retrieval.archive.sqlite.opening import open_archive
from retrieval.domain.ids import SHARED, CollectionId, UserId

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.archive.bot_state import BotState

HERE = CollectionId(2**62)
SOON = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[BotState]:
    with open_archive(tmp_path / "news.sqlite3") as archive:
        yield archive.bot_state


def test_what_was_never_put_is_none(state: BotState) -> None:
    assert state.get(SHARED, "commands") is None


def test_servers_and_keys_are_kept_apart_and_the_last_value_counts(state: BotState) -> None:
    state.put(SHARED, "commands", "old")
    state.put(SHARED, "commands", "new 🙂")
    state.put(HERE, "commands", "other")
    state.put(HERE, "colour", "")
    assert state.get(SHARED, "commands") == "new 🙂"
    assert [state.get(HERE, "commands"), state.get(HERE, "colour")] == ["other", ""]
    state.delete(HERE, "commands")
    state.delete(HERE, "commands")
    assert [state.get(HERE, "commands"), state.get(SHARED, "commands")] == [None, "new 🙂"]


def test_it_outlives_the_process(tmp_path: Path) -> None:
    with open_archive(tmp_path / "a.sqlite3") as archive:
        archive.bot_state.put(HERE, "key", "value")
    with open_archive(tmp_path / "a.sqlite3") as archive:
        assert archive.bot_state.get(HERE, "key") == "value"


def test_pruning_takes_what_is_old_and_begins_so_of_every_server(state: BotState) -> None:
    for server in (SHARED, HERE):
        for key in ("button:1", "button:2", "Button:3", "but"):
            state.put(server, key, "x")
    assert state.prune("button:", datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert state.prune("button:", SOON) == 4
    assert state.get(HERE, "Button:3") == "x"
    assert state.prune("", SOON) == 4


def test_a_prefix_is_taken_literally(state: BotState) -> None:
    for key in ("a_b", "axb", "a%b"):
        state.put(SHARED, key, "x")
    assert state.prune("a_", SOON) == 1
    assert state.prune("a%", SOON) == 1


def test_entries_of_every_server_are_found_by_how_their_keys_begin(state: BotState) -> None:
    for server, key in ((HERE, "list:1"), (SHARED, "list:2"), (SHARED, "lists"), (HERE, "a list:")):
        state.put(server, key, f"{server} {key}")
    assert state.entries("list:") == ((SHARED, "list:2", "0 list:2"), (HERE, "list:1", f"{HERE} list:1"))


def test_what_is_kept_for_a_member_is_forgotten_in_every_server_and_nothing_else(state: BotState) -> None:
    for server in (SHARED, HERE):
        for number in range(6):
            state.put(server, f"answer:{number}", "{}", member=UserId(number % 2))
        state.put(server, "list:1", "", member=UserId(1))
        state.put(server, "of nobody", '{"asker": 1}')
    assert state.forget(UserId(1)) == 8
    left = [key for _, key, _ in state.entries("")]
    assert sorted(left) == sorted(2 * [*(f"answer:{number}" for number in (0, 2, 4)), "of nobody"])
    assert state.forget(UserId(1)) == 0


def test_what_is_put_anew_belongs_to_whom_it_was_put_for_last(state: BotState) -> None:
    state.put(HERE, "answer:1", "x", member=UserId(1))
    state.put(HERE, "answer:1", "y", member=UserId(2))
    assert [state.forget(UserId(member)) for member in (1, 2)] == [0, 1]


def test_of_a_kind_the_newest_are_kept_in_each_server(state: BotState) -> None:
    for number in range(10, 20):
        state.put(HERE, f"answer:{number}", "x", most=4)
        state.put(SHARED, f"answer:{number}", "x", most=8)
        state.put(HERE, f"answers:{number}", "x")
        state.put(HERE, f"about:{number}", "x", most=100)
    here = [key for server, key, _ in state.entries("answer:") if server == HERE]
    assert sorted(here) == [f"answer:{number}" for number in range(16, 20)]
    assert len(state.entries("answer:")) == 4 + 8
    assert len(state.entries("answers:")) == len(state.entries("about:")) == 10


def test_what_was_kept_before_the_limit_goes_little_by_little(state: BotState, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot_state, "_PRUNED_AT_ONCE", 5)
    _insert(state, [(HERE, f"answer:{number}", "x") for number in range(100, 120)])
    for left in (16, 12, 8, 4, 4):
        state.put(HERE, f"answer:{200 - left}", "x", most=4)
        assert len(state.entries("answer:")) == left
    assert state.get(HERE, "answer:196") == "x"


def _insert(state: BotState, rows: list[tuple[CollectionId, str, str]]) -> None:
    names = ("server", "key", "value")
    with state._connections.writing() as connection:
        now = datetime.now(UTC)
        connection.execute(
            sa.insert(table), [{**dict(zip(names, row, strict=True)), "updated_at": now} for row in rows]
        )
