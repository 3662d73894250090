from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from enum import StrEnum
from typing import TYPE_CHECKING

import pytest
from discord.ext import commands

import bot.commands
from config.exit_codes import ExitCode
from config.settings import Settings
from retrieval.__main__ import app
from tests.support.paths import ROOT
from tests.test_layout import tracked_files

if TYPE_CHECKING:
    from collections.abc import Iterator

README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = """\
# Every setting with its default. Copy this file to .env, and take the # off what you change.
# A setting in the environment wins over the file. Anything else in the file is refused by name.
"""


def settings() -> Iterator[tuple[str, str, str]]:
    """Name, default as one would write it, and description of every setting."""
    for name, field in Settings.model_fields.items():
        default = field.default.value if isinstance(field.default, StrEnum) else field.default
        shown = f"{default:g}" if isinstance(default, float) else "" if default is None else str(default)
        yield name.upper(), shown, str(field.description)


def table(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading of the README, without its head."""
    section = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", README, re.MULTILINE | re.DOTALL)
    assert section, f"the README has no section {heading!r}"
    rows = re.findall(r"^\|(.*)\|$", section[1], re.MULTILINE)
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", row)] for row in rows[2:]]


def first_words(heading: str) -> set[str]:
    """The first word of each row of a table, without marks."""
    return {row[0].strip("`").split()[0] for row in table(heading)}


def slash_commands() -> set[str]:
    found: set[str] = set()
    for module in pkgutil.iter_modules(bot.commands.__path__):
        members = vars(importlib.import_module(f"bot.commands.{module.name}")).values()
        cogs = [member for member in members if inspect.isclass(member) and issubclass(member, commands.Cog)]
        found |= {f"/{command.name}" for cog in cogs for command in cog.__cog_app_commands__}
    return found


def test_readme_lists_every_slash_command_and_no_other() -> None:
    assert first_words("In Discord") == slash_commands()


def test_readme_lists_every_verb_of_the_command_line_and_no_other() -> None:
    verbs = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    groups = {str(group.name) for group in app.registered_groups}

    assert first_words("From a terminal") == verbs | groups


def test_readme_lists_every_setting_as_it_is() -> None:
    assert table("Settings") == [
        [f"`{name}`", f"`{default}`" if default else "not set", description]
        for name, default, description in settings()
    ]


def test_readme_lists_every_exit_code_as_it_is() -> None:
    assert table("Exit codes") == [[f"`{code.value}`", code.meaning] for code in ExitCode]


def test_example_of_a_settings_file_is_complete() -> None:
    lines = (f"\n# {description}\n#{name}={default}\n" for name, default, description in settings())

    assert (ROOT / ".env.example").read_text(encoding="utf-8") == EXAMPLE + "".join(lines)


def test_readme_names_every_target_of_make_that_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    assert set(re.findall(r"\bmake ([a-z]+)(?![a-z-])", "\n".join(re.findall(r"`[^`]+`", README)))) <= targets


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\((?!https?:)([^)]+)\)", README))))
def test_readme_links_to_what_exists(link: str) -> None:
    assert (ROOT / link).exists()


def test_no_file_names_a_folder_of_somebody_s_machine() -> None:
    somewhere = re.compile(rb"(?<![\w.-])/(?:work|root|Users)/")
    found = [name for name in tracked_files() if somewhere.search((ROOT / name).read_bytes())]

    assert found == []
