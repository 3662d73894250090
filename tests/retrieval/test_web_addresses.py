from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval.adapters.web import addresses
from retrieval.adapters.web.addresses import (
    check_resolved,
    is_public,
    may_be_visited,
    read_address,
)
from retrieval.domain.limits import LONGEST_URL
from retrieval.errors import AddressRefused

WIDE = {number: number + 0xFEE0 for number in range(0x21, 0x7F) if chr(number).isalnum()}
"""Full-width letters and digits, which mean the same in a name."""

REFUSED = [
    ("file:///etc/passwd", "link.other_scheme"),
    ("gopher://example.com/1", "link.other_scheme"),
    ("ftp://example.com/story", "link.other_scheme"),
    ("dict://example.com:80/d", "link.other_scheme"),
    ("data:text/html,<p>news</p>", "link.other_scheme"),
    ("javascript:alert(1)", "link.other_scheme"),
    ("//example.com/story", "link.unusable"),
    ("example.com/story", "link.unusable"),
    ("example.com:443/story", "link.unusable"),
    ("the story of yesterday", "link.unusable"),
    ("", "link.unusable"),
    ("http://", "link.unusable"),
    ("http:///story", "link.unusable"),
    ("http://[", "link.unusable"),
    ("http://example..com/", "link.unusable"),
    ("http://example.com../", "link.unusable"),
    ("http://-example.com/", "link.unusable"),
    ("http://exam ple.com/", "link.unusable"),
    ("http://example.com/a\r\nHost: inner", "link.unusable"),
    ("http://example.com\t.evil.com/", "link.unusable"),
    ("http://exam%70le.com/", "link.unusable"),
    ("http:\\\\example.com", "link.unusable"),
    ("http://example.com\\@127.0.0.1/", "link.unusable"),
    ("http://example.com/\x00", "link.unusable"),
    ("http://example.com/\ud800", "link.unusable"),
    (f"http://{'a' * 64}.com/", "link.unusable"),
    (f"http://{'a.' * 130}com/", "link.unusable"),
    ("http://example.com:99999/", "link.unusable"),
    ("http://example.com:80x/", "link.unusable"),
    (f"http://example.com/{'a' * 2000}", "link.too_long"),
    ("http://reader:secret@example.com/", "link.credentials"),
    ("http://example.com@127.0.0.1/", "link.credentials"),
    ("http://@example.com/", "link.credentials"),
    ("http://example.com:8080/", "link.other_port"),
    ("http://example.com:22/", "link.other_port"),
    ("http://example.com:0/", "link.other_port"),
    ("http://127.0.0.1/", "link.number"),
    ("http://127.0.0.1./", "link.number"),
    ("http://127.1/", "link.number"),
    ("http://2130706433/", "link.number"),
    ("http://0x7f.1/", "link.number"),
    ("http://0x7f000001/", "link.number"),
    ("http://0X7F.0.0.0x1/", "link.number"),
    ("http://0177.0.0.1/", "link.number"),
    ("http://017700000001/", "link.number"),
    ("http://169.254.169.254/latest/meta-data/", "link.number"),
    ("http://8.8.8.8/", "link.number"),
    (f"http://{'127.0.0.1'.translate(WIDE)}/", "link.number"),
    ("http://①②⑦.⓪.⓪.①/", "link.number"),
    ("http://127。0。0。1/", "link.number"),
    ("http://[::1]/", "link.number"),
    ("http://[::ffff:127.0.0.1]/", "link.number"),
    ("http://[fe80::1%25eth0]/", "link.number"),
    ("http://[fd00:ec2::254]/", "link.number"),
    ("http://localhost/", "link.private_network"),
    ("http://localhost./", "link.private_network"),
    ("http://LOCALHOST:80/", "link.private_network"),
    (f"http://{'localhost'.translate(WIDE)}/", "link.private_network"),
    ("http://news.localhost/", "link.private_network"),
    ("http://printer.local/", "link.private_network"),
    ("http://metadata.google.internal/", "link.private_network"),
    ("http://router/", "link.private_network"),
    ("http://1.0.0.127.in-addr.arpa/", "link.private_network"),
]

READ = [
    ("https://example.com", "https://example.com/"),
    (" https://example.com/story ", "https://example.com/story"),
    ("HTTPS://Example.COM./Story", "https://example.com/Story"),
    ("https://example.com:443/story", "https://example.com/story"),
    ("http://example.com:/story", "http://example.com/story"),
    ("http://example.com:443/story", "http://example.com:443/story"),
    ("https://example.com?page=2", "https://example.com/?page=2"),
    ("https://example.com/a?b=c%20d&e=/?#f", "https://example.com/a?b=c%20d&e=/?"),
    ("https://example.com/größe?q=ü", "https://example.com/gr%C3%B6%C3%9Fe?q=%C3%BC"),
    ('https://example.com/"<story>"', "https://example.com/%22%3Cstory%3E%22"),
    ("https://my_news.example.co.uk/", "https://my_news.example.co.uk/"),
    ("https://münchen.example/", "https://xn--mnchen-3ya.example/"),
    ("https://\N{CYRILLIC SMALL LETTER A}pple.com/", "https://xn--pple-43d.com/"),
    ("https://127.0.0.1.nip.io/", "https://127.0.0.1.nip.io/"),  # a name; what it resolves to is checked later
]

NOT_PUBLIC = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 168.63.129.16
    169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1
    198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
    :: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::127.0.0.1 64:ff9b::a9fe:a9fe
    64:ff9b:1::8.8.8.8 100::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2 2001:10::1 2001:20::1 2001:db8::1
    2002:7f00:1:: 2002:a00:1:: 2002:808:808:: 3fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0
    fec0::1 ff02::1 ff0e::1
"""

PUBLIC = """
    1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 93.184.215.14 100.63.255.255 100.128.0.0 172.15.255.255 172.32.0.0
    192.167.255.255 192.169.0.0 223.255.255.255 2606:4700::6810:84e5 2a00:1450:4001::200e 64:ff9b::8.8.8.8
"""


@pytest.mark.parametrize(("url", "code"), REFUSED)
def test_link_that_is_no_public_page_is_refused_with_its_reason(url: str, code: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        read_address(url)

    assert refused.value.code == code


@pytest.mark.parametrize(("url", "read"), READ)
def test_link_to_a_page_is_read_in_its_one_form(url: str, read: str) -> None:
    assert str(read_address(url)) == read
    assert str(read_address(read)) == read


@pytest.mark.parametrize("address", NOT_PUBLIC.split())
def test_address_that_is_not_public_is_never_visited(address: str) -> None:
    assert not is_public(ip_address(address))

    with pytest.raises(AddressRefused) as refused:
        check_resolved([address], is_public)
    assert refused.value.code == "link.private_network"


@pytest.mark.parametrize("address", PUBLIC.split())
def test_public_address_may_be_visited(address: str) -> None:
    assert is_public(ip_address(address))
    check_resolved([address], is_public)


def test_one_inner_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(AddressRefused):
        check_resolved(["1.1.1.1", "8.8.8.8", "10.0.0.1"], is_public)


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(AddressRefused):
        check_resolved(["0x7f.1"], is_public)


def test_address_of_this_machine_is_not_visited_however_public(monkeypatch: pytest.MonkeyPatch) -> None:
    """127.0.0.1 is where what is sent to 127.0.0.1 comes from, like any address that a machine has itself."""
    monkeypatch.setattr(addresses, "is_public", lambda _address: True)

    assert not may_be_visited(IPv4Address("127.0.0.1"))
    assert may_be_visited(IPv4Address("192.0.2.1"))


@given(st.ip_addresses(v=4))
@example(IPv4Address("10.1.2.3"))
def test_ipv4_address_inside_of_an_ipv6_one_is_no_more_public_than_by_itself(inner: IPv4Address) -> None:
    number = int(inner)
    translated = int(IPv6Address("64:ff9b::")) + number
    carried = [number, (0xFFFF << 32) + number, (0x2002 << 112) + (number << 80), (0x20010000 << 96) + number]

    assert is_public(IPv6Address(translated)) == is_public(inner)
    assert not any(is_public(IPv6Address(each)) for each in carried)


@given(st.ip_addresses(v=4))
def test_no_address_of_a_network_that_is_set_apart_is_public(address: IPv4Address) -> None:
    apart = "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 224.0.0.0/3"

    assert is_public(address) <= (not any(address in IPv4Network(network) for network in apart.split()))


@given(st.text() | st.text().map(lambda rest: f"http://{rest}") | st.from_regex(r"https?://[\w.:@%\[\]-]+(/.*)?"))
def test_any_text_is_read_as_a_plain_public_looking_address_or_refused(text: str) -> None:
    try:
        address = read_address(text)
    except AddressRefused:
        return
    assert address.port in {80, 443}
    assert address.host == address.host.lower()
    assert "." in address.host
    assert str(address).isascii()
    assert str(address).isprintable()
    assert " " not in str(address)
    assert "@" not in address.origin
    if len(str(address)) <= LONGEST_URL:
        assert read_address(str(address)) == address
