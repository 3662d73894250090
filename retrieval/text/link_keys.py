"""Whether two links lead to the same article, by their looks alone.

Refuses to guess: only what is known to change nothing is left out. Two links of one article may keep two keys; two
articles must never share one.
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
"""Bytes that are no UTF-8 stay apart from each other."""


def address_key(url: str) -> str:
    """What two links of the same article have in common; the link itself where it is no plain web address.

    Left out: the scheme, `www.`, the usual port, the fragment (but `#!`, which some sites' pages hang on), parameters
    that only tell where a reader came from, marks of an AMP version (`/amp` behind what looks like an article's own
    name, not behind a section's), a slash at the end. Escapes are written one way,
    parameters in one order.
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
    path = _without_amp(_FRONT.sub("/", _once(parts.path)).rstrip("/"))
    pairs = parse_qsl(parts.query, keep_blank_values=True, errors=_KEEP)
    query = sorted((pair for pair in pairs if not _says_nothing(*pair)), key=itemgetter(0))
    shown = f"?{urlencode(query, errors=_KEEP)}" if query else ""
    fragment = f"#{parts.fragment}" if parts.fragment.startswith("!") else ""
    return f"{host}{'' if usual else f':{port}'}{path}{shown}{fragment}"


def site(url: str | None) -> str | None:
    """The host of an address without `www.`; None where there is none. It stands for a publisher whom nobody names."""
    try:
        return (urlsplit(url or "").hostname or "").removeprefix("www.") or None
    except ValueError:
        return None


def _without_amp(path: str) -> str:
    """A path without `/amp` behind what looks like an article's own name."""
    before, _, last = path.rpartition("/")
    return before if last.lower() == "amp" and _NAMED.search(before.rpartition("/")[2]) else path


def _ascii(host: str) -> str:
    """A host as the network writes it."""
    try:
        return host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        return host


def _once(path: str) -> str:
    """A path with its escapes written one way. A byte that is no UTF-8, and a slash that is none, stay as they are."""
    try:
        pieces = [quote(unquote(piece, errors="strict"), safe=_SAFE) for piece in path.split("/")]
    except UnicodeDecodeError:
        return path
    return "/".join(pieces)


def _says_nothing(name: str, value: str) -> bool:
    """Whether a parameter leads nowhere else."""
    return bool(_TRACKING.fullmatch(name)) or value.lower() in _AMP_QUERY.get(name.lower(), set())
