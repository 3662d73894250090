"""The canonical URL that a page claims, believed only within its own site."""

from __future__ import annotations

import ipaddress
from urllib.parse import urljoin, urlsplit

from tld import get_fld

_LONGEST = 2_000


def canonical_url(url: str, claimed: str | None) -> str | None:
    """`claimed` as an absolute address of the site of `url`; None for another site's, or a front page.

    A page must not pass for another site's article; and if pages claimed the front page, all articles of a site would
    be one.
    """
    if not claimed or not url or len(claimed) > _LONGEST:
        return None
    try:
        whole = urljoin(url, claimed.strip())
        there, here = urlsplit(whole), urlsplit(url)
        plain = there.scheme in {"http", "https"} and there.port in {None, 80, 443} and there.username is None
    except ValueError:
        return None
    if not plain or any(character.isspace() for character in whole) or not (there.path.strip("/") or there.query):
        return None
    site = _site(there.hostname)
    return whole if site is not None and site == _site(here.hostname) else None


def _site(host: str | None) -> str | None:
    """The registered domain: one label under a public suffix; the whole host without one."""
    if not host:
        return None
    try:
        ipaddress.ip_address(host)
    except ValueError:
        domain = get_fld(f"https://{host}/", fail_silently=True, search_private=True)
        return domain or host.removeprefix("www.")
    return host
