"""People in one line: rank, name and roles, with the years of their articles where the roles have changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.render import limits
from bot.render.escape import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.domain.quotations import RoleHeld, Speaker, SpeakerEntry

_TITLE: Final = re.compile(r"[A-Z]\w+\.")
_ROLE: Final = 80
_TOLD: Final = 3


def who(speaker: Speaker) -> str:
    """`Maj. Gen. Pat Ryder, Pentagon press secretary` or `Sen. Ann Lee`: the latest role. Not escaped."""
    if speaker.role and _TITLE.fullmatch(speaker.role):
        return f"{speaker.role} {speaker.name}"
    return f"{_ranked(speaker)}, {speaker.role}" if speaker.role else _ranked(speaker)


def head(speaker: Speaker) -> str:
    """As `who`; where the roles have changed over the years, the three most printed ones with their years."""
    told = [held for held in speaker.roles if held.since is not None]
    if len({(held.since and held.since.year, held.until and held.until.year) for held in told}) <= 1:
        return who(speaker)
    most = sorted(told, key=lambda held: -held.articles)[:_TOLD]
    return f"{_ranked(speaker)}: {', '.join(roles_told([held for held in told if held in most]))}"


def roles_told(roles: Sequence[RoleHeld]) -> list[str]:
    """`White House spokesperson (2022–2024)`, each; without years where no date is known. Not escaped."""
    return [f"{limits.cut(held.role, _ROLE)}{_years(held)}" for held in roles]


def entry_label(entry: SpeakerEntry, limit: int, *, with_role: bool = False) -> str:
    """`John Kirby (7)` or `John Kirby, spokesperson (7)`, the number of quotations always whole. Not escaped.

    Whoever looks like another one of the list: `John Kirby, spokesperson, 2024-03-25: Vote delayed (7)`.
    """
    number = f" ({entry.quotations})"
    text = plain(who(entry.speaker) if with_role or entry.newest else entry.speaker.name)
    if entry.newest:
        text = f"{limits.cut(text, limit // 2)}, {plain(entry.newest)}"
    return limits.cut(text, limit - len(number)) + number


def _ranked(speaker: Speaker) -> str:
    return f"{speaker.rank} {speaker.name}" if speaker.rank else speaker.name


def _years(held: RoleHeld) -> str:
    if held.since is None or held.until is None:
        return ""
    first, last = held.since.year, held.until.year
    return f" ({first})" if first == last else f" ({first}–{last})"
