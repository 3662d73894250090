"""One request to one server of the public web, and what it answers; `connection` connects, and is imported for that."""

from __future__ import annotations

import re
import socket
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, TypeAlias

from retrieval.adapters.web.decompression import ASKED_FOR, BodyDecoder
from retrieval.errors import FetchFailed

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import httpcore2

    from retrieval.adapters.web.addresses import IPAddress, WebAddress

Resolver: TypeAlias = "Callable[[str, int], Sequence[tuple[str, int]]]"
"""Maps a name and a port to addresses, as text, each with its port."""

_LONGEST_WAIT: Final = 7 * 24 * 3600.0
_SECONDS = re.compile(r"[0-9]{1,9}")
_DIGITS = re.compile(r"[0-9]{1,18}")


def resolve_by_system(host: str, port: int) -> Sequence[tuple[str, int]]:
    """Look a name up with the system's resolver. The dot keeps it from trying the machine's own domain."""
    entries = socket.getaddrinfo(f"{host}.", port, type=socket.SOCK_STREAM)
    inet = {socket.AF_INET, socket.AF_INET6}
    return [(str(address[0]), port) for family, _, _, _, address in entries if family in inet]


class Deadline:
    """The moment at which a fetch has to be done."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        self._seconds = seconds

    def left(self) -> float:
        """Seconds that are left, more than none. Raises FetchFailed."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise self.missed()
        return left

    def missed(self) -> FetchFailed:
        """The error of a fetch that took too long."""
        return FetchFailed("site.too_slow", seconds=self._seconds)


class Response:
    """A response whose body has not been read yet."""

    def __init__(self, host: str, response: httpcore2.Response) -> None:
        self.status = response.status
        self._host = host
        self._response = response

    def header(self, name: str) -> str:
        """The header's value, empty where there is none; several of the same name joined by commas."""
        wanted = name.lower().encode()
        return ", ".join(value.decode("latin-1") for key, value in self._response.headers if key.lower() == wanted)

    @property
    def retry_after(self) -> float | None:
        """Seconds until the server wants to be asked again, a week at most; None where it does not say."""
        value = self.header("retry-after").strip()
        if _SECONDS.fullmatch(value):
            return min(float(value), _LONGEST_WAIT)
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, OverflowError):
            return None
        seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
        return min(max(seconds, 0.0), _LONGEST_WAIT)

    def read(self, most: int, *, cut: bool = False) -> bytes:
        """The body, decompressed, of at most `most` bytes. Raises FetchFailed for more, unless `cut`."""
        body = BodyDecoder(self._host, self.header("content-encoding"), most)
        declared = self.header("content-length")
        if not cut and _DIGITS.fullmatch(declared) and int(declared) > most:
            raise _too_large(most)
        for piece in self._response.iter_stream():
            body.add(piece)
            if body.too_large:
                break
        if body.too_large and not cut:
            raise _too_large(most)
        return body.body()


def _too_large(most: int) -> FetchFailed:
    return FetchFailed("site.page_too_large", megabytes=most / 1_000_000)


class Exchange:
    """Sends requests, one connection each. Thread-safe."""

    def __init__(
        self,
        user_agent: str,
        most: int,
        *,
        resolve: Resolver,
        allowed: Callable[[IPAddress], bool],
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._headers = {"User-Agent": user_agent, "Accept-Encoding": ASKED_FOR, "Connection": "close"}
        self._most = most
        self._resolve = resolve
        self._allowed = allowed
        self._tls = tls

    @contextmanager
    def ask(self, address: WebAddress, headers: Mapping[str, str], deadline: Deadline) -> Iterator[Response]:
        """The response to a GET, until the block ends. Raises AddressRefused before it connects, and FetchFailed."""
        from retrieval.adapters.web.connection import GuardedNetwork, connected  # noqa: PLC0415  # 2 MB: only to fetch

        network = GuardedNetwork(self._resolve, self._allowed, deadline, self._most)
        sent = [(name.encode(), value.encode()) for name, value in {**self._headers, **headers}.items()]
        with connected(address, sent, network, self._tls) as response:
            yield Response(address.host, response)
