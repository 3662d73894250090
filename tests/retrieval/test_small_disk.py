"""A disk that is full or may only be read: one clear sentence, nothing harmed, and it goes on where there is room."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

_MOUNT = 'mount -t tmpfs -o size=8m,mode=700 none "$1" && shift && exec "$@"'
WRITING = [
    "add",
    "remove",
    "read a feed",
    "repair",
    "make another",
    "upgrade",
    "back up",
    "back up again",
    "restore",
    "change the model",
]

READING = ["look into it", "ask", "check", "back up to another disk", "the command line"]


@pytest.fixture(scope="module")
def attempts(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What was tried on a small disk, which Linux lets everybody mount for themselves, unless it was told not to."""
    disk, aside = tmp_path_factory.mktemp("disk"), tmp_path_factory.mktemp("aside")
    if shutil.which("unshare") is None or not _may_mount(disk):
        pytest.skip("no disk can be mounted here")
    tried = _mounted(disk, sys.executable, "-m", "tests.retrieval.small_disk", str(disk), str(aside))
    assert tried.returncode == 0, tried.stderr
    return [json.loads(line) for line in tried.stdout.splitlines()]


def _may_mount(disk: Path) -> bool:
    return _mounted(disk, "true").returncode == 0


def _mounted(disk: Path, *command: str) -> subprocess.CompletedProcess[str]:
    mounting = ["unshare", "-rm", "sh", "-c", _MOUNT, "sh", str(disk), *command]
    return subprocess.run(mounting, capture_output=True, text=True, cwd=ROOT, check=False)


@pytest.mark.parametrize("work", WRITING)
def test_a_full_disk_says_so_harms_nothing_and_with_room_it_goes_on(attempts: list[dict[str, Any]], work: str) -> None:
    tried = [attempt for attempt in attempts if attempt["disk"] == "full" and attempt["work"] == work]
    assert tried[0]["said"].startswith("ArchiveFull: The disk that holds "), "there was room on a full disk"
    assert all(attempt["said"].startswith(("ArchiveFull: ", "")) for attempt in tried)
    assert all("unfinished" not in attempt["said"] for attempt in tried)
    assert [attempt["wrong"] for attempt in tried] == [[]] * len(tried)


@pytest.mark.parametrize("work", [*READING, "go on"])
def test_on_a_full_disk_what_is_there_can_be_read(attempts: list[dict[str, Any]], work: str) -> None:
    tried = [attempt for attempt in attempts if attempt["disk"] == "full" and attempt["work"] == work]
    assert [(attempt["said"], attempt["wrong"]) for attempt in tried] == [("", [])] * len(tried)


@pytest.mark.parametrize("work", WRITING)
def test_a_disk_for_reading_alone_says_so(attempts: list[dict[str, Any]], work: str) -> None:
    (tried,) = (attempt for attempt in attempts if attempt["disk"] == "read-only" and attempt["work"] == work)
    what = "backup" if work.startswith("back up") else "archive"
    assert tried["said"].startswith(f"ArchiveReadOnly: The {what} ")
    assert "cannot be written" in tried["said"]


@pytest.mark.parametrize("work", READING)
def test_on_a_disk_for_reading_alone_what_is_there_can_be_read(attempts: list[dict[str, Any]], work: str) -> None:
    (tried,) = (attempt for attempt in attempts if attempt["disk"] == "read-only" and attempt["work"] == work)
    assert (tried["said"], tried["wrong"]) == ("", [])


def test_a_disk_for_reading_alone_harms_nothing(attempts: list[dict[str, Any]]) -> None:
    (tried,) = (attempt for attempt in attempts if attempt["work"] == "afterwards")
    assert tried["wrong"] == []
