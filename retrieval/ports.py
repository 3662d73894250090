"""The interfaces of engines that can be exchanged. Each adapter passes the suite of its port in `tests/contracts/`."""

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
    from retrieval.domain.readings import PassageText, Reading
    from retrieval.domain.scope import Scope
    from retrieval.text.feed_document import FeedDocument, FeedsNamed


class Search(Protocol):
    """Finds passages that are visible to a scope. The archive is the truth; an engine's own data is derived from it.

    Thread-safe: searches may run while another thread adds or removes articles.
    """

    def candidates(
        self, scope: Scope, vector: FloatArray, words: Sequence[str], k: int, made_by: EmbeddingSpec | None = None
    ) -> tuple[Candidate, ...]:
        """The union of the k passages nearest to `vector` by cosine and the k best for `words` by BM25.

        Both scores are filled in for every passage of the union. Only passages visible to the scope are returned. Each
        of the two lists is ordered by descending score, ties by ascending passage id, before it is cut at k; a passage
        that holds none of the words is in no lexical list. The union is ordered by descending similarity, ties by
        ascending passage id.

        `vector` is (d,), float32, of length one. `words` come from `text.words.analyse`; repeated words count once.
        BM25 has k1 = 1.2, b = 0.75, idf = ln(1 + (N - n + .5) / (n + .5)); N and n count the passages visible to the
        scope, and an article's title stands before each of its passages. An engine may leave out words that stand in a
        large share of a large archive.

        `made_by` is the model of `vector`, by default the engine's own. Vectors of two models are never compared:
        raises EmbeddingMismatch where the archive's are now of another model.

        Raises ValueError for a wrong dimension, for NaN or infinity, and for k < 1.
        """

    def sync(self, made_by: EmbeddingSpec | None = None) -> None:
        """Catch up with the archive; every search begins with this, and it is cheap.

        Where the archive has changed to the model `made_by`, so does the engine. Raises EmbeddingMismatch as
        `candidates` does.
        """

    def close(self) -> None:
        """Release the engine's memory and threads."""


class Embedder(Protocol):
    """Turns texts into vectors, finite and of length one. Deterministic for one `spec`. Thread-safe."""

    @property
    def spec(self) -> EmbeddingSpec:
        """The model's identity, known without loading it."""

    def embed_passages(self, texts: Sequence[str]) -> FloatArray:
        """(n, d) float32 for n texts, in their order."""

    def embed_tokens(self, texts: Sequence[str]) -> Iterator[PassageEmbedding]:
        """As `embed_passages`, each with its token vectors, in order; computed a few at a time as they are consumed."""

    def embed_query(self, text: str) -> QueryEmbedding:
        """The question's vector and those of its tokens."""

    def warm_up(self) -> None:
        """Load the model, so that later calls are quick. Raises ModelUnavailable."""


class Reader(Protocol):
    """Reads a question and a passage together, and scores each sentence as the answer. Deterministic. Thread-safe."""

    @property
    def spec(self) -> EmbeddingSpec:
        """The embedding model whose weights it uses."""

    @property
    def most_passages(self) -> int:
        """How many passages of a question it can read in the time it may take; 0 where the machine is too slow."""

    def read(self, question: str, passages: Sequence[PassageText]) -> list[Reading]:
        """Read each of the passages. Raises ModelUnavailable."""

    def warm_up(self) -> None:
        """Measure how long a passage takes. Raises ModelUnavailable."""


class Fetcher(Protocol):
    """Fetches links of the public web; the only way out. Thread-safe.

    No request ever reaches an address that is not public, whatever the link and wherever a redirect leads.
    """

    def fetch(self, url: str, validators: Validators | None = None) -> Fetched | NotModified:
        """The content, of at most `limits.LARGEST_FILE` bytes, within 15 s; NotModified where `validators` still holds.

        Waits where the host was asked a moment ago. Raises FetchFailed, and AddressRefused for what is never requested:
        another scheme or port, a private network, also behind a redirect, a page closed to bots.
        """


class Extractor(Protocol):
    """Extracts an article from a page, a file or a message, in a sandbox. Thread-safe."""

    def extract(self, fetched: Fetched, *, cancellation: Cancellation = NOT_CANCELLED) -> Draft:
        """The article: text, headline, publisher, authors, date, canonical address.

        Reads the types of `domain.file_types`, by the content itself and then its media type. Raises ArticleRejected
        with the reason: no article, a paywall, a consent page, a video, too few words, or too much to parse
        (WorkerKilled).
        Raises WorkerUnavailable and Stopping; WorkCancelled before it has begun.
        """


class ArticleReader(Protocol):
    """Reads an article's text, which may be hostile, in a sandbox. Thread-safe."""

    def read(self, draft: Draft, *, by_rules: bool = False, cancellation: Cancellation = NOT_CANCELLED) -> ReadArticle:
        """The result of `reading.read_article`; quotations by the parser, if there is one, unless `by_rules`.

        Raises ArticleRejected with the reason (WorkerKilled where reading was broken off), WorkerUnavailable and
        Stopping; WorkCancelled before it has begun.
        """


class FeedParser(Protocol):
    """Parses feeds, which may be hostile, in a sandbox. Thread-safe."""

    def read(self, fetched: Fetched) -> FeedDocument | FeedsNamed:
        """The feed (RSS, Atom, JSON Feed), as much of a broken one as can be read; for a page, the feeds that it names.

        Raises FeedKilledWorker where it is too much to read, WorkerUnavailable and Stopping.
        """
