"""What members say is wrong, and how moderators correct it, as both do it in Discord."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.client import PullquoteBot
from retrieval.domain.excerpts import ExcerptRef
from retrieval.domain.ids import SHARED, CollectionId, UserId
from retrieval.domain.quotations import QuotationsFound
from retrieval.domain.reports import ReportKind
from retrieval.domain.scope import Scope
from retrieval.errors import messages
from tests.bot.conftest import labels_of, text_of
from tests.bot.desks import two_servers
from tests.bot.in_server import in_server, private, said
from tests.support.articles import BAKERY, BRIDGE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from pathlib import Path

    from simcord.actors import MemberActor
    from simcord.results import InteractionResult, ResponseMessage

    from retrieval.domain.quotations import CitedQuotation
    from retrieval.newsroom import Newsroom
    from tests.bot.desks import Desks, Server

WORDS = "My grandmother would have asked what took them so long,"
QUESTION, STRANGE = "why was the harbour bridge closed", "who won the regatta in Velden"


@pytest.fixture
async def desks(tmp_path: Path) -> AsyncIterator[Desks]:
    async with two_servers(tmp_path) as opened:
        for article in (BRIDGE, BAKERY):
            opened.room.importer.add(article, SHARED)
        yield opened


async def quoted(server: Server, name: str = "Lindqvist") -> ResponseMessage:
    shown = (await server.slash_by(server.member, "quote", speaker=name)).response
    assert shown is not None
    return shown


async def report(server: Server, label: str, by: MemberActor | None = None) -> InteractionResult:
    """A member says what is wrong with the words of the baker."""
    member = by or server.member
    asked = await member.click(await quoted(server), label="Wrong?")
    assert asked.ephemeral
    assert asked.response is not None
    return await member.click(asked.response, label=label)


def cited_of(room: Newsroom, server: Server, name: str) -> Sequence[CitedQuotation]:
    found = room.quotes_by(server.scope, name)
    return found.quotations if isinstance(found, QuotationsFound) else ()


def words_of(room: Newsroom, server: Server, name: str) -> list[str]:
    return [cited.words for cited in cited_of(room, server, name)]


async def review(server: Server, what: str = "reports") -> InteractionResult:
    shown = await server.slash(f"review {what}")
    assert shown.ephemeral
    return shown


async def pressed(server: Server, shown: InteractionResult, label: str) -> InteractionResult:
    assert shown.response is not None
    return await server.owner.click(shown.response, label=label)


async def test_a_voice_is_counted_once_a_member_and_shown_without_who(desks: Desks) -> None:
    for label in ("Not their words", "Wrong person"):
        thanked = await report(desks.one, label)
        assert label in text_of(thanked)
    await report(desks.one, "Wrong person", desks.one.owner)
    shown = await review(desks.one)
    text = text_of(shown)
    assert text.startswith("**Wrong person: 2**")
    assert f"In it: “{WORDS}” – Piotr Lindqvist" in text
    assert str(desks.one.member.id) not in text
    assert labels_of(shown)[:5] == ["Other speaker …", "Nobody", "Not a quotation", "Wrong role", "Disputed"]
    assert "Nothing is reported" in text_of(await review(desks.other))


async def test_the_question_what_is_wrong_says_what_each_button_does_and_can_be_closed(desks: Desks) -> None:
    asked = await desks.one.member.click(await quoted(desks.one), label="Wrong?")
    assert labels_of(asked) == ["Not their words", "Wrong person", "👍 It is right", "Close"]
    assert asked.response is not None
    await desks.one.member.click(asked.response, label="Close")
    assert asked.response is None
    assert desks.room.reports.of(CollectionId(desks.one.guild.id)) == ()
    assert "*Wrong?*" in text_of(await desks.one.slash_by(desks.one.member, "help"))


async def test_next_shows_every_report_and_begins_again(desks: Desks) -> None:
    await report(desks.one, "Wrong person")
    shown = await review(desks.one)
    for _ in range(3):
        assert "Wrong person: 1" in text_of(await pressed(desks.one, shown, "Next"))


async def test_next_goes_round_and_passes_over_nothing_while_another_moderator_corrects(desks: Desks) -> None:
    room, server = desks.room, desks.one
    found = [cited for name in ("Lindqvist", "Okafor") for cited in cited_of(room, server, name)]
    refs = [ExcerptRef(cited.quotation.article_id, cited.quotation.content) for cited in found[:3]]
    for member, ref in enumerate(refs, 1):
        room.reports.keep(CollectionId(server.guild.id), ref, UserId(member), ReportKind.WRONG_PERSON)
    words = [f"In it: “{cited.words}”" for cited in found[:3]]
    shown = await review(server)
    for turn in range(7):
        assert words[turn % 3] in text_of(shown)
        shown = await pressed(server, shown, "Next")
    room.reports.dismiss(CollectionId(server.guild.id), refs[1])
    assert words[2] in text_of(await pressed(server, shown, "Next"))


async def test_praise_alone_is_nothing_to_review(desks: Desks) -> None:
    await report(desks.one, "👍 It is right")
    assert "Nothing is reported" in text_of(await review(desks.one))


@pytest.mark.parametrize(("label", "sentence"), [("Nobody", "cannot be told"), ("Not a quotation", "no quotation")])
async def test_words_are_taken_away_by_two_presses_and_given_back_by_undo(
    desks: Desks, label: str, sentence: str
) -> None:
    await report(desks.one, "Not their words")
    done = await pressed(desks.one, await review(desks.one), label)
    assert sentence in text_of(done)
    assert words_of(desks.room, desks.one, "Lindqvist") == []
    assert words_of(desks.room, desks.other, "Lindqvist") == [WORDS]
    assert "Nothing is reported" in text_of(await review(desks.one))
    assert "quotation corrected" in text_of(await desks.one.slash("settings audit")).lower()
    corrections = await review(desks.one, "corrections")
    assert sentence in text_of(corrections).lower()
    assert corrections.response is not None
    assert f"(<@{desks.one.owner.id}>, " in corrections.response.content
    outdated = await review(desks.one, "corrections")
    await pressed(desks.one, corrections, "Undo 1")
    assert words_of(desks.room, desks.one, "Lindqvist") == [WORDS]
    assert "No quotation was corrected" in text_of(await review(desks.one, "corrections"))
    assert "That decision does not stand here any more." in text_of(await pressed(desks.one, outdated, "Undo 1"))


async def test_words_are_given_to_somebody_else(desks: Desks) -> None:
    await report(desks.one, "Wrong person")
    asked = await pressed(desks.one, await review(desks.one), "Other speaker …")
    assert asked.response is not None
    (menu,) = [row["components"][0] for row in asked.response.components]
    (option,) = menu["options"]
    assert option["label"].startswith("Ada Okafor")
    done = await desks.one.owner.select(asked.response, [option["value"]])
    assert "are the words of Ada Okafor" in text_of(done)
    assert WORDS in words_of(desks.room, desks.one, "Okafor")
    shown = await quoted(desks.one, "Okafor")
    assert "Corrected by hand" in str([embed.description for embed in shown.embeds])


async def test_what_is_wrong_with_an_answer_is_dismissed(desks: Desks) -> None:
    answer = (await desks.one.slash_by(desks.one.member, "ask", question=QUESTION)).response
    assert answer is not None
    asked = await desks.one.member.click(answer, label="Wrong?")
    assert asked.response is not None
    assert labels_of(asked) == ["Not an answer", "👍 It is right", "Close"]
    await desks.one.member.click(asked.response, label="Not an answer")
    shown = await review(desks.one)
    assert text_of(shown).startswith("**Not an answer: 1**")
    assert labels_of(shown) == ["Dismiss", "Next"]
    assert "Nothing is reported" in text_of(await pressed(desks.one, shown, "Dismiss"))


async def test_reports_of_words_that_are_gone_are_deleted(desks: Desks) -> None:
    await report(desks.one, "Wrong person")
    shown = await review(desks.one)
    for entry in desks.room.articles.entries(desks.one.scope):
        if entry.source.title.startswith("Oldest bakery"):
            desks.room.articles.remove(Scope(), entry.id)
    assert messages()["speaker.no_quotation"] in text_of(await pressed(desks.one, shown, "Nobody"))
    assert "Nothing is reported" in text_of(await review(desks.one))


async def test_after_a_restart_the_buttons_of_a_report_work(desks: Desks) -> None:
    await report(desks.one, "Wrong person")
    shown = await review(desks.one)
    await desks.bot.close()
    await desks.env.restart_bot(PullquoteBot(desks.room, version="0.1.0", cooldown_seconds=0))
    assert "cannot be told" in text_of(await pressed(desks.one, shown, "Nobody"))


async def test_unanswered_questions_are_kept_only_where_that_is_on_and_without_who_asked(desks: Desks) -> None:
    await desks.one.slash_by(desks.one.member, "ask", question=STRANGE)
    assert "keeps no unanswered questions" in text_of(await review(desks.one, "questions"))
    await desks.one.slash("settings unanswered", keep=True)
    assert "No question" in text_of(await review(desks.one, "questions"))
    for question in (STRANGE, STRANGE.upper(), QUESTION, "thanks"):
        await desks.one.slash_by(desks.one.member, "ask", question=question)
    shown = await review(desks.one, "questions")
    text = text_of(shown)
    assert f"{STRANGE.upper()} · 2 times" in text
    assert QUESTION not in text
    assert str(desks.one.member.id) not in text
    assert "keeps no unanswered questions" in text_of(await review(desks.other, "questions"))
    assert "2 questions deleted" in text_of(await pressed(desks.one, shown, "Delete them"))


async def test_switching_it_off_deletes_what_was_kept(desks: Desks) -> None:
    await desks.one.slash("settings unanswered", keep=True)
    await desks.one.slash_by(desks.one.member, "ask", question=STRANGE)
    await desks.one.slash("settings unanswered", keep=False)
    assert desks.room.unanswered.of(CollectionId(desks.one.guild.id)) == ()


async def test_in_direct_messages_nobody_is_there_to_tell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with in_server(monkeypatch, tmp_path) as opened:
        opened.newsroom.importer.add(BRIDGE, SHARED)
        answered = await opened.command("ask", question=QUESTION)
        pressed_there = await opened.press(answered.messages[0], "Wrong?")
        assert said(pressed_there) == messages()["bot.report_not_here"]
        assert private(pressed_there)
