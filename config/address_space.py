"""How much address space the program may use, asked before its libraries are loaded: with too little they crash."""

from __future__ import annotations

import sys
from typing import Final

from config.exit_codes import ExitCode

LEAST_TO_RUN: Final = 1_000_000_000
"""Bytes: with less, the libraries of even a light installation end the program in ways that no program can catch."""

LEAST_TO_IMPORT: Final = 300_000_000
"""Bytes: with less, not even the modules can be imported, nor the help be printed."""

_MB: Final = 1_000_000
TOO_LITTLE: Final = "I may use only {allowed:,} MB of address space here (see `ulimit -v`), and need {needed:,} MB."
"""The same sentence as `program.too_little_address_space` in the messages, which may not be loaded then."""


def require_address_space() -> None:
    """End the program with a sentence where its own modules could not be imported."""
    allowed = too_little_address_space(LEAST_TO_IMPORT)
    if allowed is not None:
        sys.stderr.write(f"{TOO_LITTLE.format(**allowed)}\n")
        sys.exit(ExitCode.UNUSABLE)


def too_little_address_space(least: int) -> dict[str, int] | None:
    """How many MB are `allowed` and `needed` where less than `least` bytes are; None if enough, or without a limit."""
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return None
    allowed = resource.getrlimit(resource.RLIMIT_AS)[0]
    if allowed == resource.RLIM_INFINITY or allowed >= least:
        return None
    return {"allowed": allowed // _MB, "needed": LEAST_TO_RUN // _MB}
