"""Exports: how many are handed over at the same time, and how much of them is held meanwhile."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import AsyncMock

import discord
import pytest

from bot.exporting import ExportSlots
from bot.render.reply import Reply
from bot.responses import Responses
from bot.tally import Tally
from bot.threads.offload import Offload

if TYPE_CHECKING:
    from collections.abc import Iterator

PARTS = 3


class Manager:
    """Somebody to whom an export is handed over, part by part; Discord takes no part before `taken` is set."""

    def __init__(self, server: int, taken: asyncio.Event, *, gone: bool = False) -> None:
        self.made: list[int] = []
        self.sent = 0
        self._taken, self._gone = taken, gone
        self.interaction: Any = SimpleNamespace(
            response=SimpleNamespace(defer=AsyncMock()),
            edit_original_response=self._take,
            followup=SimpleNamespace(send=self._take),
            guild_id=server,
            user=SimpleNamespace(id=server),
            client=SimpleNamespace(get_guild=lambda _id: object()),
        )

    def parts(self) -> Iterator[Reply]:
        for number in range(1, PARTS + 1):
            self.made.append(number)
            yield Reply(content=f"part {number}")

    async def _take(self, *_args: object, **_options: object) -> None:
        await self._taken.wait()
        if self._gone:
            response: Any = SimpleNamespace(status=404, reason="Not Found")
            raise discord.NotFound(response, {"code": 10015, "message": "Unknown Webhook"})
        self.sent += 1


@pytest.fixture
def responses() -> Any:  # noqa: ANN401  # an iterator of Replies
    offload = Offload(workers=1, limit_seconds=5)
    yield Responses(offload, lambda _controls: None, Tally())
    offload.close()


async def test_no_part_of_a_third_export_is_made_while_discord_has_not_taken_two(responses: Responses) -> None:
    taken, turns = asyncio.Event(), ExportSlots()
    managers = [Manager(server, taken) for server in (1, 2, 3)]
    handed = [asyncio.create_task(responses.send_parts(who.interaction, who.parts(), turns.slot)) for who in managers]
    await asyncio.sleep(0.3)
    assert sorted(who.made for who in managers) == [[], [1], [1]]
    taken.set()
    await asyncio.wait_for(asyncio.gather(*handed), 10)
    assert [who.made for who in managers] == [[1, 2, 3]] * 3
    assert [who.sent for who in managers] == [PARTS] * 3


async def test_an_export_that_nobody_takes_any_more_ends(responses: Responses) -> None:
    taken = asyncio.Event()
    taken.set()
    manager = Manager(1, taken, gone=True)
    await responses.send_parts(manager.interaction, manager.parts(), ExportSlots().slot)
    assert manager.made == [1]


def test_a_server_has_one_export_at_a_time() -> None:
    turns = ExportSlots()
    with turns.claimed(1) as first, turns.claimed(2) as other:
        with turns.claimed(1) as second, turns.claimed(1) as third:
            assert (first, other, second, third) == (True, True, False, False)
        with turns.claimed(1) as still:
            assert not still
    with turns.claimed(1) as later:
        assert later
