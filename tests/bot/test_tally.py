from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, cast

from bot.client import PullquoteBot
from bot.tally import Tally
from retrieval.errors import QuestionRejected
from tests.bot.fakes import FakeNewsroom

if TYPE_CHECKING:
    from retrieval.newsroom import Newsroom


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def took(tally: Tally, clock: Clock, seconds: float, error: Exception | None = None, *, measured: bool = True) -> None:
    with suppress(Exception), tally.counting((QuestionRejected,), measured=measured):
        clock.now += seconds
        if error is not None:
            raise error


def test_answers_refusals_and_faults_are_told_apart() -> None:
    clock = Clock()
    tally = Tally(clock)
    assert tally.counted().last_answer is None
    took(tally, clock, 0.5)
    took(tally, clock, 1.0, QuestionRejected("no"))
    took(tally, clock, 1.0, RuntimeError("a bug"))
    took(tally, clock, 30.0, measured=False)

    counted = tally.counted()

    assert (counted.answers, counted.refusals, counted.faults) == (2, 1, 1)
    assert counted.recent == (0.5,)
    assert counted.last_answer is not None


def test_times_are_of_the_last_hour() -> None:
    clock = Clock()
    tally = Tally(clock)
    took(tally, clock, 1.0)
    clock.now += 3000
    took(tally, clock, 2.0)
    assert tally.counted().recent == (1.0, 2.0)
    clock.now += 1000
    assert tally.counted().recent == (2.0,)
    assert tally.counted().answers == 2


def test_the_bot_counts_into_the_tally_that_its_commands_are_answered_through() -> None:
    bot = PullquoteBot(cast("Newsroom", FakeNewsroom()), version="0.1.0")
    assert bot.service.responses._tally is bot.service.tally
