"""Fetches pages from the public web: politely, within limits, and never from a private network.

`addresses` decides what may be requested, `exchange` sends requests. Here are the manners (robots.txt, a delay for each
host, an honest name) and what responses mean. No script of a page runs, and nothing that it links to is loaded.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from retrieval.adapters.web.addresses import may_be_visited, read_address
from retrieval.adapters.web.content_type import check_content, read_content_type
from retrieval.adapters.web.exchange import Deadline, Exchange, resolve_by_system
from retrieval.adapters.web.rate_limit import HostRateLimit
from retrieval.adapters.web.redirects import follow
from retrieval.adapters.web.robots_cache import RobotsCache
from retrieval.domain.limits import LARGEST_FILE
from retrieval.domain.pages import Fetched, NotModified, Validators
from retrieval.errors import FetchFailed

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from retrieval.adapters.web.addresses import IPAddress, WebAddress
    from retrieval.adapters.web.exchange import Resolver, Response
    from retrieval.adapters.web.redirects import Arrived

PRODUCT: Final = "Pullquote"
VERSION: Final = "0.1"

MOST_SECONDS: Final = 15.0
PATIENCE_SECONDS: Final = 30.0
"""The longest wait for a busy site, before the fifteen seconds begin."""

_ACCEPT: Final = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"
_OK: Final = frozenset({200, 203})
_REFUSALS: Final = {
    401: "site.members_only",
    402: "site.paid",
    403: "site.forbidden",
    404: "site.no_such_page",
    410: "site.page_gone",
    429: "site.busy",
    451: "site.legal_reasons",
}
_HEADER_VALUE = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,498}[\x21-\x7e])?")
"""Validators that may be sent back to a server."""


class WebFetcher:
    """A `Fetcher` that names itself and `contact`, an address of the operator's, to every site.

    `seconds`, `most`, `resolve`, `allowed` and `tls` are for tests: no setting leads to them.
    """

    def __init__(
        self,
        contact: str | None = None,
        delay: float = 1.0,
        *,
        seconds: float = MOST_SECONDS,
        most: int = LARGEST_FILE,
        resolve: Resolver = resolve_by_system,
        allowed: Callable[[IPAddress], bool] = may_be_visited,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        user_agent = f"{PRODUCT}/{VERSION}" + (f" (+{contact})" if contact else "")
        self._exchange = Exchange(user_agent, most, resolve=resolve, allowed=allowed, tls=tls)
        self._robots = RobotsCache(self._exchange, PRODUCT)
        self._rate_limit = HostRateLimit(delay)
        self._seconds = seconds
        self._most = most

    def fetch(self, url: str, validators: Validators | None = None) -> Fetched | NotModified:
        """See `Fetcher.fetch`. Raises AddressRefused for a page that robots.txt closes to bots, whoever asks."""
        address = read_address(url)
        self._rate_limit.wait(address.host, PATIENCE_SECONDS)
        deadline = Deadline(self._seconds)
        hosts = {address.host}

        def before(target: WebAddress) -> None:
            if target.host not in hosts:
                hosts.add(target.host)
                self._rate_limit.wait(target.host, deadline.left())
            self._robots.check(target, deadline)

        conditions = _conditions(validators)
        with follow(self._exchange, address, {"Accept": _ACCEPT, **conditions}, deadline, before) as arrived:
            return self._page(arrived, conditional=bool(conditions))

    def _page(self, arrived: Arrived, *, conditional: bool) -> Fetched | NotModified:
        response = arrived.response
        if response.status == HTTPStatus.NOT_MODIFIED and conditional:
            return NotModified()
        if response.status not in _OK:
            otherwise = "site.trouble" if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR else "site.unknown_status"
            code, host = _REFUSALS.get(response.status, otherwise), arrived.address.host
            raise FetchFailed(code, host=host, status=response.status, retry_after=response.retry_after)
        kind, charset = read_content_type(response.header("content-type"))
        content = response.read(self._most)
        check_content(content, kind, charset)
        return Fetched(
            url=str(arrived.address),
            content=content,
            content_type=kind,
            charset=charset,
            validators=_validators(response),
            moved_to=str(arrived.address) if arrived.moved else None,
        )


def _conditions(validators: Validators | None) -> dict[str, str]:
    """Headers that ask for a page only where it has changed."""
    if validators is None:
        return {}
    headers = {"If-None-Match": validators.etag, "If-Modified-Since": validators.modified}
    return {name: value for name, value in headers.items() if value and _HEADER_VALUE.fullmatch(value)}


def _validators(response: Response) -> Validators:
    values = (response.header("etag"), response.header("last-modified"))
    return Validators(*(value if _HEADER_VALUE.fullmatch(value) else None for value in values))
