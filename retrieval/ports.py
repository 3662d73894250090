"""The seams at which an engine can be exchanged, with their contracts in prose.

Each adapter passes the contract suite of its port in `tests/contracts/`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from retrieval.domain.cancellation import NOT_CANCELLED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.archive.records import ReadArticle
    from retrieval.domain.articles import Draft
    from retrieval.domain.cancellation import Cancellation
    from retrieval.domain.embeddings import Candidate, EmbeddingSpec, FloatArray, PassageEmbedding, QueryEmbedding
    from retrieval.domain.pages import Fetched, NotModified, Validators
    from retrieval.domain.scope import Scope
    from retrieval.text.feed_document import FeedDocument, FeedsNamed


class Search(Protocol):
    """Retrieves passages for one reader. The archive is the truth; whatever an engine holds beside it is derived.

    Thread-safe: searches may run while another thread adds or removes.
    """

    def candidates(
        self, scope: Scope, vector: FloatArray, words: Sequence[str], k: int, made_by: EmbeddingSpec | None = None
    ) -> tuple[Candidate, ...]:
        """The union of the k passages nearest to `vector` by cosine and the k best for `words` by BM25.

        Both scores are filled in for every passage of the union. Only passages visible to the reader are returned. Each
        of the two lists is ordered by descending score, ties by ascending passage id, before it is cut at k; a passage
        that holds none of the words is in no lexical list. The union is ordered by descending similarity, ties by
        ascending passage id.

        `vector` is (d,), float32, of length one. `words` come from `text.words.analyse`; repeated words count once.
        BM25 has k1 = 1.2, b = 0.75, idf = ln(1 + (N - n + .5) / (n + .5)); N and n count the passages that
        the reader sees, and an article's title stands before each of its passages. An engine may leave out words that
        are found in a large share of a large archive.

        `made_by` is the model of `vector`; the one that the engine was made for, where nothing is said. Vectors of two
        models are never compared: raises EmbeddingMismatch where those of the archive are another's now.

        Raises ValueError for a wrong dimension, for NaN or infinity, and for k < 1.
        """
        ...

    def sync(self, made_by: EmbeddingSpec | None = None) -> None:
        """Bring the engine to the archive's present state. Every search begins with this; it is cheap.

        Where the archive has changed to the model `made_by`, so does the engine. Raises EmbeddingMismatch as
        `candidates` does.
        """
        ...

    def close(self) -> None:
        """Release what the engine holds; nothing is lost, since nothing is kept here alone."""
        ...


class Embedder(Protocol):
    """Turns texts into vectors. Deterministic for one `spec`. Thread-safe. Vectors are finite and of length one."""

    @property
    def spec(self) -> EmbeddingSpec:
        """What makes the vectors; known without loading the model."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> FloatArray:
        """(n, d) float32 for n texts, in their order."""
        ...

    def embed_tokens(self, texts: Sequence[str]) -> Iterator[PassageEmbedding]:
        """As `embed_passages`, each with its token vectors, in order; made a few at a time as they are taken."""
        ...

    def embed_query(self, text: str) -> QueryEmbedding:
        """The question's vector and those of its tokens."""
        ...

    def warm_up(self) -> None:
        """Load the model; later calls are quick. Raises ModelUnavailable."""
        ...


class Fetcher(Protocol):
    """Gets what an address on the public web answers with; the only way out. Thread-safe.

    No request ever reaches an address that is not public, whoever asks and wherever a redirect leads.
    """

    def fetch(self, url: str, known: Validators | None = None) -> Fetched | NotModified:
        """The content, at most five megabytes of it within fifteen seconds; NotModified where `known` still holds.

        Waits its turn where the host was asked a moment ago. Raises FetchFailed and, for what is never asked for
        (another scheme or port, an inner network, also behind a redirect, a page closed to bots), AddressRefused.
        """
        ...


class Extractor(Protocol):
    """Makes an article out of a page, a file or a message; parses where it can do no harm. Thread-safe."""

    def extract(self, fetched: Fetched, *, cancellation: Cancellation = NOT_CANCELLED) -> Draft:
        """The article in it: text, headline, publisher, authors, date, canonical address.

        By the content type and the content itself: HTML, PDF, mail, plain text. Raises ArticleRejected with the
        reason: no article, a paywall's stub, a consent page, a video's page, too few words, or too much to parse
        (WorkerKilled). Raises WorkerUnavailable and Stopping; WorkCancelled before it has begun.
        """
        ...


class ArticleReader(Protocol):
    """Understands an article's text where that can do no harm, whatever a stranger wrote. Thread-safe."""

    def read(self, draft: Draft, *, by_rules: bool = False, cancellation: Cancellation = NOT_CANCELLED) -> ReadArticle:
        """What `reading.read_article` makes of it; quotations by the parser, if there is one, unless `by_rules`.

        Raises ArticleRejected with the reason (WorkerKilled where reading it was broken off), WorkerUnavailable and
        Stopping; WorkCancelled before it has begun.
        """
        ...


class FeedParser(Protocol):
    """Reads feeds, where a hostile one can do no harm. Thread-safe."""

    def read(self, fetched: Fetched) -> FeedDocument | FeedsNamed:
        """The feed (RSS, Atom, JSON Feed), a broken one as far as it goes; for a page, the feeds that it names.

        Raises FeedRejected where it is too much to read (FeedKilledWorker), WorkerUnavailable and Stopping.
        """
        ...
