"""The form into which an article's text is pasted, with what is known of it.

It may stay open for long: whether whoever sends it may still add articles is asked when it is sent.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import discord
from typing_extensions import override

from bot.permissions import may_add
from bot.render import articles, notices, servers
from bot.work import LongWork
from retrieval.domain.editing import Claims
from retrieval.domain.ids import UserId

if TYPE_CHECKING:
    from bot.service import Service
    from retrieval.domain.readers import Reader

_LONGEST = 4000


class PasteText(discord.ui.Modal, title="Paste an article"):
    """Two fields for the text, since Discord takes four thousand characters in each."""

    text: discord.ui.TextInput[PasteText] = discord.ui.TextInput(
        label="The text", style=discord.TextStyle.paragraph, max_length=_LONGEST
    )
    rest: discord.ui.TextInput[PasteText] = discord.ui.TextInput(
        label="Its continuation, if it is longer",
        style=discord.TextStyle.paragraph,
        max_length=_LONGEST,
        required=False,
    )
    headline: discord.ui.TextInput[PasteText] = discord.ui.TextInput(label="Headline", max_length=300, required=False)
    link: discord.ui.TextInput[PasteText] = discord.ui.TextInput(
        label="Link", placeholder="https://…", max_length=2000, required=False
    )
    date: discord.ui.TextInput[PasteText] = discord.ui.TextInput(
        label="Date", placeholder="2024-03-25", max_length=10, required=False
    )

    def __init__(self, service: Service, home: Reader, command: int | None) -> None:
        super().__init__()
        self._service = service
        self._home = home
        self._command = command

    @override
    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        if not await may_add(interaction, self._command):
            await self._service.replies.saying(interaction, notices.sentence(servers.NOT_AN_ADDER))
            return
        by = UserId(interaction.user.id)
        add = functools.partial(
            self._service.newsroom.desk.add_text,
            self._home,
            self.text.value + self.rest.value,
            by,
            claims=Claims(
                self.headline.value.strip() or None,
                date=self.date.value.strip() or None,
                link=self.link.value.strip() or None,
            ),
        )
        work = LongWork(lambda stop: add(cancellation=stop))
        show = functools.partial(articles.added, asker=by, low=self._service.gauge.low)
        after, reading = self._service.newsroom.warm_up, articles.READING_TEXT
        await self._service.replies.thinking(interaction, work, show, private=True, after=after, meanwhile=reading)

    @override
    async def on_error(  # type: ignore[override]  # discord.py's own modals take no item here either
        self, interaction: discord.Interaction[Any], error: Exception, /
    ) -> None:
        await self._service.replies.apologise(interaction, error)
