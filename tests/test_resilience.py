"""The trials of `tests.resilience` in a short form; the figures are for the long one."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from tests.resilience.running import share
from tests.resilience.trials import besieged, slow, texts
from tests.support.hostile import UNITS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.resilience.servers import TwoServers
    from tests.retrieval.web_server import LocalWeb

pytestmark = pytest.mark.model


def test_members_are_answered_while_another_server_adds_what_is_meant_to_stop_the_bot(tmp_path: Path) -> None:
    async def attack(discord: TwoServers, web: LocalWeb) -> None:
        await texts(discord, web, 8_000, UNITS[::70], feed_seconds=5)
        await slow(discord, web, links=1, files=1, characters=20_000)

    figures = asyncio.run(besieged(attack, tmp_path))

    assert (figures.lost, figures.refused) == (0, 0)
    assert share(figures.answered, 0.5) < 1.0
    assert share(figures.acknowledged, 0.5) < 0.5
