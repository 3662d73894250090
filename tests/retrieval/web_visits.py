"""Visits to the web of the tests, and what they may and may not do."""

from __future__ import annotations

import socket
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpcore2
import pytest

from retrieval.adapters.web.fetcher import WebFetcher
from retrieval.domain.pages import Fetched
from retrieval.errors import AddressRefused, FetchFailed
from tests.retrieval.web_server import HERE

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    from retrieval.adapters.web.addresses import IPAddress
    from retrieval.adapters.web.exchange import Resolver
    from tests.retrieval.web_server import LocalWeb

STORY = "http://news.example/story"
MOST = 100_000
PATIENT = 30.0
"""Seconds for what is not about time: a busy machine has them."""

TLS = httpcore2.default_ssl_context()
"""Made once, because it reads every authority of the system."""

_watching: list[list[str]] = []
_hooks: list[object] = []


def here_only(address: IPAddress) -> bool:
    """The filter of the tests: the server's own address counts as the public web, nothing else does."""
    return str(address) == HERE


def fetcher(
    web: LocalWeb,
    contact: str | None = None,
    delay: float = 0,
    *,
    seconds: float = PATIENT,
    most: int = MOST,
    resolve: Resolver | None = None,
    tls: ssl.SSLContext = TLS,
) -> WebFetcher:
    """A fetcher that takes the server for the whole public web."""
    resolve = resolve or web.resolve
    return WebFetcher(contact, delay, seconds=seconds, most=most, resolve=resolve, allowed=here_only, tls=tls)


def fetched(web: LocalWeb, url: str = STORY) -> Fetched:
    page = fetcher(web).fetch(url)
    assert isinstance(page, Fetched)
    return page


def failure(web: LocalWeb, url: str = STORY) -> FetchFailed:
    with pytest.raises(FetchFailed) as failed:
        fetcher(web).fetch(url)
    return failed.value


def only_our_errors(fetch: Callable[[], object]) -> None:
    sentence = "Nothing."
    try:
        fetch()
    except (AddressRefused, FetchFailed) as error:
        sentence = str(error)
    assert sentence.endswith(".")
    assert HERE not in sentence


@contextmanager
def watched_connections() -> Iterator[list[str]]:
    """Every address that a connection is opened to, by anybody in this process, while the block lasts."""
    if not _hooks:
        sys.addaudithook(_note_connection)  # for good: Python takes none back
        _hooks.append(_note_connection)
    seen: list[str] = []
    _watching.append(seen)
    try:
        yield seen
    finally:
        _watching.remove(seen)


def _note_connection(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.connect" and args[0].type == socket.SOCK_STREAM:
        for seen in _watching:
            seen.append(str(args[1][0]))
