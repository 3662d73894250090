"""The buttons of decisions about speakers: merge, split, undo. For whoever may use `/speaker`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typing_extensions import override

from bot.buttons.base import ABSTRACT, ModeratorButton
from bot.render import speakers
from bot.threads.request import Request
from retrieval.domain.ids import SpeakerId, UserId

if TYPE_CHECKING:
    from bot.buttons.base import Interaction
    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.overrides import OverrideResult
    from retrieval.domain.scope import Scope


class _Deciding(ModeratorButton, template=ABSTRACT):
    """A decision whose outcome was shown before."""

    command = "speaker"
    refusal = speakers.MAY_NOT

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        by = UserId(interaction.user.id)

        def render(result: OverrideResult) -> Reply:
            return speakers.ruled(result, asker=by)

        await service.responses.edit_in_place(
            interaction, Request(lambda: self.decide(service, home, fields, by), render)
        )

    def decide(self, service: Service, home: Scope, fields: dict[str, int], by: UserId) -> OverrideResult:
        """Do, in a thread, what was decided."""
        raise NotImplementedError


class MergeSpeakers(_Deciding, template=speakers.MERGE_TEMPLATE):
    """Makes two speakers one."""

    @override
    def decide(self, service: Service, home: Scope, fields: dict[str, int], by: UserId) -> OverrideResult:
        one, into = SpeakerId(fields["speaker"]), SpeakerId(fields["into"])
        return service.newsroom.speakers.merge(home, one, into, by)


class SplitSpeaker(_Deciding, template=speakers.SPLIT_TEMPLATE):
    """Gives a part of a speaker's quotations to somebody else."""

    @override
    def decide(self, service: Service, home: Scope, fields: dict[str, int], by: UserId) -> OverrideResult:
        kind, part = speakers.part_of(fields)
        return service.newsroom.speakers.split(home, SpeakerId(fields["speaker"]), kind, part, by)


class UndoOverride(_Deciding, template=speakers.UNRULE_TEMPLATE):
    """Undoes a decision."""

    @override
    def decide(self, service: Service, home: Scope, fields: dict[str, int], by: UserId) -> OverrideResult:
        return service.newsroom.speakers.undo_marked(home, fields["ruling"], by)
