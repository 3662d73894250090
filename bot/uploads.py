"""A file that was attached to a command: taken from Discord only where its name and its size promise an article."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final

import discord

from retrieval.errors import ArticleRejected

if TYPE_CHECKING:
    from discord import Attachment

LARGEST: Final = 5_000_000
KINDS: Final = (".txt", ".md", ".html", ".htm", ".eml", ".pdf")


class Upload:
    """The attachment; `content` is empty until it was received."""

    def __init__(self, attachment: Attachment) -> None:
        self._attachment = attachment
        self.name = attachment.filename
        self.content = b""

    async def receive(self) -> None:
        """Take it. Raises ArticleRejected for a kind or a size that no article has."""
        if PurePath(self.name).suffix.lower() not in KINDS:
            message = f"I read files that end with {', '.join(KINDS[:-1])} or {KINDS[-1]}."
            raise ArticleRejected(message)
        if self._attachment.size > LARGEST:
            message = f"The file is larger than {LARGEST // 1_000_000} MB, which no article is."
            raise ArticleRejected(message)
        try:
            self.content = await self._attachment.read()
        except discord.HTTPException as error:
            message = "Discord did not hand over the file. Please attach it again."
            raise ArticleRejected(message) from error
