"""The daily backups: when one is due, what stays of the old ones, and what is told of the last attempt."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from retrieval.archive.backup.backup_file import back_up, restore
from retrieval.archive.backup.daily import Backups, folder_problem, read_state
from retrieval.archive.opening import open_archive
from retrieval.domain.ids import SHARED
from retrieval.domain.scope import Scope
from retrieval.domain.upkeep import BackupState
from tests.retrieval.damaged import change
from tests.support.fakes import HashingEmbedder
from tests.support.prepared import NOON, new_article

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
        archive.articles.add(new_article("one", "the words"), HashingEmbedder().spec, collection=SHARED, now=NOON)
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
    assert again.if_due(NOON + DAY) == read_state(archive.bot_state, folder) == BackupState(good=NOON + DAY)
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
    assert failed.problem == f"There is no folder {folder}. Make it, mount its disk, or set BACKUP_PATH to another one."
    assert read_state(archive.bot_state, folder) == failed
    folder.with_name("unmounted").rename(folder)
    assert names(folder) == ["pullquote-2024-03-25.backup"]
    assert backups.if_due(NOON + DAY + HOUR / 2) is None
    assert backups.if_due(NOON + DAY + HOUR) == BackupState(good=NOON + DAY + HOUR)
    assert names(folder) == ["pullquote-2024-03-26.backup"]


@pytest.mark.parametrize("stored", ["", "[]", "none", '{"good": 5}', '{"good": "yesterday"}'])
def test_what_cannot_be_read_of_the_last_attempt_counts_as_none(archive: Archive, folder: Path, stored: str) -> None:
    archive.bot_state.put(SHARED, "backups", stored)
    assert read_state(archive.bot_state, folder) == BackupState()


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


def test_another_folder_is_tried_at_once(archive: Archive, path: Path, folder: Path, tmp_path: Path) -> None:
    Backups(path, folder, 1, archive.bot_state).if_due(NOON)
    other = tmp_path / "other"
    other.write_bytes(b"")
    assert read_state(archive.bot_state, other) == BackupState()
    failed = Backups(path, other, 1, archive.bot_state).if_due(NOON + HOUR)
    assert failed == BackupState(failed=NOON + HOUR, problem=f"{other} is no folder. Set BACKUP_PATH to one.")
    assert read_state(archive.bot_state, other) == failed


def test_a_folder_that_cannot_be_written_is_a_problem_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert folder_problem(tmp_path) is None
    assert "There is no folder" in (folder_problem(tmp_path / "none") or "")
    monkeypatch.setattr("os.access", lambda *_: False)
    assert "Nothing can be written in" in (folder_problem(tmp_path) or "")


@pytest.fixture
def good(tmp_path: Path, folder: Path) -> dict[str, bytes]:
    """Two daily backups of an archive with four articles, which was lost since."""
    lost = tmp_path / "lost.sqlite3"
    with open_archive(lost) as archive:
        for number in range(4):
            archive.articles.add(
                new_article(f"Article {number}", f"words {number}"), HashingEmbedder().spec, collection=SHARED, now=NOON
            )
        backups = Backups(lost, folder, 2, archive.bot_state)
        for day in (-1, 0):
            assert backups.if_due(NOON + day * DAY) == BackupState(good=NOON + day * DAY)
    return contents(folder)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("articles", [0, 1, 9])
def test_a_new_archive_takes_no_backup_s_place_whatever_it_holds(
    archive: Archive, path: Path, folder: Path, good: dict[str, bytes], articles: int
) -> None:
    for number in range(1, articles):
        archive.articles.add(
            new_article(f"New {number}", f"other words {number}"), HashingEmbedder().spec, collection=SHARED, now=NOON
        )
    backups = Backups(path, folder, 2, archive.bot_state)
    for number in range(4):
        assert backups.if_due(NOON + number * DAY) == read_state(archive.bot_state, folder)
    refused = backups.if_due(NOON + 4 * DAY)
    assert refused is not None
    assert refused.good is None
    newest = folder / "pullquote-2024-03-25.backup"
    assert refused.problem == (
        f"The archive {path} is another archive than the one of which the newest backup was made, {newest}, so no "
        f"backup was replaced or deleted. If articles were lost, stop the bot and run `python -m retrieval restore "
        f"{newest}`. If this is as it should be, run `python -m retrieval backup --force "
        f"{folder / 'pullquote-2024-03-29.backup'}`: the daily backups go on within an hour."
    )
    assert read_state(archive.bot_state, folder) == refused
    assert contents(folder) == good


def test_an_archive_that_lost_most_of_its_articles_is_backed_up_once_that_is_accepted(
    tmp_path: Path, folder: Path, good: dict[str, bytes]
) -> None:
    path = tmp_path / "lost.sqlite3"
    with open_archive(path) as archive:
        for entry in archive.articles.entries(Scope())[:3]:
            archive.articles.remove(Scope(), entry.id, now=NOON)
        backups = Backups(path, folder, 2, archive.bot_state)
        refused = backups.if_due(NOON + DAY)
        assert refused is not None
        assert "holds 1 of the 4 articles of the newest backup" in (refused.problem or "")
        assert contents(folder) == good
        back_up(path, folder / "pullquote-2024-03-26.backup", replace=True)
        assert backups.if_due(NOON + DAY + HOUR) == BackupState(good=NOON + DAY + HOUR)


def test_half_of_the_articles_may_go_in_a_day(tmp_path: Path, folder: Path, good: dict[str, bytes]) -> None:
    path = tmp_path / "lost.sqlite3"
    with open_archive(path) as archive:
        for entry in archive.articles.entries(Scope())[:2]:
            archive.articles.remove(Scope(), entry.id, now=NOON)
        assert Backups(path, folder, 2, archive.bot_state).if_due(NOON + DAY) == BackupState(good=NOON + DAY)
    assert contents(folder) != good


@pytest.mark.usefixtures("good")
def test_a_restored_archive_is_backed_up_again(path: Path, folder: Path) -> None:
    restore(folder / "pullquote-2024-03-24.backup", path)
    with open_archive(path) as archive:
        assert Backups(path, folder, 2, archive.bot_state).if_due(NOON + DAY) == BackupState(good=NOON + DAY)


def test_a_backup_that_cannot_be_read_is_passed_over(
    archive: Archive, path: Path, folder: Path, good: dict[str, bytes]
) -> None:
    (folder / "pullquote-2024-03-25.backup").write_bytes(b"")
    refused = Backups(path, folder, 2, archive.bot_state).if_due(NOON)
    assert refused is not None
    assert str(folder / "pullquote-2024-03-24.backup") in (refused.problem or "")
    assert contents(folder) == {**good, "pullquote-2024-03-25.backup": b""}


def test_what_nobody_foresaw_is_written_down_as_a_failure(
    archive: Archive, path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        message = "no attribute"
        raise AttributeError(message)

    monkeypatch.setattr("retrieval.archive.backup.daily.back_up", fail)
    failed = Backups(path, folder, 7, archive.bot_state).if_due(NOON)
    assert failed == read_state(archive.bot_state, folder)
    assert failed is not None
    assert failed.failed == NOON
    assert "no attribute" in (failed.problem or "")


def test_a_clock_that_was_ahead_puts_no_backup_off(archive: Archive, path: Path, folder: Path) -> None:
    backups = Backups(path, folder, 7, archive.bot_state)
    backups.if_due(NOON + 3650 * DAY)
    assert backups.if_due(NOON) == BackupState(good=NOON)
    assert backups.if_due(NOON + HOUR) is None


def test_a_backup_of_a_day_to_come_neither_takes_a_place_nor_is_deleted(
    archive: Archive, path: Path, folder: Path
) -> None:
    """The clock was ahead once."""
    backups = Backups(path, folder, 1, archive.bot_state)
    backups.if_due(NOON + 3000 * DAY)
    for day in range(2):
        assert backups.if_due(NOON + day * DAY) == BackupState(good=NOON + day * DAY)
    assert names(folder) == ["pullquote-2024-03-26.backup", "pullquote-2032-06-11.backup"]
