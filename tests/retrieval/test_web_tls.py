from __future__ import annotations

import ssl

import pytest
import trustme

from retrieval.errors import FetchFailed
from tests.retrieval.web_server import HERE, redirect, response, serving
from tests.retrieval.web_visits import STORY, TLS, fetcher

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
