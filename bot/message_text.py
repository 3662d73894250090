"""The words of a Discord message as its members read them, for a search."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import discord

_MARKUP = re.compile(
    r"<(?:a?:\w{1,32}:|@[!&]?|#|t:|id:)[\w:-]{1,40}>"  # emoji, mentions, times
    r"|</[^<>]{1,100}:\d{1,20}>"  # commands
    r"|<?https?://[^\s<>]{1,2000}>?"
)
_LINE_START = re.compile(r"^[ \t]{0,9}(?:(?:>{1,3}|#{1,3}|-#|[-*+])[ \t]{1,9}){1,3}", re.MULTILINE)
_EMPHASIS = re.compile(r"[*`~|]{1,9}|_{1,3}(?!\w)|(?<!\w)_{1,3}")


def text_of(message: discord.Message) -> str:
    """Return the words of a message, or of the message that it forwards; empty for one without words."""
    contents = (message.content, *(snapshot.content for snapshot in message.message_snapshots))
    return words_of(next(filter(None, contents), ""))


def words_of(content: str) -> str:
    """Return a message's markdown without its marks, links, mentions and emoji."""
    return _EMPHASIS.sub("", _LINE_START.sub("", _MARKUP.sub(" ", content))).strip()
