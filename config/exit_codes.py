"""The exit codes of `python -m bot` and `python -m retrieval`: one table for both, for OPERATING.md and the unit."""

from __future__ import annotations

from enum import IntEnum
from typing import Self


class ExitCode(IntEnum):
    """Why a program ended. `meaning` is for the operator; `lasting` trouble does not heal without them."""

    meaning: str
    lasting: bool

    def __new__(cls, code: int, meaning: str, lasting: bool = False) -> Self:  # noqa: FBT001, FBT002 - a column
        """A member with its two columns."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        member.lasting = lasting
        return member

    DONE = 0, "Done, answered, or all is well."
    NOT_FOUND = 1, "No answer; `status` found a problem; or a fault in the program, which the log describes."
    BAD_INPUT = 2, "A setting, or what was given on the command line, cannot be used.", True
    UNUSABLE = 3, "The archive or the model cannot be used, or `check` found damage.", True
    REFUSED = 4, "Discord refuses the token.", True
    UNREACHABLE = 5, "Discord, or another site, cannot be reached."
    DISK_FULL = 6, "The disk is full."
    UNAVAILABLE = 7, "The archive cannot be reached now: another process holds it, or its disk does not answer."
