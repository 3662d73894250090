"""A small web, laid out twice: for the fake of the tests and, on a server of this machine, for the real fetcher."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from retrieval.domain.pages import Validators
from tests.retrieval.web_server import LocalWeb, redirect, response, serving
from tests.retrieval.web_visits import fetcher
from tests.support.fakes import FakeFetcher

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

    from retrieval.domain.pages import Fetched, NotModified


class Layout(Protocol):
    """The words that a test lays out a web with: those of `FakeFetcher`."""

    def page(
        self,
        url: str,
        content: str | bytes,
        content_type: str = ...,
        charset: str | None = ...,
        validators: Validators = ...,
    ) -> None: ...
    def not_modified(self, url: str) -> None: ...
    def moved(self, url: str, to: str) -> None: ...
    def fails(self, url: str, status: int | None = None, retry_after: float | None = None) -> None: ...
    def refuses(self, url: str) -> None: ...
    def fetch(self, url: str, validators: Validators | None = None) -> Fetched | NotModified: ...


class RealWeb:
    """The same words over a real server."""

    def __init__(self, web: LocalWeb) -> None:
        self._web = web
        self._fetcher = fetcher(web)

    def page(
        self,
        url: str,
        content: str | bytes,
        content_type: str = "text/html",
        charset: str | None = "utf-8",
        validators: Validators = Validators(),  # noqa: B008  # a frozen value
    ) -> None:
        raw = content.encode(charset or "utf-8") if isinstance(content, str) else content
        headers = {"ETag": validators.etag, "Last-Modified": validators.modified}
        options: dict[str, Any] = {name.replace("-", "_"): value for name, value in headers.items() if value}
        kind = f"{content_type}; charset={charset}" if charset else content_type
        conditions = {"if-none-match": validators.etag, "if-modified-since": validators.modified}
        shown = {name: value for name, value in conditions.items() if value}
        self._web.page(url, response(raw, content_type=kind, **options))
        if shown:
            self._web.unchanged[url.partition("://")[2]] = shown

    def not_modified(self, url: str) -> None:
        self._web.unchanged[url.partition("://")[2]] = {}

    def moved(self, url: str, to: str) -> None:
        self._web.page(url, redirect(to, 301))

    def fails(self, url: str, status: int | None = None, retry_after: float | None = None) -> None:
        headers = {} if retry_after is None else {"Retry_After": f"{retry_after:.0f}"}
        self._web.page(url, _hang_up if status is None else response(status=status, **headers))

    def refuses(self, url: str) -> None:
        self._web.names[url.split("/")[2]] = [["10.0.0.1"]]

    def fetch(self, url: str, validators: Validators | None = None) -> Fetched | NotModified:
        return self._fetcher.fetch(url, validators)


def _hang_up(_stream: socket.socket) -> None:
    """The connection is closed without a word."""


@contextmanager
def fake_web() -> Iterator[Layout]:
    yield FakeFetcher()


@contextmanager
def real_web() -> Iterator[Layout]:
    with serving() as web:
        yield RealWeb(web)


WEBS: list[Callable[[], object]] = [fake_web, real_web]
