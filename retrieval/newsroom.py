"""The one interface of retrieval: what the bot and the command line ask for."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from retrieval import health
from retrieval.announcing import Announcer
from retrieval.archive.integrity import last_check
from retrieval.archive.sqlite import vitals_file
from retrieval.archive.sqlite.files import RunningLock
from retrieval.articles.editing import Editor
from retrieval.articles.rechecking import Rechecker
from retrieval.articles.rereading import Rereader
from retrieval.asking import answering, filtering, follow_up, ranking, respelling
from retrieval.asking.quoting import Quoting
from retrieval.asking.topics import Topics
from retrieval.domain.answers import Abstention, AbstentionReason, Answer, Example
from retrieval.domain.upkeep import LastCheck
from retrieval.errors import ArticleUnknown, FeedRejected, QuestionRejected
from retrieval.text.claims import claims
from retrieval.text.questions.hints import hints
from retrieval.text.questions.small_talk import is_small_talk
from retrieval.text.search_keys import search_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from retrieval.active_model import ActiveModel
    from retrieval.archive.archive import Archive
    from retrieval.archive.backup.daily import Backups
    from retrieval.articles.importing import Importer
    from retrieval.asking.follow_up import Subject
    from retrieval.domain.answers import Citation, CitationRef, Context, Searched
    from retrieval.domain.health import Health, Vitals
    from retrieval.domain.scope import Scope
    from retrieval.domain.upkeep import About, CheckReport
    from retrieval.feeds.following import Feeds
    from retrieval.ports import Embedder, Reader, Search


_PATIENCE: Final = 1.0
"""The most seconds that an article which is to be read again waits for questions to be answered."""

_SCOPES: Final = 256
"""Scopes of which it is kept what they search: servers, and their questions with filters."""
_EXAMPLES: Final = ("What did {} say?", "Who is {}?")
_TRIED: Final = 4
"""Speakers about whom questions are tried, until one is answered."""


class Newsroom:
    """Answers questions about one archive, each in a scope. Synchronous and thread-safe; `assembly` builds it.

    `warm_up` is done once the model is loaded and the seeds are in the archive; where that failed, it holds the error.
    Every method may raise ArchiveError.
    """

    def __init__(
        self,
        archive: Archive,
        search: Search,
        model: ActiveModel,
        importer: Importer,
        warm_up: Future[None],
        *,
        feeds: Feeds | None = None,
        backups: Backups | None = None,
        reader: Reader | None = None,
    ) -> None:
        self.warm_up = warm_up
        self.announcer = Announcer(archive, model)
        """Follows speakers and topics, and says what is to be announced."""
        self.articles = archive.articles
        self.removals = archive.removals
        self.collections = archive.collections
        self.excerpts = archive.excerpts
        self.importer = importer
        """Adds articles."""
        self.rechecker = Rechecker(archive, model, importer)
        """Checks the pages of articles again."""
        self.rereader = Rereader(archive, importer.article_reader, lambda: model.wait_for_quiet(_PATIENCE))
        """Reads articles again that an older release read."""
        self.editor = Editor(archive, model)
        """Edits the sources of articles by hand."""
        self.speakers = archive.speakers
        """Who is who, and what they said."""
        self.overrides = archive.overrides
        """What was decided by hand about who is who, and whose words a quotation is."""
        self.backups = backups
        """The daily backups; None where they are not configured."""
        self.bot_state = archive.bot_state
        self.remembered = archive.remembered
        """What the buttons under a member's answers need."""
        self.reports = archive.reports
        """What members say of words that were shown."""
        self.unanswered = archive.unanswered
        """The questions that found no answer, where a server keeps them."""
        self.place = archive.place
        """What messages call the archive."""
        self.is_new = archive.created
        """Whether the archive's file was made at this start."""
        self._archive = archive
        self._feeds = feeds
        self._running = RunningLock(archive.path)
        self._search = search
        self._model = model
        self._reader = reader
        quoting = Quoting(archive, model)
        topics = Topics(archive, search, model, lambda scope: self._searched(scope)[0])
        self.quotes_by, self.quotes_of, self.quotes_in = quoting.quotes_by, quoting.quotes_of, quoting.quotes_in
        self.compare = quoting.compare
        self.latest, self.quoted_about = topics.latest, topics.quoted_about
        self._find_examples = lru_cache(_SCOPES)(lambda scope, _last_changes: self._answered_examples(scope))
        self._read_searched = lru_cache(_SCOPES)(
            lambda scope, _last_changes: (archive.passages.searched(scope), archive.passages.publishers(scope))
        )

    @property
    def feeds(self) -> Feeds:
        """Follows and reads feeds. Raises FeedRejected where nothing can be fetched."""
        if self._feeds is None:
            raise FeedRejected("feed.none_here")
        return self._feeds

    clean_question = staticmethod(answering.clean_question)
    check_question = staticmethod(answering.check_question)
    narrowed = staticmethod(filtering.narrowed)

    def ask(
        self,
        scope: Scope,
        question: str,
        now: datetime | None = None,
        *,
        hurry: bool = False,
        context: Context | None = None,
    ) -> Answer | Abstention:
        """The passages that answer, or why there is no answer. `now` is what "yesterday" is relative to.

        With `hurry`, because others wait, the answer is found faster and less well, without the reader. A question that
        does not stand alone is about the article of the `context`.

        Raises QuestionRejected, ModelUnavailable, and ArticleUnknown where the `context` was chosen and is gone.
        """
        asked = answering.clean_question(question)
        searched, publishers = self._searched(scope)
        if not searched.articles:
            return answering.nothing_to_search(asked, searched, scope)
        known = self._archive.passages.find(scope, [context.passage_id]) if context else ()
        if context and context.chosen and not known:
            raise ArticleUnknown
        subject = follow_up.subject_of(asked, context, known)
        if subject.is_none and is_small_talk(asked):
            return self._with_examples(scope, answering.no_question(asked, searched))
        asked_at = now or datetime.now(UTC)

        def find(embedder: Embedder, about: Subject) -> Answer | Abstention:
            embedding, spec = embedder.embed_query(about.searched(asked)), embedder.spec
            question_hints = hints(asked, publishers, asked_at)
            respelled = respelling.respell(asked, question_hints, embedding, self._archive.vocabulary, scope)
            if respelled.read_as:
                embedding = embedder.embed_query(about.searched(respelled.question))
                question_hints = hints(respelled.question, publishers, asked_at)
            words = answering.words_to_search(about.searched(respelled.question), question_hints)
            by_id = {
                candidate.passage_id: candidate
                for each in answering.scopes_to_search(scope, searched, question_hints)
                for candidate in self._search.candidates(each, embedding.vector, words, ranking.CANDIDATES, spec)
            }
            candidates, ids = list(by_id.values()), list(by_id)
            outlines = self._archive.passages.outlines(scope, ids, spec, sources=question_hints.of_sources)
            outlines = about.passages(outlines, question_hints)
            judged = about.judged(respelled.question, question_hints)
            listed = ranking.shortlist(judged, embedding, candidates, outlines, question_hints)
            reader = self._reader if self._reader is not None and self._reader.spec == spec and not hurry else None
            passages = self._archive.passages.find(scope, listed.passage_ids, spoken=listed.asks_for_words)
            answer = answering.answer(listed, passages, searched, reader, may_be_scrap=about.is_none)
            answer = replace(answer, question=asked, read_as=respelled.read_as)
            return about.told(answer, respelled.question, question_hints)

        result = self._model.use(lambda embedder: follow_up.choose(subject, partial(find, embedder)))
        return self._with_examples(scope, result) if isinstance(result, Abstention) else result

    def sources(
        self, scope: Scope, message: str, now: datetime | None = None, *, hurry: bool = False
    ) -> tuple[Answer | Abstention, ...]:
        """What bears on each claim of a message, or that nothing does; `now` and `hurry` as in `ask`.

        Raises QuestionRejected for a message without a word, and ModelUnavailable.
        """
        found = claims(message)
        if not found:
            raise QuestionRejected("question.no_word")
        return tuple(answering.bearing(self.ask(scope, claim, now, hurry=hurry)) for claim in found)

    def _searched(self, scope: Scope) -> tuple[Searched, tuple[str, ...]]:
        """What a question in a scope searches, and its publishers; kept until something changes that the scope sees."""
        return self._read_searched(scope, self._archive.last_changes(scope))

    def _with_examples(self, scope: Scope, abstention: Abstention) -> Abstention:
        """Add questions about the scope's most quoted speakers, where nothing else helps."""
        if abstention.reason not in {AbstentionReason.SMALL_TALK, AbstentionReason.NOTHING_FOUND}:
            return abstention
        best = self._most_quoted(scope, len(_EXAMPLES))
        examples = (form.format(name) for form, name in zip(_EXAMPLES, best, strict=False))
        return replace(abstention, examples=tuple(examples))

    def examples(self, scope: Scope) -> tuple[Example, ...]:
        """At most one question that the scope's articles answer; none while the model is being loaded.

        Raises ModelUnavailable.
        """
        return self._find_examples(scope, self._archive.last_changes(scope)) if self.warm_up.done() else ()

    def _answered_examples(self, scope: Scope) -> tuple[Example, ...]:
        for name in self._most_quoted(scope, _TRIED):
            answer = self.ask(scope, _EXAMPLES[0].format(name))
            if isinstance(answer, Answer) and not answer.is_weak:
                return (Example(answer.question, name),)
        return ()

    def _most_quoted(self, scope: Scope, number: int) -> list[str]:
        return [person.entry.speaker.name for person in self.speakers.directory(scope).persons[:number]]

    def cite(self, scope: Scope, refs: Sequence[CitationRef]) -> tuple[Citation, ...]:
        """The passages cited before, in the order of `refs`, without those that are no longer visible."""
        passages = self._archive.passages.find(scope, [ref.passage_id for ref in refs])
        by_id = {found.passage.id: found for found in passages}
        return tuple(answering.cite(by_id[ref.passage_id], ref.marked) for ref in refs if ref.passage_id in by_id)

    def publishers_like(self, scope: Scope, text: str, limit: int = 25) -> tuple[str, ...]:
        """The publishers whose name contains `text`, the most frequent first."""
        typed, (_, publishers) = search_key(text), self._searched(scope)
        return tuple(name for name in publishers if typed in search_key(name))[:limit]

    def about(self, scope: Scope) -> About:
        """What the scope can see of the archive, and the model that it runs on."""
        successor = self._model.successor
        change = None if successor is None else self._archive.models.progress(successor.spec, scope)
        speakers = len(self.speakers.directory(scope).entries)
        read = self._archive.rereading.progress(scope)
        rereading = None if read.done == read.articles else read
        about = self._archive.passages.about(scope)
        read_of = None if self._reader is None else self._reader.most_passages
        return replace(about, speakers=speakers, change=change, rereading=rereading, passages_read=read_of)

    def warm_up_reader(self) -> None:
        """Let the reader measure its time, where it is of the model that answers. Raises ModelUnavailable."""
        if self._reader is not None and self._reader.spec == self._model.spec:
            self._reader.warm_up()

    def publish(self, vitals: Vitals) -> None:
        """Write the bot's vitals beside the archive, for `python -m retrieval status`."""
        vitals_file.publish(self._archive.path, vitals)

    def withdraw(self) -> None:
        """Remove the vitals and release the lock, when the bot ends."""
        vitals_file.withdraw(self._archive.path)
        self._running.release()

    def is_alone(self) -> bool:
        """Whether no other bot or preview is known to run on this archive."""
        return self._running.is_alone()

    def examine(self, vitals: Vitals, version: str) -> Health:
        """The health of the archive, and of the bot with these vitals."""
        folder = self.backups.folder if self.backups else None
        return health.examine(self._archive, vitals, version=version, backup_path=folder, now=datetime.now(UTC))

    def check(self) -> CheckReport:
        """Check the whole archive for consistency, and record the outcome; reads all of it."""
        report = self._archive.check()
        last_check.record(self.bot_state, LastCheck(datetime.now(UTC), len(report.problems)))
        return report

    def repair(self) -> int:
        """Rebuild the full-text index from the passages; returns how many passages."""
        return self._archive.rebuild_words()
