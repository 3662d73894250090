"""What is tried on a disk that is full, or that may only be read: `python -m tests.retrieval.small_disk DISK ASIDE`.

DISK is a small disk of its own, mounted by whoever starts this (see `test_small_disk`); ASIDE a folder on another one.
Prints a line of JSON for each attempt: what was tried, what was said, and what was wrong afterwards.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from config.settings import OnModelChange
from retrieval.archive.backup.backup_file import back_up, restore
from retrieval.archive.opening import open_archive
from retrieval.assembly import open_newsroom
from retrieval.domain.answers import Answer
from retrieval.domain.ids import SHARED
from retrieval.domain.scope import Scope
from retrieval.errors import ArchiveFull, ArchiveReadOnly, NewsError
from tests.crash.looking import look
from tests.crash.older import archive_at, older_steps
from tests.crash.texts import draft
from tests.crash.works import opened, settings
from tests.crash.works_feeds import read_day
from tests.support.fakes import FakeFetcher, HashingEmbedder
from tests.support.feeds import open_room
from tests.support.reuse import statements_shared
from tests.support.sizes import sized

if TYPE_CHECKING:
    from collections.abc import Callable

ARTICLES = 20
LEFT = (0, 100)
"""Kilobytes that are left on the full disk; with 0 everything fails that writes."""
_OPERATOR = Scope()


class SmallDisk:
    """An archive, a backup and an archive of the first release on a disk that has hardly more room than they need."""

    def __init__(self, disk: Path, aside: Path) -> None:
        self._disk, self._aside = disk, aside
        self.path, self.backup, self.old = disk / "a" / "news.sqlite3", disk / "news.backup", disk / "old.sqlite3"
        self._filler = disk / "filler"
        self._confirmed = set[int]()
        with opened(self.path) as room:
            for number in range(ARTICLES):
                room.importer.add(draft(number), SHARED)
        back_up(self.path, self.backup)
        archive_at(older_steps()[0], self.old)
        shutil.copytree(disk, aside / "as-it-was")
        self.works: dict[str, Callable[[], object]] = {
            "look into it": self._read,
            "ask": self._ask,
            "check": self._check,
            "back up to another disk": self._back_up_elsewhere,
            "the command line": self._command_line,
            "add": self._add,
            "remove": self._remove,
            "read a feed": self._feed,
            "repair": self._repair,
            "make another": lambda: self._open(disk / "new" / "news.sqlite3"),
            "upgrade": lambda: self._open(self.old),
            "back up": lambda: back_up(self.path, disk / "another.backup"),
            "back up again": lambda: back_up(self.path, self.backup, replace=True),
            "restore": lambda: restore(self.backup, self.path),
            "change the model": self._change_model,
        }

    def on_a_full_disk(self) -> None:
        """Everything, with more or less room left; then once more with room enough."""
        for left in LEFT:
            for work in self.works:
                self._reset()
                self._fill(left)
                said = self._said(work)
                unfinished = [path.name for path in self._disk.rglob("*.unfinished*")]
                self._filler.unlink()
                self._tell(
                    "full", work, left=left, said=said, wrong=[*unfinished, *self._wrong(work), *self._again(work)]
                )
        self._reset()
        self._tell("full", "go on", left=0, said="", wrong=self._go_on())

    def on_a_disk_for_reading_alone(self) -> None:
        """Everything; and a backup of it onto another disk."""
        self._reset()
        self._remount("ro")
        for work in self.works:
            self._tell("read-only", work, left=0, said=self._said(work), wrong=[])
        self._remount("rw")
        self._tell("read-only", "afterwards", left=0, said="", wrong=self._wrong("afterwards"))

    # Works

    def _read(self) -> None:
        with opened(self.path) as room:
            assert len(room.articles.entries(_OPERATOR)) == ARTICLES

    def _ask(self) -> None:
        """Everything that a reader may want; and what is written in between says why it cannot be."""
        with opened(self.path) as room:
            for _ in range(2):
                assert isinstance(room.ask(_OPERATOR, "what did the mayor say of the report"), Answer)
                assert room.speakers.directory(_OPERATOR).entries
                assert room.articles.entries(_OPERATOR)
                with suppress(ArchiveFull, ArchiveReadOnly):
                    room.bot_state.put(SHARED, "answer:1", "x" * 10_000)

    def _check(self) -> None:
        with open_archive(self.path) as archive:
            assert archive.check().problems == ()

    def _back_up_elsewhere(self) -> None:
        back_up(self.path, self._aside / "saved", replace=True)
        with open_archive(self._aside / "saved") as archive:
            assert len(archive.articles.entries(_OPERATOR)) == ARTICLES

    def _command_line(self) -> None:
        """What can be asked for without a model."""
        beside = {"ARCHIVE_PATH": str(self.path), "SEEDS_PATH": str(self._aside / "none"), "ON_MODEL_CHANGE": "reembed"}
        commands = [["quote", "mayor"], ["list"], ["check"], ["backup", "--force", str(self._aside / "saved")]]
        for words in sized(commands[:1], commands):
            command = [sys.executable, "-m", "retrieval", *words]
            run = subprocess.run(command, env={**os.environ, **beside}, capture_output=True, text=True, check=False)
            assert run.returncode in {0, 1}, run.stderr
            assert "Traceback" not in run.stderr

    def _add(self) -> None:
        with opened(self.path) as room:
            for number in range(100, 120):
                room.importer.add(draft(number), SHARED)
                self._confirmed.add(number)

    def _remove(self) -> None:
        with opened(self.path) as room:
            for entry in room.articles.entries(_OPERATOR)[:5]:
                room.articles.remove(_OPERATOR, entry.id)
                self._confirmed.discard(int(entry.source.title.split()[2]))

    def _feed(self) -> None:
        with open_room(self.path) as room:
            read_day(room, 1)

    def _repair(self) -> None:
        with opened(self.path) as room:
            room.repair()

    def _open(self, path: Path) -> None:
        with open_archive(path) as archive:
            assert archive.check().problems == ()

    def _change_model(self) -> None:
        changed = settings(self.path, OnModelChange.REEMBED)
        former, model = HashingEmbedder(), HashingEmbedder(checksum="1" * 64)
        with open_newsroom(changed, model, former=former, fetcher=FakeFetcher()) as room:
            room.warm_up.result()

    def _go_on(self) -> list[str]:
        """Whoever has it open while the disk fills up goes on answering, and adds again once there is room."""
        wrong = []
        with opened(self.path) as room:
            self._fill(0)
            try:
                for number in count(200):
                    room.importer.add(draft(number), SHARED)
                    self._confirmed.add(number)
            except NewsError as error:
                wrong += [] if "is full" in str(error) else [str(error)]
            answer = room.ask(_OPERATOR, "what did the mayor say of the report")
            wrong += [] if isinstance(answer, Answer) else ["no answer while the disk is full"]
            self._filler.unlink()
            room.importer.add(draft(300), SHARED)
            self._confirmed.add(300)
        return wrong + self._wrong("go on")

    # Around them

    def _reset(self) -> None:
        for left in self._disk.iterdir():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
        shutil.copytree(self._aside / "as-it-was", self._disk, dirs_exist_ok=True)
        self._confirmed = set(range(ARTICLES))

    def _fill(self, left: int) -> None:
        with self._filler.open("wb", buffering=0) as stream:
            try:
                while stream.write(bytes(4096)):
                    pass
            except OSError:
                stream.truncate(max(0, stream.tell() - 1024 * left))

    def _said(self, work: str) -> str:
        try:
            self.works[work]()
        except NewsError as error:
            return f"{type(error).__name__}: {error}"
        return ""

    def _wrong(self, work: str) -> list[str]:
        """What is not whole, or not what was confirmed."""
        changed = work == "change the model"
        with open_archive(self.path) as archive:
            spec = archive.embedding_spec()
        assert spec is not None
        there, halves = look(self.path, spec.checksum)
        halves += [] if changed or spec == HashingEmbedder().spec else ["the model has changed"]
        lost = self._confirmed - there.editions.keys()
        saved, torn = look(self.backup)
        with open_archive(self.old) as archive:
            halves += archive.check().problems
        lost |= set(range(ARTICLES)) - saved.editions.keys()
        return [*halves, *torn, *([f"lost: {sorted(lost)}"] if lost else [])]

    def _again(self, work: str) -> list[str]:
        """With room enough it can be done."""
        again = self._said(work)
        done = work == "back up" and "is there already" in again
        return [f"then: {again}"] if again and not done else []

    def _remount(self, how: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{how}", str(self._disk)], check=True)

    def _tell(self, disk: str, work: str, *, left: int, said: str, wrong: list[str]) -> None:
        line = {"disk": disk, "work": work, "left": left, "said": said, "wrong": wrong}
        sys.stdout.write(f"{json.dumps(line)}\n")


if __name__ == "__main__":
    logging.disable()
    with statements_shared():
        small = SmallDisk(Path(sys.argv[1]), Path(sys.argv[2]))
        small.on_a_full_disk()
        small.on_a_disk_for_reading_alone()
