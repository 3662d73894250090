"""What a command answers: text, embeds and buttons as plain values, and the custom ids that buttons carry.

A custom id holds who may press and what is to be shown, so a button works for as long as the message stands, whatever
was restarted in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import discord

    from retrieval.domain import SpeakerId

MORE_TEMPLATE = r"more:(?P<asker>\d{1,20}):(?P<token>\d{1,20}):(?P<page>\d{1,3})"
QUOTE_TEMPLATE = r"quote:(?P<asker>\d{1,20}):(?P<speaker>\d{1,20}):(?P<page>\d{1,4})(?::(?P<token>\d{1,20}))?"
DELETE_TEMPLATE = r"delete:(?P<asker>\d{1,20})"


@dataclass(frozen=True, slots=True)
class Control:
    """A button: what it says and what it carries."""

    label: str
    custom_id: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole message: `content` is markdown, already escaped where it repeats somebody's words."""

    content: str | None = None
    embeds: tuple[discord.Embed, ...] = ()
    controls: tuple[Control, ...] = ()


def more_id(asker: int, token: int, page: int) -> str:
    """The custom id that shows page `page` of the passages remembered under `token`."""
    return f"more:{asker}:{token}:{page}"


def quote_id(asker: int, speaker: SpeakerId, page: int, token: int | None = None) -> str:
    """The custom id that shows page `page` of a speaker's quotations: of those about what `token` remembers."""
    return f"quote:{asker}:{speaker}:{page}" + ("" if token is None else f":{token}")


def delete_control(asker: int) -> Control:
    """The button that takes an answer away."""
    return Control("Delete", f"delete:{asker}")
