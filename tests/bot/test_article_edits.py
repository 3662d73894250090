"""What moderators correct by hand: `/article edit`, the options of `/article add`, and a form that was refused."""

from __future__ import annotations

import functools
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from bot.forms import KEPT_SECONDS, MOST, MOST_OPEN, OPEN_EACH, Form, Forms
from bot.render.custom_ids import FormId, UneditId
from retrieval.domain.articles import Draft
from retrieval.domain.ids import SHARED, CollectionId
from retrieval.errors import messages
from tests.bot.conftest import labels_of, text_of
from tests.bot.desks import Desks, Server, two_servers
from tests.bot.test_articles import PAGE, fields_of, home, page, send, titles
from tests.bot.test_forged import forged
from tests.support.articles import BRIDGE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from simcord.results import InteractionResult

    from retrieval.domain.articles import Source

LONG = "The harbour bridge was closed on Tuesday after an inspector found cracks in two of its bearings. " * 80


@pytest.fixture
async def desks(tmp_path: Path) -> AsyncIterator[Desks]:
    async with two_servers(tmp_path) as opened:
        yield opened


def source(desks: Desks, server: Server) -> Source:
    (entry,) = desks.room.articles.entries(server.scope)
    return entry.source


async def edit(server: Server, **options: str) -> InteractionResult:
    return await server.slash("article edit", article="1", **options)


async def test_an_edit_is_shown_before_and_after_audited_and_undone(desks: Desks) -> None:
    desks.room.importer.add(BRIDGE, home(desks.one))
    before = source(desks, desks.one)
    result = await edit(
        desks.one, title="Bridge *shut*", publisher="Índice Político", date="2024-05-09", link="https://other.example/b"
    )
    said = text_of(result)
    assert result.ephemeral
    assert "Edited: article 1" in said
    assert "Headline\nHarbour bridge closed after cracks are found\n→ Bridge \\*shut\\*" in said
    assert "Publisher\nThe Selby Courier\n→ Índice Político" in said
    assert "Date\n<t:1715083200:D>\n→ <t:1715256000:D>" in said
    assert labels_of(result) == ["Undo"]
    now = source(desks, desks.one)
    assert (now.title, now.publisher, now.url) == ("Bridge *shut*", "Índice Político", "https://other.example/b")
    assert now.published_at == datetime(2024, 5, 9, tzinfo=UTC)
    assert "Article edited" in text_of(await desks.one.slash("settings audit"))
    assert "Bridge" in await titles(desks.one, source="Índice Político", since="2024-05-09")
    shown = text_of(await desks.one.slash("article show", article="1"))
    assert "Set by hand\nHeadline, publisher, date, link" in shown
    await desks.one.click(result.response, "Undo")
    assert "Undone: article 1" in text_of(result)
    assert "Set by hand" not in text_of(await desks.one.slash("article show", article="1"))
    assert source(desks, desks.one) == before
    assert "Article edit undone" in text_of(await desks.one.slash("settings audit"))


async def test_an_edit_that_was_edited_again_is_not_undone_by_the_older_button(desks: Desks) -> None:
    desks.room.importer.add(BRIDGE, home(desks.one))
    first = await edit(desks.one, title="One")
    await edit(desks.one, title="Two")
    pressed = await desks.one.click(first.response, "Undo")
    assert "was changed since" in text_of(pressed)
    assert source(desks, desks.one).title == "Two"


async def test_undo_is_for_whoever_may_edit_and_does_nothing_in_another_server(desks: Desks) -> None:
    for server in (desks.one, desks.other):
        desks.room.importer.add(BRIDGE, home(server))
        await edit(server, title="One")
    (entry,) = desks.room.articles.entries(desks.one.scope)
    article = desks.room.articles.show(desks.one.scope, entry.id).article
    member = desks.one.member
    pressed = await forged(desks.one, member, str(UneditId(member.id, entry.number.number, article.fingerprint)))
    assert text_of(pressed) == messages()["bot.not_allowed"]
    assert source(desks, desks.one).title == "One"
    custom_id = str(UneditId(desks.one.owner.id, entry.number.number, article.fingerprint))
    pressed = await forged(desks.one, desks.one.owner, custom_id)
    assert "Undone" in text_of(pressed)
    assert source(desks, desks.other).title == "One"


async def test_an_edit_in_one_server_is_not_seen_in_another(desks: Desks) -> None:
    for server in (desks.one, desks.other):
        desks.room.importer.add(BRIDGE, home(server))
    theirs = source(desks, desks.other)
    await edit(desks.one, title="Ours", publisher="Ours", date="-", link="-")
    assert source(desks, desks.one).title == "Ours"
    assert source(desks, desks.other) == theirs
    asked = await desks.other.slash("ask", question="why was the harbour bridge closed")
    assert "Ours" not in text_of(asked)


async def test_what_cannot_be_edited_is_said_in_a_sentence(desks: Desks) -> None:
    desks.room.importer.add(BRIDGE, SHARED)
    desks.room.importer.add(replace(BRIDGE, text=BRIDGE.text.replace("Tuesday", "Monday")), home(desks.one))
    shared = await desks.one.slash("article edit", article="S1", title="Ours")
    assert text_of(shared) == messages()["article.not_yours_to_edit"]
    for options, said in (
        ({}, "Say what to change"),
        ({"date": "yesterday"}, "“yesterday” is no day"),
        ({"link": "no link"}, "should begin with https"),
        ({"publisher": "The Selby Courier"}, "says that already"),
    ):
        assert said in text_of(await edit(desks.one, **options))


async def test_headlines_and_publishers_are_completed_without_case_and_accents(desks: Desks) -> None:
    desks.room.importer.add(replace(BRIDGE, title="Élan", publisher="Índice Político"), home(desks.one))
    desks.room.importer.add(replace(BRIDGE, title="Other", publisher="Wire", text=f"{BRIDGE.text}\n\nOn."), SHARED)
    offered = await desks.one.owner.autocomplete(desks.one.channel, "article edit", "article", "elan")
    assert [choice["value"] for choice in offered] == ["article:1"]
    for command, option in (("article add", "publisher"), ("article list", "source"), ("ask", "source")):
        offered = await desks.one.owner.autocomplete(desks.one.channel, command, option, "INDICE")
        assert [choice["value"] for choice in offered] == ["Índice Político"]


async def test_what_is_given_with_a_link_or_a_file_counts_more_than_what_is_found(desks: Desks) -> None:
    given = {"title": "Ours", "publisher": "The Wire", "date": "2024-05-07"}
    desks.web.page(PAGE, page())
    await desks.one.slash("article add", url=PAGE, **given)
    file = ("bridge.txt", f"Bridge closed\n\n{BRIDGE.text}".encode())
    await desks.other.slash(
        "article add", file=file, link="https://www.wire.example/bridge", title="Ours", date="2024-05-07"
    )
    for server, publisher, url in (
        (desks.one, "The Wire", PAGE),
        (desks.other, "wire.example", "https://www.wire.example/bridge"),
    ):
        found = source(desks, server)
        assert (found.title, found.publisher, found.url) == ("Ours", publisher, url)
        assert found.published_at == datetime(2024, 5, 7, tzinfo=UTC)
    refused = await desks.one.slash("article add", url=PAGE, date="soon")
    assert "is no day" in text_of(refused)


async def test_what_is_known_already_says_how_to_change_it(desks: Desks) -> None:
    desks.web.page(PAGE, page())
    await desks.one.slash("article add", url=PAGE)
    again = await desks.one.slash("article add", url=PAGE, title="Ours")
    assert "/article edit changes" in text_of(again)
    assert source(desks, desks.one).title == "Bridge closed"


def filled(shown: InteractionResult) -> dict[str, str]:
    assert shown.modal is not None
    return {field["label"]: field.get("value", "") for field in fields_of(shown.modal)}


async def refused_with(desks: Desks, **fields: str) -> InteractionResult:
    shown = await desks.one.slash("article add", publisher="The Wire")
    return await send(desks.one.owner, shown, LONG[:4000], **fields)


async def test_a_refused_form_is_opened_again_with_everything_in_it(desks: Desks) -> None:
    shown = await desks.one.slash("article add", publisher="The Wire")
    labels = {field["label"]: field["custom_id"] for field in fields_of(shown.modal or {})}
    values = {
        labels["The text"]: LONG[:4000], labels["Its continuation, if it is longer"]: LONG[4000:7000],
        labels["Headline"]: "Bridge closed", labels["Link"]: PAGE, labels["Date"]: "soon",
    }  # fmt: skip
    refused = await desks.one.owner.submit_modal(shown, values)
    assert "is no day" in text_of(refused)
    assert "Nothing that you wrote is lost" in text_of(refused)
    assert labels_of(refused) == ["Correct it"]
    assert refused.response is not None
    (file,) = refused.response.attachments
    assert (await file.read()).decode() == LONG[:7000]
    again = await desks.one.click(refused.response, "Correct it")
    assert filled(again) == {
        "The text": LONG[:4000], "Its continuation, if it is longer": LONG[4000:7000],
        "Headline": "Bridge closed", "Link": PAGE, "Date": "soon",
    }  # fmt: skip
    labels = {field["label"]: field["custom_id"] for field in fields_of(again.modal or {})}
    values = {labels[label]: value for label, value in filled(again).items()} | {labels["Date"]: "2024-05-07"}
    assert "Added" in text_of(await desks.one.owner.submit_modal(again, values))
    found = source(desks, desks.one)
    assert (found.title, found.publisher, found.url) == ("Bridge closed", "The Wire", PAGE)
    assert desks.bot.service.forms.kept.recall(desks.one.owner.id, desks.one.guild.id) is None
    late = await desks.one.click(refused.response, "Correct it")
    assert text_of(late) == messages()["bot.form_forgotten"]


async def test_the_options_of_the_command_are_in_the_form(desks: Desks) -> None:
    shown = await desks.one.slash("article add", title="Bridge closed", date="2024-05-07", link=PAGE)
    assert filled(shown) == {
        "The text": "", "Its continuation, if it is longer": "",
        "Headline": "Bridge closed", "Link": PAGE, "Date": "2024-05-07",
    }  # fmt: skip


async def test_a_form_is_kept_for_whoever_filled_it_in_and_forgotten_with_them(desks: Desks) -> None:
    refused = await refused_with(desks, date="soon")
    assert refused.response is not None
    desks.room.importer.add(BRIDGE, SHARED)
    pressed = await forged(desks.one, desks.one.member, str(FormId(desks.one.owner.id)))
    assert pressed.modal is None
    assert text_of(pressed) == messages()["bot.not_your_button"]
    asked = await desks.one.slash("privacy")
    sure = await desks.one.click(asked.response, "Forget me")
    await desks.one.click(sure.response, "Forget me")
    assert text_of(await desks.one.click(refused.response, "Correct it")) == messages()["bot.form_forgotten"]


async def test_a_form_that_comes_while_the_bot_stops_is_not_lost_either(desks: Desks) -> None:
    shown = await desks.one.slash("article add")
    desks.bot.service.responses.stop_accepting()
    refused = await send(desks.one.owner, shown, LONG[:4000])
    assert messages()["bot.stopping"] in text_of(refused)
    assert refused.response is not None
    (file,) = refused.response.attachments
    assert (await file.read()).decode() == LONG[:4000]


async def test_a_form_of_somebody_who_may_add_no_more_is_given_back_as_a_file(desks: Desks) -> None:
    one = desks.one
    known = next(known for known in await desks.bot.tree.fetch_commands() if known.name == "article")
    one.guild.set_command_permissions(known, {one.member: True})
    shown = await one.slash_by(one.member, "article add")
    one.guild.set_command_permissions(known, {one.member: False})
    refused = await send(one.member, shown, LONG[:4000])
    assert messages()["bot.not_an_adder"] in text_of(refused)
    assert refused.response is not None
    assert len(refused.response.attachments) == 1
    assert desks.room.about(one.scope).articles == 0


def test_forms_are_kept_for_a_while_and_not_too_many() -> None:
    clock = [time.monotonic()]
    forms = Forms(lambda: clock[0]).kept
    for member in range(MOST + 1):
        forms.keep(member, 1, Form(f"text {member}"))
    assert forms.recall(0, 1) is None
    assert forms.recall(1, 1) == Form("text 1")
    forms.keep(1, 1, Form("another"))
    assert forms.recall(1, 1) == Form("another")
    assert forms.recall(1, 2) is None
    clock[0] += KEPT_SECONDS + 1
    assert forms.recall(MOST, 1) is None
    forms.keep(2, 2, Form("new"))
    assert len(forms._values) == 1


async def test_an_article_without_a_date_is_last_in_a_list_and_left_out_of_days(desks: Desks) -> None:
    desks.room.importer.add(BRIDGE, home(desks.one))
    undated = Draft(f"{BRIDGE.text}\n\nThe mayor added nothing.", "Undated news")
    desks.room.importer.add(undated, CollectionId(desks.one.guild.id))
    listed = await titles(desks.one)
    assert listed.index("Harbour bridge") < listed.index("Undated news")
    assert "date not known" in listed
    days = await titles(desks.one, since="2024-01-01")
    assert "Undated news" not in days
    assert "1 article without a date left out" in days
    about = text_of(await desks.one.slash("about"))
    assert "Newest article\nHarbour bridge" in about
    nothing = text_of(await desks.one.slash("ask", question="what did the mayor add", since="2025-01-01"))
    assert "No article of the archive matches these filters" in nothing
    assert "1 article without a date left out" in nothing


def test_a_member_has_a_few_forms_open_and_all_together_not_too_many() -> None:
    forms, closed = Forms(), list[str]()
    mine = [forms.new_id(1, functools.partial(closed.append, str(number))) for number in range(OPEN_EACH + 2)]
    assert closed == ["0", "1"]
    assert [forms.is_open(custom_id) for custom_id in mine] == [False, False, *[True] * OPEN_EACH]
    forms.close(mine[-1])
    assert not forms.is_open(mine[-1])
    others = [forms.new_id(member, functools.partial(closed.append, "other")) for member in range(2, 2 + MOST_OPEN)]
    assert closed[2:] == ["2", "3"]
    assert not any(map(forms.is_open, mine))
    assert all(map(forms.is_open, others))
    assert not forms.is_open("form:0123456789abcdef:0123456789abcdef")
