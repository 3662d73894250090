"""Lets the bot live under change for a while, and prints what it took: `python -m tests.benchmarks.soak --minutes 30`.

The real bot over a real archive, on the stand-in for Discord: it is asked all the time, a feed brings articles, other
processes add and remove some and back the archive up. For the first half it lives undisturbed; in the second half
it is stopped, or killed, at random and started again. A table tells each life's memory, open files and threads.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import sys
import tempfile
import time
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tests.bot.fake_discord import FakeDiscord, fake_discord
from tests.crash.texts import WORDS, draft
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Callable, Coroutine

_SAMPLE_SECONDS = 5.0
_SETTLING_SECONDS = 90.0
"""Of each life, left out of its slope: the first questions fill what is kept for later ones."""
_ANSWER_SECONDS = 30.0
_LIVES_SECONDS = (40.0, 150.0)
_PAUSE_SECONDS = 0.7
_WRITE_SECONDS = 8.0
_KEPT = 30
"""Articles added by hand that stay; older ones are removed."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What a process held at a moment."""

    second: float
    resident_mb: float
    files: int
    threads: int


@dataclass
class Life:
    """One run of the bot."""

    number: int
    process: Process
    began: float
    samples: list[Sample] = field(default_factory=list)
    end: str = ""
    answers: int = 0


@dataclass
class Tally:
    """What happened in all lives together."""

    asked: int = 0
    answered: int = 0
    interrupted: int = 0
    lost: int = 0
    added: int = 0
    removed: int = 0
    backups: int = 0
    failures: list[str] = field(default_factory=list)


class Soak:
    """The world around the bot."""

    def __init__(self, discord: FakeDiscord, folder: Path, minutes: float, seed: int, *, still: bool) -> None:
        self._discord = discord
        self._folder = folder
        self._ends = time.monotonic() + 60 * minutes
        self._chaos = time.monotonic() + (60 if still else 30) * minutes
        self._still = still
        self._random = random.Random(seed)
        self._environment = os.environ | {
            "ARCHIVE_PATH": str(folder / "soak.sqlite3"),
            "SEEDS_PATH": str(ROOT / "seeds"),
            "EMBEDDING_RUNTIME": "onnx",
            "QUOTATION_PARSER": "rules",
            "COOLDOWN_SECONDS": "0",
            "DISCORD_TOKEN": "",
            "OMP_NUM_THREADS": "1",
        }
        self._up = asyncio.Event()
        self.lives: list[Life] = []
        self.tally = Tally()

    async def run(self) -> None:
        """Until the time is over."""
        others = [asyncio.create_task(work()) for work in self._works()]
        while time.monotonic() < self._ends:
            await self._live(len(self.lives))
        for task in others:
            task.cancel()
        ended = await asyncio.gather(*others, return_exceptions=True)
        self.tally.failures += [repr(error) for error in ended if isinstance(error, Exception)]

    def _works(self) -> list[Callable[[], Coroutine[None, None, None]]]:
        return [self._ask, self._sample] if self._still else [self._ask, self._sample, self._write]

    async def _live(self, number: int) -> None:
        self._discord.ready.clear()
        log = (self._folder / f"life-{number}.log").open("wb")
        options = ["still"] if self._still else []
        process = await self._start(
            "tests.benchmarks.soak_bot", str(self._discord.port), *options, stdout=log, stderr=log
        )
        log.close()
        life = Life(number, process, time.monotonic())
        self.lives.append(life)
        try:
            await asyncio.wait_for(self._discord.ready.wait(), 60)
        except TimeoutError:
            self.tally.failures.append(f"life {number} was not ready within a minute")
        self._up.set()
        left = self._ends - time.monotonic()
        wanted = self._chaos - time.monotonic() if number == 0 else self._random.uniform(*_LIVES_SECONDS)
        try:
            await asyncio.wait_for(process.wait(), max(1.0, min(left, wanted)))
            life.end = f"ended by itself ({process.returncode})"
            self.tally.failures.append(f"life {number} {life.end}")
        except TimeoutError:
            await self._end(life, kill=left > wanted and self._random.random() < 0.5)
        self._up.clear()

    async def _end(self, life: Life, *, kill: bool) -> None:
        self._up.clear()
        began = time.monotonic()
        life.process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        code = await life.process.wait()
        life.end = "killed" if kill else f"stopped in {time.monotonic() - began:.1f} s"
        if not kill and code != 0:
            self.tally.failures.append(f"life {life.number} exited with {code}")

    async def _ask(self) -> None:
        for number in count():
            await self._up.wait()
            life, token = self.lives[-1], f"soak-{number}"
            question = self._random.choice(
                [
                    "why was the delegation cancelled",
                    f"what did the mayor say about report {number}",
                    f"what was seen with the {self._random.choice(WORDS)} and the {self._random.choice(WORDS)}",
                    f"how many boats were counted on day {number}",
                ]
            )
            self.tally.asked += 1
            self._discord.requests.clear()
            self._discord.answered.clear()
            self._discord.exchanges.by_token.clear()
            try:
                await self._discord.send_command(token, question)
            except ConnectionError:
                self.tally.interrupted += 1
                continue
            self._count(await self._answer(life, token), life)
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _answer(self, life: Life, token: str) -> object:
        until = time.monotonic() + _ANSWER_SECONDS
        while time.monotonic() < until:
            if token in self._discord.answered:
                return self._discord.answered[token]
            if life.process.returncode is not None:
                return self._discord.answered.get(token)
            await asyncio.sleep(0.05)
        return None

    def _count(self, answer: object, life: Life) -> None:
        if isinstance(answer, dict):
            self.tally.answered += 1
            life.answers += 1
        elif life.process.returncode is not None:
            self.tally.interrupted += 1
        else:
            self.tally.lost += 1

    async def _write(self) -> None:
        """Adds, removes and backs up by other processes, whether the bot is up or not."""
        for number in count():
            await asyncio.sleep(_WRITE_SECONDS)
            path = self._folder / f"{number}.txt"
            path.write_text(draft(number).text, encoding="utf-8")
            self.tally.added += await self._done("add", str(path))
            path.unlink()
            if number >= _KEPT:
                listed = await self._start("retrieval", "list", stdout=PIPE, stderr=DEVNULL)
                lines = (await listed.communicate())[0].decode().splitlines()
                ours = [line.split()[0] for line in lines if f"Report number {number - _KEPT} from" in line]
                self.tally.removed += sum([await self._done("remove", each) for each in ours])
            if number % 8 == 0:
                self.tally.backups += await self._done("backup", str(self._folder / "backup"), "--force")

    async def _done(self, *arguments: str) -> bool:
        process = await self._start("retrieval", *arguments, stdout=PIPE, stderr=PIPE)
        _, told = await process.communicate()
        if process.returncode:
            self.tally.failures.append(f"{arguments[0]}: {told.decode().strip()[-300:]}")
        return process.returncode == 0

    async def _start(self, *arguments: str, **options: object) -> Process:
        command = (sys.executable, "-m", *arguments)
        return await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=self._environment, **options)  # type: ignore[arg-type]  # stdout and stderr

    async def _sample(self) -> None:
        while True:
            await asyncio.sleep(_SAMPLE_SECONDS)
            life = self.lives[-1]
            if self._up.is_set():
                life.samples += _look(life.process.pid, time.monotonic() - life.began)

    async def sound(self) -> str:
        """What `check` says at the end."""
        process = await self._start("retrieval", "check", stdout=PIPE, stderr=PIPE)
        told = await process.communicate()
        return b"".join(told).decode().strip()


def _look(pid: int, second: float) -> list[Sample]:
    folder = Path(f"/proc/{pid}")
    try:
        status = dict(line.split(":\t", 1) for line in (folder / "status").read_text().splitlines() if ":\t" in line)
        resident = int(status["VmRSS"].split()[0]) / 1024
        return [Sample(second, resident, len(list((folder / "fd").iterdir())), int(status["Threads"]))]
    except (OSError, KeyError):
        return []


def _slope(samples: list[Sample]) -> str:
    """Megabytes an hour, by least squares; nothing for less than two minutes."""
    settled = [sample for sample in samples if sample.second > _SETTLING_SECONDS]
    if not settled or settled[-1].second - settled[0].second < 120:
        return ""
    slope = np.polyfit([sample.second for sample in settled], [sample.resident_mb for sample in settled], 1)[0]
    return f"{3600 * slope:+.1f}"


def _table(lives: list[Life]) -> str:
    rows = ["| Life | Seconds | Answers | Memory, MB | MB an hour | Open files | Threads | End |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |"]  # fmt: skip
    for life in lives:
        if not life.samples:
            rows.append(f"| {life.number} | under {_SAMPLE_SECONDS:g} | {life.answers} | | | | | {life.end} |")
            continue
        settled = [sample for sample in life.samples if sample.second > _SETTLING_SECONDS] or life.samples
        first, last = settled[0], settled[-1]
        files, threads = [sample.files for sample in settled], [sample.threads for sample in settled]
        rows.append(
            f"| {life.number} | {life.samples[-1].second:.0f} | {life.answers} "
            f"| {first.resident_mb:.0f} to {last.resident_mb:.0f} | {_slope(life.samples)} "
            f"| {min(files)}-{max(files)}, at last {files[-1]} | {min(threads)}-{max(threads)}, at last {threads[-1]} "
            f"| {life.end} |"
        )
    return "\n".join(rows)


async def soak(minutes: float, seed: int, folder: Path, *, still: bool) -> int:
    """Runs, prints, and returns the exit code: 1 where something was lost or failed."""
    async with fake_discord() as discord:
        running = Soak(discord, folder, minutes, seed, still=still)
        await running.run()
        checked = await running.sound()
    tally = running.tally
    sys.stdout.write(f"{_table(running.lives)}\n\n")
    sys.stdout.write(
        f"{tally.asked} questions: {tally.answered} answered, "
        f"{tally.interrupted} cut off by a restart, {tally.lost} without an answer in {_ANSWER_SECONDS:g} s.\n"
        f"By other processes: {tally.added} articles added, {tally.removed} removed, {tally.backups} backups.\n"
        f"At the end, `check`: {checked}\n"
    )
    for failure in tally.failures:
        sys.stdout.write(f"Failed: {failure}\n")
    return 1 if tally.lost or tally.failures or not checked.startswith("0 problems") else 0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the archive and the logs, which then stay")
    parser.add_argument("--still", action="store_true", help="one life, and questions alone: nothing is added")
    options = parser.parse_args()
    if options.keep:
        options.keep.mkdir(parents=True, exist_ok=True)
        return asyncio.run(soak(options.minutes, options.seed, options.keep.absolute(), still=options.still))
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(soak(options.minutes, options.seed, Path(folder), still=options.still))


if __name__ == "__main__":
    sys.exit(main())
