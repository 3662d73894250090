"""The buttons of decisions about speakers: make them, undo them. Only for those who may manage the server."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.buttons.pressed import Interaction, Pressed, is_private
from bot.permissions import home_of, may_press
from bot.render import notices, speakers
from bot.service import reader_of
from retrieval.domain.ids import RulingId, SpeakerId, UserId

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.service import Service
    from retrieval.domain.readers import Reader
    from retrieval.domain.rulings import SpeakersRuled


def _may_decide(interaction: Interaction) -> bool:
    """Whether this is a server of the bot's, and who pressed may manage it, or was just let in by its settings."""
    if home_of(interaction) is None:
        return False
    return interaction.permissions.manage_guild or (
        is_private(interaction) and may_press(interaction, interaction.user.id)
    )


class _Deciding(Pressed, template=r"(?!)"):
    @override
    async def press(self, interaction: Interaction, service: Service, fields: dict[str, int]) -> None:
        if not _may_decide(interaction):
            await service.replies.saying(interaction, notices.sentence(speakers.MAY_NOT))
            return
        work = self.decision(service, reader_of(interaction), fields, UserId(interaction.user.id))
        await service.replies.turning(interaction, work, functools.partial(speakers.ruled, asker=interaction.user.id))

    @staticmethod
    def decision(service: Service, reader: Reader, fields: dict[str, int], by: UserId) -> Callable[[], SpeakersRuled]:
        """What is done off the loop."""
        raise NotImplementedError


class MergeSpeakers(_Deciding, template=speakers.MERGE_TEMPLATE):
    """Two speakers become one."""

    @staticmethod
    @override
    def decision(service: Service, reader: Reader, fields: dict[str, int], by: UserId) -> Callable[[], SpeakersRuled]:
        one, into = SpeakerId(fields["speaker"]), SpeakerId(fields["into"])
        return functools.partial(service.newsroom.speakers.merge, reader, one, into, by)


class SplitSpeaker(_Deciding, template=speakers.SPLIT_TEMPLATE):
    """A part of a speaker's quotations becomes somebody else's."""

    @staticmethod
    @override
    def decision(service: Service, reader: Reader, fields: dict[str, int], by: UserId) -> Callable[[], SpeakersRuled]:
        speaker, (kind, part) = SpeakerId(fields["speaker"]), speakers.part_of(fields)
        return functools.partial(service.newsroom.speakers.split, reader, speaker, kind, part, by)


class UndoRuling(_Deciding, template=speakers.UNRULE_TEMPLATE):
    """A decision counts no more."""

    @staticmethod
    @override
    def decision(service: Service, reader: Reader, fields: dict[str, int], by: UserId) -> Callable[[], SpeakersRuled]:
        return functools.partial(service.newsroom.speakers.undo, reader, RulingId(fields["ruling"]), by)


ALL: tuple[type[Pressed], ...] = (MergeSpeakers, SplitSpeaker, UndoRuling)
