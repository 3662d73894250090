"""What is picked from a list as it is typed, speakers, publishers and days; and the number a picked speaker carries."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from discord import app_commands

from bot.render import limits
from bot.render.days import days
from bot.render.people import entry_label
from retrieval.domain.ids import SpeakerId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

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


def named_choices(names: Sequence[str]) -> list[app_commands.Choice[str]]:
    """The names to pick from, without those that are too long to be offered."""
    short = [name for name in names if len(name) <= limits.CHOICE]
    return [app_commands.Choice(name=name, value=name) for name in short[: limits.CHOICES]]


def day_choices(typed: str, now: datetime) -> list[app_commands.Choice[str]]:
    """The days to pick from whose label holds what was typed."""
    return [
        app_commands.Choice(name=label, value=day) for label, day in days(now) if typed.casefold() in label.casefold()
    ]


def picked(typed: str) -> SpeakerId | None:
    """The speaker that was picked; None where a name was typed instead."""
    match = _PICKED.fullmatch(typed.strip())
    return None if match is None else SpeakerId(int(match[1]))
