"""How the bot and its archive are told to be, by another process that changes nothing."""

from __future__ import annotations

import io
import json
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from rich.console import Console
from typer.testing import CliRunner

from retrieval import health as judging
from retrieval.archive.feeds.subscriptions import NewSubscription
from retrieval.archive.integrity import last_check
from retrieval.archive.opening import open_archive
from retrieval.archive.sqlite import measuring, vitals_file
from retrieval.cli.app import app
from retrieval.cli.status import print_status
from retrieval.domain.health import DiskRoom, Health, Vitals
from retrieval.domain.ids import SHARED, CollectionId
from retrieval.domain.scope import Scope
from retrieval.domain.upkeep import LastCheck
from retrieval.errors import ArchiveError
from retrieval.health import examine_other
from tests.crash.older import archive_at, older_steps, step_of
from tests.support.fakes import HashingEmbedder
from tests.support.paths import ROOT
from tests.support.prepared import NOON, new_article

if TYPE_CHECKING:
    from pathlib import Path

    from retrieval.archive.archive import Archive

VITALS = Vitals(
    at=NOON,
    version="0.1.0",
    started=NOON - timedelta(hours=3),
    servers=5,
    connected_since=NOON - timedelta(hours=2),
    offline_since=None,
    answers=7,
    refusals=2,
    faults=1,
    last_answer=NOON - timedelta(minutes=4),
    hour=3,
    median_ms=12.0,
    p95_ms=80.0,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An archive with one article, and a bot that was heard of at noon."""
    path = tmp_path / "news.sqlite3"
    with open_archive(path) as archive:
        archive.articles.add(
            new_article("One", "the words", "and more"), HashingEmbedder().spec, collection=SHARED, now=NOON
        )
    vitals_file.publish(path, VITALS)
    return path


def examined(path: Path, *, backup_path: Path | None = None, seconds: float = 10.0) -> Health:
    return examine_other(path, version="0.1.0", backup_path=backup_path, now=NOON + timedelta(seconds=seconds))


def test_a_bot_that_was_just_heard_of_is_well(path: Path) -> None:
    health = examined(path)

    assert health.is_well
    assert health.bot == VITALS
    assert health.held is not None
    assert (health.held.articles, health.held.passages) == (1, 2)
    assert health.size > 50_000
    assert stat.S_IMODE(path.with_name("news.sqlite3-vitals").stat().st_mode) == 0o600
    assert "5 servers; connected since 2024-03-25 10:00 UTC; 7 answers, 2 refusals, 1 faults" in health.line
    assert "median 12 ms and p95 80 ms" in health.line


def test_a_bot_that_is_heard_of_no_more_is_not_well_for_ever(path: Path) -> None:
    assert examined(path, seconds=60).is_well
    assert examined(path, seconds=600).problems == (
        "The bot was last heard of 10 minutes ago: it ended, hangs, or cannot write beside the archive.",
    )


def test_a_bot_that_ended_in_good_order_does_not_run(path: Path) -> None:
    vitals_file.withdraw(path)
    vitals_file.withdraw(path)

    assert examined(path).problems == ("The bot does not run, or could not yet write beside the archive.",)


@pytest.mark.parametrize(
    ("vitals", "problems"),
    [
        (replace(VITALS, offline_since=NOON - timedelta(minutes=1)), ()),
        (
            replace(VITALS, connected_since=None, offline_since=NOON - timedelta(hours=5)),
            ("The bot lost its connection to Discord 5 hours ago.",),
        ),
        (replace(VITALS, trouble="no model"), ("The bot cannot answer: no model",)),
    ],
)
def test_what_the_bot_says_of_itself_is_judged(path: Path, vitals: Vitals, problems: tuple[str, ...]) -> None:
    vitals_file.publish(path, vitals)

    assert examined(path).problems == problems


@pytest.mark.parametrize(
    ("stored", "problems"),
    [
        ({}, ()),
        ({"good": "2024-03-24T12:00:00+00:00"}, ()),
        ({"good": "2024-03-20T12:00:00+00:00"}, ("The last backup was made 5 days ago.",)),
        (
            {"good": "2024-03-25T09:00:00+00:00", "failed": "2024-03-25T11:00:00+00:00", "problem": "No room."},
            ("The backup failed 1 hour ago: No room.",),
        ),
    ],
)
def test_backups_are_told_of_where_they_are_wanted(
    path: Path, stored: dict[str, str], problems: tuple[str, ...]
) -> None:
    with open_archive(path) as archive:
        archive.bot_state.put(SHARED, "backups", json.dumps(stored))

    assert examined(path, backup_path=path.parent).problems == problems
    assert examined(path).backups is None


def test_a_later_backup_was_a_check(path: Path) -> None:
    with open_archive(path) as archive:
        last_check.record(archive.bot_state, LastCheck(NOON - timedelta(hours=3), 2))
        archive.bot_state.put(SHARED, "backups", json.dumps({"good": "2024-03-25T11:00:00+00:00"}))
    assert examined(path).checked == LastCheck(NOON - timedelta(hours=3), 2)
    assert examined(path, backup_path=path.parent).checked == LastCheck(NOON - timedelta(hours=1), 0)


@pytest.mark.parametrize("stored", ["", "[]", "{}", '{"at": "soon", "problems": 1}', '{"at": 5, "problems": 1}'])
def test_what_cannot_be_read_of_the_last_check_counts_as_none(path: Path, stored: str) -> None:
    with open_archive(path) as archive:
        archive.bot_state.put(SHARED, "last_check", stored)
        assert last_check.read(archive.bot_state) is None


def test_a_folder_in_which_no_backup_can_be_written_is_a_problem_at_once(path: Path) -> None:
    with open_archive(path) as archive:
        archive.bot_state.put(SHARED, "backups", json.dumps({"good": "2024-03-25T11:00:00+00:00"}))
    none = path.parent / "none"
    sentence = f"There is no folder {none}. Make it, mount its disk, or set BACKUP_PATH to another one."
    assert examined(path, backup_path=none).problems == (f"No backup can be made: {sentence}",)
    with open_archive(path) as archive:
        stored = {"failed": "2024-03-25T11:00:00+00:00", "problem": sentence}
        archive.bot_state.put(SHARED, "backups", json.dumps(stored))
    assert examined(path, backup_path=none).problems == (f"The backup failed 1 hour ago: {sentence}",)


def fail_feed(archive: Archive, url: str, *, for_good: bool = False) -> None:
    archive.subscriptions.subscribe(NewSubscription(CollectionId(7), url, "The Courier"), NOON)
    due = archive.feed_schedule.take_due(NOON, NOON + timedelta(minutes=5))
    assert due is not None
    archive.feed_schedule.failed(due, "It is too slow.", NOON + timedelta(hours=1), NOON, for_good=for_good)


@pytest.mark.parametrize("for_good", [False, True])
def test_feeds_that_fail_are_named_whoever_follows_them(path: Path, *, for_good: bool) -> None:
    with open_archive(path) as archive:
        fail_feed(archive, "https://courier.example/feed", for_good=for_good)

    health = examined(path)

    assert health.is_well
    assert health.warnings == ("Feed 1, The Courier, has failed since 2024-03-25 12:00 UTC: It is too slow.",)
    assert health.warnings[0] in health.line


@pytest.mark.parametrize(
    ("free", "total", "low", "gone"),
    [
        (59_000_000, 600_000_000, True, False),
        (110_000_000, 600_000_000, False, False),
        (900_000_000, 10_000_000_000, True, False),
        (3_000_000_000, 1_000_000_000_000, False, False),
        (0, 1_000_000_000_000, True, True),
    ],
)
def test_room_is_low_before_it_is_gone(free: int, total: int, *, low: bool, gone: bool) -> None:
    room = DiskRoom(free, total)

    assert (room.is_low, room.is_gone) == (low, gone)


def test_a_disk_that_fills_is_warned_of_and_then_a_problem(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "room_beside", lambda _: DiskRoom(50_000_000, 600_000_000))
    assert (examined(path).problems, examined(path).warnings) == ((), ("The archive's disk has 50 MB left.",))
    monkeypatch.setattr(measuring, "room_beside", lambda _: DiskRoom(0, 600_000_000))
    assert examined(path).problems == ("The archive's disk is full: the bot answers, and nothing can be added.",)
    assert examined(path).warnings == ()


def test_what_cannot_be_read_is_a_problem_and_nothing_is_made(tmp_path: Path) -> None:
    nowhere = tmp_path / "none" / "news.sqlite3"
    assert examined(nowhere).problems[0].startswith(f"There is no archive at {nowhere}: no file, or an empty one.")
    assert not nowhere.parent.exists()
    other = tmp_path / "other"
    other.write_bytes(b"this is no archive" * 100)
    assert "is not a Pullquote archive" in examined(other).problems[0]


@pytest.mark.parametrize("step", older_steps())
def test_an_archive_of_an_older_release_is_left_as_it_is(path: Path, step: str) -> None:
    archive_at(step, path)

    assert "is an older release's" in examined(path).problems[0]
    assert step_of(path) == step


def test_figures_that_are_just_being_written_are_read_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = path.with_name("news.sqlite3-vitals")
    whole = file.read_bytes()
    file.write_bytes(whole[:200])
    monkeypatch.setattr("time.sleep", lambda _: file.write_bytes(whole))

    assert vitals_file.read(path) == VITALS


def test_figures_take_the_place_of_longer_ones(path: Path) -> None:
    vitals_file.publish(path, replace(VITALS, trouble="x" * 500))
    vitals_file.publish(path, VITALS)

    assert vitals_file.read(path) == VITALS


def test_figures_that_make_no_sense_are_none(path: Path) -> None:
    path.with_name("news.sqlite3-vitals").write_bytes(b"\xff{")

    assert vitals_file.read(path) is None


def test_the_verb_ends_with_one_where_something_is_wrong_and_speaks_json(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_PATH", str(path))
    told = CliRunner().invoke(app, ["status"])
    assert told.exit_code == 1
    assert told.output.startswith("Pullquote 0.1.0: unwell\n")
    assert "Problem:   The bot was last heard of" in told.output
    as_json = CliRunner().invoke(app, ["status", "--json"])
    assert as_json.exit_code == 1
    said = json.loads(as_json.output)
    assert (said["well"], said["held"]["articles"], said["bot"]["p95_ms"]) == (False, 1, 80.0)

    monkeypatch.setattr("retrieval.health._STALE", timedelta(days=365 * 100))
    assert CliRunner().invoke(app, ["status"]).exit_code == 0
    assert json.loads(CliRunner().invoke(app, ["status", "--json"]).output)["well"] is True


def test_status_says_nothing_of_questions_and_members(path: Path) -> None:
    fields = set(json.loads(path.with_name("news.sqlite3-vitals").read_bytes()))

    assert fields == {
        *("at", "version", "started", "servers", "connected_since", "offline_since", "answers", "refusals"),
        *("faults", "last_answer", "hour", "median_ms", "p95_ms", "trouble", "preview"),
    }


FULL = """
import sys
from dataclasses import replace
from pathlib import Path
from retrieval.archive.sqlite import measuring, vitals_file
from retrieval.errors import ArchiveFull
from tests.retrieval.test_health import VITALS
path = Path(sys.argv[1], "news.sqlite3")
vitals_file.publish(path, VITALS)
try:
    Path(sys.argv[1], "filler").write_bytes(bytes(2_000_000))
except OSError:
    pass
vitals_file.publish(path, replace(VITALS, servers=6))
assert vitals_file.read(path).servers == 6
try:
    vitals_file.publish(path.with_name("other"), VITALS)
except ArchiveFull:
    print("full")
"""


def test_a_bot_on_a_full_disk_goes_on_saying_that_it_lives(tmp_path: Path) -> None:
    mount = 'mount -t tmpfs -o size=1m,mode=700 none "$1" && exec "$2" -c "$3" "$1"'
    command = ["unshare", "-rm", "sh", "-c", mount, "sh", str(tmp_path), sys.executable, FULL]
    if shutil.which("unshare") is None:
        pytest.skip("no disk can be mounted here")
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if "mount" in ended.stderr or "unshare" in ended.stderr:
        pytest.skip("no disk can be mounted here")
    assert (ended.returncode, ended.stdout) == (0, "full\n"), ended.stderr


READ_ONLY = """
import subprocess, sys
from pathlib import Path
from retrieval.archive.opening import open_archive
from tests.retrieval.test_health import examined
folder = Path(sys.argv[1])
with open_archive(folder / "news.sqlite3"):
    pass
assert not any("may only be read" in each for each in examined(folder / "news.sqlite3").problems)
subprocess.run(["mount", "-o", "remount,ro", folder], check=True)
print(*(each for each in examined(folder / "news.sqlite3").problems if "may only be read" in each))
"""


def test_an_archive_that_may_only_be_read_is_a_problem(tmp_path: Path) -> None:
    mount = 'mount -t tmpfs -o size=8m,mode=700 none "$1" && exec "$2" -c "$3" "$1"'
    command = ["unshare", "-rm", "sh", "-c", mount, "sh", str(tmp_path), sys.executable, READ_ONLY]
    if shutil.which("unshare") is None:
        pytest.skip("no disk can be mounted here")
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if "mount" in ended.stderr or "unshare" in ended.stderr:
        pytest.skip("no disk can be mounted here")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("The archive may only be read: the bot answers, and nothing can be added.")


def lines_of(health: Health) -> dict[str, str]:
    """What `status` prints, by its subjects."""
    console = Console(file=io.StringIO(), width=300)
    print_status(console, health)
    assert isinstance(console.file, io.StringIO)
    return dict(line.split(None, 1) for line in console.file.getvalue().splitlines()[1:])


def test_status_is_told_in_words_that_need_no_explanation(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "room_beside", lambda _: DiskRoom(80_775_700_000, 270_553_200_000))
    told = lines_of(examined(path))
    assert told["Disk"] == "80.8 GB of 270.6 GB left"
    assert told["Answers"] == (
        "7 answers, the last 4 minutes ago; 2 not answered for a reason that was given, 1 fault of the program; "
        "since 2024-03-25 09:00 UTC"
    )
    assert told["Last"] == "hour  3 answers: half within 12 ms, 95 of 100 within 80 ms"
    assert told["Bot"] == "version 0.1.0, 5 servers, connected since 2024-03-25 10:00 UTC; last heard of just now"


def test_a_preview_is_told_as_one(path: Path) -> None:
    vitals_file.publish(path, replace(VITALS, preview=True, connected_since=None))
    health = examined(path)
    assert lines_of(health)["Bot"] == (
        "version 0.1.0, a preview in a local page, not on Discord; last heard of just now"
    )
    assert "preview in a local page" in health.line


def test_a_disk_that_cannot_be_written_is_one_sentence(path: Path) -> None:
    with pytest.raises(ArchiveError):
        vitals_file.publish(path / "beneath a file", VITALS)


def test_the_room_is_that_of_the_archive_s_disk(path: Path) -> None:
    room = measuring.room_beside(path)

    assert room is not None
    assert 0 <= room.free <= room.total == shutil.disk_usage(path.parent).total
    assert measuring.room_beside(path / "nowhere" / "a") is None


def test_examining_an_open_archive_is_the_same(path: Path) -> None:
    with open_archive(path) as archive:
        health = judging.examine(archive, VITALS, version="0.1.0", backup_path=None, now=NOON)

        assert health.is_well
        assert health.held is not None
        assert health.held.articles == len(archive.articles.entries(Scope()))
