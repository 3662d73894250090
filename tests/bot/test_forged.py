"""What a button carries can be forged by whoever presses it: at every press it is asked who that is and what they may.

A forged button stands here on a public answer, where a client that was changed would send its custom id from.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import pytest

from bot import command_permissions, registry
from bot.buttons.base import ModeratorButton
from bot.render.custom_ids import RemoveId, UndoId
from retrieval.domain.ids import CollectionId, UserId
from retrieval.errors import messages
from tests.bot.conftest import text_of
from tests.bot.desks import two_servers
from tests.support.articles import BAKERY, BRIDGE, SCHOOL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from simcord.actors import MemberActor
    from simcord.results import InteractionResult

    from bot.buttons.base import PersistentButton
    from retrieval.domain.articles import AddedArticle
    from tests.bot.desks import Desks, Server

QUESTION = "why was the harbour bridge closed"
REFUSALS = {
    messages()["bot.not_allowed"],
    messages()["bot.not_an_adder"],
    messages()["bot.feeds_not_allowed"],
    messages()["bot.speakers_not_allowed"],
}
GUARDED = [kind for kind in registry.BUTTON_CLASSES if issubclass(kind, ModeratorButton)]


@pytest.fixture
async def desks(tmp_path: Path) -> AsyncIterator[Desks]:
    async with two_servers(tmp_path) as opened:
        yield opened


def add(desks: Desks, server: Server, by: MemberActor | None = None) -> AddedArticle:
    return desks.room.importer.add(BRIDGE, CollectionId(server.guild.id), UserId(by.id) if by else None)


async def forged(server: Server, who: MemberActor, custom_id: str) -> InteractionResult:
    """Somebody presses a button of that custom id, which stands on a public answer to the owner."""
    asked = await server.slash("ask", question=QUESTION)
    assert asked.response is not None
    stored = who._message(asked.response)
    stored.components[0]["components"][-1]["custom_id"] = custom_id
    return await who.click(asked.response, custom_id=custom_id)


def made_up(kind: type[PersistentButton[Any]], asker: int) -> str:
    """A custom id for this button that names the presser, and the first of everything."""
    pattern = kind.__discord_ui_compiled_template__.pattern
    pattern = re.sub(r"\(\?:.*?\)\?", "", pattern)
    return re.sub(r"\(\?P<(\w+)>.*?\)", lambda found: str(asker) if found[1] == "asker" else "1", pattern)


async def allow(desks: Desks, server: Server, name: str, *, allowed: bool = True) -> None:
    command = next(each for each in await desks.bot.tree.fetch_commands() if each.name == name)
    server.guild.set_command_permissions(command, {server.member: allowed})


def everything(desks: Desks) -> object:
    """What the two servers have."""
    found = []
    for server in (desks.one, desks.other):
        speakers_ = [entry.speaker for entry in desks.room.speakers.like(server.scope, "")]
        rulings = desks.room.overrides.active(server.scope)
        found.append(
            (desks.room.articles.entries(server.scope), desks.room.collections.audit(server.scope), speakers_, rulings)
        )
    return found


@pytest.mark.parametrize("kind", GUARDED, ids=lambda kind: kind.__name__)
async def test_no_forged_button_does_anything_for_a_member_who_may_nothing(
    desks: Desks, kind: type[ModeratorButton[Any]]
) -> None:
    add(desks, desks.one)
    before = everything(desks)
    refused = await forged(desks.one, desks.one.member, made_up(kind, desks.one.member.id))
    assert text_of(refused) in REFUSALS
    assert refused.ephemeral
    assert everything(desks) == before


async def test_a_forged_button_removes_nothing_of_the_member_s_own_server(desks: Desks) -> None:
    added, member = add(desks, desks.one), desks.one.member
    for custom_id in (
        str(RemoveId.of(member.id, added)),
        str(UndoId.of(member.id, added)),
    ):
        assert text_of(await forged(desks.one, member, custom_id)) in REFUSALS
    assert len(desks.room.articles.entries(desks.one.scope)) == 1


async def test_whom_the_integrations_page_lets_in_may_press_until_it_does_no_more(desks: Desks) -> None:
    added, member = add(desks, desks.one), desks.one.member
    custom_id = str(RemoveId.of(member.id, added))
    await allow(desks, desks.one, "feed")
    assert text_of(await forged(desks.one, member, custom_id)) == messages()["bot.not_allowed"]
    await allow(desks, desks.one, "article", allowed=False)
    assert text_of(await forged(desks.one, member, custom_id)) == messages()["bot.not_allowed"]
    await asyncio.sleep(0)
    desks.bot.service.command_permissions._fetches.clear()  # some seconds later
    await allow(desks, desks.one, "article")
    assert "Removed" in text_of(await forged(desks.one, member, custom_id))
    again = add(desks, desks.one)
    await allow(desks, desks.one, "article", allowed=False)
    custom_id = str(RemoveId.of(member.id, again))
    assert text_of(await forged(desks.one, member, custom_id)) == messages()["bot.not_allowed"]
    assert len(desks.room.articles.entries(desks.one.scope)) == 1


async def test_who_may_only_add_takes_back_nothing_but_what_they_added(desks: Desks) -> None:
    guild = desks.one.guild
    role = guild.create_role("reporters")
    reporter = guild.add_member(desks.env.create_user("reporter"), roles=[role])
    await desks.one.slash("settings adders", role=role)
    added = add(desks, desks.one, desks.one.owner)
    custom_id = str(UndoId.of(reporter.id, added))
    assert text_of(await forged(desks.one, reporter, custom_id)) == messages()["article.not_own_any_more"]
    custom_id = str(RemoveId.of(reporter.id, added))
    assert text_of(await forged(desks.one, reporter, custom_id)) == messages()["bot.not_allowed"]
    mine = desks.room.importer.add(SCHOOL, CollectionId(guild.id), UserId(reporter.id))
    assert "Undone" in text_of(await forged(desks.one, reporter, str(UndoId.of(reporter.id, mine))))
    assert [entry.id for entry in desks.room.articles.entries(desks.one.scope)] == [added.article.id]


async def test_a_manager_reaches_nothing_of_another_server_and_no_other_version(desks: Desks) -> None:
    owner = desks.one.owner
    desks.room.importer.add(BAKERY, CollectionId(desks.one.guild.id))
    foreign = add(desks, desks.other)
    for number in (1, 2, foreign.article.id):
        custom_id = str(RemoveId(owner.id, number, foreign.article.fingerprint))
        assert text_of(await forged(desks.one, owner, custom_id)) == messages()["article.not_own_any_more"]
    assert len(desks.room.articles.entries(desks.one.scope)) == len(desks.room.articles.entries(desks.other.scope)) == 1


async def test_a_forged_button_neither_deletes_nor_changes_somebody_else_s_answer(desks: Desks) -> None:
    add(desks, desks.one)
    member = desks.one.member
    refused = await forged(desks.one, member, f"delete:{member.id}")
    assert text_of(refused) == messages()["bot.not_your_answer"]
    asked = await desks.one.slash("ask", question=QUESTION)
    (speaker,) = desks.room.speakers.like(desks.one.scope, "Okafor")
    assert asked.response is not None
    before = text_of(asked)
    stored = member._message(asked.response)
    stored.components[0]["components"][-1]["custom_id"] = custom_id = f"quote:{member.id}:{speaker.speaker.id}:0"
    shown = await member.click(asked.response, custom_id=custom_id)
    assert shown.ephemeral
    assert text_of(asked) == before


async def test_a_press_is_answered_in_time_where_discord_does_not_tell_who_may(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    added, member = add(desks, desks.one), desks.one.member

    async def silent(*_: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(desks.bot.http, "get_application_command_permissions", silent)
    pressed = forged(desks.one, member, str(RemoveId.of(member.id, added)))
    assert text_of(await asyncio.wait_for(pressed, 2.9)) == messages()["bot.not_allowed"]


async def test_who_presses_again_and_again_uses_up_one_request(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    added, member, asked = add(desks, desks.one), desks.one.member, []
    tell = desks.bot.http.get_application_command_permissions

    async def counted(*given: Any) -> Any:  # noqa: ANN401  # as discord.py's
        asked.append(given)
        return await tell(*given)

    monkeypatch.setattr(command_permissions, "GOOD_FOR_SECONDS", 60.0)
    monkeypatch.setattr(desks.bot.http, "get_application_command_permissions", counted)
    for _ in range(5):
        await forged(desks.one, member, str(RemoveId.of(member.id, added)))
    assert len(asked) == 1
