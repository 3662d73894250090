"""What moderators are shown, as pure functions: within every limit of Discord, whatever an article is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks import elsewhere
from bot.guild_settings import MOST_CHANNELS, GuildSettings
from bot.render import articles, limits, notices, servers, sources
from retrieval.domain.articles import (
    AddedArticle,
    Article,
    ArticleEntry,
    ArticlePage,
    ArticleShown,
    Exported,
    Notice,
    Source,
    Version,
)
from retrieval.domain.ids import ArticleId, ArticleNumber, UserId
from retrieval.domain.upkeep import AuditLine, AuditPage, Expiring
from tests.bot.discord_rules import broken
from tests.bot.test_escape import TEXTS

if TYPE_CHECKING:
    from bot.render.reply import Reply

AT = datetime(2024, 3, 25, 14, 5, tzinfo=UTC)
NUMBER = ArticleNumber(10**9 - 1, shared=True)
LARGEST = 2**63 - 1
MOMENTS = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - `timezones` tells
NAMES = st.lists(TEXTS, max_size=30)
SOURCES = st.builds(
    Source,
    title=TEXTS,
    publisher=st.none() | TEXTS,
    authors=NAMES.map(tuple),
    url=st.none() | st.just("https://wire.example/a"),
    published_at=st.none() | MOMENTS,
    updated_at=st.none() | MOMENTS,
    notice=st.none() | st.sampled_from(Notice),
)
ENTRIES = st.builds(
    ArticleEntry,
    id=st.just(ArticleId(LARGEST)),
    number=st.just(NUMBER),
    source=SOURCES,
    added_at=MOMENTS,
    passages=st.integers(0, 10**6),
    quotations=st.integers(0, 10**6),
)


def article(source: Source) -> Article:
    return Article(ArticleId(LARGEST), source, "body", AT)


def assert_fits(reply: Reply) -> None:
    assert broken(reply) == []
    assert len(reply.content or "") <= limits.CONTENT
    assert all(len(control.custom_id) <= limits.CUSTOM_ID for control in reply.controls)
    for embed in reply.embeds:
        assert all(field.name and field.value for field in embed.fields)


@given(source=SOURCES, names=NAMES, known=st.booleans(), replaced=st.booleans())
def test_what_was_understood_of_an_article_fits(
    source: Source, names: list[str], *, known: bool, replaced: bool
) -> None:
    result = AddedArticle(article(source), known, 9999, 9999, NUMBER, tuple(names), replaced, 10**6)
    assert_fits(articles.added(result, asker=LARGEST))


@given(source=SOURCES, names=NAMES, versions=st.lists(st.tuples(TEXTS, MOMENTS), max_size=20), own=st.booleans())
def test_an_article_and_the_question_whether_to_remove_it_fit(
    source: Source, names: list[str], versions: list[tuple[str, datetime]], *, own: bool
) -> None:
    shown = ArticleShown(
        article=article(source),
        number=NUMBER,
        words=10**6,
        passages=999,
        quotations=999,
        speakers=tuple((name, 10**6) for name in names),
        own=own,
        added_at=AT,
        added_by=UserId(LARGEST),
        fetched=True,
        versions=tuple(Version(title, 10**6, AT, AT, when) for title, when in versions),
    )
    assert_fits(articles.details(shown, remover=LARGEST))
    assert_fits(articles.picked((shown,) * 8, asker=LARGEST, token=LARGEST))
    assert_fits(articles.confirm_removal(shown, asker=LARGEST))


@given(entries=st.lists(ENTRIES, max_size=8), number=st.integers(0, 99), search=TEXTS)
def test_every_page_of_a_list_fits(entries: list[ArticleEntry], number: int, search: str) -> None:
    numbers = (replace(NUMBER, number=NUMBER.number - place) for place in range(8))
    entries = [replace(entry, number=each) for entry, each in zip(entries, numbers, strict=False)]
    page = ArticlePage(tuple(entries), number, 10**6 if entries else 0, 8)
    assert_fits(articles.listing(page, asker=LARGEST, token=LARGEST, filters={"search": search[:100]}))
    assert_fits(articles.removed(entries, asker=LARGEST, token=LARGEST))
    assert_fits(articles.brought_back(entries))
    for entry in entries:
        assert 1 <= len(articles.choice(entry)) <= limits.CHOICE


@given(lines=st.lists(st.tuples(TEXTS, TEXTS), max_size=10), number=st.integers(0, 99))
def test_every_page_of_the_audit_fits(lines: list[tuple[str, str]], number: int) -> None:
    written = tuple(AuditLine(AT, UserId(LARGEST), action[:32], detail[:300]) for action, detail in lines)
    page = AuditPage(written, number, 10**6 if lines else 0, 10)
    assert_fits(servers.audit(page, asker=LARGEST, people_only=True))


def test_the_most_that_can_be_settled_fits() -> None:
    most = GuildSettings(
        private=True, channels=tuple(LARGEST - n for n in range(MOST_CHANNELS)), retention_days=3650, adders=LARGEST
    )
    assert_fits(servers.settings(most, changed="Answers are shown only to whoever asked."))
    assert_fits(servers.privacy(most, asker=LARGEST, manager=True))
    assert_fits(servers.confirm_erasing(10**6, asker=LARGEST))
    assert_fits(servers.confirm_forgetting(asker=LARGEST))
    assert_fits(notices.refusal(elsewhere(most.channels)))


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (Source("Vote", "The Wire", published_at=AT), "The Wire · <t:1711375500:D>"),
        (
            Source("Vote", "The Wire", published_at=AT, updated_at=AT + timedelta(hours=2)),
            "The Wire · <t:1711375500:D> · updated <t:1711382700:t>",
        ),
        (
            Source("Vote", "The Wire", published_at=AT, updated_at=AT + timedelta(days=2)),
            "The Wire · <t:1711375500:D> · updated <t:1711548300:f>",
        ),
        (Source("Vote", "The Wire", published_at=AT, updated_at=AT), "The Wire · <t:1711375500:D>"),
        (
            Source("Vote", published_at=AT, notice=Notice.CORRECTED),
            "publisher not known · <t:1711375500:D>\n⚠ corrected by the publisher",
        ),
        (
            Source("Vote", published_at=AT, notice=Notice.RETRACTED),
            "publisher not known · <t:1711375500:D>\n⚠ **retracted by the publisher**",
        ),
        (
            Source("Vote", notice=Notice.GONE),
            "publisher not known · date not known\n⚠ the page is gone",
        ),
    ],
)
def test_a_source_tells_when_it_was_updated_and_warns(source: Source, line: str) -> None:
    assert sources.published(source) == line


def test_an_export_says_what_follows_and_what_stayed_out() -> None:
    only = articles.exported(Exported(b"{}\n", 1, None), number=0, name="articles-1")
    assert (only.content, only.file and only.file.name) == ("1 article, one JSON object a line.", "articles-1.jsonl")
    last = articles.EXPORT_PARTS - 1
    some = articles.exported(Exported(b"{}\n", 1, 5, left_out=2), number=last, name="articles-1")
    assert some.content == (
        "1 article, one JSON object a line. 2 articles did not fit into any file and stayed out. "
        "There are more: narrow them with `since`."
    )
    assert some.file is not None
    assert some.file.name == "articles-1-10.jsonl"


@pytest.mark.parametrize(
    ("now", "later", "sentence"),
    [
        (0, 0, "This server has no article of its own yet."),
        (0, 1, "None is that old now; 1 article will be."),
        (2, 0, "That is 2 of 2 articles now."),
        (2, 1, "That is 2 of 3 articles now, and 1 later."),
    ],
)
def test_how_many_articles_a_retention_removes_is_said_without_counting_none(
    now: int, later: int, sentence: str
) -> None:
    assert servers.expiring(Expiring(now, later)) == sentence
