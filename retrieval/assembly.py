"""Builds the newsroom that the settings ask for: chooses adapters, opens the archive, warms up, closes."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import Future
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from config.settings import EmbeddingRuntime, OnModelChange, QuotationParser
from retrieval.active_model import ActiveModel
from retrieval.adapters import spacy_parser
from retrieval.adapters.embedding import model_folder, sentence_transformer
from retrieval.adapters.embedding.onnx.embedder import OnnxEmbedder
from retrieval.adapters.embedding.sentence_transformer import SentenceTransformerEmbedder
from retrieval.adapters.extraction.client import ArticleWorker
from retrieval.adapters.feeds.client import FeedWorker
from retrieval.adapters.search.faiss_search import FaissSearch
from retrieval.adapters.system.library_pages import release_library_pages
from retrieval.adapters.system.machine_memory import translate_memory_errors
from retrieval.adapters.system.malloc_trim import malloc_trim
from retrieval.adapters.system.thread_priority import lower_thread_priority
from retrieval.adapters.web.fetcher import WebFetcher
from retrieval.archive.backup.daily import Backups
from retrieval.archive.records import content_hash
from retrieval.archive.sqlite.opening import open_archive
from retrieval.articles.files import article_files, read_draft
from retrieval.articles.importing import Importer
from retrieval.domain.ids import SHARED
from retrieval.domain.scope import Scope
from retrieval.errors import (
    ArchiveError,
    ArchiveFull,
    ArchiveReadOnly,
    ArticleRejected,
    EmbeddingMismatch,
    ModelUnavailable,
    WorkerUnavailable,
    languages,
    messages,
)
from retrieval.feeds.following import Feeds
from retrieval.newsroom import Newsroom
from retrieval.reembedding import Reembedding, in_background
from retrieval.retry_limit import RetryLimitedFeedParser, RetryLimitedWorker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from config.settings import Settings
    from retrieval.archive.archive import Archive
    from retrieval.domain.embeddings import EmbeddingSpec
    from retrieval.ports import Embedder, Fetcher, Search

log = logging.getLogger(__name__)

_SEED = "seed:"


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

    Raises OutOfMemory, ModelUnavailable, ArchiveError, and EmbeddingMismatch where the settings refuse a change.
    """
    for language in languages():
        messages(
            language
        )  # read now: when an error is worded, no file may be left to open, or a newer release's be there
    with translate_memory_errors(), ExitStack() as opened:
        embedder = embedder or make_embedder(settings)
        archive = opened.enter_context(open_archive(settings.archive_path))
        seeds = _waiting_seeds(archive, settings.seeds_path)
        needed = needs_model or bool(seeds)
        model = _active_model(archive, embedder, former, settings, needed=needed, stays=stays)
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
        newsroom = Newsroom(archive, search, model, importer, Future(), feeds=feeds, backups=backups)
        if needed:
            change = partial(_change, archive, model, search) if stays else None
            opened.enter_context(_warming(newsroom, archive, model, seeds, change))
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


@contextmanager
def _warming(
    newsroom: Newsroom,
    archive: Archive,
    model: ActiveModel,
    seeds: list[Path],
    then: Callable[[threading.Event], None] | None,
) -> Iterator[None]:
    """Warm up in a thread: load the model, import the seeds, prune the change feed; and call `then` after that.

    At the end of the block the thread stops before its next seed or passage.
    """
    stop = threading.Event()

    def warm() -> None:
        try:
            model.warm_up()
            _import_seeds(newsroom, seeds, stop)
            _prune(archive)
            _warm_up_query(newsroom)
        except BaseException as error:  # noqa: BLE001  # whoever waits for the warm-up is told
            newsroom.warm_up.set_exception(error)
        else:
            newsroom.warm_up.set_result(None)
            if then is not None:
                _preload_speakers(newsroom)
                then(stop)

    thread = threading.Thread(target=warm, name="warm-up")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _change(archive: Archive, model: ActiveModel, search: Search, stop: threading.Event) -> None:
    """Change the model if another is set; where that fails, the active one goes on answering."""
    lower_thread_priority()
    try:
        if in_background(archive, model, search, stop):
            malloc_trim()
            release_library_pages()
    except Exception:
        log.exception("the change of model was given up; it goes on at the next start")


def _prune(archive: Archive) -> None:
    """Prune the change feed; where that fails, a later start does it."""
    try:
        archive.prune_changes()
    except ArchiveError as error:
        log.info("the list of what changed in the archive was not shortened: %s", error)


def _active_model(
    archive: Archive, embedder: Embedder, former: Embedder | None, settings: Settings, *, needed: bool, stays: bool
) -> ActiveModel:
    """The embedder of the active vectors, with that of the settings as the one to come if it is another.

    Makes the change here, before anything is asked, where the old model cannot be run, and where the newsroom does not
    stay open and no other process is making it. Raises EmbeddingMismatch where the settings refuse a change.
    """
    stored, spec = archive.embedding_spec(), embedder.spec
    if stored is None or stored == spec:
        return ActiveModel(embedder)
    if settings.on_model_change is OnModelChange.REFUSE:
        raise EmbeddingMismatch(stored=stored, configured=spec)
    if not needed:
        return ActiveModel(embedder)
    former = former or _embedder_of(stored, settings)
    change = Reembedding(archive, embedder, level=logging.WARNING)
    if former is None:
        log.warning(
            "the model was changed to %s, and %s is not here: the start waits until every passage is read again",
            spec.label,
            stored.label,
        )
        change.when_free(threading.Event())
        return ActiveModel(embedder)
    if not stays and change.unless_others_do(threading.Event()):
        return ActiveModel(embedder)
    log.warning("the model was changed to %s: the old one answers until every passage is read again", spec.label)
    if not stays:
        change.log_progress()
    return ActiveModel(former, embedder)


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


def _preload_speakers(newsroom: Newsroom) -> None:
    """Fill the cache of speakers, before anybody types a name."""
    with suppress(ArchiveError):
        newsroom.speakers.directory(Scope())


def _warm_up_query(newsroom: Newsroom) -> None:
    """Ask one question, so that the first real one is fast, and return the memory that loading used."""
    question = "Is everything there that an answer needs?"
    newsroom.ask(Scope(), question)
    malloc_trim()
    release_library_pages()
    newsroom.ask(Scope(), question)  # loads again the pages that every question needs


def _waiting_seeds(archive: Archive, folder: Path) -> list[Path]:
    """Seed files that this archive never had; a seed that was removed is not added again."""
    return [path for path in article_files(folder) if archive.bot_state.get(SHARED, _seed_key(path)) is None]


def _import_seeds(newsroom: Newsroom, seeds: list[Path], stop: threading.Event) -> None:
    for path in seeds:
        if stop.is_set():
            return
        try:
            added = newsroom.importer.add(read_draft(path))
            newsroom.bot_state.put(SHARED, _seed_key(path), str(added.article.id))
        except (ArticleRejected, WorkerUnavailable) as error:
            log.warning("a seed was left out: %s", error)
        except (ArchiveFull, ArchiveReadOnly) as error:
            log.warning("the seeds wait for another start: %s", error)
            return
        else:
            log.info("seed %s: %d passages, %d quotations", path.name, added.passages, added.quotations)


def _seed_key(path: Path) -> str:
    return _SEED + content_hash(path.read_text(encoding="utf-8", errors="replace"))
