"""Embeds every passage again for another model, a few at a time, and has the archive change to it when all are done.

Can be stopped or killed at any moment, and goes on from there. Until the archive has changed, nothing that is done here
can be seen in an answer. Articles that come in meanwhile, whoever adds them, are embedded here too before it changes.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from retrieval.archive.records import NewVector
from retrieval.articles.storing import embedded_text, stored_tokens
from retrieval.domain.ids import PassageId
from retrieval.errors import ArchiveError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

    from retrieval.archive.archive import Archive
    from retrieval.archive.records import PassageText
    from retrieval.domain.upkeep import ModelChange
    from retrieval.models import Models
    from retrieval.ports import Embedder, Search

log = logging.getLogger(__name__)

_AT_ONCE: Final = 4
"""Passages that are stored together: so much a kill loses."""
_DELETED_AT_ONCE: Final = 50
_BREATH: Final = 0.02
"""Seconds between two deletions, in which others write."""
_PATIENCE: Final = 1.0
"""Seconds for which a passage waits at most for questions to be answered: however many are asked, it goes on."""
_LOOK_AGAIN: Final = 1.0
"""Seconds after which to see whether another process, which is at it, has ended."""
_TRY_AGAIN: Final = 60.0
"""Seconds after which to go on where the archive could not be written."""


def in_background(archive: Archive, models: Models, search: Search, stop: threading.Event) -> bool:
    """Change to the model that is to come, if one is, and delete what the former one left, while questions are asked.

    False where there was nothing to do. Raises ModelUnavailable; the old model goes on answering then.
    """
    while not stop.is_set():
        try:
            return _change_and_clear(archive, models, search, stop)
        except ArchiveError as error:
            log.warning("the change of model waits: %s", error)
            stop.wait(_TRY_AGAIN)
    return True


def _change_and_clear(archive: Archive, models: Models, search: Search, stop: threading.Event) -> bool:
    coming = models.coming
    if coming is not None:
        change = Reembedding(archive, coming, pause=lambda: models.wait_for_quiet(_PATIENCE))
        if not change.when_free(stop):
            return True
        models.follow(coming.spec)
        search.sync(coming.spec)
    if not archive.models.has_unused():
        return coming is not None
    clear(archive, stop)
    return True


@dataclass(frozen=True, slots=True)
class Reembedding:
    """A change of the archive to the model of `embedder`. Its methods raise ArchiveError and ModelUnavailable.

    `pause` is called before each passage, and returns when it may be embedded. `level` is that of the log's lines.
    """

    archive: Archive
    embedder: Embedder
    pause: Callable[[], None] = lambda: None
    level: int = logging.INFO

    def when_free(self, stop: threading.Event) -> bool:
        """Make the change, or wait while another process makes it; False where it was stopped before it was done."""
        while not stop.is_set():
            if self.archive.embedding_spec() == self.embedder.spec:
                return True
            with self.archive.models.claim() as alone:
                if alone:
                    return self.run(stop)
            stop.wait(_LOOK_AGAIN)
        return False

    def unless_others_do(self, stop: threading.Event) -> bool:
        """Make the change; False where it was stopped, or where another process is at it."""
        with self.archive.models.claim() as alone:
            return alone and self.run(stop)

    def run(self, stop: threading.Event) -> bool:
        """Make the change; False where it was stopped."""
        models, spec = self.archive.models, self.embedder.spec
        told = self.tell()
        done, last = told.done, PassageId(0)
        while not stop.is_set():
            waiting = models.waiting(spec, after=last, limit=_AT_ONCE)
            if waiting:
                models.store(spec, self._embed(waiting, stop))
                done, last = done + len(waiting), waiting[-1].passage_id
                if _tenths(done, told.passages) > _tenths(told.done, told.passages):
                    told = self.tell()
                    done = told.done
            elif models.activate(spec):
                log.log(self.level, "every passage was read again: %s answers from now on", spec.label)
                return True
            else:
                last = PassageId(0)  # somebody added what stands further back
        return False

    def _embed(self, passages: Sequence[PassageText], stop: threading.Event) -> list[NewVector]:
        """The new vectors of the passages; of the first ones alone where it is stopped."""
        made: list[NewVector] = []
        for passage in passages:
            self.pause()
            if stop.is_set():
                break
            (embedding,) = self.embedder.embed_tokens([embedded_text(passage.title, passage.text)])
            tokens = stored_tokens(passage.title, passage.text, embedding)
            made.append(NewVector(passage.passage_id, embedding.vector, tokens))
        return made

    def tell(self) -> ModelChange:
        """Say in the log how far it is."""
        found = self.archive.models.progress(self.embedder.spec)
        label = self.embedder.spec.label
        log.log(self.level, "re-reading for %s: %s of %s passages", label, f"{found.done:,}", f"{found.passages:,}")
        return found


def clear(archive: Archive, stop: threading.Event) -> None:
    """Delete the vectors of models that are not in use, a few at a time, unless another process is at work on some."""
    deleted = 0
    with archive.models.claim() as alone:
        while alone and not stop.is_set():
            some = archive.models.forget_unused(_DELETED_AT_ONCE)
            deleted += some
            if not some:
                log.info("%s vectors of models that are not in use any more were deleted", f"{deleted:,}")
                return
            stop.wait(_BREATH)


def _tenths(done: int, passages: int) -> int:
    return 10 * done // max(passages, 1)
