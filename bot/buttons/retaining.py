"""The button that has articles kept for fewer days, once whoever asked for it has seen how many that removes."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from typing_extensions import override

from bot.buttons.guarded import ModeratorButton
from bot.render import servers
from bot.render.reply import RETAIN_TEMPLATE
from bot.settling import retain
from retrieval.domain.ids import UserId

if TYPE_CHECKING:
    from bot.buttons.pressed import Interaction, PersistentButton
    from bot.service import Service
    from retrieval.domain.scope import Scope


class Retain(ModeratorButton, template=RETAIN_TEMPLATE):
    """Settles for how many days articles are kept."""

    command = "settings"

    @override
    async def press_at(self, interaction: Interaction, service: Service, home: Scope, fields: dict[str, int]) -> None:
        days = fields["days"]
        work = functools.partial(retain, service, home, UserId(interaction.user.id), days)
        await service.replies.turning(
            interaction, work, functools.partial(servers.settings, changed=servers.kept(days))
        )


ALL: tuple[type[PersistentButton], ...] = (Retain,)
