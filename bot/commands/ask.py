"""`/ask`: a question in one's own words, answered with the passage that answers it."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.render import answers, notices
from bot.service import reader_of
from retrieval.domain import Answer

if TYPE_CHECKING:
    from bot.service import Service
    from retrieval.domain import Abstention, Reader


class Ask(commands.Cog):
    """Asks the newsroom, and remembers the passages that were not shown at once."""

    def __init__(self, service: Service) -> None:
        self._service = service

    @app_commands.command(description="Ask about the news; I answer with the passage that says it, word for word.")
    @app_commands.describe(question="Your question, in your own words")
    @app_commands.allowed_installs(guilds=True, users=True)
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
    async def ask(self, interaction: discord.Interaction[Any], question: app_commands.Range[str, 3, 300]) -> None:
        """Answers, or says that the archive does not hold the answer."""
        service, asker = self._service, interaction.user.id
        ready = service.cooldown.claim(asker, interaction.created_at)
        if ready is not None:
            await service.replies.saying(interaction, notices.cooling(ready))
            return
        work = functools.partial(self._answered, reader_of(interaction), question, asker, interaction.id)
        show = functools.partial(answers.outcome, asker=asker, token=interaction.id)
        await service.replies.thinking(interaction, work, show, after=service.newsroom.warm_up)

    def _answered(self, reader: Reader, question: str, asker: int, token: int) -> Answer | Abstention:
        result = self._service.newsroom.ask(reader, question)
        if isinstance(result, Answer) and len(result.citations) > 1:
            self._service.memory.keep(reader, token, asker, [citation.ref for citation in result.citations])
        return result
