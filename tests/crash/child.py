"""The processes to be killed: `python -m tests.crash.child`.

For each line it reads, a JSON object, it forks a child that does one kind of work over and over until its end, and says
what it begins, what was confirmed to it, and how far it was when it ended. Forking spares every child the imports.
"""

from __future__ import annotations

import json
import logging
import mmap
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from retrieval import assembly
from retrieval.archive.articles import collections
from retrieval.archive.backup import backup_file
from retrieval.archive.opening import open_archive
from retrieval.assembly import open_newsroom
from retrieval.cli.app import app
from retrieval.domain.ids import SHARED
from retrieval.domain.scope import Scope
from tests.crash.older import archive_at, older_steps
from tests.crash.texts import draft
from tests.crash.works import WORKS, Job, settings
from tests.crash.works_feeds import read_day
from tests.support.fakes import FakeFetcher, HashingEmbedder
from tests.support.feeds import open_room
from tests.support.reuse import statements_shared

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from config.settings import Settings
    from retrieval.ports import Embedder, Fetcher

STARTING, WORKING, WRITING, IDLE = range(4)
"""How far a child is: its archive is not yet open; at work; at work in a transaction that writes; between two works."""


class Phase:
    """A byte that outlives the child which writes it."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, 1)

    def __call__(self, phase: int) -> None:
        self._memory[0] = phase

    @property
    def now(self) -> int:
        """As it was left."""
        return self._memory[0]


def main() -> None:
    """Fork a child for each line of the standard input, and say when it is gone."""
    logging.disable()
    collections._ARTICLES_AT_ONCE = 5  # type: ignore[misc]  # a small collection, too, is erased in several transactions
    assembly.make_embedder = _embedder  # the program's own verbs, too, do without a model and the web
    assembly.open_fetcher = _fetcher
    with statements_shared():
        with TemporaryDirectory() as folder:
            _rehearse(Path(folder))
        phase = Phase()
        _mark_transactions(phase)
        for line in sys.stdin:
            asked = json.loads(line)
            phase(STARTING)
            child = os.fork()
            if not child:
                _say("child", os.getpid())
                _run(asked, phase)
            _, status = os.waitpid(child, 0)
            _say("gone", phase.now, os.waitstatus_to_exitcode(status))


def _embedder(settings: Settings) -> Embedder:
    del settings
    return HashingEmbedder()


def _fetcher(settings: Settings) -> Fetcher:
    del settings
    return FakeFetcher()


def _rehearse(folder: Path) -> None:
    """What is loaded at its first use is loaded once, here."""
    path = folder / "a.sqlite3"
    with open_newsroom(settings(path), HashingEmbedder()) as room:
        room.warm_up.result()
        room.importer.add(draft(1), SHARED)
        room.speakers.like(Scope(), "", 25)
    with open_room(path) as feeds:
        read_day(feeds, 0)
    backup_file.back_up(path, folder / "backup")
    archive_at(older_steps()[0], folder / "old")
    with open_archive(folder / "old"):
        pass


def _run(asked: dict[str, Any], phase: Phase) -> None:
    """What a child does; it never comes back."""
    code = 1
    try:
        if asked["work"] == "program":
            code = _program(asked)
        else:
            WORKS[asked["work"]](Job(**asked["job"], say=_saying(phase)))
    except SystemExit as left:
        code = int(left.code or 0)
    except BaseException as error:  # noqa: BLE001  # told to whoever kills, who takes it for a loss
        _say("failed", f"{type(error).__name__}: {error}")
    finally:
        os._exit(code)


def _program(asked: dict[str, Any]) -> int:
    """A verb of the command line, its output in a file."""
    os.environ |= asked["environment"]
    output = os.open(asked["output"], os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    try:
        app(asked["arguments"], prog_name="python -m retrieval")
    except SystemExit as left:
        return int(left.code or 0)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _saying(phase: Phase) -> Callable[..., None]:
    def say(verb: str, *words: object) -> None:
        if verb == "began":
            phase(WORKING)
        _say(verb, *words, *([time.monotonic()] if verb in {"began", "did"} else []))
        if verb == "did":
            phase(IDLE)

    return say


def _mark_transactions(phase: Phase) -> None:
    """Between the beginning of a transaction that writes and its last flush the phase says so."""

    def began(connection: sa.Connection) -> None:
        if phase.now == WORKING and "IMMEDIATE" in str(connection.get_execution_options()):
            phase(WRITING)

    def given_back(_connection: object, _record: object) -> None:
        if phase.now == WRITING:
            phase(WORKING)

    sa.event.listen(sa.Engine, "begin", began)
    sa.event.listen(sa.Pool, "checkin", given_back)
    copy = backup_file._copy

    def copied(reading: sqlite3.Connection, source: Path, target: Path) -> int:
        phase(WRITING)
        try:
            return copy(reading, source, target)
        finally:
            phase(WORKING)

    backup_file._copy = copied


def _say(*words: object) -> None:
    os.write(1, f"{json.dumps(words)}\n".encode())


if __name__ == "__main__":
    main()
