"""One request to one server of the public web: the only place that opens a connection to a stranger.

Written on httpcore2 by hand: httpx decompresses without a bound, and looks a name up itself. Here the name is looked up
once, every address behind it is checked, and the connection goes to one of those, whatever the name means a moment
later. TLS is verified for the name. No proxy, no cookies, no kept connections. One deadline and one limit of bytes hold
from the look-up to the last byte.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotDone
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import httpcore2
from typing_extensions import override

from retrieval.adapters.web.addresses import check_resolved
from retrieval.adapters.web.decompression import ASKED_FOR, BodyDecoder
from retrieval.errors import FetchFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from retrieval.adapters.web.addresses import IPAddress, WebAddress

Resolver: TypeAlias = "Callable[[str, int], Sequence[tuple[str, int]]]"
"""Maps a name and a port to addresses, as text, each with its port."""

_TRIED: Final = 4
"""Addresses of one name that are tried in turn."""

_CONNECT_SECONDS: Final = 5.0
_OVERHEAD: Final = 500_000
"""Bytes that headers and the marks between chunks may add to a body."""

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
        self._tls = tls or httpcore2.default_ssl_context()

    @contextmanager
    def ask(self, address: WebAddress, headers: Mapping[str, str], deadline: Deadline) -> Iterator[Response]:
        """The response to a GET, until the block ends. Raises AddressRefused before it connects, and FetchFailed."""
        url = httpcore2.URL(scheme=address.scheme, host=address.host, port=address.port, target=address.target)
        origin = httpcore2.Origin(address.scheme.encode(), address.host.encode(), address.port)
        network = _GuardedNetwork(self._resolve, self._allowed, deadline, self._most + _OVERHEAD)
        sent = [(name.encode(), value.encode()) for name, value in {**self._headers, **headers}.items()]
        with (
            _in_plain_words(address.host, deadline),
            httpcore2.HTTPConnection(origin, ssl_context=self._tls, network_backend=network) as connection,
            connection.stream("GET", url, headers=sent) as response,
        ):
            yield Response(address.host, response)


class _GuardedNetwork(httpcore2.NetworkBackend):
    """Looks a name up, checks every address, and connects to one of them."""

    def __init__(self, resolve: Resolver, allowed: Callable[[IPAddress], bool], deadline: Deadline, most: int) -> None:
        self._resolve = resolve
        self._allowed = allowed
        self._deadline = deadline
        self._most = most

    @override
    def connect_tcp(self, host: str, port: int, *_args: Any, **_kwargs: Any) -> httpcore2.NetworkStream:
        addresses = list(dict.fromkeys(self._look_up(host, port)))
        check_resolved((address for address, _ in addresses), self._allowed)
        error: Exception = httpcore2.ConnectError()
        for address, its_port in addresses[:_TRIED]:
            seconds = min(self._deadline.left(), _CONNECT_SECONDS)
            try:
                stream = httpcore2.SyncBackend().connect_tcp(address, its_port, seconds)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as failed:
                error = failed
            else:
                return _BoundedStream(stream, self._deadline, self._most)
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
            return addresses.result(self._deadline.left())
        except NotDone as error:
            raise self._deadline.missed() from error
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
