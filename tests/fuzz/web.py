"""Targets that read addresses and headers: what may be asked, what is the same article, what a page claims to be."""

from __future__ import annotations

import re
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address
from typing import Final
from urllib.parse import urlsplit

from retrieval.adapters.extraction.canonical_url import canonical_url
from retrieval.adapters.web.addresses import WebAddress, check_resolved, is_public, read_address
from retrieval.adapters.web.content_type import check_content, read_content_type
from retrieval.adapters.web.redirects import _target
from retrieval.domain.file_types import FEED_TYPES, PAGE_TYPES
from retrieval.domain.limits import LONGEST_URL
from retrieval.errors import AddressRefused, FetchFailed
from retrieval.text.link_keys import address_key
from tests.fuzz.target import Target, joined, parts, text_of

_HOST: Final = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")
_SAFE: Final = re.compile(r"[!-~]+")
_SITE: Final = WebAddress("https", "www.courier.example", 443, "/news/a?b=c")


def _address(data: bytes) -> None:
    """A link that may be asked is one of the public web, in one form; a redirect comes under the same rule."""
    raw_url, raw_location, raw_claim = parts(data, 3)
    url, location, claimed = text_of(raw_url), raw_location.decode("latin-1"), text_of(raw_claim)
    key = address_key(url)
    with suppress(AddressRefused):
        asked = read_address(url)
        _check_address(asked)
        if urlsplit(url.strip()).port is None:
            assert address_key(f"http{url.strip()[len(asked.scheme) :]}") == key
    with suppress(AddressRefused):
        target = _target(_SITE, location)
        _check_address(target)
        assert target.scheme == "https"
    own = canonical_url(url, claimed)
    assert own is None or (urlsplit(own).scheme in {"http", "https"} and not any(map(str.isspace, own)))


def _check_address(address: WebAddress) -> None:
    written = str(address)
    assert _SAFE.fullmatch(written)
    assert _HOST.fullmatch(address.host)
    assert not re.fullmatch(r"\d+|0x[0-9a-f]*|local(?:host)?|internal|lan", address.host.rpartition(".")[2])
    assert address.target.startswith("/")
    split = urlsplit(written)
    assert (split.scheme, split.hostname, split.username, split.fragment) == (address.scheme, address.host, None, "")
    if len(written) <= LONGEST_URL:
        assert read_address(written) == address


def _resolved(data: bytes) -> None:
    """No address within anything is public, and what a resolver says is an address or refused."""
    number, raw = parts(data, 2)
    if number:
        four = IPv4Address(int.from_bytes(number[:4]))
        assert not is_public(four) or (four.is_global and not four.is_private and not four.is_multicast)
    six = IPv6Address(int.from_bytes(data[:16]))
    if is_public(six):
        assert six.is_global
        assert not any((six.ipv4_mapped, six.sixtofour, six.teredo))
        assert not six.is_link_local
        assert not six.is_site_local
    with suppress(AddressRefused):
        check_resolved([text_of(raw)], is_public)
        assert is_public(
            IPv4Address(text_of(raw)) if "." in text_of(raw) and ":" not in text_of(raw) else IPv6Address(text_of(raw))
        )


def _header(data: bytes) -> None:
    """A header names a type that is read, or the page is left in a sentence."""
    header, content = parts(data, 2)
    with suppress(FetchFailed):
        kind, charset = read_content_type(header.decode("latin-1"))
        assert kind in PAGE_TYPES | FEED_TYPES
        assert charset is None or (charset.isascii() and len(charset) <= 40)  # as many as are read
        check_content(content, kind, charset)


_WORDS: Final = (
    "https://", "http://", "www.", ".example", ":443", ":80", "@", "%2e", "%00", "xn--", "。", "\u00ad", "1.1.1.1",
    "[::1]", "0x7f", "localhost", ".internal", "//", "\\", "/../", "?a=", "#:~:text=", "utm_source=", "/amp",
    "index.html", "ß", "\t", "%zz",
)  # fmt: skip

TARGETS: Final = {
    "addresses": Target(
        _address,
        lambda: [
            joined(
                "https://www.Courier.example:443/a/%7eb?utm_source=x&c=d#e", "/moved here", "https://courier.example/a"
            ),
            joined("http://bücher.example/ä", "//other.example/%", "../b"),
            joined("https://user:pw@127.1/", "http://[fe80::1%25eth0]/", "javascript:alert(1)"),
        ],
        _WORDS,
        longest=2_500,
    ),
    "resolved": Target(
        _resolved,
        lambda: [joined(b"\x08\x08\x08\x08", "8.8.8.8"), bytes.fromhex("20010db8" + "00" * 11 + "01")],
        longest=64,
    ),
    "headers": Target(
        _header,
        lambda: [joined("text/html; charset=utf-8", "<html>"), joined("application/pdf", "%PDF-1.4")],
        ("charset=", "text/", '"'),
    ),
}
