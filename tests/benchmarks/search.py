"""Times questions to made-up archives of any size: `python -m tests.benchmarks.search 8000 100000`.

Words follow Zipf's law, vectors and token vectors are random but of the real size, one passage in a hundred belongs to
a server. Prints two Markdown tables: the search alone, and the whole of `/ask` but for embedding the question, part by
part; medians, by the clock and by the time all threads had a processor, which a busy machine lengthens least.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from concurrent.futures import Future
from contextlib import closing
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
from typing_extensions import override

from retrieval.active_model import ActiveModel
from retrieval.adapters.search.faiss_search import FaissSearch
from retrieval.archive.opening import open_archive
from retrieval.archive.records import NewArticle, NewPassage
from retrieval.articles.importing import Importer
from retrieval.asking import answering, ranking
from retrieval.domain.articles import Source, Span
from retrieval.domain.embeddings import EmbeddingSpec, QueryEmbedding
from retrieval.domain.ids import SHARED, CollectionId
from retrieval.domain.scope import Scope
from retrieval.newsroom import Newsroom
from retrieval.text.token_vectors import pack
from retrieval.text.words import analyse
from tests.support.fakes import HashingEmbedder, PlainArticleReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from retrieval.archive.archive import Archive
    from retrieval.domain.embeddings import FloatArray

DIMENSION: Final = 384
SPEC: Final = EmbeddingSpec("random", "1", DIMENSION, "0" * 64)
SERVER: Final = CollectionId(7)
PASSAGES_AN_ARTICLE, WORDS_A_PASSAGE, WORDS_A_SENTENCE, VOCABULARY = 6, 170, 22, 60_000
TOKENS_A_PASSAGE = 110
QUESTIONS, WORDS_A_QUESTION, K = 60, 8, 50

_Result = TypeVar("_Result")

_SYLLABLES = ("ba", "ri", "to", "ne", "sul", "ka", "mo", "fer", "di", "lan", "pe", "vor")


class MadeUpEmbedder(HashingEmbedder):
    """Says random vectors of the real size, for a question always the same, which it makes but once."""

    def __init__(self) -> None:
        super().__init__(DIMENSION)
        self._spec = SPEC
        self._random = np.random.default_rng(8)
        self._said: dict[str, QueryEmbedding] = {}

    @override
    def embed_query(self, text: str) -> QueryEmbedding:
        if text not in self._said:
            places = super().embed_query(text).token_places
            vectors = unit(self._random, len(places))
            self._said[text] = QueryEmbedding(vectors[0], vectors, np.arange(2000, 2000 + len(places)), places)
        return self._said[text]


def main(sizes: Sequence[int]) -> None:
    """Measure each size in an archive of its own."""
    say = sys.stdout.write
    search_lines, ask_lines = [], []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, open_archive(Path(folder) / "bench.sqlite3") as archive:
            fill(archive, size)
            started = time.perf_counter()
            with closing(FaissSearch(archive, SPEC)) as search:
                built = time.perf_counter() - started
                for name, scope in (("everybody", Scope()), ("a server", Scope(SERVER))):
                    alone, both = searched(search, scope, words=False), searched(search, scope, words=True)
                    search_lines.append(
                        f"| {size:,} | {built:.2f} s | {name} | {statistics.median(alone):.2f} ms "
                        f"| {statistics.median(both):.2f} ms | {max(both):.2f} ms |\n"
                    )
                ask_lines += [f"| {size:,} | {line}" for line in asked(archive, search)]
    say("| passages | index built | reader | vectors alone, median | with words, median | with words, slowest |\n")
    say("| --- | --- | --- | --- | --- | --- |\n")
    say("".join(search_lines))
    say("\n| passages | part of /ask | by the clock, median | processor, median |\n| --- | --- | --- | --- |\n")
    say("".join(ask_lines))


def fill(archive: Archive, size: int) -> None:
    """Articles of random passages."""
    random = np.random.default_rng(5)
    starts = np.linspace(0, 1000, TOKENS_A_PASSAGE).astype(int).tolist()
    tokens = [pack(unit(random, TOKENS_A_PASSAGE), starts) for _ in range(50)]
    for number in range(size // PASSAGES_AN_ARTICLE):
        vectors = unit(random, PASSAGES_AN_ARTICLE)
        texts = [" ".join(sentences(random, WORDS_A_PASSAGE)) for _ in range(PASSAGES_AN_ARTICLE)]
        passages, start = [], 0
        for text, vector in zip(texts, vectors, strict=True):
            packed = tokens[int(random.integers(len(tokens)))]
            passages.append(NewPassage(Span(start, start + len(text)), tuple(analyse(text)), vector, packed))
            start += len(text) + 2
        article = NewArticle(Source(f"Article {number}", f"Paper {number % 40}"), "\n\n".join(texts), tuple(passages))
        archive.articles.add(article, SPEC, collection=SHARED if number % 100 else SERVER, now=datetime.now(UTC))


def searched(search: FaissSearch, scope: Scope, *, words: bool) -> list[float]:
    """Milliseconds of each question, the first few left out."""
    random = np.random.default_rng(6)
    spent = []
    for vector in unit(random, QUESTIONS + 5):
        wanted = list(zipf(random, WORDS_A_QUESTION)) if words else []
        started = time.perf_counter()
        search.candidates(scope, vector, wanted, K)
        spent.append(1000 * (time.perf_counter() - started))
    return spent[5:]


def asked(archive: Archive, search: FaissSearch) -> Iterator[str]:
    """The rest of a table's line for the whole of a question, and for each part; the first few left out."""
    warm: Future[None] = Future()
    warm.set_result(None)
    embedder, scope, random = MadeUpEmbedder(), Scope(), np.random.default_rng(7)
    importer = Importer(archive, ActiveModel(embedder), PlainArticleReader())
    room = Newsroom(archive, search, ActiveModel(embedder), importer, warm)
    questions = [f"Why did {' '.join(zipf(random, WORDS_A_QUESTION))} on Monday?" for _ in range(QUESTIONS + 5)]
    embeddings = {question: embedder.embed_query(question) for question in questions}
    clock = Clock()
    for question in questions:
        clock.time("whole", lambda: room.ask(scope, question))  # noqa: B023  # called at once
    for question in questions:
        embedding, words = embeddings[question], analyse(question)
        searched_in = clock.time("what is searched", lambda: room._searched(scope)[0])
        candidates = clock.time("search", lambda: search.candidates(scope, embedding.vector, words, K))  # noqa: B023
        ids = [candidate.passage_id for candidate in candidates]
        outlines = clock.time("what they promise", lambda: archive.passages.outlines(scope, ids, SPEC))  # noqa: B023
        listed = clock.time("short list", lambda: ranking.shortlist(question, embedding, candidates, outlines))  # noqa: B023
        found = clock.time("loading", lambda: archive.passages.find(scope, listed.passage_ids))  # noqa: B023
        clock.time("reading", lambda: answering.answer(listed, found, searched_in))  # noqa: B023
    for part, (by_clock, by_processor) in clock.spent.items():
        yield f"{part} | {statistics.median(by_clock[5:]):.1f} ms | {statistics.median(by_processor[5:]):.1f} ms |\n"


class Clock:
    """Milliseconds of calls by name: by the clock, and by the processor's time of all threads."""

    def __init__(self) -> None:
        self.spent: dict[str, tuple[list[float], list[float]]] = {}

    def time(self, name: str, call: Callable[[], _Result]) -> _Result:
        """Call, and remember how long it took."""
        by_clock, by_processor = self.spent.setdefault(name, ([], []))
        clock, processor = time.perf_counter(), time.process_time()
        result = call()
        by_clock.append(1000 * (time.perf_counter() - clock))
        by_processor.append(1000 * (time.process_time() - processor))
        return result


def sentences(random: np.random.Generator, count: int) -> Iterator[str]:
    """So many words in sentences."""
    words = list(zipf(random, count))
    for start in range(0, count, WORDS_A_SENTENCE):
        yield " ".join(words[start : start + WORDS_A_SENTENCE]).capitalize() + "."


def zipf(random: np.random.Generator, count: int) -> Iterator[str]:
    """Words whose frequency falls with their rank; the fifty commonest are function words, which are never indexed."""
    ranks = np.exp(random.uniform(np.log(50), np.log(VOCABULARY), count)).astype(int)
    return (word(rank) for rank in ranks.tolist())


@lru_cache(maxsize=VOCABULARY)
def word(rank: int) -> str:
    """A word for a rank, always the same, of two syllables and more."""
    made = ""
    while rank or len(made) < 4:
        rank, syllable = divmod(rank, len(_SYLLABLES))
        made += _SYLLABLES[syllable]
    return made


def unit(random: np.random.Generator, count: int) -> FloatArray:
    """(count, d) random directions."""
    vectors = random.standard_normal((count, DIMENSION)).astype(np.float32)
    directions: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return directions


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [8_000])
