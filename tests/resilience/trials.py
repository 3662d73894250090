"""The trials: what is done to the bot, and how it is run meanwhile."""

from __future__ import annotations

import asyncio
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final

from tests.bot.fake_discord import fake_discord
from tests.resilience import attacks
from tests.resilience.memory_limit import MemoryGroup, memory_group
from tests.resilience.running import Figures, Members, running_bot
from tests.resilience.servers import TwoServers
from tests.retrieval.web_server import LocalWeb, serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    Trial = Callable[[TwoServers, LocalWeb], Awaitable[object]]

LIMIT: Final = 512 * 1024 * 1024
"""Bytes of memory of a small machine."""

_HEAVY: Final = 390_000


async def texts(
    discord: TwoServers, web: LocalWeb, characters: int, units: Sequence[str], *, feed_seconds: float = 30
) -> None:
    """Every unit by every way in; the ways at the same time."""
    long = attacks.hostile_texts(characters, units)
    await asyncio.gather(
        attacks.add_files(discord, long),
        attacks.add_links(discord, web, long),
        attacks.follow_feeds(discord, web, [text[: 4_000_000 // 25] for text in long]),
        attacks.submit_forms(discord, attacks.hostile_texts(1_500, units)),
    )
    await asyncio.sleep(feed_seconds)  # they are read meanwhile


async def slow(
    discord: TwoServers, web: LocalWeb, *, links: int = 10, files: int = 4, characters: int = _HEAVY
) -> None:
    """Slow links and heavy files, all at once."""
    await asyncio.gather(attacks.heavy_files(discord, files, characters), attacks.slow_links(discord, web, links))


async def small(discord: TwoServers, web: LocalWeb) -> None:
    """What a small machine must stand: huge robots.txt, a heavy file, a feed."""
    await attacks.hostile_robots(discord, web, 64, 500_000)
    await attacks.heavy_files(discord, 1, _HEAVY)
    await attacks.follow_feeds(discord, web, attacks.hostile_texts(4_000)[:25])
    await asyncio.sleep(40)  # it is read meanwhile


async def besieged(trial: Trial, folder: Path, *, limit: int | None = None, most: int | None = None) -> Figures:
    """Run a trial while members ask in the other server. Raises RuntimeError where the bot ends by itself."""
    discord = TwoServers()
    with ExitStack() as opened:
        web = opened.enter_context(serving())
        group = None if limit is None else opened.enter_context(memory_group(limit))
        async with (
            fake_discord(discord),
            running_bot(discord, web.port, folder, enter=None if group is None else group.enter) as process,
        ):
            members, over = Members(discord), asyncio.Event()
            asking = asyncio.create_task(members.ask_until(over, most=most))
            await trial(discord, web)
            if most is None:
                over.set()
            await asking
            if process.returncode is not None:
                message = f"the bot ended by itself with code {process.returncode}"
                raise RuntimeError(message)
            if group is not None:
                sys.stdout.write(_memory(group))
        return members.figures()


def _memory(group: MemoryGroup) -> str:
    return (
        f"Memory: {group.unreclaimable() / 1e6:.0f} MB of its own at the end; peak with pages of files "
        f"{group.peak() / 1e6:.0f} of {LIMIT / 1e6:.0f} MB; killed for want of memory: {group.killed()} processes.\n"
    )
