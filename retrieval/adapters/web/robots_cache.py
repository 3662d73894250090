"""Asks each site for its robots.txt before its first page, and again after an hour."""

from __future__ import annotations

import sys
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from retrieval.adapters.web.addresses import WebAddress
from retrieval.adapters.web.redirects import follow
from retrieval.adapters.web.retrying import retry_after
from retrieval.adapters.web.robots import Robots, read_robots
from retrieval.errors import AddressRefused, FetchFailed

if TYPE_CHECKING:
    from retrieval.adapters.web.exchange import Deadline, Exchange

_KEPT_SECONDS: Final = 3600.0
_KEPT: Final = 64
"""Files kept in memory; the one not asked for the longest goes first."""
_KEPT_BYTES: Final = 2_000_000
"""What all of them may take: whoever names hosts with large files must not take the memory of the bot."""

_MOST_BYTES: Final = 500 * 1024
"""As much of a file as has to be read; what comes after it is not."""

_OK: Final = 200
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500


class RobotsCache:
    """What sites ask of the bot called `product`. Thread-safe."""

    def __init__(self, exchange: Exchange, product: str) -> None:
        self._exchange = exchange
        self._product = product
        self._kept: OrderedDict[str, tuple[float, Robots]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, address: WebAddress, deadline: Deadline) -> None:
        """Raises AddressRefused where the site asks bots to stay away, FetchFailed where it cannot be asked."""
        if not self._of(address, deadline).allow(address.target):
            message = f"{address.host} asks bots not to read this page, so I leave it alone."
            raise AddressRefused(message)

    def _of(self, address: WebAddress, deadline: Deadline) -> Robots:
        with self._lock:
            known = self._kept.get(address.origin)
            if known is not None and time.monotonic() < known[0]:
                self._kept.move_to_end(address.origin)
                return known[1]
        robots = self._fetch(address, deadline)
        with self._lock:
            self._keep(address.origin, robots)
        return robots

    def _keep(self, origin: str, robots: Robots) -> None:
        """Remember a file; forget those whose hour is over, and of the others as many as there is no room for."""
        now = time.monotonic()
        for name in [name for name, (until, _) in self._kept.items() if until <= now]:
            del self._kept[name]
        self._kept[origin] = (now + _KEPT_SECONDS, robots)
        self._kept.move_to_end(origin)
        while len(self._kept) > _KEPT or self.kept_bytes > _KEPT_BYTES:
            self._kept.popitem(last=False)

    @property
    def kept_bytes(self) -> int:
        """What the files in memory take."""
        return sum(sys.getsizeof(robots.lines) for _, robots in self._kept.values())

    def _fetch(self, address: WebAddress, deadline: Deadline) -> Robots:
        """A site without the file allows everything; one that has trouble is left alone until it has none."""
        file = WebAddress(address.scheme, address.host, address.port, "/robots.txt")
        with follow(self._exchange, file, {"Accept": "text/plain"}, deadline, _anything) as arrived:
            answer = arrived.answer
            if answer.status == _TOO_MANY or answer.status >= _SERVER_ERROR:
                message = f"{address.host} cannot tell just now whether bots may read it ({answer.status})."
                raise FetchFailed(message, status=answer.status, retry_after=retry_after(answer))
            if answer.status != _OK:
                return Robots()
            return read_robots(answer.read(_MOST_BYTES, cut=True).decode("utf-8", errors="replace"), self._product)


def _anything(_address: WebAddress) -> None:
    """Whoever may be asked may be asked for this file."""
