"""What the bot keeps between two runs: by server and key, until it is replaced or deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from retrieval.archive.opening import open_archive
from retrieval.domain.ids import SHARED, CollectionId

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.archive.bot_state import BotState

HERE = CollectionId(2**62)


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


def test_what_stands_under_one_key_is_found_for_every_server(state: BotState) -> None:
    for server, key in ((HERE, "colour"), (SHARED, "colour"), (SHARED, "colours"), (HERE, "a colour")):
        state.put(server, key, f"{server} {key}")
    assert state.of_all_servers("colour") == {SHARED: "0 colour", HERE: f"{HERE} colour"}
