"""Targets that show stored words on Discord: exactly those words, within its limits, and nothing in them alive."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import TYPE_CHECKING, Final

from bot.render import (
    answers,
    articles,
    excerpts,
    feeds,
    follows,
    latest_articles,
    limits,
    notices,
    people,
    quotations,
    review,
    servers,
    speakers,
    voices,
)
from bot.render.citations import citations
from bot.render.escape import block_quote, bold, escaped, plain, showable
from bot.render.found_sources import found_sources
from bot.render.passages import quoted
from retrieval.domain.announcements import Follow, FollowKind, News, Rhythm, Stopped
from retrieval.domain.answers import Abstention, AbstentionReason, Answer, Citation, Confidence, Searched
from retrieval.domain.articles import (
    AddedArticle,
    Article,
    ArticleEntry,
    ArticlePage,
    ArticleShown,
    Latest,
    LatestArticle,
    Notice,
    Source,
    Span,
    Version,
)
from retrieval.domain.excerpts import Excerpt, ExcerptRef
from retrieval.domain.feeds import FeedAdded, FeedHealth
from retrieval.domain.ids import (
    ArticleId,
    ArticleNumber,
    ChannelId,
    CollectionId,
    FeedId,
    FollowId,
    OverrideId,
    PassageId,
    QuotationId,
    RoleId,
    SpeakerId,
    UserId,
)
from retrieval.domain.overrides import (
    CORRECTIONS,
    Override,
    OverrideKind,
    OverrideResult,
    SpeakerShown,
    SplitCandidate,
    SplitKind,
)
from retrieval.domain.quotations import (
    Attribution,
    CitedQuotation,
    NotQuotedAbout,
    Quotation,
    QuotationKind,
    QuotationsFound,
    RoleHeld,
    Speaker,
    SpeakerAmbiguous,
    SpeakerEntry,
    SpeakerQuotations,
    SpeakersQuoted,
    SpeakerUnknown,
)
from retrieval.domain.reports import Reported, ReportKind, UnansweredQuestion
from retrieval.domain.scope import Filters
from retrieval.domain.upkeep import About, AuditLine, AuditPage
from tests.bot.discord_rules import broken
from tests.fuzz.target import Target, check_quiet, joined, number_of, parts, text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.render.reply import Reply

_NOW: Final = datetime(2024, 3, 25, 12, tzinfo=UTC)
_USER: Final = 2**63 - 1
_NUMBER: Final = ArticleNumber(10**9 - 1, shared=True)
_OWN: Final = re.compile(
    rf"<t:-?\d+:[tTdDfFR]>|<[#@]&?{_USER}>|<https?://[^<>\s]+>|`[0-9a-f]{{64}}`"
    r"|```(?:md|json)?\n(?:(?!``).)*?\n```|\[[^\\`*_~|<>\[\]@\n]+\]\(https?://[^()<>\s]+\)",
    re.DOTALL,
)
"""What the bot itself writes and what is meant to be alive."""
_STRUCTURE: Final = re.compile(r"^> |^\*(?=[^*\n]+\*$)|(?<=[^*\n])\*$", re.MULTILINE)
_ALIVE: Final = re.compile(r"[*_~|`<>\[\]()#@\\]|://|^[ \t]*(?:[-+=]|\d+\.(?:\s|$))|:\w+:", re.MULTILINE)
_OURS: Final = re.compile(
    r"\((?:not sure|the operator, x, everywhere|x, x|somebody, x|\d[\d,]* others? left out|\d{4}(?:–\d{4})?|\d+)\)"
    r"|/(?:feed|article|ask) \w+|`/article add`"
)
"""Brackets, commands and code in the bot's own words."""


def _escape(data: bytes) -> None:
    """Escaped text shows what it was, in whatever dress, and nothing of it is alive."""
    text = text_of(data)
    for dressed in (escaped(text), bold(text), block_quote(escaped(text)), block_quote(bold(text))):
        _check_markdown(dressed)
    assert _shown(escaped(text)) == showable(text)
    assert "*" not in re.sub(r"\\.", "", escaped(text))
    for limit in (1, 7, 60):
        assert len(limits.cut(text, limit, escaped)) <= limit
        assert len(limits.cut(text, limit)) <= limit
        _check_markdown(limits.cut(text, limit, escaped))
    check_quiet(plain(text))


def _shown(markdown: str) -> str:
    """What Discord shows of escaped markdown."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown)


def _check_markdown(markdown: str) -> None:
    """Nothing of it is alive but what the bot writes."""
    check_quiet(markdown.replace("\n", ""))
    left = _OWN.sub("x", markdown)
    left = re.sub(r"\\[^0-9A-Za-z\s]", "x", left)
    left = _OURS.sub("x", _STRUCTURE.sub("", left.replace("**", "x").replace("__", "x")))
    found = _ALIVE.search(left)
    assert found is None, (found[0], left[max(0, found.start() - 40) : found.end() + 40])


def _passage(data: bytes) -> None:
    """A passage is one unbroken run of the stored words, its marked sentence in view, within any limit."""
    where, raw = parts(data, 2)
    text = text_of(raw) or "x"
    start = number_of(where[:2], len(text) - 1)
    marked = Span(start, start + 1 + number_of(where[2:4], len(text) - start - 1)) if where else None
    answer = (
        Span(marked.start, marked.start + 1 + number_of(where[4:6], len(marked) - 1)) if marked and where[4:] else None
    )
    citation = Citation(ArticleId(1), PassageId(1), Source("A"), Span(0, len(text)), text, marked, answer=answer)
    for limit in (80, 400, 1500):
        passage = quoted(citation, limit)
        assert len(passage.markdown) <= limit
        _check_markdown(passage.markdown)
        lines = [line[2:] for line in passage.markdown.split("\n")]
        words = _shown(re.sub(r"(?<!\\)((?:\\\\)*)(?:\*\*|__)", r"\1", "\n".join(lines)))
        assert words in showable(text)
        assert not passage.is_cut or words.strip() != showable(text).strip()


def _reply(data: bytes) -> None:
    """Every message made of strange words fits, and nothing in it is alive."""
    kind, *said, url = (text_of(part) for part in parts(data, 5))
    for title in said:
        assert 0 < len(feeds.choice(FeedHealth(FeedId(1), url, title, None, 0, _NOW))) <= limits.CHOICE
    one, two, three = (text if plain(text) else "x" for text in said)
    for reply in KINDS[number_of(kind.encode(errors="replace"), len(KINDS) - 1)](one, two, three, url):
        _check_reply(reply)


def _check_reply(reply: Reply) -> None:
    assert broken(reply) == []
    if reply.content is not None:
        assert len(reply.content) <= limits.CONTENT
        _check_markdown(reply.content)
    for control in reply.controls:
        assert len(control.custom_id) <= limits.CUSTOM_ID
        assert 0 < len(control.label) <= limits.BUTTON_LABEL
        check_quiet(control.label)
    for embed in reply.embeds:
        for text in (
            embed.title,
            embed.description,
            *(part for field in embed.fields for part in (field.name, field.value)),
        ):
            _check_markdown(text or "")
        for field in embed.fields:
            assert (field.name or "").strip(), "Discord refuses a field without a name"
            assert (field.value or "").strip(), "Discord refuses a field without a value"
        check_quiet((embed.author.name or "") + (embed.footer.text or ""))
        assert embed.url is None or re.fullmatch(r"https?://\S+", embed.url)


def _of_answers_and_articles(one: str, two: str, three: str, url: str) -> Iterator[Reply]:
    notice = Notice.RETRACTED if len(one) % 2 else None
    source = Source(one, two, (three, one), url or None, _NOW, _NOW + timedelta(hours=1), notice)
    yield from _of_answers(source, three, two)
    yield from _of_articles(source, three)


def _of_server(one: str, two: str, three: str, url: str) -> Iterator[Reply]:
    lines = (AuditLine(_NOW, UserId(_USER), "article added", two), AuditLine(_NOW, None, "speaker undo", one))
    page = AuditPage(lines, 0, 2, 5)
    yield servers.audit(page, asker=_USER, people_only=True)
    yield notices.about(About(1, 2, 3, 4, Source(one, two, url=url or None), three), version="0.1.0", started=_NOW)


def _of_answers(source: Source, words: str, question: str) -> Iterator[Reply]:
    words = words or "x"
    half = Span(len(words) // 2, len(words))
    cited = Citation(ArticleId(1), PassageId(1), source, Span(0, len(words)), words, half, (source, source))
    whole = Citation(ArticleId(2), PassageId(2), source, Span(0, len(words)), words)
    searched = Searched(2, _NOW, _NOW)
    low = Answer(question, (cited, whole), Confidence.LOW, 0.5, searched)
    yield answers.answer(low, asker=_USER, token=_USER)
    yield answers.outcome(replace(low, read_as=(source.title,), about=source.title), asker=_USER, token=_USER)
    yield answers.abstention(
        Abstention(question, AbstentionReason.NOT_GOOD_ENOUGH, 0.1, searched, (whole,)), asker=_USER
    )
    yield found_sources((replace(low, citations=(whole,)), low, Abstention(question, *_NOTHING, searched)))
    yield found_sources((Abstention(question, *_NOTHING, searched),) * 3)
    yield answers.further((cited, whole, cited, cited, whole), page=1, asker=_USER, token=_USER)


def _of_articles(source: Source, other: str) -> Iterator[Reply]:
    article = Article(ArticleId(_USER), source, "x", _NOW)
    yield articles.added(
        AddedArticle(article, known=False, passages=1, quotations=1, number=_NUMBER, speakers=(other, source.title)),
        asker=_USER,
    )
    entry = ArticleEntry(ArticleId(1), _NUMBER, source, _NOW, 1, 1)
    yield articles.removed((entry,) * 8, asker=_USER, token=_USER)
    yield articles.listing(ArticlePage((entry,), 1, 99, 8), asker=_USER, token=_USER, filters={"search": other})
    versions = (Version(other, 1, _NOW, None, _NOW),) * 7
    seen = ArticleShown(
        article, _NUMBER, 1, 2, 3, ((other, 2),), own=True, added_at=_NOW, added_by=UserId(_USER), versions=versions
    )
    yield articles.details(seen, remover=_USER)
    yield articles.picked((seen,) * 8, asker=_USER, token=_USER)
    yield articles.confirm_removal(seen, asker=_USER)
    assert len(articles.choice(entry)) <= limits.CHOICE
    yield from _of_latest(source, other)


def _of_latest(source: Source, topic: str) -> Iterator[Reply]:
    story = tuple(LatestArticle(replace(source, notice=None), PassageId(_USER - n), n) for n in range(6))
    many = tuple(
        tuple(replace(one, opening=PassageId(_USER - 6 * n - m)) for m, one in enumerate(story)) for n in range(9)
    )
    for latest in (Latest(many, 10**6, topic, (topic, topic)), Latest((), 0, topic), Latest((), 0)):
        for page in range(max(len(latest_articles.pages(latest)), 1)):
            filters = Filters(topic, _NOW, _NOW + timedelta(9))
            yield latest_articles.listing(latest, asker=_USER, token=_USER, page=page, filters=filters)


def _of_quotations(name: str, words: str, about: str, url: str) -> Iterator[Reply]:
    source = Source(about, name, url=url or None)
    speaker = Speaker(
        SpeakerId(_USER),
        name,
        about,
        rank=words[:20],
        roles=(RoleHeld(about, _NOW, _NOW), RoleHeld(words, _NOW.replace(year=2020), _NOW)),
    )
    other = Speaker(SpeakerId(2), about)
    inner = Span(len(words) // 3, len(words))
    cited: list[CitedQuotation] = []
    for number, kind in enumerate((QuotationKind.MIXED, QuotationKind.DIRECT) * 3):
        ids, whole = (QuotationId(number), ArticleId(number % 3)), Span(0, len(words))
        quotation = Quotation(*ids, inner, whole, kind, Attribution.ROLE, 0.4, (speaker, other))
        cited.append(CitedQuotation(quotation, source, inner.of(words), words, name, about, words))
    found = QuotationsFound(speaker, tuple(cited), about, 1)
    for page in range(len(quotations.pages(cited))):
        yield quotations.listing(found, asker=_USER, page=page, token=_USER)
    for one in (cited[0], None):
        ref = ExcerptRef(ArticleId(1), inner)
        excerpt = Excerpt(
            ref, source, words, 0, Span(0, len(words)), len(words), "f" * 64, _NOW, fetched=False, is_passage=False,
            quotation=one, disputed=() if one else (inner,)
        )  # fmt: skip
        yield excerpts.shared(excerpt, by=_USER)
        yield excerpts.in_context(excerpt, verified=True)
        yield citations(excerpt)
        yield from _of_reviews(excerpt)
    yield quotations.not_about(NotQuotedAbout(speaker, about, 3), asker=_USER)
    entries = (SpeakerEntry(speaker, 10**6), SpeakerEntry(other, 1))
    yield quotations.ambiguous(SpeakerAmbiguous(about, entries), asker=_USER)
    yield quotations.unknown(SpeakerUnknown(about, entries), asker=_USER)
    assert len(people.entry_label(entries[0], limits.CHOICE, with_role=True)) <= limits.CHOICE
    said = tuple(SpeakerQuotations(replace(speaker, id=SpeakerId(n)), tuple(cited)) for n in range(6))
    everybody, filters = SpeakersQuoted(about, said, (name, words)), Filters(name, _NOW, _NOW + timedelta(9))
    for page in range(3):
        yield voices.quoted_about(everybody, asker=_USER, token=_USER, page=page, filters=filters)
        yield voices.quoted_in(everybody, PassageId(_USER), page=page)
    yield voices.quoted_about(SpeakersQuoted(about, ()), asker=_USER, token=_USER)
    yield voices.quoted_in(SpeakersQuoted(about, ()), PassageId(_USER))
    for side in (found, NotQuotedAbout(speaker, None, 3), SpeakerAmbiguous(name, entries), SpeakerUnknown(name, ())):
        one_more = replace(found, speaker=replace(speaker, id=SpeakerId(1)))
        yield voices.compared((one_more, side), about, asker=_USER, token=_USER, filters=filters)


def _of_reviews(excerpt: Excerpt) -> Iterator[Reply]:
    voices_on_it = Counter(dict.fromkeys(ReportKind, 10**6))
    speaker = Speaker(SpeakerId(_USER), excerpt.source.title, excerpt.words)
    for quotes in (True, False):
        yield review.what_is_wrong(excerpt, quotes=quotes, asker=_USER)
    reported = Reported(excerpt.ref, voices_on_it)
    yield review.report(reported, excerpt, excerpt.quotation, 9)
    entries = [SpeakerEntry(replace(speaker, id=SpeakerId(number)), 9) for number in range(30)]
    yield review.whose(entries, excerpt.ref, asker=_USER)
    yield review.questions((UnansweredQuestion(excerpt.words, 9, _NOW),) * 30, keeps=True, asker=_USER)
    words = excerpt.words[:200] or "x"
    rules = [
        Override(OverrideId(n), CollectionId(1), kind, "k", words, None, excerpt.source.title, _NOW + timedelta(n))
        for n, kind in enumerate((*CORRECTIONS, *CORRECTIONS))
    ]
    yield review.corrections(rules)
    yield from map(review.thanks, ReportKind)


def _of_speakers(one: str, two: str, three: str, _: str) -> Iterator[Reply]:
    speaker = Speaker(SpeakerId(_USER), one or "x", two, (three, two), roles=(RoleHeld(two, _NOW, _NOW),) * 40)
    rules = tuple(
        Override(
            OverrideId(n),
            CollectionId(1),
            kind,
            one,
            one or "x",
            two or None,
            three,
            _NOW + timedelta(n),
            UserId(_USER),
        )
        for n, kind in enumerate((*OverrideKind,) * 4)
    )
    seen = SpeakerShown(speaker, 3, 2, (), rules)
    part = SplitCandidate(SplitKind.ROLE, 1, three, 2)
    yield speakers.details(seen, asker=_USER, own=CollectionId(1))
    yield speakers.merging(seen, seen, asker=_USER)
    yield speakers.splitting(seen, part, asker=_USER)
    yield speakers.decided(OverrideResult(rules[0], (SpeakerEntry(speaker, 1),) * 30), asker=_USER)
    assert len(speakers.part_label(part, limits.CHOICE)) <= limits.CHOICE


def _of_feeds(one: str, two: str, three: str, url: str) -> Iterator[Reply]:
    feed = FeedHealth(FeedId(1), url or "x", one or None, ChannelId(_USER), 3, _NOW, _NOW, _NOW, two)
    said_by = (Speaker(SpeakerId(1), two, one),)
    first = Span(0, 1)
    how = (QuotationKind.DIRECT, Attribution.NAMED, 0.9)
    quotation = Quotation(QuotationId(1), ArticleId(1), first, first, *how, said_by)
    cited = CitedQuotation(quotation, Source(one), three, three)
    item = News(one or "x", _NUMBER, Source(two, three, url=url or None), cited)
    yield feeds.added(FeedAdded(feed, known=False, waiting=2, others=(two, three)))
    yield feeds.removed(feed)
    yield feeds.listing((feed,) * 7, {}, asker=_USER, page=1)
    yield feeds.news((item,) * 7)
    yield feeds.failing(feed)
    made = [
        Follow(FollowId(1), CollectionId(1), None, kind, one, two, Rhythm.DAILY, place, RoleId(_USER), _NOW, why)
        for kind in FollowKind
        for place, why in ((None, Stopped.REFUSED), (ChannelId(_USER), None))
    ]
    yield follows.listing(made, asker=_USER, page=1)
    for follow in made:
        yield follows.added(follow, _NOW, known=True)
        yield follows.ended(follow)
        yield follows.news(follow, (item,) * 7, three)
    assert len(feeds.choice(feed)) <= limits.CHOICE


_NOTHING: Final = (AbstentionReason.NOTHING_FOUND, 0.1)
KINDS: Final = (
    _of_answers_and_articles,
    _of_quotations,
    _of_speakers,
    _of_feeds,
    _of_server,
)
"""Every message there is, made of three texts and an address."""

_ALIVE_WORDS: Final = (
    "@everyone", "@here", "<@17>", "<@&17>", "<#17>", "</ask:17>", "<t:0:R>", "<:k:17>", "<a:k:17>", "<id:browse>",
    "https://e.example", "[a](https://e.example)", ":smile:", "**", "__", "~~", "||", "`", "```\n", "\n# ", "\n- ",
    "\n1. ", "\n-# ", "\n> ", "\n>>> ", "\\", "===\n", "&lt;", "\u202e", "\u2066", "\x1b[31m", "\u2028", "\u200b",
    "\ud800", "discord.gg/x", "“", "”", "\u3000", "> ", "\n\n",
)  # fmt: skip


def _seeds() -> Iterator[bytes]:
    for word in (*_ALIVE_WORDS, "\n1\x12. "):
        yield f"The mayor {word}said {word}no.{word}".encode("utf-8", "surrogatepass")


def _reply_seeds() -> Iterator[bytes]:
    for kind, word in product(range(len(KINDS)), _ALIVE_WORDS):
        said = f"The {word}mayor{word}".encode("utf-8", "surrogatepass")
        yield joined(
            bytes([kind]),
            said,
            b"The Wire " + said,
            said * 9,
            b"https://a.example/b" + said.replace(b" ", b""),
        )


TARGETS: Final = {
    "escaping": Target(_escape, _seeds, _ALIVE_WORDS),
    "passages-shown": Target(_passage, lambda: (joined(b"\0\x09\0\x04", seed * 3) for seed in _seeds()), _ALIVE_WORDS),
    "replies": Target(_reply, _reply_seeds, _ALIVE_WORDS, longest=2_000),
}
