"""Sends answers to Discord: again if the connection was cut, and not if nobody waits any more.

Everything may be sent twice. Discord says by a code that it has had a first response already; a second edit or deletion
changes nothing; and a private message that arrives twice is better than none.
"""

from __future__ import annotations

import asyncio
import logging
from enum import Enum
from typing import TYPE_CHECKING, Final

import aiohttp
import discord

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

CONNECTION_FAULTS: Final = (aiohttp.ClientError, OSError)
"""What a connection to Discord fails with; a TimeoutError is an OSError."""
AT_ONCE: Final = (0.0, 0.2)
"""Seconds between tries of a first response, which Discord takes only for three seconds."""
PATIENTLY: Final = (0.5, 5.0, 20.0)
"""Seconds between tries of what follows; a stop waits no longer than its own limit."""
_RESPONDED_ALREADY: Final = 40060
NOBODY_WAITS: Final = frozenset({10008, 10015, 10062, 50027})
"""Discord's codes for: message or webhook unknown, interaction unknown (over three seconds old), token expired."""
_log = logging.getLogger(__name__)


class Delivery(Enum):
    """What became of a message."""

    MADE = "made"
    RESPONDED_BEFORE = "responded before"
    """Discord had a first response already: an earlier try arrived, or something else was sent."""
    TOO_LATE = "too late"


async def deliver(send: Callable[[], Awaitable[object]], pauses: Sequence[float] | None = None) -> Delivery:
    """Send, again after each pause while Discord or the connection fails. Raises the last failure.

    discord.py repeats by itself what Discord is too busy for, but not what the connection lost.
    """
    for pause in (*(PATIENTLY if pauses is None else pauses), None):
        try:
            await send()
        except (*CONNECTION_FAULTS, discord.DiscordServerError) as error:
            if pause is None:
                raise
            _log.warning("A message to Discord did not arrive (%s); once more", type(error).__name__)
            await asyncio.sleep(pause)
        except discord.HTTPException as error:
            if error.code == _RESPONDED_ALREADY:
                return Delivery.RESPONDED_BEFORE
            if error.code not in NOBODY_WAITS:
                raise
            _log.warning("This answer can no longer be delivered (%d)", error.code)
            return Delivery.TOO_LATE
        else:
            break
    return Delivery.MADE


async def respond(send: Callable[[], Awaitable[object]]) -> Delivery:
    """Send the first response to an interaction."""
    return await deliver(send, AT_ONCE)
