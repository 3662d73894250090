"""Builds the newsroom that the settings ask for: chooses adapters, opens the archive, closes it at the end."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from config.settings import EmbeddingRuntime, OnModelChange, QuotationParser, ReaderUse
from retrieval.active_model import ActiveModel
from retrieval.adapters import spacy_parser
from retrieval.adapters.embedding import model_folder, sentence_transformer
from retrieval.adapters.embedding.onnx.embedder import OnnxEmbedder
from retrieval.adapters.embedding.reader import open_reader
from retrieval.adapters.embedding.sentence_transformer import SentenceTransformerEmbedder
from retrieval.adapters.embedding.token_embedder import TokenEmbedder
from retrieval.adapters.extraction.client import ArticleWorker
from retrieval.adapters.feeds.client import FeedWorker
from retrieval.adapters.sandbox.retry_limit import RetryLimitedFeedParser, RetryLimitedWorker
from retrieval.adapters.search.faiss_search import FaissSearch
from retrieval.adapters.system.machine_memory import translate_memory_errors
from retrieval.adapters.web.fetcher import WebFetcher
from retrieval.archive.backup.daily import Backups
from retrieval.archive.opening import open_archive
from retrieval.articles.importing import Importer
from retrieval.errors import ModelUnavailable, messages
from retrieval.feeds.following import Feeds
from retrieval.newsroom import Newsroom
from retrieval.reembedding import former_spec, start_change
from retrieval.seeds import waiting_seeds
from retrieval.warm_up import warming, work_in_background

if TYPE_CHECKING:
    from collections.abc import Iterator

    from config.settings import Settings
    from retrieval.archive.archive import Archive
    from retrieval.domain.embeddings import EmbeddingSpec
    from retrieval.ports import Embedder, Fetcher, Reader

log = logging.getLogger(__name__)


@contextmanager
def open_newsroom(
    settings: Settings,
    embedder: Embedder | None = None,
    *,
    former: Embedder | None = None,
    needs_model: bool = True,
    stays: bool = False,
    fetcher: Fetcher | None = None,
) -> Iterator[Newsroom]:
    """The newsroom over the archive of the settings, until the block ends.

    A thread loads the model and then adds the seeds that the archive never had (`Newsroom.warm_up`); with
    `needs_model=False` only where there are such seeds. Where another model made the vectors, and the settings allow a
    change, the thread of a newsroom that `stays` open changes them, and the `former` embedder (made from the stored
    spec, unless given) answers until then. Other newsrooms make the change at their start, unless another process does.
    Afterwards the thread of a newsroom that stays reads articles again whose quotations an older release found.

    Raises OutOfMemory, ModelUnavailable, ArchiveError, and EmbeddingMismatch where the settings refuse a change.
    """
    messages()  # now: when an error is worded, no file may be left to open, nor a newer release's
    with translate_memory_errors(), ExitStack() as opened:
        embedder = embedder or make_embedder(settings)
        archive = opened.enter_context(open_archive(settings.archive_path, settings.database))
        seeds = waiting_seeds(archive, settings.seeds_path)
        needed = needs_model or bool(seeds)
        refuses = settings.on_model_change is OnModelChange.REFUSE
        model, stored = ActiveModel(embedder), former_spec(archive, embedder, refuses=refuses)
        if stored is not None and needed:
            model = start_change(archive, stored, former or _embedder_of(stored, settings), embedder, stays=stays)
        search = opened.enter_context(closing(FaissSearch(archive, archive.embedding_spec() or model.spec)))
        worker = RetryLimitedWorker(opened.enter_context(open_worker(settings)), archive.attempts)
        fetcher = fetcher or open_fetcher(settings)
        importer = Importer(archive, model, worker, fetcher, worker)
        feeds = Feeds(
            archive,
            importer,
            fetcher=fetcher,
            feed_parser=RetryLimitedFeedParser(opened.enter_context(FeedWorker()), archive.attempts),
            extractor=worker,
            every=timedelta(minutes=settings.feed_minutes),
        )
        backups = _backups(archive, settings)
        reader = _reader(embedder, settings)
        newsroom = Newsroom(archive, search, model, importer, Future(), feeds=feeds, backups=backups, reader=reader)
        if needed:
            then = partial(work_in_background, archive, model, search, newsroom.rereader) if stays else None
            opened.enter_context(warming(newsroom, archive, model, seeds, then))
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


def _reader(embedder: Embedder, settings: Settings) -> Reader | None:
    """The reader that the settings ask for, where it was fitted to the embedder's model. Raises ModelUnavailable."""
    if settings.reader is ReaderUse.OFF or not isinstance(embedder, TokenEmbedder):
        return None
    return open_reader(embedder, None if settings.reader is ReaderUse.ON else settings.reader_ms)


def _backups(archive: Archive, settings: Settings) -> Backups | None:
    if settings.backup_path is None:
        return None
    return Backups(settings.archive_path, settings.backup_path, settings.backup_keep, archive.bot_state)


@contextmanager
def open_worker(settings: Settings) -> Iterator[ArticleWorker]:
    """The worker process that reads articles, until the block ends; it parses only with spaCy installed and set."""
    wanted = settings.quotation_parser is QuotationParser.SPACY
    if wanted and not spacy_parser.installed():
        log.info("spaCy is not installed: quotations are found by rules")
    with ArticleWorker(parses=wanted and spacy_parser.installed()) as worker:
        yield worker


def open_fetcher(settings: Settings) -> Fetcher:
    """The fetcher of the settings. It keeps no connection open, and so need not be closed."""
    return WebFetcher(settings.fetch_contact, settings.fetch_delay_seconds)


def _embedder_of(stored: EmbeddingSpec, settings: Settings) -> Embedder | None:
    """The embedder that made the stored vectors; None where its files are missing or have changed."""
    if not model_folder.is_here(stored.model, stored.revision):
        return None
    former = {"embedding_model": stored.model, "embedding_revision": stored.revision}
    try:
        embedder = make_embedder(settings.model_copy(update=former))
    except ModelUnavailable as error:
        log.warning("%s", error)
        return None
    return embedder if embedder.spec == stored else None
