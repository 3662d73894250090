"""What the bot remembers: by server and key, until it is replaced, deleted or pruned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from retrieval.archive.opening import open_archive
from retrieval.domain.ids import SHARED, CollectionId

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
