"""Every button there is, and how buttons as values become those that discord.py sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord

from bot.buttons import answers, desk, editing, feeds, retaining, rulings
from bot.render.limits import BUTTONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.buttons.pressed import PersistentButton
    from bot.render.reply import Control

ALL: tuple[type[PersistentButton], ...] = (
    *answers.ALL,
    *rulings.ALL,
    *feeds.ALL,
    *desk.ALL,
    *editing.ALL,
    *retaining.ALL,
)


def view_of(controls: Sequence[Control]) -> discord.ui.View | None:
    """The buttons as discord.py sends them, never timing out; None where there is none."""
    if not controls:
        return None
    view = discord.ui.View(timeout=None)
    for control in controls[:BUTTONS]:
        kind = kind_of(control.custom_id)
        assert kind is not None
        view.add_item(kind(control))
    return view


def kind_of(custom_id: str) -> type[PersistentButton] | None:
    """The button that carries this custom id; None for one of another release."""
    return next((kind for kind in ALL if kind.__discord_ui_compiled_template__.fullmatch(custom_id)), None)
