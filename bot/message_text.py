"""The words of a Discord message or question as its members read them, for a search."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import discord

_MASKED_LINK = re.compile(
    r"\[([^\[\]]{1,400}+)\]"  # the words
    r"\(<?https?://(?:[^\s<>()\[\]]|\([^\s<>()\[\]]{0,200}+\)){1,2000}+>?(?:\s{1,9}+\"[^\"]{0,200}+\")?\)"
)
_MARKUP = re.compile(
    r"<(?:a?:\w{1,32}:|@[!&]?|#|t:|id:)[\w:-]{1,40}>"  # emoji, mentions, times
    r"|</[^<>]{1,100}:\d{1,20}>"  # commands
    r"|(?<!\w)@(?:everyone|here)\b"
    r"|<?https?://[^\s<>]{1,2000}>?"
)
_LINE_START = re.compile(r"^[ \t]{0,9}(?:(?:>{1,3}|#{1,3}|-#|[-*+])[ \t]{1,9}){1,3}", re.MULTILINE)
_EMPHASIS = re.compile(r"[*`]{1,9}|~{2,9}|\|{2,9}|_{1,3}(?!\w)|(?<!\w)_{1,3}")


def text_of(message: discord.Message) -> str:
    """Return the words of a message, or of the message that it forwards; empty for one without words."""
    contents = (message.content, *(snapshot.content for snapshot in message.message_snapshots))
    return words_of(next(filter(None, contents), ""))


def words_of(content: str) -> str:
    """Return markdown without its marks, links, mentions and emoji; of a masked link its words stay."""
    unmasked = _MASKED_LINK.sub(r"\1", content)
    return _EMPHASIS.sub("", _LINE_START.sub("", _MARKUP.sub(" ", unmasked))).strip()
