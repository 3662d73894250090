"""The lock that forgets nobody."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from retrieval.domain.cancellation import Cancellation, WorkCancelled
from retrieval.domain.fair_lock import FairLock

if TYPE_CHECKING:
    from collections.abc import Callable


def waiting(lock: FairLock, work: Callable[[], object], count: int) -> threading.Thread:
    """A thread at that work, once so many wait for the lock."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    until = time.monotonic() + 10
    while len(lock._waiting) < count:
        assert time.monotonic() < until
        time.sleep(0.001)
    return thread


def test_waiters_have_it_in_the_order_in_which_they_came_and_those_that_go_first_before_them() -> None:
    lock, order = FairLock(), list[str]()

    def enter(name: str, *, first: bool = False) -> Callable[[], None]:
        def work() -> None:
            with lock.held(first=first):
                order.append(name)

        return work

    with lock.held():
        threads = [waiting(lock, enter(name), 1 + number) for number, name in enumerate("abc")]
        threads.append(waiting(lock, enter("question", first=True), 4))
        threads.append(waiting(lock, enter("next question", first=True), 5))
        assert order == []
    for thread in threads:
        thread.join(10)
    assert order == ["question", "next question", "a", "b", "c"]


def test_who_takes_it_again_and_again_overtakes_nobody_who_waits() -> None:
    lock, stop, overtaken = FairLock(), threading.Event(), list[object]()

    def greedy() -> None:
        waited: set[tuple[bool, int]] = set()
        while not stop.is_set():
            with lock.held():
                overtaken.extend(waited.intersection(lock._waiting))
                waited = set(lock._waiting)

    thread = waiting(lock, greedy, 0)
    for _ in range(200):
        with lock.held():
            time.sleep(0)
    stop.set()
    thread.join(10)
    assert overtaken == []


def test_a_waiter_that_is_cancelled_leaves_the_line() -> None:
    lock, cancellation, cancelled = FairLock(), Cancellation(), list[bool]()

    def wait() -> None:
        with pytest.raises(WorkCancelled), lock.held(cancellation):
            cancelled.append(False)
        cancelled.append(True)

    with lock.held():
        thread = waiting(lock, wait, 1)
        cancellation.cancel()
        thread.join(10)
    assert cancelled == [True]
    with lock.held():
        assert lock._waiting == []


def test_an_error_in_the_block_gives_it_back() -> None:
    lock = FairLock()
    with pytest.raises(ValueError, match="inside"), lock.held():
        raise ValueError("inside")  # nothing to say
    with lock.held():
        pass


def test_who_waits_too_long_leaves_the_line() -> None:
    lock = FairLock()
    with lock.held():
        with pytest.raises(TimeoutError), lock.held(seconds=0.01):
            pass
        assert lock._waiting == []
    with lock.held(seconds=0.0):
        pass
