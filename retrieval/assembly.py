"""Builds the newsroom that the settings ask for: chooses adapters, opens, verifies, warms up, yields, closes."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from config.settings import EmbeddingRuntime, OnModelChange, QuotationParser
from retrieval.adapters import sentence_transformer, spacy_parse
from retrieval.adapters.extraction.process import ExtractorProcess
from retrieval.adapters.faiss_search import FaissSearch
from retrieval.adapters.feeds.process import FeedReaderProcess
from retrieval.adapters.memory import give_back
from retrieval.adapters.onnx.embedder import OnnxEmbedder
from retrieval.adapters.parser_process import ParserProcess
from retrieval.adapters.sentence_transformer import SentenceTransformerEmbedder
from retrieval.adapters.web.fetcher import WebFetcher
from retrieval.archive.opening import open_archive
from retrieval.archive.records import NewVector, content_hash
from retrieval.domain.ids import SHARED
from retrieval.domain.readers import Reader
from retrieval.errors import ArchiveError, ArticleRejected, EmbeddingMismatch
from retrieval.feeds.desk import FeedDesk
from retrieval.files import article_files, read_draft
from retrieval.gathering import Gatherer
from retrieval.ingest import embedded_text, stored_tokens
from retrieval.newsroom import Newsroom

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from config.settings import Settings
    from retrieval.archive.archive import Archive
    from retrieval.ports import Embedder, Fetcher, Parser

log = logging.getLogger(__name__)

_REEMBED_BATCH = 64
_SEED = "seed:"


@contextmanager
def open_newsroom(
    settings: Settings,
    embedder: Embedder | None = None,
    *,
    needs_model: bool = True,
    fetcher: Fetcher | None = None,
) -> Iterator[Newsroom]:
    """The newsroom over the archive of the settings, until the block ends.

    The model is loaded in a thread of its own, which then embeds what waits for vectors and adds the seeds that this
    archive has not had: see `Newsroom.warm_up`. With `needs_model=False` that is done only if something waits. Raises
    ArchiveError (EmbeddingMismatch where the vectors are another model's and the settings refuse that) and
    ModelUnavailable.
    """
    embedder = embedder or make_embedder(settings)
    with ExitStack() as opened:
        archive = opened.enter_context(open_archive(settings.archive_path))
        _agree_on_model(archive, embedder, settings.on_model_change)
        search = opened.enter_context(closing(FaissSearch(archive, embedder.spec)))
        parser = opened.enter_context(open_parser(settings))
        fetcher = fetcher or open_fetcher(settings)
        extractor = opened.enter_context(ExtractorProcess())
        gatherer = Gatherer(fetcher, extractor)
        feeds = FeedDesk(
            archive,
            embedder,
            parser,
            fetcher=fetcher,
            feed_reader=opened.enter_context(FeedReaderProcess()),
            extractor=extractor,
            from_link=gatherer.from_link,
            every=timedelta(minutes=settings.feed_minutes),
        )
        newsroom = Newsroom(archive, search, embedder, parser, Future(), gatherer=gatherer, feeds=feeds)
        seeds = _waiting_seeds(archive, settings.seeds_path)
        if needs_model or seeds:
            opened.enter_context(_warming(newsroom, archive, embedder, seeds))
        else:
            newsroom.warm_up.set_result(None)
        yield newsroom


def make_embedder(settings: Settings) -> Embedder:
    """The embedder of the settings, its model not yet loaded. Raises ModelUnavailable."""
    light = settings.embedding_runtime is EmbeddingRuntime.ONNX or (
        settings.embedding_runtime is EmbeddingRuntime.AUTO and not sentence_transformer.installed()
    )
    kind = OnnxEmbedder if light else SentenceTransformerEmbedder
    return kind(settings.embedding_model, settings.embedding_revision)


@contextmanager
def open_parser(settings: Settings) -> Iterator[Parser | None]:
    """The parser of the settings, until the block ends; None where they want rules alone, or spaCy is not installed."""
    wanted = settings.quotation_parser is QuotationParser.SPACY
    if wanted and not spacy_parse.installed():
        log.info("spaCy is not installed: quotations are found by rules")
    if not wanted or not spacy_parse.installed():
        yield None
        return
    with ParserProcess() as parser:
        yield parser


def open_fetcher(settings: Settings) -> Fetcher:
    """The way out to the web. It holds no connection, and so has nothing to close."""
    return WebFetcher(settings.fetch_contact, settings.fetch_delay_seconds)


@contextmanager
def _warming(newsroom: Newsroom, archive: Archive, embedder: Embedder, seeds: list[Path]) -> Iterator[None]:
    """Load the model, plant the seeds and forget old changes in a thread.

    At the end of the block it stops before its next seed.
    """
    stop = threading.Event()

    def warm() -> None:
        try:
            embedder.warm_up()
            _plant(newsroom, seeds, stop)
            _prune(archive)
            _rehearse(newsroom)
        except BaseException as error:  # noqa: BLE001  # whoever waits for the warm-up is told
            newsroom.warm_up.set_exception(error)
        else:
            newsroom.warm_up.set_result(None)

    thread = threading.Thread(target=warm, name="warm-up")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _prune(archive: Archive) -> None:
    """Forget old changes; where that cannot be done now it is done at a later start."""
    try:
        archive.prune_changes()
    except ArchiveError as error:
        log.warning("old changes were not forgotten: %s", error)


def _agree_on_model(archive: Archive, embedder: Embedder, on_change: OnModelChange) -> None:
    """Where the vectors are another model's: refuse, or make them again, as set."""
    stored = archive.embedding_spec()
    if stored is None or stored == embedder.spec:
        return
    if on_change is OnModelChange.REFUSE:
        raise EmbeddingMismatch(stored=stored, configured=embedder.spec)
    _reembed(archive, embedder)


def _reembed(archive: Archive, embedder: Embedder) -> None:
    """Make this model's vectors of every passage, beside the old ones, then switch; can be killed and goes on."""
    log.warning("the model was changed to %s: every passage is embedded again", embedder.spec.label)
    done = 0
    while not archive.activate(embedder.spec):
        waiting = archive.passages_to_embed(embedder.spec, limit=_REEMBED_BATCH)
        embeddings = embedder.embed_tokens([embedded_text(passage.title, passage.text) for passage in waiting])
        archive.store_vectors(
            embedder.spec,
            [
                NewVector(passage.passage_id, embedding.vector, stored_tokens(passage.title, passage.text, embedding))
                for passage, embedding in zip(waiting, embeddings, strict=True)
            ],
        )
        done += len(waiting)
        log.info("%d passages embedded again", done)


def _rehearse(newsroom: Newsroom) -> None:
    """Ask what nobody asked: the first real question then waits for nothing, and what loading used is given back."""
    newsroom.ask(Reader(), "Is everything there that an answer needs?")
    give_back()


def _waiting_seeds(archive: Archive, folder: Path) -> list[Path]:
    """Seed files that this archive has never been given; a seed that was removed stays away."""
    return [path for path in article_files(folder) if archive.bot_state.get(SHARED, _seed_key(path)) is None]


def _plant(newsroom: Newsroom, seeds: list[Path], stop: threading.Event) -> None:
    for path in seeds:
        if stop.is_set():
            return
        try:
            added = newsroom.add_article(read_draft(path))
        except ArticleRejected as error:
            log.warning("a seed was left out: %s", error)
        else:
            log.info("seed %s: %d passages, %d quotations", path.name, added.passages, added.quotations)
            newsroom.bot_state.put(SHARED, _seed_key(path), str(added.article.id))


def _seed_key(path: Path) -> str:
    return _SEED + content_hash(path.read_text(encoding="utf-8", errors="replace"))
