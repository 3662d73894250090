"""Changes what a server has settled, with a line about it in the audit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.preferences import LONGEST_RETENTION
from bot.render import servers
from retrieval.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.service import Service
    from bot.settled import Preferences
    from retrieval.domain.ids import UserId
    from retrieval.domain.scope import Scope


def settle(
    service: Service, home: Scope, by: UserId, changed: str, change: Callable[[Preferences], Preferences]
) -> Preferences:
    """What is settled after a change, of which the audit says `changed`."""
    assert home.server is not None
    settled = service.preferences.change(home.server, change)
    service.newsroom.desk.note(home, "settings changed", changed, by)
    return settled


def retain(service: Service, home: Scope, by: UserId, days: int) -> Preferences:
    """Articles are kept for so many days from now on, 0 for ever; the audit says how many that removes."""
    if days > LONGEST_RETENTION:
        raise BadInput(servers.too_many_days(LONGEST_RETENTION))
    said = servers.kept(days)
    if days:
        said = f"{said} {servers.removes(service.newsroom.desk.expiring(home, days))}"
    return settle(service, home, by, said, lambda settled: replace(settled, retention_days=days or None))
