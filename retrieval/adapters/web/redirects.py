"""Follows redirects one by one; each is a new link that is checked like the first."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from retrieval.adapters.web.addresses import PORTS, read_address
from retrieval.errors import AddressRefused, FetchFailed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from retrieval.adapters.web.addresses import WebAddress
    from retrieval.adapters.web.exchange import Deadline, Exchange, Response

MOST_REDIRECTS: Final = 5

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_PERMANENT: Final = frozenset({301, 308})


@dataclass(frozen=True, slots=True)
class Arrived:
    """Where the redirects ended; `moved` says that there were some, and that all of them were permanent."""

    address: WebAddress
    response: Response
    moved: bool


@contextmanager
def follow(
    exchange: Exchange,
    start: WebAddress,
    headers: Mapping[str, str],
    deadline: Deadline,
    before: Callable[[WebAddress], None],
) -> Iterator[Arrived]:
    """The last response, until the block ends. `before` is called with each address first, and may raise.

    A redirect from https to http is followed by https. Raises AddressRefused and FetchFailed.
    """
    address, permanent = start, True
    for hops in range(MOST_REDIRECTS + 1):
        with _naming_redirect(start, address):
            before(address)
        with _naming_redirect(start, address), exchange.ask(address, headers, deadline) as response:
            location = response.header("location")
            if response.status not in _REDIRECTS or not location:
                yield Arrived(address, response, permanent and hops > 0)
                return
            permanent = permanent and response.status in _PERMANENT
        with _naming_redirect(start, None):
            address = _target(address, location)
    raise FetchFailed("site.too_many_redirects", host=start.host)


def _target(address: WebAddress, location: str) -> WebAddress:
    """The address of a redirect, relative to where it stands. Raises AddressRefused."""
    with suppress(UnicodeDecodeError):
        location = location.encode("latin-1").decode("utf-8")  # as most servers send what is not ASCII
    try:
        joined = urljoin(str(address), location.strip().replace(" ", "%20"))
    except ValueError as error:
        raise AddressRefused("link.unusable") from error
    target = read_address(joined)
    if address.scheme == "https" and target.scheme == "http":
        return replace(target, scheme="https", port=PORTS["https"])
    return target


@contextmanager
def _naming_redirect(start: WebAddress, address: WebAddress | None) -> Iterator[None]:
    """Say in a refusal after a redirect that there was one."""
    try:
        yield
    except AddressRefused as error:
        if address == start:
            raise
        raise AddressRefused("link.after_redirect", host=start.host, error=error) from error
