"""The one door of retrieval: what the bot and the command line may ask for. Thin: each answer is made elsewhere."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from retrieval import answering, relevance
from retrieval.domain import (
    SHARED,
    Narrowing,
    NotQuotedAbout,
    QuotationsFound,
    SpeakerAmbiguous,
    SpeakerUnknown,
)
from retrieval.errors import QuestionRejected
from retrieval.ingest import embed_article, read_article
from retrieval.text.days import period
from retrieval.text.names import fold, matches, name_key, near_names
from retrieval.text.words import analyse

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from retrieval.archive.archive import Archive
    from retrieval.archive.bot_state import BotState
    from retrieval.domain import (
        About,
        Abstention,
        AddedArticle,
        Answer,
        ArticleEntry,
        ArticleId,
        CheckReport,
        Citation,
        CitationRef,
        CollectionId,
        Draft,
        Reader,
        SpeakerEntry,
        SpeakerId,
    )
    from retrieval.ports import Embedder, Parser, Search


_OFFERED = 5
"""Speakers offered to somebody who asked for a name that is like no other."""


class Newsroom:
    """Answers questions about one archive, always for a reader. Synchronous and thread-safe; built by `assembly`.

    `warm_up` is done once the model is loaded and the seeds are in the archive, and carries the error if that failed.
    Every method may raise ArchiveError.
    """

    def __init__(
        self, archive: Archive, search: Search, embedder: Embedder, parser: Parser | None, warm_up: Future[None]
    ) -> None:
        self.warm_up = warm_up
        self._parser = parser
        self._archive = archive
        self._search = search
        self._embedder = embedder
        self._rosters: dict[Reader, tuple[int, tuple[SpeakerEntry, ...]]] = {}
        self._rosters_lock = threading.Lock()

    @property
    def bot_state(self) -> BotState:
        """What the bot has to remember: a key-value by server."""
        return self._archive.bot_state

    @property
    def is_new(self) -> bool:
        """Whether the archive's file was made at this start."""
        return self._archive.created

    def ask(self, reader: Reader, question: str) -> Answer | Abstention:
        """The passages that answer, or why there is no answer. Raises QuestionRejected and ModelUnavailable."""
        asked = answering.check_question(question)
        searched = self._archive.searched(reader)
        if not searched.articles:
            return answering.nothing_to_search(asked, searched, reader)
        embedding = self._embedder.embed_query(asked)
        candidates = self._search.candidates(reader, embedding.vector, analyse(asked), answering.CANDIDATES)
        found = self._archive.passages(reader, [candidate.passage_id for candidate in candidates])
        return answering.answer(asked, embedding, candidates, found, searched)

    def cite(self, reader: Reader, refs: Sequence[CitationRef]) -> tuple[Citation, ...]:
        """The same words again, in the order of `refs`; what the reader no longer sees is left out."""
        found = {item.passage.id: item for item in self._archive.passages(reader, [ref.passage_id for ref in refs])}
        return tuple(answering.cite(found[ref.passage_id], ref.marked) for ref in refs if ref.passage_id in found)

    def quotes_by(
        self, reader: Reader, name: str, about: str | None = None
    ) -> QuotationsFound | NotQuotedAbout | SpeakerAmbiguous | SpeakerUnknown:
        """Every quotation of the speaker who answers to `name`: exactly, by an alias, or by part of the name.

        `about` narrows them, as in `quotes_of`.
        """
        roster = self._roster(reader)
        key = name_key(name)
        named = [entry for entry in roster if key and key in _keys(entry)]
        choices = named or [entry for entry in roster if any(matches(name, known) for known in _names(entry))]
        if len(choices) == 1:
            return self.quotes_of(reader, choices[0].speaker.id, about)
        if choices:
            return SpeakerAmbiguous(name, tuple(choices))
        by_name = {entry.speaker.name: entry for entry in roster}
        near = tuple(by_name[other] for other in near_names(name, by_name))
        return SpeakerUnknown(name, near or roster[:_OFFERED])

    def quotes_of(
        self, reader: Reader, speaker: SpeakerId, about: str | None = None
    ) -> QuotationsFound | NotQuotedAbout | SpeakerUnknown:
        """Every quotation of one speaker, newest article first; or those `about` something, best match first.

        Only with `about` is the model needed: then raises QuestionRejected and ModelUnavailable.
        """
        quotations = self._archive.quotations(reader, speaker)
        entry = next((entry for entry in self._roster(reader) if entry.speaker.id == speaker), None)
        if entry is None or not quotations:
            return SpeakerUnknown("" if entry is None else entry.speaker.name, ())
        if about is None:
            return QuotationsFound(entry.speaker, quotations)
        asked = answering.check_question(about)
        passages = self._archive.quoted_passages(reader, speaker)
        kept = relevance.about(asked, self._embedder.embed_query(asked), quotations, passages)
        if not kept:
            return NotQuotedAbout(entry.speaker, asked, len(quotations))
        return QuotationsFound(entry.speaker, kept, asked, len(quotations) - len(kept))

    def speakers_like(self, reader: Reader, text: str, limit: int = 25) -> tuple[SpeakerEntry, ...]:
        """Whom a half-typed name may mean, most quoted first; everybody while nothing is typed."""
        roster = self._roster(reader)
        if not text.strip():
            return roster[:limit]
        return tuple(entry for entry in roster if any(matches(text, known) for known in _names(entry)))[:limit]

    def publishers_like(self, reader: Reader, text: str, limit: int = 25) -> tuple[str, ...]:
        """The publishers that a half-typed name may mean, the most frequent first."""
        typed = fold(text.strip())
        return tuple(name for name in self._archive.publishers(reader) if typed in fold(name))[:limit]

    def narrowed(
        self, reader: Reader, publisher: str | None = None, since: str | None = None, until: str | None = None
    ) -> Reader:
        """The reader, asking only of a publisher and from one day (2024-03-25, 2024-03 or 2024) to another, included.

        Raises QuestionRejected for what is no day, and where the second day comes before the first.
        """
        if publisher is None and since is None and until is None:
            return reader
        first = _period(since)[0] if since else None
        end = _period(until)[1] if until else None
        if first is not None and end is not None and end <= first:
            message = f"Since {since} and until {until} there is nothing: the second day comes before the first."
            raise QuestionRejected(message)
        return replace(reader, only=Narrowing(publisher, first, end))

    def articles(self, reader: Reader) -> tuple[ArticleEntry, ...]:
        """The articles that the reader sees, newest first."""
        return self._archive.articles(reader)

    def add_article(self, draft: Draft, collection: CollectionId = SHARED) -> AddedArticle:
        """Understand, embed and store an article; the next question finds it.

        Raises ArticleRejected and ModelUnavailable. A text that the archive holds already is only made
        visible to the collection.
        """
        read = read_article(draft, self._parser)
        known = self._archive.show_known(read.content_hash, collection=collection)
        if known is not None:
            return known
        article = embed_article(read, self._embedder)
        return self._archive.add(article, self._embedder.spec, collection=collection, now=datetime.now(UTC))

    def remove_article(self, reader: Reader, article_id: ArticleId) -> ArticleEntry:
        """Take an article, with its quotations and vectors, from the reader's own collection. Raises ArticleUnknown."""
        return self._archive.remove(reader, article_id)

    def about(self, reader: Reader) -> About:
        """What the reader can see of the archive, and what it runs on."""
        return self._archive.about(reader)

    def check(self) -> CheckReport:
        """Whether everything in the archive agrees with everything else; reads all of it."""
        return self._archive.check()

    def _roster(self, reader: Reader) -> tuple[SpeakerEntry, ...]:
        """Everybody the reader can quote, kept in memory until the archive changes."""
        sequence = self._archive.last_change()
        with self._rosters_lock:
            kept = self._rosters.get(reader)
        if kept is not None and kept[0] == sequence:
            return kept[1]
        roster = self._archive.speakers(reader)
        with self._rosters_lock:
            self._rosters[reader] = (sequence, roster)
        return roster


def _period(typed: str) -> tuple[datetime, datetime]:
    found = period(typed)
    if found is None:
        message = f"“{typed[:40]}” is no day: write 2024-03-25, or 2024-03 for a month, or 2024."
        raise QuestionRejected(message)
    return found


def _names(entry: SpeakerEntry) -> tuple[str, ...]:
    return (entry.speaker.name, *entry.speaker.aliases)


def _keys(entry: SpeakerEntry) -> set[str]:
    return {name_key(name) for name in _names(entry)}
