"""What a member's next question may refer to: the passage that answered them last in a channel.

Kept in memory alone, for ten minutes, so that it is forgotten as a conversation is. Thread-safe.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.brief_memory import BriefMemory
from retrieval.domain.answers import Context
from retrieval.domain.ids import PassageId

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.domain.scope import Scope

KEPT_SECONDS: Final = 600.0
MOST: Final = 1000
"""Values of each kind that are kept, of all members; the oldest goes first."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question that was read as being about an article, to be asked again without it."""

    scope: Scope
    question: str


class LastAnswers:
    """The last answer of each member in each channel, and the follow-ups by the token of their button."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._passages = BriefMemory[PassageId](KEPT_SECONDS, MOST, now)
        self._follow_ups = BriefMemory[FollowUp](KEPT_SECONDS, MOST, now)

    def keep(self, asker: int, channel: int | None, passage: PassageId) -> None:
        """Keep the first passage of an answer, in place of the one before in that channel."""
        self._passages.keep(asker, channel, passage)

    def context(self, asker: int, channel: int | None) -> Context | None:
        """Return what the member's next question in that channel may refer to; None after ten minutes."""
        passage = self._passages.recall(asker, channel)
        return None if passage is None else Context(passage)

    def drop(self, asker: int, channel: int | None) -> None:
        """Forget the last answer in a channel: it was deleted, or another was meant."""
        self._passages.drop(asker, channel)

    def keep_follow_up(self, asker: int, token: int, follow_up: FollowUp) -> None:
        """Keep a question under the token of the button that asks it again."""
        self._follow_ups.keep(asker, token, follow_up)

    def follow_up(self, asker: int, token: int) -> FollowUp | None:
        """Return the question of a button; None after ten minutes, and for anybody but the asker."""
        return self._follow_ups.recall(asker, token)

    def forget(self, asker: int) -> None:
        """Forget everything of one member."""
        self._passages.forget(asker)
        self._follow_ups.forget(asker)
