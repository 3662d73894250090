"""From raw text to everything the archive stores of an article: body, passages, quotations, vectors; and into it.

Refuses, with the reason, what cannot be quoted; nothing is written before all of it is made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from retrieval.archive.records import Identity, NewArticle, NewPassage, NewQuotation, NewSpeaker, content_hash
from retrieval.domain.articles import Source
from retrieval.domain.cancellation import NOT_CANCELLED
from retrieval.errors import ArticleRejected
from retrieval.text.addresses import address_key
from retrieval.text.cleaning import normalise
from retrieval.text.counting import count_words
from retrieval.text.furniture import layout
from retrieval.text.notices import find_notice
from retrieval.text.passages import passages
from retrieval.text.quotations import find_quotations
from retrieval.text.token_vectors import pack_passage
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from retrieval.archive.archive import Archive
    from retrieval.domain.articles import AddedArticle, Draft, Span
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.embeddings import PassageEmbedding
    from retrieval.domain.ids import CollectionId, UserId
    from retrieval.models import Models
    from retrieval.ports import Embedder, Parser
    from retrieval.text.furniture import Layout
    from retrieval.text.quotations import FoundQuotation

LARGEST = 5_000_000
"""Characters beyond which a text is no news article."""

_LONGEST_PARSED = 200_000
_LONGEST_TITLE = 300
_LONGEST_NAME = 120
_LONGEST_URL = 2_000
_GUESSED_TITLE = 120
_FEWEST_WORDS = 4
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""What no address holds, though the standard library passes over some of it at either end."""


@dataclass(frozen=True, slots=True)
class ReadArticle:
    """An article as it was understood, before any vector is made."""

    source: Source
    body: str
    passages: tuple[Span, ...]
    quotations: tuple[NewQuotation, ...]
    address: str | None = None
    fetched_at: datetime | None = None

    @property
    def identity(self) -> Identity:
        """What makes it the same as another article, or a version of one."""
        return Identity(self.source, content_hash(self.body), self.address, self.fetched_at)


def read_article(draft: Draft, parser: Parser | None = None) -> ReadArticle:
    """Clean the text, tell furniture from paragraphs, cut passages, find quotations. Raises ArticleRejected.

    Without a parser, and in a text far longer than any article, quotations are attributed by rules.
    """
    if len(draft.text) > LARGEST:
        message = f"The text has {len(draft.text):,} characters; an article may have {LARGEST:,}."
        raise ArticleRejected(message)
    body = normalise(draft.text).text
    if not body:
        message = "The text is empty."
        raise ArticleRejected(message)
    known_title = _line(draft.title, _LONGEST_TITLE)
    found = layout(body, known_title)
    if not any(count_words(span.of(body)) >= _FEWEST_WORDS for span in found.text):
        message = "There is no article in this text, only headlines, captions, notices or page navigation."
        raise ArticleRejected(message)
    title = known_title or _title(body, found)
    url = _url(draft.url)
    source = Source(
        title=title,
        publisher=_line(draft.publisher, _LONGEST_NAME),
        authors=tuple(name for author in draft.authors if (name := _line(author, _LONGEST_NAME))),
        url=url,
        published_at=draft.published_at,
        updated_at=draft.updated_at,
        notice=find_notice(title, body),
    )
    parse = parser.parse(body) if parser is not None and len(body) <= _LONGEST_PARSED else None
    quotations = tuple(
        _quotation(quotation) for quotation in find_quotations(body, parse) if not _aside(quotation, found)
    )
    return ReadArticle(
        source=source,
        body=body,
        passages=tuple(passages(body, found.text)),
        quotations=quotations,
        address=address_key(url) if url else None,
        fetched_at=draft.fetched_at,
    )


def embed_article(read: ReadArticle, embedder: Embedder, cancellation: Cancellation = NOT_CANCELLED) -> NewArticle:
    """Make the vectors of an article's passages: everything the archive wants, in one value. Raises WorkCancelled."""
    title, body = read.source.title, read.body
    texts = [span.of(body) for span in read.passages]
    embeddings = _until_cancelled(embedder.embed_tokens([embedded_text(title, text) for text in texts]), cancellation)
    title_words = analyse(title)
    return NewArticle(
        source=read.source,
        body=body,
        passages=tuple(
            NewPassage(
                span=span,
                words=(*title_words, *analyse(text)),
                vector=embedding.vector,
                tokens=stored_tokens(title, text, embedding),
            )
            for span, text, embedding in zip(read.passages, texts, embeddings, strict=True)
        ),
        quotations=read.quotations,
        address=read.address,
        fetched_at=read.fetched_at,
    )


def store_article(
    archive: Archive,
    read: ReadArticle,
    models: Models,
    collection: CollectionId,
    by: UserId | None = None,
    *,
    cancellation: Cancellation = NOT_CANCELLED,
) -> AddedArticle:
    """Put an article into a collection; a text that the archive holds is not embedded again.

    The archive is asked before, and asked again in the transaction that adds: meanwhile others may have added it.
    Raises ModelUnavailable and WorkCancelled.
    """
    now = datetime.now(UTC)
    cancellation.begin_storing()
    known = archive.show_known(read.identity, collection=collection, now=now, by=by)
    if known is not None:
        return known
    cancellation.stored_nothing()

    def add(embedder: Embedder) -> AddedArticle:
        article = embed_article(read, embedder, cancellation)
        cancellation.begin_storing()
        return archive.add(article, embedder.spec, collection=collection, now=now, by=by)

    return models.use(add)


def embedded_text(title: str, text: str) -> str:
    """What is embedded for a passage: its article's headline tells what it is about. Never shown."""
    return f"{title}. {text}"


def stored_tokens(title: str, text: str, embedding: PassageEmbedding) -> bytes | None:
    """What re-ranking will want of `embedded_text`'s tokens: those of the passage itself."""
    return pack_passage(embedding, text, len(embedded_text(title, "")))


def _until_cancelled(embeddings: Iterator[PassageEmbedding], cancellation: Cancellation) -> Iterator[PassageEmbedding]:
    """The same, with a look at the cancellation before each."""
    cancellation.check()
    for embedding in embeddings:
        yield embedding
        cancellation.check()


def _quotation(found: FoundQuotation) -> NewQuotation:
    named = [speaker for speaker in found.mentions if speaker.named]
    return NewQuotation(
        content=found.content,
        context=found.sentence,
        kind=found.kind,
        attribution=found.attributed_by,
        confidence=found.confidence,
        speakers=tuple(NewSpeaker(name=speaker.name, role=speaker.role, rank=speaker.rank) for speaker in named),
        cue=found.cue,
        mention=found.mentions[0].mention if found.mentions else None,
        via=found.via,
    )


def _aside(quotation: FoundQuotation, found: Layout) -> bool:
    """Whether a quotation stands in the page's furniture, where headlines repeat what the text says."""
    return any(item.span.overlaps(quotation.content) for item in found.furniture)


def _title(body: str, found: Layout) -> str:
    """The headline's line or, without one, the beginning of the text."""
    if found.headline is not None:
        return found.headline.of(body)[:_LONGEST_TITLE]
    start = found.text[0].of(body)
    return start if len(start) <= _GUESSED_TITLE else start[:_GUESSED_TITLE].rsplit(" ", 1)[0] + " …"


def _line(text: str | None, longest: int) -> str | None:
    """One clean line of at most `longest` characters, or None where nothing is left."""
    line = " ".join(normalise(text).text.split()) if text else ""
    return (line if len(line) <= longest else line[: longest - 1].rstrip() + "…") or None


def _url(url: str | None) -> str | None:
    """A web address that may be shown as a link. Raises ArticleRejected."""
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
        plain = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        plain = False
    if not plain or len(url) > _LONGEST_URL or _UNPRINTABLE.search(url.strip()):
        message = f"The address {url[:100]!r} is not a plain http or https address."
        raise ArticleRejected(message)
    return url.strip()
