"""The file beside the archive in which the running bot says how it is, and where any other process reads it.

Always the same number of bytes in the same place: once the file is there, a full disk does not keep it from being
written. Readable by its owner alone, like the archive.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter, ValidationError

from retrieval.archive.sqlite.failures import translate_errors
from retrieval.domain.health import Vitals

if TYPE_CHECKING:
    from pathlib import Path

_BYTES: Final = 4096
_TRIES: Final = 5
_OWNER_ALONE: Final = 0o600
_VITALS: Final = TypeAdapter(Vitals)


def publish(archive: Path, vitals: Vitals) -> None:
    """Write it in the place of what was said before. Raises ArchiveError where that is not possible."""
    text = _VITALS.dump_json(vitals).ljust(_BYTES)
    with translate_errors(archive):
        handle = os.open(_path(archive), os.O_CREAT | os.O_WRONLY | os.O_NOFOLLOW, _OWNER_ALONE)
        try:
            os.pwrite(handle, text, 0)
        finally:
            os.close(handle)


def withdraw(archive: Path) -> None:
    """The bot ends in good order: from now on nothing is said of it."""
    with suppress(OSError):
        _path(archive).unlink(missing_ok=True)


def read(archive: Path) -> Vitals | None:
    """What the bot said last, read again where it is just being written; None where it said nothing."""
    for _ in range(_TRIES):
        try:
            return _VITALS.validate_json(_path(archive).read_bytes())
        except OSError:
            return None
        except ValidationError:
            time.sleep(0.01)
    return None


def _path(archive: Path) -> Path:
    return archive.with_name(f"{archive.name}-vitals")
