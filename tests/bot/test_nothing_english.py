"""No word of a message is English to a member who reads another language."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import pytest

from bot.guild_settings import GuildSettings
from bot.render import answers, articles, dates, feeds, follows, latest_articles, notices, quotations, review, servers
from bot.render.custom_ids import DisputedId, FragmentsId, QuoteId
from bot.render.reply import Reply
from retrieval.domain.announcements import Follow, FollowKind, Rhythm
from retrieval.domain.answers import (
    Abstention,
    AbstentionReason,
    Answer,
    Citation,
    Confidence,
    Example,
    Searched,
    TimeDoubt,
)
from retrieval.domain.articles import (
    AddedArticle,
    Article,
    ArticleEntry,
    ArticlePage,
    ArticleShown,
    Exported,
    Latest,
    Source,
    Span,
)
from retrieval.domain.editing import EDITABLE, Edited
from retrieval.domain.excerpts import ExcerptRef
from retrieval.domain.feeds import FeedAdded, FeedFilters, FeedHealth, FeedTrial, WordFilter
from retrieval.domain.health import DiskRoom
from retrieval.domain.ids import (
    ArticleId,
    ArticleNumber,
    ChannelId,
    CollectionId,
    FeedId,
    FollowId,
    PassageId,
    QuotationId,
    SpeakerId,
)
from retrieval.domain.quotations import (
    Attribution,
    CitedQuotation,
    NotQuotedAbout,
    Quotation,
    QuotationKind,
    QuotationsFound,
    Speaker,
    SpeakerAmbiguous,
    SpeakerEntry,
    UnnamedSources,
)
from retrieval.domain.scope import Filters
from retrieval.domain.upkeep import About, AuditPage, Expiring, ModelChange, Rereading
from retrieval.translation import gettext, speaking
from tests.bot.discord_rules import broken, message_of
from tests.fuzz.shown import KINDS
from tests.support.german import speak_cyrillic
from tests.translations import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

AT: Final = datetime(2024, 3, 25, 14, 5, tzinfo=UTC)
WORDS: Final = ("Олена", "Голос над рекою", "Речь", "https://a.example/b")
SHOWN: Final = ("content", "title", "description", "name", "value", "text", "label", "placeholder")
SAME_EVERYWHERE: Final = re.compile(
    r"<[^<>\s]+>|`[0-9a-f]{64}`|https?\\?://[^\s)>]+|```(?:json\n.*?```|md)|^Pullquote$|UTC"
    r"|\*\*(?:Markdown|APA|schema\.org Quotation)\*\*",
    re.DOTALL,
)
"""Mentions, moments, hashes, addresses, JSON and names."""


def shown(node: object) -> Iterator[str]:
    """Yield what members read of a message; the value of an option is a custom id."""
    if isinstance(node, list):
        for each in node:
            yield from shown(each)
    elif isinstance(node, dict):
        for key, value in node.items():
            if not isinstance(value, str):
                yield from shown(value)
            elif key in SHOWN and not (key == "value" and "label" in node):
                yield value


def of_articles(name: str, title: str, words: str, url: str) -> Iterator[Reply]:
    source = Source(title)
    article, number = Article(ArticleId(1), source, words, AT), ArticleNumber(1)
    entry = ArticleEntry(ArticleId(1), number, source, AT, 1, 1)
    added = AddedArticle(article, known=True, passages=1, quotations=1, number=number, ignored=frozenset(EDITABLE))
    for room in (DiskRoom(10**8, 10**12), DiskRoom(0, 10**12)):
        yield articles.added(replace(added, known=False, shared=number, partial=True), asker=1, low=room)
    for each in (added, replace(added, ignored=frozenset()), replace(added, known=False, replaced=True)):
        yield articles.added(each, asker=1)
    seen = ArticleShown(article, number, 1, 1, 1, (), own=False, added_at=AT, by_hand=("title", "publisher"))
    yield articles.details(seen)
    yield articles.details(replace(seen, own=True, fetched=True))
    edit = Edited(seen, Source(name, name, url=url, published_at=AT), tuple(EDITABLE))
    yield from (articles.edited(edit, asker=1), articles.edit_undone(edit), articles.undone(entry))
    yield from (articles.brought_back((entry,)), articles.refused_form(Reply(content=words), text=words, asker=1))
    yield from (articles.picked((seen, replace(seen, own=True)), asker=1, token=token) for token in (1, None))
    yield articles.picked((seen,), asker=1, token=1)
    yield articles.listing(ArticlePage((), 0, 0, 8, 1), asker=1, token=1, filters={})
    for part in (0, articles.EXPORT_PARTS):
        yield articles.exported(Exported(b"", 1, 1, 1), number=part, name="")
    yield latest_articles.listing(Latest((), 0, matched=False), asker=1, token=1, filters=Filters(name))


def of_feeds(name: str, title: str, words: str, url: str) -> Iterator[Reply]:
    feed = FeedHealth(FeedId(1), url, name, None, 1, AT)
    gone = replace(feed, channel=ChannelId(1), stopped_at=AT, answered_at=AT)
    for each, known in ((feed, True), (feed, False), (gone, True)):
        yield feeds.added(FeedAdded(each, known=known, waiting=1))
    both = WordFilter((name, title), (words,))
    filters = FeedFilters(both, WordFilter((), (name,))), FeedFilters(WordFilter((name,)), both), FeedFilters()
    yield from (feeds.filtered(replace(feed, filters=each)) for each in filters)
    yield from (feeds.failing(gone), feeds.failing(feed), feeds.listing((), {}, asker=1))
    yield feeds.listing((feed, replace(feed, answered_at=AT), gone), {}, asker=1)
    tried = FeedTrial(name, Source(title), partial=True)
    yield from (feeds.trial(each) for each in (tried, replace(tried, read=False), replace(tried, announced=False)))
    yield follows.listing((), asker=1)
    for rhythm in Rhythm:
        follow = Follow(FollowId(1), CollectionId(1), None, FollowKind.SPEAKER, "k", name, rhythm, None, None, AT)
        yield follows.added(follow, AT, known=False)
        yield follows.news(follow, (), name)


def of_answers(name: str, title: str, words: str, url: str) -> Iterator[Reply]:
    whole = Span(0, len(words))
    cited = Citation(ArticleId(1), PassageId(1), Source("*", url=url), whole, words, disputed=(whole,))
    searched = Searched(1, None, None, 1)
    for confidence in Confidence:
        for doubt in TimeDoubt:
            found = Answer(words, (cited,), confidence, 0.5, searched, doubt, missing=(name, title))
            yield answers.answer(found, asker=1, token=1)
    for reason in AbstentionReason:
        none = Abstention(words, reason, 0.1, replace(searched, oldest=AT, newest=AT), (cited,), examples=(title,))
        yield answers.abstention(none, asker=1)
        yield answers.abstention(replace(none, nearest=(), searched=searched), asker=1)
        yield answers.abstention(replace(none, nearest=(), looked_for=(name, title)), asker=1)


def of_quotations(name: str, title: str, words: str, _: str) -> Iterator[Reply]:
    speaker, whole = Speaker(SpeakerId(1), name), Span(0, len(words))

    def quotation(number: int, how: Attribution = Attribution.NAMED, *, disputed: bool = False) -> CitedQuotation:
        ids, who = (QuotationId(number), ArticleId(1)), () if disputed else (speaker,)
        quoted = Quotation(*ids, whole, whole, QuotationKind.DIRECT, how, 0.9, who, disputed=disputed)
        return CitedQuotation(quoted, Source(title), words, words, name)

    many = tuple(quotation(number, how) for number, how in enumerate((*Attribution, *Attribution)))
    disputed = tuple(quotation(number, disputed=True) for number in range(9))
    found = QuotationsFound(speaker, many, disputed=disputed)
    for view in (QuoteId, FragmentsId, DisputedId):
        for page in range(3):
            yield quotations.listing(found, asker=1, page=page, view=view)
        yield quotations.listing(QuotationsFound(speaker, ()), asker=1, view=view)
    yield quotations.unnamed(UnnamedSources(words, many[:1]), asker=1, token=1)
    for number in (1, 2, 3):
        yield quotations.not_about(NotQuotedAbout(speaker, None, number), asker=1)
    yield quotations.ambiguous(SpeakerAmbiguous(name, (SpeakerEntry(speaker, 1),)), asker=1)
    yield from (review.no_report(), review.corrections(()), review.cleared(1))
    yield review.whose((), ExcerptRef(ArticleId(1), whole), asker=1)
    yield from (review.questions((), keeps=keeps, asker=1) for keeps in (True, False))


def of_server(name: str, title: str, words: str, _: str) -> Iterator[Reply]:
    settled = GuildSettings(private=True, channels=(1, 2), retention_days=30, adders=1, keeps_unanswered=True)
    for each in (GuildSettings(), settled):
        yield servers.settings(each, changed=words)
        yield servers.privacy(each, asker=1, manager=True)
    for now, later in ((1, 1), (1, 0), (0, 1), (0, 0)):
        yield servers.confirm_retention(Expiring(now, later), days=30 * now, asker=1)
    yield from (servers.confirm_forgetting(asker=1), servers.forgotten(1), servers.erased(1))
    yield servers.confirm_erasing(1, asker=1)
    yield servers.audit(AuditPage((), 0, 0, 5), asker=1, people_only=True)
    for read in (0, 9):
        archive = About(1, 1, 1, 1, None, "", ModelChange(1, 2), Rereading(1, 2), read_only=True, passages_read=read)
        yield notices.about(archive, version="1", started=AT)
    yield notices.greeting(lambda _: name)
    yield notices.usage([(name, words)], [(title, words)], lambda _: name, Example(words, name), in_server=True)
    for text in (notices.STARTING, notices.WAITING, articles.UNDOING, feeds.READING, servers.FORGETTING):
        yield Reply(content=gettext(text))
    yield Reply(content="\n".join(label for label, _ in dates.offered_days(AT)))


OTHERS: Final = (of_articles, of_feeds, of_answers, of_quotations, of_server)
"""Messages that are not among `KINDS`, which tests with strange words need not make."""


@pytest.mark.parametrize("kind", [*KINDS, *OTHERS], ids=lambda kind: kind.__name__.strip("_"))
def test_no_word_of_a_message_is_english(
    kind: Callable[[str, str, str, str], Iterator[Reply]], monkeypatch: pytest.MonkeyPatch
) -> None:
    speak_cyrillic(monkeypatch)
    with speaking("uk"):
        texts = {text for reply in kind(*WORDS) for text in shown(message_of(reply))}

    assert [text for text in texts if re.search("[A-Za-z]{2,}", SAME_EVERYWHERE.sub("", text))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_discord_takes_every_message_in_each_language(language: str) -> None:
    long = ("word " * 300,) * 3
    with speaking(language):
        replies = [*(kind(*long, WORDS[-1]) for kind in KINDS), *(kind(*WORDS) for kind in OTHERS)]
        assert [rule for each in replies for reply in each for rule in broken(reply)] == []
