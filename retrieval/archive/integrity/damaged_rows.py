"""What is damaged is left out of what readers get, and everything else is shown; each damaged thing is logged once."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlalchemy as sa

PATH: Final = "path"
"""Under this key a connection knows of which archive it is."""
_REMEMBERED: Final = 10_000
_log = logging.getLogger(__name__)


def log_damaged(connection: sa.Connection, what: str, id_: int) -> None:
    """Log that something is damaged and left out, the first time that it is found so."""
    _tell(str(connection.info[PATH]), what, id_)


@lru_cache(maxsize=_REMEMBERED)
def _tell(archive: str, what: str, id_: int) -> None:
    _log.warning(
        "%s %d in %s is damaged and is left out of every answer: see `python -m retrieval check`", what, id_, archive
    )
