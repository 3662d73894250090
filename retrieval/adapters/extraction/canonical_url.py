"""The address that a page says it has, believed only within its own site."""

from __future__ import annotations

import ipaddress
from urllib.parse import urljoin, urlsplit

from tld import get_fld

_LONGEST = 2_000


def canonical(url: str, claimed: str | None) -> str | None:
    """`claimed` as a whole address, where it can be of the same site as `url`; None where it cannot.

    A page must not pass for another site's article; and a page that names the front page as its address would make all
    articles of its site one.
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
    """What a person registers: the name under a public suffix; the whole host where there is none."""
    if not host:
        return None
    try:
        ipaddress.ip_address(host)
    except ValueError:
        found = get_fld(f"https://{host}/", fail_silently=True, search_private=True)
        return found or host.removeprefix("www.")
    return host
