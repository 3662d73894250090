"""Draws what is killed and when, and holds what is left against what was confirmed."""

from __future__ import annotations

import random
import sqlite3
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from retrieval.archive.backup.backup_file import back_up
from retrieval.archive.opening import open_archive
from retrieval.domain.ids import SHARED, CollectionId
from retrieval.domain.scope import Scope
from tests.crash import beside
from tests.crash.child import IDLE, STARTING, WRITING
from tests.crash.forks import Forks, Killed
from tests.crash.looking import look, permissions, rows_of_server, users
from tests.crash.texts import draft, stories
from tests.crash.works import WORKS, opened
from tests.crash.works_feeds import read_day
from tests.crash.world import SERVERS, World, missing, unconfirmed
from tests.support.feeds import open_room

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Self

    from retrieval.newsroom import Newsroom

_ARTICLES: Final = 20
_EARLY: Final = 0.12
"""Of the kills, those that come while the child is still opening the archive."""
_OPENING: Final = 0.05
"""Seconds that a child is given at most, then."""
_SO_MANY: Final = {"feed": 0.9, "erase": 1.0, "migrate": 1.5, "embed again": 1.5, "backup": 2.0, "restore": 2.0}
_SO_MANY_OTHERWISE: Final = 3.0
"""A kill comes between the beginning of the first work and the time in which so many are done."""
_TYPICAL: Final = {"feed": 0.4, "migrate": 0.2, "embed again": 0.4}
_TYPICAL_OTHERWISE: Final = 0.03
"""Seconds that a work takes, until some were measured."""
_MEASURED: Final = 15
_READING_ALONG: Final = 0.6
_DAMAGE: Final = "DELETE FROM passage_words_data WHERE id > 10"


@dataclass
class Tally:
    """What came of the kills of one kind of work: where they hit, what had been confirmed, what is missing."""

    kills: int = 0
    before: int = 0
    working: int = 0
    writing: int = 0
    between: int = 0
    confirmed: int = 0
    lost: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)
    spent: list[tuple[float, int]] = field(default_factory=list)

    def typical(self, work: str) -> float:
        """Seconds that it takes, by those spent lately and what was done; while nothing was done, longer each time."""
        seconds = sum(spent for spent, _ in self.spent[-_MEASURED:])
        done = sum(times for _, times in self.spent[-_MEASURED:])
        return seconds / done if done else _TYPICAL.get(work, _TYPICAL_OTHERWISE) * 1.5**self.kills

    def count(self, killed: Killed, after: float) -> None:
        """One more, so many seconds after it began."""
        self.kills += 1
        self.confirmed += len(killed.did)
        if killed.phase != STARTING:
            self.spent.append((max(after, sum(killed.took)), len(killed.took)))
        self.before += killed.phase == STARTING
        self.between += killed.phase == IDLE
        self.writing += killed.phase == WRITING
        self.working += killed.phase not in {STARTING, IDLE, WRITING}


class Killing:
    """An archive that goes through it all. A context manager; `kill` does one, `tallies` counts."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._random = random.Random(seed)
        self._folder = folder / "archive"
        self._folder.mkdir(mode=0o700)
        self.path = self._folder / "news.sqlite3"
        self._backup = self._folder / "news.backup"
        self._other_model = self._folder / "other-model.sqlite3"
        self._output = folder / "output"
        self._environment = {"ARCHIVE_PATH": str(self.path), "SEEDS_PATH": str(folder / "none"), "DISCORD_TOKEN": ""}
        self._older = beside.Older.made_in(folder / "older")
        self._kills = 0
        self._opened = ExitStack()
        self._reader: Newsroom | None = None
        self.world = World()
        self.tallies = {work: Tally() for work in WORKS}

    def __enter__(self) -> Self:
        self._forks = self._opened.enter_context(Forks())
        self._read = self._opened.enter_context(ExitStack())
        with opened(self.path) as room:
            for number in range(_ARTICLES):
                room.importer.add(draft(number), SHARED)
                self.world.apply(["add", number, 0, 0])
        back_up(self.path, self._backup)
        self.world.apply(["backup"])
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def kill(self, work: str) -> None:
        """Let a child work, kill it, and look at what it left."""
        self._kills += 1
        self._let_somebody_read(alone=work == "restore")
        self._forget_attempts()
        if work == "repair":
            with closing(sqlite3.connect(self.path)) as connection, connection:
                connection.execute(_DAMAGE)
        if work == "embed again":
            back_up(self.path, self._other_model, replace=True)
        before, members = self.world.after(["day", 0]), users(self.path)
        tally, early = self.tallies[work], self._random.random() < _EARLY
        longest = _OPENING if early else tally.typical(work) * _SO_MANY.get(work, _SO_MANY_OTHERWISE)
        after = self._random.uniform(0, longest)
        killed = self._forks.kill(work, self._job(), after, early=early)
        tally.count(killed, after)
        for did in killed.did:
            self.world.apply(did)
        halves = permissions(self._folder) + self._finished(work, killed) + self._forgotten(killed, members)
        gone, more = self._compared(work, killed.pending)
        lost_beside, half_beside = self._beside(work, killed, before)
        gone += lost_beside + ([] if killed.failed is None else [killed.failed])
        tally.lost += [f"kill {self._kills}, {work}: {what}" for what in gone]
        tally.half += [f"kill {self._kills}, {work}: {what}" for what in halves + more + half_beside]

    def finish(self) -> None:
        """Read the feed to its end: what the kills left unread is there then, in the edition of that day."""
        day = self.world.day + 1
        with open_room(self.path) as room:
            read_day(room, day)
        there, halves = look(self.path)
        wanted = {server: {story.number: story.version for story in stories(day)} for server in SERVERS}
        for server, listed in wanted.items():
            if listed.items() - there.stories[server].items():
                halves.append(f"at the end: server {server} has not what the feed lists")
        self.tallies["feed"].half += halves

    def program(self, *arguments: str) -> tuple[int, str]:
        """A verb of the command line, over the archive; its exit code and what it printed."""
        return self._forks.program(*arguments, environment=self._environment, output=self._output)

    def _job(self) -> dict[str, Any]:
        return {
            "archive": str(self.path),
            "first": 1000 * self._kills,
            "day": self.world.day + 1,
            "editions": self.world.editions,
            "backup": str(self._backup),
            "older": {step: str(path) for step, path in self._older.files.items()},
            "other_model": str(self._other_model),
        }

    def _forget_attempts(self) -> None:
        """A text during which the program was killed twice is refused, and the works take texts up again."""
        with closing(sqlite3.connect(self.path)) as connection:
            keys = [key for (key,) in connection.execute("SELECT key FROM attempts")]
        if keys:
            with open_archive(self.path) as archive:
                for key in keys:
                    archive.attempts.ended(key)

    def _let_somebody_read(self, *, alone: bool) -> None:
        """Most of the time somebody has the archive open meanwhile, as the bot has; whoever restores it is alone."""
        wanted = not alone and self._random.random() < _READING_ALONG
        if self._reader is not None and not wanted:
            self._read.close()
            self._reader = None
        elif self._reader is None and wanted:
            self._reader = self._read.enter_context(opened(self.path))

    # Looking

    def _finished(self, work: str, killed: Killed) -> list[str]:
        """What is done again after a kill until it is done; says what is wrong then."""
        if work == "repair":
            healed = not self.program("check")[0]
            code, told = self.program("check", "--repair")
            wrong = ["the index was made anew, and is not"] if killed.did and not healed else []
            return wrong + ([f"it cannot be repaired: {told}"] if code else [])
        if work != "erase":
            return []
        with open_archive(self.path) as archive:
            for server in SERVERS:
                archive.collections.erase(CollectionId(server))
                self.world.apply(["erase", server])
        left = {server: rows_of_server(self.path, server) for server in SERVERS}
        return [f"server {server} was erased, and {rows} are there" for server, rows in left.items() if rows]

    def _compared(self, work: str, pending: list[Any] | None) -> tuple[list[str], list[str]]:
        """The archive is as it was confirmed or, where something was just being done, as that makes it."""
        code, told = self.program("check")
        halves = [] if code == 0 and "0 problems" in told else [f"the program says: {told} ({code})"]
        there, more = look(self.path)
        known = [self.world] + ([] if pending is None or work == "erase" else [self.world.after(pending)])
        gone = {place: missing(there, each) for place, each in enumerate(known)}
        nearest = min(gone, key=lambda place: len(gone[place]))
        self.world = known[nearest]
        new = unconfirmed(there, self.world)
        if len(new) > (work == "feed"):
            halves.append(f"the stories {sorted(new)} are there, and nobody read them")
        self.world.stories = there.stories
        return gone[nearest], halves + more + self._read_along()

    def _read_along(self) -> list[str]:
        """Whoever had the archive open all the time finds the same as somebody who opens it now."""
        if self._reader is None:
            return []
        asked = "what did the mayor say about the report"
        with opened(self.path) as fresh:
            same = self._reader.ask(Scope(), asked) == fresh.ask(Scope(), asked)
        return [] if same else ["somebody who had the archive open is answered something else"]

    def _forgotten(self, killed: Killed, before: dict[int, tuple[int, ...]]) -> list[str]:
        """A member who was just being forgotten is in all the rows that they were in, or in none."""
        if killed.pending is None or killed.pending[0] != "forget":
            return []
        user, rows = killed.pending[1], before[killed.pending[1]]
        for verb, *words in killed.did:
            if verb == "forget" and words == [user]:
                rows = (0,) * len(rows)
            elif verb == "add" and words[2] == user:
                rows = (rows[0] + 1, *rows[1:-1], rows[-1] + 1)  # who sees it, and a line of the audit
        now = users(self.path)[user]
        return [] if now == rows or not any(now) else [f"user {user} is forgotten by half: {now} of {rows}"]

    def _beside(self, work: str, killed: Killed, before: World) -> beside.Found:
        match work:
            case "backup":
                return beside.backed_up(self._backup, self.world, killed)
            case "restore":
                return beside.kept(self._folder, before)
            case "migrate":
                return self._older.migrated(self._folder, killed)
            case "embed again":
                return beside.embedded_again(self._other_model, self.world, killed)
            case _:
                return [], []
