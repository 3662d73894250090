"""Keys of links: links with one key lead to the same article.

Only parts that are known to change nothing are dropped: two links of one article may have two keys, but two articles
must never share one.
"""

from __future__ import annotations

import re
from operator import itemgetter
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import idna

_TRACKING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|li_fat_id|mc_[ce]id"
    r"|mkt_tok|_hs(?:enc|mi)|vero_id|oly_(?:anon|enc)_id|wickedid|srsltid|s_cid|ns_\w+|at_(?:medium|campaign|custom\d|"
    r"link_\w+|format|bbc_team|ptr_name)|wt[._](?:mc|zmc)\w*|cmpid|icid|ftag|ocid|smid|smtyp|guccounter|guce_\w+"
    r"|__twitter_impression|amp_(?:js_v|gsa))",
    re.IGNORECASE,
)
_AMP_QUERY = {"amp": {"", "1", "true"}, "outputtype": {"amp"}}
_NAMED = re.compile(r"[\d-]")
_FRONT = re.compile(r"/(?:index|default)\.(?:html?|php|aspx?)$", re.IGNORECASE)
_SAFE = ":@!$&'()*+,;=~-._"
_KEEP = "surrogateescape"
"""Keeps invalid UTF-8 bytes distinct."""


def address_key(url: str) -> str:
    """The key of a link; the link itself where it is no http or https address.

    Dropped are the scheme, `www.`, the default port, the fragment (but not `#!…`, which selects a page), tracking
    parameters, marks of an AMP version (`/amp` behind an article's name, not a section's) and a final slash. Escapes
    are normalised and parameters sorted.
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url.strip()
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return url.strip()
    host = _ascii(parts.hostname.rstrip(".")).removeprefix("www.")
    usual = port in {None, {"http": 80, "https": 443}[parts.scheme]}
    path = _without_amp(_FRONT.sub("/", _normalised(parts.path)).rstrip("/"))
    pairs = parse_qsl(parts.query, keep_blank_values=True, errors=_KEEP)
    query = sorted((pair for pair in pairs if not _is_ignored(*pair)), key=itemgetter(0))
    shown = f"?{urlencode(query, errors=_KEEP)}" if query else ""
    fragment = f"#{parts.fragment}" if parts.fragment.startswith("!") else ""
    return f"{host}{'' if usual else f':{port}'}{path}{shown}{fragment}"


def site(url: str | None) -> str | None:
    """The host of an address without `www.`, or None. It stands in for the name of an unknown publisher."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def _without_amp(path: str) -> str:
    """A path without `/amp` behind what looks like an article's name."""
    before, _, last = path.rpartition("/")
    return before if last.lower() == "amp" and _NAMED.search(before.rpartition("/")[2]) else path


def _ascii(host: str) -> str:
    """A host in ASCII (IDNA), as is where that fails."""
    try:
        return host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host


def _normalised(path: str) -> str:
    """A path with normalised escapes; escaped slashes stay, and so does a path with invalid UTF-8."""
    try:
        pieces = [quote(unquote(piece, errors="strict"), safe=_SAFE) for piece in path.split("/")]
    except UnicodeDecodeError:
        return path
    return "/".join(pieces)


def _is_ignored(name: str, value: str) -> bool:
    """Whether a parameter does not change the page."""
    return bool(_TRACKING.fullmatch(name)) or value.lower() in _AMP_QUERY.get(name.lower(), set())
