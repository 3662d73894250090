"""`/ask`: a question in one's own words, answered with the passage that answers it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.autocomplete import day_choices, named_choices
from bot.checks import answer, may_ask
from bot.render import answers, limits
from bot.service import party_of, scope_of
from retrieval.domain.answers import Answer

if TYPE_CHECKING:
    from bot.service import Service
    from retrieval.domain.answers import Abstention
    from retrieval.domain.scope import Scope


class Ask(commands.Cog):
    """Asks the newsroom, and remembers the passages that were not shown at once."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @app_commands.command(description="Ask about the news; I answer with the passage that says it, word for word.")
    @app_commands.describe(
        question="Your question, in your own words",
        source="Only articles of this publisher",
        since="Only from this day on: 2024-03-25, 2024-03 or 2024",
        until="Only up to this day: 2024-03-25, 2024-03 or 2024",
    )
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def ask(
        self,
        interaction: discord.Interaction[Any],
        question: app_commands.Range[str, 3, 300],
        source: app_commands.Range[str, 1, 100] | None = None,
        since: app_commands.Range[str, 4, 10] | None = None,
        until: app_commands.Range[str, 4, 10] | None = None,
    ) -> None:
        """Answers, or says that the archive does not hold the answer."""
        service, asker = self._service, interaction.user.id
        checked = functools.partial(self._checked, scope_of(interaction), question, source, since, until)
        scope = await may_ask(interaction, checked)
        if scope is not None:
            work = functools.partial(self._answered, scope, question, asker, interaction.id)
            show = functools.partial(answers.outcome, asker=asker, token=interaction.id)
            await answer(interaction, work, show, after=service.newsroom.warm_up)

    @ask.autocomplete("source")
    async def _sources(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """Publishers as they are typed."""
        work = functools.partial(self._service.newsroom.publishers_like, scope_of(interaction), typed, limits.CHOICES)
        return named_choices(await self._service.offload.suggested(work, party_of(interaction)))

    @ask.autocomplete("since")
    @ask.autocomplete("until")
    async def _days(self, interaction: discord.Interaction[Any], typed: str) -> list[app_commands.Choice[str]]:
        """A few days counted back from today."""
        return day_choices(typed, interaction.created_at)

    def _checked(self, scope: Scope, question: str, source: str | None, since: str | None, until: str | None) -> Scope:
        """The reader as the options narrow them. Raises QuestionRejected."""
        self._service.newsroom.check_question(question)
        return self._service.newsroom.narrowed(scope, source, since, until)

    def _answered(self, scope: Scope, question: str, asker: int, token: int) -> Answer | Abstention:
        result = self._service.newsroom.ask(scope, question)
        if isinstance(result, Answer) and len(result.citations) > 1:
            self._service.answer_memory.keep(scope, token, asker, [citation.ref for citation in result.citations])
        return result
