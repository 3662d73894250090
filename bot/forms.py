"""Forms that members filled in and that were not accepted yet: in memory alone, a few and for a while.

A form that is refused would else be gone with everything that was pasted into it, since Discord keeps nothing of it.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

KEPT_SECONDS: Final = 1800.0
MOST: Final = 100
"""Forms that are kept, of all members: about a megabyte. The oldest goes first."""


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in, field by field. The publisher is an option of the command, for a form has five fields."""

    text: str = ""
    rest: str = ""
    headline: str = ""
    link: str = ""
    date: str = ""
    publisher: str | None = None

    @property
    def whole_text(self) -> str:
        """Both parts of the text."""
        return self.text + self.rest


class Forms:
    """The last form of each member in each server."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._run = secrets.token_hex(4)
        self._kept: dict[tuple[int, int], tuple[float, Form]] = {}

    def new_id(self) -> str:
        """A custom id for a form that is opened."""
        return f"form:{self._run}:{secrets.token_hex(8)}"

    def is_ours(self, custom_id: str) -> bool:
        """Whether a form was opened since this start of the bot; an older one is known to nobody."""
        return custom_id.startswith(f"form:{self._run}:")

    def keep(self, server: int, member: int, form: Form) -> None:
        """Keep a form in the place of an earlier one of the same member there."""
        self.drop(server, member)
        self._kept[server, member] = (self._now(), form)
        for key in list(self._kept):  # the oldest first
            if len(self._kept) <= MOST and not self._is_old(key):
                break
            del self._kept[key]

    def recall(self, server: int, member: int) -> Form | None:
        """The form; None where it is kept no more."""
        key = (server, member)
        return None if key not in self._kept or self._is_old(key) else self._kept[key][1]

    def drop(self, server: int, member: int) -> None:
        """The form was accepted."""
        self._kept.pop((server, member), None)

    def forget(self, member: int) -> None:
        """Drop what a member filled in, wherever it was."""
        for key in [key for key in self._kept if key[1] == member]:
            del self._kept[key]

    def _is_old(self, key: tuple[int, int]) -> bool:
        return self._kept[key][0] < self._now() - KEPT_SECONDS
