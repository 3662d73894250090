"""What a member's next question may refer to: the passage that answered them last in a channel.

Kept in memory alone, for ten minutes, so that it is forgotten as a conversation is. Thread-safe.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bot.brief_memory import BriefMemory
from retrieval.domain.answers import Context

if TYPE_CHECKING:
    from collections.abc import Callable

    from retrieval.domain.ids import PassageId
    from retrieval.domain.scope import Scope

KEPT_SECONDS: Final = 600.0
MOST: Final = 1000
"""Values of each kind that are kept, of all members; the oldest goes first."""


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """The first passage of an answer, and the token that its buttons carry."""

    token: int
    passage: PassageId


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question that was read as being about an article, to be asked again without it."""

    scope: Scope
    question: str


class LastAnswers:
    """The last answer of each member in each channel, and the follow-ups by the token of their button."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._answers = BriefMemory[LastAnswer](KEPT_SECONDS, MOST, now)
        self._follow_ups = BriefMemory[FollowUp](KEPT_SECONDS, MOST, now)

    def keep(self, asker: int, channel: int | None, answer: LastAnswer) -> None:
        """Keep an answer in place of the one before in that channel."""
        self._answers.keep(asker, channel, answer)

    def recall(self, asker: int, channel: int | None) -> LastAnswer | None:
        """Return the member's last answer in that channel; None after ten minutes."""
        return self._answers.recall(asker, channel)

    def context(self, asker: int, channel: int | None) -> Context | None:
        """Return what the member's next question in that channel may refer to; None after ten minutes."""
        answer = self.recall(asker, channel)
        return None if answer is None else Context(answer.passage)

    def drop(self, asker: int, channel: int | None, answer: LastAnswer) -> None:
        """Forget an answer, which was deleted or not meant, if it is still the last one in that channel."""
        self._answers.drop(asker, channel, answer)

    def end(self, asker: int, channel: int | None) -> None:
        """Forget the last answer in that channel: a question that found none came after it."""
        self._answers.drop(asker, channel)

    def keep_follow_up(self, asker: int, token: int, follow_up: FollowUp) -> None:
        """Keep a question under the token of the button that asks it again."""
        self._follow_ups.keep(asker, token, follow_up)

    def follow_up(self, asker: int, token: int) -> FollowUp | None:
        """Return the question of a button; None after ten minutes, and for anybody but the asker."""
        return self._follow_ups.recall(asker, token)

    def forget(self, asker: int) -> None:
        """Forget everything of one member."""
        self._answers.forget(asker)
        self._follow_ups.forget(asker)
