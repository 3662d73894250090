"""People in one line: rank, name and roles, with the years of their articles if the roles have changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bot.render import limits
from bot.render.escape import plain
from retrieval.domain.wording import dated_title, labelled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.domain.quotations import RoleHeld, Speaker, SpeakerEntry

_ABBREVIATED_TITLE: Final = re.compile(r"[A-Z]\w+\.")
_ROLE: Final = 80
_ROLES: Final = 3


def name_with_role(speaker: Speaker) -> str:
    """Return `Maj. Gen. Pat Ryder, Pentagon press secretary` or `Sen. Ann Lee`, with the latest role. Not escaped."""
    if speaker.role and _ABBREVIATED_TITLE.fullmatch(speaker.role):
        return f"{speaker.role} {speaker.name}"
    return f"{_name_with_rank(speaker)}, {speaker.role}" if speaker.role else _name_with_rank(speaker)


def name_with_roles(speaker: Speaker) -> str:
    """Return the name with the three roles of most articles and their years, if roles have changed over the years.

    Else as `name_with_role`. Not escaped.
    """
    dated = [role for role in speaker.roles if role.since is not None]
    if len({(role.since and role.since.year, role.until and role.until.year) for role in dated}) <= 1:
        return name_with_role(speaker)
    most_printed = sorted(dated, key=lambda role: -role.articles)[:_ROLES]
    roles = roles_with_years([role for role in dated if role in most_printed])
    return labelled(_name_with_rank(speaker), ", ".join(roles))


def roles_with_years(roles: Sequence[RoleHeld]) -> list[str]:
    """Return `White House spokesperson (2022–2024)` for each; without years if no date is known. Not escaped."""
    return [f"{limits.cut(role.role, _ROLE)}{_years(role)}" for role in roles]


def entry_label(entry: SpeakerEntry, limit: int, *, with_role: bool = False) -> str:
    """Return `John Kirby (7)` or `John Kirby, spokesperson (7)`; the number of quotations is never cut. Not escaped.

    An entry that looks like another one of the list reads `John Kirby, spokesperson, 25 March 2024: Vote delayed (7)`.
    """
    number = f" ({entry.quotations})"
    text = plain(name_with_role(entry.speaker) if with_role or entry.newest else entry.speaker.name)
    if entry.newest:
        text = f"{limits.cut(text, limit // 2)}, {plain(dated_title(entry.newest))}"
    return limits.cut(text, limit - len(number)) + number


def _name_with_rank(speaker: Speaker) -> str:
    return f"{speaker.rank} {speaker.name}" if speaker.rank else speaker.name


def _years(role: RoleHeld) -> str:
    if role.since is None or role.until is None:
        return ""
    first, last = role.since.year, role.until.year
    return f" ({first})" if first == last else f" ({first}–{last})"
