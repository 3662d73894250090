"""Hand-written stand-ins for what is slow or outside: an embedder that needs no model, a web that needs no network."""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from retrieval.domain.cancellation import NOT_CANCELLED, Cancellation
from retrieval.domain.embeddings import EmbeddingSpec, PassageEmbedding, QueryEmbedding
from retrieval.domain.pages import Fetched, NotModified, Validators
from retrieval.errors import AddressRefused, FetchFailed
from retrieval.reading import read_article

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from retrieval.archive.records import ReadArticle
    from retrieval.domain.articles import Draft
    from retrieval.domain.embeddings import FloatArray

_WORD = re.compile(r"\w+")
_NO_WORD = ""


class HashingEmbedder:
    """An `Embedder` whose vectors are made of the words' hashes: texts that share words are near each other.

    The same in every process and on every machine. `checksum` makes another model of it, with other vectors.
    """

    def __init__(self, dimension: int = 64, checksum: str = "0" * 64) -> None:
        self._spec = EmbeddingSpec(model="hashing", revision="1", dimension=dimension, checksum=checksum)

    @property
    def spec(self) -> EmbeddingSpec:
        return self._spec

    def embed_passages(self, texts: Sequence[str]) -> FloatArray:
        vectors = [self._sum(_words(text)) for text in texts]
        return np.array(vectors, dtype=np.float32).reshape(len(texts), self._spec.dimension)

    def embed_tokens(self, texts: Sequence[str]) -> Iterator[PassageEmbedding]:
        for text in texts:
            words = [(found.group().casefold(), found.span()) for found in _WORD.finditer(text)] or [(_NO_WORD, (0, 0))]
            vectors = np.array([self._vector(word) for word, _ in words], dtype=np.float32)
            yield PassageEmbedding(self._sum(_words(text)), vectors, tuple(place for _, place in words))

    def embed_query(self, text: str) -> QueryEmbedding:
        (found,) = self.embed_tokens([text])
        words = [text[start:end].casefold() for start, end in found.token_places]
        token_ids = np.array([_number(word) % 2**31 for word in words], dtype=np.int64)
        return QueryEmbedding(found.vector, found.token_vectors, token_ids, found.token_places)

    def warm_up(self) -> None:
        """There is nothing to load."""

    def _sum(self, words: Sequence[str]) -> FloatArray:
        total = np.sum([self._vector(word) for word in words], axis=0)
        return _unit(total)

    def _vector(self, word: str) -> FloatArray:
        return _word_vector(f"{self._spec.checksum} {word}", self._spec.dimension)


class PlainArticleReader:
    """An `ArticleReader` without its process, by rules."""

    def read(
        self,
        draft: Draft,
        *,
        by_rules: bool = False,  # noqa: ARG002  # as the port has it
        cancellation: Cancellation = NOT_CANCELLED,
    ) -> ReadArticle:
        cancellation.check()
        return read_article(draft)


class FakeFetcher:
    """A `Fetcher` over a web of pages that a test lays out: `web.page(url, html)`, then `web.fetch(url)`.

    What was laid out last for an address holds; an address that nothing was laid out for is gone (404). `asked` are the
    addresses in the order in which they were asked for, with the validators that were shown.
    """

    def __init__(self) -> None:
        self.asked: list[tuple[str, Validators | None]] = []
        self._pages: dict[str, Fetched] = {}
        self._moved: dict[str, str] = {}
        self._unchanged: set[str] = set()
        self._errors: dict[str, AddressRefused | FetchFailed] = {}
        self._lock = threading.Lock()

    def page(
        self,
        url: str,
        content: str | bytes,
        content_type: str = "text/html",
        charset: str | None = "utf-8",
        validators: Validators = Validators(),  # noqa: B008  # a frozen value
    ) -> None:
        """The address answers with this; to whoever shows the same validators, that nothing has changed."""
        self._forget(url)
        raw = content.encode(charset or "utf-8") if isinstance(content, str) else content
        self._pages[url] = Fetched(url, raw, content_type, charset, validators)

    def not_modified(self, url: str) -> None:
        """The address tells everybody who shows validators that nothing has changed."""
        self._unchanged.add(url)

    def moved(self, url: str, to: str) -> None:
        """The address sends everybody to another, for good."""
        self._forget(url)
        self._moved[url] = to

    def fails(self, url: str, status: int | None = None, retry_after: float | None = None) -> None:
        """The address answers with an error or, without a status, not at all."""
        self._forget(url)
        message = "That site does not answer." if status is None else f"That site answered with an error ({status})."
        self._errors[url] = FetchFailed(message, status=status, retry_after=retry_after)

    def refuses(self, url: str) -> None:
        """The address leads into an inner network."""
        self._forget(url)
        self._errors[url] = AddressRefused("link.private_network")

    def fetch(self, url: str, validators: Validators | None = None) -> Fetched | NotModified:
        with self._lock:
            self.asked.append((url, validators))
        return self._answer(url, validators, moved_to=None)

    def _answer(self, url: str, validators: Validators | None, moved_to: str | None) -> Fetched | NotModified:
        if url in self._moved:
            return self._answer(self._moved[url], validators, moved_to=self._moved[url])
        if url in self._errors:
            raise _again(self._errors[url])
        page = self._pages.get(url)
        validators = validators if validators != Validators() else None
        if validators is not None and (url in self._unchanged or (page is not None and validators == page.validators)):
            return NotModified()
        if page is None:
            message = "That page does not exist any more (404)."
            raise FetchFailed(message, status=404)
        return replace(page, moved_to=moved_to)

    def _forget(self, url: str) -> None:
        self._pages.pop(url, None)
        self._moved.pop(url, None)
        self._errors.pop(url, None)
        self._unchanged.discard(url)


def _again(error: AddressRefused | FetchFailed) -> AddressRefused | FetchFailed:
    """The same error without the trace of the last time."""
    return error.with_traceback(None)


@lru_cache(maxsize=50_000)
def _word_vector(word: str, dimension: int) -> FloatArray:
    return _unit(np.random.Generator(np.random.PCG64(_number(word))).normal(size=dimension))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold()) or [_NO_WORD]


def _number(word: str) -> int:
    return int.from_bytes(hashlib.sha256(word.encode()).digest()[:8])


def _unit(vector: NDArray[np.floating[Any]]) -> FloatArray:
    return (vector / np.linalg.norm(vector)).astype(np.float32)
