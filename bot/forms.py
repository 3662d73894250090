"""Forms that are open, and those that were not accepted.

Discord keeps nothing of a form, so one that is refused is kept for a while, in memory alone, and can be corrected.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.brief_memory import BriefMemory

if TYPE_CHECKING:
    from collections.abc import Callable

KEPT_SECONDS: Final = 1800.0
MOST: Final = 100
"""Forms that are kept, of all members: about a megabyte. The oldest goes first."""
OPEN_EACH: Final = 3
"""Forms that one member may have open; Discord shows one at a time, and does not say when it is closed."""
MOST_OPEN: Final = 500
"""Forms that are open, of all members."""


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in, field by field. The publisher is an option of the command, because a form has five fields."""

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
    """The open forms, and the last form of each member in each server that was not accepted."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._open: dict[str, tuple[int, Callable[[], None]]] = {}
        self.kept = BriefMemory[Form](KEPT_SECONDS, MOST, now)
        """A place is a server."""

    def new_id(self, member: int, close: Callable[[], None]) -> str:
        """Return the custom id of a form that a member opens; `close` is called when newer ones replace it."""
        custom_ids = [custom_id for custom_id, (owner, _) in self._open.items() if owner == member]
        for custom_id in {*custom_ids[: 1 - OPEN_EACH], *list(self._open)[: 1 - MOST_OPEN]}:
            self._open.pop(custom_id)[1]()
        new = f"form:{secrets.token_hex(12)}"
        self._open[new] = member, close
        return new

    def is_open(self, custom_id: str) -> bool:
        """Whether a form that is sent is known; one of an earlier start, or replaced by newer ones, is not."""
        return custom_id in self._open

    def close(self, custom_id: str) -> None:
        """Forget an open form."""
        self._open.pop(custom_id, None)
