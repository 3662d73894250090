"""`/speaker`: who is who in this server, shown and decided by hand: merge, split, alias. For those who manage it."""

from __future__ import annotations

import functools
import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import discord
from discord import app_commands
from discord.ext import commands

from bot.autocomplete import choices, picked
from bot.checks import authorised
from bot.render import limits, speakers
from bot.service import party_of, scope_of
from retrieval.domain.ids import ArticleNumber, UserId
from retrieval.domain.overrides import SplitKind
from retrieval.domain.quotations import SpeakerAmbiguous, SpeakerUnknown
from retrieval.errors import OverrideRejected

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.ids import SpeakerId
    from retrieval.domain.overrides import OverrideResult, SpeakerShown, SplitCandidate
    from retrieval.domain.scope import Scope

    Result = TypeVar("Result")

_PART: Final = re.compile(rf"({'|'.join(SplitKind)}):(S?\d{{1,10}})")
_NO_PART = "Pick what to take apart from the list that opens as you type."
Interaction = discord.Interaction[Any]
Typed = app_commands.Range[str, 1, 100]


class Speakers(commands.Cog):
    """Answers privately; changes nothing before the change was shown, but for an alias."""

    def __init__(self, service: Service) -> None:
        self._service = service

    speaker = app_commands.Group(
        name="speaker",
        description="Decide who is who among those who are quoted, for this server.",
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
    )

    @speaker.command(description="What is known of a speaker, and what was decided by hand.")
    @app_commands.describe(speaker="Begin to type a name and pick it from the list")
    async def show(self, interaction: Interaction, speaker: Typed) -> None:
        """Names, roles over time, how often quoted, and the decisions with buttons to undo them."""
        scope = scope_of(interaction)
        show = functools.partial(_shown, asker=interaction.user.id, scope=scope)
        await self._answer(interaction, functools.partial(self._known, scope, speaker), show)

    @speaker.command(description="Two names are one person: what one is quoted with is found under the other.")
    @app_commands.describe(speaker="The name that is to be another one's", into="Whose name it is")
    async def merge(self, interaction: Interaction, speaker: Typed, into: Typed) -> None:
        """Shows what would change, with a button that does it."""
        work = functools.partial(self._plan_merge, scope_of(interaction), speaker, into)
        await self._answer(interaction, work, functools.partial(_merging, asker=interaction.user.id))

    @speaker.command(description="One name is two people: take a name, a role or an article apart.")
    @app_commands.describe(speaker="Of whom something is to be taken apart", part="What: pick it from the list")
    async def split(self, interaction: Interaction, speaker: Typed, part: Typed) -> None:
        """Shows what would change, with a button that does it."""
        work = functools.partial(self._plan_split, scope_of(interaction), speaker, part)
        await self._answer(interaction, work, functools.partial(_splitting, asker=interaction.user.id))

    @speaker.command(description="Give a speaker one more name, for /quote and for its list of names.")
    @app_commands.describe(speaker="Who is to have one more name", name="The other name")
    async def alias(self, interaction: Interaction, speaker: Typed, name: app_commands.Range[str, 1, 80]) -> None:
        """Done at once, with a button that undoes it."""
        by = UserId(interaction.user.id)
        work = functools.partial(self._alias, scope_of(interaction), speaker, name, by)
        await self._answer(interaction, work, functools.partial(speakers.ruled, asker=interaction.user.id))

    @show.autocomplete("speaker")
    @merge.autocomplete("speaker")
    @merge.autocomplete("into")
    @split.autocomplete("speaker")
    @alias.autocomplete("speaker")
    async def _names(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Names as they are typed."""
        work = functools.partial(self._service.newsroom.speakers.like, scope_of(interaction), typed, limits.CHOICES)
        return choices(await self._service.offload.suggested(work, party_of(interaction)))

    @split.autocomplete("part")
    async def _parts(self, interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """What can be taken apart of the speaker that was chosen before."""
        work = functools.partial(
            self._parts_like, scope_of(interaction), str(interaction.namespace.speaker or ""), typed
        )
        return list(await self._service.offload.suggested(work, party_of(interaction)))

    async def _answer(
        self, interaction: Interaction, work: Callable[[], Result], show: Callable[[Result], Reply]
    ) -> None:
        """Privately; asks once more who may do this, for Discord's own settings can be loosened."""
        home = await authorised(interaction, not_here=speakers.NOT_HERE, refusal=speakers.MAY_NOT)
        if home is not None:
            after = self._service.newsroom.warm_up  # before it is done, somebody may be missing
            await self._service.responses.defer_and_respond(
                interaction, work, show, private=True, after=after, lacking=lambda _: False
            )

    def _known(self, scope: Scope, typed: str) -> SpeakerShown:
        return self._service.newsroom.speakers.shown(scope, self._chosen(scope, typed))

    def _plan_merge(self, scope: Scope, one: str, into: str) -> tuple[SpeakerShown, SpeakerShown]:
        first, second = self._chosen(scope, one), self._chosen(scope, into)
        return self._service.newsroom.speakers.plan_merge(scope, first, second)

    def _plan_split(self, scope: Scope, typed: str, part: str) -> tuple[SpeakerShown, SplitCandidate]:
        match = _PART.fullmatch(part.strip())
        number = None if match is None else ArticleNumber.parse(match[2])
        if match is None or number is None:
            raise OverrideRejected(_NO_PART)
        kind, speaker = SplitKind(match[1]), self._chosen(scope, typed)
        chosen = number if kind is SplitKind.ARTICLE else number.number
        return self._service.newsroom.speakers.plan_split(scope, speaker, kind, chosen)

    def _alias(self, scope: Scope, typed: str, name: str, by: UserId) -> OverrideResult:
        return self._service.newsroom.speakers.alias(scope, self._chosen(scope, typed), name, by)

    def _parts_like(self, scope: Scope, speaker: str, typed: str) -> list[app_commands.Choice[str]]:
        """The first parts whose label holds what is typed."""
        labelled = ((speakers.part_label(part, limits.CHOICE), part) for part in self._known(scope, speaker).parts)
        wanted = ((label, part) for label, part in labelled if typed.casefold() in label.casefold())
        return [
            app_commands.Choice(name=label, value=f"{part.kind}:{part.number}")
            for label, part in islice(wanted, limits.CHOICES)
        ]

    def _chosen(self, scope: Scope, typed: str) -> SpeakerId:
        """Who was picked or typed. Raises OverrideRejected where that is nobody, or not one alone."""
        chosen = picked(typed)
        if chosen is not None:
            return chosen
        found = self._service.newsroom.speakers.named(scope, typed)
        if isinstance(found, SpeakerUnknown):
            message = f"Nobody called “{typed}” is quoted in the archive."
            raise OverrideRejected(message)
        if isinstance(found, SpeakerAmbiguous):
            message = f"Several speakers answer to “{typed}”: pick one from the list that opens as you type."
            raise OverrideRejected(message)
        return found.speaker.id


def _shown(what: SpeakerShown, *, asker: int, scope: Scope) -> Reply:
    assert scope.server is not None  # asked before
    return speakers.shown(what, asker=asker, own=scope.server)


def _merging(plan: tuple[SpeakerShown, SpeakerShown], *, asker: int) -> Reply:
    return speakers.merging(*plan, asker=asker)


def _splitting(plan: tuple[SpeakerShown, SplitCandidate], *, asker: int) -> Reply:
    return speakers.splitting(*plan, asker=asker)
