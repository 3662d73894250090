"""The bot in its process, the members of the first server who ask it all the time, and what is counted of them."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from tests.resilience.servers import FIRST_SERVER
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from tests.resilience.servers import Interaction, TwoServers

QUESTIONS: Final = (
    "why was the delegation cancelled",
    "what did John Kirby say about the vote",
    "who abstained from the vote",
    "when was the vote",
    "what does Netanyahu plan in Rafah",
)
_ASKED_EVERY_SECONDS: Final = 0.25
_LOST_AFTER_SECONDS: Final = 60.0
_READY_SECONDS: Final = 120.0


@dataclass(slots=True)
class Members:
    """Those who ask in the first server, four questions a second, whatever became of the last one."""

    discord: TwoServers
    asked: list[Interaction] = field(default_factory=list)

    async def ask_until(self, over: asyncio.Event, *, most: int | None = None) -> None:
        """Ask until it is over, or `most` questions were asked; then wait for the last answers."""
        chooser = random.Random(1)
        while not over.is_set() and (most is None or len(self.asked) < most):
            asker = 100 + len(self.asked) % 50
            self.asked.append(await self.discord.ask(FIRST_SERVER, chooser.choice(QUESTIONS), asker))
            await asyncio.sleep(_ASKED_EVERY_SECONDS)
        waiting = [asyncio.create_task(each.done.wait()) for each in self.asked if not each.done.is_set()]
        if waiting:
            await asyncio.wait(waiting, timeout=_LOST_AFTER_SECONDS)

    def figures(self) -> Figures:
        """What became of their questions."""
        return Figures(
            asked=len(self.asked),
            lost=sum(each.answered is None for each in self.asked),
            refused=sum(each.answered is not None and not each.said.get("embeds") for each in self.asked),
            acknowledged=tuple(sorted(_seconds(each, each.acknowledged) for each in self.asked)),
            answered=tuple(sorted(_seconds(each, each.answered) for each in self.asked)),
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts, and seconds until a question was acknowledged and answered, in ascending order."""

    asked: int
    lost: int
    refused: int
    acknowledged: tuple[float, ...]
    answered: tuple[float, ...]

    @property
    def good(self) -> bool:
        """Whether nothing was lost or refused, every acknowledgement came in a second, and 99 in 100 answers did."""
        in_time = self.acknowledged[-1] <= 1.0 and share(self.answered, 0.99) < 1.0
        return not self.lost and not self.refused and in_time

    @override
    def __str__(self) -> str:
        took = (
            f"median {share(seconds, 0.5):.3f}, 99 in 100 {share(seconds, 0.99):.3f}, latest {seconds[-1]:.3f} s"
            for seconds in (self.acknowledged, self.answered)
        )
        return (
            f"/ask in the other server: {self.asked} asked, {self.lost} lost, {self.refused} refused. "
            f"Acknowledged: {next(took)}. Answered: {next(took)}."
        )


def _seconds(interaction: Interaction, moment: float | None) -> float:
    return _LOST_AFTER_SECONDS if moment is None else moment - interaction.sent


def share(ascending: Sequence[float], part: float) -> float:
    """The value that so large a part (0..1) of the others does not exceed."""
    return ascending[min(int(part * len(ascending)), len(ascending) - 1)]


@asynccontextmanager
async def running_bot(
    discord: TwoServers, web_port: int, folder: Path, *, enter: Callable[[], None] | None = None
) -> AsyncIterator[Process]:
    """The bot over `folder`'s archive, ready for questions, until the block ends; `enter` is called in its process."""
    environment = os.environ | {
        "ARCHIVE_PATH": str(folder / "archive.sqlite3"),
        "SEEDS_PATH": str(ROOT / "seeds"),
        "EMBEDDING_RUNTIME": "onnx",
        "QUOTATION_PARSER": "rules",
        "COOLDOWN_SECONDS": "0",
        "DISCORD_TOKEN": "",
        "OMP_NUM_THREADS": "1",
    }
    with (folder / "bot.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.resilience.bot",
            str(discord.port),
            str(web_port),
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            preexec_fn=enter,
        )
    try:
        await asyncio.wait_for(discord.ready.wait(), _READY_SECONDS)
        await _answers(discord)
        yield process
    finally:
        began = time.monotonic()
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
            await process.wait()
            sys.stdout.write(f"The bot stopped in {time.monotonic() - began:.1f} s with code {process.returncode}.\n")
        else:
            sys.stdout.write(f"The bot ended by itself with code {process.returncode}.\n")


async def _answers(discord: TwoServers) -> None:
    """Wait until a first question is answered: the model is loaded and the seeds are there."""
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until:
        first = await discord.ask(FIRST_SERVER, QUESTIONS[0], 99)
        try:
            await asyncio.wait_for(first.done.wait(), 20)
        except TimeoutError:
            continue
        if first.said.get("embeds"):
            return
        await asyncio.sleep(1)
    message = "the bot did not answer its first question"
    raise TimeoutError(message)
