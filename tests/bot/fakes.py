"""A newsroom for tests of the bot: the seed article cut at its paragraphs, and a matching by shared words."""

from __future__ import annotations

import re
import threading
import time
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from retrieval.domain.answers import (
    Abstention,
    AbstentionReason,
    Answer,
    Citation,
    Confidence,
    Context,
    Example,
    Searched,
)
from retrieval.domain.articles import Source, Span
from retrieval.domain.excerpts import Excerpt
from retrieval.domain.health import Health
from retrieval.domain.ids import SHARED, ArticleId, PassageId, QuotationId, SpeakerId
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
    SpeakerUnknown,
    UnnamedSources,
)
from retrieval.domain.scope import Filters
from retrieval.domain.upkeep import About
from retrieval.errors import QuestionRejected
from retrieval.text.claims import claims
from tests.support.paths import SEED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from retrieval.domain.answers import CitationRef
    from retrieval.domain.excerpts import ExcerptRef
    from retrieval.domain.health import DiskRoom, Vitals
    from retrieval.domain.ids import CollectionId
    from retrieval.domain.scope import Scope

PUBLISHED = datetime(2024, 3, 25, tzinfo=UTC)
SOURCE = Source("Gaza cease-fire vote roils US-Israel talks on Rafah", "The Hill (Nexstar)", published_at=PUBLISHED)
KIRBY = Speaker(SpeakerId(17), "John Kirby", "White House spokesperson", ("Kirby",))
MILLER = Speaker(SpeakerId(18), "Matthew Miller", "State Department spokesperson", ("Miller",))
RYDER = Speaker(SpeakerId(19), "Pat Ryder", "Pentagon press secretary", ("Ryder",))
KIM, KIMMEL = Speaker(SpeakerId(20), "Kim Jong"), Speaker(SpeakerId(21), "Kim Novak")

FOLLOW_UP, ABOUT_IT = "and why?", "why was the delegation cancelled"
"""A question that does not stand alone, and what it means after an answer."""

_QUOTED = (
    ("disappointed", QuotationKind.MIXED, Attribution.NAMED, (KIRBY,)),
    ("perplexed", QuotationKind.MIXED, Attribution.NAMED, (KIRBY,)),
    ("These are two leaders", QuotationKind.DIRECT, Attribution.NAMED, (KIRBY,)),
    ("The prime minister’s office seems", QuotationKind.DIRECT, Attribution.NAMED, (KIRBY,)),
    ("And we get to decide", QuotationKind.DIRECT, Attribution.CONTINUATION, (KIRBY,)),
    ("non-binding.", QuotationKind.MIXED, Attribution.NAMED, (KIRBY, MILLER)),
    ("surprising and unfortunate,", QuotationKind.MIXED, Attribution.NAMED, (MILLER,)),
    ("We think that a ground invasion", QuotationKind.DIRECT, Attribution.NAMED, (RYDER,)),
)


class FakeState:
    """Bot state in a dictionary, which outlives the bot as the archive does."""

    def __init__(self) -> None:
        self.kept: dict[tuple[CollectionId, str], tuple[str, datetime]] = {}

    def get(self, server: CollectionId, key: str) -> str | None:
        found = self.kept.get((server, key))
        return found[0] if found else None

    def of_all_servers(self, key: str) -> dict[CollectionId, str]:
        return {server: value for (server, name), (value, _) in self.kept.items() if name == key}

    def put(self, server: CollectionId, key: str, value: str) -> None:
        self.kept[server, key] = (value, datetime.now(UTC))

    def delete(self, server: CollectionId, key: str) -> None:
        self.kept.pop((server, key), None)


class FakeRemembered:
    """What buttons need, in a dictionary: value, asker and time."""

    def __init__(self) -> None:
        self.kept: dict[tuple[CollectionId, str, int], tuple[str, int, datetime]] = {}

    def get(self, collection: CollectionId, kind: str, token: int) -> str | None:
        return self.kept.get((collection, kind, token), (None,))[0]

    def put(self, collection: CollectionId, kind: str, token: int, value: str, asker: int, **_options: float) -> None:
        self.kept[collection, kind, token] = (value, asker, datetime.now(UTC))

    def forget(self, asker: int) -> int:
        return self._delete([at for at, (_, whose, _) in self.kept.items() if whose == asker])

    def prune(self, older_than: datetime) -> int:
        return self._delete([at for at, (_, _, written) in self.kept.items() if written < older_than])

    def since(self, kind: str, moment: datetime) -> tuple[str, ...]:
        return tuple(value for at, (value, _, written) in self.kept.items() if at[1] == kind and written >= moment)

    def _delete(self, keys: list[tuple[CollectionId, str, int]]) -> int:
        for at in keys:
            del self.kept[at]
        return len(keys)


class NoReports:
    """Nothing is reported, and no question is kept."""

    def prune(self, _now: datetime) -> int:
        return 0


class NoNews:
    """An announcer to whom nothing is new."""

    def match(self, _due_at: object) -> bool:
        return False

    def due(self, *_: object) -> Iterator[tuple[()]]:
        return iter(())


class NoFeeds:
    """Nothing is followed."""

    def update(self, _now: datetime, _go_on: object) -> None:
        return None

    def failing(self, _now: datetime) -> tuple[()]:
        return ()


class NoCollections:
    """Nothing is stored for any server."""

    def ids(self) -> tuple[()]:
        return ()

    def prune_audit(self, _now: datetime) -> None:
        return None


class NoRemovals:
    """Nothing was removed."""

    def waiting(self) -> frozenset[ArticleId]:
        return frozenset()

    def erase(self, _ids: object) -> int:
        return 0


class NoPages:
    """No page is due to be checked."""

    def recheck(self, _now: datetime, _limit: int) -> int:
        return 0


class FakeNewsroom:
    """Answers from one body; `failure` is raised and `gate` is waited for, by whichever method reaches them."""

    def __init__(self, body: str | None = None, source: Source = SOURCE) -> None:
        self.body = body if body is not None else SEED.read_text(encoding="utf-8").split("\n\nCopyright")[0]
        self.source = source
        self.bot_state = FakeState()
        self.remembered = FakeRemembered()
        self.reports: object = NoReports()
        self.unanswered: object = NoReports()
        self.feeds: object = NoFeeds()
        self.announcer: object = NoNews()
        self.collections: object = NoCollections()
        self.rechecker: object = NoPages()
        self.removals = NoRemovals()
        self.backups = None
        self.published: list[Vitals] = []
        self.disk: DiskRoom | None = None
        self.warm_up: Future[None] = Future()
        self.warm_up.set_result(None)
        self.failure: BaseException | None = None
        self.alone = True
        self.gate: threading.Event | None = None
        self.entered = threading.Event()
        self.scopes: list[Scope] = []
        self.hurried: list[bool] = []
        self.copies = 1
        self.seconds = 0.0
        self.people: tuple[Speaker, ...] = (KIRBY, MILLER, RYDER)
        self.speakers = _Speakers(self)
        self.excerpts = _Excerpts(self)

    def _enter(self, scope: Scope) -> None:
        self.scopes.append(scope)
        self.entered.set()
        time.sleep(self.seconds)
        if self.gate is not None:
            assert self.gate.wait(20)
        if self.failure is not None:
            raise self.failure

    def examine(self, vitals: Vitals, version: str) -> Health:
        return Health(vitals.at, version, "archive", 0, self.disk, None, None, vitals)

    def publish(self, vitals: Vitals) -> None:
        self.published.append(vitals)

    def is_alone(self) -> bool:
        return self.alone

    def withdraw(self) -> None:
        self.published.clear()

    def check_question(self, question: str) -> str:
        if not re.search(r"\w", question) or len(question) > 1000:
            message = "Please ask with words, and with fewer than a thousand characters."
            raise QuestionRejected(message)
        return question

    def clean_question(self, question: str) -> str:
        return self.check_question(question)

    def ask(
        self, scope: Scope, question: str, *, hurry: bool = False, context: Context | None = None
    ) -> Answer | Abstention:
        if context is not None and (context.chosen or question == FOLLOW_UP):
            return replace(self.ask(scope, ABOUT_IT, hurry=hurry), question=question, about=self.source.title)
        self.hurried.append(hurry)
        self._enter(scope)
        searched = Searched(1, PUBLISHED, PUBLISHED)
        if question == "hi":
            return Abstention(question, AbstentionReason.SMALL_TALK, 0.0, searched, examples=("Who is Ada Roe?",))
        words = _stems(self.check_question(question))
        ranked = sorted(self.citations(words), key=lambda c: -_shared(words, c.excerpt))
        if _shared(words, ranked[0].excerpt) < 2:
            return Abstention(question, AbstentionReason.NOT_GOOD_ENOUGH, 0.1, searched, tuple(ranked[:1]))
        return Answer(question, tuple(ranked[:8]), Confidence.HIGH, 0.9, searched)

    def sources(
        self, scope: Scope, message: str, _now: datetime, *, hurry: bool = False
    ) -> tuple[Answer | Abstention, ...]:
        if not (found := claims(message)):
            raise QuestionRejected("question.no_word")
        return tuple(self.ask(scope, claim, hurry=hurry) for claim in found)

    def narrowed(
        self, scope: Scope, publisher: str | None = None, since: str | None = None, until: str | None = None
    ) -> Scope:
        if since == "soon":
            message = "“soon” is no day."
            raise QuestionRejected(message)
        return replace(scope, filters=Filters(publisher)) if publisher or since or until else scope

    def publishers_like(self, _reader: Scope, text: str, _limit: int = 25) -> tuple[str, ...]:
        return tuple(name for name in ("The Hill (Nexstar)", "x" * 101) if text.lower() in name.lower())

    def citations(self, words: set[str]) -> list[Citation]:
        return [self._citation(n, m.start(), m.end(), words) for n, m in enumerate(self._paragraphs(), 1)]

    def _paragraphs(self) -> list[re.Match[str]]:
        return list(re.finditer(r"[^\n](?:.*[^\s])?", self.body))

    def _citation(self, number: int, start: int, end: int, words: set[str]) -> Citation:
        sentences = [
            Span(start + m.start(), start + m.end())
            for m in re.finditer(r"\S.*?(?:(?<![A-Z])[.!?]”?(?=\s)|$)", self.body[start:end])
        ]
        marked = max(sentences, key=lambda s: _shared(words, s.of(self.body)), default=None)
        span = Span(start, end)
        return Citation(ArticleId(1), PassageId(number), self.source, span, span.of(self.body), marked)

    def examples(self, scope: Scope) -> tuple[Example, ...]:
        self._enter(scope)
        return (Example("What did John *Kirby* say?", "John Kirby"),)

    def cite(self, scope: Scope, refs: Sequence[CitationRef]) -> tuple[Citation, ...]:
        self._enter(scope)
        spans = {n: Span(m.start(), m.end()) for n, m in enumerate(self._paragraphs(), 1)}
        return tuple(
            Citation(
                ArticleId(1),
                r.passage_id,
                self.source,
                spans[r.passage_id],
                spans[r.passage_id].of(self.body),
                r.marked,
            )
            for r in refs
            if r.passage_id in spans
        )

    def quotes_by(
        self, scope: Scope, name: str, about: str | None = None
    ) -> QuotationsFound | NotQuotedAbout | SpeakerAmbiguous | SpeakerUnknown | UnnamedSources:
        self._enter(scope)
        wanted = name.casefold().strip()
        hits = [s for s in self.people if wanted in s.name.casefold()]
        if len(hits) == 1:
            return self.narrowed_to(hits[0], about)
        if hits:
            return SpeakerAmbiguous(name, tuple(SpeakerEntry(s, 2) for s in hits))
        if unnamed := self.speakers.unnamed(scope, name):
            return UnnamedSources(name, unnamed)
        return SpeakerUnknown(name, (SpeakerEntry(KIRBY, 6), SpeakerEntry(RYDER, 1)))

    def quotes_of(
        self, scope: Scope, speaker: SpeakerId, about: str | None = None
    ) -> QuotationsFound | NotQuotedAbout | SpeakerUnknown:
        self._enter(scope)
        hit = next((s for s in self.people if s.id == speaker), None)
        return self.narrowed_to(hit, about) if hit else SpeakerUnknown(str(speaker), ())

    def narrowed_to(self, speaker: Speaker, about: str | None) -> QuotationsFound | NotQuotedAbout:
        found = self.found(speaker)
        if about is None:
            return found
        words = _stems(about)
        kept = [cited for cited in found.quotations if _shared(words, cited.context)]
        if not kept:
            return NotQuotedAbout(speaker, about, len(found.quotations))
        ranked = sorted(kept, key=lambda cited: -_shared(words, cited.context))
        return QuotationsFound(speaker, tuple(ranked), about, len(found.quotations) - len(kept))

    def found(self, speaker: Speaker) -> QuotationsFound:
        chosen = [q for q in self.quotations() if speaker in q.quotation.speakers]
        copies = (
            replace(
                q, quotation=replace(q.quotation, id=QuotationId(number * 100 + q.quotation.id), article_id=article)
            )
            for number, article in enumerate(map(ArticleId, range(1, self.copies + 1)))
            for q in chosen
        )
        return QuotationsFound(speaker, tuple(copies))

    def quotations(self) -> list[CitedQuotation]:
        return [self._quoted(n, *row) for n, row in enumerate(_QUOTED, 1) if row[0] in self.body]

    def _quoted(
        self, number: int, words: str, kind: QuotationKind, how: Attribution, who: tuple[Speaker, ...]
    ) -> CitedQuotation:
        start = self.body.index(words)
        content = Span(start, self.body.index("”", start))
        paragraph = next(m for m in self._paragraphs() if m.start() <= start < m.end())
        context = Span(paragraph.start(), paragraph.end())
        quotation = Quotation(QuotationId(number), ArticleId(1), content, context, kind, how, 0.9, who)
        words, around = content.of(self.body), context.of(self.body)
        return CitedQuotation(quotation, self.source, words, around, paragraph=around, paragraph_start=context.start)

    def about(self, scope: Scope) -> About:
        self._enter(scope)
        return About(1, 17, 11, 6, self.source, "all-MiniLM-L6-v2 (test)")


class _Excerpts:
    """The excerpts of a fake newsroom: any words of its body."""

    def __init__(self, newsroom: FakeNewsroom) -> None:
        self._newsroom = newsroom

    def find(self, scope: Scope, ref: ExcerptRef) -> Excerpt | None:
        self._newsroom._enter(scope)
        body, around = self._newsroom.body, Span(0, len(self._newsroom.body))
        if not around.covers(ref.span):
            return None
        cited = next((each for each in self._newsroom.quotations() if each.quotation.content == ref.span), None)
        lines = (m for m in self._newsroom._paragraphs() if m.start() <= ref.span.start < m.end())
        paragraph = next((Span(m.start(), m.end()) for m in lines), ref.span)
        return Excerpt(
            ref,
            self._newsroom.source,
            body,
            0,
            paragraph,
            len(body),
            "f" * 64,
            PUBLISHED,
            fetched=True,
            is_passage=False,
            quotation=cited,
        )


class _Speakers:
    """The speakers of a fake newsroom."""

    def __init__(self, newsroom: FakeNewsroom) -> None:
        self._newsroom = newsroom

    def unnamed(self, scope: Scope, words: str) -> tuple[CitedQuotation, ...]:
        """Twelve articles quote an official."""
        self._newsroom.scopes.append(scope)
        if words != "official":
            return ()
        cited = self._newsroom.quotations()[0]
        nobody = [replace(cited.quotation, speakers=(), article_id=ArticleId(number)) for number in range(12)]
        return tuple(replace(cited, quotation=quotation, said_by="a U.S. official") for quotation in nobody)

    def like(self, scope: Scope, text: str, limit: int = 25) -> tuple[SpeakerEntry, ...]:
        self._newsroom.scopes.append(scope)
        hits = [s for s in self._newsroom.people if text.casefold() in s.name.casefold()]
        return tuple(SpeakerEntry(s, len(self._newsroom.found(s).quotations)) for s in hits[:limit])


def _shared(words: set[str], text: str) -> int:
    return len(words & _stems(text))


def _stems(text: str) -> set[str]:
    return {word[:6] for word in re.findall(r"\w{4,}", text.casefold())}


__all__ = ["KIM", "KIMMEL", "KIRBY", "MILLER", "PUBLISHED", "RYDER", "SHARED", "SOURCE", "FakeNewsroom", "FakeState"]
