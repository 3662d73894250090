"""Speakers picked from a list as they are typed: the choices offered, and the number that a picked one carries."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from discord import app_commands

from bot.render import limits
from bot.render.people import entry_label
from retrieval.domain.ids import SpeakerId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from retrieval.domain.quotations import SpeakerEntry

_PICKED: Final = re.compile(r"speaker:(\d{1,18})")


def choices(entries: Sequence[SpeakerEntry]) -> list[app_commands.Choice[str]]:
    """The speakers to pick from; those who share a name are told apart by their roles."""
    names = Counter(entry.speaker.name for entry in entries)
    return [
        app_commands.Choice(
            name=entry_label(entry, limits.CHOICE, with_role=names[entry.speaker.name] > 1),
            value=f"speaker:{entry.speaker.id}",
        )
        for entry in entries[: limits.CHOICES]
    ]


def picked(typed: str) -> SpeakerId | None:
    """The speaker that was picked; None where a name was typed instead."""
    match = _PICKED.fullmatch(typed.strip())
    return None if match is None else SpeakerId(int(match[1]))
