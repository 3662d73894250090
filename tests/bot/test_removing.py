"""Moderators pick articles from the list, remove several at once, and bring them back; over a real archive."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import discord
import pytest

from bot.background.maintenance import KEPT_AFTER_REMOVAL, erase_removed
from bot.client import PullquoteBot
from bot.render.custom_ids import BringBackId, PickArticlesId, RemovePickedId
from retrieval.domain.ids import SHARED
from retrieval.errors import messages
from tests.bot.conftest import labels_of, menus_of, text_of
from tests.bot.desks import Desks, two_servers
from tests.bot.test_forged import forged
from tests.support.articles import BAKERY, BRIDGE, SCHOOL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from simcord.actors import MemberActor
    from simcord.results import InteractionResult

LINKED = replace(BRIDGE, url="https://courier.example/bridge")
HEADLINE = "Harbour bridge closed after cracks are found"


@pytest.fixture
async def desks(tmp_path: Path) -> AsyncIterator[Desks]:
    async with two_servers(tmp_path) as opened:
        for draft in (LINKED, SCHOOL):
            opened.room.importer.add(draft, opened.one.scope.own)
        opened.room.importer.add(BAKERY, SHARED)
        yield opened


def menu(result: InteractionResult) -> dict[str, Any]:
    (only,) = menus_of(result)
    return only


async def pick(desks: Desks, *numbers: str, who: MemberActor | None = None) -> InteractionResult:
    who = who or desks.one.owner
    listed = await desks.one.slash_by(who, "article list")
    assert listed.response is not None
    return await who.select(listed.response, list(numbers))


def titles(desks: Desks) -> list[str]:
    return [entry.source.title.split()[0] for entry in desks.room.articles.entries(desks.one.scope)]


async def test_the_list_has_numbers_and_links_and_a_menu_of_its_articles(desks: Desks) -> None:
    listed = await desks.one.slash("article list")
    assert f"**1** · [{HEADLINE}](https://courier.example/bridge)\nThe Selby Courier" in text_of(listed)
    assert {option["value"] for option in menu(listed)["options"]} == {"1", "2", "S1"}
    assert menu(listed)["max_values"] == 3


async def test_one_article_is_shown_removed_and_brought_back(desks: Desks) -> None:
    shown = await pick(desks, "1")
    assert shown.ephemeral
    assert "Ada Okafor" in text_of(shown)
    assert labels_of(shown) == ["Remove"]
    await desks.one.click(shown.response, "Remove")
    assert "Removed 1 article" in text_of(shown)
    assert "Harbour" not in titles(desks)
    await desks.one.click(shown.response, "Undo")
    assert f"Brought back 1 article\n**1** · [{HEADLINE}]" in text_of(shown)
    assert "Harbour" in titles(desks)
    assert labels_of(shown) == []
    assert labels_of(await pick(desks, "S1")) == []


async def test_several_are_removed_at_once_without_the_shared_ones_and_come_back_after_a_restart(desks: Desks) -> None:
    asked = await pick(desks, "1", "2", "S1")
    assert "Remove 2 articles?" in text_of(asked)
    assert "1 shared article stays." in text_of(asked)
    assert "bakery" not in text_of(asked)
    assert len(titles(desks)) == 3
    await desks.one.click(asked.response, "Remove 2")
    assert "Removed 2 articles" in text_of(asked)
    assert len(titles(desks)) == 1
    await desks.bot.close()
    await desks.env.restart_bot(PullquoteBot(desks.room, version="0.1.0", cooldown_seconds=0))
    await desks.one.click(asked.response, "Undo")
    assert "Brought back 2 articles" in text_of(asked)
    assert len(titles(desks)) == 3


async def test_shared_articles_alone_are_said_to_stay(desks: Desks) -> None:
    desks.room.importer.add(replace(BAKERY, text=f"{BAKERY.text}\n\nA second oven follows.", url=None), SHARED)
    asked = await pick(desks, "S1", "S2")
    assert "they cannot be removed here" in text_of(asked)
    assert labels_of(asked) == []


async def test_what_is_pressed_twice_too_late_or_by_another_is_refused(desks: Desks) -> None:
    asked = await pick(desks, "1", "2")
    assert asked.response is not None
    discard = next(row for row in asked.response.components)["components"][0]["custom_id"]
    fields = RemovePickedId.parse(discard)
    assert text_of(await forged(desks.one, desks.one.member, discard)) == messages()["bot.not_your_button"]
    nothing = str(RemovePickedId(fields.asker, 1))
    assert text_of(await forged(desks.one, desks.one.owner, nothing)) == messages()["bot.picked_forgotten"]
    await desks.one.click(asked.response, "Remove 2")
    assert text_of(await forged(desks.one, desks.one.owner, discard)) == messages()["article.not_own_any_more"]
    await desks.one.click(asked.response, "Undo")
    late = str(BringBackId(fields.asker, 1))
    assert text_of(await forged(desks.one, desks.one.owner, late)) == messages()["article.removal_final"]


async def test_who_may_only_add_is_shown_articles_and_removes_none(desks: Desks) -> None:
    guild = desks.one.guild
    article = next(each for each in await desks.bot.tree.fetch_commands() if each.name == "article")
    guild.set_command_permissions(article, {guild.default_role: True})
    role = guild.create_role("reporters")
    reporter = guild.add_member(desks.env.create_user("reporter"), roles=[role])
    await desks.one.slash("settings adders", role=role)
    listed = await desks.one.slash_by(reporter, "article list")
    guild.set_command_permissions(article, {guild.default_role: False})
    desks.bot.service.command_permissions._fetches.clear()  # some seconds later
    assert listed.response is not None
    shown = await reporter.select(listed.response, ["1"])
    assert "Ada Okafor" in text_of(shown)
    assert labels_of(shown) == []
    several = await reporter.select(listed.response, ["1", "2"])
    assert "2 articles\n" in text_of(several)
    assert labels_of(several) == []


async def test_removed_articles_are_erased_after_a_day(desks: Desks) -> None:
    memory, room = desks.bot.service.answer_memory, desks.room
    asked = await pick(desks, "1", "2")
    await desks.one.click(asked.response, "Remove 2")
    now = discord.utils.utcnow()
    erase_removed(room, memory, now + KEPT_AFTER_REMOVAL - timedelta(minutes=5))
    assert len(room.removals.waiting()) == 2
    erase_removed(room, memory, now + KEPT_AFTER_REMOVAL + timedelta(minutes=5))
    assert room.removals.waiting() == frozenset()
    late = await desks.one.click(asked.response, "Undo")
    assert text_of(late) == messages()["article.removal_final"]


async def test_what_a_member_removed_is_erased_when_they_have_the_bot_forget_them(desks: Desks) -> None:
    memory = desks.bot.service.answer_memory
    asked = await pick(desks, "1", "2")
    await desks.one.click(asked.response, "Remove 2")
    memory.forget(desks.one.owner.id)
    erase_removed(desks.room, memory, discord.utils.utcnow())
    assert desks.room.removals.waiting() == frozenset()


async def test_a_forged_pick_of_nothing_is_told_so(desks: Desks) -> None:
    listed = await desks.one.slash("article list")
    assert listed.response is not None
    desks.room.removals.set_aside(desks.one.scope, [e.id for e in desks.room.articles.entries(desks.one.scope)], 1)  # type: ignore[arg-type]  # any member
    gone = await desks.one.owner.select(listed.response, ["1"], custom_id=str(PickArticlesId(desks.one.owner.id)))
    assert text_of(gone) == messages()["article.gone"]
