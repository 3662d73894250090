"""A change of model that a test can hold, and what people see of it: for the tests of such changes."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from config.settings import OnModelChange, QuotationParser, Settings
from retrieval.archive.records import NewVector
from retrieval.articles.storing import embedded_text, stored_tokens
from retrieval.assembly import open_newsroom
from retrieval.domain.ids import SHARED, PassageId
from retrieval.domain.quotations import QuotationsFound
from retrieval.domain.scope import Scope
from tests.crash.texts import draft
from tests.support.articles import BAKERY, BRIDGE, SCHOOL
from tests.support.fakes import HashingEmbedder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from retrieval.archive.archive import Archive
    from retrieval.domain.answers import Abstention, Answer
    from retrieval.domain.embeddings import EmbeddingSpec, FloatArray, PassageEmbedding, QueryEmbedding
    from retrieval.newsroom import Newsroom

ANYONE = Scope()
ARTICLES = (BRIDGE, BAKERY, SCHOOL, *map(draft, range(6)))
QUESTIONS = (
    "why was the harbour bridge closed",
    "what did the bakery win",
    "why is the roof of the school repaired",
    "what was seen in part 1 of report 3",
    "who flew to the moon",
)
OLD, NEW = HashingEmbedder(), HashingEmbedder(48, checksum="f" * 64)
SOON = 20.0
"""Seconds for what happens in another thread; only a failure waits for so long."""


class Held:
    """A model that holds whoever embeds a passage, or asks, until it is told how many may go on, or that all may."""

    def __init__(self, model: HashingEmbedder, *, questions: bool = False, free: bool = False) -> None:
        self.embedded: list[str] = []
        self.reached = threading.Event()
        """Set once somebody is held."""
        self._model = model
        self._questions = questions
        self._turns = threading.Semaphore(0)
        self._free = free

    @property
    def spec(self) -> EmbeddingSpec:
        return self._model.spec

    def let(self, passages: int) -> None:
        for _ in range(passages):
            self._turns.release()

    def hold(self) -> None:
        self._free = False

    def free(self) -> None:
        self._free = True
        self.let(1)

    def embed_passages(self, texts: Sequence[str]) -> FloatArray:
        return self._model.embed_passages(texts)

    def embed_tokens(self, texts: Sequence[str]) -> Iterator[PassageEmbedding]:
        for text in texts:
            self._wait()
            self.embedded.append(text)
            yield from self._model.embed_tokens([text])

    def embed_query(self, text: str) -> QueryEmbedding:
        if self._questions:
            self._wait()
        return self._model.embed_query(text)

    def warm_up(self) -> None:
        self._model.warm_up()

    def _wait(self) -> None:
        if not self._free:
            self.reached.set()
            assert self._turns.acquire(timeout=SOON)


def settings_of(path: Path) -> Settings:
    """Those of a newsroom over an archive alone, whose model may be changed."""
    return Settings(
        _env_file=None,
        archive_path=path,
        seeds_path=path.with_name("no-seeds"),
        quotation_parser=QuotationParser.RULES,
        on_model_change=OnModelChange.REEMBED,
    )


def fill(settings: Settings, embedder: HashingEmbedder) -> None:
    with open_newsroom(settings, embedder) as room:
        for article in ARTICLES:
            room.importer.add(article, SHARED)


def answers(room: Newsroom) -> list[Answer | Abstention]:
    return [room.ask(ANYONE, question) for question in QUESTIONS]


def said_about(room: Newsroom) -> list[str]:
    found = room.quotes_by(ANYONE, "Ada Okafor", "whether anybody was in danger")
    assert isinstance(found, QuotationsFound)
    return [cited.words for cited in found.quotations]


def answers_of_a_fresh_archive(folder: Path, embedder: HashingEmbedder) -> tuple[list[Answer | Abstention], list[str]]:
    fresh = settings_of(folder / f"fresh{embedder.spec.dimension}" / "news.sqlite3")
    fill(fresh, embedder)
    with open_newsroom(fresh, embedder) as room:
        return answers(room), said_about(room)


def becomes(what: Callable[[], bool]) -> bool:
    """Whether it is so, at once or soon."""
    until = time.monotonic() + SOON
    while not what() and time.monotonic() < until:
        time.sleep(0.01)
    return what()


def uses(room: Newsroom, embedder: HashingEmbedder | Held) -> bool:
    return room.about(ANYONE).model == embedder.spec.label


def change_elsewhere(archive: Archive, embedder: HashingEmbedder) -> None:
    """All of a change at once, as another process would make it."""
    waiting = archive.models.waiting(embedder.spec, after=PassageId(0), limit=10_000)
    made = embedder.embed_tokens([embedded_text(one.title, one.text) for one in waiting])
    new = [
        NewVector(one.passage_id, embedding.vector, stored_tokens(one.title, one.text, embedding))
        for one, embedding in zip(waiting, made, strict=True)
    ]
    archive.models.store(embedder.spec, new)
    assert archive.models.activate(embedder.spec)
