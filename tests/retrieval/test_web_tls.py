from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pytest
import trustme

from retrieval.errors import FetchFailed
from tests.retrieval.web_server import HERE, redirect, response, serving
from tests.retrieval.web_visits import STORY, TLS, fetcher

if TYPE_CHECKING:
    import socket

AUTHORITY = trustme.CA()


def tls_server(name: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert(name).configure_cert(context)
    return context


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


def test_secure_page_is_read_where_the_certificate_is_for_its_name() -> None:
    with serving(tls_server("news.example")) as web:
        web.page(STORY, response("the story"))
        fetched = fetcher(web, tls=trusting()).fetch("https://news.example/story")

    assert getattr(fetched, "content", None) == b"the story"


def test_what_comes_over_tls_is_bounded_too_whatever_it_is() -> None:
    """Chunks' names count for no body, so that only the connection's own bound ends them."""
    sent = 0

    def names_without_end(stream: socket.socket) -> None:
        nonlocal sent
        stream.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(5_000):
            stream.sendall(b"1;name=value\r\nx\r\n" * 100)
            sent += 1_700

    with serving(tls_server("news.example")) as web:
        web.page(STORY, names_without_end)
        with pytest.raises(FetchFailed, match="broke off, or sent what is no proper answer"):
            fetcher(web, tls=trusting(), most=100_000).fetch("https://news.example/story")

    assert sent < 5_000_000


@pytest.mark.parametrize(
    ("name", "tls"), [("other.example", trusting()), (HERE, trusting()), ("news.example", TLS)], ids=str
)
def test_certificate_of_somebody_else_ends_it_before_anything_is_asked(name: str, tls: ssl.SSLContext) -> None:
    with serving(tls_server(name)) as web, pytest.raises(FetchFailed) as failed:
        fetcher(web, tls=tls).fetch("https://news.example/story")

    assert (
        str(failed.value)
        == "news.example cannot prove who it is (its certificate does not hold), so I asked it nothing."
    )
    assert web.requests == []


def test_server_without_tls_is_not_spoken_to_in_clear() -> None:
    with serving() as web, pytest.raises(FetchFailed):
        fetcher(web, seconds=0.5).fetch("https://news.example/story")
    assert web.requests == []


def test_secure_page_s_redirect_to_an_insecure_one_is_followed_securely() -> None:
    with serving(tls_server("news.example")) as web:
        web.page(STORY, redirect("http://news.example/moved", 301))
        web.page("http://news.example/moved", response("the story"))
        fetched = fetcher(web, tls=trusting()).fetch("https://news.example/story")

    assert getattr(fetched, "url", None) == "https://news.example/moved"
