"""What the buttons of moderators have in common: each asks once more whether it may, at every press."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from typing_extensions import override

from bot.buttons.pressed import Interaction, Pressed
from bot.permissions import home_of, may_press
from bot.render import notices, servers

if TYPE_CHECKING:
    from bot.service import Service
    from retrieval.domain.readers import Reader


class Guarded(Pressed, template=r"(?!)"):
    """A button for whoever was given it, in a server that the bot is in; everybody else is told the `refusal`."""

    refusal: ClassVar[str] = servers.NOT_YOUR_BUTTON

    @override
    async def press(self, interaction: Interaction, service: Service, fields: dict[str, int]) -> None:
        home = home_of(interaction)
        if home is None or not may_press(interaction, fields["asker"]):
            await service.replies.saying(interaction, notices.sentence(self.refusal))
            return
        await self.press_at(interaction, service, home, fields)

    async def press_at(self, interaction: Interaction, service: Service, home: Reader, fields: dict[str, int]) -> None:
        """What the button does there."""
        raise NotImplementedError
