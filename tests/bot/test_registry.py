"""Commands and buttons are found in their folders: each is one file, and nobody keeps a list of them."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

from discord import AppCommandType, app_commands

from bot import commands
from bot.command_kinds import help_lines
from bot.registry import BUTTON_CLASSES, COMMANDS, buttons_in, commands_in

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_CONTEXT_MENU = """
import discord
from bot.buttons.base import PersistentButton
from bot.command_kinds import ModeratorGroup, on_member
from bot.render.custom_ids import AskerId

group = ModeratorGroup("tools", "Tools.")

@group.subcommand("One of the tools.")
async def hammer(interaction: discord.Interaction) -> None: ...

@on_member("Find quotations", "What a member is quoted with.")
async def find_quotations(interaction: discord.Interaction, member: discord.Member) -> None: ...


class WaveId(AskerId, prefix="wave"): ...

class Wave(PersistentButton[WaveId]): ...
"""


def test_each_module_of_commands_adds_one_slash_command_of_its_name_or_only_context_menus() -> None:
    names = [module.name for module in pkgutil.iter_modules(commands.__path__)]
    for name in names:
        values = vars(importlib.import_module(f"bot.commands.{name}")).values()
        added = [command for command in COMMANDS if command in values]
        assert added
        assert {command.name for command in added if not isinstance(command, app_commands.ContextMenu)} <= {name}


def test_no_two_buttons_share_a_custom_id() -> None:
    patterns = [kind.__discord_ui_compiled_template__.pattern for kind in BUTTON_CLASSES]
    assert len(set(patterns)) == len(patterns) > 10


def test_a_file_adds_a_group_a_context_menu_and_a_button(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "somewhere").mkdir()
    (tmp_path / "somewhere" / "__init__.py").touch()
    (tmp_path / "somewhere" / "tools.py").write_text(_CONTEXT_MENU)
    monkeypatch.syspath_prepend(tmp_path)
    package = importlib.import_module("somewhere")
    group, menu = commands_in(package)
    assert [command.name for command in (group, menu)] == ["tools", "Find quotations"]
    assert isinstance(menu, app_commands.ContextMenu)
    assert menu.type is AppCommandType.user
    assert menu.allowed_contexts is not None
    assert menu.allowed_contexts.to_array() == [0]  # servers
    lines = help_lines((menu, group), "</{}:1>".format)
    assert lines == [("*Find quotations*", "What a member is quoted with."), ("</tools hammer:1>", "Tools.")]
    assert [kind.__name__ for kind in buttons_in(package)] == ["Wave"]
