"""Damaged rows: named in the sentences of a check, and logged once by whoever skips them and shows everything else."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import sqlalchemy as sa

PLACE: Final = "place"
"""The key of a connection's `info` under which stands what messages call its archive."""
_REMEMBERED: Final = 10_000
_MOST_NAMED: Final = 5
"""How many ids a sentence names before it goes on with "and n more"."""
_log = logging.getLogger(__name__)


def name_rows(noun: str, ids: Sequence[int]) -> str:
    """Return text such as "passage 3", or "passages 3, 5, 8, 9, 12 and 4 more"."""
    some = ", ".join(str(id_) for id_ in ids[:_MOST_NAMED])
    rest = f" and {len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else ""
    return f"{noun}{'' if len(ids) == 1 else 's'} {some}{rest}"


def say_of(sentence: str, noun: str, ids: Sequence[int]) -> Iterator[str]:
    """Yield the sentence, in which {} stands for the rows, unless there are none."""
    if ids:
        yield sentence.format(name_rows(noun, ids))


def log_damaged(connection: sa.Connection, noun: str, id_: int) -> None:
    """Log that a row is damaged and skipped, the first time that it is."""
    _log_once(str(connection.info[PLACE]), noun, id_)


@lru_cache(maxsize=_REMEMBERED)
def _log_once(archive: str, noun: str, id_: int) -> None:
    _log.warning(
        "%s %d in %s is damaged and is left out of every answer: see `python -m retrieval check`", noun, id_, archive
    )
