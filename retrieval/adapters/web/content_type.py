"""Checks the type of what a server sends: only types that articles and feeds come in are read."""

from __future__ import annotations

import re
from typing import Final

from retrieval.domain.file_types import FEED_TYPES, MEDIA_TYPES, PAGE_TYPES, UNTYPED
from retrieval.errors import FetchFailed

_REFUSALS: Final = {"image": "site.picture", "video": "site.video", "audio": "site.recording", "font": "site.font"}
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([a-z0-9][\w.:+-]{0,39})", re.IGNORECASE | re.ASCII)
_TYPE = re.compile(r"[a-z0-9.+-]+/[a-z0-9.+-]+")
_MAY_BE_FEED = re.compile(r"text/|.*(?:xml|rss|atom|json|unknown|download)")
_BEGINS_FEED = re.compile(
    rb"(?:\xff\xfe|\xfe\xff|\xef\xbb\xbf)?\s*+(?:<\?xml\s|<(?:rss|feed|rdf:RDF)\b|\{\s*+\"[^{}]{0,900}jsonfeed\.org)"
)
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff", b"<\0", b"\0<")
"""Also the first tag itself: a feed in UTF-16 may have no byte order mark."""
_BEGINNING: Final = 2048


def read_content_type(header: str) -> tuple[str, str | None]:
    """The type and charset of a Content-Type header. Raises FetchFailed for a type that is not read.

    What has no type, or one that a feed may have by mistake, is `UNTYPED`.
    """
    match = _TYPE.match(header.strip().lower())
    kind = match.group() if match is not None else UNTYPED
    if kind not in PAGE_TYPES | FEED_TYPES:
        refusal = _REFUSALS.get(kind.partition("/")[0])
        if refusal is not None or not _MAY_BE_FEED.match(kind):
            raise FetchFailed(refusal or "site.other_kind")
        kind = UNTYPED
    charset = _CHARSET.search(header)
    return kind, charset[1].lower() if charset else None


def check_content(content: bytes, kind: str, charset: str | None) -> None:
    """Raise FetchFailed where the content is plainly not of the type that the site named, or is untyped and no feed."""
    beginning = content[:_BEGINNING]
    file_type = MEDIA_TYPES.get(kind)
    if kind == UNTYPED and not _BEGINS_FEED.match(beginning.replace(b"\0", b"")):
        raise FetchFailed("site.other_kind")
    if file_type is not None and file_type.signature:
        is_of_type = file_type.signature in beginning
    else:
        wide = beginning.startswith(_WIDE_MARKS) or (charset or "").startswith(("utf-16", "utf-32", "ucs"))
        is_of_type = wide or b"\0" not in beginning
    if not is_of_type:
        raise FetchFailed("site.wrong_content_type")
