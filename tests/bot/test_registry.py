"""Commands and buttons are found in their folders: each is one file, and nobody keeps a list of them."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TYPE_CHECKING

from discord import app_commands

from bot import commands
from bot.registry import BUTTON_CLASSES, COMMANDS, buttons_in, commands_in

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

_CONTEXT_MENU = """
import discord
from discord import app_commands
from bot.buttons.base import PersistentButton
from bot.command_kinds import ModeratorGroup, answer_refusals
from bot.render.custom_ids import AskerId

group = ModeratorGroup("tools", "Tools.")

@group.subcommand("One of the tools.")
async def hammer(interaction: discord.Interaction) -> None: ...

@answer_refusals
@app_commands.context_menu(name="Find sources")
async def find_sources(interaction: discord.Interaction, message: discord.Message) -> None: ...


class WaveId(AskerId, prefix="wave"): ...

class Wave(PersistentButton[WaveId]): ...
"""


def test_each_module_of_commands_adds_one_command_of_its_name() -> None:
    modules = {module.name for module in pkgutil.iter_modules(commands.__path__)}
    assert modules == {command.name for command in COMMANDS}


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
    assert [command.name for command in (group, menu)] == ["tools", "Find sources"]
    assert isinstance(menu, app_commands.ContextMenu)
    assert [kind.__name__ for kind in buttons_in(package)] == ["Wave"]
