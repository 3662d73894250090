"""Times one question against made-up archives of any size: `python -m tests.bench_search 8000 100000`.

Words follow Zipf's law, vectors are random, one passage in a hundred belongs to a server. Prints a Markdown table: what
building the index took, and the median and the slowest of the questions, with vectors alone and with words.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from retrieval.adapters.faiss_search import FaissSearch
from retrieval.archive.opening import open_archive
from retrieval.archive.records import NewArticle, NewPassage
from retrieval.domain import SHARED, CollectionId, EmbeddingSpec, Reader, Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.archive.archive import Archive
    from retrieval.domain import FloatArray

DIMENSION: Final = 384
SPEC: Final = EmbeddingSpec("random", "1", DIMENSION, "0" * 64)
SERVER: Final = CollectionId(7)
PASSAGES_AN_ARTICLE, WORDS_A_PASSAGE, VOCABULARY = 6, 100, 60_000
QUESTIONS, WORDS_A_QUESTION, K = 60, 8, 50


def main(sizes: Sequence[int]) -> None:
    """Measure each size in an archive of its own."""
    say = sys.stdout.write
    say("| passages | index built | reader | vectors alone, median | with words, median | with words, slowest |\n")
    say("| --- | --- | --- | --- | --- | --- |\n")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, open_archive(Path(folder) / "bench.sqlite3") as archive:
            fill(archive, size)
            started = time.perf_counter()
            with closing(FaissSearch(archive, SPEC)) as search:
                built = time.perf_counter() - started
                for name, reader in (("everybody", Reader()), ("a server", Reader(SERVER))):
                    alone, both = timed(search, reader, words=False), timed(search, reader, words=True)
                    say(
                        f"| {size:,} | {built:.2f} s | {name} | {statistics.median(alone):.2f} ms "
                        f"| {statistics.median(both):.2f} ms | {max(both):.2f} ms |\n"
                    )


def fill(archive: Archive, size: int) -> None:
    """Articles of random passages."""
    random = np.random.default_rng(5)
    body = "x" * 1000
    for number in range(size // PASSAGES_AN_ARTICLE):
        vectors = unit(random, PASSAGES_AN_ARTICLE)
        passages = tuple(
            NewPassage(Span(i * 100, i * 100 + 100), tuple(zipf(random, WORDS_A_PASSAGE)), vectors[i])
            for i in range(PASSAGES_AN_ARTICLE)
        )
        article = NewArticle(Source(f"Article {number}"), f"{number} {body}", passages)
        archive.add(article, SPEC, collection=SHARED if number % 100 else SERVER, now=datetime.now(UTC))


def timed(search: FaissSearch, reader: Reader, *, words: bool) -> list[float]:
    """Milliseconds of each question, the first few left out."""
    random = np.random.default_rng(6)
    spent = []
    for vector in unit(random, QUESTIONS + 5):
        asked = list(zipf(random, WORDS_A_QUESTION)) if words else []
        started = time.perf_counter()
        search.candidates(reader, vector, asked, K)
        spent.append(1000 * (time.perf_counter() - started))
    return spent[5:]


def zipf(random: np.random.Generator, count: int) -> Iterator[str]:
    """Words whose frequency falls with their rank; the fifty commonest are function words, which are never indexed."""
    ranks = np.exp(random.uniform(np.log(50), np.log(VOCABULARY), count)).astype(int)
    return (f"w{rank}" for rank in ranks)


def unit(random: np.random.Generator, count: int) -> FloatArray:
    """(count, d) random directions."""
    vectors = random.standard_normal((count, DIMENSION)).astype(np.float32)
    directions: FloatArray = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return directions


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [8_000])
