"""Killed at any moment while it reads a feed, the archive loses nothing that was read, and holds nothing by half.

Twenty-five times here; `python -m tests.retrieval.test_feed_crash 100` does it a hundred times and tells what it saw.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from retrieval.archive.opening import open_archive
from tests.feeds import open_room
from tests.retrieval.killed_reading import LISTED, NEW, READERS, read_day, stories
from tests.retrieval.test_crash import assert_index_is_the_archive

KILLS = 25
OPENING = 5
"""So many of the kills come while the archive is opened; the others afterwards."""
LONGEST = 0.6
"""Seconds until a kill, at most: time for some twenty articles."""


@dataclass
class Feeder:
    """The process of `tests.retrieval.killed_reading`, and what it has read so far: story and edition."""

    process: subprocess.Popen[str]
    read: dict[int, int] = field(default_factory=dict)
    day: int = 0
    lines: int = 0

    def run_and_kill(self, since: str, after: float) -> None:
        """Let a child run, and kill it some seconds after it is there ("child") or has opened the archive ("open")."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{self.day}\n")
        self.process.stdin.flush()
        killed = False
        for line in self.process.stdout:
            match line.split():
                case [state, child] if state == since:
                    time.sleep(after)
                    os.kill(int(child), signal.SIGKILL)
                    killed = True
                case ["day", number]:
                    self.day = int(number)
                case ["read", number, edition]:
                    self.read[int(number)] = int(edition)
                    self.lines += 1
                case ["gone"]:
                    break
        assert killed


def test_a_kill_while_a_feed_is_read_loses_nothing_and_leaves_nothing_by_half(tmp_path: Path) -> None:
    feeder = kill_often(tmp_path / "news.sqlite3", KILLS)
    assert feeder.lines > KILLS


def kill_often(path: Path, kills: int) -> Feeder:
    """Kill and look, so many times; then read the last day to its end."""
    moments = random.Random(20260325)
    command = [sys.executable, "-m", "tests.retrieval.killed_reading", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        feeder = Feeder(process)
        for kill in range(kills):
            feeder.run_and_kill("child" if kill < OPENING else "open", after=moments.uniform(0, LONGEST))
            assert_nothing_is_lost(path, feeder)
        assert process.stdin is not None
        process.stdin.close()
    assert process.returncode == 0
    with open_room(path) as room:
        read_day(room, feeder.day)
    assert_nothing_is_lost(path, feeder, at_its_end=True)
    return feeder


def assert_nothing_is_lost(path: Path, feeder: Feeder, *, at_its_end: bool = False) -> None:
    """Every story that was read is there for both servers, once, in that edition or a later one, and whole."""
    with open_archive(path) as archive:
        assert archive.check().problems == ()
        for reader in READERS:
            there: dict[int, int] = {}
            for entry in archive.articles(reader):
                number = int(entry.source.title.split()[2])
                assert number not in there, f"story {number} is there twice"
                body = archive.article(reader, entry.id).body
                there[number] = int(body.split("in edition ")[1].split(".")[0])
                assert entry.passages
                assert entry.quotations == 1
            for number, edition in feeder.read.items():
                assert there[number] >= edition
            if at_its_end:
                assert set(there) == set(range(NEW * feeder.day + LISTED))
                assert all(there[story.number] == story.version for story in stories(feeder.day))
        assert_index_is_the_archive(archive)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        seen = kill_often(Path(folder) / "news.sqlite3", int(sys.argv[1]))
        sys.stdout.write(f"{sys.argv[1]} kills: {seen.lines} entries read on {seen.day + 1} days, nothing lost\n")
