"""Every message there is, made of the longest, strangest and emptiest words: Discord takes all of them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import jsonschema  # type: ignore[import-untyped]  # it ships no type information
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.autocomplete import day_choices, name_choices, speaker_choices
from bot.guild_settings import GuildSettings
from bot.render import articles, feeds, limits, notices, people, quotations, servers, speakers
from bot.render.escape import plain
from retrieval.domain.articles import AddedArticle, Article, ArticleEntry, Exported, Source
from retrieval.domain.feeds import FeedAdded, FeedHealth
from retrieval.domain.ids import ArticleId, ArticleNumber, CollectionId, FeedId, OverrideId, SpeakerId
from retrieval.domain.overrides import Override, OverrideKind, OverrideResult, SpeakerShown, SplitCandidate, SplitKind
from retrieval.domain.quotations import NewestArticle, NotQuotedAbout, Speaker, SpeakerEntry
from retrieval.domain.upkeep import About, ModelChange
from tests.bot.discord_rules import broken, broken_by, broken_by_choices, message_of
from tests.bot.test_escape import TEXTS
from tests.bot.test_payload import SPECIFICATION, lenient
from tests.fuzz.shown import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.render.reply import Reply

AT = datetime(2024, 3, 25, 14, 5, tzinfo=UTC)
NUMBER = ArticleNumber(1, shared=False)
LONGEST = 1500
EXTREMES = st.sampled_from(
    [
        "W" * LONGEST,
        "word " * (LONGEST // 5),
        "*_~`|" * (LONGEST // 5),
        "\\" * LONGEST,
        "a\n" * (LONGEST // 2),
        "“What?” " * (LONGEST // 8),
        "😀" * LONGEST,
        "\u202e\x00" * 20 + "x",
        "x",
    ]
)
WORDS = EXTREMES | TEXTS.filter(plain)
ADDRESSES = st.sampled_from(
    ["", "https://a.example/b", "https://a.example/" + "b" * 2040, "javascript:alert(1)", "x y"]
)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__.strip("_"))
@given(one=WORDS, two=WORDS, three=WORDS, url=ADDRESSES)
def test_discord_takes_every_message(
    kind: Callable[[str, str, str, str], Iterator[Reply]], one: str, two: str, three: str, url: str
) -> None:
    for reply in kind(one, two, three, url):
        assert broken(reply) == []


@given(name=WORDS, role=WORDS, newest=st.none() | st.builds(NewestArticle, WORDS, st.none() | st.just(AT)))
def test_discord_takes_every_list_of_choices(name: str, role: str, newest: NewestArticle | None) -> None:
    entries = [SpeakerEntry(Speaker(SpeakerId(number), name, role), 10**6, newest) for number in range(30)]
    article = ArticleEntry(ArticleId(1), NUMBER, Source(name, published_at=AT), AT, 1, 1)
    feed = FeedHealth(FeedId(1), name, role, None, 0, AT)
    part = SplitCandidate(SplitKind.ROLE, 1, role, 10**6)
    labels = (articles.choice(article), feeds.choice(feed), speakers.part_label(part, limits.CHOICE))
    for offered in (
        [choice.to_dict() for choice in (*speaker_choices(entries), *name_choices([name, role]))][:25],
        [choice.to_dict() for choice in day_choices("", AT)],
        [{"name": label, "value": "x"} for label in labels],
    ):
        assert list(broken_by_choices(offered)) == []
    assert len({people.entry_label(entry, limits.BUTTON_LABEL) for entry in entries}) == 1


@pytest.mark.skipif(not SPECIFICATION.exists(), reason="Discord's OpenAPI file is not on this machine")
def test_every_message_is_what_discord_specifies() -> None:
    specification = lenient(json.loads(SPECIFICATION.read_text(encoding="utf-8")))
    schema = {
        "$ref": "#/components/schemas/IncomingWebhookUpdateRequestPartial",
        "components": specification["components"],
    }
    validator = jsonschema.Draft202012Validator(schema)
    for kind in KINDS:
        for reply in kind("W" * LONGEST, "word " * 300, "*" * LONGEST, "https://a.example/b"):
            assert [error.message for error in validator.iter_errors(message_of(reply))] == []


def _of_one() -> list[Reply]:
    """Messages in which there is one of everything."""
    article = Article(ArticleId(1), Source("A vote"), "body", AT)
    entry = ArticleEntry(ArticleId(1), NUMBER, article.source, AT, 1, 1)
    speaker = Speaker(SpeakerId(1), "Ann Lee")
    seen = SpeakerShown(speaker, 2, 1, (), ())
    rule = Override(OverrideId(1), CollectionId(1), OverrideKind.ALIAS, "a", "a", None, "b", AT, None)
    feed = FeedHealth(FeedId(1), "https://a.example", "A", None, 1, AT)
    settled = GuildSettings(retention_days=1)
    return [
        articles.added(AddedArticle(article, known=False, passages=1, quotations=1, number=NUMBER, words=1), asker=1),
        articles.removed((entry,), asker=1, token=1),
        articles.brought_back((entry,)),
        articles.exported(Exported(b"{}\n", 1, None, 1), number=0, name="articles"),
        servers.settings(settled),
        servers.privacy(settled, asker=1, manager=True),
        servers.forgotten(1),
        servers.confirm_erasing(1, asker=1),
        servers.erased(1),
        speakers.merging(seen, seen, asker=1),
        speakers.splitting(seen, SplitCandidate(SplitKind.NAME, 1, "A", 1), asker=1),
        speakers.decided(OverrideResult(rule, (SpeakerEntry(speaker, 1),)), asker=1),
        feeds.added(FeedAdded(feed, known=False, waiting=1, others=())),
        feeds.removed(feed),
        feeds.listing((feed,), {}, asker=1),
        quotations.not_about(NotQuotedAbout(speaker, "rain", 1), asker=1),
        notices.about(About(1, 1, 1, 1, None, "m", ModelChange(1, 1)), version="0.1.0", started=AT),
    ]


@pytest.mark.parametrize("reply", _of_one())
def test_one_of_something_is_not_told_as_many(reply: Reply) -> None:
    said = json.dumps(message_of(reply), ensure_ascii=False)
    assert not re.search(r"\b1 (?!is\b|was\b|stays\b)[a-z]+s\b|\b1 \w+ (?:are|were|stay|have)\b", said), said


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        ({"content": "", "embeds": []}, "nothing to show"),
        ({"embeds": [{"title": "x", "fields": [{"name": "x", "value": " "}]}]}, "an empty field's value"),
        ({"embeds": [{"description": "x" * 3500}] * 2}, "7000 characters over all embeds"),
        ({"embeds": [{"title": "x", "url": "https://"}]}, "an address that is none: 'https://'"),
    ],
)
def test_the_stand_in_refuses_what_discord_refuses(message: dict[str, object], rule: str) -> None:
    assert list(broken_by(message)) == [rule]
