"""The one door of retrieval: what the bot and the command line may ask for. Thin: each answer is made elsewhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from retrieval import answering, health, relevance
from retrieval.archive.integrity import last_check
from retrieval.archive.scope_cache import ScopeCache
from retrieval.archive.sqlite import vitals_file
from retrieval.archive.sqlite.bot_lock import RunningLock
from retrieval.desk import Desk
from retrieval.domain.ids import SHARED
from retrieval.domain.quotations import NotQuotedAbout, QuotationsFound, SpeakerAmbiguous, SpeakerUnknown
from retrieval.domain.scope import Filters
from retrieval.domain.upkeep import LastCheck
from retrieval.editing import Editing
from retrieval.errors import ArticleRejected, FeedRejected, QuestionRejected
from retrieval.speakers import Speakers
from retrieval.text.dates import period
from retrieval.text.questions.hints import hints
from retrieval.text.search_keys import search_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from retrieval.archive.archive import Archive
    from retrieval.archive.backup.daily import Backups
    from retrieval.archive.bot_state import BotState
    from retrieval.domain.answers import Abstention, Answer, Citation, CitationRef
    from retrieval.domain.articles import AddedArticle, ArticleEntry, Draft
    from retrieval.domain.health import Health, Vitals
    from retrieval.domain.ids import ArticleId, CollectionId, SpeakerId, UserId
    from retrieval.domain.quotations import CitedQuotation, SpeakerEntry
    from retrieval.domain.scope import Scope
    from retrieval.domain.upkeep import About, CheckReport
    from retrieval.feeds.desk import FeedDesk
    from retrieval.gathering import Gatherer
    from retrieval.models import Models
    from retrieval.ports import ArticleReader, Embedder, Search


class Newsroom:
    """Answers questions about one archive, always for a reader. Synchronous and thread-safe; built by `assembly`.

    `warm_up` is done once the model is loaded and the seeds are in the archive, and carries the error if that failed.
    Every method may raise ArchiveError.
    """

    def __init__(
        self,
        archive: Archive,
        search: Search,
        models: Models,
        article_reader: ArticleReader,
        warm_up: Future[None],
        *,
        gatherer: Gatherer | None = None,
        feeds: FeedDesk | None = None,
        backups: Backups | None = None,
    ) -> None:
        self.warm_up = warm_up
        self.desk = Desk(archive, models, article_reader, gatherer)
        """Where articles come in and are looked after."""
        self.editing = Editing(archive, models)
        """Where what is known of an article is edited by hand."""
        self._feeds = feeds
        self.backups = backups
        """The daily backups; None where none are wanted."""
        self.speakers = Speakers(archive)
        """Who is who, and what was decided about it by hand."""
        self._archive = archive
        self._running = RunningLock(archive.path)
        self._search = search
        self._models = models
        self._scope = ScopeCache(
            lambda scope: (archive.searched(scope), archive.publishers(scope)), lambda _: archive.last_change()
        )

    @property
    def bot_state(self) -> BotState:
        """What the bot has to remember: a key-value by server."""
        return self._archive.bot_state

    @property
    def feeds(self) -> FeedDesk:
        """Where feeds are followed and read. Raises FeedRejected where there is no way out to the web."""
        if self._feeds is None:
            message = "I cannot fetch feeds here."
            raise FeedRejected(message)
        return self._feeds

    @property
    def is_new(self) -> bool:
        """Whether the archive's file was made at this start."""
        return self._archive.created

    def check_question(self, question: str) -> str:
        """The question on one clean line. Raises QuestionRejected for what nobody can answer; quick, reads nothing."""
        return answering.check_question(question)

    def ask(self, scope: Scope, question: str, now: datetime | None = None) -> Answer | Abstention:
        """The passages that answer, or why there is no answer. Raises QuestionRejected and ModelUnavailable.

        "Yesterday" is told from `now`: this moment, unless another is given.
        """
        asked = answering.check_question(question)
        searched, publishers = self._scope.of(scope)
        if not searched.articles:
            return answering.nothing_to_search(asked, searched, scope)
        meant = hints(asked, publishers, now or datetime.now(UTC))
        words = answering.words_to_search(asked, meant)

        def find(embedder: Embedder) -> Answer | Abstention:
            embedding, spec = embedder.embed_query(asked), embedder.spec
            candidates = self._search.candidates(scope, embedding.vector, words, answering.CANDIDATES, spec)
            ids = [candidate.passage_id for candidate in candidates]
            outlines = self._archive.outlines(scope, ids, spec, sources=meant.of_sources)
            listed = answering.shortlist(asked, embedding, candidates, outlines, meant)
            return answering.answer(listed, self._archive.passages(scope, listed.passage_ids), searched)

        return self._models.use(find)

    def cite(self, scope: Scope, refs: Sequence[CitationRef]) -> tuple[Citation, ...]:
        """The same words again, in the order of `refs`; what the reader no longer sees is left out."""
        found = {item.passage.id: item for item in self._archive.passages(scope, [ref.passage_id for ref in refs])}
        return tuple(answering.cite(found[ref.passage_id], ref.marked) for ref in refs if ref.passage_id in found)

    def quotes_by(
        self, scope: Scope, name: str, about: str | None = None
    ) -> QuotationsFound | NotQuotedAbout | SpeakerAmbiguous | SpeakerUnknown:
        """Every quotation of the speaker who answers to `name`: exactly, by an alias, or by part of the name.

        `about` narrows them, as in `quotes_of`.
        """
        found = self.speakers.named(scope, name)
        if isinstance(found, SpeakerAmbiguous | SpeakerUnknown):
            return found
        return self.quotes_of(scope, found.speaker.id, about)

    def quotes_of(
        self, scope: Scope, speaker: SpeakerId, about: str | None = None
    ) -> QuotationsFound | NotQuotedAbout | SpeakerUnknown:
        """Every quotation of one speaker, newest article first; or those `about` something, best match first.

        Only with `about` is the model needed: then raises QuestionRejected and ModelUnavailable.
        """
        entry = self.speakers.entry(scope, speaker)
        quotations = self.speakers.quotations(scope, speaker)
        if entry is None or not quotations:
            return SpeakerUnknown("" if entry is None else entry.speaker.name, ())
        if about is None:
            return QuotationsFound(entry.speaker, quotations)
        asked = answering.check_question(about)
        names = self.speakers.stored_names(scope, speaker)

        def weigh(embedder: Embedder) -> tuple[CitedQuotation, ...]:
            passages = self._archive.quoted_passages(scope, *names, made_by=embedder.spec)
            return relevance.about(asked, embedder.embed_query(asked), quotations, passages)

        kept = self._models.use(weigh)
        if not kept:
            return NotQuotedAbout(entry.speaker, asked, len(quotations))
        return QuotationsFound(entry.speaker, kept, asked, len(quotations) - len(kept))

    def speakers_like(self, scope: Scope, text: str, limit: int = 25) -> tuple[SpeakerEntry, ...]:
        """Whom a half-typed name may mean, most quoted first; everybody while nothing is typed."""
        return self.speakers.like(scope, text, limit)

    def publishers_like(self, scope: Scope, text: str, limit: int = 25) -> tuple[str, ...]:
        """The publishers that a half-typed name may mean, the most frequent first."""
        typed, (_, publishers) = search_key(text), self._scope.of(scope)
        return tuple(name for name in publishers if typed in search_key(name))[:limit]

    def narrowed(
        self, scope: Scope, publisher: str | None = None, since: str | None = None, until: str | None = None
    ) -> Scope:
        """The reader, asking only of a publisher and from one day (2024-03-25, 2024-03 or 2024) to another, included.

        Raises QuestionRejected for what is no day, and where the second day comes before the first.
        """
        if publisher is None and since is None and until is None:
            return scope
        first = _period(since)[0] if since else None
        end = _period(until)[1] if until else None
        if first is not None and end is not None and end <= first:
            message = f"Since {since} and until {until} there is nothing: the second day comes before the first."
            raise QuestionRejected(message)
        return replace(scope, only=Filters(publisher, first, end))

    def articles(self, scope: Scope) -> tuple[ArticleEntry, ...]:
        """The articles that the reader sees, newest first."""
        return self._archive.articles(scope)

    def add_article(self, draft: Draft, collection: CollectionId = SHARED, by: UserId | None = None) -> AddedArticle:
        """Understand, embed and store an article; the next question finds it: see `Desk.add`."""
        return self.desk.add(draft, collection, by)

    def add_articles(
        self, drafts: Iterable[Draft], collection: CollectionId = SHARED
    ) -> Iterator[AddedArticle | ArticleRejected]:
        """Add one after the other as they come; what became of each, in their order: see `Desk.add`."""
        for draft in drafts:
            try:
                outcome: AddedArticle | ArticleRejected = self.desk.add(draft, collection)
            except ArticleRejected as refused:
                outcome = refused
            yield outcome

    def gather_link(self, url: str) -> Draft:
        """The article at an address, not yet added: see `Gatherer.from_link`."""
        return self.desk.gatherer.from_link(url)

    def gather_file(self, name: str, content: bytes) -> Draft:
        """The article in a file, not yet added: see `Gatherer.from_file`."""
        return self.desk.gatherer.from_file(name, content)

    def remove_article(self, scope: Scope, article_id: ArticleId, by: UserId | None = None) -> ArticleEntry:
        """Take an article, with its quotations and vectors, from the reader's own collection. Raises ArticleUnknown."""
        return self.desk.remove(scope, article_id, by)

    def recheck(self, now: datetime, limit: int) -> int:
        """Look again at pages that articles were fetched from: see `Desk.recheck`."""
        return self.desk.recheck(now, limit)

    def about(self, scope: Scope) -> About:
        """What the reader can see of the archive, and what it runs on."""
        coming = self._models.coming
        change = None if coming is None else self._archive.models.progress(coming.spec, scope)
        speakers = len(self.speakers.persons(scope).entries)
        return replace(self._archive.about(scope), speakers=speakers, change=change)

    def publish(self, vitals: Vitals) -> None:
        """Say beside the archive how the bot is, for `examine` and for `python -m retrieval status`."""
        vitals_file.publish(self._archive.path, vitals)

    def withdraw(self) -> None:
        """The bot ends in good order: nothing is said of it any more."""
        vitals_file.withdraw(self._archive.path)
        self._running.release()

    def is_alone(self) -> bool:
        """Whether no other bot or preview runs on this archive, as far as that can be known."""
        return self._running.is_alone()

    def examine(self, vitals: Vitals, version: str) -> Health:
        """How the archive is, and the bot that these vitals are of. Raises ArchiveError where it cannot be read."""
        folder = self.backups.folder if self.backups else None
        return health.examine(self._archive, vitals, version=version, backup_path=folder, now=datetime.now(UTC))

    def check(self) -> CheckReport:
        """Whether everything in the archive agrees with everything else; reads all of it, and notes the outcome."""
        report = self._archive.check()
        last_check.record(self.bot_state, LastCheck(datetime.now(UTC), len(report.problems)))
        return report

    def repair(self) -> int:
        """Make anew what can be made from the rest, which is the full-text index; says of how many passages."""
        return self._archive.rebuild_words()


def _period(typed: str) -> tuple[datetime, datetime]:
    found = period(typed)
    if found is None:
        message = f"“{typed[:40]}” is no day: write 2024-03-25, or 2024-03 for a month, or 2024."
        raise QuestionRejected(message)
    return found
