"""Measures how everything grows with the archive: `python -m tests.benchmarks.growth [--svg FILE] 1000 10000 100000`.

One archive grows from size to size: articles of six passages, made of sentences whose words follow Zipf's law, with
random vectors and token vectors of the real size, written into the archive's own tables, thousands at a time.
At each size a process of its own opens it and asks; the embedder is made up and costs nothing, so that what is told is
what an answer takes beyond it. Prints a Markdown table; the processor's time is what a busy machine lengthens least.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import Future
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import sqlalchemy as sa
from typing_extensions import override

from bot.threads.offload import Offload
from config.settings import Settings
from retrieval.active_model import ActiveModel
from retrieval.adapters.embedding.onnx.embedder import OnnxEmbedder
from retrieval.adapters.embedding.reader import PairReader, read_weights
from retrieval.adapters.search.faiss_search import FaissSearch
from retrieval.archive import schema, vectors
from retrieval.archive.articles import visibility
from retrieval.archive.opening import open_archive
from retrieval.archive.records import NewArticle, NewPassage
from retrieval.archive.sqlite import full_text as stored_words
from retrieval.articles.importing import Importer
from retrieval.domain.articles import Source, Span
from retrieval.domain.ids import SHARED, CollectionId, PassageId
from retrieval.domain.scope import Scope
from retrieval.newsroom import Newsroom
from retrieval.text.token_vectors import pack
from retrieval.text.words import analyse
from tests.benchmarks import search as made_up
from tests.benchmarks.peer import MEGABYTE, resident
from tests.benchmarks.start import CROWD
from tests.support.fakes import PlainArticleReader
from tests.support.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.archive.archive import Archive
    from retrieval.domain.embeddings import EmbeddingSpec
    from retrieval.ports import Reader

SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
AIMS: Final = {1_000: 8.0, 100_000: 40.0, 1_000_000: 120.0}
SENTENCES, SENTENCES_A_PASSAGE, AT_ONCE, WARM = 20_000, 8, 500, 5
READ: Final = 20
"""Questions that are asked with the reader too."""


@dataclass(frozen=True, slots=True)
class Grown:
    """What one size costs: milliseconds, medians of 60 questions, by the clock and by the processor; seconds; MB."""

    passages: int
    ask: float
    ask_cpu: float
    read_cpu: float
    late: float
    search: float
    crowd: float
    ready: float
    memory: float
    disk: float


class Writer:
    """Makes passages out of ready sentences, whose words are analysed once."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._sentences = [
            " ".join(made_up.sentences(self._random, made_up.WORDS_A_SENTENCE)) for _ in range(SENTENCES)
        ]
        self._words = [tuple(analyse(sentence)) for sentence in self._sentences]
        starts = np.linspace(0, 1000, made_up.TOKENS_A_PASSAGE).astype(int).tolist()
        directions = (made_up.unit(self._random, made_up.TOKENS_A_PASSAGE) for _ in range(50))
        self._tokens = [pack(one, starts) for one in directions]

    def articles(self, first: int, count: int) -> Iterator[NewArticle]:
        """`count` articles, numbered from `first`."""
        for number in range(first, first + count):
            chosen = self._random.integers(SENTENCES, size=(made_up.PASSAGES_AN_ARTICLE, SENTENCES_A_PASSAGE))
            texts = [" ".join(self._sentences[place] for place in row) for row in chosen.tolist()]
            directions = made_up.unit(self._random, len(texts))
            passages, start = [], 0
            for text, row, vector in zip(texts, chosen.tolist(), directions, strict=True):
                words = tuple(word for place in row for word in self._words[place])
                tokens = self._tokens[int(self._random.integers(len(self._tokens)))]
                passages.append(NewPassage(Span(start, start + len(text)), words, vector, tokens))
                start += len(text) + 2
            source = Source(f"Article {number}", f"Paper {number % 40}")
            yield NewArticle(source, "\n\n".join(texts), tuple(passages))


def fill(archive: Archive, held: int, size: int) -> None:
    """Let the archive grow from `held` passages to `size`; one article in a hundred is a server's."""
    writer, now = Writer(held), datetime.now(UTC)
    number, last = -(-held // made_up.PASSAGES_AN_ARTICLE), -(-size // made_up.PASSAGES_AN_ARTICLE)
    while number < last:
        count = min(AT_ONCE, last - number)
        with archive._connections.writing() as connection:
            _store(connection, list(writer.articles(number, count)), number, now)
        number += count


def _store(connection: sa.Connection, new: Sequence[NewArticle], number: int, now: datetime) -> None:
    """As `inserting.store` does it, but a table at a time: ids are counted here, and nothing is looked up."""
    embedding = vectors.use(connection, made_up.SPEC)
    articles, passages, embedded, words, seen = [], [], [], [], []
    for id_, article in enumerate(new, number + 1):
        source, first = article.source, (id_ - 1) * made_up.PASSAGES_AN_ARTICLE + 1
        known: dict[str, object] = {
            "title": source.title,
            "publisher": source.publisher,
            "authors": [],
            "added_at": now,
        }
        articles.append({"id": id_, "content_hash": article.identity.body_hash, "body": article.body, **known})
        seen.append({"article_id": id_, "collection_id": SHARED if id_ % 100 else made_up.SERVER, "number": id_})
        for ordinal, passage in enumerate(article.passages):
            place = {"start": passage.span.start, "end": passage.span.end, "words": len(passage.words)}
            passages.append({"id": first + ordinal, "article_id": id_, "ordinal": ordinal, **place})
            vector = vectors.at_rest(passage.vector, made_up.DIMENSION)
            key = {"passage_id": first + ordinal, "embedding_id": embedding}
            embedded.append({**key, "vector": vector, "tokens": passage.tokens})
            words.append(passage.words)
    ids = [PassageId(row["id"]) for row in passages]
    connection.execute(sa.insert(schema.articles), articles)
    connection.execute(sa.insert(schema.passages), passages)
    connection.execute(sa.insert(schema.vectors), embedded)
    connection.execute(sa.insert(schema.visibility), seen)
    _count_numbers(connection, number + len(new))
    stored_words.store(connection, ids, words)
    for row in seen:
        visibility.note_change(connection, row["article_id"], "add", [CollectionId(row["collection_id"])])


def _count_numbers(connection: sa.Connection, last: int) -> None:
    """What is added by hand goes on from here."""
    connection.execute(sa.delete(schema.article_numbers))
    rows = [{"collection_id": collection, "last": last} for collection in (SHARED, made_up.SERVER)]
    connection.execute(sa.insert(schema.article_numbers), rows)


def measure(path: Path, size: int) -> Grown:
    """Open an archive of `size` passages, and ask."""
    warm: Future[None] = Future()
    warm.set_result(None)
    began = time.perf_counter()
    with open_archive(path) as archive, closing(FaissSearch(archive, made_up.SPEC)) as search:
        ready = time.perf_counter() - began
        embedder, scope, random = made_up.MadeUpEmbedder(), Scope(), np.random.default_rng(7)
        importer = Importer(archive, ActiveModel(embedder), PlainArticleReader())
        room = Newsroom(archive, search, ActiveModel(embedder), importer, warm)
        count = made_up.QUESTIONS + WARM
        asked = [f"Why did {' '.join(made_up.zipf(random, made_up.WORDS_A_QUESTION))} on Monday?" for _ in range(count)]
        clock = made_up.Clock()
        for question in asked:
            vector = embedder.embed_query(question).vector
            clock.time("ask", lambda: room.ask(scope, question))  # noqa: B023  # called at once
            found = analyse(question)
            clock.time("search", lambda: search.candidates(scope, vector, found, made_up.K))  # noqa: B023
        ask, ask_cpu = (times[WARM:] for times in clock.spent["ask"])
        alone, memory = clock.spent["search"][0][WARM:], resident()
        waits = asyncio.run(crowd(room, asked[:CROWD]))
        with_reader = Newsroom(archive, search, ActiveModel(embedder), importer, warm, reader=_reader())
        for question in asked[: WARM + READ]:
            clock.time("read", lambda: with_reader.ask(scope, question))  # noqa: B023
        return Grown(
            passages=size,
            ask=statistics.median(ask),
            ask_cpu=statistics.median(ask_cpu),
            read_cpu=statistics.median(clock.spent["read"][1][WARM:]),
            late=sorted(ask)[int(0.95 * len(ask))],
            search=statistics.median(alone),
            crowd=max(waits),
            ready=ready,
            memory=memory,
            disk=sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*")) / MEGABYTE,
        )


class _Reader(PairReader):
    """The shipped reader, which takes made-up vectors for those of its own model."""

    @property
    @override
    def spec(self) -> EmbeddingSpec:
        return made_up.SPEC


def _reader() -> Reader:
    """Reads as many passages as it ever does, with the light runtime."""
    embedder = OnnxEmbedder(Settings(_env_file=None).embedding_model)
    embedder.warm_up()
    return _Reader(embedder, read_weights())


async def crowd(room: Newsroom, questions: Sequence[str]) -> list[float]:
    """The seconds that each waits where all ask at the same moment, through the bot's own pool; none may be lost."""
    offload = Offload(workers=2, limit_seconds=60)

    async def one(question: str) -> float:
        began = time.perf_counter()
        await offload.answering.run(lambda: room.ask(Scope(), question))
        return time.perf_counter() - began

    waits = await asyncio.gather(*map(one, questions))
    offload.close()
    return waits


def grow(path: Path, sizes: Sequence[int]) -> Iterator[Grown]:
    """Each size, one after the other."""
    held = 0
    for size in sorted(sizes):
        with open_archive(path) as archive:
            fill(archive, held, size)
        held = size
        command = [sys.executable, "-m", "tests.benchmarks.growth", "--measure", str(path), str(size)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        told = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        yield Grown(**json.loads(told.stdout.splitlines()[-1]))


def row(grown: Grown) -> str:
    aim = f"{AIMS[grown.passages]:.0f} ms" if grown.passages in AIMS else ""
    cells = (
        f"{grown.passages:,}",
        f"{grown.ask:.1f} ms",
        f"{grown.ask_cpu:.1f} ms",
        f"{grown.read_cpu:.0f} ms",
        f"{grown.late:.0f} ms",
        f"{grown.search:.1f} ms",
        aim,
        f"{grown.crowd:.2f} s",
        f"{grown.ready:.2f} s",
        f"{grown.memory:,.0f} MB",
        f"{grown.disk:,.0f} MB",
    )
    return "| " + " | ".join(cells) + " |\n"


def picture(curve: Sequence[Grown]) -> str:
    """Time and memory over passages, both axes by powers of ten, as SVG."""
    across = [grown.passages for grown in curve]
    panels = (
        _panel(40, "ms an /ask takes beyond embedding", across, [grown.ask_cpu for grown in curve], (1, 1000)),
        _panel(400, "MB in memory", across, [grown.memory for grown in curve], (10, 10_000)),
    )
    style = "text{font:12px sans-serif;fill:#888}line{stroke:#8884}polyline{fill:none;stroke:#3b82f6;stroke-width:2}"
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 740 260" role="img">'
    title = "<title>What an answer costs as the archive grows</title>"
    return "\n".join((head, title, f"<style>{style}circle{{fill:#3b82f6}}</style>", *panels, "</svg>", ""))


def _panel(left: int, title: str, across: Sequence[int], values: Sequence[float], span: tuple[int, int]) -> str:
    width, top, height = 300, 40, 180
    low, high = np.log10(span)
    first, last = np.log10((min(across), max(across)))
    xs = [left + width * (np.log10(one) - first) / max(last - first, 1e-9) for one in across]
    ys = [top + height * (1 - (np.log10(max(one, span[0])) - low) / (high - low)) for one in values]
    parts = [f'<text x="{left}" y="22">{title}</text>']
    for power in range(int(low), int(high) + 1):
        y = top + height * (1 - (power - low) / (high - low))
        parts.append(f'<line x1="{left}" x2="{left + width}" y1="{y:.0f}" y2="{y:.0f}"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{10**power:,}</text>')
    parts.append('<polyline points="' + " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(xs, ys, strict=True)) + '"/>')
    for x, y, passages, value in zip(xs, ys, across, values, strict=True):
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>')
        parts.append(f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="middle">{value:,.0f}</text>')
        parts.append(f'<text x="{x:.1f}" y="{top + height + 18}" text-anchor="middle">{passages:,}</text>')
    return "\n".join(parts)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.growth")
    parser.add_argument("sizes", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--svg", type=Path, help="where to draw it")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    say = sys.stdout.write
    if given.measure:
        say(json.dumps(asdict(measure(given.measure, given.sizes[0]))) + "\n")
        return
    say("| Passages | `/ask` beyond embedding, median | · processor | · with the reader | 19 in 20 within ")
    say(f"| of which search | Aim | {CROWD} at once: the longest wait | Open and build | Memory | Disk |\n")
    say("|" + " --- |" * 11 + "\n")
    curve = []
    with tempfile.TemporaryDirectory() as folder:
        for grown in grow(Path(folder) / "growth.sqlite3", given.sizes):
            curve.append(grown)
            say(row(grown))
            sys.stdout.flush()
            if given.svg:
                given.svg.write_text(picture(curve), encoding="utf-8")


if __name__ == "__main__":
    main()
