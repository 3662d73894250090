"""The commands as a member of a server uses them."""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from typing import TYPE_CHECKING

import pytest
from discord import app_commands
from simcord.backend.errors import OptionError

from bot import command_ids
from bot.command_kinds import is_for_moderators
from retrieval.domain.health import DiskRoom
from retrieval.domain.scope import Filters, Scope
from retrieval.errors import ArchiveLocked, ModelUnavailable
from tests.bot.conftest import QUESTION, labels_of, text_of
from tests.bot.fakes import KIM, KIMMEL, FakeNewsroom
from tests.bot.online import connected

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    from tests.bot.conftest import Stage

    Staged = Callable[..., AbstractAsyncContextManager[Stage]]


async def test_ask_brings_the_passage_with_its_sentence_marked_and_its_source_named(stage: Stage) -> None:
    result = await stage.ask()
    assert not result.ephemeral
    said = text_of(result)
    assert "The Hill \\(Nexstar\\) · <t:1711368000:D>" in said
    assert "Gaza cease-fire vote roils US-Israel talks on Rafah" in said
    assert "**" in said
    assert labels_of(result) == ["More passages", "Ask about this article", "Share", "In context", "Wrong?", "Delete"]


async def test_a_question_without_an_answer_is_told_so(stage: Stage) -> None:
    said = text_of(await stage.ask("who won the Champions League"))
    assert "The archive does not hold the answer" in said
    assert "Searched 1 article of <t:" in said


async def test_a_greeting_is_answered_with_a_question_to_ask_and_no_passage(stage: Stage) -> None:
    said = text_of(await stage.ask("hi"))
    assert "Ask me about the news" in said
    assert "• Who is Ada Roe?" in said
    assert "The Hill" not in said


async def test_a_question_can_be_narrowed_to_a_source_and_a_time(stage: Stage) -> None:
    assert await stage.asker.autocomplete(stage.channel, "ask", "source", "hill") == [
        {"name": "The Hill (Nexstar)", "value": "The Hill (Nexstar)"}
    ]
    await stage.asker.slash(stage.channel, "ask", question=QUESTION, source="The Hill (Nexstar)")
    assert stage.newsroom.scopes[-1].filters == Filters("The Hill (Nexstar)")


async def test_days_are_offered_and_what_is_no_day_is_told_so(stage: Stage) -> None:
    offered = await stage.asker.autocomplete(stage.channel, "ask", "since", "week")
    assert [choice["name"].split(" (")[0] for choice in offered] == ["A week ago"]
    assert len(await stage.asker.autocomplete(stage.channel, "ask", "until", "")) == 5
    refused = await stage.asker.slash(stage.channel, "ask", question=QUESTION, since="soon")
    assert text_of(refused) == "“soon” is no day."


async def test_ask_is_for_the_server_it_was_asked_in(stage: Stage) -> None:
    await stage.ask()
    assert stage.newsroom.scopes == [Scope(stage.channel.guild.id if stage.channel.guild else None)]  # type: ignore[arg-type]  # an id


async def test_in_direct_messages_only_the_shared_articles_are_asked(stage: Stage) -> None:
    result = await stage.asker.user.slash("ask", question="why was the delegation cancelled")
    assert "Gaza cease-fire vote" in text_of(result)
    assert stage.newsroom.scopes == [Scope()]


async def test_quote_brings_a_speakers_words_and_nobody_elses(stage: Stage) -> None:
    said = text_of(await stage.quote("Kirby"))
    assert "John Kirby, White House spokesperson" in said
    assert "These are two leaders" in said
    assert "proof that President Biden" not in said


async def test_a_name_picked_from_the_list_is_found_by_its_id(stage: Stage) -> None:
    choices = await stage.asker.autocomplete(stage.channel, "quote", "speaker", "Ki")
    assert choices == [{"name": "John Kirby (6)", "value": "speaker:17"}]
    said = text_of(await stage.quote(choices[0]["value"]))
    assert "John Kirby, White House spokesperson" in said


async def test_an_unknown_name_is_answered_with_near_ones_to_press(stage: Stage) -> None:
    result = await stage.quote("Nobody")
    assert "Nobody called “Nobody” is quoted" in text_of(result)
    assert labels_of(result) == ["John Kirby (6)", "Pat Ryder (1)", "Delete"]
    assert result.response is not None
    pressed = await stage.asker.click(result.response, label="Pat Ryder (1)")
    assert "Pat Ryder, Pentagon press secretary" in text_of(pressed)


async def test_an_ambiguous_name_is_asked_about(stage: Stage) -> None:
    stage.newsroom.people = (*stage.newsroom.people, KIM, KIMMEL)
    result = await stage.quote("Kim")
    assert "Several speakers answer to “Kim”" in text_of(result)
    assert labels_of(result) == ["Kim Jong (2)", "Kim Novak (2)", "Delete"]


async def test_a_speaker_that_is_gone_is_said_to_be(stage: Stage) -> None:
    assert "no longer knows this speaker" in text_of(await stage.quote("speaker:999"))


async def test_quotations_are_narrowed_to_what_they_are_about(stage: Stage) -> None:
    said = text_of(await stage.quote("Kirby", about="a perception of daylight"))
    assert said.startswith("About “a perception of daylight”, the nearest first (4 others left out):")
    assert "2 quotations" in said
    assert "And we get to decide" in said
    assert "These are two leaders" not in said


async def test_a_speaker_who_never_spoke_of_it_is_said_to_be_quoted_on_other_things(stage: Stage) -> None:
    result = await stage.quote("Kirby", about="foot_ball")
    assert text_of(result) == "John Kirby is quoted 6 times, but not about “foot\\_ball”."
    assert labels_of(result) == ["All quotations", "Delete"]
    assert result.response is not None
    await stage.asker.click(result.response, label="All quotations")
    assert "These are two leaders" in text_of(result)
    assert result.response.content == ""


async def test_narrowing_waits_for_the_model_and_plain_quoting_does_not(stage: Stage) -> None:
    stage.newsroom.warm_up = Future()
    assert "These are two leaders" in text_of(await stage.quote("Kirby"))
    stage.newsroom.warm_up.set_exception(ModelUnavailable("There is no model."))
    assert text_of(await stage.quote("Kirby", about="policy")) == "There is no model."


async def test_the_choice_among_several_speakers_stays_narrowed(stage: Stage) -> None:
    result = await stage.quote("Nobody", about="a ground invasion")
    assert result.response is not None
    await stage.asker.click(result.response, label="Pat Ryder (1)")
    assert text_of(result).startswith("About “a ground invasion”, the nearest first:")


async def test_about_counts_what_the_asker_can_see(stage: Stage) -> None:
    result = await stage.asker.slash(stage.channel, "about")
    assert result.ephemeral
    said = text_of(result)
    for expected in ("1 article", "11 quotations", "0.1.0, started", "all-MiniLM-L6-v2", "Newest article"):
        assert expected in said


async def test_about_says_when_the_disk_is_nearly_full(stage: Stage) -> None:
    for room, said in ((DiskRoom(50_000_000, 600_000_000), True), (DiskRoom(500_000_000, 600_000_000), False)):
        stage.bot.service.disk = room
        about = text_of(await stage.asker.slash(stage.channel, "about"))
        assert ("50 MB are left where I keep articles." in about) is said
    stage.bot.service.disk = DiskRoom(0, 600_000_000)
    about = text_of(await stage.asker.slash(stage.channel, "about"))
    assert "Disk full\nNothing can be added until there is room again." in about
    assert "0 MB" not in about


async def test_help_links_every_command_that_the_member_may_use(stage: Stage) -> None:
    ids = {command.name: command.id for command in await stage.bot.tree.fetch_commands()}
    members, managers = [text_of(await who.slash(stage.channel, "help")) for who in (stage.asker, stage.owner)]
    assert "moderators" not in members
    assert f"For moderators\n</article add:{ids['article']}> </article edit:{ids['article']}>" in managers
    for command in stage.bot.tree.walk_commands():
        link = f"</{command.qualified_name}:{ids[command.qualified_name.split()[0]]}>"
        is_listed = not isinstance(command, app_commands.Group) and command.name != "help"
        assert (link in managers) is is_listed
        assert (link in members) is (is_listed and not is_for_moderators(command.root_parent or command))


async def test_help_shows_a_member_the_groups_that_the_integrations_page_allows_them(stage: Stage) -> None:
    feed = next(command for command in await stage.bot.tree.fetch_commands() if command.name == "feed")
    stage.guild.set_command_permissions(feed, {stage.asker: True})
    shown = text_of(await stage.asker.slash(stage.channel, "help"))
    assert f"For moderators\n</feed add:{feed.id}>" in shown
    assert "</settings" not in shown


async def test_help_has_an_example_and_answers_without_one(stage: Stage) -> None:
    shown = text_of(await stage.asker.slash(stage.channel, "help"))
    assert "> What did John \\*Kirby\\* say?\n</quote:" in shown
    stage.newsroom.failure = ModelUnavailable("The model is not there.")
    without = text_of(await stage.asker.slash(stage.channel, "help"))
    assert "Try" not in without
    assert "</ask:" in without


async def test_help_leaves_out_in_direct_messages_what_belongs_to_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    async with connected(monkeypatch) as online:
        (message,) = (await online.command("help")).messages
        shown = message.text
        assert "ask" in shown
        assert "privacy" in shown
        assert "/follow" not in shown
        assert "/article" not in shown
        assert "Wrong?" not in shown


async def test_the_preview_names_the_commands_for_its_page_links_none(staged: Staged) -> None:
    async with staged(is_preview=True) as stage:
        assert "`/ask`\nAsk in your own words." in text_of(await stage.asker.slash(stage.channel, "help"))


async def test_help_names_the_commands_where_discord_does_not_tell_their_ids(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(*_: object) -> None:
        await asyncio.sleep(60)

    stage.bot.service.command_ids.learn(())
    monkeypatch.setattr(command_ids, "_PATIENCE_SECONDS", 0.1)
    monkeypatch.setattr(stage.bot.tree, "fetch_commands", silent)
    assert "`/ask`\nAsk in your own words." in text_of(await stage.asker.slash(stage.channel, "help"))


@pytest.mark.parametrize("question", ["   ", "?!… —", "\u202e\u202e\u202e"])
async def test_a_question_without_a_word_is_answered_kindly(stage: Stage, question: str) -> None:
    assert text_of(await stage.ask(question)).startswith("Please ask with words")


async def test_discord_itself_stops_questions_that_are_too_short_or_too_long(stage: Stage) -> None:
    for question in ("", "x" * 5000):
        with pytest.raises(OptionError):
            await stage.ask(question)


async def test_a_question_too_long_that_arrives_all_the_same_is_answered_kindly(stage: Stage) -> None:
    for command in stage.env.backend.commands[None].values():
        for option in command.get("options") or []:
            option.pop("max_length", None)
    assert text_of(await stage.ask("x" * 5000)).startswith("Please ask with words")


HOSTILE = (
    "@everyone <@1> [free](https://evil.example) # Heading\n- list ||spoiler|| ```code\n> quote \u202edelegation "
    "cancelled https://evil.example </ask:1> <t:0:R> :smile:"
)


async def test_hostile_titles_texts_and_questions_do_nothing(newsroom: FakeNewsroom, staged: Staged) -> None:
    newsroom.body = HOSTILE
    newsroom.source = type(newsroom.source)(HOSTILE, HOSTILE, url="javascript:alert(1)")
    async with staged() as stage:
        result = await stage.ask("@everyone why was the delegation cancelled https://evil.example <@1>")
        assert result.response is not None
        message = result.response.message
        assert not message.mention_everyone
        assert not message.mentions
        assert "\\@everyone" in str(message.embeds[0].description)
        assert message.embeds[0].url is None
        said = [stage.env.backend.get_message(message.channel.id, message.id).content]
        assert said == [""]


async def test_the_markup_of_a_question_is_not_searched(stage: Stage) -> None:
    plain = text_of(await stage.ask("Why was the delegation cancelled?"))
    marked = "**Why** was <@1>the `delegation` @everyone [cancelled](https://evil.example)?"
    assert " ".join(text_of(await stage.ask(marked)).split()) == " ".join(plain.split())
    assert text_of(await stage.ask("<@1> ||**https://evil.example**|| @here")).startswith("Please ask with words")


async def test_a_foreseen_trouble_is_told_in_a_sentence_for_members(stage: Stage) -> None:
    stage.newsroom.failure = ArchiveLocked("The archive is held by another process; try again.")
    assert text_of(await stage.ask()) == "My archive is in use by another program. Please try again in a minute."


async def test_a_member_waits_between_questions_and_is_told_how_long(staged: Staged) -> None:
    async with staged(cooldown_seconds=30.0) as stage:
        await stage.ask()
        refused = await stage.ask()
        assert refused.ephemeral
        back = int(stage.env.now().timestamp()) + 30
        assert f"<t:{back}:R>" in text_of(refused)
        assert "delegation" in text_of(
            await stage.other.slash(stage.channel, "ask", question="why delegation cancelled")
        )
        await stage.env.advance_time(31)
        assert "delegation" in text_of(await stage.ask())
