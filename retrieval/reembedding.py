"""Embeds every passage again with another model, a few at a time, and then makes that model the archive's active one.

It may be stopped or killed at any moment, and goes on later. Answers use the old model until the end. Articles that are
added meanwhile are embedded too.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from retrieval.active_model import ActiveModel
from retrieval.archive.records import NewVector
from retrieval.articles.storing import embedded_text, stored_tokens
from retrieval.domain.ids import PassageId
from retrieval.errors import ArchiveError, EmbeddingMismatch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from retrieval.archive.archive import Archive
    from retrieval.archive.records import PassageText
    from retrieval.domain.embeddings import EmbeddingSpec
    from retrieval.domain.upkeep import ModelChange
    from retrieval.ports import Embedder, Search

log = logging.getLogger(__name__)

_AT_ONCE: Final = 4
"""Passages that are stored together, and so lost by a kill."""
_DELETED_AT_ONCE: Final = 50
_PAUSE: Final = 0.02
"""Seconds between two deletions, in which others can write."""
_PATIENCE: Final = 1.0
"""The most seconds that a passage waits for questions to be answered."""
_LOOK_AGAIN: Final = 1.0
"""Seconds between two checks whether the other process that changes the model has ended."""
_TRY_AGAIN: Final = 60.0
"""Seconds until the next try where the archive could not be written."""


def former_spec(archive: Archive, embedder: Embedder, *, refuses: bool) -> EmbeddingSpec | None:
    """Return the spec of the other model that made the stored vectors, if there is one.

    Raises EmbeddingMismatch where there is another one and the settings refuse a change.
    """
    stored = archive.embedding_spec()
    if stored is None or stored == embedder.spec:
        return None
    if refuses:
        raise EmbeddingMismatch(stored=stored, configured=embedder.spec)
    return stored


def start_change(
    archive: Archive, stored: EmbeddingSpec, former: Embedder | None, embedder: Embedder, *, stays: bool
) -> ActiveModel:
    """Return the `former` embedder, which made the `stored` vectors, with the other `embedder` as its successor.

    Makes the change here, before anything is asked, where there is no former embedder, and where the newsroom does
    not stay open and no other process is making it.
    """
    spec = embedder.spec
    change = Reembedding(archive, embedder, level=logging.WARNING)
    if former is None:
        log.warning(
            "the model was changed to %s, and %s is not here: the start waits until every passage is read again",
            spec.label,
            stored.label,
        )
        change.run_when_free(threading.Event())
        return ActiveModel(embedder)
    if not stays and change.run_if_free(threading.Event()):
        return ActiveModel(embedder)
    log.warning("the model was changed to %s: the old one answers until every passage is read again", spec.label)
    if not stays:
        change.log_progress()
    return ActiveModel(former, embedder)


def change_in_background(archive: Archive, model: ActiveModel, search: Search, stop: threading.Event) -> bool:
    """Change to the model that is to come, and delete the former one's vectors, while questions are asked.

    Returns False where there was nothing to do. Raises ModelUnavailable; the old model goes on answering then.
    """
    while not stop.is_set():
        try:
            return _change_and_clear(archive, model, search, stop)
        except ArchiveError as error:
            log.warning("the change of model waits: %s", error)
            stop.wait(_TRY_AGAIN)
    return True


def _change_and_clear(archive: Archive, model: ActiveModel, search: Search, stop: threading.Event) -> bool:
    successor = model.successor
    if successor is not None:
        change = Reembedding(archive, successor, pause=lambda: model.wait_for_quiet(_PATIENCE))
        if not change.run_when_free(stop):
            return True
        model.follow(successor.spec)
        search.sync(successor.spec)
    if not archive.models.has_unused():
        return successor is not None
    delete_unused(archive, stop)
    return True


@dataclass(frozen=True, slots=True)
class Reembedding:
    """A change of the archive to the model of `embedder`. Its methods raise ArchiveError and ModelUnavailable.

    `pause` is called before each passage. `level` is the level of the log's lines.
    """

    archive: Archive
    embedder: Embedder
    pause: Callable[[], None] = lambda: None
    level: int = logging.INFO

    def run_when_free(self, stop: threading.Event) -> bool:
        """Make the change, or wait while another process makes it. Returns False where `stop` came first."""
        while not stop.is_set():
            if self.archive.embedding_spec() == self.embedder.spec:
                return True
            with self.archive.models.claim() as alone:
                if alone:
                    return self.run(stop)
            stop.wait(_LOOK_AGAIN)
        return False

    def run_if_free(self, stop: threading.Event) -> bool:
        """Make the change unless another process is making it. Returns False where one is, or `stop` came first."""
        with self.archive.models.claim() as alone:
            return alone and self.run(stop)

    def run(self, stop: threading.Event) -> bool:
        """Make the change. Returns False where `stop` came first."""
        stored, spec = self.archive.models, self.embedder.spec
        progress = self.log_progress()
        done, last = progress.done, PassageId(0)
        while not stop.is_set():
            waiting = stored.waiting(spec, after=last, limit=_AT_ONCE)
            if waiting:
                stored.store(spec, self._embed(waiting, stop))
                done, last = done + len(waiting), waiting[-1].passage_id
                if _tenths(done, progress.passages) > _tenths(progress.done, progress.passages):
                    progress = self.log_progress()
                    done = progress.done
            elif stored.activate(spec):
                log.log(self.level, "every passage was read again: %s answers from now on", spec.label)
                return True
            else:
                last = PassageId(0)  # an article was added with a lower id
        return False

    def _embed(self, passages: Sequence[PassageText], stop: threading.Event) -> list[NewVector]:
        """The new vectors of the passages, or of the first of them where `stop` came."""
        made: list[NewVector] = []
        for passage in passages:
            self.pause()
            if stop.is_set():
                break
            (embedding,) = self.embedder.embed_tokens([embedded_text(passage.title, passage.text)])
            tokens = stored_tokens(passage.title, passage.text, embedding)
            made.append(NewVector(passage.passage_id, embedding.vector, tokens))
        return made

    def log_progress(self) -> ModelChange:
        """Log and return how far the change is."""
        progress = self.archive.models.progress(self.embedder.spec)
        label = self.embedder.spec.label
        log.log(
            self.level, "re-reading for %s: %s of %s passages", label, f"{progress.done:,}", f"{progress.passages:,}"
        )
        return progress


def delete_unused(archive: Archive, stop: threading.Event) -> None:
    """Delete the vectors of models that are not active, a few at a time, unless another process is doing that."""
    deleted = 0
    with archive.models.claim() as alone:
        while alone and not stop.is_set():
            count = archive.models.forget_unused(_DELETED_AT_ONCE)
            deleted += count
            if not count:
                log.info("%s vectors of models that are not in use any more were deleted", f"{deleted:,}")
                return
            stop.wait(_PAUSE)


def _tenths(done: int, passages: int) -> int:
    return 10 * done // max(passages, 1)
