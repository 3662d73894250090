"""Who is quoted, in one line; and quotations in their whole paragraphs: every word of them, within Discord's limits."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.picking import choices, picked
from bot.render import limits, paragraphs, people, quotations
from retrieval.domain.ids import SpeakerId
from retrieval.domain.quotations import QuotationsFound, RoleHeld, Speaker, SpeakerEntry
from tests.bot.discord_rules import broken
from tests.bot.fakes import KIRBY, FakeNewsroom
from tests.bot.test_escape import shown

THEN, NOW = datetime(2022, 5, 1, tzinfo=UTC), datetime(2024, 5, 1, tzinfo=UTC)
RYDER = Speaker(SpeakerId(1), "Pat Ryder", "Pentagon press secretary", rank="Maj. Gen.")


@pytest.mark.parametrize(
    ("speaker", "line"),
    [
        (RYDER, "Maj. Gen. Pat Ryder, Pentagon press secretary"),
        (Speaker(SpeakerId(1), "Ann Lee", "Sen."), "Sen. Ann Lee"),
        (Speaker(SpeakerId(1), "Ann Lee"), "Ann Lee"),
        (
            replace(RYDER, roles=(RoleHeld("colonel", THEN, THEN), RoleHeld("Pentagon press secretary", THEN, NOW))),
            "Maj. Gen. Pat Ryder: colonel (2022), Pentagon press secretary (2022–2024)",
        ),
        (
            replace(RYDER, roles=(RoleHeld("colonel", NOW, NOW), RoleHeld("Pentagon press secretary", NOW, NOW))),
            "Maj. Gen. Pat Ryder, Pentagon press secretary",
        ),
    ],
)
def test_a_head_tells_rank_name_and_the_roles_that_changed(speaker: Speaker, line: str) -> None:
    assert people.head(speaker) == line


def test_namesakes_are_told_apart_by_their_roles_where_they_are_offered() -> None:
    two = [Speaker(SpeakerId(n), "John Smith", role) for n, role in ((1, "striker"), (2, "police chief"))]
    offered = choices([*(SpeakerEntry(one, 2) for one in two), SpeakerEntry(KIRBY, 7)])
    assert [choice.name for choice in offered] == [
        "John Smith, striker (2)",
        "John Smith, police chief (2)",
        "John Kirby (7)",
    ]
    assert [picked(choice.value) for choice in offered] == [1, 2, KIRBY.id]
    assert picked("John Smith") is None


def test_who_passed_the_words_on_is_said() -> None:
    found = FakeNewsroom().found(KIRBY)
    told = QuotationsFound(KIRBY, (replace(found.quotations[2], via="The *Wire*"),))
    assert "*Named in the sentence, via The \\*Wire\\**" in str(quotations.found(told, asker=1).embeds[0].description)


def whole(body: str, copies: int = 1) -> QuotationsFound:
    """Kirby's quotations, each in the paragraph that its context is in the fake."""
    found = FakeNewsroom(body).found(KIRBY) if body else FakeNewsroom().found(KIRBY)
    quoted = tuple(
        replace(cited, paragraph=cited.context, paragraph_start=cited.quotation.context.start)
        for cited in found.quotations
    )
    return QuotationsFound(KIRBY, quoted * copies)


def test_the_quotations_of_one_paragraph_share_it() -> None:
    reply = paragraphs.whole(whole(""), asker=1, first=0, token=None)
    assert len(reply.embeds) == len({cited.paragraph_start for cited in whole("").quotations})
    assert "“**disappointed**” and “**perplexed**” by Netanyahu" in str(reply.embeds[0].description)


def test_a_paragraph_below_one_of_the_same_article_does_not_repeat_the_headline() -> None:
    embeds = paragraphs.whole(whole(""), asker=1, first=0, token=None).embeds
    assert [embed.title is not None for embed in embeds] == [True, *[False] * (len(embeds) - 1)]
    assert len(embeds) > 1


def test_every_paragraph_is_on_one_page_and_whole() -> None:
    result, seen, first = whole("", copies=3), [], 0
    while True:
        reply = paragraphs.whole(result, asker=1, first=first, token=5)
        assert broken(reply) == []
        for embed in reply.embeds:
            lines = [line[2:] for line in str(embed.description).split("\n") if line.startswith("> ")]
            seen.append(shown("\n".join(lines).replace("**", "")))
        following = [re.fullmatch(paragraphs.TEMPLATE, control.custom_id) for control in reply.controls[-1:]]
        if not reply.controls or reply.controls[-1].label != "Next" or following[0] is None:
            break
        first = int(following[0]["first"])
    expected = [cited.paragraph for n, cited in enumerate(result.quotations)
                if not n or cited.paragraph_start != result.quotations[n - 1].paragraph_start]  # fmt: skip
    assert seen == expected


@given(st.text(max_size=9000), st.integers(0, 9))
def test_any_paragraph_fits(around: str, first: int) -> None:
    words = "These are two leaders who said it”"
    cited = whole("").quotations[2]
    paragraph = f"{around}“{words}{around}"
    start = cited.quotation.content.start - len(around) - 1
    one = replace(cited, paragraph=paragraph, paragraph_start=start)
    reply = paragraphs.whole(QuotationsFound(KIRBY, (one,) * 3), asker=1, first=first, token=None)
    assert broken(reply) == []
    assert 1 <= len(reply.embeds) <= limits.EMBEDS
