"""Messages that ask for no news are told from questions."""

from __future__ import annotations

import pytest

from retrieval.text.questions.small_talk import is_small_talk


@pytest.mark.parametrize(
    "message",
    [
        "hi",
        "Hello!!",
        "hey bot, good morning",
        "thanks",
        "Thank you so much :)",
        "lol",
        "HELP",
        "help me please",
        "how do you work?",
        "who are you",
        "what can you do",
        "how are you doing today",
        "any news?",
        "latest news today",
        "what's up",
        "the",
        "why?",
        "👍",
        "?!…",
        "ok cool",
    ],
)
def test_a_message_of_small_talk(message: str) -> None:
    assert is_small_talk(message)


@pytest.mark.parametrize(
    "message",
    [
        "what did WHO say",
        "help for farmers",
        "who helped the ferry crew",
        "latest on Norholm",
        "earthquake",
        "good friday",
        "thanksgiving",
        "what did the US say",
        "why was the bridge closed today",
        "hello kitty",
        "asdf",
        "七",
    ],
)
def test_a_question_that_looks_like_it(message: str) -> None:
    assert not is_small_talk(message)
