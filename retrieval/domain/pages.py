"""What the web answers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server sent to tell later whether a page has changed: opaque, sent back as it was."""

    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer's content: decompressed, not larger than allowed, not yet looked at.

    `url` is where the redirects ended; `moved_to` is the new address where all of them were permanent.
    """

    url: str
    content: bytes
    content_type: str
    charset: str | None = None
    validators: Validators = Validators()
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The page has not changed since its validators were sent."""
