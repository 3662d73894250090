"""Who is quoted, in one line; and quotations in their whole paragraphs: every word of them, within Discord's limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.autocomplete import picked_speaker, speaker_choices
from bot.render import passages, people, quotations
from retrieval.domain.articles import Notice, Source, Span
from retrieval.domain.ids import ArticleId, QuotationId, SpeakerId
from retrieval.domain.quotations import (
    Attribution,
    CitedQuotation,
    Quotation,
    QuotationKind,
    QuotationsFound,
    RoleHeld,
    Speaker,
    SpeakerEntry,
)
from tests.bot.discord_rules import broken
from tests.bot.fakes import KIRBY, FakeNewsroom

if TYPE_CHECKING:
    from bot.render.reply import Reply

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
    assert people.name_with_roles(speaker) == line


def test_namesakes_are_told_apart_by_their_roles_where_they_are_offered() -> None:
    two = [Speaker(SpeakerId(n), "John Smith", role) for n, role in ((1, "striker"), (2, "police chief"))]
    offered = speaker_choices([*(SpeakerEntry(one, 2) for one in two), SpeakerEntry(KIRBY, 7)])
    assert [choice.name for choice in offered] == [
        "John Smith, striker (2)",
        "John Smith, police chief (2)",
        "John Kirby (7)",
    ]
    assert [picked_speaker(choice.value) for choice in offered] == [1, 2, KIRBY.id]
    assert picked_speaker("John Smith") is None


def test_who_passed_the_words_on_is_said() -> None:
    cited = FakeNewsroom().found(KIRBY)
    result = QuotationsFound(KIRBY, (replace(cited.quotations[2], via="The *Wire*"),))
    assert "*Via The \\*Wire\\**" in str(quotations.listing(result, asker=1).embeds[0].description)


# However much there is

SPECIAL = st.text(st.sampled_from("aA1 .-*_:\n\r\x00“”é"), max_size=1200)
LONGEST_SOURCE = Source(
    "T" * 300, "P" * 120, published_at=NOW.replace(hour=5), updated_at=NOW.replace(day=9), notice=Notice.RETRACTED
)


def quoted(text: str, spans: list[Span], kind: QuotationKind, *, articles: int = 1) -> QuotationsFound:
    """Quotations of one sentence that is a paragraph, as widely dressed as can be."""
    names = tuple(Speaker(SpeakerId(n), "B" * 120, "the office " * 30, rank="Gen.") for n in range(1, 5))
    cited = [
        CitedQuotation(
            Quotation(QuotationId(number), ArticleId(article), span, Span(0, len(text)), kind,
                      Attribution.CONTINUATION, 0.5, names),
            LONGEST_SOURCE, span.of(text), text, via="V" * 120, paragraph=text,
        )
        for article in range(articles) for number, span in enumerate(spans)
    ]  # fmt: skip
    return QuotationsFound(names[0], tuple(cited))


def every_page(result: QuotationsFound) -> list[Reply]:
    """All pages of the quotations."""
    return [quotations.listing(result, asker=1, page=page) for page in range(len(quotations.pages(result.quotations)))]


@given(SPECIAL.filter(bool), st.sampled_from(QuotationKind), st.lists(st.integers(0, 1199), max_size=9))
def test_no_page_is_longer_than_discord_takes(text: str, kind: QuotationKind, edges: list[int]) -> None:
    inner = sorted({0, len(text), *(edge for edge in edges if edge < len(text))})
    spans = [Span(start, end) for start, end in pairwise(inner)]
    for reply in every_page(quoted(text, spans, kind, articles=3)):
        assert broken(reply) == []


@pytest.mark.parametrize("kind", QuotationKind)
@pytest.mark.parametrize("length", [1, 2, 200, 474, 899, 4000])
def test_the_longest_pages_are_not_longer_than_discord_takes(kind: QuotationKind, length: int) -> None:
    text = ("We will vote on it now. " * 200)[:length]
    for reply in every_page(quoted(text, [Span(0, length)], kind, articles=12)):
        assert broken(reply) == []


def test_hundreds_of_quotations_of_one_long_sentence_are_all_shown() -> None:
    text = "".join(f"“w{number}”, " for number in range(300))
    starts = [text.index(f"w{number}”") for number in range(300)]
    result = quoted(text, [Span(start, text.index("”", start)) for start in starts], QuotationKind.MIXED)
    pages = every_page(result)
    assert all(broken(reply) == [] for reply in pages)
    text = "".join(str(embed.description) for reply in pages for embed in reply.embeds)
    assert [number for number in range(300) if f"**w{number}**" not in text] == []


@pytest.mark.parametrize("kind", QuotationKind)
def test_what_is_dressed_does_not_grow_with_the_text(kind: QuotationKind, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each run that may fit is measured as markdown, and a run of what is longer is not."""
    dressed: list[int] = []
    dress = passages._in_bold

    def measured(text: str) -> str:
        dressed.append(len(text))
        return dress(text)

    monkeypatch.setattr(passages, "_in_bold", measured)
    amounts = []
    for sentences in (1000, 4000):
        text = "It is so. " * sentences
        dressed.clear()
        every_page(quoted(text, [Span(10 * (sentences // 2), 10 * (sentences // 2) + 9)], kind))
        every_page(quoted(text, [Span(0, len(text))], kind))
        amounts.append(sum(dressed))
    assert amounts[0] > 0
    assert amounts[1] <= amounts[0] * 1.2


@pytest.mark.parametrize("kind", QuotationKind)
def test_only_the_page_that_is_shown_is_rendered(kind: QuotationKind, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def noted(text: str) -> str:
        made.append(text)
        return text

    monkeypatch.setattr(quotations, "block_quote", noted)
    amounts = []
    for articles in (50, 200):
        result = quoted("It is so, they say.", [Span(0, 9)], kind, articles=articles)
        made.clear()
        quotations.listing(result, asker=1, page=2)
        amounts.append(len(made))
    assert amounts == [amounts[0]] * 2
    assert 0 < amounts[0] <= 5
