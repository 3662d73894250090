"""Looks at what a kill left beside the archive: backups, what a restore kept, older archives, another model's.

Each function gives what is lost and what is there by half.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from config.settings import OnModelChange
from retrieval.archive.opening import open_archive
from retrieval.archive.sqlite.migrating import last_step
from retrieval.assembly import open_newsroom
from retrieval.errors import ArchiveError
from tests.crash.looking import PLAIN, look
from tests.crash.older import archive_at, lost, older_steps, rows_of, step_of
from tests.crash.works import settings
from tests.crash.world import World, missing, unconfirmed
from tests.support.fakes import HashingEmbedder

if TYPE_CHECKING:
    from tests.crash.forks import Killed

_COMPANIONS = ("-wal", "-shm", "-journal")

Found = tuple[list[str], list[str]]


def look_at_copy(path: Path, checksum: str = PLAIN) -> tuple[World, list[str]]:
    """As `look`, at a copy: whoever opens an archive changes its file."""
    with TemporaryDirectory() as folder:
        for companion in ("", *_COMPANIONS):
            left = path.with_name(path.name + companion)
            if left.exists():
                shutil.copy(left, Path(folder) / left.name)
        return look(Path(folder) / path.name, checksum)


def backed_up(backup: Path, world: World, killed: Killed) -> Found:
    """The backup is the one before or the one of now; and that one where it was confirmed. Tells `world` which."""
    there, halves = look_at_copy(backup)
    assert world.saved is not None
    known = [world] if killed.did else [world.saved, world]
    gone = min((missing(there, each) for each in known), key=len)
    if not missing(there, world) and not unconfirmed(there, world):
        world.apply(["backup"])
    return gone, [f"the backup: {each}" for each in halves]


def kept(folder: Path, before: World) -> Found:
    """What was there before a restore is kept, whole, and is what was there or what an earlier restore put there."""
    gone, halves = list[str](), list[str]()
    assert before.saved is not None
    for each in sorted(folder.glob("*.before-restore*")):
        if not each.name.endswith(_COMPANIONS):
            there, wrong = look_at_copy(each)
            gone += [
                f"{each.name}: {what}" for what in min(missing(there, before), missing(there, before.saved), key=len)
            ]
            halves += [f"{each.name}: {what}" for what in wrong]
    for each in folder.glob("*.before-restore*"):
        each.unlink()
    return gone, halves


@dataclass(frozen=True)
class Older:
    """Archives of every older release, and what stands in them."""

    files: dict[str, Path]
    rows: dict[str, dict[str, list[dict[str, Any]]]]

    @classmethod
    def made_in(cls, folder: Path) -> Older:
        """One for each step."""
        folder.mkdir()
        files = {step: folder / f"{step}.sqlite3" for step in older_steps()}
        for step, path in files.items():
            archive_at(step, path)
        return cls(files, {step: rows_of(path) for step, path in files.items()})

    def migrated(self, folder: Path, killed: Killed) -> Found:
        """The last two are at their old step or at the newest; opened once more they hold what they did, soundly."""
        copies = [*killed.did[-2:], *([killed.pending] if killed.pending else [])]
        gone, halves = list[str](), list[str]()
        for _, step, name in copies:
            path = folder / name
            if step_of(path) not in {step, last_step()}:
                halves.append(f"{name} is at {step_of(path)}, between {step} and {last_step()}")
            try:
                with open_archive(path) as archive:
                    halves += [f"{name}: {problem}" for problem in archive.check().problems]
            except ArchiveError as error:
                halves.append(f"{name}: {error}")
            gone += [f"{name}: {table} of step {step}" for table in lost(self.rows[step], rows_of(path))]
        return gone, halves


def embedded_again(path: Path, world: World, killed: Killed) -> Found:
    """Whichever model is in use has all its vectors; the change goes on where it stopped, and the other one has."""
    added = [words[1] for words in killed.did if words[0] == "beside"]
    changes = [words[1] for words in (*killed.did, killed.pending or ["", "1"]) if words[0] in {"embed again", ""}]
    known = world.copy()
    for number in added:
        known.apply(["add", number, 0, 0])
    with open_archive(path) as archive:
        spec = archive.embedding_spec()
    assert spec is not None
    in_use, last = spec.checksum, 64 * changes[-1]
    there, halves = look_at_copy(path, in_use)
    new = there.editions.keys() - known.editions.keys()
    if killed.pending and len(new) == 1:
        known.apply(["add", *new, 0, 0])  # it was stored, and its child killed before it could say so
    gone = missing(there, known)
    former, model = HashingEmbedder(checksum=in_use), HashingEmbedder(checksum=last)
    with open_newsroom(settings(path, OnModelChange.REEMBED), model, former=former) as room:
        room.warm_up.result()
    there, wrong = look(path, last)
    return [f"another model: {each}" for each in gone + missing(there, known)], halves + wrong
