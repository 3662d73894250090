"""How much address space the program may use, asked before its libraries are loaded: with too little they crash."""

from __future__ import annotations

import sys
from typing import Final

from config.exit_codes import ExitCode

LEAST_TO_RUN: Final = 1_000_000_000
"""Bytes: with less, the libraries of even a light installation end the program in ways that no program can catch."""

LEAST_TO_IMPORT: Final = 300_000_000
"""Bytes: with less, not even the modules can be imported, nor the help be printed."""


def require_address_space() -> None:
    """End the program with a sentence where its own modules could not be imported."""
    problem = lack_of_address_space(LEAST_TO_IMPORT)
    if problem is not None:
        sys.stderr.write(f"{problem}\n")
        sys.exit(ExitCode.UNUSABLE)


def lack_of_address_space(least: int) -> str | None:
    """A sentence where less than `least` bytes may be used; None where there is enough, or no limit."""
    try:
        import resource  # noqa: PLC0415  # not on Windows
    except ImportError:
        return None
    allowed = resource.getrlimit(resource.RLIMIT_AS)[0]
    if allowed == resource.RLIM_INFINITY or allowed >= least:
        return None
    return (
        f"I may use only {allowed // 1_000_000:,} MB of address space here (see `ulimit -v`), "
        f"and need {LEAST_TO_RUN // 1_000_000:,} MB."
    )
