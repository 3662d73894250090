"""What may be tried with a link, a name or a redirect: all is refused kindly, and nothing inner is ever reached."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.adapters.web.addresses import is_public
from retrieval.adapters.web.exchange import resolve_by_system
from retrieval.adapters.web.fetcher import WebFetcher
from retrieval.errors import AddressRefused
from tests.retrieval.test_web_addresses import NOT_PUBLIC, REFUSED
from tests.retrieval.web_server import HERE, redirect, response
from tests.retrieval.web_visits import STORY, TLS, fetcher, only_our_errors, watched_connections

if TYPE_CHECKING:
    from retrieval.adapters.web.addresses import IPAddress
    from tests.retrieval.web_server import LocalWeb


@pytest.mark.parametrize(("url", "code"), REFUSED)
def test_refused_link_is_neither_looked_up_nor_connected_to(web: LocalWeb, url: str, code: str) -> None:
    with watched_connections() as connected, pytest.raises(AddressRefused) as refused:
        fetcher(web).fetch(url)

    assert refused.value.code == code
    assert (web.looked_up, connected) == ([], [])


@pytest.mark.parametrize("address", NOT_PUBLIC.split())
@pytest.mark.parametrize("beside", [[], ["93.184.215.14"]], ids=["alone", "beside a public one"])
def test_name_of_an_inner_address_is_not_connected_to(web: LocalWeb, address: str, beside: list[str]) -> None:
    web.names["news.example"] = [[*beside, address]]

    with watched_connections() as connected, pytest.raises(AddressRefused) as refused:
        WebFetcher(resolve=web.resolve, tls=TLS).fetch(STORY)

    assert refused.value.code == "link.private_network"
    assert (web.connections, connected) == (0, [])


def test_this_machine_is_not_public_without_the_filter_of_the_tests(web: LocalWeb) -> None:
    with watched_connections() as connected, pytest.raises(AddressRefused):
        WebFetcher(resolve=web.resolve, tls=TLS).fetch(STORY)

    assert (web.connections, connected) == (0, [])


def test_name_that_means_another_address_the_next_time_gets_what_was_checked(web: LocalWeb) -> None:
    """Rebinding: public for the check, inner for the connection. There is one look-up for both."""
    web.names["news.example"] = [[HERE], [HERE], ["127.0.0.2"]]
    web.page(STORY, response("the story"))

    with watched_connections() as connected:
        fetcher(web).fetch(STORY)
    assert connected == [HERE, HERE]  # robots.txt and the story

    with watched_connections() as connected, pytest.raises(AddressRefused):
        fetcher(web).fetch(STORY)
    assert connected == []


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("http://127.0.0.1/admin", "link.number"),
        ("//[::1]/admin", "link.number"),
        ("http://2130706433/", "link.number"),
        ("http://localhost/admin", "link.private_network"),
        ("https://inner.example/admin", "link.private_network"),
        ("http://news.example:6379/", "link.other_port"),
        ("http://root:root@news.example/", "link.credentials"),
        ("file:///etc/passwd", "link.other_scheme"),
        ("gopher://news.example/", "link.other_scheme"),
    ],
)
@pytest.mark.parametrize("where", ["/story", "/robots.txt"])
def test_redirect_is_checked_like_a_link(web: LocalWeb, to: str, code: str, where: str) -> None:
    web.names["inner.example"] = [["127.0.0.2"]]
    web.page(f"http://news.example{where}", redirect(to))

    with watched_connections() as connected, pytest.raises(AddressRefused) as refused:
        fetcher(web).fetch(STORY)

    assert str(refused.value) == f"news.example sends me on. {AddressRefused(code)}"
    assert set(connected) == {HERE}
    assert {request.target for request in web.requests} <= {"/story", "/robots.txt"}


def test_system_s_resolver_is_asked_for_the_name_itself_and_no_longer_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the dot at its end a resolver may try the name inside of the machine's own domain."""
    asked: list[str] = []

    def look_up(host: str, _port: int, **_options: int) -> list[tuple[int, int, int, str, tuple[str | int, ...]]]:
        asked.append(host)
        found: list[tuple[int, tuple[str | int, ...]]] = [
            (socket.AF_INET, ("192.0.2.1", 80)),
            (socket.AF_INET6, ("fe80::1%eth0", 80, 0, 2)),
            (socket.AF_UNIX, ("/run/socket",)),
        ]
        return [(family, 1, 6, "", address) for family, address in found]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)

    assert resolve_by_system("news.example", 80) == [("192.0.2.1", 80), ("fe80::1%eth0", 80)]
    assert asked == ["news.example."]


def test_proxy_of_the_environment_is_not_used(web: LocalWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.3:3128")
    web.page(STORY, response("the story"))

    with watched_connections() as connected:
        fetcher(web).fetch(STORY)

    assert set(connected) == {HERE}


WORLD = {"public.example": "93.184.215.14", "inner.example": "10.0.0.1", "mapped.example": "::ffff:127.0.0.1"}
URLS = st.one_of(
    st.text(),
    st.text().map(lambda text: f"http://{text}"),
    st.from_regex(r"https?://[\w.:@%\[\]-]{1,30}(/\S*)?", fullmatch=True),
    st.sampled_from(sorted(WORLD)).flatmap(lambda host: st.text().map(lambda text: f"http://{host}/{text}")),
)


@given(URLS)
def test_any_link_is_fetched_or_refused_in_a_sentence_and_reaches_nothing_inner(url: str) -> None:
    def resolve(host: str, port: int) -> list[tuple[str, int]]:
        return [(WORLD.get(host, "192.168.1.1"), port)]

    tried: list[str] = []

    def allowed(address: IPAddress) -> bool:
        if is_public(address):
            tried.append(str(address))
        return False  # a test reaches nothing of the Internet

    with watched_connections() as connected:
        only_our_errors(lambda: WebFetcher(delay=0, resolve=resolve, allowed=allowed, tls=TLS).fetch(url))
    assert connected == []
    assert set(tried) <= {WORLD["public.example"]}


@given(URLS | st.text().map(lambda text: f"/{text}"))
def test_any_redirect_is_followed_or_refused_and_reaches_nothing_inner(shared_web: LocalWeb, location: str) -> None:
    header = location.encode("utf-8", "surrogatepass").replace(b"\r", b"").replace(b"\n", b"")
    shared_web.page(STORY, b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + header + b"\r\n\r\n")
    shared_web.names |= {host: [[address]] for host, address in WORLD.items()}

    with watched_connections() as connected:
        only_our_errors(lambda: fetcher(shared_web).fetch(STORY))
    assert set(connected) == {HERE}
