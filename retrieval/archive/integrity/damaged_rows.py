"""Logs damaged rows, each once: whoever reads them skips them and shows everything else."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlalchemy as sa

PATH: Final = "path"
"""The key of a connection's `info` under which its archive's path stands."""
_REMEMBERED: Final = 10_000
_log = logging.getLogger(__name__)


def log_damaged(connection: sa.Connection, what: str, id_: int) -> None:
    """Log that a row is damaged and skipped, the first time that it is."""
    _log_once(str(connection.info[PATH]), what, id_)


@lru_cache(maxsize=_REMEMBERED)
def _log_once(archive: str, what: str, id_: int) -> None:
    _log.warning(
        "%s %d in %s is damaged and is left out of every answer: see `python -m retrieval check`", what, id_, archive
    )
