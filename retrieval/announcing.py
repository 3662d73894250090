"""Tells follows what is new: matches each new article with them once, and says what is to be announced next.

An article bears on a topic if one of its passages is near it, and answers it as well as a fair answer does. A speaker
is told of by quotations whose speaker is sure. What is older than a follow, or known to its server already, is not new.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from retrieval.archive.members.announcements import ToTell
from retrieval.asking import answering, ranking
from retrieval.asking.answering import check_question
from retrieval.domain.announcements import Announcement, Follow, FollowKind, NewFollow, News, Rhythm
from retrieval.domain.embeddings import Candidate
from retrieval.domain.ids import SHARED
from retrieval.domain.limits import LONGEST_ANNOUNCED
from retrieval.domain.quotations import QuotationKind
from retrieval.domain.scope import Scope
from retrieval.text.search_keys import search_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from typing import TypeAlias

    from retrieval.active_model import ActiveModel
    from retrieval.archive.archive import Archive
    from retrieval.archive.members.announcements import Message, NewArrival
    from retrieval.archive.speakers.cited_quotations import SurelyQuoted
    from retrieval.domain.embeddings import EmbeddingSpec, FloatArray, QueryEmbedding
    from retrieval.domain.ids import ArticleId, ChannelId, CollectionId, PassageId, RoleId, SpeakerId, UserId
    from retrieval.domain.quotations import CitedQuotation
    from retrieval.ports import Embedder

    DueAt: TypeAlias = Callable[[CollectionId, Rhythm], datetime]
    """When a server's follows of a rhythm are told what is new now."""

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

_NEAR: Final = 0.4
"""The least similarity of a passage that may bear on a topic; few that bear on it have less."""
_PASSAGES: Final = 8
"""Passages of an article that are read for a topic: the nearest."""
_SHORTEST_OF_DAY: Final = 60
"""Characters of a quotation of the day."""
_ENDS: Final = frozenset(".,!?…")
_DROPPED_AT_ONCE: Final = 100
"""Messages that say nothing, dropped in one transaction."""
_TOPICS: Final = 50_000
"""Topics whose vectors are kept: more than there are, so that a new article costs no embedding of them."""
_NEAR_TOPICS: Final = 2_000
"""Topics whose embeddings are kept whole: those that were near an article last."""


class Announcer:
    """The follows of all servers, and what is announced. Thread-safe. Every method may raise ArchiveError."""

    def __init__(self, archive: Archive, model: ActiveModel) -> None:
        self.follows = archive.follows
        self._archive = archive
        self._model = model
        self._vectors: OrderedDict[tuple[EmbeddingSpec, str], FloatArray] = OrderedDict()
        self._embeddings: OrderedDict[tuple[EmbeddingSpec, str], QueryEmbedding] = OrderedDict()
        self._quoted: tuple[object, SurelyQuoted] | None = None

    # What is followed

    def follow_speaker(
        self,
        scope: Scope,
        speaker: SpeakerId,
        by: UserId,
        rhythm: Rhythm,
        now: datetime,
        *,
        channel: ChannelId | None = None,
        role: RoleId | None = None,
        due_at: datetime | None = None,
    ) -> tuple[Follow, bool]:
        """Follow a speaker; returns the follow, and whether they were followed there before.

        `due_at`: when what waits is told, if they were followed in another rhythm.
        Raises OverrideRejected where nobody has that id any more, and FollowRejected for too many.
        """
        person = self._archive.speakers.person(scope, speaker)
        name = person.entry.speaker.name
        new = NewFollow(scope.own, by, FollowKind.SPEAKER, person.key, name, rhythm, channel, role)
        return self.follows.add(new, now, due_at)

    def follow_topic(
        self,
        scope: Scope,
        topic: str,
        by: UserId,
        rhythm: Rhythm,
        now: datetime,
        *,
        channel: ChannelId | None = None,
        role: RoleId | None = None,
        due_at: datetime | None = None,
    ) -> tuple[Follow, bool]:
        """Follow a topic, as `follow_speaker`. Raises QuestionRejected where it has no word."""
        name = check_question(topic)
        new = NewFollow(scope.own, by, FollowKind.TOPIC, search_key(name), name, rhythm, channel, role)
        return self.follows.add(new, now, due_at)

    def follow_quotation(
        self, scope: Scope, by: UserId, now: datetime, *, channel: ChannelId | None = None
    ) -> tuple[Follow, bool]:
        """Follow the quotation of the day, as `follow_speaker`."""
        new = NewFollow(scope.own, by, FollowKind.QUOTATION, "", "", Rhythm.DAILY, channel)
        return self.follows.add(new, now)

    # Matching

    def match(self, due_at: DueAt) -> bool:
        """Store to whom the next new articles are told; False where there are none. Raises ModelUnavailable."""
        arrivals = self._archive.announcements.arrivals()
        if arrivals is None:
            return False
        follows = self.follows.seeing(arrivals.collection)
        to_tell = [
            ToTell(follow.collection, follow.id, article.article_id, due_at(follow.collection, follow.rhythm))
            for article in arrivals.articles
            for follow in self._told(article, arrivals.collection, follows)
        ]
        self._archive.announcements.match(arrivals, to_tell)
        return True

    def _told(self, article: NewArrival, collection: CollectionId, follows: Iterable[Follow]) -> Sequence[Follow]:
        """The follows that may be told of an article which came to a collection.

        For some of a speaker it may bring no news: whose words it prints is decided when the message is made.
        """
        new = [follow for follow in follows if _is_new(article, collection, follow)]
        by_kind = {kind: [follow for follow in new if follow.kind is kind] for kind in FollowKind}
        topics = {each.name for each in by_kind[FollowKind.TOPIC]}
        about = self._topics(article.article_id, Scope.of(collection), topics)
        quoted = self._archive.speakers.surely_named(article.article_id)
        told = [each for each in by_kind[FollowKind.TOPIC] if each.name in about]
        speaking = [each for each in by_kind[FollowKind.SPEAKER] if quoted.may_be(each.collection, each.key)]
        return [*told, *speaking, *(by_kind[FollowKind.QUOTATION] if quoted.printed else [])]

    def _topics(self, article_id: ArticleId, scope: Scope, topics: Collection[str]) -> frozenset[str]:
        """Those of some topics on which an article bears."""

        def judge(embedder: Embedder) -> frozenset[str]:
            ids, vectors = self._archive.passages.vectors(article_id, embedder.spec)
            if not ids or not topics:
                return frozenset()
            ordered = tuple(topics)
            similarities = np.stack([self._vector(embedder, topic) for topic in ordered]) @ vectors.T
            return frozenset(
                topic
                for topic, of_topic in zip(ordered, similarities, strict=True)
                if of_topic.max() >= _NEAR and self._bears_on(topic, _nearest(ids, of_topic), scope, embedder)
            )

        return self._model.use(judge)

    def _bears_on(self, topic: str, candidates: Sequence[Candidate], scope: Scope, embedder: Embedder) -> bool:
        ids = [candidate.passage_id for candidate in candidates]
        outlines = self._archive.passages.outlines(scope, ids, embedder.spec, sources=False)
        listed = ranking.shortlist(topic, self._embedded(embedder, topic), candidates, outlines)
        return answering.bears_on(listed, self._archive.passages.find(scope, listed.passage_ids))

    def _vector(self, embedder: Embedder, topic: str) -> FloatArray:
        return _kept(self._vectors, (embedder.spec, topic), _TOPICS, lambda: embedder.embed_query(topic).vector)

    def _embedded(self, embedder: Embedder, topic: str) -> QueryEmbedding:
        return _kept(self._embeddings, (embedder.spec, topic), _NEAR_TOPICS, lambda: embedder.embed_query(topic))

    # Announcing

    def due(self, now: datetime, is_here: Callable[[CollectionId], bool]) -> Iterator[tuple[Announcement, ...]]:
        """Yield step by step what is to be announced now in the servers that `is_here`, of each feed or follow once.

        A step brings one announcement or none: a message that can be sent to nobody, or says nothing, is dropped.
        """
        announcements, empty = self._archive.announcements, list[int]()
        for waiting in announcements.due(now):
            message = announcements.take(waiting, now) if is_here(waiting.collection) else None
            announcement = None if message is None else self._announcement(message)
            if message is not None and announcement is None:
                empty.append(message.id)
            if len(empty) == _DROPPED_AT_ONCE:
                announcements.drop(empty)
                empty.clear()
            yield () if announcement is None else (announcement,)
        if empty:
            announcements.drop(empty)

    def _announcement(self, message: Message) -> Announcement | None:
        """What a message says; None where nobody can be told, or where nothing is left to say."""
        follow = None if message.follow_id is None else self.follows.find(message.follow_id)
        channel = message.channel if follow is None else follow.channel
        if channel is None and (follow is None or follow.user is None):
            return None
        news = self._news(message, follow)
        return Announcement(message.id, message.collection, channel, news, follow) if news else None

    def sent(self, announcement: Announcement, now: datetime) -> None:
        """Record that Discord has taken an announcement."""
        self._archive.announcements.sent(announcement.id, now)

    def drop(self, announcement: Announcement) -> None:
        """Forget an announcement that nobody can be sent."""
        self._archive.announcements.drop([announcement.id])

    def refused(self, announcement: Announcement, again_at: datetime) -> None:
        """Record that a member did not take a message: it is tried again, but the third time ends the follow."""
        assert announcement.follow is not None  # only members refuse
        if not self.follows.note_refused(announcement.follow.id):
            self._archive.announcements.postpone(announcement.id, again_at)

    def _news(self, message: Message, follow: Follow | None) -> tuple[News, ...]:
        """What a message says of its articles, as the server sees them now; nothing of those that it does not see."""
        scope, ids = Scope.of(message.collection), list(dict.fromkeys(message.article_ids))
        heading = message.feed or ("" if follow is None else follow.name)
        entries = {entry.id: entry for entry in self._archive.articles.some(scope, ids)}
        news = {id_: News(heading, entries[id_].number, entries[id_].source) for id_ in ids if id_ in entries}
        if follow is None or follow.kind is FollowKind.TOPIC:
            best_of = self._archive.feed_entries.best_quotation
            return tuple(replace(item, quotation=best_of(id_)) for id_, item in news.items())
        quoted = self._surely_quoted(scope, news)
        if follow.kind is FollowKind.SPEAKER:
            theirs = [cited for cited, names in quoted if follow.key in names]
            chosen = sorted(theirs, key=lambda cited: ids.index(cited.quotation.article_id))
        else:
            whole = [cited for cited, _ in quoted if _stands_alone(cited)]
            chosen = sorted(whole, key=lambda cited: -len(cited.words))[:1]
        return tuple(replace(news[cited.quotation.article_id], quotation=cited) for cited in chosen)

    def _surely_quoted(self, scope: Scope, news: Mapping[ArticleId, News]) -> SurelyQuoted:
        """Return the sure statements of some articles, which are read once for follows that are told of the same ones.

        The directory is another as soon as anything changes that the server sees.
        """
        speakers, sources = self._archive.speakers, {id_: item.source for id_, item in news.items()}
        read_of = speakers.directory(scope), sources
        quoted = self._quoted
        if quoted is None or quoted[0] != read_of:
            self._quoted = quoted = read_of, speakers.surely_quoted(scope, list(news))
        return quoted[1]


def _kept(cache: OrderedDict[_Key, _Value], key: _Key, most: int, make: Callable[[], _Value]) -> _Value:
    """Return what is kept under a key, or make it; of too many, what was used longest ago goes."""
    if key not in cache:
        cache[key] = make()
        if len(cache) > most:
            cache.popitem(last=False)
    cache.move_to_end(key)
    return cache[key]


def _stands_alone(cited: CitedQuotation) -> bool:
    """Whether a quotation says enough by itself to be that of the day."""
    words = cited.words.strip()
    is_whole = cited.quotation.kind is QuotationKind.DIRECT and words[-1:] in _ENDS and words[:1].isupper()
    return is_whole and _SHORTEST_OF_DAY <= len(words) <= LONGEST_ANNOUNCED


def _nearest(ids: Sequence[PassageId], similarities: FloatArray) -> list[Candidate]:
    nearest = np.argsort(-similarities, kind="stable")[:_PASSAGES].tolist()
    return [Candidate(ids[index], float(similarities[index]), 0.0) for index in nearest]


def _is_new(article: NewArrival, collection: CollectionId, follow: Follow) -> bool:
    """Whether an article is new to a follow's server by coming to a collection, and is not older than the follow."""
    came, other = article.since.get(collection), follow.collection if collection == SHARED else SHARED
    if came is None or came < follow.made_at:
        return False
    known = article.since.get(other)
    if known is not None and (known < came or (known == came and collection != SHARED)):
        return False
    return article.published_at is None or article.published_at.date() >= follow.made_at.date()
