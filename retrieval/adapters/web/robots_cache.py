"""Fetches a site's robots.txt before its first page, and again after an hour."""

from __future__ import annotations

import sys
import threading
import time
from collections import OrderedDict
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from retrieval.adapters.web.addresses import WebAddress
from retrieval.adapters.web.redirects import follow
from retrieval.adapters.web.robots import Robots, read_robots
from retrieval.errors import AddressRefused, FetchFailed

if TYPE_CHECKING:
    from retrieval.adapters.web.exchange import Deadline, Exchange

_CACHE_SECONDS: Final = 3600.0
_CACHED_FILES: Final = 64
"""Files in memory; the least recently used goes first."""
_CACHE_BYTES: Final = 2_000_000
"""The memory of all files, so that links to hosts with large ones cannot exhaust the bot's."""

_MOST_BYTES: Final = 500 * 1024
"""As much of a file as RFC 9309 asks to be read."""


class RobotsCache:
    """The rules of sites for the bot called `product`. Thread-safe."""

    def __init__(self, exchange: Exchange, product: str) -> None:
        self._exchange = exchange
        self._product = product
        self._cache: OrderedDict[str, tuple[float, Robots]] = OrderedDict()  # by origin, until when and what
        self._lock = threading.Lock()

    def check(self, address: WebAddress, deadline: Deadline) -> None:
        """Raise AddressRefused where the site asks bots to stay away, FetchFailed where its file cannot be read."""
        if not self._of(address, deadline).allow(address.target):
            raise AddressRefused("link.closed_to_bots", host=address.host)

    def _of(self, address: WebAddress, deadline: Deadline) -> Robots:
        with self._lock:
            until, robots = self._cache.get(address.origin, (0.0, Robots()))
            if time.monotonic() < until:
                self._cache.move_to_end(address.origin)
                return robots
        robots = self._fetch(address, deadline)
        with self._lock:
            self._keep(address.origin, robots)
        return robots

    def _keep(self, origin: str, robots: Robots) -> None:
        """Remember a file; drop those whose hour is over, and the least recently used that do not fit."""
        now = time.monotonic()
        for name in [name for name, (until, _) in self._cache.items() if until <= now]:
            del self._cache[name]
        self._cache[origin] = (now + _CACHE_SECONDS, robots)
        self._cache.move_to_end(origin)
        while len(self._cache) > _CACHED_FILES or self.cached_bytes > _CACHE_BYTES:
            self._cache.popitem(last=False)

    @property
    def cached_bytes(self) -> int:
        """The memory of all files."""
        return sum(sys.getsizeof(robots.lines) for _, robots in self._cache.values())

    def _fetch(self, address: WebAddress, deadline: Deadline) -> Robots:
        """Read the file: a site without one allows everything, one in trouble raises FetchFailed."""
        file = WebAddress(address.scheme, address.host, address.port, "/robots.txt")
        with follow(self._exchange, file, {"Accept": "text/plain"}, deadline, lambda _: None) as arrived:
            response = arrived.response
            if response.status == HTTPStatus.TOO_MANY_REQUESTS or response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                raise FetchFailed(
                    "site.robots_unavailable",
                    host=address.host,
                    status=response.status,
                    retry_after=response.retry_after,
                )
            if response.status != HTTPStatus.OK:
                return Robots()
            return read_robots(response.read(_MOST_BYTES, cut=True).decode("utf-8", errors="replace"), self._product)
