"""How a content or a draft is handed to a worker and taken by it, and how the worker's word is believed: both ends.

A request is a line of JSON about it, then its bytes. An answer's fields come from a process that reads what
strangers wrote: each is made what it should be, or is an error.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any

from retrieval.domain.articles import Draft
from retrieval.domain.pages import Fetched

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST_KNOWN = 5_000
"""Characters that are handed over of a headline or a name; what is kept of them is far shorter."""
MOST_AUTHORS = 100


def handed(fetched: Fetched) -> bytes:
    """The request for a content."""
    head = {"url": fetched.url, "content_type": fetched.content_type, "charset": fetched.charset}
    return _packed(head, fetched.content)


def handed_draft(draft: Draft, *, by_rules: bool) -> bytes:
    """The request to read a draft: all of it that a text is understood by."""
    head = {
        "by_rules": by_rules,
        "title": cut(draft.title),
        "publisher": cut(draft.publisher),
        "authors": [cut(author) for author in draft.authors[:MOST_AUTHORS]],
    }
    return _packed(head, draft.text.encode("utf-8", "surrogatepass"))


def taken(requests: IO[bytes]) -> Iterator[Fetched | DraftTaken]:
    """What is handed over, one content or draft after the other, until there are no more."""
    for head, content in _unpacked(requests):
        yield _draft(head, content) if "by_rules" in head else _content(head, content)


def taken_contents(requests: IO[bytes]) -> Iterator[Fetched]:
    """The contents that are handed over, where nothing else is."""
    return (_content(head, content) for head, content in _unpacked(requests))


def _unpacked(requests: IO[bytes]) -> Iterator[tuple[dict[str, Any], bytes]]:
    while line := requests.readline():
        head = json.loads(line)
        yield head, requests.read(head["length"])


def _content(head: dict[str, Any], content: bytes) -> Fetched:
    return Fetched(head["url"], content, head["content_type"], head["charset"])


def _draft(head: dict[str, Any], content: bytes) -> DraftTaken:
    text, authors = content.decode("utf-8", "surrogatepass"), tuple(head["authors"])
    return DraftTaken(Draft(text, head["title"], head["publisher"], authors), by_rules=head["by_rules"])


@dataclass(frozen=True, slots=True)
class DraftTaken:
    """A draft that is to be read, and whether by rules alone."""

    draft: Draft
    by_rules: bool


def _packed(head: Mapping[str, object], content: bytes) -> bytes:
    return json.dumps({**head, "length": len(content)}).encode() + b"\n" + content


def cut(text: str | None) -> str | None:
    """As much of a headline or a name as is handed over."""
    return text and text[:LONGEST_KNOWN]


def told_text(value: object) -> str | None:
    """A text of an answer, or that there is none."""
    return None if value is None else str(value)


def told_moment(value: object) -> datetime | None:
    """A time of an answer, or that there is none. Raises ValueError."""
    return None if value is None else datetime.fromisoformat(str(value))
