"""What the worker says of an article, as it writes it and as it is believed: in nothing that is not checked.

The worker reads what strangers wrote, and may have been taken over by it. Whatever it says is made a value of the right
type, in bounds and in order, or is an error (ValueError, TypeError, KeyError). Addresses and dates are not taken from
it but from the draft.
"""

from __future__ import annotations

import re
from dataclasses import astuple
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from retrieval.adapters.sandbox.worker_protocol import LONGEST_KNOWN, MOST_AUTHORS, cut, told_moment, told_text
from retrieval.archive.records import NewQuotation, NewSpeaker, ReadArticle, ReadPassage
from retrieval.domain.articles import Draft, Notice, Source, Span
from retrieval.domain.quotations import Attribution, QuotationKind
from retrieval.reading import web_address
from retrieval.text.link_keys import address_key

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST_LINE: Final = 1_000
"""Characters of a headline, a name, a role; nothing that is read makes one so long."""
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def told_draft(fields: dict[str, object]) -> Draft:
    """The draft that a content was made into; a headline, a name or an address far too long is cut."""
    text = fields["text"]
    if not isinstance(text, str):
        message = "a draft without a text"
        raise TypeError(message)
    authors = fields.get("authors")
    return Draft(
        text=text,
        title=cut(told_text(fields.get("title"))),
        publisher=cut(told_text(fields.get("publisher"))),
        authors=tuple(str(author)[:LONGEST_KNOWN] for author in authors[:MOST_AUTHORS])
        if isinstance(authors, list)
        else (),
        url=cut(told_text(fields.get("url"))),
        published_at=told_moment(fields.get("published_at")),
        updated_at=told_moment(fields.get("updated_at")),
        language=cut(told_text(fields.get("language"))),
    )


def article_fields(read: ReadArticle) -> dict[str, object]:
    """What the worker says of an article that it has read."""
    source = read.source
    return {
        "title": source.title,
        "publisher": source.publisher,
        "authors": source.authors,
        "notice": source.notice,
        "body": read.body,
        "passages": [(*astuple(passage.span), " ".join(passage.words)) for passage in read.passages],
        "quotations": [_quotation_fields(quotation) for quotation in read.quotations],
    }


def told_article(fields: dict[str, Any], draft: Draft) -> ReadArticle:
    """The article that the draft was read as."""
    body, url = fields["body"], web_address(draft.url)
    if not isinstance(body, str) or len(body) > len(draft.text):  # reading only drops characters
        message = "no body, or one longer than the text"
        raise ValueError(message)
    source = Source(
        title=_line(fields["title"]),
        publisher=_optional(fields["publisher"]),
        authors=tuple(map(_line, fields["authors"])),
        url=url,
        published_at=draft.published_at,
        updated_at=draft.updated_at,
        notice=None if fields["notice"] is None else Notice(fields["notice"]),
    )
    passages = tuple(_passage(told, len(body)) for told in fields["passages"])
    quotations = tuple(_quotation(told, len(body)) for told in fields["quotations"])
    _check_order(passage.span for passage in passages)
    _check_order(quotation.content for quotation in quotations)
    if not passages:
        message = "an article without a passage"
        raise ValueError(message)
    return ReadArticle(source, body, passages, quotations, address_key(url) if url else None, draft.fetched_at)


def _quotation_fields(quotation: NewQuotation) -> dict[str, object]:
    spans = (quotation.content, quotation.context, quotation.cue, quotation.mention, quotation.via)
    return {
        "spans": [span and astuple(span) for span in spans],
        "kind": quotation.kind,
        "attribution": quotation.attribution,
        "confidence": quotation.confidence,
        "speakers": [astuple(speaker) for speaker in quotation.speakers],
    }


def _passage(told: list[Any], length: int) -> ReadPassage:
    start, end, words = told
    if not (isinstance(words, str) and words.isascii() and (not words or words.replace(" ", "").isalnum())):
        message = "words that are none"
        raise ValueError(message)
    return ReadPassage(_span((start, end), length), tuple(words.split()))


def _quotation(told: dict[str, Any], length: int) -> NewQuotation:
    content, context, cue, mention, via = told["spans"]
    around, confidence = _span(context, length), float(told["confidence"])
    quotation = NewQuotation(
        content=_span(content, length),
        context=around,
        kind=QuotationKind(told["kind"]),
        attribution=Attribution(told["attribution"]),
        confidence=confidence,
        speakers=tuple(
            NewSpeaker(_line(name), _optional(role), _optional(rank)) for name, role, rank in told["speakers"]
        ),
        cue=cue and _span(cue, length),
        mention=mention and _span(mention, length),
        via=via and _span(via, length),
    )
    if not (around.covers(quotation.content) and 0.0 <= confidence <= 1.0):
        message = "a quotation that is none"
        raise ValueError(message)
    return quotation


def _span(told: Iterable[object], length: int) -> Span:
    start, end = told
    if not (type(start) is int and type(end) is int and end <= length):
        message = f"a span outside of the text: {start!r}:{end!r}"
        raise ValueError(message)
    return Span(start, end)


def _check_order(spans: Iterable[Span]) -> None:
    if any(before.end > after.start for before, after in pairwise(spans)):
        message = "spans that overlap, or are out of order"
        raise ValueError(message)


def _line(told: object) -> str:
    if not (isinstance(told, str) and 0 < len(told) <= _LONGEST_LINE) or _CONTROL.search(told):
        message = "a name or headline that is none"
        raise ValueError(message)
    return told


def _optional(told: object) -> str | None:
    return None if told is None else _line(told)
