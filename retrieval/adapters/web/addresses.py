"""Which links may be requested, and which addresses behind their names: every request and redirect is checked here.

Refused is whatever is not plainly a page on the public web: other schemes and ports, passwords in a link, numbers in
place of names, names of private networks, and names with even one address that is not public. A message never says
which address that was.
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

from retrieval.domain.limits import LONGEST_URL
from retrieval.errors import AddressRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

IPAddress: TypeAlias = IPv4Address | IPv6Address

PORTS: Final = {"http": 80, "https": 443}

_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0\\\ud800-\udfff]")
"""Also the backslash, which some programs read as a slash."""

_LONGEST_NAME: Final = 253
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_INNER_NAMES: Final = frozenset(
    {"alt", "arpa", "corp", "home", "internal", "intranet", "lan", "local", "localdomain", "localhost", "onion"}
)
"""Last labels that no public name has, though a resolver may know them."""

_PATH_KEPT = "%/:@!$&'()*+,;=~-._"
_QUERY_KEPT = _PATH_KEPT + "?"

_PUBLIC_IPV6 = IPv6Network("2000::/3")
"""All that was ever assigned for the public Internet; most translations of other addresses lie outside."""

_TRANSLATED_IPV4 = IPv6Network("64:ff9b::/96")
"""IPv4 addresses as a network without IPv4 writes them (NAT64): judged by the address inside."""

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
    """A link that may be requested once the addresses behind its name are checked too: lower case, ASCII, no fragment.

    A name in another script stands in its ASCII form (xn--…), so that it cannot pass for another name.
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
        """Scheme, name and, unless it is the scheme's default, port."""
        port = "" if self.port == PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"


def read_address(url: str) -> WebAddress:
    """Parse a link, without looking up its name. Raises AddressRefused with the reason."""
    url = url.strip()
    if len(url) > LONGEST_URL:
        raise AddressRefused("link.too_long", most=LONGEST_URL)
    if _UNPRINTABLE.search(url):
        raise AddressRefused("link.unusable")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise AddressRefused("link.unusable") from error
    if parts.scheme not in PORTS:
        raise AddressRefused("link.other_scheme" if parts.scheme and not _looks_like_a_host(url) else "link.unusable")
    if "@" in parts.netloc:
        raise AddressRefused("link.credentials")
    host = _read_host(parts.hostname or "")
    if port is None:
        port = PORTS[parts.scheme]
    if port not in PORTS.values():
        raise AddressRefused("link.other_port")
    target = quote(parts.path, safe=_PATH_KEPT) or "/"
    query = f"?{quote(parts.query, safe=_QUERY_KEPT)}" if parts.query else ""
    return WebAddress(parts.scheme, host, port, target + query)


def _looks_like_a_host(url: str) -> bool:
    """Whether a link has no scheme, though it has a colon: example.com:443/story."""
    return "." in url.partition(":")[0]


def _read_host(host: str) -> str:
    """The name in its normal form. Raises AddressRefused where it is none, or is of a private network."""
    if ":" in host:
        raise AddressRefused("link.number")
    try:
        name = (host if host.isascii() else idna.encode(host, uts46=True).decode()).lower().removesuffix(".")
    except (idna.IDNAError, UnicodeError) as error:
        raise AddressRefused("link.unusable") from error
    labels = name.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        raise AddressRefused("link.number")
    if labels[-1] in _INNER_NAMES:
        raise AddressRefused("link.private_network")
    if len(name) > _LONGEST_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressRefused("link.unusable")
    if len(labels) == 1:
        raise AddressRefused("link.private_network")
    return name


def is_public(address: IPAddress) -> bool:
    """Whether an address is on the public Internet: not private, shared, reserved or translated from such a one."""
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
    """Whether an address is public and not this machine's own, whose services may trust it more than strangers."""
    return is_public(address) and not _is_this_machine(address)


def _is_this_machine(address: IPAddress) -> bool:
    """Whether packets to it would come from it. Connecting a datagram socket sends nothing."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6  # noqa: PLR2004  # the version's own number
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((str(address), PORTS["http"]))
            return ip_address(probe.getsockname()[0]) == address
    except OSError:  # no route: connecting will fail too
        return False


def check_resolved(addresses: Iterable[str], allowed: Callable[[IPAddress], bool]) -> None:
    """Raise AddressRefused unless all addresses behind a name may be visited."""
    try:
        refused = not all(allowed(ip_address(address)) for address in addresses)
    except ValueError as error:
        raise AddressRefused("link.private_network") from error
    if refused:
        raise AddressRefused("link.private_network")
