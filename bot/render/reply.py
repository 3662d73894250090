"""What a command answers: text, embeds, buttons and a file as plain values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import discord


@dataclass(frozen=True, slots=True)
class Control:
    """A button: its label and its custom id (`custom_ids`)."""

    label: str
    custom_id: str
    danger: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """A line of a menu; `value` is what a pick of it tells, such as the custom id of what it opens."""

    label: str
    value: str
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Menu:
    """A list of which one line is picked, or up to `most`, below its label; no two lines have the same value."""

    label: str
    custom_id: str
    options: tuple[Option, ...] = ()
    most: int = 1


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file under a message."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole message. `content` is markdown, and escaped already where it repeats somebody's words."""

    content: str | None = None
    embeds: tuple[discord.Embed, ...] = ()
    controls: tuple[Control | Menu, ...] = ()
    file: Attachment | None = None
    refusal: bool = False
    """Whether it stands in for an answer: then only the asker sees it, and no message is changed for it."""
    slip: bool = False
    """Whether it answers a slip, such as a name that nobody has: then the next question need not wait."""

    def with_line(self, markdown: str) -> Reply:
        """Return the reply with a line below its text."""
        return replace(self, content="\n".join(filter(None, (self.content, markdown))))
