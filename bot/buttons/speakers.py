"""The buttons of decisions about speakers: make them, undo them. Only for those who may manage the server."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.buttons.base import ModeratorButton
from bot.render import speakers
from retrieval.domain.ids import SpeakerId, UserId

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.buttons.base import Interaction
    from bot.service import Service
    from retrieval.domain.overrides import OverrideResult
    from retrieval.domain.scope import Scope


class _Deciding(ModeratorButton, template=r"(?!)"):
    """A decision that was shown before; whoever may use `/speaker` may press."""

    command = "speaker"
    refusal = speakers.MAY_NOT

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        work = self.decision(service, home, fields, UserId(interaction.user.id))
        await service.responses.edit_in_place(
            interaction, work, functools.partial(speakers.ruled, asker=interaction.user.id)
        )

    @staticmethod
    def decision(service: Service, scope: Scope, fields: dict[str, int], by: UserId) -> Callable[[], OverrideResult]:
        """What is done off the loop."""
        raise NotImplementedError


class MergeSpeakers(_Deciding, template=speakers.MERGE_TEMPLATE):
    """Two speakers become one."""

    @staticmethod
    @override
    def decision(service: Service, scope: Scope, fields: dict[str, int], by: UserId) -> Callable[[], OverrideResult]:
        one, into = SpeakerId(fields["speaker"]), SpeakerId(fields["into"])
        return functools.partial(service.newsroom.speakers.merge, scope, one, into, by)


class SplitSpeaker(_Deciding, template=speakers.SPLIT_TEMPLATE):
    """A part of a speaker's quotations becomes somebody else's."""

    @staticmethod
    @override
    def decision(service: Service, scope: Scope, fields: dict[str, int], by: UserId) -> Callable[[], OverrideResult]:
        speaker, (kind, part) = SpeakerId(fields["speaker"]), speakers.part_of(fields)
        return functools.partial(service.newsroom.speakers.split, scope, speaker, kind, part, by)


class UndoOverride(_Deciding, template=speakers.UNRULE_TEMPLATE):
    """A decision counts no more."""

    @staticmethod
    @override
    def decision(service: Service, scope: Scope, fields: dict[str, int], by: UserId) -> Callable[[], OverrideResult]:
        return functools.partial(service.newsroom.speakers.undo_marked, scope, fields["ruling"], by)
