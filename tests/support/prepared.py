"""Articles ready to be stored, made from a few words: `new_article("Title", "one passage", "another")`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from retrieval.archive.records import NewArticle, NewPassage, NewQuotation, NewSpeaker
from retrieval.domain.articles import Source, Span
from retrieval.domain.quotations import Attribution, QuotationKind
from retrieval.text.token_vectors import pack
from tests.support.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.domain.embeddings import FloatArray

_WORD = re.compile(r"[a-z0-9]+")

NOON = datetime(2024, 3, 25, 12, tzinfo=UTC)
"""When everything in the tests happens."""


def day(number: int) -> datetime:
    """Noon, so many days later."""
    return NOON + timedelta(days=number)


def new_article(
    title: str,
    *texts: str,
    vectors: Sequence[FloatArray] | None = None,
    quotations: tuple[NewQuotation, ...] = (),
    published_at: datetime | None = None,
    publisher: str | None = "The Wire",
    embedder: HashingEmbedder | None = None,
) -> NewArticle:
    """An article whose passages are the texts, one a paragraph. Its words are lower-case, not stems."""
    found = vectors if vectors is not None else (embedder or HashingEmbedder()).embed_passages(texts)
    passages, start = [], 0
    for text, vector in zip(texts, found, strict=True):
        words = tuple(_WORD.findall(f"{title} {text}".lower()))
        passages.append(NewPassage(Span(start, start + len(text)), words, vector, tokens=packed(text)))
        start += len(text) + 1
    source = Source(title, publisher=publisher, authors=("Ann Lee",), published_at=published_at)
    return NewArticle(source, "\n".join(texts), tuple(passages), quotations)


def packed(text: str) -> bytes:
    """Token vectors of a text, as they are stored."""
    (embedding,) = HashingEmbedder().embed_tokens([text])
    return pack(embedding.token_vectors, [start for start, _ in embedding.token_places])


def quotation(
    body: str, words: str, *speakers: NewSpeaker, cue: str | None = None, disputed: bool = False
) -> NewQuotation:
    """A quotation of these words, whose context is the whole body and whose mention is its first word."""
    content = _span(body, words)
    return NewQuotation(
        content=content,
        context=Span(0, len(body)),
        kind=QuotationKind.DIRECT,
        attribution=Attribution.NAMED if speakers else Attribution.UNKNOWN,
        confidence=0.9,
        speakers=() if disputed else speakers,
        cue=_span(body, cue) if cue else None,
        mention=_span(body, body.split(maxsplit=1)[0]) if speakers else None,
        disputed=disputed,
        alleged=speakers if disputed else (),
    )


def _span(body: str, words: str) -> Span:
    start = body.index(words)
    return Span(start, start + len(words))
