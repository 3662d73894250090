"""Who may use the threads when: fair to every server, bounded by time, and nothing is done for whoever gave up."""

from __future__ import annotations

import asyncio
import functools
import threading
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.threads.fair_queue import FairQueue
from bot.threads.lanes import Busy, Closed, Lane, QueueFull, Rules, TooSlow
from bot.threads.offload import Offload
from retrieval.domain.cancellation import Cancellation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine

ONE, OTHER = 11, 22
PARTIES = st.integers(min_value=1, max_value=5)
MOVES = st.lists(st.one_of(PARTIES, st.none()), max_size=60)
"""A party's item joins; None: the item whose turn it is is taken."""
QUICK = Rules(workers=1, seconds=5.0, wait_expected=10.0, typical=0.01)


class Clock:
    """Stands still unless it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Gate:
    """Work that takes until the gate is opened; `done` is what was begun."""

    def __init__(self) -> None:
        self.done: list[object] = []
        self._open = threading.Event()

    def work(self, name: object = None) -> Callable[[], object]:
        def run() -> object:
            self.done.append(name)
            assert self._open.wait(20)
            return name

        return run

    def open(self) -> None:
        self._open.set()


@pytest.fixture
async def offload() -> AsyncIterator[Offload]:
    opened = Offload(workers=2, limit_seconds=20)
    yield opened
    opened.close()


async def settle() -> None:
    """Until whatever was begun waits for something."""
    for _ in range(5):
        await asyncio.sleep(0)


def begun(*calls: Coroutine[None, None, object]) -> list[asyncio.Task[object]]:
    return [asyncio.create_task(call) for call in calls]


# The line


@given(MOVES)
def test_no_party_waits_for_more_than_one_turn_of_any_other(moves: list[int | None]) -> None:
    line = FairQueue[int]()
    meanwhile: dict[int, Counter[int]] = {}
    """The turns of others since a waiting party had its own, or began to wait."""
    for number, party in enumerate([*moves, *[None] * len(moves)]):
        if party is not None:
            line.join(party, number)
            meanwhile.setdefault(party, Counter())
        elif (taken := line.take()) is not None:
            served, _ = taken
            meanwhile[served] = Counter()
            if not line.of(served):
                del meanwhile[served]
            for waiting, turns in meanwhile.items():
                turns[served] += waiting != served
                assert turns[served] <= 1
    assert len(line) == 0


@given(MOVES, PARTIES)
def test_as_many_are_served_first_as_were_said_to_be_ahead(moves: list[int | None], party: int) -> None:
    line = FairQueue[int]()
    for number, mover in enumerate(moves):
        if mover is None:
            line.take()
        else:
            line.join(mover, number)
    ahead, alone = line.ahead(party), not line.of(party)
    line.join(party, -1)
    served_first = [line.take() for _ in range(len(line))].index((party, -1))
    assert served_first == ahead if alone else served_first <= ahead


@given(st.lists(st.one_of(PARTIES, st.none(), st.integers(min_value=-30, max_value=-1)), max_size=60))
def test_within_a_party_whoever_came_first_goes_first_and_who_left_never_goes(moves: list[int | None]) -> None:
    line, joined = FairQueue[int](), list[tuple[int, int]]()
    left, served = set[tuple[int, int]](), list[tuple[int, int]]()
    for move in [*moves, *[None] * len(moves)]:
        if move is None:
            taken = line.take()
            served += [taken] if taken else []
        elif move > 0:
            joined.append((move, len(joined)))
            line.join(*joined[-1])
        elif -move <= len(joined):  # the last but so many leaves
            left |= {joined[move]} - set(served)
            line.leave(*joined[move])
    assert set(served) == set(joined) - left
    assert sorted(served) == sorted(served, key=lambda one: (one[0], served.index(one)))


def test_a_party_that_may_not_have_its_turn_keeps_its_place() -> None:
    line = FairQueue[str]()
    for party, item in ((ONE, "a"), (OTHER, "b"), (ONE, "c")):
        line.join(party, item)
    assert line.take(lambda party: party != ONE) == (OTHER, "b")
    assert line.take(lambda _: False) is None
    assert line.take() == (ONE, "a")


# Time


@pytest.mark.parametrize("crowd", [60, 200])
async def test_a_crowd_is_accepted_and_everybody_answered(offload: Offload, crowd: int) -> None:
    gate = Gate()
    asked = begun(*(offload.answering.run(gate.work(number), party=number % 7) for number in range(crowd)))
    await settle()
    gate.open()
    assert await asyncio.gather(*asked) == list(range(crowd))


async def slow_lane(seconds: float, clock: Clock, rules: Rules) -> Lane:
    """A lane whose work has taken so long for a while."""
    lane = Lane("test", rules, clock)

    def work() -> None:
        clock.now += seconds

    for _ in range(200):
        await lane.run(work, ONE)
    return lane


async def test_who_would_wait_too_long_is_told_when_to_come_back_and_another_server_is_not() -> None:
    clock, gate = Clock(), Gate()
    lane = await slow_lane(1.0, clock, replace(QUICK, seconds=100.0))
    waiting = begun(*(lane.run(gate.work(number), ONE) for number in range(10)))
    await settle()
    assert lane.expected_wait(ONE) == pytest.approx(10.0, abs=0.1)
    waiting += begun(lane.run(gate.work("late"), ONE))
    await settle()
    with pytest.raises(Busy) as busy:
        await lane.run(gate.work("refused"), ONE)
    assert busy.value.seconds == pytest.approx(1.0, abs=0.5)
    assert lane.expected_wait(OTHER) == pytest.approx(2.0, abs=0.1)
    waiting += begun(lane.run(gate.work("other"), OTHER))
    gate.open()
    await asyncio.gather(*waiting)
    assert gate.done == [0, 1, "other", *range(2, 10), "late"]
    lane.close()


async def test_threads_that_are_all_busy_for_long_are_expected_to_be_busy_for_as_long_again() -> None:
    clock, gate = Clock(), Gate()
    lane = Lane("test", QUICK, clock)
    stuck = begun(lane.run(gate.work(), ONE))
    await settle()
    assert lane.expected_wait(OTHER) == pytest.approx(0.01)
    clock.now += 30
    with pytest.raises(Busy) as busy:
        await lane.run(gate.work(), OTHER)
    assert busy.value.seconds == pytest.approx(20.0, abs=0.1)
    gate.open()
    await asyncio.gather(*stuck)
    assert lane.expected_wait(OTHER) == 0.0
    lane.close()


async def test_however_quick_the_work_is_the_line_is_bounded_and_each_server_has_room() -> None:
    gate = Gate()
    lane = Lane("test", replace(QUICK, typical=0.0))
    waiting = begun(*(lane.run(gate.work(), ONE) for _ in range(600)))
    await settle()
    assert sum(one.done() for one in waiting) == 99
    waiting += begun(lane.run(gate.work(), OTHER))
    await settle()
    assert not waiting[-1].done()
    gate.open()
    ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert sum(isinstance(one, Busy) for one in ended) == 99
    lane.close()


async def test_one_question_of_a_server_goes_before_the_flood_of_another(offload: Offload) -> None:
    gate = Gate()
    asked = begun(*(offload.answering.run(gate.work(number), ONE) for number in range(100)))
    await settle()
    asked += begun(offload.answering.run(gate.work("single"), OTHER))
    await settle()
    gate.open()
    await asyncio.gather(*asked)
    assert gate.done.index("single") <= 4


async def test_a_server_whose_questions_never_end_leaves_a_thread_to_the_others(offload: Offload) -> None:
    gate = Gate()
    stuck = begun(*(offload.answering.run(gate.work(number), ONE) for number in range(30)))
    await asyncio.sleep(0.05)
    assert gate.done == [0]
    assert await asyncio.gather(*(offload.answering.run(lambda: "answer", OTHER) for _ in range(20))) == ["answer"] * 20
    assert gate.done == [0]
    gate.open()
    await asyncio.gather(*stuck)


@pytest.mark.parametrize(("workers", "running"), [(1, 1), (2, 1), (3, 2), (8, 7)])
async def test_a_server_has_all_threads_but_one(workers: int, running: int) -> None:
    offload, gate = Offload(workers=workers, limit_seconds=20), Gate()
    asked = begun(*(offload.answering.run(gate.work(number), ONE) for number in range(10)))
    await asyncio.sleep(0.05)
    assert len(gate.done) == running
    gate.open()
    await asyncio.gather(*asked)
    offload.close()


async def test_work_is_awaited_by_its_own_party_and_by_whoever_may_run_next() -> None:
    lane, gate = Lane("test", replace(QUICK, workers=2, running_each=1)), Gate()
    calls = begun(lane.run(gate.work(), party=ONE))
    await settle()
    assert not lane.is_awaited(ONE)

    calls += begun(lane.run(gate.work(), party=ONE), lane.run(gate.work(), party=OTHER))
    await settle()
    assert lane.is_awaited(ONE)
    assert not lane.is_awaited(OTHER)  # one server's waiting work may not run yet, and so waits for no other's

    calls += begun(lane.run(gate.work(), party=33))
    await settle()
    assert lane.is_awaited(OTHER)

    gate.open()
    await asyncio.gather(*calls)
    assert not lane.is_awaited(ONE)
    lane.close()


async def test_slow_questions_of_one_server_refuse_more_of_its_own_and_nobody_else_s() -> None:
    clock, gate = Clock(), Gate()
    lane = await slow_lane(6.0, clock, replace(QUICK, workers=2, running_each=1, seconds=100.0))
    stuck = begun(lane.run(gate.work(), ONE))
    await settle()
    clock.now += 1
    stuck += begun(lane.run(gate.work(), ONE))
    await settle()
    with pytest.raises(Busy):
        await lane.run(gate.work(), ONE)
    assert lane.expected_wait(OTHER) == 0.0
    assert await lane.run(lambda: "answer", OTHER) == "answer"
    gate.open()
    await asyncio.gather(*stuck)
    lane.close()


async def test_suggestions_to_one_server_never_wait_for_those_to_another(offload: Offload) -> None:
    gate = Gate()

    def slow() -> tuple[str, ...]:
        gate.work()()
        return ("Ben",)

    typed = begun(*(offload.suggested(slow, ONE) for _ in range(3)))
    await settle()
    assert await offload.suggested(lambda: ("Ada",), OTHER) == ("Ada",)
    gate.open()
    await asyncio.gather(*typed)


# Giving up


async def test_work_whose_turn_comes_too_late_is_never_begun_and_takes_no_place() -> None:
    gate, lane = Gate(), Lane("test", replace(QUICK, seconds=0.05))
    asked = begun(lane.run(gate.work("first"), ONE), lane.run(gate.work("second"), ONE))
    with pytest.raises(TooSlow):
        await asked[1]
    with pytest.raises(TooSlow):
        await asked[0]
    assert lane.load == 1
    gate.open()
    await asyncio.sleep(0.05)
    assert (gate.done, lane.load) == (["first"], 0)
    assert await lane.run(lambda: "next", ONE) == "next"
    lane.close()


@given(st.lists(st.booleans(), min_size=1, max_size=12), st.integers(min_value=1, max_value=3))
def test_what_was_cancelled_while_it_waited_never_runs_and_the_rest_does(cancelled: list[bool], workers: int) -> None:
    async def everything() -> None:
        gate, lane = Gate(), Lane("test", replace(QUICK, workers=workers))
        first = begun(*(lane.run(gate.work("first"), ONE) for _ in range(workers)))
        asked = begun(*(lane.run(gate.work(number), number % 3) for number in range(len(cancelled))))
        await settle()
        for one, gone in zip(asked, cancelled, strict=True):
            if gone:
                one.cancel()
        gate.open()
        ended = await asyncio.gather(*first, *asked, return_exceptions=True)
        wanted = [number for number, gone in enumerate(cancelled) if not gone]
        assert [one for one in ended[workers:] if not isinstance(one, asyncio.CancelledError)] == wanted
        assert sorted(str(one) for one in gate.done if one != "first") == sorted(map(str, wanted))
        assert lane.load == 0
        lane.close()

    asyncio.run(everything())


async def test_running_work_is_told_to_stop_when_its_time_is_up() -> None:
    lane, cancellation, steps = Lane("test", replace(QUICK, seconds=0.05)), Cancellation(), list[str]()
    gate = threading.Event()

    def work() -> None:
        assert gate.wait(20)
        cancellation.check()
        steps.append("stored")

    with pytest.raises(TooSlow):
        await lane.run(work, ONE, cancellation=cancellation)
    gate.set()
    await asyncio.sleep(0.05)
    assert (steps, lane.load) == ([], 0)
    lane.close()


async def test_work_that_stores_its_result_already_is_waited_for() -> None:
    lane, cancellation, gate = Lane("test", replace(QUICK, seconds=0.05)), Cancellation(), Gate()

    def work() -> object:
        cancellation.begin_storing()
        return gate.work("stored")()

    asked = asyncio.ensure_future(lane.run(work, ONE, cancellation=cancellation))
    await asyncio.sleep(0.1)
    assert not asked.done()
    gate.open()
    assert await asked == "stored"
    lane.close()


async def test_what_is_done_before_the_work_waits_for_its_turn_and_is_left_out_where_nobody_waits() -> None:
    gate, lane, received = Gate(), Lane("test", replace(QUICK, seconds=20.0)), list[str]()

    async def receive(name: str) -> None:
        received.append(name)
        await asyncio.sleep(0)

    first = begun(lane.run(gate.work("first"), ONE))
    await settle()
    asked = begun(*(lane.run(lambda: None, ONE, before=functools.partial(receive, name)) for name in ("gone", "there")))
    await settle()
    assert received == []
    asked[0].cancel()
    gate.open()
    await asyncio.gather(*first, asked[1])
    assert received == ["there"]
    lane.close()


async def test_work_that_was_cancelled_while_its_file_came_is_not_begun() -> None:
    lane, done = Lane("test", QUICK), list[str]()
    receiving, received = asyncio.Event(), asyncio.Event()

    async def receive() -> None:
        receiving.set()
        await received.wait()

    asked = begun(lane.run(lambda: done.append("begun"), ONE, before=receive))
    await receiving.wait()
    asked[0].cancel()
    await settle()
    received.set()
    await settle()
    assert (done, lane.load) == ([], 0)
    lane.close()


async def test_a_turn_that_comes_when_its_waiter_is_just_cancelled_is_given_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gate, lane = Gate(), Lane("test", QUICK)
    asked = begun(lane.run(gate.work("first"), ONE), lane.run(gate.work("second"), ONE))
    await settle()
    assign = lane._assign_threads

    def assign_and_cancel() -> None:
        assign()
        asked[1].cancel()

    monkeypatch.setattr(lane, "_assign_threads", assign_and_cancel)
    gate.open()
    await asyncio.gather(*asked, return_exceptions=True)
    assert (gate.done, lane.load) == (["first"], 0)
    assert await lane.run(lambda: "next", OTHER) == "next"
    lane.close()


async def test_an_error_before_the_work_is_told_and_frees_the_thread() -> None:
    lane = Lane("test", QUICK)

    async def fail() -> None:
        await asyncio.sleep(0)
        message = "no file"
        raise ValueError(message)

    with pytest.raises(ValueError, match="no file"):
        await lane.run(lambda: None, ONE, before=fail)
    assert lane.load == 0
    lane.close()


# Adding


async def test_a_server_adds_one_article_at_a_time_and_four_wait(offload: Offload) -> None:
    gate = Gate()
    adding = begun(*(offload.adding.run(gate.work(number), ONE) for number in range(5)))
    await asyncio.sleep(0.05)
    assert gate.done == [0]
    with pytest.raises(QueueFull) as full:
        await offload.adding.run(gate.work("sixth"), ONE)
    assert full.value.values["load"] == 5
    assert str(full.value).endswith("Please try again <t:" + str(full.value.values["ready"])[3:] + ".")
    adding += begun(offload.adding.run(gate.work("other"), OTHER))
    await asyncio.sleep(0.05)
    assert gate.done == [0, "other"]
    gate.open()
    assert await asyncio.gather(*adding) == [*range(5), "other"]
    assert await offload.adding.run(lambda: "next", ONE) == "next"


async def test_answers_and_suggestions_never_wait_for_articles_that_are_added(offload: Offload) -> None:
    gate = Gate()
    adding = begun(*(offload.adding.run(gate.work(number), party=number % 10) for number in range(50)))
    await settle()
    answered = await asyncio.gather(*(offload.answering.run(lambda: "answer", OTHER) for _ in range(20)))
    assert answered == ["answer"] * 20
    assert await offload.suggested(lambda: ("Ada",), OTHER) == ("Ada",)
    assert not any(one.done() for one in adding)
    gate.open()
    await asyncio.gather(*adding)


async def test_suggestions_do_not_wait_for_answers(offload: Offload) -> None:
    gate = Gate()
    asked = begun(*(offload.answering.run(gate.work(), ONE) for _ in range(50)))
    await settle()
    assert await offload.suggested(lambda: ("Ada",), ONE) == ("Ada",)
    gate.open()
    await asyncio.gather(*asked)


async def test_nothing_is_suggested_any_more_when_its_turn_comes_too_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.threads.offload._TYPING_SECONDS", 0.05)
    offload, gate, done = Offload(workers=1, limit_seconds=5), Gate(), list[str]()

    def suggest() -> tuple[str, ...]:
        done.append("suggested")
        return ("Ada",)

    def slow() -> tuple[str, ...]:
        gate.work("slow")()
        return ("Ben",)

    typed = begun(offload.suggested(slow, ONE), offload.suggested(suggest, ONE))
    assert await asyncio.gather(*typed) == [(), ()]
    gate.open()
    await asyncio.sleep(0.05)
    assert done == []
    assert await offload.suggested(suggest, ONE) == ("Ada",)
    offload.close()


async def test_at_a_stop_what_waits_is_told_and_what_runs_goes_on(offload: Offload) -> None:
    gate = Gate()
    adding = begun(*(offload.adding.run(gate.work(number), ONE) for number in range(3)))
    await settle()
    offload.adding.close_queue()
    with pytest.raises(Closed):
        await offload.adding.run(gate.work("new"), OTHER)
    gate.open()
    ended = await asyncio.gather(*adding, return_exceptions=True)
    assert ended[0] == 0
    assert [type(one) for one in ended[1:]] == [Closed, Closed]
    assert gate.done == [0]
