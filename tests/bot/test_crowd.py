"""Many who ask at the same moment, through the bot's own pool and a real newsroom."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import pytest

from bot.threads.offload import Offload
from retrieval.domain.answers import Answer
from retrieval.domain.articles import Draft
from retrieval.domain.ids import SHARED
from retrieval.domain.scope import Scope
from tests.support.newsrooms import newsroom_in

if TYPE_CHECKING:
    from pathlib import Path

TOWNS = [
    f"{first}{second}" for first in ("Ash", "Elm", "Oak", "Yew", "Fir") for second in ("ford", "ham", "by", "well")
]


@pytest.mark.parametrize("crowd", [20, 60, 200])
async def test_of_a_crowd_that_asks_at_once_none_is_lost_and_each_gets_their_own_answer(
    tmp_path: Path, crowd: int
) -> None:
    with newsroom_in(tmp_path) as newsroom:
        for town in TOWNS:
            newsroom.importer.add(
                Draft(f"The bridge of {town} was closed on Monday after the flood.", title=town), SHARED
            )
        offload = Offload(workers=2, limit_seconds=30)

        def ask(town: str) -> str:
            found = newsroom.ask(Scope(), f"Why was the bridge of {town} closed?")
            nearest = found.citations if isinstance(found, Answer) else found.nearest
            return nearest[0].source.title

        asking = [TOWNS[number % len(TOWNS)] for number in range(crowd)]
        runs = (offload.answering.run(partial(ask, town), party=number % 3) for number, town in enumerate(asking))
        answered = await asyncio.gather(*runs)
        offload.close()
    assert answered == asking
