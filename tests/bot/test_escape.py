"""Whatever an article says, Discord shows exactly that, and none of it does anything."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from simcord.preview._markdown import markdown_tokens

from bot.render.escape import block_quote, bold, escaped, plain, showable

ALIVE = st.sampled_from(
    [
        "@everyone", "@here", "<@17>", "<@!17>", "<@&17>", "<#17>", "</ask:17>", "<t:0:R>", "<:kirby:17>", "<a:k:17>",
        "<id:browse>", "https://example.org/a_b_c", "<https://example.org>", "[label](https://example.org)", ":smile:",
        "**", "__", "~~", "||", "`", "```\n", "# ", "## ", "- ", "* ", "+ ", "1. ", "-# ", "> ", ">>> ", "\\", "\n",
        "===\n", "---\n", "&lt;", "\u202e", "\u2066", "\x00", "\x1b[31m", "\u2028", "word ", "“Yes.” ", "é", "名前",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(ALIVE, max_size=30).map("".join))


def displayed(markdown: str) -> str:
    """What Discord shows of markdown in which every special character is escaped: its rule for escapes, undone."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown)


def syntax_left(markdown: str) -> str:
    """The markdown without its escaped characters: whatever syntax is in here is alive."""
    return re.sub(r"\\[^0-9A-Za-z\s]", "x", markdown)


@given(TEXTS)
def test_escaped_text_is_shown_as_it_was(text: str) -> None:
    assert displayed(escaped(text)) == showable(text)


@given(TEXTS)
def test_nothing_in_escaped_text_is_alive(text: str) -> None:
    left = syntax_left(escaped(text))
    assert not re.search(r"[*_~|`<>\[\]()#@:\\]", left)
    assert not re.search(r"(?m)^[ \t]*([-+=]|\d+\.(\s|$))", left)


@given(TEXTS)
def test_bold_text_is_shown_as_it_was_between_marks(text: str) -> None:
    assert displayed(re.sub(r"(?<!\\)((?:\\\\)*)\*\*", r"\1", bold(text))) == showable(text)


@given(TEXTS)
def test_a_block_quotation_covers_every_line(text: str) -> None:
    assert all(line.startswith("> ") for line in block_quote(escaped(text)).split("\n"))


def parsed(tokens: list[dict[str, Any]]) -> tuple[str, set[str]]:
    """The text that a markdown parser finds in its tokens, and the kinds of tokens it took them for."""
    text, kinds = "", set()
    for token in tokens:
        inner, below = parsed(token.get("children", []))
        kinds |= {token["type"], *below}
        text += "\n" if token["type"] == "break" else token.get("content", "") + inner
    return text, kinds


@given(TEXTS)
def test_a_markdown_parser_finds_the_words_and_no_syntax_but_ours(text: str) -> None:
    found, kinds = parsed(markdown_tokens(block_quote(bold(text)), "embed_description"))
    assert kinds <= {"blockquote", "paragraph", "inline", "text", "break", "strong_open", "strong_close"}
    assert "".join(found.split()) == "".join(showable(text).split())


@given(TEXTS, st.integers(0, 200), st.integers(0, 200))
def test_underlining_within_bold_text_changes_no_word_of_it(text: str, start: int, end: int) -> None:
    found, kinds = parsed(markdown_tokens(block_quote(bold(text, (start, end))), "embed_description"))
    ours = {"strong_open", "strong_close", "u_open", "u_close"}
    assert kinds <= {"blockquote", "paragraph", "inline", "text", "break", *ours}
    assert "".join(found.split()) == "".join(showable(text).split())


def test_the_answer_is_underlined_and_its_own_marks_are_escaped() -> None:
    assert bold("It cost $4_5 in all.", (8, 12)) == r"**It cost __$4\_5__ in all.**"
    assert bold("One\ntwo", (1, 5)) == "**One**\n**two**"


@given(TEXTS)
def test_plain_text_is_one_line_without_control_characters(text: str) -> None:
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", plain(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@everyone", r"\@everyone"),
        ("<@17> <#17>", r"\<\@17\> \<\#17\>"),
        ("https://a.org", r"https\://a.org"),
        ("1. one\n- two\n# three", "1\\. one\n\\- two\n\\# three"),
        ("¯\\_(ツ)_/¯", r"¯\\\_\(ツ\)\_/¯"),
        ("left \u202eright", "left right"),
        ("well-known, 3.3B", "well-known, 3.3B"),
        ("Discord.gg/abc and discordapp.com/invite/abc", r"Discord\.gg/abc and discordapp\.com/invite/abc"),
        ("discord.com said", "discord.com said"),
    ],
)
def test_known_cases(text: str, expected: str) -> None:
    assert escaped(text) == expected
