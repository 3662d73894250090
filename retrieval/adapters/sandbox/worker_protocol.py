"""How requests and answers travel between the bot and its workers: used at both ends, and cheap to import.

A request is a line of JSON about a content or a draft, then its bytes. An answer is one line of JSON. The bot decodes
answers strictly (`worker_client`); a worker trusts what the bot asks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING, Final

from retrieval.domain.articles import Draft, LinkedWords
from retrieval.domain.limits import MOST_LINKED
from retrieval.domain.pages import Fetched

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

LONGEST_LINE: Final = 5_000
"""Characters that are sent of a headline, a name or an address; what is stored of them is far shorter."""
MOST_AUTHORS: Final = 100

ARTICLE_SECONDS: Final = 15.0
"""The processor time that one page, or one text by rules, may take; usual ones take a tenth of a second."""
PARSED_SECONDS: Final = 90.0
"""The same with spaCy, its loading included; the longest articles take half a minute."""
FEED_SECONDS: Final = 20.0
"""The processor time that one feed may take; 5 MB of a usual one take a third of a second."""
WITH_PARSER: Final = "spacy"
"""The argument of an article worker that parses."""
OUT_OF_MEMORY: Final = "MemoryError"
"""What a worker answers as `failed` before it ends because its memory ran out."""


@dataclass(frozen=True, slots=True)
class DraftRequest:
    """A draft to be read, with its quotations attributed by rules alone or by a parse."""

    draft: Draft
    by_rules: bool


def content_request(fetched: Fetched) -> bytes:
    """The request to extract or parse a content."""
    head = {"url": fetched.url, "content_type": fetched.content_type, "charset": fetched.charset}
    return _request(head, fetched.content)


def draft_request(draft: Draft, *, by_rules: bool) -> bytes:
    """The request to read a draft: its text, and what of its source helps to understand it."""
    head = {
        "by_rules": by_rules,
        "title": draft.title and draft.title[:LONGEST_LINE],
        "publisher": draft.publisher and draft.publisher[:LONGEST_LINE],
        "authors": [author[:LONGEST_LINE] for author in draft.authors[:MOST_AUTHORS]],
        "linked": [
            (each.words[:LONGEST_LINE], each.speaker and each.speaker[:LONGEST_LINE], each.disputed)
            for each in draft.linked[:MOST_LINKED]
        ],
        "page_lines": [line[:LONGEST_LINE] for line in draft.page_lines],
    }
    return _request(head, draft.text.encode("utf-8", "surrogatepass"))


def read_requests(stream: IO[bytes]) -> Iterator[Fetched | DraftRequest]:
    """The requests of a stream, until its end."""
    while line := stream.readline():
        head = json.loads(line)
        content = stream.read(head["length"])
        if "by_rules" in head:
            text, authors = content.decode("utf-8", "surrogatepass"), tuple(head["authors"])
            linked = tuple(LinkedWords(*each) for each in head["linked"])
            lines = tuple(head["page_lines"])
            draft = Draft(text, head["title"], head["publisher"], authors, linked=linked, page_lines=lines)
            yield DraftRequest(draft, head["by_rules"])
        else:
            yield Fetched(head["url"], content, head["content_type"], head["charset"])


def write_answer(stream: IO[bytes], answer: object) -> None:
    """Write one answer: dataclasses as objects, times as ISO 8601, and U+FFFD for half a surrogate pair."""
    line = json.dumps(answer, default=_encodable, ensure_ascii=False) + "\n"
    stream.write(line.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode())
    stream.flush()


def _request(head: Mapping[str, object], content: bytes) -> bytes:
    return json.dumps({**head, "length": len(content)}).encode() + b"\n" + content


def _encodable(value: object) -> object:
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, frozenset) else str(value)
