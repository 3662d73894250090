"""The rule of what may be asked on the web: which links, which names, which addresses behind the names.

Every request is checked here, and so is every redirect; nothing else decides. Refused is whatever is not plainly a page
on the public web: other schemes and ports than the web's, passwords in a link, numbers for names in any notation, names
of inner networks, and names of which but one address is not public. A message never says which address that was.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import quote, urlsplit

import idna
from typing_extensions import override

from retrieval.domain.pages import WHOLE_LINK
from retrieval.errors import AddressRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

IPAddress: TypeAlias = IPv4Address | IPv6Address

LONGEST_URL: Final = 2000
PORTS: Final = {"http": 80, "https": 443}

NOT_A_LINK = f"That is not a link that I can follow: {WHOLE_LINK}"
TOO_LONG = f"That link is longer than {LONGEST_URL:,} characters, so I leave it alone."
OTHER_SCHEME = "I only follow links that begin with https:// or http://."
CREDENTIALS = "That link has a user name or password in it, so I leave it alone. Try it without the part before the @."
OTHER_PORT = "That link asks for an unusual port; I only visit the ordinary ones, 80 and 443."
A_NUMBER = "That link has a number where the name of a site belongs; I only visit sites by their names."
INNER = "That link leads to a private network, which I never visit."

_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0\\\ud800-\udfff]")
"""Also the backslash, which is a slash to some readers and none to others."""

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_INNER_NAMES: Final = frozenset(
    {"alt", "arpa", "corp", "home", "internal", "intranet", "lan", "local", "localdomain", "localhost", "onion"}
)
"""Last labels that no public name has, and that a resolver may still answer to."""

_PATH_KEPT = "%/:@!$&'()*+,;=~-._"
_QUERY_KEPT = _PATH_KEPT + "?"

_PUBLIC_IPV6 = IPv6Network("2000::/3")
"""All that was ever given out for the public Internet; translations of other addresses lie mostly outside."""

_TRANSLATED_IPV4 = IPv6Network("64:ff9b::/96")
"""How a network without IPv4 writes IPv4 addresses (NAT64): as good as the address inside."""

_NOT_PUBLIC: Final = (
    IPv4Network("0.0.0.0/8"),
    IPv4Network("192.0.0.0/24"),  # for protocols, and the metadata of one cloud
    IPv4Network("192.88.99.0/24"),  # relays of 6to4
    IPv4Network("168.63.129.16/32"),  # one cloud's own service, inside each of its machines
    IPv6Network("2001::/23"),  # for protocols: Teredo, ORCHID and their like, which carry other addresses
    IPv6Network("2001:db8::/32"),
    IPv6Network("2002::/16"),  # 6to4, which carries an IPv4 address
    IPv6Network("3fff::/20"),
)
"""What `ipaddress.is_global` lets through in one or another release of Python."""


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A link that may be asked, once the addresses behind its name are checked too: lower case, ASCII, no fragment.

    A name in another script stands in its ASCII form (xn--…), so that nothing can be mistaken for another name.
    """

    scheme: str
    host: str
    port: int
    target: str
    """Path and query."""

    @override
    def __str__(self) -> str:
        return f"{self.origin}{self.target}"

    @property
    def origin(self) -> str:
        """Scheme, name and, where it is not the scheme's own, port."""
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"


def read_address(url: str) -> WebAddress:
    """What a link asks for. Raises AddressRefused with the reason; looks up nothing."""
    url = url.strip()
    if len(url) > LONGEST_URL:
        raise AddressRefused(TOO_LONG)
    if _UNPRINTABLE.search(url):
        raise AddressRefused(NOT_A_LINK)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused(NOT_A_LINK) from error
    if parts.scheme not in PORTS:
        raise AddressRefused(OTHER_SCHEME if parts.scheme and not _looks_like_a_host(url) else NOT_A_LINK)
    if "@" in parts.netloc:
        raise AddressRefused(CREDENTIALS)
    host = _read_host(parts.hostname or "")
    if port is None:
        port = PORTS[parts.scheme]
    if port not in PORTS.values():
        raise AddressRefused(OTHER_PORT)
    target = quote(parts.path, safe=_PATH_KEPT) or "/"
    query = f"?{quote(parts.query, safe=_QUERY_KEPT)}" if parts.query else ""
    return WebAddress(parts.scheme, host, port, target + query)


def _looks_like_a_host(url: str) -> bool:
    """example.com:443/story has no scheme, whatever stands before its colon."""
    return "." in url.partition(":")[0]


def _read_host(host: str) -> str:
    """The name in its one form. Raises AddressRefused where it is none, or is one of an inner network."""
    if ":" in host:
        raise AddressRefused(A_NUMBER)
    try:
        name = (host if host.isascii() else idna.encode(host, uts46=True).decode()).lower().removesuffix(".")
    except (idna.IDNAError, UnicodeError) as error:
        raise AddressRefused(NOT_A_LINK) from error
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        raise AddressRefused(A_NUMBER)
    if labels[-1] in _INNER_NAMES:
        raise AddressRefused(INNER)
    longest = 253
    if len(name) > longest or not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressRefused(NOT_A_LINK)
    if len(labels) == 1:
        raise AddressRefused(INNER)
    return name


def is_public(address: IPAddress) -> bool:
    """Whether anybody on the Internet can be meant by an address: no inner, shared, reserved or translated one."""
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return False
        if address in _TRANSLATED_IPV4:
            return is_public(IPv4Address(int(address) & 0xFFFF_FFFF))
        if address not in _PUBLIC_IPV6:
            return False
    if any(address in network for network in _NOT_PUBLIC if network.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def may_be_visited(address: IPAddress) -> bool:
    """Whether an address is public, and not this machine's own, where it may trust itself more than others."""
    return is_public(address) and not _is_this_machine(address)


def _is_this_machine(address: IPAddress) -> bool:
    """Whether what is sent there would come from there. Connecting a datagram socket sends nothing."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6  # noqa: PLR2004  # the version's own number
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((str(address), PORTS["http"]))
            return ip_address(probe.getsockname()[0]) == address
    except OSError:  # no way there at all: connecting will say so
        return False


def check_resolved(found: Iterable[str], allowed: Callable[[IPAddress], bool]) -> None:
    """Raises AddressRefused unless each of the addresses behind a name may be visited."""
    for each in found:
        try:
            address = ip_address(each)
        except ValueError as error:
            raise AddressRefused(INNER) from error
        if not allowed(address):
            raise AddressRefused(INNER)
