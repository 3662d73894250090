"""The buttons under an answer: whose they are, and that they outlive a restart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from retrieval.domain.ids import SHARED
from tests.bot.conftest import labels_of, new_bot, text_of

if TYPE_CHECKING:
    from tests.bot.conftest import Stage


async def test_more_passages_are_shown_below_the_answer(stage: Stage) -> None:
    answered = await stage.ask()
    assert answered.response is not None
    first = answered.response.embeds[0].description
    await stage.asker.click(answered.response, label="More passages")
    embeds = answered.response.embeds
    assert embeds[0].description == first
    assert [embed.footer.text for embed in embeds[1:]] == [f"Passage {n} of 8 · same article" for n in (2, 3, 4)]
    assert labels_of(answered) == ["Back", "More passages", "Ask about this article", "Delete", "menu"]


async def test_the_pages_end_and_lead_back(stage: Stage) -> None:
    answered = await stage.ask()
    assert answered.response is not None
    for _ in range(3):
        await stage.asker.click(answered.response, label="More passages")
    assert labels_of(answered) == ["Back", "Ask about this article", "Delete", "menu"]
    assert answered.response.embeds[-1].footer.text == "Passage 8 of 8 · same article"
    for _ in range(3):
        await stage.asker.click(answered.response, label="Back")
    assert len(answered.response.embeds) == 1


async def test_buttons_outlive_a_restart(stage: Stage) -> None:
    stage.newsroom.copies = 4
    answered = await stage.ask()
    quoted = await stage.quote("Kirby")
    await stage.bot.close()
    await stage.env.restart_bot(new_bot(stage.newsroom))
    assert answered.response is not None
    assert quoted.response is not None
    await stage.asker.click(answered.response, label="More passages")
    assert len(answered.response.embeds) == 4
    await stage.asker.click(quoted.response, label="More quotations")
    assert "Quotations 6 to 10 of 12" in text_of(quoted)


async def test_narrowed_quotations_stay_narrowed_after_a_restart(stage: Stage) -> None:
    stage.newsroom.copies = 4
    quoted = await stage.quote("Kirby", about="a perception of daylight")
    await stage.bot.close()
    await stage.env.restart_bot(new_bot(stage.newsroom))
    assert quoted.response is not None
    await stage.asker.click(quoted.response, label="More quotations")
    said = text_of(quoted)
    assert said.startswith("About “a perception of daylight”, the nearest first (16 others left out):")
    assert "Quotations 6 to 8 of 8" in said
    assert labels_of(quoted) == ["Back", "Delete", "menu"]


async def test_quotations_whose_topic_was_forgotten_stay_as_they_are(stage: Stage) -> None:
    stage.newsroom.copies = 4
    quoted = await stage.quote("Kirby", about="a perception of daylight")
    stage.newsroom.remembered.kept.clear()
    assert quoted.response is not None
    pressed = await stage.asker.click(quoted.response, label="More quotations")
    assert "no longer remember what these quotations are about" in text_of(pressed)
    assert "Quotations 1 to 5 of 8" in str(quoted.response.embeds[-1].footer.text)


async def test_somebody_else_is_shown_the_passages_privately_and_pages_on_alone(stage: Stage) -> None:
    answered = await stage.ask()
    assert answered.response is not None
    peeked = await stage.other.click(answered.response, label="More passages")
    assert peeked.ephemeral
    assert len(answered.response.embeds) == 1
    assert peeked.response is not None
    assert peeked.response.embeds[0].footer.text == "Passage 2 of 8"
    assert labels_of(peeked) == ["Back", "More passages", "menu"]
    await stage.other.click(peeked.response, label="More passages")
    assert peeked.response.embeds[0].footer.text == "Passage 5 of 8"
    assert labels_of(peeked) == ["Back", "More passages", "menu"]


async def test_somebody_else_is_shown_quotations_privately(stage: Stage) -> None:
    stage.newsroom.copies = 4
    quoted = await stage.quote("Kirby")
    assert quoted.response is not None
    peeked = await stage.other.click(quoted.response, label="More quotations")
    assert peeked.ephemeral
    assert "Quotations 6 to 10 of 12" in text_of(peeked)
    assert "Quotations 1 to 5 of 12" in text_of(quoted)


async def test_unnamed_sources_are_paged_after_a_restart_and_nobody_is_named(stage: Stage) -> None:
    quoted = await stage.quote("official")
    assert quoted.response is not None
    assert "Quotations 1 to 5 of 12" in text_of(quoted)
    await stage.bot.close()
    await stage.env.restart_bot(new_bot(stage.newsroom))
    peeked = await stage.other.click(quoted.response, label="More quotations")
    assert labels_of(peeked) == ["Back", "More quotations", "menu"]
    await stage.asker.click(quoted.response, label="More quotations")
    assert "Quotations 6 to 10 of 12" in text_of(quoted)
    assert "Kirby" not in str(quoted.response.embeds[0].author.name)
    assert labels_of(quoted) == ["Back", "More quotations", "Delete", "menu"]
    stage.newsroom.remembered.kept.clear()
    pressed = await stage.asker.click(quoted.response, label="More quotations")
    assert "no longer remember" in text_of(pressed)


async def test_the_asker_deletes_the_answer(stage: Stage) -> None:
    answered = await stage.ask()
    assert answered.response is not None
    await stage.asker.click(answered.response, label="Delete")
    assert answered.response is None


async def test_a_moderator_deletes_the_answer(stage: Stage) -> None:
    answered = await stage.ask()
    assert answered.response is not None
    await stage.owner.click(answered.response, label="Delete")
    assert answered.response is None


async def test_nobody_else_deletes_the_answer(stage: Stage) -> None:
    answered = await stage.ask()
    assert answered.response is not None
    refused = await stage.other.click(answered.response, label="Delete")
    assert refused.ephemeral
    assert "Only whoever asked" in text_of(refused)
    assert answered.response is not None


async def test_a_forgotten_answer_stays_as_it_is_and_says_so(stage: Stage) -> None:
    answered = await stage.ask()
    assert answered.response is not None
    stage.newsroom.remembered.kept.clear()
    pressed = await stage.asker.click(answered.response, label="More passages")
    assert "no longer remember" in text_of(pressed)
    assert len(answered.response.embeds) == 1


async def test_answers_are_forgotten_after_thirty_days(stage: Stage) -> None:
    kept = stage.newsroom.remembered.kept
    kept[SHARED, "answer", 1] = ("{}", 9, datetime.now(UTC) - timedelta(days=31))
    kept[SHARED, "answer", 2] = ("{}", 9, datetime.now(UTC) - timedelta(days=29))
    kept[SHARED, "list", 1] = ("{}", 9, datetime.now(UTC) - timedelta(days=31))
    await stage.bot.close()
    await stage.env.restart_bot(new_bot(stage.newsroom))
    await stage.env.settle()
    assert kept.keys() == {(SHARED, "answer", 2)}


async def test_a_bug_behind_a_button_is_told_with_a_reference(stage: Stage) -> None:
    answered = await stage.ask()
    assert answered.response is not None
    stage.newsroom.failure = RuntimeError("a bug")
    pressed = await stage.asker.click(answered.response, label="More passages")
    assert "tell the operator this" in text_of(pressed)
