"""When the bot stays away from a page, and when it waits before it asks."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from retrieval.adapters.web import rate_limit
from retrieval.adapters.web.rate_limit import HostRateLimit
from retrieval.errors import AddressRefused, FetchFailed
from tests.retrieval.web_server import NOT_FOUND, redirect, response
from tests.retrieval.web_visits import STORY, failure, fetched, fetcher

if TYPE_CHECKING:
    from tests.retrieval.web_server import LocalWeb

ROBOTS = "http://news.example/robots.txt"
CLOSED = response("User-agent: pullquote\nDisallow: /story", content_type="text/plain")
PATIENT = 5.0


def test_page_that_robots_txt_closes_is_not_read(web: LocalWeb) -> None:
    web.page(ROBOTS, CLOSED)

    with pytest.raises(AddressRefused) as refused:
        fetcher(web).fetch(STORY)

    assert str(refused.value) == "news.example asks bots not to read this page, so I leave it alone."
    assert web.targets() == []


def test_robots_txt_of_each_site_on_the_way_is_obeyed(web: LocalWeb) -> None:
    web.page("http://short.example/s", redirect(STORY))
    web.page(ROBOTS, CLOSED)

    with pytest.raises(AddressRefused, match=r"short\.example sends me on\. news\.example asks bots not to"):
        fetcher(web).fetch("http://short.example/s")
    assert web.targets() == ["/s"]


@pytest.mark.parametrize("script", [NOT_FOUND, response(status=403), response("<html>"), response(status=204)])
def test_site_without_a_usable_robots_txt_may_be_read(web: LocalWeb, script: bytes) -> None:
    web.page(ROBOTS, script)

    assert fetched(web).content == b"the story"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_site_that_cannot_tell_is_left_alone_for_now(web: LocalWeb, status: int) -> None:
    web.page(ROBOTS, response(status=status, Retry_After="60"))

    error = failure(web)
    assert (error.status, error.retry_after, error.gone) == (status, 60, False)
    assert str(error) == f"news.example cannot tell just now whether bots may read it ({status})."
    assert web.targets() == []


def test_robots_txt_may_stand_elsewhere_and_is_read_as_far_as_must_be(web: LocalWeb) -> None:
    text = "User-agent: *\nDisallow: /story\n" + "# and so on\n" * 100_000
    web.page(ROBOTS, redirect("http://www.news.example/robots.txt", 301))
    web.page("http://www.news.example/robots.txt", response(text, content_type="text/plain"))

    with pytest.raises(AddressRefused):
        fetcher(web).fetch(STORY)


def test_robots_txt_is_asked_for_once_an_hour(web: LocalWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = fetcher(web)
    visitor.fetch(STORY)
    visitor.fetch(STORY)
    assert [request.target for request in web.requests] == ["/robots.txt", "/story", "/story"]

    later = time.monotonic() + 3601
    monkeypatch.setattr(time, "monotonic", lambda: later)
    web.page(ROBOTS, CLOSED)
    with pytest.raises(AddressRefused):
        visitor.fetch(STORY)


def test_robots_txt_of_many_sites_is_not_kept_for_ever(web: LocalWeb) -> None:
    visitor = fetcher(web)
    for number in range(70):
        with pytest.raises(FetchFailed):
            visitor.fetch(f"http://site{number}.example/")

    assert len(visitor._robots._cache) == 64


def test_requests_to_one_site_keep_their_distance_whoever_makes_them(web: LocalWeb) -> None:
    visitor = fetcher(web, delay=0.2)
    threads = [threading.Thread(target=visitor.fetch, args=(STORY,)) for _ in range(4)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 0.6 <= time.monotonic() - began < PATIENT
    assert web.targets() == ["/story"] * 4


def test_one_visit_waits_once_for_a_site_however_it_is_sent_about_there(web: LocalWeb) -> None:
    web.page("http://news.example/old", redirect("/story"))
    began = time.monotonic()
    fetcher(web, delay=60).fetch("http://news.example/old")

    assert time.monotonic() - began < PATIENT


def test_site_to_which_another_sends_on_is_waited_for_too(web: LocalWeb) -> None:
    web.page("http://short.example/s", redirect(STORY))
    visitor = fetcher(web, delay=0.5)
    visitor.fetch(STORY)
    began = time.monotonic()
    visitor.fetch("http://short.example/s")

    assert 0.3 <= time.monotonic() - began < PATIENT


def test_waiting_on_the_way_takes_no_longer_than_a_visit_may(web: LocalWeb) -> None:
    web.page("http://short.example/s", redirect(STORY))
    visitor = fetcher(web, delay=10, seconds=2)
    visitor.fetch(STORY)

    with pytest.raises(FetchFailed, match="for several pages just now"):
        visitor.fetch("http://short.example/s")


def test_other_sites_do_not_wait() -> None:
    hosts = HostRateLimit(60)
    began = time.monotonic()
    hosts.wait("one.example", PATIENT)
    hosts.wait("two.example", PATIENT)

    assert time.monotonic() - began < PATIENT


def test_queue_that_is_too_long_is_refused_at_once_and_does_not_lengthen_it() -> None:
    hosts = HostRateLimit(60)
    hosts.wait("news.example", PATIENT)
    for _ in range(2):
        with pytest.raises(FetchFailed, match="for several pages just now") as failed:
            hosts.wait("news.example", PATIENT)
        assert failed.value.retry_after == pytest.approx(60, abs=PATIENT)


def test_sites_whose_time_has_come_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "_MOST_HOSTS", 10)
    hosts = HostRateLimit(0)
    for number in range(100):
        hosts.wait(f"site{number}.example", PATIENT)

    assert len(hosts._free_at) <= 11
