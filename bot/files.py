"""Files on Discord: an article attached to a command, and the export of a server's own articles."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING, Final

import discord

from bot.render import articles
from retrieval.domain.file_types import ENDINGS
from retrieval.domain.limits import LARGEST_FILE
from retrieval.errors import ArticleRejected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.render.reply import Reply
    from retrieval.domain.scope import Scope
    from retrieval.newsroom import Newsroom

_EXPORTS_AT_ONCE: Final = 2
"""Exports of all servers that are sent at the same time: each holds megabytes until Discord has taken them."""


class Upload:
    """An attachment; `content` is empty until it was received, so that files that wait take no memory."""

    def __init__(self, attachment: discord.Attachment) -> None:
        self._attachment = attachment
        self.name = attachment.filename
        self.content = b""

    def check(self) -> None:
        """Raise ArticleRejected if its type or size cannot be an article's."""
        if PurePath(self.name).suffix.lower() not in ENDINGS:
            *endings, last = ENDINGS
            raise ArticleRejected("file.unknown_ending", endings=", ".join(endings), last=last)
        if self._attachment.size > LARGEST_FILE:
            raise ArticleRejected("file.too_large_to_add", megabytes=LARGEST_FILE // 1_000_000)

    async def receive(self) -> None:
        """Download it. Raises ArticleRejected if Discord does not hand it over."""
        try:
            self.content = await self._attachment.read()
        except discord.HTTPException as error:
            raise ArticleRejected("file.not_handed_over") from error


class ExportSlots:
    """Limits exports to one of each server, and a few in all. For one event loop."""

    def __init__(self) -> None:
        self.room = asyncio.Semaphore(_EXPORTS_AT_ONCE)
        """Entered before the first part is made, and left when the last one was taken."""
        self._exporting: set[int] = set()

    @contextmanager
    def claimed(self, server: int) -> Iterator[bool]:
        """Yield whether this is the server's only export; it counts, running or waiting, until the block ends."""
        is_only = server not in self._exporting
        self._exporting.add(server)
        try:
            yield is_only
        finally:
            if is_only:
                self._exporting.discard(server)


def export_parts(newsroom: Newsroom, home: Scope, since: str | None, until: str | None) -> Iterator[Reply]:
    """Yield the server's own articles as messages with a file; each part is read when it is asked for.

    Raises QuestionRejected for what is no day.
    """
    after = 0
    for number in range(articles.EXPORT_PARTS):
        narrowed = newsroom.narrowed(home, None, since, until)
        part = newsroom.articles.export(narrowed, after)
        yield articles.exported(part, number=number, name=f"articles-{home.server}")
        if part.rest is None:
            return
        after = part.rest
