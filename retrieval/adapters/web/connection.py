"""A connection to a stranger, opened here alone: to a checked address, within a deadline and a limit of bytes.

Written on httpcore2 by hand: httpx decompresses without a bound, and looks a name up itself. Here the name is looked up
once, every address behind it is checked, and the connection goes to one of those, whatever the name means a moment
later. TLS is verified for the name. No proxy, no cookies, no kept connections. One deadline and one limit of bytes hold
from the look-up to the last byte.
"""

from __future__ import annotations

import ssl
import threading
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotDone
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import httpcore2
from typing_extensions import override

from retrieval.adapters.web.addresses import check_resolved
from retrieval.errors import FetchFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from retrieval.adapters.web.addresses import IPAddress, WebAddress
    from retrieval.adapters.web.exchange import Deadline, Resolver

_TRIED: Final = 4
"""Addresses of one name that are tried in turn."""

_CONNECT_SECONDS: Final = 5.0
_OVERHEAD: Final = 500_000
"""Bytes that headers and the marks between chunks may add to a body."""


@contextmanager
def connected(
    address: WebAddress, headers: list[tuple[bytes, bytes]], network: GuardedNetwork, tls: ssl.SSLContext | None
) -> Iterator[httpcore2.Response]:
    """The response to a GET, until the block ends. Raises AddressRefused before it connects, and FetchFailed."""
    url = httpcore2.URL(scheme=address.scheme, host=address.host, port=address.port, target=address.target)
    origin = httpcore2.Origin(address.scheme.encode(), address.host.encode(), address.port)
    with (
        _in_plain_words(address.host, network.deadline),
        httpcore2.HTTPConnection(origin, ssl_context=tls or _default_tls(), network_backend=network) as connection,
        connection.stream("GET", url, headers=headers) as response,
    ):
        yield response


@cache
def _default_tls() -> ssl.SSLContext:
    return httpcore2.default_ssl_context()


class GuardedNetwork(httpcore2.NetworkBackend):
    """Looks a name up, checks every address, and connects to one of them."""

    def __init__(self, resolve: Resolver, allowed: Callable[[IPAddress], bool], deadline: Deadline, most: int) -> None:
        self._resolve = resolve
        self._allowed = allowed
        self.deadline = deadline
        self._most = most + _OVERHEAD

    @override
    def connect_tcp(self, host: str, port: int, *_args: Any, **_kwargs: Any) -> httpcore2.NetworkStream:
        addresses = list(dict.fromkeys(self._look_up(host, port)))
        check_resolved((address for address, _ in addresses), self._allowed)
        error: Exception = httpcore2.ConnectError()
        for address, its_port in addresses[:_TRIED]:
            seconds = min(self.deadline.left(), _CONNECT_SECONDS)
            try:
                stream = httpcore2.SyncBackend().connect_tcp(address, its_port, seconds)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as failed:
                error = failed
            else:
                return _BoundedStream(stream, self.deadline, self._most)
        raise error

    def _look_up(self, host: str, port: int) -> Sequence[tuple[str, int]]:
        """Look up in a thread, since the system's resolver cannot be stopped."""
        addresses: Future[Sequence[tuple[str, int]]] = Future()

        def look_up() -> None:
            try:
                addresses.set_result(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                addresses.set_exception(error)

        threading.Thread(target=look_up, name="look-up", daemon=True).start()
        try:
            return addresses.result(self.deadline.left())
        except NotDone as error:
            raise self.deadline.missed() from error
        except (OSError, UnicodeError) as error:
            raise FetchFailed("site.not_found", host=host) from error


class _BoundedStream(httpcore2.NetworkStream):
    """A connection that ends at the deadline, however slowly it drips, and after `most` bytes."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline, most: int) -> None:
        self._stream = stream
        self._deadline = deadline
        self._left = most

    @override
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._left <= 0:
            raise httpcore2.ReadError
        read = self._stream.read(max_bytes, self._deadline.left())
        self._left -= len(read)
        return read

    @override
    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left())

    @override
    def close(self) -> None:
        self._stream.close()

    @override
    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        return _BoundedStream(stream, self._deadline, self._left)

    @override
    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


@contextmanager
def _in_plain_words(host: str, deadline: Deadline) -> Iterator[None]:
    """Translate errors of the connection to FetchFailed, whose sentence names no address."""
    try:
        yield
    except (httpcore2.ReadTimeout, httpcore2.WriteTimeout) as error:
        raise deadline.missed() from error
    except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
        if isinstance(error.__cause__, ssl.SSLCertVerificationError):
            raise FetchFailed("site.certificate", host=host) from error
        unsafe = isinstance(error.__cause__, ssl.SSLError)
        raise FetchFailed("site.unsafe" if unsafe else "site.no_answer", host=host) from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        raise FetchFailed("site.broke_off", host=host) from error
