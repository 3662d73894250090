"""Reads stored articles again whose quotations an older version of the extractor found, and replaces these quotations.

It may be stopped or killed at any moment, and goes on later: each article is replaced as a whole. The old quotations
are shown until then.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Final

from retrieval.domain.articles import Draft
from retrieval.errors import ArchiveError, ArticleRejected, Stopping, WorkerKilled, WorkerUnavailable

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

    from retrieval.archive.archive import Archive
    from retrieval.archive.rereading import Outdated
    from retrieval.domain.upkeep import Rereading
    from retrieval.ports import ArticleReader

log = logging.getLogger(__name__)

_TRIES: Final = 2
"""How often an article is read that kills the worker."""
_LOOK_AGAIN: Final = 1.0
"""Seconds between two checks whether the other process that reads articles again has ended."""
_TRY_AGAIN: Final = 60.0
"""Seconds until the next try where the archive could not be written, or the worker not be started."""


class Rereader:
    """Reads articles again, one after the other. Thread-safe. `pause` is called before each article."""

    def __init__(self, archive: Archive, article_reader: ArticleReader, pause: Callable[[], None]) -> None:
        self._stored = archive.rereading
        self._article_reader = article_reader
        self._pause = pause

    def run_in_background(self, stop: threading.Event) -> None:
        """Read all that is outdated, resting as long as each article took; where something hinders, try again."""
        while not stop.is_set():
            try:
                self.run_when_free(stop, rests=True)
            except Stopping:
                return
            except (ArchiveError, WorkerUnavailable) as error:
                log.warning("reading articles again waits: %s", error)
                stop.wait(_TRY_AGAIN)
            else:
                return

    def run_when_free(self, stop: threading.Event, *, rests: bool = False, level: int = logging.INFO) -> bool:
        """Read all that is outdated, or wait while another process does. Returns False where `stop` came first.

        `level` is that of the log's lines. Raises ArchiveError, WorkerUnavailable and Stopping.
        """
        while not stop.is_set():
            if self._stored.next() is None:
                return True
            with self._stored.claim() as alone:
                if alone:
                    return self._run(stop, level, rests=rests)
            stop.wait(_LOOK_AGAIN)
        return False

    def _run(self, stop: threading.Event, level: int, *, rests: bool) -> bool:
        told = self._log_progress(level)
        done = told.done
        while not stop.is_set():
            article = self._stored.next()
            if article is None:
                log.log(level, "every article was read again for its quotations")
                return True
            self._pause()
            began = time.monotonic()
            self._read(article)
            done += 1
            if 10 * done // max(told.articles, 1) > 10 * told.done // max(told.articles, 1):
                told = self._log_progress(level)
                done = told.done
            if rests:
                stop.wait(time.monotonic() - began)
        return False

    def _read(self, article: Outdated) -> None:
        """Replace an article's quotations; where it cannot be read, it keeps those it has."""
        problem: object = "its text would be another one"
        for _ in range(_TRIES):
            try:
                read = self._article_reader.read(Draft(article.body, title=article.title, linked=article.linked))
            except WorkerKilled as error:
                problem = error
            except ArticleRejected as error:
                problem = error
                break
            else:
                if read.body == article.body:
                    return self._stored.replace(article, read.quotations)
                break
        log.info("article %d keeps its quotations: %s", article.id, problem)
        return self._stored.leave(article)

    def _log_progress(self, level: int) -> Rereading:
        progress = self._stored.progress()
        done, total = f"{progress.done:,}", f"{progress.articles:,}"
        log.log(level, "reading articles again for their quotations: %s of %s", done, total)
        return progress
