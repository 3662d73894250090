"""The file beside the archive in which the running bot says how it is, for other processes to read.

Always the same number of bytes in the same place, so that a full disk does not keep it from being written again.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter, ValidationError

from retrieval.archive.sqlite.failures import translate_errors
from retrieval.archive.sqlite.files import beside, open_private
from retrieval.domain.health import Vitals

if TYPE_CHECKING:
    from pathlib import Path

_SUFFIX: Final = "-vitals"
_BYTES: Final = 4096
_TRIES: Final = 5
_VITALS: Final = TypeAdapter(Vitals)


def publish(archive: Path, vitals: Vitals) -> None:
    """Write the vitals in the place of the last ones. Raises ArchiveError where that is not possible."""
    text = _VITALS.dump_json(vitals).ljust(_BYTES)
    with translate_errors(archive):
        handle = open_private(beside(archive, _SUFFIX), os.O_WRONLY)
        try:
            os.pwrite(handle, text, 0)
        finally:
            os.close(handle)


def withdraw(archive: Path) -> None:
    """Delete the file when the bot ends in good order."""
    with suppress(OSError):
        beside(archive, _SUFFIX).unlink(missing_ok=True)


def read(archive: Path) -> Vitals | None:
    """Return the last vitals, read again where they are just being written; None where there are none."""
    for _ in range(_TRIES):
        try:
            return _VITALS.validate_json(beside(archive, _SUFFIX).read_bytes())
        except OSError:
            return None
        except ValidationError:
            time.sleep(0.01)
    return None
