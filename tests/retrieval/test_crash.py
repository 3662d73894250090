"""Killed at any moment, the archive loses nothing that was confirmed, and holds nothing by half.

Fifty times here; `python -m tests.retrieval.test_crash 100` does it a hundred times and tells what it saw.
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
from typing import TYPE_CHECKING

import numpy as np

from retrieval.adapters.faiss_search import FaissSearch
from retrieval.archive.opening import open_archive
from retrieval.domain.ids import ArticleId
from retrieval.domain.readers import Reader
from retrieval.ingest import read_article
from tests.fakes import HashingEmbedder
from tests.retrieval.killed import REMOVED_EVERY, REPLACED_EVERY, draft

if TYPE_CHECKING:
    from retrieval.archive.archive import Archive

KILLS = 50
OPENING = 10
"""So many of the kills come while the archive is opened, the first of them while it is made; the others afterwards.

Every second one of those comes after an article was confirmed, so that there is one however slow the machine is.
"""
LONGEST = 0.25
"""Seconds until a kill, at most: time for some twenty articles on an idle machine."""
ANYONE = Reader()


@dataclass
class Indexer:
    """The process of `tests.retrieval.killed`, and what it has confirmed so far."""

    process: subprocess.Popen[str]
    added: dict[int, int] = field(default_factory=dict)
    removed: dict[int, int] = field(default_factory=dict)
    replaced: dict[int, int] = field(default_factory=dict)
    kills: int = 0

    def run_and_kill(self, since: str, after: float) -> None:
        """Let a child run, and kill it so many seconds after it is there ("child"), "open", or has first "added"."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{1000 * self.kills}\n")
        self.process.stdin.flush()
        child, killed = 0, False
        for line in self.process.stdout:
            match line.split():
                case ["child", id_]:
                    child = int(id_)
                case ["added", number, id_]:
                    self.added[int(number)] = int(id_)
                case ["removed", number, id_]:
                    self.removed[int(number)] = int(id_)
                case ["replaced", number, id_]:
                    self.replaced[int(number)] = int(id_)
                case ["gone"]:
                    break
            if not killed and line.split()[0] == since:
                time.sleep(after)
                os.kill(child, signal.SIGKILL)
                killed = True
        assert killed
        self.kills += 1


def test_fifty_kills_while_indexing_lose_nothing_and_leave_nothing_by_half(tmp_path: Path) -> None:
    indexer = kill_often(tmp_path / "news.sqlite3", KILLS)
    assert len(indexer.added) >= (KILLS - OPENING) // 2
    assert indexer.removed
    assert indexer.replaced


def kill_often(path: Path, kills: int) -> Indexer:
    """Kill and look, so many times."""
    moments = random.Random(20240325)
    command = [sys.executable, "-m", "tests.retrieval.killed", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        indexer = Indexer(process)
        for kill in range(kills):
            since = "child" if kill < OPENING else ("open", "added")[kill % 2]
            indexer.run_and_kill(since, after=moments.uniform(0, LONGEST))
            with open_archive(path) as archive:
                assert archive.check().problems == ()
                assert_confirmed(archive, indexer)
                assert_whole(archive, indexer)
                assert_index_is_the_archive(archive)
        assert process.stdin is not None
        process.stdin.close()
    assert process.returncode == 0
    return indexer


def assert_confirmed(archive: Archive, indexer: Indexer) -> None:
    """What was confirmed as added is there, or a newer version, unless its removal had begun; what was removed is gone.

    A version is there in the place of the older one, never beside it.
    """
    there = {entry.id: entry.source.title for entry in archive.articles(ANYONE)}
    being_removed = {number for number in indexer.added if number % REMOVED_EVERY == 0}
    being_replaced = {number for number in indexer.added if number % REPLACED_EVERY == 0} - being_removed
    numbers = [title.split()[2] for title in there.values()]
    assert len(set(numbers)) == len(numbers)
    for number, id_ in indexer.added.items():
        if number in being_replaced:
            assert str(number) in numbers
        elif number not in being_removed:
            assert there[ArticleId(id_)].startswith(f"Report number {number} ")
    for number, id_ in indexer.replaced.items():
        assert there[ArticleId(id_)].startswith(f"Report number {number} ")
        assert ArticleId(indexer.added[number]) not in there
    assert not there.keys() & indexer.removed.values()


def assert_whole(archive: Archive, indexer: Indexer) -> None:
    """Every article there, confirmed or not, has the text, passages and quotations that it was made of."""
    newest = indexer.kills - 1
    for entry in archive.articles(ANYONE):
        number = int(entry.source.title.split()[2])
        if number // 1000 < newest:
            continue  # looked at before, and `check` has hashed its text again
        newer = number % REPLACED_EVERY == 0 and entry.quotations == 2
        read = read_article(draft(number, newer=newer))
        assert archive.article(ANYONE, entry.id).content_hash == read.identity.body_hash
        assert (entry.passages, entry.quotations) == (len(read.passages), len(read.quotations))
        assert entry.quotations == 1 + newer
        assert len(archive.shelf.shown(ANYONE, entry.id).versions) == newer


def assert_index_is_the_archive(archive: Archive) -> None:
    """FAISS holds the vectors of the archive, no fewer, no more, bit by bit."""
    follower = archive.follow()
    with follower.snapshot() as snapshot:
        stored = {
            int(id_): code.tobytes()
            for batch in snapshot.vectors()
            for id_, code in zip(batch.ids, batch.codes, strict=True)
        }
    follower.close()
    search = FaissSearch(archive, HashingEmbedder().spec)
    ids = search.held()
    index = search._engine.index._index
    held = index.reconstruct_batch(ids).astype("<f2") if len(ids) else np.empty((0, 64), "<f2")
    assert {int(id_): row.tobytes() for id_, row in zip(ids, held, strict=True)} == stored
    assert len(ids) == archive.check().passages
    search.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        seen = kill_often(Path(folder) / "news.sqlite3", int(sys.argv[1]))
        confirmed = f"{len(seen.added)} added, {len(seen.removed)} removed, {len(seen.replaced)} replaced"
        sys.stdout.write(f"{seen.kills} kills: {confirmed}, nothing lost\n")
