"""Articles on their way from Discord into the archive: the request that adds one, and the file of a command."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

import discord

from bot.render import articles
from bot.threads.request import LongWork, Request
from retrieval.domain.file_types import ENDINGS, OLD_OFFICE_ENDINGS
from retrieval.domain.limits import LARGEST_FILE
from retrieval.errors import ArticleRejected

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from bot.render.reply import Reply
    from bot.service import Service
    from retrieval.domain.articles import AddedArticle
    from retrieval.domain.ids import UserId


def adding_request(
    service: Service,
    work: LongWork[AddedArticle],
    asker: UserId,
    progress: str,
    *,
    prepare: Callable[[], Awaitable[None]] | None = None,
    render_refusal: Callable[[Reply], Reply] | None = None,
) -> Request[AddedArticle]:
    """Return the request that adds an article and shows what was understood, with a button that undoes it."""
    return Request(
        work,
        lambda added: articles.added(added, asker=asker, low=service.low_disk),
        wait_for=service.newsroom.warm_up,
        prepare=prepare,
        progress=progress,
        render_refusal=render_refusal,
    )


class Upload:
    """An attachment; `content` is empty until it was received, so that files that wait take no memory."""

    def __init__(self, attachment: discord.Attachment) -> None:
        self._attachment = attachment
        self.name = attachment.filename
        self.content = b""

    def check(self) -> None:
        """Raise ArticleRejected if its type or size cannot be an article's."""
        ending = PurePath(self.name).suffix.lower()
        if ending in OLD_OFFICE_ENDINGS:
            raise ArticleRejected("page.old_office")
        if ending not in ENDINGS:
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
