"""What a thread does after the newsroom has opened: loads the model, imports seeds, brings the archive up to date."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from retrieval.adapters.system.library_pages import release_library_pages
from retrieval.adapters.system.malloc_trim import malloc_trim
from retrieval.adapters.system.thread_priority import lower_thread_priority
from retrieval.domain.scope import Scope
from retrieval.errors import ArchiveError
from retrieval.reembedding import change_in_background
from retrieval.seeds import import_seeds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from retrieval.active_model import ActiveModel
    from retrieval.archive.archive import Archive
    from retrieval.articles.rereading import Rereader
    from retrieval.newsroom import Newsroom
    from retrieval.ports import Search

log = logging.getLogger(__name__)


@contextmanager
def warming(
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
            newsroom.warm_up_reader()
            import_seeds(newsroom, seeds, stop)
            _prune(archive)
            _warm_up_query(newsroom)
        except BaseException as error:  # noqa: BLE001  # raised in those who wait for the warm-up
            newsroom.warm_up.set_exception(error)
        else:
            newsroom.warm_up.set_result(None)
            if then is not None:
                with suppress(ArchiveError):
                    newsroom.speakers.directory(Scope())  # before anybody types a name
                then(stop)

    thread = threading.Thread(target=warm, name="warm-up")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def work_in_background(
    archive: Archive, model: ActiveModel, search: Search, rereader: Rereader, stop: threading.Event
) -> None:
    """Change the model if another is set, then read articles again that an older release read.

    Where the change fails, the active model keeps answering.
    """
    lower_thread_priority()
    try:
        if change_in_background(archive, model, search, stop):
            malloc_trim()
            release_library_pages()
    except Exception:
        log.exception("the change of model was given up; it goes on at the next start")
    try:
        rereader.run_in_background(stop)
    except Exception:
        log.exception("reading articles again was given up; it goes on at the next start")


def _prune(archive: Archive) -> None:
    """Prune the change feed; where that fails, a later start does it."""
    try:
        archive.prune_changes()
    except ArchiveError as error:
        log.info("the list of what changed in the archive was not shortened: %s", error)


def _warm_up_query(newsroom: Newsroom) -> None:
    """Ask one question, so that the first real one is fast, and return the memory that loading used."""
    question = "Is everything there that an answer needs?"
    newsroom.ask(Scope(), question)
    malloc_trim()
    release_library_pages()
    newsroom.ask(Scope(), question)  # loads again the pages that every question needs
