"""What all buttons have in common: each is made anew from its custom id at every press, so it survives a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

import discord
from typing_extensions import override

from bot.render.reply import Control
from bot.service import service_of

if TYPE_CHECKING:
    import re

    from bot.service import Service

Interaction = discord.Interaction[Any]

_LARGEST: Final = 2**63 - 1


class PersistentButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"(?!)"):
    """A button whose custom id says everything; subclasses say what a press does."""

    def __init__(self, control: Control) -> None:
        style = discord.ButtonStyle.danger if control.danger else discord.ButtonStyle.secondary
        super().__init__(discord.ui.Button(label=control.label, custom_id=control.custom_id, style=style))

    @classmethod
    @override
    async def from_custom_id(
        cls, _interaction: Interaction, item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        label = item.label if isinstance(item, discord.ui.Button) else None
        return cls(Control(label or "", match.string))

    @override
    async def callback(self, interaction: Interaction) -> None:
        """Does what the press asks for; whatever goes wrong, the presser is told."""
        try:
            await self.press(interaction, service_of(interaction), self.fields())
        except Exception as error:  # noqa: BLE001  # discord.py would log it and leave the presser without a word
            await service_of(interaction).replies.apologise(interaction, error)

    def fields(self) -> dict[str, int]:
        """The numbers that the custom id carries; one that no archive holds becomes the largest, which is nobody's."""
        match = self.template.fullmatch(self.custom_id)
        assert match is not None  # discord.py matched it already
        return {name: min(int(value), _LARGEST) for name, value in match.groupdict().items() if value is not None}

    async def press(self, interaction: Interaction, service: Service, fields: dict[str, int]) -> None:
        """What the button does."""
        raise NotImplementedError


def is_private(interaction: Interaction) -> bool:
    """Whether nobody else sees the message whose button was pressed."""
    return interaction.message is not None and interaction.message.flags.ephemeral


def is_own(interaction: Interaction, asker: int) -> bool:
    """Whether who pressed is the `asker` that the button names, and Discord says that the message answers them."""
    message = interaction.message
    answers = None if message is None else message.interaction_metadata
    return answers is not None and asker == answers.user.id == interaction.user.id
