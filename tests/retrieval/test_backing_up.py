"""A backup is whole whenever it is made, and what is restored answers as it did. Kills are seen in `test_crash`."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from retrieval.archive.backup import backup_file
from retrieval.archive.backup.backup_file import back_up, restore
from retrieval.archive.opening import open_archive
from retrieval.domain.ids import SHARED, ArticleId
from retrieval.domain.scope import Scope
from retrieval.errors import ArchiveCorrupt, ArchiveFull, ArchiveLocked, ArchiveMissing, ArchiveTooNew, BackupRefused
from tests.crash.older import archive_at, older_steps
from tests.retrieval.damaged import change
from tests.support.fakes import HashingEmbedder
from tests.support.prepared import NOON, new_article

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EMBEDDER = HashingEmbedder()
ANYONE = Scope()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "archive" / "news.sqlite3"
    add(path, *range(3))
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder / "news.backup"


def add(path: Path, *numbers: int) -> None:
    with open_archive(path) as archive:
        for number in numbers:
            archive.articles.add(
                new_article(f"t{number}", f"text {number} " * 50), EMBEDDER.spec, collection=SHARED, now=NOON
            )


def titles(path: Path) -> set[str]:
    """Of a sound archive's articles."""
    with open_archive(path) as archive:
        assert archive.check().problems == ()
        return {entry.source.title for entry in archive.articles.entries(ANYONE)}


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3 : len(content) // 2] = b"\xff" * (len(content) // 2 - len(content) // 3)
    path.write_bytes(content)


def test_a_backup_is_one_file_for_its_owner_alone_and_a_whole_archive(path: Path, target: Path) -> None:
    copied = back_up(path, target)
    assert (copied.articles, copied.size) == (3, target.stat().st_size)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [each.name for each in target.parent.iterdir()] == [target.name]
    assert titles(target) == {"t0", "t1", "t2"}


def test_what_was_removed_is_not_in_the_backup_s_file(path: Path, target: Path) -> None:
    with open_archive(path) as archive:
        archive.articles.add(
            new_article("secret", "unmistakable words " * 30), EMBEDDER.spec, collection=SHARED, now=NOON
        )
        archive.articles.remove(ANYONE, ArticleId(4), now=NOON)
    back_up(path, target)
    content = target.read_bytes()
    assert b"text 2" in content
    assert b"unmistakable words" not in content


def test_a_file_that_is_there_is_replaced_only_when_that_is_wanted(path: Path, target: Path) -> None:
    target.write_text("precious")
    with pytest.raises(BackupRefused, match=r"there already.*--force"):
        back_up(path, target)
    assert target.read_text() == "precious"
    back_up(path, target, replace=True)
    assert titles(target) == {"t0", "t1", "t2"}


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
def test_the_archive_is_never_its_own_backup(path: Path, suffix: str) -> None:
    with pytest.raises(BackupRefused, match="is the archive itself"):
        back_up(path, path.with_name(path.name + suffix), replace=True)
    assert titles(path) == {"t0", "t1", "t2"}


def test_a_link_to_the_archive_is_the_archive(path: Path, target: Path) -> None:
    target.symlink_to(path)
    with pytest.raises(BackupRefused, match="is the archive itself"):
        back_up(path, target, replace=True)


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_what_is_no_file_is_never_replaced(path: Path, target: Path, kind: str) -> None:
    target.mkdir() if kind == "folder" else os.mkfifo(target)
    with pytest.raises(BackupRefused, match="no file that could be replaced"):
        back_up(path, target, replace=True)
    assert target.is_dir() or target.is_fifo()


def test_an_archive_behind_a_link_is_restored_where_it_lies(path: Path, target: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.sqlite3"
    link.symlink_to(path)
    back_up(link, target)
    add(path, 3)
    restore(target, link)
    assert link.is_symlink()
    assert titles(path) == {"t0", "t1", "t2"}


def test_where_there_is_no_archive_nothing_is_backed_up_and_none_is_made(tmp_path: Path, target: Path) -> None:
    with pytest.raises(ArchiveMissing, match="no archive at"):
        back_up(tmp_path / "none.sqlite3", target)
    assert [each.name for each in tmp_path.iterdir()] == ["backups"]


def test_a_damaged_archive_does_not_take_the_place_of_a_good_backup(path: Path, target: Path) -> None:
    add(path, *range(3, 60))
    back_up(path, target)
    damage(path)
    with pytest.raises(ArchiveCorrupt, match=r"news\.sqlite3 is not a Pullquote archive, or it is damaged"):
        back_up(path, target, replace=True)
    assert len(titles(target)) == 60
    assert [each.name for each in target.parent.iterdir()] == [target.name]


def test_damage_in_an_archive_of_an_older_release_is_found_in_its_copy(path: Path, target: Path) -> None:
    path.unlink()
    archive_at(older_steps()[0], path)
    back_up(path, target)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute('UPDATE passages SET "end" = 0')
        connection.commit()
    good = target.read_bytes()
    with pytest.raises(ArchiveCorrupt, match="is damaged, so nothing was copied or replaced"):
        back_up(path, target, replace=True)
    assert target.read_bytes() == good


def test_a_full_disk_is_told_of_the_backup_and_leaves_nothing(
    path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_reading: object, _source: Path, unfinished: Path) -> int:
        unfinished.write_bytes(b"half")
        raise ArchiveFull(path=target)

    monkeypatch.setattr(backup_file, "_copy", full)
    with pytest.raises(ArchiveFull, match=r"news\.backup is full"):
        back_up(path, target)
    assert list(target.parent.iterdir()) == []


def test_two_backups_do_not_write_the_same_file(path: Path, target: Path) -> None:
    with backup_file._unfinished(target):
        other = subprocess.run(command(path, target), capture_output=True, text=True, check=False)
    assert "BackupRefused: Another process is just writing" in other.stderr
    back_up(path, target)


def command(path: Path, target: Path) -> list[str]:
    script = (
        "import sys; from pathlib import Path; from retrieval.archive.backup.backup_file import back_up\n"
        "print('begun', flush=True); back_up(Path(sys.argv[1]), Path(sys.argv[2]), replace=True); print('done')"
    )
    return [sys.executable, "-c", script, str(path), str(target)]


WRITER = """
import sys
from itertools import count
from pathlib import Path
from retrieval.archive.opening import open_archive
from retrieval.domain.ids import SHARED
from tests.support.fakes import HashingEmbedder
from tests.support.prepared import NOON, new_article
from tests.retrieval.damaged import change
with open_archive(Path(sys.argv[1])) as archive:
    for number in count(1000):
        article = new_article(f"t{number}", f"text {number} " * 50)
        archive.articles.add(article, HashingEmbedder().spec, collection=SHARED, now=NOON)
        print(f"t{number}", flush=True)
"""


@pytest.fixture
def writer(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that adds articles, and prints the title of each that is confirmed."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def test_a_backup_taken_while_another_process_writes_holds_all_that_was_confirmed_before(
    path: Path, target: Path, writer: subprocess.Popen[str]
) -> None:
    assert writer.stdout is not None
    confirmed = {"t0", "t1", "t2"}
    for _ in range(3):
        confirmed |= {writer.stdout.readline().strip() for _ in range(10)}
        back_up(path, target, replace=True)
        assert confirmed <= titles(target)
    assert writer.poll() is None


def test_what_a_killed_backup_left_is_in_nobody_s_way(path: Path, target: Path) -> None:
    left = target.with_name(target.name + ".unfinished")
    left.write_bytes(b"half" * 10_000)
    left.with_name(left.name + "-journal").write_bytes(b"half")
    back_up(path, target)
    assert [each.name for each in target.parent.iterdir()] == [target.name]
    assert titles(target) == {"t0", "t1", "t2"}


def test_what_is_restored_answers_as_it_did_and_what_was_there_is_kept(path: Path, target: Path) -> None:
    back_up(path, target)
    add(path, 3, 4)
    copied = restore(target, path)
    assert (copied.articles, titles(path)) == (3, {"t0", "t1", "t2"})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert copied.kept is not None
    assert titles(copied.kept) == {"t0", "t1", "t2", "t3", "t4"}
    again = restore(copied.kept, path)
    assert titles(path) == {"t0", "t1", "t2", "t3", "t4"}
    assert again.kept is not None
    assert again.kept != copied.kept


def test_a_backup_is_restored_where_there_is_no_archive_yet(target: Path, path: Path, tmp_path: Path) -> None:
    back_up(path, target)
    place = tmp_path / "new" / "folder" / "news.sqlite3"
    assert restore(target, place).kept is None
    assert titles(place) == {"t0", "t1", "t2"}


def test_nothing_is_restored_while_another_process_has_the_archive(
    path: Path, target: Path, writer: subprocess.Popen[str]
) -> None:
    back_up(path, target)
    assert writer.stdout is not None
    writer.stdout.readline()
    with pytest.raises(ArchiveLocked, match="Stop the bot"):
        restore(target, path)
    assert "t1001\n" in iter(writer.stdout.readline, "")


def test_nothing_is_restored_while_somebody_only_reads(path: Path, target: Path) -> None:
    back_up(path, target)
    with open_archive(path) as archive:
        archive.articles.entries(ANYONE)
        with pytest.raises(ArchiveLocked, match="Stop the bot"):
            restore(target, path)
    assert not list(path.parent.glob("*.before-restore*"))
    assert not list(path.parent.glob("*.unfinished*"))


def test_a_damaged_archive_is_kept_and_replaced_and_its_log_is_not_left_to_the_new_one(
    path: Path, target: Path
) -> None:
    back_up(path, target)
    path.write_bytes(b"\xff" * 5000)
    path.with_name(path.name + "-wal").write_bytes(b"stale")
    copied = restore(target, path)
    assert not path.with_name(path.name + "-wal").exists()
    assert titles(path) == {"t0", "t1", "t2"}
    assert copied.kept is not None
    assert copied.kept.read_bytes() == b"\xff" * 5000


@pytest.mark.parametrize("content", [b"", b"no database " * 1000, b"SQLite format 3\0"])
def test_what_is_no_backup_is_refused_and_nothing_is_changed(path: Path, target: Path, content: bytes) -> None:
    target.write_bytes(content)
    with pytest.raises(BackupRefused, match="not a sound backup"):
        restore(target, path)
    assert titles(path) == {"t0", "t1", "t2"}
    assert target.read_bytes() == content


def test_a_damaged_backup_is_refused(path: Path, target: Path) -> None:
    add(path, *range(3, 60))
    back_up(path, target)
    damage(target)
    with pytest.raises(BackupRefused, match="not a sound backup"):
        restore(target, path)
    assert len(titles(path)) == 60


def test_further_problems_of_a_backup_are_shown_by_a_check_of_that_file(path: Path, tmp_path: Path) -> None:
    backup = tmp_path / "of today.backup"
    back_up(path, backup)
    change(backup, "UPDATE articles SET title = 'forged'", "UPDATE passages SET words = words + 1")
    command = f"ARCHIVE_PATH='{backup.resolve()}' python -m retrieval check"
    with pytest.raises(BackupRefused, match=rf"more: see `{command}`\)"):
        restore(backup, path)


def test_a_backup_of_a_newer_release_is_refused(path: Path, target: Path) -> None:
    back_up(path, target)
    connection = sqlite3.connect(target)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(ArchiveTooNew, match="newer release"):
        restore(target, path)
    assert titles(path) == {"t0", "t1", "t2"}


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE vectors SET tokens = CAST('x' || substr(tokens, 2) AS BLOB) WHERE passage_id = 2",
            "the vectors of art",
        ),
        ("UPDATE visibility SET collection_id = 11 WHERE article_id = 2", "the list of servers that see article 2"),
        ("UPDATE articles SET title = 'forged' WHERE id = 2", "the text or the source of article 2"),
    ],
)
def test_what_the_check_would_find_never_replaces_a_good_backup_and_is_no_backup(
    path: Path, target: Path, statement: str, said: str
) -> None:
    back_up(path, target)
    add(path, 3)
    change(path, statement)
    good = target.read_bytes()
    for replace in (True, False):
        other = target if replace else target.with_name("other.backup")
        with pytest.raises(ArchiveCorrupt, match=f"is damaged, so nothing was copied or replaced: .*{said}"):
            back_up(path, other, replace=replace)
    assert [each.name for each in target.parent.iterdir()] == [target.name]
    assert target.read_bytes() == good
    change(target, statement)
    with pytest.raises(BackupRefused, match=f"not a sound backup.*Nothing was changed.*{said}"):
        restore(target, path)


def test_a_missing_folder_is_named(path: Path, target: Path) -> None:
    with pytest.raises(BackupRefused, match=f"There is no folder {target.parent / 'none'}. Make it"):
        back_up(path, target.parent / "none" / "news.backup")
