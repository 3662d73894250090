"""Imports the seeds: the articles in files that a new archive starts with."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from retrieval.archive.records import content_hash
from retrieval.articles.files import article_files, read_draft
from retrieval.domain.ids import SHARED
from retrieval.errors import ArchiveFull, ArchiveReadOnly, ArticleRejected, WorkerUnavailable

if TYPE_CHECKING:
    import threading
    from pathlib import Path

    from retrieval.archive.archive import Archive
    from retrieval.newsroom import Newsroom

_SEED: Final = "seed:"
"""Begins the key, in the bot's state, of a seed that was imported."""

log = logging.getLogger(__name__)


def waiting_seeds(archive: Archive, folder: Path) -> list[Path]:
    """Return the seed files that a new archive never had: one that holds nothing but seeds.

    A seed that was removed is not added again.
    """
    files = list(article_files(folder))
    waiting = [path for path in files if archive.bot_state.get(SHARED, _seed_key(path)) is None]
    is_new = bool(waiting) and archive.measure().articles <= len(files) - len(waiting)
    return waiting if is_new else []


def import_seeds(newsroom: Newsroom, seeds: list[Path], stop: threading.Event) -> None:
    """Add the seeds, until `stop`; one that is rejected is logged and skipped, a full disk ends it."""
    for path in seeds:
        if stop.is_set():
            return
        try:
            added = newsroom.importer.add(read_draft(path), SHARED)
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
