"""Every button of this folder, and how buttons as values become those that discord.py sends.

A button needs no entry in a list: a subclass of PersistentButton with a template, in any module here, is enough.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

import discord

from bot import buttons
from bot.buttons.base import PersistentButton
from bot.render.limits import BUTTONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.render.reply import Control


def _defined() -> Iterator[type[PersistentButton]]:
    for found in pkgutil.iter_modules(buttons.__path__, "bot.buttons."):
        if found.name != __name__:
            for value in vars(importlib.import_module(found.name)).values():
                is_button = isinstance(value, type) and issubclass(value, PersistentButton)
                if is_button and value.__module__ == found.name and not value.is_abstract():
                    yield value


ALL: tuple[type[PersistentButton], ...] = tuple(_defined())


def view_of(controls: Sequence[Control]) -> discord.ui.View | None:
    """Return the buttons as discord.py sends them, never timing out; None where there is none."""
    if not controls:
        return None
    view = discord.ui.View(timeout=None)
    for control in controls[:BUTTONS]:
        kind = kind_of(control.custom_id)
        assert kind is not None
        view.add_item(kind(control))
    return view


def kind_of(custom_id: str) -> type[PersistentButton] | None:
    """Return the button that carries this custom id; None for one of another release."""
    return next((kind for kind in ALL if kind.__discord_ui_compiled_template__.fullmatch(custom_id)), None)
