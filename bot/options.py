"""The options that narrow what a command shows, as they are remembered for the buttons under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.service import Service
    from retrieval.domain.scope import Scope


def given(**options: str | None) -> dict[str, str]:
    """Return the options that a member gave, by name."""
    return {name: value for name, value in options.items() if value}


def narrowed(service: Service, scope: Scope, options: dict[str, str]) -> Scope:
    """Return the scope narrowed by the options `source`, `since` and `until`. Raises QuestionRejected for no day."""
    return service.newsroom.narrowed(scope, options.get("source"), options.get("since"), options.get("until"))
