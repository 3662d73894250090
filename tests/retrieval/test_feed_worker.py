"""Feeds read in a process that can be stopped."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from retrieval.adapters.feeds.client import FeedWorker
from retrieval.adapters.feeds.parser import parse_feed
from retrieval.domain.pages import Fetched
from retrieval.errors import FeedRejected, Stopping
from tests.support.feeds import FEED, Story, json_feed, rss

if TYPE_CHECKING:
    from collections.abc import Iterator

WHOLE = (
    rss(Story(1), Story(2), full=True),
    json_feed(Story(1)),
    '<head><link rel="alternate" type="application/rss+xml" href="/rss"></head>',
    "",
)


def fetched(content: str) -> Fetched:
    return Fetched(FEED, content.encode(), "text/xml", "utf-8")


@pytest.fixture(scope="module")
def worker() -> Iterator[FeedWorker]:
    with FeedWorker(seconds=5) as opened:
        yield opened


@pytest.mark.parametrize("content", WHOLE, ids=["RSS", "JSON Feed", "a page", "nothing"])
def test_the_worker_says_what_the_parser_says(worker: FeedWorker, content: str) -> None:
    assert worker.read(fetched(content)) == parse_feed(fetched(content))


def test_a_feed_that_takes_too_long_is_given_up_and_the_next_one_is_read(worker: FeedWorker) -> None:
    started = time.monotonic()
    with pytest.raises(FeedRejected, match="longer to read than any"):
        worker.read(fetched("<a" * 2_000_000))
    assert time.monotonic() - started < 20
    assert worker.read(fetched(WHOLE[0])) == parse_feed(fetched(WHOLE[0]))


def test_a_feed_that_takes_too_much_memory_is_given_up_and_the_next_one_is_read() -> None:
    entries = "[{}]," * 4_000_000
    with FeedWorker() as patient:
        with pytest.raises(FeedRejected, match="too large"):
            patient.read(fetched(f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{entries}1]}}'))
        assert patient.read(fetched(WHOLE[0])) == parse_feed(fetched(WHOLE[0]))


def test_closing_does_not_wait_for_a_feed_that_takes_long_and_no_feed_is_blamed_for_it() -> None:
    stopped: list[Stopping] = []
    with FeedWorker(seconds=30) as worker:
        worker.read(fetched(WHOLE[0]))

        def read() -> None:
            with pytest.raises(Stopping) as stopping:
                worker.read(fetched("<a" * 2_000_000))
            stopped.append(stopping.value)

        thread = threading.Thread(target=read)
        thread.start()
        time.sleep(0.5)
        began = time.monotonic()
    thread.join()
    assert time.monotonic() - began < 5
    assert stopped


def test_a_worker_that_says_nonsense_is_not_believed() -> None:
    with FeedWorker(module="tests.retrieval.talks_nonsense") as nonsense, pytest.raises(FeedRejected):
        nonsense.read(fetched(WHOLE[0]))
