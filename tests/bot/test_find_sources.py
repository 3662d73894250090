"""*Find sources* on a message, as a member uses it: passages or none, privately, and nothing is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.message_text import words_of
from tests.bot.conftest import labels_of, text_of

if TYPE_CHECKING:
    from simcord.results import InteractionResult

    from tests.bot.conftest import Stage

SAID = "Did you read why the Israeli delegation was cancelled on Monday?"
OTHER = "Croissants from Elm Street taste wonderful."


async def find(stage: Stage, text: str) -> InteractionResult:
    return await stage.other.context_menu(stage.channel, "Find sources", await stage.asker.send(stage.channel, text))


async def test_passages_that_bear_on_a_message_are_shown_to_the_member_alone(stage: Stage) -> None:
    shown = await find(stage, f"{SAID} {OTHER}")
    assert shown.response is not None
    assert shown.response.ephemeral
    text = text_of(shown)
    assert "I do not judge" in text
    assert f"has nothing: “{OTHER}”" in text
    assert SAID in text
    assert "The Hill" in text
    assert labels_of(shown) == ["Share", "In context", "Wrong?"]
    assert not stage.newsroom.remembered.kept


async def test_where_nothing_bears_on_it_that_is_said_with_what_was_searched(stage: Stage) -> None:
    text = text_of(await find(stage, OTHER))
    assert text.startswith("The archive holds no passage that bears on this message.")
    assert "1 article" in text


async def test_a_message_without_words_gets_a_kind_sentence(stage: Stage) -> None:
    shown = await find(stage, "<:wave:123456789012345678> https://courier.example/story <@123456789012345678>")
    assert "has no words of its own" in text_of(shown)
    answered = await stage.ask()
    assert answered.response is not None
    again = await stage.other.context_menu(stage.channel, "Find sources", answered.response)
    assert "has no words of its own" in text_of(again)


async def test_a_message_of_emoji_is_no_question_and_costs_no_waiting_time(stage: Stage) -> None:
    assert "word" in text_of(await find(stage, "🙂🙂"))
    assert "I do not judge" in text_of(await find(stage, SAID))


async def test_a_forwarded_message_is_read(stage: Stage) -> None:
    message = await stage.asker.send(stage.channel, SAID)
    forwarded = await stage.asker.forward(message, stage.channel)
    assert SAID in text_of(await stage.other.context_menu(stage.channel, "Find sources", forwarded))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("> # **Bold** claim about `x_y` by <@!12> at <t:17:R> </ask:12>", "Bold claim about x_y by   at"),
        ("see <https://a.example/b_c> and https://a.example/d\n- one\n- two", "see   and  \none\ntwo"),
        ("5 * 3 _is_ ||fifteen|| <a:yes:123>", "5  3 is fifteen"),
        ('a [**plain** word](https://evil.example/a_(b) "title") [and](<https://evil.example>)', "a plain word and"),
        (
            "@everyone ~~old~~ ~50 in Gaza|Israel, a@here.example",
            "old ~50 in Gaza|Israel, a@here.example",
        ),
        ("", ""),
    ],
)
def test_markup_is_no_word(content: str, words: str) -> None:
    assert words_of(content) == words


@pytest.mark.parametrize(
    "mark",
    [
        "<",
        ">",
        "*",
        "_",
        "<@",
        "</",
        "https://",
        "<:",
        "> ",
        "- ",
        "\n#",
        "[",
        "[a](https://",
        "[a](https://a(",
        "@here",
    ],
)
def test_markup_is_read_in_time_that_grows_with_it(mark: str) -> None:
    assert words_of(mark * 4_000) is not None
