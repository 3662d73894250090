"""What a server's moderators do with articles, as they do it."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.commands import article
from bot.render import articles
from bot.render.reply import Attachment, Reply
from retrieval.domain.articles import Draft
from retrieval.domain.health import DiskRoom
from retrieval.domain.ids import SHARED, CollectionId, UserId
from retrieval.domain.scope import Scope
from retrieval.errors import messages
from tests.bot.conftest import labels_of, text_of
from tests.bot.desks import BRIDGE, Desks, Server, two_servers
from tests.support.articles import BAKERY, SCHOOL
from tests.support.articles import BRIDGE as BRIDGE_DRAFT

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import discord
    from simcord.actors import MemberActor
    from simcord.results import InteractionResult

    from retrieval.domain.pages import Fetched, NotModified, Validators

PAGE = "https://courier.example/bridge"
FETCHED = datetime(2026, 5, 7, 14, 5, tzinfo=UTC)


@pytest.fixture
async def desks(tmp_path: Path) -> AsyncIterator[Desks]:
    async with two_servers(tmp_path) as opened:
        yield opened


async def paste(server: Server, text: str = BRIDGE, **fields: str) -> InteractionResult:
    """`/article add` with neither a link nor a file, and the form filled in."""
    return await send(server.owner, await server.slash("article add"), text, **fields)


async def send(who: MemberActor, shown: InteractionResult, text: str = BRIDGE, **fields: str) -> InteractionResult:
    assert shown.modal is not None
    named = {field["label"]: field["custom_id"] for field in fields_of(shown.modal)}
    values = {"The text": text, **{name.capitalize(): value for name, value in fields.items()}}
    return await who.submit_modal(shown, {named[name]: value for name, value in values.items()})


def fields_of(modal: dict[str, object]) -> list[dict[str, str]]:
    rows = modal["components"]
    assert isinstance(rows, list)
    return [field for row in rows for field in row["components"]]


async def titles(server: Server, **filters: str) -> str:
    return text_of(await server.slash("article list", **filters)).replace("**", "")


async def test_a_pasted_text_is_added_and_what_was_understood_is_told(desks: Desks) -> None:
    result = await paste(desks.one, headline="Bridge closed", link=PAGE, date="2024-05-07")
    said = text_of(result)
    assert result.ephemeral
    assert "Added" in said
    assert "Bridge closed" in said
    assert "<t:1715083200:D>" in said
    assert "47 words · 1 passage · 1 quotation" in said
    assert "Ada Okafor" in said
    assert labels_of(result) == ["Undo"]
    assert "Bridge closed" in text_of(await desks.one.slash("ask", question="why was the harbour bridge closed"))


async def test_whoever_adds_is_told_when_the_disk_is_nearly_full(desks: Desks) -> None:
    desks.bot.service.disk = DiskRoom(50_000_000, 600_000_000)
    desks.web.page(PAGE, page())
    pasted = text_of(await paste(desks.one, headline="Bridge closed"))
    fetched = text_of(await desks.one.slash("article add", url=PAGE))
    assert all("50 MB are left where I keep articles." in said for said in (pasted, fetched))
    assert "are left" not in text_of(await desks.one.slash("ask", question="why was the harbour bridge closed"))


async def test_the_same_text_is_known_the_second_time_and_cannot_be_undone(desks: Desks) -> None:
    await paste(desks.one, headline="Bridge closed")
    again = await paste(desks.one, headline="Another headline")
    assert "Already known" in text_of(again)
    assert "Nothing was changed, and the headline that you gave was not used." in text_of(again)
    assert labels_of(again) == []


async def test_a_shared_text_that_is_added_is_kept_by_the_server_too(desks: Desks) -> None:
    shared = desks.room.importer.add(Draft(BRIDGE, title="Bridge closed", publisher="The Wire"), SHARED)
    assert "S1 · Bridge closed" in await titles(desks.one)
    added = await paste(desks.one)
    said = text_of(added)
    assert "Added: article 1" in said
    assert "The operator shares this text with every server, as S1. Now this server keeps it by itself too" in said
    assert "Nothing was changed" not in said
    assert "1 · Bridge closed" in await titles(desks.one)
    assert "S1 · Bridge closed" in await titles(desks.other)
    assert "Article added\nBridge closed" in text_of(await desks.one.slash("settings audit"))

    desks.room.articles.remove(Scope(), shared.article.id)
    assert "1 · Bridge closed" in await titles(desks.one)
    assert "There is no article yet" in await titles(desks.other)


async def test_only_of_its_own_article_a_server_is_told_that_it_can_be_edited(desks: Desks) -> None:
    desks.room.importer.add(Draft(BRIDGE, title="Bridge closed"), SHARED)
    shared = text_of(await desks.one.slash("article show", article="S1"))
    assert "/article add takes its text with what you know." in shared
    assert "/article edit" not in shared
    assert "/article add" in text_of(await desks.one.slash("article edit", article="S1", publisher="The Wire"))
    await paste(desks.one)
    assert "/article edit adds what you know." in text_of(await desks.one.slash("article show", article="1"))
    assert "Edited: article 1" in text_of(await desks.one.slash("article edit", article="1", publisher="The Wire"))


async def test_what_is_said_of_a_shared_text_and_is_so_already_counts_as_set_by_hand(desks: Desks) -> None:
    desks.room.importer.add(Draft(BRIDGE, title="Bridge closed"), SHARED)
    assert "as S1." in text_of(await paste(desks.one, headline="Bridge closed"))
    assert "Set by hand\nHeadline" in text_of(await desks.one.slash("article show", article="1"))


async def test_taking_back_a_shared_text_leaves_the_shared_one(desks: Desks) -> None:
    desks.room.importer.add(Draft(BRIDGE, title="Bridge closed"), SHARED)
    added = await paste(desks.one)
    await desks.one.click(added.response, "Undo")
    assert "S1 · Bridge closed" in await titles(desks.one)


async def test_what_is_said_of_a_shared_text_counts_in_that_server_alone(desks: Desks) -> None:
    desks.room.importer.add(Draft(BRIDGE, title="Bridge closed", publisher="The Wire"), SHARED)
    said = text_of(await paste(desks.one, headline="Our bridge", date="2024-05-07"))
    assert "Added: article 1" in said
    assert "Our bridge" in said
    assert "The Wire" in said
    shown = text_of(await desks.one.slash("article show", article="1"))
    assert "Headline, date" in shown
    assert "Our bridge" not in await titles(desks.other)
    assert "Our bridge" in text_of(await desks.one.slash("settings audit"))


async def test_undo_takes_back_what_was_added(desks: Desks) -> None:
    added = await paste(desks.one, headline="Bridge closed")
    await desks.one.click(added.response, "Undo")
    assert "Undone" in text_of(added)
    assert "There is no article yet" in await titles(desks.one)
    assert labels_of(added) == []


async def test_undo_of_a_newer_version_puts_the_older_one_back(desks: Desks) -> None:
    await paste(desks.one, headline="Bridge closed", link=PAGE)
    newer = await paste(desks.one, BRIDGE.replace("Tuesday", "Wednesday"), headline="Bridge closed", link=PAGE)
    assert "A newer version replaced the older one" in text_of(newer)
    assert "updated" in text_of(await desks.one.slash("article show", article="Bridge"))
    await desks.one.click(newer.response, "Undo")
    asked = text_of(await desks.one.slash("ask", question="on which day was the harbour bridge closed"))
    assert "Tuesday" in asked


async def test_a_file_is_read(desks: Desks) -> None:
    file = ("bridge.txt", f"Bridge closed\n\n{BRIDGE}".encode())
    result = await desks.one.slash("article add", file=file)
    assert "Bridge closed" in text_of(result)


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (("bridge.exe", b"x"), "I read files that end with"),
        (("bridge.DOC", b"x"), "save a document as .docx or .pdf"),
        (("bridge.msg", b"x"), "or a message as .eml"),
        (("bridge.txt", b"x" * 5_000_001), "larger than 5 MB"),
        (("bridge.txt", b""), "empty"),
    ],
)
async def test_a_file_that_is_no_article_is_refused_kindly(desks: Desks, file: tuple[str, bytes], said: str) -> None:
    result = await desks.one.slash("article add", file=file)
    assert said in text_of(result)
    assert "There is no article yet" in await titles(desks.one)


def page() -> str:
    """A page of a newspaper with enough words to be an article."""
    letter = "Engineers told residents in a letter that one of the lanes of the bridge may open again within a week. "
    text = "".join(f"<p>{paragraph}</p>" for paragraph in (*BRIDGE.split("\n\n"), letter * 3, letter * 2))
    return (
        f"<html><head><title>Bridge closed</title></head><body><article><h1>Bridge closed</h1>{text}</article></body>"
    )


async def test_a_link_is_fetched_and_its_article_added(desks: Desks) -> None:
    desks.web.page(PAGE, page())
    said = text_of(await desks.one.slash("article add", url=PAGE))
    assert "Added" in said
    assert "Bridge closed" in said
    assert "Fetched by me" in text_of(await desks.one.slash("article show", article="Bridge"))


async def test_whoever_adds_a_text_that_may_not_be_whole_is_told_once(desks: Desks) -> None:
    letter = "Engineers told residents in a letter that one of the lanes of the bridge may open again within a week. "
    left = f"<p>{letter * 12}</p><p>Subscribe to continue reading.</p></article>"
    desks.web.page(PAGE, page().replace("</article>", left))
    sentence = "This may not be the whole article: the page has more text than could be told apart."
    assert sentence in text_of(await desks.one.slash("article add", url=PAGE))
    assert sentence not in text_of(await desks.one.slash("article add", url=PAGE))
    assert sentence not in text_of(await desks.one.slash("article show", article="Bridge"))


async def test_while_a_page_is_read_for_long_that_is_said(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    desks.web.page(PAGE, page())
    fetch = desks.web.fetch

    def slowly(url: str, validators: Validators | None = None) -> Fetched | NotModified:
        time.sleep(2.5)
        return fetch(url, validators)

    monkeypatch.setattr(desks.web, "fetch", slowly)
    result = await desks.one.slash("article add", url=PAGE)
    assert any(articles.READING_PAGE in str(request) for request in desks.env.http_requests)
    assert articles.READING_PAGE not in text_of(result)
    assert "Bridge closed" in text_of(result)


async def test_a_link_that_is_refused_or_answers_nothing_is_told_kindly(desks: Desks) -> None:
    desks.web.refuses("http://10.0.0.1/")
    desks.web.fails(PAGE, 503)
    assert "private network" in text_of(await desks.one.slash("article add", url="http://10.0.0.1/"))
    assert "503" in text_of(await desks.one.slash("article add", url=PAGE))
    assert "There is no article yet" in await titles(desks.one)


async def test_an_answer_from_a_corrected_article_or_a_page_that_is_gone_says_so(desks: Desks) -> None:
    corrected = f"{BRIDGE}\n\nCorrection: An earlier version of this article misstated the day.\n"
    desks.room.importer.add(Draft(corrected, "Bridge closed"), home(desks.one))
    for command in ({"ask": "question"}, {"quote": "speaker"}):
        ((name, option),) = command.items()
        asked = "why was the harbour bridge closed" if name == "ask" else "Okafor"
        assert "⚠ corrected by the publisher" in text_of(await desks.one.slash(name, **{option: asked}))
    desks.web.page(PAGE, page())
    await desks.other.slash("article add", url=PAGE)
    desks.web.fails(PAGE, 404)
    desks.room.rechecker.recheck(datetime.now(UTC) + timedelta(days=2), 5)
    assert "⚠ the page is gone" in text_of(await desks.other.slash("quote", speaker="Okafor"))


async def test_a_link_and_a_file_at_once_are_too_many(desks: Desks) -> None:
    result = await desks.one.slash("article add", url=PAGE, file=("a.txt", b"x"))
    assert text_of(result) == messages()["bot.link_or_file"]


async def test_what_is_no_day_is_said_in_the_form_s_answer(desks: Desks) -> None:
    assert "is no day" in text_of(await paste(desks.one, date="tomorrow"))


async def test_a_list_has_pages_and_filters_that_stay(desks: Desks) -> None:
    for number in range(19):
        text = BRIDGE.replace("Tuesday", f"day {number}")
        published = datetime(2024, 5, 1 + number, tzinfo=UTC)
        desks.room.importer.add(Draft(text, f"Bridge {number}", "The Courier", published_at=published), home(desks.one))
    desks.room.importer.add(BAKERY, home(desks.one))
    listed = await desks.one.slash("article list", search="bridge", source="courier", since="2024-05-02")
    assert "Bridge 18" in text_of(listed)
    assert "1 to 8 of 18 · search: bridge · source: courier · since: 2024-05-02" in text_of(listed)
    assert labels_of(listed) == ["menu", "Older"]
    await desks.one.click(listed.response, "Older")
    await desks.one.click(listed.response, "Older")
    assert "17 to 18 of 18" in text_of(listed)
    assert "Bakery" not in text_of(listed)
    assert labels_of(listed) == ["menu", "Back"]
    assert "No article matches" in await titles(desks.one, search="zebra")
    assert "is no day" in text_of(await desks.one.slash("article list", since="soon"))


async def test_an_article_is_shown_with_all_that_is_known_of_it(desks: Desks) -> None:
    draft = replace(BRIDGE_DRAFT, fetched_at=FETCHED, authors=("Ann Lee",))
    desks.room.importer.add(draft, home(desks.one), UserId(desks.one.owner.id))
    said = text_of(await desks.one.slash("article show", article="Harbour bridge"))
    assert "Ann Lee" in said
    assert "Ada Okafor \\(2\\)" in said
    assert f"<@{desks.one.owner.id}>" in said
    assert "Fetched by me" in said


async def test_headlines_are_completed_and_removing_offers_only_the_server_s_own(desks: Desks) -> None:
    desks.room.importer.add(BAKERY, SHARED)
    own = desks.room.importer.add(BRIDGE_DRAFT, home(desks.one)).number
    desks.room.importer.add(SCHOOL, home(desks.other))
    shown = await desks.one.owner.autocomplete(desks.one.channel, "article show", "article", "")
    assert [choice["name"] for choice in shown] == [
        "S1 · Oldest bakery in Port Selby wins national prize (1 June 2024)",
        "1 · Harbour bridge closed after cracks are found (7 May 2024)",
    ]
    removable = await desks.one.owner.autocomplete(desks.one.channel, "article remove", "article", "BRIDGE")
    assert [choice["value"] for choice in removable] == [f"article:{own}"]


async def test_an_article_is_removed_only_after_it_was_asked_for(desks: Desks) -> None:
    added = desks.room.importer.add(BRIDGE_DRAFT, home(desks.one)).number
    asked = await desks.one.slash("article remove", article=f"article:{added}")
    assert "Remove this article?" in text_of(asked)
    assert "1 passage, 2 quotations" in text_of(asked)
    assert labels_of(asked) == ["Remove", "Keep"]
    assert desks.room.about(desks.one.scope).articles == 1
    await desks.one.click(asked.response, "Remove")
    assert "Removed" in text_of(asked)
    assert desks.room.about(desks.one.scope).articles == 0
    late = await desks.one.slash("article remove", article=f"article:{added}")
    assert "There is no article" in text_of(late)


async def test_keeping_takes_the_question_away(desks: Desks) -> None:
    added = desks.room.importer.add(BRIDGE_DRAFT, home(desks.one)).number
    asked = await desks.one.slash("article remove", article=f"#{added}")
    await desks.one.click(asked.response, "Keep")
    assert asked.response is None
    assert desks.room.about(desks.one.scope).articles == 1


async def test_a_shared_article_is_not_removed_by_a_server(desks: Desks) -> None:
    desks.room.importer.add(BRIDGE_DRAFT, SHARED)
    asked = await desks.one.slash("article remove", article="s1")
    assert "shared by the operator" in text_of(asked)
    assert labels_of(asked) == []


async def test_a_button_whose_article_went_meanwhile_says_so(desks: Desks) -> None:
    added = await paste(desks.one, headline="Bridge closed")
    (entry,) = desks.room.articles.entries(desks.one.scope)
    desks.room.articles.remove(desks.one.scope, entry.id)
    pressed = await desks.one.click(added.response, "Undo")
    assert text_of(pressed) == messages()["article.not_own_any_more"]


async def test_an_export_is_the_server_s_own_articles_as_json_lines(desks: Desks) -> None:
    assert text_of(await desks.one.slash("article export")) == messages()["bot.nothing_to_export"]
    desks.room.importer.add(BAKERY, SHARED)
    desks.room.importer.add(BRIDGE_DRAFT, home(desks.one))
    desks.room.importer.add(SCHOOL, home(desks.other))
    result = await desks.one.slash("article export")
    assert result.response is not None
    (file,) = result.response.attachments
    lines = [json.loads(line) for line in (await file.read()).decode().splitlines()]
    assert [line["title"] for line in lines] == ["Harbour bridge closed after cracks are found"]
    assert lines[0]["text"].startswith("Harbour bridge closed")
    assert lines[0]["published_at"] == "2024-05-07T00:00:00+00:00"


async def test_a_large_export_comes_in_several_files(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    for draft in (BRIDGE_DRAFT, BAKERY, SCHOOL):
        desks.room.importer.add(draft, home(desks.one))
    articles = desks.room.articles
    whole = articles.export
    monkeypatch.setattr(articles, "export", lambda scope, after: whole(scope, after, 900))
    result = await desks.one.slash("article export")
    assert result.response is not None
    sent = [result.response, *result.followups]
    names = [message.attachments[0].filename for message in sent]
    assert names == [f"articles-{desks.one.guild.id}-{number}.jsonl" for number in (1, 2, 3)]
    assert "The next file follows." in sent[0].content
    assert "follows" not in sent[-1].content


async def test_a_file_without_a_word_is_followed_by_the_next(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    files = (Reply(file=Attachment(name, b"{}")) for name in ("a.jsonl", "b.jsonl"))
    monkeypatch.setattr(article, "export_parts", lambda *_: files)
    result = await desks.one.slash("article export")
    assert result.response is not None
    sent = [result.response, *result.followups]
    assert [message.attachments[0].filename for message in sent] == ["a.jsonl", "b.jsonl"]


async def test_a_server_to_which_an_export_is_being_handed_is_given_no_other(desks: Desks) -> None:
    for server in (desks.one, desks.other):
        desks.room.importer.add(BRIDGE_DRAFT, home(server))
    with desks.bot.service.exports.claimed(desks.one.guild.id):
        refused, given = await desks.one.slash("article export"), await desks.other.slash("article export")
    assert text_of(refused) == messages()["bot.exporting"]
    assert given.response is not None
    assert given.response.attachments
    later = await desks.one.slash("article export")
    assert later.response is not None
    assert later.response.attachments


async def test_somebody_who_may_not_manage_the_server_is_not_offered_the_commands(desks: Desks) -> None:
    offered = desks.one.member.available_commands(desks.one.channel)
    assert {"ask", "quote", "privacy"} <= set(offered)
    assert not [name for name in offered if name.startswith(("article", "settings"))]


async def test_whom_the_integrations_page_lets_in_may_use_a_command(desks: Desks) -> None:
    desks.one.guild.set_command_permissions(await command(desks, "article"), {desks.one.member: True})
    desks.room.importer.add(BRIDGE_DRAFT, home(desks.one))
    listed = await desks.one.slash_by(desks.one.member, "article list")
    assert "Harbour bridge" in text_of(listed)
    asked = await desks.one.slash_by(desks.one.member, "article remove", article="Harbour")
    assert "Remove this article?" in text_of(asked)
    assert asked.response is not None
    await desks.one.member.click(asked.response, label="Remove")
    assert desks.room.about(desks.one.scope).articles == 0


async def test_a_command_is_answered_in_time_where_discord_does_not_tell_who_may_use_it(
    desks: Desks, monkeypatch: pytest.MonkeyPatch
) -> None:
    desks.one.guild.set_command_permissions(await command(desks, "article"), {desks.one.member: True})

    async def silent(*_: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(desks.bot.http, "get_application_command_permissions", silent)
    refused = await asyncio.wait_for(desks.one.slash_by(desks.one.member, "article list"), 2.9)
    assert text_of(refused) == messages()["bot.not_an_adder"]


async def test_with_a_role_for_adding_its_members_add_and_nobody_else_but_managers(desks: Desks) -> None:
    guild = desks.one.guild
    guild.set_command_permissions(await command(desks, "article"), {guild.default_role: True})
    role = guild.create_role("reporters")
    reporter = guild.add_member(desks.env.create_user("reporter"), roles=[role])
    await desks.one.slash("settings adders", role=role)
    assert text_of(await desks.one.slash_by(desks.one.member, "article list")) == messages()["bot.not_an_adder"]
    assert "There is no article yet" in text_of(await desks.one.slash_by(reporter, "article list"))
    desks.room.importer.add(BRIDGE_DRAFT, home(desks.one))


async def test_a_form_is_taken_from_whom_the_integrations_page_lets_in(desks: Desks) -> None:
    one = desks.one
    one.guild.set_command_permissions(await command(desks, "article"), {one.member: True})
    shown = await one.slash_by(one.member, "article add")
    assert "Added" in text_of(await send(one.member, shown))


async def test_a_form_that_stayed_open_is_refused_from_whoever_may_add_no_more(desks: Desks) -> None:
    one, article = desks.one, await command(desks, "article")
    one.guild.set_command_permissions(article, {one.member: True})
    shown = await one.slash_by(one.member, "article add")
    one.guild.set_command_permissions(article, {one.member: False})
    refused = await send(one.member, shown)
    assert refused.ephemeral
    assert text_of(refused).startswith(messages()["bot.not_an_adder"])
    assert desks.room.about(one.scope).articles == 0


async def test_neither_server_sees_the_other_s_articles(desks: Desks) -> None:
    await paste(desks.one, headline="Bridge closed")
    await paste(desks.other, BRIDGE.replace("Ada Okafor", "Linda Sorensen"), headline="Bridge closed")
    for server, own, foreign in ((desks.one, "Ada Okafor", "Sorensen"), (desks.other, "Linda Sorensen", "Okafor")):
        (entry,) = desks.room.articles.entries(server.scope)
        for said in (
            await titles(server),
            text_of(await server.slash("article show", article=f"article:{entry.number}")),
            text_of(await server.slash("ask", question="was anybody in danger on the harbour bridge")),
            text_of(await server.slash("quote", speaker=own.split()[1])),
            text_of(await server.slash("quote", speaker=foreign)),
            text_of(await server.slash("about")),
            text_of(await server.slash("settings audit")),
        ):
            assert foreign not in said.replace(f"“{foreign}”", "")
        assert str(entry.number) == "1"
        for number in ("2", "S1", "article:2"):
            assert "There is no article" in text_of(await server.slash("article show", article=number))
            assert "There is no article" in text_of(await server.slash("article remove", article=number))


def home(server: Server) -> CollectionId:
    return CollectionId(server.guild.id)


async def command(desks: Desks, name: str) -> discord.app_commands.AppCommand:
    """A command as Discord knows it."""
    return next(known for known in await desks.bot.tree.fetch_commands() if known.name == name)
