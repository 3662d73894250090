"""A real web server on this machine, raw enough to misbehave, and a web of names that all lead to it."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator, Sequence

HERE: Final = "127.0.0.1"
Script: TypeAlias = "bytes | Callable[[socket.socket], None]"
"""What is sent once a request was read: these bytes, or whatever the function sends."""

NOT_MODIFIED: Final = b"HTTP/1.1 304 Not Modified\r\n\r\n"
NOT_FOUND: Final = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"


def response(
    content: bytes | str = b"", status: int = 200, content_type: str | None = "text/html; charset=utf-8", **headers: str
) -> bytes:
    """A whole answer; underscores in the names of headers stand for hyphens."""
    body = content.encode() if isinstance(content, str) else content
    lines = [f"HTTP/1.1 {status} Status"]
    lines += [f"Content-Type: {content_type}"] if content_type else []
    lines += [f"Content-Length: {len(body)}"] if "Content_Length" not in headers else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def redirect(to: str, status: int = 302) -> bytes:
    return response(status=status, content_type=None, Location=to)


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, and of which name."""

    host: str
    target: str
    headers: dict[str, str]


@dataclass(slots=True)
class LocalWeb:
    """Names and pages; `requests` are what came in, `connections` counts every connection that was opened.

    A page that was not laid out is not found, and neither is robots.txt. `names` says what a name resolves to where it
    is not the server itself: addresses, one list for each time it is asked (the last one for ever). `unchanged` are the
    pages that have not changed for whoever shows these conditional headers; for whoever shows any, if there are none.
    """

    port: int
    pages: dict[str, Script] = field(default_factory=dict)
    names: dict[str, list[list[str]]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)
    unchanged: dict[str, dict[str, str]] = field(default_factory=dict)
    connections: int = 0

    def page(self, url: str, script: Script) -> None:
        self.pages[url.partition("://")[2]] = script
        self.unchanged.pop(url.partition("://")[2], None)

    def resolve(self, host: str, port: int) -> Sequence[tuple[str, int]]:
        """A `Resolver`: whatever port is asked for, the server's is where an answer comes from."""
        assert port in {80, 443}
        self.looked_up.append(host)
        answers = self.names.get(host, [[HERE]])
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(address, self.port) for address in addresses]

    def answer(self, request: Request) -> Script:
        page = request.host + request.target
        shown = {name: value for name, value in request.headers.items() if name.startswith("if-")}
        wanted = self.unchanged.get(page)
        if shown and wanted is not None and (not wanted or shown == wanted):
            return NOT_MODIFIED
        return self.pages.get(page, NOT_FOUND)

    def targets(self) -> list[str]:
        """Paths asked for, without those of robots.txt."""
        return [request.target for request in self.requests if request.target != "/robots.txt"]


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[LocalWeb]:
    """The server, until the block ends."""
    with socket.create_server((HERE, 0)) as listening:
        web = LocalWeb(listening.getsockname()[1])
        stop = threading.Event()
        threads: list[threading.Thread] = []

        def accept() -> None:
            while True:
                connection, _ = listening.accept()
                if stop.is_set():
                    connection.close()
                    return
                web.connections += 1
                threads.append(threading.Thread(target=_answer, args=(web, connection, tls)))
                threads[-1].start()

        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield web
        finally:
            stop.set()
            socket.create_connection((HERE, web.port)).close()  # wakes it up, on every system
            accepting.join()
            for thread in threads:
                thread.join()


def _answer(web: LocalWeb, connection: socket.socket, tls: ssl.SSLContext | None) -> None:
    connection.settimeout(5)
    with suppress(OSError):  # whoever asked has gone
        stream = connection if tls is None else tls.wrap_socket(connection, server_side=True)
        with stream:
            request = _read(stream)
            if request is not None:
                web.requests.append(request)
                script = web.answer(request)
                if callable(script):
                    script(stream)
                else:
                    stream.sendall(script)
    connection.close()


def _read(stream: socket.socket) -> Request | None:
    received = b""
    while b"\r\n\r\n" not in received:
        piece = stream.recv(65536)
        if not piece:
            return None
        received += piece
    first, *lines = received.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Request(headers["host"], first.split(" ")[1], headers)
