"""The buttons of decisions about speakers: merge, split, undo. For members who may use `/speaker`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from bot.buttons.base import Id, ModeratorButton
from bot.render import speakers
from bot.render.custom_ids import MergeId, SplitId, UndoOverrideId
from bot.threads.request import Request
from retrieval.domain.ids import UserId

if TYPE_CHECKING:
    from bot.interactions import Interaction
    from bot.service import Service
    from retrieval.domain.overrides import OverrideResult
    from retrieval.domain.scope import Scope


class _Deciding(ModeratorButton[Id]):
    """A decision whose outcome was shown before."""

    command = "speaker"
    not_allowed = "bot.speakers_not_allowed"

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: Id) -> None:
        by = UserId(interaction.user.id)
        request = Request(
            lambda: self.decide(service, home, fields, by), lambda result: speakers.decided(result, asker=by)
        )
        await service.responses.edit_in_place(interaction, request)

    def decide(self, service: Service, home: Scope, fields: Id, by: UserId) -> OverrideResult:
        """Do, in a thread, what was decided."""
        raise NotImplementedError


class MergeSpeakers(_Deciding[MergeId]):
    """Makes two speakers one."""

    @override
    def decide(self, service: Service, home: Scope, fields: MergeId, by: UserId) -> OverrideResult:
        return service.newsroom.overrides.merge(home, fields.speaker, fields.into, by)


class SplitSpeaker(_Deciding[SplitId]):
    """Gives a part of a speaker's quotations to somebody else."""

    @override
    def decide(self, service: Service, home: Scope, fields: SplitId, by: UserId) -> OverrideResult:
        kind, part = speakers.part_of(fields)
        return service.newsroom.overrides.split(home, fields.speaker, kind, part, by)


class UndoOverride(_Deciding[UndoOverrideId]):
    """Undoes a decision."""

    @override
    def decide(self, service: Service, home: Scope, fields: UndoOverrideId, by: UserId) -> OverrideResult:
        return service.newsroom.overrides.undo_by_fingerprint(home, fields.fingerprint, by)
