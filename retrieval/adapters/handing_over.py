"""How a content is handed to a worker and taken by it, and how the worker's word is believed: both ends in one place.

A request is a line of JSON about the content, then its bytes. An answer's fields come from a process that reads what
strangers wrote: each is made what it should be, or is an error.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import IO, TYPE_CHECKING

from retrieval.domain.pages import Fetched

if TYPE_CHECKING:
    from collections.abc import Iterator


def handed(fetched: Fetched) -> bytes:
    """The request for a content."""
    head = {
        "url": fetched.url,
        "content_type": fetched.content_type,
        "charset": fetched.charset,
        "length": len(fetched.content),
    }
    return json.dumps(head).encode() + b"\n" + fetched.content


def taken(requests: IO[bytes]) -> Iterator[Fetched]:
    """What is handed over, one content after the other, until there are no more."""
    while line := requests.readline():
        head = json.loads(line)
        content = requests.read(head["length"])
        yield Fetched(head["url"], content, head["content_type"], head["charset"])


def told_text(value: object) -> str | None:
    """A text of an answer, or that there is none."""
    return None if value is None else str(value)


def told_moment(value: object) -> datetime | None:
    """A time of an answer, or that there is none. Raises ValueError."""
    return None if value is None else datetime.fromisoformat(str(value))
