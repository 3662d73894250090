"""What the bot says of feeds, as pure functions: within every limit of Discord, nothing from outside alive in it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from hypothesis import example, given
from hypothesis import strategies as st

from bot.refusals import Refused
from bot.render import feeds, limits
from bot.render.escape import showable
from retrieval.domain.announcements import News
from retrieval.domain.articles import Notice, Source, Span
from retrieval.domain.feeds import FeedAdded, FeedFilters, FeedHealth, FeedTrial, WordFilter
from retrieval.domain.ids import ArticleId, ArticleNumber, ChannelId, FeedId, QuotationId, SpeakerId
from retrieval.domain.quotations import Attribution, CitedQuotation, Quotation, QuotationKind, Speaker
from retrieval.errors import messages
from tests.bot.discord_rules import broken
from tests.bot.test_escape import TEXTS, displayed, syntax_left

if TYPE_CHECKING:
    from bot.render.reply import Reply

NOW = datetime(2026, 3, 25, 12, tzinfo=UTC)
LONG = st.one_of(TEXTS, st.text(min_size=900, max_size=3000))
MOMENTS = st.none() | st.just(NOW)
WORDS = st.builds(WordFilter, *[st.lists(TEXTS.map(lambda text: text[:60]), max_size=20).map(tuple)] * 2)
HEALTH = st.builds(
    FeedHealth,
    id=st.integers(1, 9).map(FeedId),
    url=LONG,
    title=st.none() | LONG,
    channel=st.none() | st.integers(1, 2**63 - 1).map(ChannelId),
    articles=st.integers(0, 10**7),
    due_at=st.just(NOW),
    answered_at=MOMENTS,
    failing_since=MOMENTS,
    last_error=st.none() | LONG,
    stopped_at=MOMENTS,
    filters=st.builds(FeedFilters, WORDS, WORDS),
)


@st.composite
def quotations(draw: st.DrawFn) -> CitedQuotation:
    words, name = draw(LONG.filter(str.strip)), draw(LONG)
    span = Span(0, len(words))
    speaker = Speaker(SpeakerId(1), name, draw(st.none() | LONG))
    quotation = Quotation(
        QuotationId(1), ArticleId(1), span, span, QuotationKind.DIRECT, Attribution.NAMED, 0.9, (speaker,)
    )
    return CitedQuotation(quotation, Source("Title"), words, words)


NEWS = st.builds(
    News,
    heading=LONG,
    number=st.just(ArticleNumber(10**9 - 1)),
    source=st.builds(
        Source, title=LONG, publisher=st.none() | LONG, url=st.sampled_from([None, "https://a.example/1", "file:///x"])
    ),
    quotation=st.none() | quotations(),
)


def assert_fits(reply: Reply) -> None:
    assert broken(reply) == []
    assert len(reply.content or "") <= limits.CONTENT
    assert all(len(control.custom_id) <= limits.CUSTOM_ID for control in reply.controls)


def alive(markdown: str) -> str:
    """What syntax is left besides the bot's own: channels, times, bold names, and the marks before a quotation."""
    own = re.sub(r"<#\d+>|<t:\d+:[DR]>|\*\*|(?m:^> )", "", syntax_left(markdown))
    return "".join(re.findall(r"[<>@`|\[\]]", own))


@given(st.lists(HEALTH, max_size=12), st.integers(0, 4))
def test_a_list_of_feeds_fits_and_nothing_in_it_is_alive(followed: list[FeedHealth], page: int) -> None:
    troubles = {
        FeedId(1): messages()["bot.channel_gone"],
        FeedId(2): str(Refused("bot.may_not_write", channel=f"<#{2**63 - 1}>")),
    }
    reply = feeds.listing(followed, troubles, asker=2**63, page=page)
    assert_fits(reply)
    for embed in reply.embeds:
        assert alive(embed.description or "") == ""


@given(feed=HEALTH, others=st.lists(LONG, max_size=10).map(tuple), known=st.booleans())
def test_what_is_said_of_one_feed_fits_and_nothing_in_it_is_alive(
    feed: FeedHealth, others: tuple[str, ...], *, known: bool
) -> None:
    for reply in (
        feeds.added(FeedAdded(feed, known, 25, others)),
        feeds.removed(feed),
        feeds.failing(feed),
        feeds.filtered(feed),
    ):
        assert_fits(reply)
        assert reply.content
        assert alive(reply.content) == ""


@given(st.lists(NEWS, min_size=1, max_size=9))
def test_news_fits_and_quotes_word_for_word_or_not_at_all(items: list[News]) -> None:
    reply = feeds.news(items)
    assert_fits(reply)
    assert len(reply.embeds) == min(len(items), feeds.MOST_CARDS)
    for item, embed in zip(items, reply.embeds, strict=False):
        text = embed.description or ""
        assert alive(text) == ""
        assert embed.url is None or embed.url.startswith("https://a.example/1")
        if item.quotation is not None and "> “" in text:
            quoted = "\n".join(line[2:] for line in text.split("\n") if line.startswith("> "))
            assert displayed(quoted) == f"“{showable(item.quotation.words.strip())}”"


@given(NEWS, st.booleans(), st.booleans())
def test_a_trial_looks_like_the_news_without_a_number(item: News, read: bool, announced: bool) -> None:  # noqa: FBT001
    reply = feeds.trial(FeedTrial(item.heading, item.source, item.quotation, read, announced))
    assert_fits(reply)
    (tried,), (told,) = reply.embeds, feeds.news([item]).embeds
    assert (tried.title, tried.url, tried.description) == (told.title, told.url, told.description)
    assert "article" not in (tried.footer.text or "").replace(limits.cut(item.heading, 60), "")


@given(NEWS)
def test_a_trial_says_that_a_text_may_not_be_whole(item: News) -> None:
    reply = feeds.trial(FeedTrial(item.heading, item.source, item.quotation, partial=True))
    assert_fits(reply)
    assert reply.content is not None
    assert reply.content.endswith("may not be the whole article: the page has more text than could be told apart.")


def test_the_longest_news_fits() -> None:
    words, name = "*" * 245, "*" * 3000
    span = Span(0, len(words))
    speaker = Speaker(SpeakerId(1), name, name)
    quotation = Quotation(
        QuotationId(1), ArticleId(1), span, span, QuotationKind.DIRECT, Attribution.NAMED, 0.9, (speaker,)
    )
    source = Source(name, name, url="https://a.example/1", published_at=NOW, updated_at=NOW, notice=Notice.RETRACTED)
    cited = CitedQuotation(quotation, source, words, words)
    item = News(name, ArticleNumber(1), source, cited)
    reply = feeds.news([item] * 9)
    assert_fits(reply)
    assert all("> “" in (embed.description or "") for embed in reply.embeds)


def test_news_says_rank_name_and_role_of_whoever_is_quoted() -> None:
    span = Span(0, 9)
    speaker = Speaker(SpeakerId(1), "Pat Ryder", "press secretary", rank="Maj. Gen.")
    quotation = Quotation(
        QuotationId(1), ArticleId(1), span, span, QuotationKind.DIRECT, Attribution.NAMED, 0.9, (speaker,)
    )
    cited = CitedQuotation(quotation, Source("Title"), "It rains.", "It rains.")
    [embed] = feeds.news([News("f", ArticleNumber(1), Source("Title"), cited)]).embeds
    assert (embed.description or "").endswith("\nMaj. Gen. Pat Ryder, press secretary")


@given(HEALTH)
@example(FeedHealth(FeedId(1), "https://a.org/feed", "\u202e", None, 0, NOW))
def test_a_choice_fits_and_is_not_empty(feed: FeedHealth) -> None:
    assert 0 < len(feeds.choice(feed)) <= limits.CHOICE
