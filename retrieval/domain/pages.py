"""What the web answers with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

WHOLE_LINK: Final = "it should begin with https://, like https://example.com/story."
"""What is said of every link that is none, wherever it was given."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask whether something has changed since: opaque, sent back as it was."""

    etag: str | None = None
    modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered with: at most as much as was allowed, unpacked, not yet looked at.

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
    """Nothing has changed since the validators were given."""
