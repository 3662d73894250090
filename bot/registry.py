"""Every command and every button, found in their folders, so that no list of them is kept by hand."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING, Any, Final

import discord
from discord import app_commands

from bot import buttons, commands
from bot.buttons.base import PersistentButton
from bot.render.limits import BUTTONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import ModuleType

    from bot.command_kinds import AppCommand
    from bot.render.reply import Control, Menu

_COMMAND_TYPES: Final = (app_commands.Command, app_commands.Group, app_commands.ContextMenu)


def commands_in(package: ModuleType) -> tuple[AppCommand, ...]:
    """Return the commands, groups and context menus at the top level of a package's modules."""
    members = (value for value in _defined_in(package) if isinstance(value, _COMMAND_TYPES))
    return tuple(dict.fromkeys(each for each in members if getattr(each, "parent", None) is None))  # not within a group


def buttons_in(package: ModuleType) -> tuple[type[PersistentButton[Any]], ...]:
    """Return the button classes in a package's modules."""
    classes = (value for value in _defined_in(package) if isinstance(value, type))
    return tuple(dict.fromkeys(each for each in classes if issubclass(each, PersistentButton) and each.carries))


def _defined_in(package: ModuleType) -> Iterator[object]:
    for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        yield from vars(importlib.import_module(module.name)).values()


COMMANDS: Final = commands_in(commands)
BUTTON_CLASSES: Final = buttons_in(buttons)


def view_of(controls: Sequence[Control | Menu]) -> discord.ui.View | None:
    """Return the buttons and menus as discord.py sends them, never timing out; None if there are none."""
    if not controls:
        return None
    view = discord.ui.View(timeout=None)
    for control in controls[:BUTTONS]:
        kind = kind_of(control.custom_id)
        assert kind is not None
        view.add_item(kind(control))
    return view


def kind_of(custom_id: str) -> type[PersistentButton[Any]] | None:
    """Return the class of the button that carries this custom id; None for one of another release."""
    return next((kind for kind in BUTTON_CLASSES if kind.__discord_ui_compiled_template__.fullmatch(custom_id)), None)
