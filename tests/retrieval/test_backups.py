"""The daily backups: when one is due, what stays of the old ones, and what is told of the last attempt."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from retrieval.archive.backups import Backups, read_state
from retrieval.archive.opening import open_archive
from retrieval.domain.ids import SHARED
from retrieval.domain.upkeep import BackupState
from tests.fakes import HashingEmbedder
from tests.prepared import NOON, new_article
from tests.retrieval.damaged import change

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from retrieval.archive.archive import Archive

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "news.sqlite3"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    with open_archive(path) as archive:
        archive.add(new_article("one", "the words"), HashingEmbedder().spec, now=NOON)
        yield archive


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "backups"
    made.mkdir()
    return made


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_one_a_day_is_made_and_told_also_after_a_restart(archive: Archive, path: Path, folder: Path) -> None:
    assert Backups(path, folder, 7, archive.bot_state).if_due(NOON) == BackupState(good=NOON)
    again = Backups(path, folder, 7, archive.bot_state)
    assert again.if_due(NOON + 23 * HOUR) is None
    assert again.if_due(NOON + DAY) == read_state(archive.bot_state) == BackupState(good=NOON + DAY)
    assert names(folder) == ["pullquote-2024-03-25.backup", "pullquote-2024-03-26.backup"]
    with open_archive(folder / "pullquote-2024-03-26.backup") as saved:
        assert saved.check().articles == 1


def test_only_so_many_are_kept_and_nothing_else_is_touched(archive: Archive, path: Path, folder: Path) -> None:
    others = ["notes.txt", "pullquote-2024-01-01.backup.old", "my.backup"]
    for name in others:
        (folder / name).write_text("mine", encoding="utf-8")
    backups = Backups(path, folder, 2, archive.bot_state)
    for number in range(4):
        backups.if_due(NOON + number * DAY)
    assert names(folder) == sorted([*others, "pullquote-2024-03-27.backup", "pullquote-2024-03-28.backup"])


def test_a_failure_is_told_keeps_the_old_ones_and_is_tried_again_in_an_hour(
    archive: Archive, path: Path, folder: Path
) -> None:
    backups = Backups(path, folder, 1, archive.bot_state)
    backups.if_due(NOON)
    folder.rename(folder.with_name("unmounted"))
    failed = backups.if_due(NOON + DAY)
    assert failed is not None
    assert (failed.good, failed.failed) == (NOON, NOON + DAY)
    assert failed.problem == f"There is no folder {folder}. Make it, or name another place for the backup."
    assert read_state(archive.bot_state) == failed
    folder.with_name("unmounted").rename(folder)
    assert names(folder) == ["pullquote-2024-03-25.backup"]
    assert backups.if_due(NOON + DAY + HOUR / 2) is None
    assert backups.if_due(NOON + DAY + HOUR) == BackupState(good=NOON + DAY + HOUR)
    assert names(folder) == ["pullquote-2024-03-26.backup"]


@pytest.mark.parametrize("stored", ["", "[]", "none", '{"good": 5}', '{"good": "yesterday"}'])
def test_what_cannot_be_read_of_the_last_attempt_counts_as_none(archive: Archive, stored: str) -> None:
    archive.bot_state.put(SHARED, "backups", stored)
    assert read_state(archive.bot_state) == BackupState()


def test_a_damaged_archive_is_told_and_the_good_backups_stay(archive: Archive, path: Path, folder: Path) -> None:
    backups = Backups(path, folder, 1, archive.bot_state)
    backups.if_due(NOON)
    good = (folder / "pullquote-2024-03-25.backup").read_bytes()
    change(path, "UPDATE articles SET title = 'forged'")
    failed = backups.if_due(NOON + DAY)
    assert failed is not None
    assert "is damaged, so nothing was copied or replaced" in (failed.problem or "")
    assert names(folder) == ["pullquote-2024-03-25.backup"]
    assert (folder / "pullquote-2024-03-25.backup").read_bytes() == good
