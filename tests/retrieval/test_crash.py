"""Killed at any moment of anything it does, the program loses nothing confirmed, and leaves nothing by half.

Everything is killed once or twice here; `python -m tests.crash --kills 500` does it for longer, and tells what it saw.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from retrieval.domain.ids import SHARED
from tests.crash.__main__ import order
from tests.crash.killing import Killing
from tests.crash.looking import look
from tests.crash.texts import draft
from tests.crash.works import opened
from tests.crash.world import World, missing
from tests.support.sizes import sized

if TYPE_CHECKING:
    from pathlib import Path

KILLS = sized(20, 60)


def test_whatever_is_killed_nothing_confirmed_is_lost_and_nothing_is_there_by_half(tmp_path: Path) -> None:
    with Killing(tmp_path, seed=20240325) as killing:
        for work in order(KILLS, seed=3):
            killing.kill(work)
        killing.finish()
    tallies = killing.tallies.values()
    assert all(tally.kills for tally in tallies)
    assert [fault for tally in tallies for fault in (*tally.lost, *tally.half)] == []
    assert sum(tally.working + tally.writing for tally in tallies) > KILLS // 2, "too few kills came in the middle"
    assert sum(tally.confirmed for tally in tallies) > KILLS // 2, "too little was confirmed that could be lost"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "archive" / "news.sqlite3"
    with opened(path) as room:
        for number in range(3):
            room.importer.add(draft(number), SHARED)
        room.importer.add(draft(1, 1), SHARED)
    return path


def test_what_is_whole_is_seen_whole(path: Path) -> None:
    there, halves = look(path)
    assert halves == []
    assert there.editions == {0: [0], 1: [0, 1], 2: [0]}


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM vectors WHERE passage_id = 2",
        "UPDATE vectors SET vector = (SELECT vector FROM vectors WHERE passage_id = 1) WHERE passage_id = 2",
        "UPDATE vectors SET tokens = NULL WHERE passage_id = 2",
        "DELETE FROM passage_words WHERE rowid = 2",
        "UPDATE passage_words SET words = replace(words, 'river', 'winter') WHERE rowid = 2",
        "DELETE FROM passages WHERE id = 2",
        "UPDATE articles SET body = replace(body, 'seen', 'sean') WHERE id = 1",
        "UPDATE revisions SET body = replace(body, 'seen', 'sean')",
        "DELETE FROM quotations WHERE article_id = 1",
        "DELETE FROM quotation_speakers WHERE quotation_id = 1",
        "DELETE FROM visibility WHERE article_id = 1",
    ],
)
def test_what_is_there_by_half_is_noticed(path: Path, damage: str) -> None:
    connection = sqlite3.connect(path)
    assert connection.execute(damage).rowcount
    connection.commit()
    connection.close()
    assert look(path)[1]


def test_a_file_that_others_may_read_is_noticed(path: Path) -> None:
    path.chmod(0o644)
    assert look(path)[1]


def test_what_is_lost_or_came_back_is_noticed(path: Path) -> None:
    there, _ = look(path)
    for words in (
        ["add", 3, 0, 0],
        ["add", 2, 1, 0],
        ["remove", 0],
        ["put back", 1],
        ["forget", 8001],
        ["rule", "alias", "Ada Okafor", "Ms. O."],
        ["read", 4, 1],
    ):
        then = there.after(words)
        assert missing(there, then) or words[0] == "forget"
        assert missing(then, there) or words[0] in {"forget", "read"}
    assert missing(World(forgotten=set()), World(forgotten={8001}))
