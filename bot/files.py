"""An export of a server's own articles, as it is handed over part by part."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

import discord

from bot.render import articles
from retrieval.domain.file_types import MEDIA_TYPES
from retrieval.domain.limits import LARGEST_FILE, TOO_LARGE
from retrieval.errors import ArticleRejected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from discord import Attachment

    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.articles import Exported
    from retrieval.domain.scope import Scope


class Upload:
    """The attachment; `content` is empty until it was received."""

    def __init__(self, attachment: Attachment) -> None:
        self._attachment = attachment
        self.name = attachment.filename
        self.content = b""

    def trouble(self) -> str | None:
        """Why it is no article, by its kind and its size; None where it may be one."""
        if PurePath(self.name).suffix.lower() not in MEDIA_TYPES:
            *endings, last = MEDIA_TYPES
            return f"I read files that end with {', '.join(endings)} or {last}."
        if self._attachment.size > LARGEST_FILE:
            return f"The file is {TOO_LARGE}"
        return None

    async def receive(self) -> None:
        """Take it. Raises ArticleRejected where Discord does not hand it over."""
        try:
            self.content = await self._attachment.read()
        except discord.HTTPException as error:
            message = "Discord did not hand over the file. Please attach it again."
            raise ArticleRejected(message) from error


_AT_ONCE: Final = 2
"""Exports of all servers that are being handed over. Each holds a part of megabytes until Discord has taken it."""


class ExportTurns:
    """Who may export now: one export of each server, and a few in all. For one event loop."""

    def __init__(self) -> None:
        self.room = asyncio.Semaphore(_AT_ONCE)
        """Entered before the first part is made, and left when the last one was taken."""
        self._exporting: set[int] = set()

    @contextmanager
    def claimed(self, server: int) -> Iterator[bool]:
        """Whether this is the only export of the server; it counts, whether it runs or waits, until the end of this."""
        mine = server not in self._exporting
        self._exporting.add(server)
        try:
            yield mine
        finally:
            if mine:
                self._exporting.discard(server)


class Export:
    """The parts, one after the other."""

    def __init__(self, service: Service, home: Scope, since: str | None, until: str | None) -> None:
        self._newsroom = service.newsroom
        self._home = home
        self._days = since, until
        self._number = 0

    def next(self, last: Exported | None) -> Exported | None:
        """The part after the last one; None where there is none, or enough was handed over."""
        if last is not None and (last.rest is None or self._number == articles.EXPORT_PARTS):
            return None
        narrowed = self._newsroom.narrowed(self._home, None, *self._days)
        return self._newsroom.articles.export(narrowed, 0 if last is None or last.rest is None else last.rest)

    def shown(self, part: Exported) -> Reply:
        """The part as a message with a file."""
        self._number += 1
        return articles.exported(part, number=self._number - 1, name=f"articles-{self._home.server}")
