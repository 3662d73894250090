"""`/quote`: what somebody said, between quotation marks: newest first, or about something and nearest first."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.autocomplete import choices, picked
from bot.checks import answer, may_ask
from bot.render import limits, notices, quotations
from bot.service import party_of, scope_of
from retrieval.domain.quotations import NotQuotedAbout, QuotationsFound, SpeakerAmbiguous, SpeakerUnknown

if TYPE_CHECKING:
    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.scope import Scope

    Found = QuotationsFound | NotQuotedAbout | SpeakerAmbiguous | SpeakerUnknown


class Quote(commands.Cog):
    """Finds a speaker by the id that was picked from the list, or by a name that was typed."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @app_commands.command(description="Read what somebody said, word for word, newest first.")
    @app_commands.describe(
        speaker="Begin to type a name and pick it from the list",
        about="Only what they said about this, the nearest first",
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def quote(
        self,
        interaction: discord.Interaction[Any],
        speaker: app_commands.Range[str, 1, 100],
        about: app_commands.Range[str, 3, 200] | None = None,
    ) -> None:
        """Answers with the quotations, asks which speaker is meant, or offers near names."""
        service, asker = self._service, interaction.user.id
        scope = await may_ask(interaction, functools.partial(self._checked, scope_of(interaction), about))
        if scope is None:
            return
        token = interaction.id if about else None
        work = functools.partial(self._found, scope, speaker, about, interaction)
        show = functools.partial(_shown, asker=asker, speaker=speaker, token=token)
        lacking = None if about else _may_be_loading
        await answer(interaction, work, show, after=service.newsroom.warm_up, lacking=lacking)

    @quote.autocomplete("speaker")
    async def _names(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """Names as they are typed; none rather than an error where there is trouble."""
        scope = scope_of(interaction)
        work = functools.partial(self._service.newsroom.speakers.like, scope, typed, limits.CHOICES)
        entries = await self._service.offload.suggested(work, party_of(interaction))
        return choices(entries)

    def _checked(self, scope: Scope, about: str | None) -> Scope:
        """Raises QuestionRejected for a topic without a word."""
        if about:
            self._service.newsroom.check_question(about)
        return scope

    def _found(self, scope: Scope, speaker: str, about: str | None, interaction: discord.Interaction[Any]) -> Found:
        room, chosen = self._service.newsroom, picked(speaker)
        found = room.quotes_by(scope, speaker, about) if chosen is None else room.quotes_of(scope, chosen, about)
        if about:
            self._service.answer_memory.keep_about(scope, interaction.id, interaction.user.id, about)
        return found


def _may_be_loading(result: Found) -> bool:
    """Whether somebody may be missing only because the articles are still being loaded."""
    return isinstance(result, SpeakerUnknown)


def _shown(result: Found, *, asker: int, speaker: str, token: int | None) -> Reply:
    if isinstance(result, QuotationsFound):
        return quotations.found(result, asker=asker, token=token)
    if isinstance(result, NotQuotedAbout):
        return quotations.elsewhere(result, asker=asker)
    if isinstance(result, SpeakerAmbiguous):
        return quotations.ambiguous(result, asker=asker, token=token)
    if picked(speaker) is not None:
        return notices.sentence(notices.SPEAKER_GONE)
    return quotations.unknown(result, asker=asker, token=token)
