"""Follow-ups as a member asks them: what the last answer was about is remembered for ten minutes, for them, there."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from unittest.mock import Mock

from bot.brief_memory import ANSWER_SECONDS, MOST, BriefMemory, FollowUp, LastAnswer
from retrieval.domain.ids import PassageId
from retrieval.domain.scope import Scope
from retrieval.errors import ArchiveLocked
from tests.bot.conftest import labels_of, new_bot, text_of
from tests.bot.fakes import FOLLOW_UP, SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager

    import pytest
    from simcord.actors import MemberActor
    from simcord.results import InteractionResult

    from tests.bot.conftest import Stage

    Staged = Callable[..., AbstractAsyncContextManager[Stage]]

ADA = LastAnswer(7, PassageId(3))
ABOUT = f"{FOLLOW_UP} · About: {SOURCE.title}"


async def test_a_follow_up_says_which_article_it_is_about(stage: Stage) -> None:
    await stage.ask()
    answered = await stage.ask(FOLLOW_UP)
    assert text_of(answered).startswith(ABOUT)
    assert labels_of(answered)[0] == "Not about this"


async def test_a_follow_up_can_be_asked_again_without_the_article(stage: Stage) -> None:
    await stage.ask()
    answered = await stage.ask(FOLLOW_UP)
    assert answered.response is not None
    await stage.asker.click(answered.response, label="Not about this")
    assert "The archive does not hold the answer" in text_of(answered)
    assert "About:" not in text_of(answered)
    assert "About:" not in text_of(await stage.ask(FOLLOW_UP))


async def test_the_last_answer_is_its_askers_and_its_channels_alone(stage: Stage) -> None:
    await stage.ask()
    assert stage.channel.guild is not None
    elsewhere = stage.channel.guild.create_text_channel("sport")
    assert "About:" not in text_of(await stage.other.slash(stage.channel, "ask", question=FOLLOW_UP))
    assert "About:" not in text_of(await stage.asker.slash(elsewhere, "ask", question=FOLLOW_UP))


async def test_somebody_else_cannot_ask_again(stage: Stage) -> None:
    await stage.ask()
    answered = await stage.ask(FOLLOW_UP)
    assert answered.response is not None
    assert "somebody else's" in text_of(await stage.other.click(answered.response, label="Not about this"))
    assert text_of(answered).startswith(ABOUT)


async def test_after_a_restart_nothing_is_remembered_and_the_button_says_so(stage: Stage) -> None:
    await stage.ask()
    answered = await stage.ask(FOLLOW_UP)
    await stage.bot.close()
    await stage.env.restart_bot(new_bot(stage.newsroom))
    assert answered.response is not None
    pressed = await stage.asker.click(answered.response, label="Not about this")
    assert text_of(pressed) == "I no longer remember this question. Please ask again with /ask."
    assert "About:" not in text_of(await stage.ask(FOLLOW_UP))


async def test_after_a_question_without_an_answer_nothing_is_carried_on(stage: Stage) -> None:
    await stage.ask()
    await stage.ask("does the moon sing")
    assert "About:" not in text_of(await stage.ask(FOLLOW_UP))


async def test_a_deleted_answer_has_no_follow_up(stage: Stage) -> None:
    answered = await stage.ask()
    assert answered.response is not None
    await stage.asker.click(answered.response, label="Delete")
    assert "About:" not in text_of(await stage.ask(FOLLOW_UP))


async def test_the_last_answer_is_what_it_was_when_an_earlier_one_is_deleted(stage: Stage) -> None:
    earlier = await stage.ask()
    nothing = await stage.ask("does the moon sing")
    await stage.ask()
    for deleted in (earlier, nothing):
        assert deleted.response is not None
        await stage.asker.click(deleted.response, label="Delete")
    assert "About:" in text_of(await stage.ask(FOLLOW_UP))


async def test_a_follow_up_that_cannot_be_asked_alone_now_costs_and_forgets_nothing(staged: Staged) -> None:
    async with staged(cooldown_seconds=5.0, live=True) as stage:
        service = stage.bot.service
        await stage.ask()
        service.cooldown._ready.clear()
        answered = await stage.ask(FOLLOW_UP)
        service.cooldown._ready.clear()
        stage.newsroom.failure = ArchiveLocked("locked")
        assert answered.response is not None
        await stage.asker.click(answered.response, label="Not about this")
        stage.newsroom.failure = None
        assert text_of(await stage.ask(FOLLOW_UP)).startswith(ABOUT)


async def test_what_is_kept_is_said_and_forgotten_with_the_member(stage: Stage) -> None:
    stage.newsroom.collections = Mock()
    await stage.ask()
    told = await stage.asker.slash(stage.channel, "privacy")
    assert "For ten minutes, in memory only: which passage answered you last in a channel" in text_of(told)
    assert told.response is not None
    sure = await stage.asker.click(told.response, label="Forget me")
    assert sure.response is not None
    await stage.asker.click(sure.response, label="Forget me")
    assert "About:" not in text_of(await stage.ask(FOLLOW_UP))


async def asked_about(who: MemberActor, answered: InteractionResult, question: str) -> InteractionResult:
    """What comes of a question that a member types into the form of the button."""
    assert answered.response is not None
    pressed = await who.click(answered.response, label="Ask about this article")
    return await who.submit_modal(pressed, {"question": question})


async def test_a_question_in_a_form_that_came_too_soon_is_not_lost(staged: Staged) -> None:
    async with staged(cooldown_seconds=600) as stage:
        refused = await asked_about(stage.asker, await stage.ask(), "what *next*?")
        assert refused.ephemeral
        assert re.fullmatch(r"One question .* <t:\d+:R>\.\n> what \\\*next\\\*\?", text_of(refused))


async def test_anybody_can_ask_about_the_article_of_an_answer(stage: Stage) -> None:
    answered = await stage.ask()
    asked = await asked_about(stage.other, answered, "what next")
    assert not asked.ephemeral
    assert text_of(asked).startswith(f"what next · About: {SOURCE.title}")
    marked = await asked_about(stage.other, answered, "what **next** https://evil.example <@1>")
    assert text_of(marked) == text_of(asked)
    assert text_of(await stage.other.slash(stage.channel, "ask", question=FOLLOW_UP)).startswith(ABOUT)


async def test_the_button_of_the_article_outlives_a_restart_and_its_form_takes_questions_alone(stage: Stage) -> None:
    answered = await stage.ask()
    await stage.bot.close()
    await stage.env.restart_bot(new_bot(stage.newsroom))
    assert "Please ask with words" in text_of(await asked_about(stage.asker, answered, "?!"))
    assert "About:" in text_of(await asked_about(stage.asker, answered, "why?"))


async def test_an_unforeseen_error_closes_the_form(staged: Staged, monkeypatch: pytest.MonkeyPatch) -> None:
    async with staged(check_errors=False) as stage:
        answered = await stage.ask()
        assert answered.response is not None
        pressed = await stage.asker.click(answered.response, label="Ask about this article")
        monkeypatch.setattr(stage.newsroom, "clean_question", Mock(side_effect=RuntimeError("a bug")))
        told = await stage.asker.submit_modal(pressed, {"question": "why?"})
        assert "tell the operator this" in text_of(told)
        assert not stage.bot.service.forms._open
        assert not stage.bot._connection._view_store._modals


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_last_answer_is_kept_for_ten_minutes() -> None:
    clock = Clock()
    kept = BriefMemory[LastAnswer](ANSWER_SECONDS, now=clock)
    kept.keep(1, 2, ADA)
    clock.now = 599.0
    assert kept.recall(1, 2) == ADA
    clock.now = 601.0
    assert kept.recall(1, 2) is None


def test_no_more_than_a_thousand_are_kept_whoever_writes_at_once() -> None:
    kept = BriefMemory[LastAnswer](ANSWER_SECONDS)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda member: kept.keep(member, 1, ADA), range(3 * MOST)))
    assert sum(kept.recall(member, 1) is not None for member in range(3 * MOST)) == MOST


def test_a_member_is_forgotten_and_nobody_else() -> None:
    kept = BriefMemory[FollowUp](ANSWER_SECONDS)
    for member in (1, 2):
        kept.keep(member, 7, FollowUp(Scope(), "why?"))
    kept.forget(1)
    assert kept.recall(1, 7) is None
    assert kept.recall(2, 7) is not None
