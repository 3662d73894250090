"""A file that was attached to a command: taken from Discord only where its name and its size promise an article.

It is taken when it is its turn to be read, so that files that wait take no memory.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Final

import discord

from retrieval.domain.limits import LARGEST_FILE
from retrieval.errors import ArticleRejected

if TYPE_CHECKING:
    from discord import Attachment

KINDS: Final = (".txt", ".md", ".html", ".htm", ".eml", ".pdf")


class Upload:
    """The attachment; `content` is empty until it was received."""

    def __init__(self, attachment: Attachment) -> None:
        self._attachment = attachment
        self.name = attachment.filename
        self.content = b""

    def trouble(self) -> str | None:
        """Why it is no article, by its kind and its size; None where it may be one."""
        if PurePath(self.name).suffix.lower() not in KINDS:
            return f"I read files that end with {', '.join(KINDS[:-1])} or {KINDS[-1]}."
        if self._attachment.size > LARGEST_FILE:
            return f"The file is larger than {LARGEST_FILE // 1_000_000} MB, which no article is."
        return None

    async def receive(self) -> None:
        """Take it. Raises ArticleRejected where Discord does not hand it over."""
        try:
            self.content = await self._attachment.read()
        except discord.HTTPException as error:
            message = "Discord did not hand over the file. Please attach it again."
            raise ArticleRejected(message) from error
