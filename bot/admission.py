"""Before a question is answered: whether it is answered here and now, and whether everybody sees the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import discord

from bot.render import notices
from retrieval.errors import NewsError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future
    from typing import TypeVar

    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.scope import Scope

    Result = TypeVar("Result")

Interaction = discord.Interaction[Any]


async def admitted(service: Service, interaction: Interaction, checked: Callable[[], Scope]) -> Scope | None:
    """For whom the question is answered, as `checked` narrows them; None where the asker is told why it is not.

    Whoever is admitted waits for a while before their next question, so `checked` refuses what can be refused before.
    """
    channels = service.preferences.of(interaction.guild_id).channels
    if channels and not _is_in(interaction, channels):
        await service.replies.saying(interaction, notices.elsewhere(channels))
        return None
    try:
        scope = checked()
    except NewsError as problem:
        await service.replies.saying(interaction, notices.refusal(problem))
        return None
    ready = service.cooldown.claim(interaction.user.id, interaction.created_at)
    if ready is not None:
        await service.replies.saying(interaction, notices.cooling(ready))
        return None
    return scope


async def answer(
    service: Service,
    interaction: Interaction,
    work: Callable[[], Result],
    show: Callable[[Result], Reply],
    *,
    after: Future[None],
    lacking: Callable[[Result], bool] | None = None,
) -> None:
    """Answers an admitted question, publicly unless the server wants otherwise; a refusal costs no waiting time."""
    private = service.preferences.of(interaction.guild_id).private
    if not await service.replies.thinking(interaction, work, show, private=private, after=after, lacking=lacking):
        service.cooldown.release(interaction.user.id, interaction.created_at)


def _is_in(interaction: Interaction, channels: tuple[int, ...]) -> bool:
    """Whether a listed channel is this one, or what a thread or a forum's post belongs to, or its category."""
    return not set(_places(interaction)).isdisjoint(channels)


def _places(interaction: Interaction) -> tuple[int | None, ...]:
    channel = interaction.channel
    parent = channel.parent if isinstance(channel, discord.Thread) else channel
    return (
        interaction.channel_id,
        getattr(channel, "parent_id", None),
        getattr(parent, "category_id", None),
    )
