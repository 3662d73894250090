"""What is registered with Discord, checked against Discord's own specification; and that it is sent only on change."""

from __future__ import annotations

import json
from gettext import NullTranslations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import discord
import jsonschema  # type: ignore[import-untyped]  # it ships no type information
import pytest
from typing_extensions import override

from bot.background.registration import payload_of
from bot.command_ids import CommandIds
from retrieval import translation
from tests.bot.conftest import new_bot
from tests.bot.fakes import FakeNewsroom
from tests.translations import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractAsyncContextManager

    from tests.bot.conftest import Stage

    Staged = Callable[..., AbstractAsyncContextManager[Stage]]

SPECIFICATION = Path(__file__).resolve().parents[3] / "shared" / "data" / "discord" / "openapi.json"
LIMIT = 100
OPTIONS = 25
LOCALES = ("de", "es-ES", "es-419", "fr", "pt-BR")
"""Discord's, for the languages there are."""
MENUS = ("Find sources",)
"""Menus of messages, which have no description."""
EVERYBODY_S = (*MENUS, "about", "ask", "compare", "help", "latest", "privacy", "quote")
MODERATORS = ("article", "feed", "review", "settings", "speaker")


def lenient(node: Any) -> Any:  # noqa: ANN401  # JSON
    """The schema with every `oneOf` read as `anyOf`, and ids allowed to be numbers as well."""
    if isinstance(node, list):
        return [lenient(each) for each in node]
    if not isinstance(node, dict):
        return node
    if node.get("format") == "snowflake":
        return {"type": ["string", "integer"]}
    return {"anyOf" if key == "oneOf" else key: lenient(value) for key, value in node.items()}


@pytest.mark.skipif(not SPECIFICATION.exists(), reason="Discord's OpenAPI file is not on this machine")
async def test_every_command_is_what_discord_specifies(stage: Stage) -> None:
    specification = lenient(json.loads(SPECIFICATION.read_text(encoding="utf-8")))
    schema = {
        "$ref": "#/components/schemas/ApplicationCommandUpdateRequest",
        "components": specification["components"],
    }
    validator = jsonschema.Draft202012Validator(schema)
    for command in await payload_of(stage.bot.tree):
        assert [error.message for error in validator.iter_errors(command)] == []


def described(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A command, its subcommands, and the options of each."""
    yield node
    for option in node.get("options", []):
        yield from described(option)


async def test_every_description_is_there_and_short_enough(stage: Stage) -> None:
    for command in await payload_of(stage.bot.tree):
        for node in described(command) if command["name"] not in MENUS else ():
            assert 1 <= len(node["description"]) <= LIMIT
            assert not node["description"].endswith("…"), "discord.py has cut what was too long"
            assert len(node.get("options", [])) <= OPTIONS


class Abroad(NullTranslations):
    """A language in which every name and sentence has an accent."""

    @override
    def gettext(self, message: str) -> str:
        return f"{message[: LIMIT - 1]}é"

    @override
    def pgettext(self, context: str, message: str) -> str:
        return f"{message}é"


async def test_every_name_and_description_is_sent_in_every_language(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translation, "_load", lambda _language: Abroad())
    monkeypatch.setattr(translation, "languages", lambda: frozenset((translation.ENGLISH, *LANGUAGES)))
    for command in await payload_of(stage.bot.tree):
        for node in described(command):
            assert node["name_localizations"] == dict.fromkeys(LOCALES, f"{node['name']}é")
            if node["name"] not in MENUS:
                assert node["description_localizations"] == dict.fromkeys(
                    LOCALES, f"{node['description'][: LIMIT - 1]}é"
                )
            for choice in node.get("choices", []):
                assert choice["name_localizations"] == dict.fromkeys(LOCALES, f"{choice['name']}é")


async def test_a_command_that_is_not_linked_is_named_as_members_see_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(translation, "_load", lambda _language: Abroad())
    monkeypatch.setattr(translation, "languages", lambda: frozenset(("fr",)))
    with translation.speaking("fr"):
        assert CommandIds(stage.bot, has_links=False).mention("feed add") == "`/feedé addé`"


async def test_the_options_of_a_command_have_different_names_in_each_language(stage: Stage) -> None:
    for node in [node for command in await payload_of(stage.bot.tree) for node in described(command)]:
        for locale in LOCALES:
            options = node.get("options", [])
            names = {(option.get("name_localizations") or {}).get(locale, option["name"]) for option in options}
            assert len(names) == len(options), (node["name"], locale)


async def test_everybody_s_commands_work_in_servers_and_for_oneself_everywhere(stage: Stage) -> None:
    payload = {command["name"]: command for command in await payload_of(stage.bot.tree)}
    assert payload.keys() == {*EVERYBODY_S, *MODERATORS, "follow"}
    assert payload["follow"]["contexts"] == [0]
    assert payload["follow"]["default_member_permissions"] is None
    for name in EVERYBODY_S:
        assert payload[name]["integration_types"] == [0, 1]
        assert payload[name]["contexts"] == [0, 1, 2]
        assert payload[name]["default_member_permissions"] is None


async def test_moderators_commands_are_in_servers_alone_for_those_who_manage_them(stage: Stage) -> None:
    payload = {command["name"]: command for command in await payload_of(stage.bot.tree)}
    for name in MODERATORS:
        assert payload[name]["integration_types"] == [0]
        assert payload[name]["dm_permission"] is False
        assert payload[name]["default_member_permissions"] == discord.Permissions(manage_guild=True).value


def syncs(stage: Stage) -> int:
    return sum(request.method == "PUT" and request.path.endswith("/commands") for request in stage.env.http_requests)


async def test_commands_are_registered_once_and_not_again_after_a_restart(stage: Stage) -> None:
    assert syncs(stage) == 1
    await stage.bot.close()
    await stage.env.restart_bot(new_bot(stage.newsroom))
    assert syncs(stage) == 1


async def test_changed_commands_are_registered_again(stage: Stage) -> None:
    state = stage.newsroom.bot_state
    for at, (_, written) in list(state.kept.items()):
        state.kept[at] = ("another fingerprint", written)
    await stage.bot.close()
    await stage.env.restart_bot(new_bot(stage.newsroom))
    assert syncs(stage) == 2


async def test_a_development_server_has_the_commands_at_once(staged: Staged) -> None:
    async with staged(dev_guild_id=4242) as stage:
        paths = [request.path for request in stage.env.http_requests if request.method == "PUT"]
        assert any(path.endswith("/guilds/4242/commands") for path in paths)


async def test_the_bot_sees_servers_alone_and_can_ping_nobody() -> None:
    bot = new_bot(FakeNewsroom())
    assert [name for name, on in bot.intents if on] == ["guilds"]
    assert bot.allowed_mentions is not None
    mentions = bot.allowed_mentions
    assert [mentions.everyone, mentions.users, mentions.roles, mentions.replied_user] == [False] * 4
    await bot.close()
